"""The dashboard: one HTML file from the public tables, and extracts of the tables next to it."""
