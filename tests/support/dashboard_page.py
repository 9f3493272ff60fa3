"""Shared by the dashboard's tests: expected values, and functions that read the page."""

import re
import subprocess
import sys
from pathlib import Path

from browser import Browser
from projects import ROOT, Project

AS_OF = "(select setting_value::date from report_settings where setting = 'as_of_date')"
# Seats that are not pending, canceled or known to be unbilled.
HELD = "seat_state not in ('pending', 'cancelled') and coalesce(is_billed, true)"
USED = "seat_state in ('active', 'slipping', 'idle', 'blocked')"
UNUSED = "seat_state in ('dormant', 'stale', 'never_used')"
UNKNOWN = "seat_state = 'unknown_history'"
OF_ALL = "account_id = '(all)' and team = '(all)'"
WOULD_BE_BLOCKED = "risk_kind = 'blocked' and risk_band in ('high', 'likely')"
COST = f"(select sum(monthly_price_usd) from license_utilization where {HELD})"
# The expected value of each figure, from a separate query.
NUMBERS = {
    "subscription_cost_usd": f"select {COST}",
    "used_share": f"""
        select 100 * (count(*) filter (where {USED})) / count(*)
        from license_utilization where {HELD}
    """,
    "unused_cost_usd": f"""
        select sum(monthly_price_usd) from license_utilization where {HELD} and {UNUSED}
    """,
    "blocked_or_likely_seats": f"""
        select blocked_or_heading_seats from overage_outlook where {OF_ALL}
    """,
    "month_cost_usd": f"""
        select {COST} + (select sum(expected_overage_usd) from overage_risk)
    """,
    "listed_seats": f"""
        select count(*) from license_utilization where {HELD} or seat_state = 'pending'
    """,
    "seats": f"select count(*) from license_utilization where {HELD}",
    "used_seats": f"select count(*) from license_utilization where {HELD} and {USED}",
    "unused_seats": f"select count(*) from license_utilization where {HELD} and {UNUSED}",
    "unknown_seats": f"select count(*) from license_utilization where {HELD} and {UNKNOWN}",
    "new_seats": f"select count(*) from license_utilization where {HELD} and seat_state = 'new'",
    "pending_seats": "select count(*) from license_utilization where seat_state = 'pending'",
    "reclaimable_seats": "select count(*) from license_utilization where is_reclaimable",
    "reclaimable_cost_usd": """
        select sum(monthly_price_usd) from license_utilization where is_reclaimable
    """,
    "inactivity_cost_usd": f"""
        select sum(inactivity_cost_usd) from license_utilization where {HELD} and {UNUSED}
    """,
    "median_days_to_first_use": "select median(days_to_first_use) from license_utilization",
    "second_seats": "select count(*) from license_utilization where is_duplicate_seat",
    "overage_to_date_usd": f"select overage_to_date_usd from overage_outlook where {OF_ALL}",
    "overage_usd": f"select expected_overage_usd from overage_outlook where {OF_ALL}",
    "overage_p80_usd": f"select overage_p80_usd from overage_outlook where {OF_ALL}",
    "overage_worst_case_usd": f"select worst_case_overage_usd from overage_outlook where {OF_ALL}",
    "overage_budget_usd": f"select budget_usd from overage_outlook where {OF_ALL}",
    "team_budget_usd": "select 5000",
    "team_budget_left_usd": f"""
        select 5000 - {COST} - (select sum(expected_overage_usd) from overage_risk)
    """,
    "blocked_now_seats": """
        select count(*) from overage_risk where risk_kind = 'blocked' and risk_band = 'breached'
    """,
    "blocked_within_7_days_seats": f"""
        select count(*) from overage_risk
        where {WOULD_BE_BLOCKED} and exhaustion_date <= {{as_of}} + 7
    """,
    "blocked_later_seats": f"""
        select count(*) from overage_risk
        where {WOULD_BE_BLOCKED} and not coalesce(exhaustion_date <= {{as_of}} + 7, false)
    """,
    "messages": """
        select sum(messages) from model_mix_daily
        where activity_date between {as_of} - 6 and {as_of}
    """,
    "missing_files": """
        select count(*) from report_delivery
        where status = 'missing' and activity_date between {as_of} - 29 and {as_of}
    """,
    **{
        name: f"select sum({name}) from adoption_daily where activity_date = {{as_of}}"
        for name in ("daily_active_users", "weekly_active_users", "monthly_active_users")
    },
    "stickiness": """
        select 100 * sum(daily_active_users) / sum(monthly_active_users)
        from adoption_daily where activity_date = {as_of}
    """,
    "delivered_ratio": """
        select 100 * avg(case status when 'delivered' then 1 else 0 end) from report_delivery
        where status <> 'quiet' and activity_date between {as_of} - 29 and {as_of}
    """,
    **{
        f"week_{name}": f"""
            select sum({name}_used) from usage_daily
            where activity_date between {{as_of}} - 6 and {{as_of}}
        """
        for name in ("credits", "overage_credits")
    },
    "week_activated_seats": f"""
        select count(*) from license_utilization
        where {HELD} and activated_date between {{as_of}} - 6 and {{as_of}}
    """,
    "week_unused_since_seats": f"""
        select count(*) from license_utilization
        where {HELD} and {UNUSED} and last_active_date between {{as_of}} - 36 and {{as_of}} - 30
    """,
    "week_blocked_since_seats": """
        select count(*) from overage_risk
        where risk_kind = 'blocked' and risk_band = 'breached' and exhaustion_date > {as_of} - 7
    """,
    "tax_usd": """
        select sum(other_cost_usd) from chargeback_monthly
        where usage_month = date_trunc('month', {as_of})
    """,
    "report_rows": "select sum(rows) from report_delivery",
    "rejected": "select sum(rejected_rows) from report_delivery",
    "unrecognized_cost_usd": "select sum(billed_unrecognized_cost_usd) from bill_reconciliation",
}
# The list of changes shows these figures, too.
NUMBERS |= {
    f"month_{name}": NUMBERS[name]
    for name in (
        "seats",
        "used_share",
        "subscription_cost_usd",
        "unused_cost_usd",
        "overage_usd",
        "month_cost_usd",
        "blocked_or_likely_seats",
    )
} | {f"week_{name}": NUMBERS[name] for name in ("weekly_active_users", "messages")}
# These figures are repeated on other tabs.
NUMBERS |= (
    {
        f"spend_{name}": NUMBERS[name]
        for name in ("month_cost_usd", "subscription_cost_usd", "team_budget_left_usd")
    }
    | {f"seats_{name}": NUMBERS[name] for name in ("unused_seats", "unused_cost_usd")}
    | {
        "spend_month_cost_p80_usd": f"""
        select {COST} + overage_p80_usd from overage_outlook where {OF_ALL}
    """
    }
)
OUTLOOK = "from overage_outlook where team = '(all)' and account_id = '(all)'"
THIS_MONTH = "usage_month = date_trunc('month', {as_of})"
BLOCKED = "risk_kind = 'blocked' and risk_band in ('breached', 'high', 'likely')"
AT_RISK = "risk_kind = 'cost' and risk_band in ('breached', 'high', 'likely', 'watch')"
BUDGETS = {"Platform": 900, "Data": 600, "all": 5000}


