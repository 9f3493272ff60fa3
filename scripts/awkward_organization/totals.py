"""Totals of what the other cases billed and reported; must run last."""

from .accounts import HUB, PARTS
from .calendar_days import LAST_DAY, days
from .organization import UNREADABLE, Case, Cases, Organization

case = Cases()


@case("billed totals", HUB)
def totals_of_billed_accounts(organization: Organization, case: Case) -> None:
    """The sum of all billed seats."""
    for account, month in ((HUB, "2026-08"), (HUB, "2026-09"), (PARTS, "2026-09")):
        seats = organization.billed_seats[account, month]
        key = {"account_id": account, "usage_month": f"{month}-01"}
        cost = round(sum(usd for _, usd in seats), 2)
        case.expect("bill_reconciliation", "billed_seats", len(seats), **key)
        case.expect("bill_reconciliation", "billed_subscription_cost_usd", cost, **key)
        case.expect("bill_reconciliation", "billed_total_cost_usd", cost, **key)
        for tier in ("PRO", "PRO_PLUS", "POWER"):
            billed = sum(plan == tier for plan, _ in seats)
            case.expect(
                "license_utilization_monthly",
                "coalesce(sum(seats), 0)",
                billed,
                **key,
                subscription_tier=tier,
            )
    # All of September's seats are billed in October, too.
    for account in (HUB, PARTS):
        case.expect(
            "license_utilization",
            "count(*) filter (where is_billed)",
            len(organization.billed_seats[account, "2026-10"]),
            account_id=account,
        )


@case("reported totals for the main account", HUB)
def totals_of_reports(organization: Organization, case: Case) -> None:
    """Reports arrive complete every day, so totals are sums of all readable values."""

    def rows_of(first: str, last: str) -> list[dict]:
        return [
            row
            for day in days(first, last)
            for row in organization.report_rows[HUB, day, "KIRO_IDE"]
            if row["Credits_Used"] != UNREADABLE
        ]

    def people(rows: list[dict]) -> int:
        # Ignore the id's prefix and case.
        return len({row["UserId"][-36:].lower() for row in rows})

    for day, week_ago, month_ago in (
        ("2026-09-04", "2026-08-29", "2026-08-08"),
        (LAST_DAY, "2026-09-28", "2026-09-07"),
    ):
        key = {"account_id": HUB, "activity_date": day}
        rows = rows_of(day, day)
        case.expect("adoption_daily", "daily_active_users", people(rows), **key)
        case.expect("adoption_daily", "weekly_active_users", people(rows_of(week_ago, day)), **key)
        case.expect(
            "adoption_daily", "monthly_active_users", people(rows_of(month_ago, day)), **key
        )
        case.expect("model_mix_daily", "sum(messages)", 5 * len(rows), **key)
        case.expect("usage_daily", "sum(messages)", 5 * len(rows), **key)
        case.expect("usage_daily", "sum(conversations)", len(rows), **key)
        credits = sum(float(row["Credits_Used"]) for row in rows)
        case.expect("usage_daily", "sum(credits_used)", credits, **key)
        case.expect("seat_usage_daily", "sum(credits_used)", credits, **key)
        case.expect("seat_usage_daily", "sum(messages)", 5 * len(rows), **key)
    for month, last in (("2026-05", "2026-05-31"), ("2026-08", "2026-08-31")):
        credits = sum(float(row["Credits_Used"]) for row in rows_of(f"{month}-01", last))
        key = {"account_id": HUB, "usage_month": f"{month}-01"}
        case.expect("overage_monthly", "sum(credits_used)", credits, **key)
        case.expect("bill_reconciliation", "reported_credits", credits, **key)
