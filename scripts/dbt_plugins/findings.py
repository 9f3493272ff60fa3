"""Describes rows in data_quality_findings, after a build and in the daily run."""

from __future__ import annotations

COLUMNS = """
    finding,
    severity,
    account_id,
    strftime(usage_month, '%Y-%m') as usage_month,
    affected,
    example,
    advice
"""


def in_words(finding: dict) -> str:
    """Describe a finding, with an example and what to do."""
    place = ", ".join(filter(None, (finding["account_id"], finding["usage_month"])))
    return (
        f"{finding['finding']}, {finding['affected']:,} times"
        + (f" ({place})" if place else "")
        + (f", such as {finding['example']}" if finding["example"] else "")
        + f". {finding['advice']}"
    )
