"""Writes test results to docs/reliability.md."""

import os
from pathlib import Path

RELIABILITY = Path(__file__).parents[2] / "docs/reliability.md"


def document(marker: str, text: str) -> None:
    """Replace the text between a section's markers, but only if KIRO_WRITE_DOCS is set."""
    if not os.environ.get("KIRO_WRITE_DOCS"):
        return
    begin, end = f"<!-- {marker} -->\n", f"\n<!-- end of {marker} -->\n"
    before, rest = RELIABILITY.read_text().split(begin)
    _, behind = rest.split(end)
    RELIABILITY.write_text(before + begin + text + end + behind)
