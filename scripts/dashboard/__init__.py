"""The dashboard: one HTML file from the public tables, and extracts of them beside it."""
