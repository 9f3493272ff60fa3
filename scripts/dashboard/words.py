"""Describes figures in words: values, changes, and reasons for unknown values."""

from __future__ import annotations

from datetime import date, timedelta

from .blocks import ALL, Number
from .formats import change, written
from .reading import PublicTables

FIRST_DAYS = """
    select
        coalesce(account, '(all)') as account_id,
        min(activity_date) filter (where status = 'delivered') as first_day,
        count(*) filter (where status = 'missing' and {in_month}) as files,
        max(activity_date) filter (where status = 'missing' and {in_month}) as last_day
    from (select *, shown_account(account_id) as account from report_delivery)
    group by grouping sets ((), (account))
"""
IN_MONTH_BEFORE = """
    activity_date >= date_trunc('month', as_of()) - interval 1 month
    and activity_date < date_trunc('month', as_of())
"""
BLANK_FIGURES = "some report rows have blank values"


class Words:
    """Writes figures in words."""

    def __init__(self, tables: PublicTables):
        self.as_of: date = tables.one("select as_of()")
        self.month_before = self.as_of.replace(day=1) - timedelta(days=1)
        week_ahead = self.as_of + timedelta(days=7)
        # The placeholders that sentences may contain.
        self.names = {
            "as_of": written(self.as_of, "date"),
            "month": f"{self.as_of:%B %Y}",
            "month_before": f"{self.month_before:%B}",
            "week_ahead": f"{week_ahead.day} {week_ahead:%b}",
        }
        self.week_gaps = {row["account_id"]: row for row in tables.rows("select * from week_gaps")}
        query = FIRST_DAYS.format(in_month=IN_MONTH_BEFORE)
        self.reports = (
            {row["account_id"]: row for row in tables.rows(query)}
            if tables.has_tables_of(query)
            else {}
        )

    def filled(self, text: str, row: dict | None = None) -> str:
        """Return text with its placeholders filled in; reasons are for the row's account."""
        names = dict(self.names)
        if "_reason}" in text:
            account = (row or {}).get("account_id") or ALL
            gap = self._week_gap(account)
            week = "compared with the previous week"
            names |= {
                "week_reason": gap or BLANK_FIGURES,
                # Shown together with `week_gap_reason`, so the reason need not be repeated.
                "line_reason": "" if gap else BLANK_FIGURES,
                "week_gap_reason": f"not {week}: {gap}" if gap else week,
                "month_reason": self._month_reason(account),
            }
        for name, shown in names.items():
            text = text.replace(f"{{{name}}}", shown)
        return text

    def of(self, number: Number, row: dict) -> list[str]:
        """Return a figure's value, change, detail and certainty in words."""
        value = row[number.column or number.name]
        changed = ""
        if value is None:
            changed = f"not known: {self.filled(number.not_known, row)}" if number.not_known else ""
        elif number.before:
            reason = [self.filled(number.not_compared(row), row)] if number.not_compared else []
            period = self.filled(number.period)
            changed = change(value, row[number.before], number.format, period, *reason)
        return [
            written(value, number.format, self.filled(number.unknown, row).removesuffix(": ")),
            changed,
            self.filled(number.detail(row), row) if number.detail else "",
            self.filled(number.certainty(row), row) if number.certainty else "",
        ]

    def _week_gap(self, account: str) -> str:
        """Return why reports of the last two weeks are missing, if they are."""
        gap = self.week_gaps.get(account)
        if gap:
            return missing(gap["files"], gap["last_day"], gap["client_type"])
        return self._late_start(account, self.as_of - timedelta(days=13))

    def _month_reason(self, account: str) -> str:
        """Return why the previous month is not known."""
        start = self._late_start(account, self.month_before)
        if start:
            return start
        reports = self.reports.get(account)
        if reports and reports["files"]:
            return missing(reports["files"], reports["last_day"])
        return f"there were no such seats in {self.names['month_before']}"

    def _late_start(self, account: str, day: date) -> str:
        """Return a reason if the reports begin after `day`."""
        first = self.reports.get(account, {}).get("first_day")
        if first is None:
            return "no report has been delivered"
        return f"the reports begin on {written(first, 'date')}" if first > day else ""


def missing(files: int, last_day: date, client: str = "") -> str:
    """Return how many report files are missing."""
    when = f"for {written(last_day, 'date')}" + (f" ({client})" if client else "")
    return (
        f"a report file {when} is missing"
        if files == 1
        else f"{files:,} report files are missing, the latest {when}"
    )
