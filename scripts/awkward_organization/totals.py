"""What the other cases have billed, counted; after them."""

from .accounts import HUB, PARTS
from .organization import Case, Cases, Organization

case = Cases()


@case("totals of billed accounts", HUB)
def totals_of_billed_accounts(organization: Organization, case: Case) -> None:
    """What was billed, counted line by line."""
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
    # Every seat of September is billed in October too.
    for account in (HUB, PARTS):
        case.expect(
            "license_utilization",
            "count(*) filter (where is_billed)",
            len(organization.billed_seats[account, "2026-10"]),
            account_id=account,
        )
