"""Sources that contradict each other about a seat, in ways that no other module covers.

A bill, roster or directory never ends a seat if another source shows that the person worked later.
"""

from .accounts import DISPUTED, HUB, HUB_BILL
from .calendar_days import weekdays
from .organization import UNREADABLE, Case, Cases, Organization, user_id
from .people import use_legacy
from .rosters import listed

case = Cases()

ROSTER = f"roster/{DISPUTED}/subscriptions-2026-08-31.csv"
TO_AUGUST_14 = weekdays("2026-08-03", "2026-08-14")
SEPTEMBER_24, SEPTEMBER_25 = "2026-09-24", "2026-09-25"


def _is_kept(case: Case, person: str, day: str = SEPTEMBER_25) -> None:
    """Expect that the seat is not reclaimed or canceled, and that no advice is certain."""
    case.seat("last_evidence_date", day, person=person)
    case.seat("is_reclaimable", False, person=person)
    case.seat_never("seat_state", "cancelled", person=person)
    case.seat_never("recommended_action", "reclaim", person=person)
    key = {"account_id": case.account_id, "user_id": user_id(person)}
    case.never("recommended_actions", "confidence", "certain", **key)


@case("at work every day", DISPUTED, "dot dag")
def steady(organization: Organization, case: Case) -> None:
    """Two people are in the reports on every weekday."""
    for person in case.people:
        listed(organization, ROSTER, person)
        organization.use(DISPUTED, person, weekdays("2026-08-03"))
        case.seat("seat_state", "active", person=person)
        case.seat("seat_source", "roster", person=person)


@case("roster contradicts legacy report", DISPUTED, "rolf")
def roster_against_legacy(organization: Organization, case: Case) -> None:
    """In reports up to August 14, canceled on the roster, and in September 24's legacy report."""
    organization.use(DISPUTED, "rolf", TO_AUGUST_14)
    listed(organization, ROSTER, "rolf", "Canceled")
    use_legacy(organization, DISPUTED, "rolf", SEPTEMBER_24)
    case.seat("seat_state", "cancelled", "2026-09-15")
    _is_kept(case, "rolf", SEPTEMBER_24)


@case("roster contradicts rejected rows", DISPUTED, "rhea")
def roster_against_rejected(organization: Organization, case: Case) -> None:
    """Canceled on the roster; her only later row has unreadable credits."""
    organization.use(DISPUTED, "rhea", TO_AUGUST_14)
    listed(organization, ROSTER, "rhea", "Canceled")
    organization.use(DISPUTED, "rhea", [SEPTEMBER_25], credits=UNREADABLE)
    case.seat("seat_state", "cancelled", "2026-09-15")
    _is_kept(case, "rhea")


@case("legacy report and two profiles", DISPUTED, "rita")
def legacy_of_two_profiles(organization: Organization, case: Case) -> None:
    """Two canceled seats: both stay canceled, because the legacy report does not show the
    profile."""
    for profile in ("ALPHA", "BETA"):
        organization.use(DISPUTED, "rita", TO_AUGUST_14, profile)
        listed(organization, ROSTER, "rita", "Canceled")
    use_legacy(organization, DISPUTED, "rita", "2026-09-28")
    case.seat("count(*) filter (where seat_state = 'cancelled')", 2)
    case.seat("max(last_evidence_date)", "2026-09-28")


@case("directory contradicts legacy report", DISPUTED, "dina")
def directory_against_legacy(organization: Organization, case: Case) -> None:
    """Active on the roster, missing from the directory; later use only in the legacy report."""
    organization.use(DISPUTED, "dina", TO_AUGUST_14)
    listed(organization, ROSTER, "dina")
    use_legacy(organization, DISPUTED, "dina", SEPTEMBER_25)
    _is_kept(case, "dina")
    case.seat("seat_source", "roster")


@case("bill contradicts rejected rows", HUB, "hedy")
def bill_against_rejected(organization: Organization, case: Case) -> None:
    """Billed since July; her only report row has unreadable credits."""
    organization.subscribe(HUB_BILL, HUB, "hedy", first="2026-07-01")
    organization.use(HUB, "hedy", [SEPTEMBER_25], "ALPHA", credits=UNREADABLE)
    _is_kept(case, "hedy")
    case.seat("is_billed", True)


@case("bill contradicts legacy report", HUB, "hans")
def bill_against_legacy(organization: Organization, case: Case) -> None:
    """In the legacy report, but not on any complete bill: no seat and no advice."""
    use_legacy(organization, HUB, "hans", "2026-08-20")
    case.seat("count(*)", 0)
    case.expect("recommended_actions", "count(*)", 0, user_id=user_id("hans"))


@case("exemption for nobody", DISPUTED, "norm")
def exemption_for_nobody(organization: Organization, case: Case) -> None:
    """An exemption for somebody without a seat is a finding and has no effect."""
    organization.lists["exemptions/people-2026-09-01.csv"] = [
        {"User id": user_id("norm"), "Exempt until": "", "Reason": "on leave"}
    ]
    case.expect(
        "data_quality_findings",
        "count(*)",
        1,
        finding="exempt_person_holds_no_seat",
        example=user_id("norm"),
    )
    case.seat("count(*)", 0)