def write_report(database: Path, out: Path, *options: str) -> subprocess.CompletedProcess:
    """Run the program as a user would; a failure raises no exception."""
    return subprocess.run(
        [
            sys.executable,
            ROOT / "scripts/build_dashboard.py",
            *("--database", database, "--out", out),
            *options,
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def written(database: Path, folder: Path, *options: str) -> Path:
    page = folder / "dashboard/index.html"
    result = write_report(database, page, *options)
    assert result.returncode == 0, result.stderr
    return page


def figure(text: str) -> float | None:
    """Return the number that the text shows, or None if it is unknown."""
    return None if text in ("–", "none set") else float(re.sub(r"[$,%\s]", "", text))


def scope(browser: Browser, number: str) -> str:
    """Return a figure's note about filters that do not apply; such a figure is dimmed."""
    said, dimmed = browser.script(
        "const place = document.querySelector(`[data-number='${arguments[0]}']`);"
        "const block = place.closest('.number');"
        "return [block.querySelector('.scope').textContent, block.classList.contains('dimmed')]",
        number,
    )
    assert dimmed == bool(said)
    return said


def as_shown(value: object, text: str) -> bool:
    """Return whether the text shows the value, to the digits shown."""
    shown = figure(text)
    if value is None or shown is None:
        return value is None and shown is None
    decimals = len(text.rstrip(" %").rpartition(".")[2]) if "." in text else 0
    return abs(float(value) - shown) <= 0.5 * 10**-decimals + 1e-9


def value(project: Project, sql: str) -> object:
    return project.query(sql.format(as_of=AS_OF))[0][0]


EXPECTED = """
    (select value from headline_figures where figure = 'month_cost_usd' and team = '{team}'
        and account_id = '(all)' and subscription_tier = '(all)' and period_end_date = {as_of})
"""


def cells(browser: Browser, table: str, team: str) -> dict[str, str]:
    """Return the cells of a team's first row by their column headers."""
    heads = browser.script(
        "return [...document.querySelectorAll(`[data-table='${arguments[0]}'] th`)]"
        ".map((head) => head.textContent)",
        table,
    )
    row = next(row for row in browser.rows(table) if team in row[:2])
    return dict(zip(heads, row, strict=True))


def change_of(browser: Browser, number: str) -> str:
    """Return a figure's comparison with the earlier period."""
    return browser.script(
        "return document.querySelector(`[data-number='${arguments[0]}']`).closest('.number')"
        ".querySelector('.change').textContent",
        number,
    )
