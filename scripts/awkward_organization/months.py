"""Late, partial and missing bills, and what follows for seats."""

from .accounts import FOREIGN, FOREIGN_BILL, LATE, LATE_BILL, PARTIAL, PARTIAL_BILL
from .calendar_days import LAST_DAY, weekdays
from .organization import Case, Cases, Organization, user_id

case = Cases()

SEPTEMBER_4 = "2026-09-04"
# Nobody works on August 1 (a Saturday) or September 1.
LATE_DAYS = [day for day in weekdays("2026-08-10", "2026-09-11") if day != "2026-09-01"]


@case("late bill", LATE, "late1 late2 late3")
def late_bill(organization: Organization, case: Case) -> None:
    """The last bill is for August; its seats continue in September and October."""
    for person in case.people:
        organization.subscribe(LATE_BILL, LATE, person, last="2026-08")
        organization.use(LATE, person, weekdays("2026-05-11", "2026-05-20") + LATE_DAYS)
    for as_of in ("2026-08-31", SEPTEMBER_4, "2026-09-30", LAST_DAY):
        for person in case.people:
            case.seat_never("seat_state", "cancelled", "pending", as_of=as_of, person=person)
    key = {"account_id": LATE, "usage_month": "2026-09-01", "subscription_tier": "PRO"}
    for as_of in (SEPTEMBER_4, LAST_DAY):
        case.expect("license_utilization_monthly", "seats", 3, as_of, **key)
        case.expect("license_utilization_monthly", "subscription_cost_usd", 60, as_of, **key)
    case.expect("bill_reconciliation", "max(usage_month)", "2026-08-01", account_id=LATE)
    case.expect("data_quality_findings", "count(*)", 1, account_id=LATE, finding="bill_is_old")


@case("canceled before a late bill", LATE, "late4")
def cancelled_before_a_late_bill(organization: Organization, case: Case) -> None:
    """Billed as PRO_PLUS in May and June, used up to May 20, and not on July's or August's bill."""
    organization.subscribe(LATE_BILL, LATE, "late4", "PRO_PLUS", last="2026-06")
    organization.use(LATE, "late4", weekdays("2026-05-11", "2026-05-20"), tier="PRO_PLUS")
    # July's bill has three of June's four seats. It may be incomplete until August's bill arrives.
    case.seat_never("seat_state", "cancelled", as_of="2026-07-31")
    for as_of in ("2026-08-31", SEPTEMBER_4, "2026-09-30", LAST_DAY):
        case.seat("seat_state", "cancelled", as_of)
        case.seat_never("recommended_action", "reclaim", as_of=as_of)


@case("reported in August but not on the bill", LATE, "late5")
def reported_but_not_billed(organization: Organization, case: Case) -> None:
    """A POWER user in August who is not on August's complete bill costs nothing."""
    organization.use(LATE, "late5", weekdays("2026-08-10", "2026-08-20"), tier="POWER")
    for as_of in (SEPTEMBER_4, LAST_DAY):
        for month in ("2026-08-01", "2026-09-01"):
            key = {"account_id": LATE, "usage_month": month, "subscription_tier": "POWER"}
            for column in ("seats", "subscription_cost_usd", "credits_allowance"):
                # No row for the tier, or a row with 0.
                case.expect(
                    "license_utilization_monthly",
                    f"count(*) filter (where {column} is distinct from 0)",
                    0,
                    as_of,
                    **key,
                )
    case.expect(
        "license_utilization_monthly",
        "sum(subscription_cost_usd)",
        60,
        account_id=LATE,
        usage_month="2026-09-01",
    )
    key = {"account_id": LATE, "user_id": user_id("late5")}
    case.never("recommended_actions", "action", "reclaim", **key)


@case("partial bill", PARTIAL, "part1 part2 part3 part4 part5 newcomer")
def begun_bill(organization: Organization, case: Case) -> None:
    """September's bill has only a new subscriber; August's five seats were used up to August 31."""
    *old, new = case.people
    for person in old:
        # July's bill never arrived.
        organization.subscribe(PARTIAL_BILL, PARTIAL, person, first="2026-06-01", last="2026-06")
        organization.subscribe(PARTIAL_BILL, PARTIAL, person, first="2026-08-01", last="2026-08")
        organization.use(PARTIAL, person, weekdays("2026-08-24", "2026-08-31"))
        for as_of in ("2026-08-31", SEPTEMBER_4, "2026-09-30", LAST_DAY):
            case.seat_never("seat_state", "cancelled", "pending", as_of=as_of, person=person)
        for as_of in ("2026-08-31", SEPTEMBER_4):
            case.seat("seat_state", "active", as_of, person=person)
    organization.subscribe(PARTIAL_BILL, PARTIAL, new, first="2026-09-02", last="2026-09")
    organization.use(PARTIAL, new, weekdays("2026-09-02", "2026-09-11"))
    case.seat("seat_state", "new", SEPTEMBER_4, person=new)
    case.seat("activated_date", "2026-09-02", SEPTEMBER_4, person=new)
    key = {"account_id": PARTIAL, "usage_month": "2026-07-01"}
    case.expect("bill_reconciliation", "count(*)", 0, **key)
    key = {"account_id": PARTIAL, "usage_month": "2026-09-01", "subscription_tier": "PRO"}
    case.expect("license_utilization_monthly", "seats", 6, SEPTEMBER_4, **key)


@case("another payer's bill", FOREIGN, "far1 far2")
def foreign_payer(organization: Organization, case: Case) -> None:
    """Two seats in an account without reports; the bill is complete up to October."""
    for person in case.people:
        organization.subscribe(FOREIGN_BILL, FOREIGN, person)
        case.seat("seat_state", "unknown_history", person=person)
        case.seat("activated_date", None, person=person)
    key = {"account_id": FOREIGN, "usage_month": "2026-09-01"}
    case.expect("bill_reconciliation", "billed_seats", 2, **key)
    case.expect("bill_reconciliation", "billed_total_cost_usd", 40, **key)
    case.expect(
        "license_utilization", "count(*) filter (where is_reclaimable)", 0, account_id=FOREIGN
    )
