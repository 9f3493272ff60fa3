"""Lost, redelivered and missing report files, and accounts that start, pause and end."""

from .accounts import HUB_BILL, PARTS, PAUSING, ROWS, SMALL
from .calendar_days import LAST_DAY, weekdays
from .organization import Case, Cases, Organization, report_row, user_id

case = Cases()


@case("lost and unreadable part", PARTS, "pam1 pam2 pam3 pam4 pam5 pam6")
def lost_part(organization: Organization, case: Case) -> None:
    """Part 2 of 3 is missing from August 20 and unreadable from September 15, so its two users may
    still be at work."""
    # Vera and Walt are billed in another account; Walt is also billed here.
    parts = {1: "pam1 pam2 vera walt", 2: "pam3 pam4", 3: "pam5 pam6"}
    for person in case.people:
        organization.subscribe(HUB_BILL, PARTS, person, first="2026-08-01")
    for day in weekdays("2026-08-10"):
        for part, people in parts.items():
            rows = [report_row(PARTS, person, day) for person in people.split()]
            if part != 2 or day < "2026-08-20":
                organization.deliver(PARTS, day, rows, part)
            elif day >= "2026-09-15":
                organization.deliver(PARTS, day, [{"Error": "InternalError"}], part)
    for person in ("pam3", "pam4"):
        case.seat("last_active_date", "2026-08-19", person=person)
        case.seat("is_reclaimable", False, person=person)
        case.seat_never("recommended_action", "reclaim", person=person)
        case.seat("coverage_30 < 0.5", True, person=person)
        case.seat("is_billed", True, person=person)
    case.seat("seat_state", "active", person="pam1")
    for as_of in ("2026-09-30", LAST_DAY):
        case.expect(
            "license_utilization",
            "count(*) filter (where is_reclaimable)",
            0,
            as_of,
            account_id=PARTS,
        )
    case.expect(
        "data_quality_findings",
        "count(*)",
        1,
        account_id=PARTS,
        usage_month="2026-09-01",
        finding="report_part_is_missing",
    )


@case("three parts redelivered as two", ROWS, "ray1 ray2 ray3")
def redelivered_parts(organization: Organization, case: Case) -> None:
    """June 10: three users with 20 credits each, in three parts; 90 minutes later, in two parts."""
    day = "2026-06-10"
    rows = [report_row(ROWS, person, day, credits=20) for person in case.people]
    for part, row in enumerate(rows, start=1):
        organization.deliver(ROWS, day, [row], part)
    # The second delivery overwrites the first two parts; the third part remains.
    for part, part_rows in ((1, rows[:2]), (2, rows[2:])):
        organization.deliver(ROWS, day, part_rows, part, hour=3, minute=30)
    _check_june(case, 3, 60, day)


@case("whole file ten minutes after its parts", ROWS, "sid1 sid2")
def whole_after_parts(organization: Organization, case: Case) -> None:
    """June 11: two users with 10 credits each, first in two parts, then in a single file."""
    day = "2026-06-11"
    rows = [report_row(ROWS, person, day, credits=10) for person in case.people]
    for part, row in enumerate(rows, start=1):
        organization.deliver(ROWS, day, [row], part)
    organization.deliver(ROWS, day, rows, 0, minute=10)
    _check_june(case, 2, 20, day)


def _check_june(case: Case, users: int, credits: int, day: str) -> None:
    for person in case.people:
        key = {"account_id": ROWS, "user_id": user_id(person), "usage_month": "2026-06-01"}
        case.expect("overage_monthly", "credits_used", credits / users, **key)
    key = {"account_id": ROWS, "activity_date": day, "client_type": "KIRO_IDE"}
    case.expect("usage_daily", "sum(credits_used)", credits, **key)
    case.expect("adoption_daily", "daily_active_users", users, account_id=ROWS, activity_date=day)


@case("account that starts, pauses and ends", PAUSING, "pia pit")
def pausing_account(organization: Organization, case: Case) -> None:
    """Reports in June and from August 10 to September 11; no bill; nobody works on the 1st."""
    june = weekdays("2026-06-02", "2026-06-30")
    autumn = [day for day in weekdays("2026-08-10", "2026-09-11") if day != "2026-09-01"]
    organization.use(PAUSING, "pia", june)
    organization.use(PAUSING, "pit", june + autumn)
    case.seat("last_active_date", "2026-06-30", person="pia")
    case.seat("last_active_date", "2026-09-11", person="pit")
    case.seat("last_active_date", "2026-08-31", "2026-08-31", person="pit")
    for person in case.people:
        # Three weeks without files do not prove that nobody works.
        case.seat_never("recommended_action", "reclaim", person=person)
        case.seat("is_reclaimable", False, person=person)
    key = {"account_id": PAUSING, "activity_date": "2026-10-01"}
    for users in ("daily", "weekly", "monthly"):
        case.expect("adoption_daily", f"max({users}_active_users)", None, **key)
    case.expect(
        "overage_monthly",
        "credits_used",
        sum(day.startswith("2026-09") for day in autumn) * 3,
        account_id=PAUSING,
        user_id=user_id("pit"),
        usage_month="2026-09-01",
    )


@case("weekdays without a file in a small account", SMALL, "amy bob")
def assumed_quiet(organization: Organization, case: Case) -> None:
    """Two people; no files for September 1 and 16, but files for the days before and after."""
    used = [day for day in weekdays("2026-06-22") if day not in ("2026-09-01", "2026-09-16")]
    organization.use(SMALL, "amy", used)
    # Not used since July. Assumed quiet days limit the advice to `likely`.
    organization.use(SMALL, "bob", [day for day in used if day <= "2026-07-31"])
    for day in ("2026-09-01", "2026-09-16"):
        key = {"account_id": SMALL, "activity_date": day, "client_type": "KIRO_IDE"}
        case.expect("report_delivery", "status", "assumed_quiet", **key)
    case.seat("seat_state", "active")
    case.seat("coverage_30", 1)
    case.seat("assumed_quiet_days_30 >= 1", True)
    case.seat("seat_state", "dormant", person="bob")
    case.seat("is_reclaimable", True, person="bob")
    case.seat("recommended_action", "reclaim", person="bob")
    key = {"account_id": SMALL, "user_id": user_id("bob")}
    case.expect("recommended_actions", "confidence", "likely", **key)
    key = {"account_id": SMALL, "activity_date": "2026-09-16"}
    case.expect("adoption_daily", "daily_active_users", 0, **key)
    case.never("adoption_daily", "monthly_active_users", None, **key)
