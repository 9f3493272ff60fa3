"""The dashboard: an HTML file built from the public tables, with table extracts next to it."""
