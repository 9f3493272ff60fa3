"""Rosters compared with bills and reports, and names and teams from lists."""

from .accounts import FORMS, HUB, SMALL
from .calendar_days import LAST_DAY, weekdays
from .organization import Case, Cases, Organization, profile_id, user_id

case = Cases()

SMALL_ROSTER = f"roster/{SMALL}/subscriptions-2026-06-30.csv"
FORMS_ROSTER = f"roster/{FORMS}/subscriptions-2026-09-30.csv"


def listed(
    organization: Organization,
    roster: str,
    person: str,
    status: str = "Active",
    plan: str = "Kiro Pro",
    activated: str = "2026-05-04",
    spelled: str = "{}",
) -> None:
    """Add a roster row in the console's export format, with user ids."""
    row = {
        "User id": spelled.format(user_id(person)),
        "User name": person,
        "Subscription status": status,
        "Kiro plan": plan,
        "Activation date": activated,
    }
    organization.lists.setdefault(roster, []).append(row)


@case("listed and used", SMALL, "amy bob")
def listed_and_used(organization: Organization, case: Case) -> None:
    """Both people are Active on the roster; one id has a store prefix, and the other is bare."""
    for person in case.people:
        case.seat("seat_source", "roster", person=person)
        case.seat("count(*)", 1, person=person)
    listed(organization, SMALL_ROSTER, "amy", spelled="d-9067642ac7.{}")
    listed(organization, SMALL_ROSTER, "bob")


@case("canceled on the roster, used later", SMALL, "cid")
def cancelled_then_used(organization: Organization, case: Case) -> None:
    """Canceled on June's roster, New_User on July 1, and used on every weekday since."""
    listed(organization, SMALL_ROSTER, "cid", "Canceled")
    used = [day for day in weekdays("2026-07-01") if day not in ("2026-09-01", "2026-09-16")]
    organization.use(SMALL, "cid", used[:1], New_User="true")
    organization.use(SMALL, "cid", used[1:])
    for as_of in ("2026-07-31", LAST_DAY):
        case.seat("seat_state", "active", as_of)


@case("canceled on the roster", SMALL, "deb")
def cancelled_and_silent(organization: Organization, case: Case) -> None:
    """Used in June and Canceled on June's roster."""
    listed(organization, SMALL_ROSTER, "deb", "Canceled")
    organization.use(SMALL, "deb", weekdays("2026-06-22", "2026-06-26"))
    for as_of in ("2026-07-31", LAST_DAY):
        case.seat("seat_state", "cancelled", as_of)
        case.seat_never("recommended_action", "reclaim", as_of=as_of)


@case("two roster rows for one person", SMALL, "eli")
def two_roster_rows(organization: Organization, case: Case) -> None:
    """Two rows give two seats: ALPHA, used up to July 3, and BETA, used on every weekday since."""
    for _ in range(2):
        listed(organization, SMALL_ROSTER, "eli")
    organization.use(SMALL, "eli", weekdays("2026-06-22", "2026-07-03"), "ALPHA")
    used = [day for day in weekdays("2026-07-06") if day not in ("2026-09-01", "2026-09-16")]
    organization.use(SMALL, "eli", used, "BETA")
    alpha, beta = profile_id(SMALL, "ALPHA"), profile_id(SMALL, "BETA")
    case.seat("count(*) filter (where seat_source = 'roster')", 2)
    case.seat("seat_source", "roster", profile_id=alpha)
    case.seat("seat_source", "roster", profile_id=beta)
    case.seat("seat_state", "active", profile_id=beta)
    case.seat_never("recommended_action", "reclaim", "investigate", profile_id=beta)
    case.seat("sum(monthly_savings_usd)", 20)


@case("pending on the roster", SMALL, "fred")
def pending_seat(organization: Organization, case: Case) -> None:
    """Pending and never active; no bill."""
    listed(organization, SMALL_ROSTER, "fred", "Pending", activated="")
    case.seat("seat_state", "pending")
    case.seat_never("recommended_action", "reclaim")


@case("activation in the future", SMALL, "hank")
def future_activation(organization: Organization, case: Case) -> None:
    """Active on June's roster, with an activation date in 2027: not new, and not reclaimed."""
    listed(organization, SMALL_ROSTER, "hank", activated="2027-01-01")
    case.seat_never("seat_state", "new")
    case.seat_never("recommended_action", "reclaim")
    case.expect(
        "data_quality_findings",
        "sum(affected)",
        1,
        account_id=SMALL,
        finding="activation_is_no_past_day",
    )


@case("API plan name on the roster", SMALL, "gail")
def roster_plan_name(organization: Organization, case: Case) -> None:
    """The roster has the plan KIRO_ENTERPRISE_POWER."""
    listed(organization, SMALL_ROSTER, "gail", plan="KIRO_ENTERPRISE_POWER")
    case.seat("subscription_tier", "POWER")
    case.seat("seat_source", "roster")


@case("roster contradicts bill", FORMS, "bea carl dora ghost")
def roster_against_bill(organization: Organization, case: Case) -> None:
    """Canceled, but billed and used later; different plan; not listed; or listed but not billed."""
    listed(organization, FORMS_ROSTER, "bea", "Canceled")
    listed(organization, FORMS_ROSTER, "carl", plan="KIRO_ENTERPRISE_PRO_PLUS")
    for person in ("emil", "fay", "gus", "hal"):
        listed(organization, FORMS_ROSTER, person)
    listed(organization, FORMS_ROSTER, "ghost")
    case.seat("seat_state", "active", person="bea")
    case.seat("seat_source", "bill", person="bea")
    case.seat("subscription_tier", "PRO", person="carl")
    case.seat("monthly_price_usd", 20, person="carl")
    case.seat("seat_state", "active", person="dora")
    case.seat("is_billed", True, person="dora")
    case.seat("seat_state", "pending", person="ghost")
    case.seat_never("recommended_action", "reclaim", person="ghost")
    for person in case.people:
        case.seat("count(*)", 1, person=person)


@case("name of a leaver", HUB, "ada")
def leaver(organization: Organization, case: Case) -> None:
    """In August's directory but not in September's, and still in reports."""

    def person(name: str) -> dict:
        return {
            "User id": f"d-9067642ac7.{user_id(name)}",
            "User name": name,
            "Email": f"{name}@example.com",
            "Display name": f"{name.title()} Example",
            "Group": "everyone",
        }

    names = "ada ben cleo dan eva finn".split()
    folder = "directory/d-9067642ac7"
    organization.lists[f"{folder}/users-2026-08-01.csv"] = [person(name) for name in names]
    organization.lists[f"{folder}/users-2026-09-15.csv"] = [person(name) for name in names[1:]]
    for as_of in ("2026-08-31", LAST_DAY):
        case.expect("people", "display_name", "Ada Example", as_of, user_id=user_id("ada"))
    case.expect("people", "display_name", "Ben Example", user_id=user_id("ben"))


@case("team with a reserved name", HUB, "ada ben cleo dan eva finn")
def reserved_team_name(organization: Organization, case: Case) -> None:
    """A team called '(all)' is shown under another name and reported as a finding."""
    organization.lists["teams/people-2026-08-01.csv"] = [
        {"User id": user_id(name), "Team": "(all)", "Cost center": "CC-1"} for name in case.people
    ]
    case.expect("user_teams", "count(*)", 0, team="(all)")
    case.expect("data_quality_findings", "count(*) > 0", True, example="%(all)%")
