"""People in the main account: several seats, inactivity, evidence of use, and id spellings.

Reports arrive every day and the bill is complete, so every answer is known.
"""

from .accounts import HUB, HUB_BILL, PARTS, ROWS
from .calendar_days import FIRST_DAY, LAST_DAY, days, delivered_at
from .organization import Case, Cases, Organization, csv_text, legacy_path, profile_id, user_id

case = Cases()

STEADY = "ada ben cleo dan eva finn"
A, B = profile_id(HUB, "ALPHA"), profile_id(HUB, "BETA")
SEPTEMBER_4 = "2026-09-04"


@case("steady people", HUB, STEADY)
def steady_people(organization: Organization, case: Case) -> None:
    """Six people work every day and are billed as PRO."""
    for person in case.people:
        organization.subscribe(HUB_BILL, HUB, person)
        organization.use(HUB, person, days(FIRST_DAY), "ALPHA")
        case.seat("seat_state", "active", person=person)
        case.seat("is_billed", True, person=person)
        case.seat("credits_used_month", 4 * 3, person=person)
        case.seat_never("recommended_action", "reclaim", "investigate", person=person)
    case.expect(
        "report_delivery",
        "count(*)",
        len(days(FIRST_DAY)),
        account_id=HUB,
        client_type="KIRO_IDE",
        status="delivered",
    )
    for table, where in (("usage_daily", {}), ("seat_usage_daily", {"user_id": user_id("ada")})):
        case.expect(
            table,
            "sum(credits_used) >= 3",
            True,
            account_id=HUB,
            activity_date="2026-09-15",
            **where,
        )
    case.expect(
        "seat_usage_daily",
        "credits_used_month_to_date",
        15 * 3,
        account_id=HUB,
        user_id=user_id("ada"),
        activity_date="2026-09-15",
    )
    # A line that looks like a subscription but is marked as something else.
    organization.charge(
        HUB_BILL,
        HUB,
        "2026-08",
        "ada",
        cost=0,
        line_item_line_item_type="Usage",
        line_item_operation="q-developer-snapshot",
        line_item_usage_type="USE1-QDeveloperSnapshot",
    )


@case("one plan billed twice", HUB, "greta")
def billed_twice(organization: Organization, case: Case) -> None:
    """PRO twice; profile ALPHA was last used on July 10, and BETA is used every day."""
    for _ in range(2):
        organization.subscribe(HUB_BILL, HUB, "greta")
    organization.use(HUB, "greta", days(FIRST_DAY, "2026-07-10"), "ALPHA")
    organization.use(HUB, "greta", days(FIRST_DAY), "BETA")
    case.seat("seat_state", "idle", "2026-07-31", profile_id=A)
    case.seat("recommended_action", "investigate", "2026-07-31", profile_id=A)
    case.seat("seat_state", "dormant", profile_id=A)
    case.seat("recommended_action", "reclaim", profile_id=A)
    case.seat("monthly_savings_usd", 20, profile_id=A)
    case.seat("is_duplicate_seat", True, profile_id=A)
    case.seat("duplicate_waste_usd", 20, profile_id=A)
    case.seat("is_billed", True, profile_id=A)
    case.seat("seat_state", "active", profile_id=B)
    case.seat("is_duplicate_seat", False, profile_id=B)
    case.seat("duplicate_waste_usd", None, profile_id=B)
    case.seat_never("recommended_action", "reclaim", "investigate", profile_id=B)
    key = {"account_id": HUB, "user_id": user_id("greta")}
    case.expect("recommended_actions", "sum(monthly_savings_usd)", 20, **key)
    # She is at work, so advice on her other seat is not certain.
    case.never("recommended_actions", "confidence", "certain", **key)


@case("two plans billed in full", HUB, "hugo")
def two_plans_in_full(organization: Organization, case: Case) -> None:
    """PRO_PLUS in ALPHA, used up to August 31, and PRO in BETA, used every day."""
    organization.subscribe(HUB_BILL, HUB, "hugo", "PRO_PLUS")
    organization.subscribe(HUB_BILL, HUB, "hugo", "PRO")
    organization.use(HUB, "hugo", days(FIRST_DAY, "2026-08-31"), "ALPHA", tier="PRO_PLUS")
    organization.use(HUB, "hugo", days(FIRST_DAY), "BETA")
    case.seat("count(*) filter (where is_billed)", 2, SEPTEMBER_4)
    case.seat("seat_state", "active", SEPTEMBER_4, profile_id=A)
    case.seat("subscription_tier", "PRO_PLUS", SEPTEMBER_4, profile_id=A)
    case.seat("is_duplicate_seat", True, SEPTEMBER_4, profile_id=A)
    case.seat("duplicate_waste_usd", 40, SEPTEMBER_4, profile_id=A)
    case.seat("recommended_action", "investigate", SEPTEMBER_4, profile_id=A)
    case.seat("is_duplicate_seat", False, SEPTEMBER_4, profile_id=B)
    case.seat_never("recommended_action", "reclaim", "investigate", profile_id=B)
    case.seat("seat_state", "dormant", profile_id=A)
    case.seat("recommended_action", "reclaim", profile_id=A)
    case.seat("monthly_savings_usd", 40, profile_id=A)
    case.seat("sum(monthly_savings_usd)", 40)


@case("mover between profiles", HUB, "iris")
def mover(organization: Organization, case: Case) -> None:
    """One PRO seat, in ALPHA up to July 14 and in BETA from July 15."""
    organization.subscribe(HUB_BILL, HUB, "iris")
    organization.use(HUB, "iris", days(FIRST_DAY, "2026-07-14"), "ALPHA")
    organization.use(HUB, "iris", days("2026-07-15"), "BETA")
    for as_of in ("2026-07-31", LAST_DAY):
        case.seat("count(*) filter (where is_duplicate_seat)", 0, as_of)
        case.seat("sum(monthly_savings_usd)", None, as_of)
        case.seat("seat_state", "active", as_of, profile_id=B)
    case.seat("count(*) filter (where is_billed)", 1)
    case.seat("is_billed", True, profile_id=B)


@case("profile blank since July", HUB, "jack")
def blank_profile(organization: Organization, case: Case) -> None:
    """Works every day; ProfileId is blank from July 21."""
    organization.subscribe(HUB_BILL, HUB, "jack")
    organization.use(HUB, "jack", days(FIRST_DAY, "2026-07-20"), "ALPHA")
    organization.use(HUB, "jack", days("2026-07-21"), "")
    case.seat("count(*)", 1)
    case.seat("profile_id", A)
    case.seat("seat_state", "active")
    case.seat("last_active_date", LAST_DAY)
    case.seat("is_billed", True)
    case.seat_never("recommended_action", "reclaim", "investigate")


@case("one blank profile in May", HUB, "kate")
def blank_profile_once(organization: Organization, case: Case) -> None:
    """One row in May has no ProfileId."""
    organization.subscribe(HUB_BILL, HUB, "kate")
    may_12 = "2026-05-12"
    organization.use(HUB, "kate", [day for day in days(FIRST_DAY) if day != may_12], "ALPHA")
    organization.use(HUB, "kate", [may_12], "")
    case.seat("count(*)", 1)
    key = {"account_id": HUB, "user_id": user_id("kate")}
    for month, credits in (("2026-05-01", 31 * 3), ("2026-08-01", 31 * 3)):
        case.expect("overage_monthly", "count(*)", 1, **key, usage_month=month)
        case.expect("overage_monthly", "sum(credits_used)", credits, **key, usage_month=month)


@case("mover with a blank profile", HUB, "liam")
def blank_profile_of_mover(organization: Organization, case: Case) -> None:
    """A row in June has no profile. Two profiles are known, so the row cannot be assigned."""
    organization.subscribe(HUB_BILL, HUB, "liam")
    organization.use(HUB, "liam", days(FIRST_DAY, "2026-05-31"), "ALPHA")
    june_9 = "2026-06-09"
    organization.use(HUB, "liam", [day for day in days("2026-06-01") if day != june_9], "BETA")
    organization.use(HUB, "liam", [june_9], "")
    unknown = {"account_id": HUB, "user_id": user_id("liam"), "profile_id": "(unknown)"}
    case.expect("overage_monthly", "max(usage_month)", "2026-06-01", **unknown)
    case.expect("overage_monthly", "sum(credits_used)", 3, **unknown)
    case.expect("license_utilization", "count(*)", 0, **unknown)


@case("billed from the first month, used in August", HUB, "mona")
def late_user_of_old_seat(organization: Organization, case: Case) -> None:
    """On the first bill, but not used until August 28, so the activation date is unknown."""
    organization.subscribe(HUB_BILL, HUB, "mona")
    organization.use(HUB, "mona", days("2026-08-28"), "ALPHA")
    for as_of in ("2026-08-31", SEPTEMBER_4, LAST_DAY):
        case.seat("activated_date", None, as_of)
        case.seat("seat_state", "active", as_of)


def use_legacy(
    organization: Organization, account: str, person: str, day: str, text: str | None = None
) -> None:
    """Add a legacy report with one row; `text` is its date in another format."""
    row = {
        "UserId": user_id(person),
        "Date": text or day,
        "Chat_AICodeLines": 12,
        "Inline_AcceptanceCount": 3,
        "Inline_SuggestionsCount": 10,
    }
    organization.report_files.append(
        (legacy_path(account, day), csv_text([row]), delivered_at(day))
    )


@case("legacy report only", HUB, "nora")
def legacy_only(organization: Organization, case: Case) -> None:
    """Billed since July, but reported only in the legacy report, in three date formats."""
    organization.subscribe(HUB_BILL, HUB, "nora", first="2026-07-01")
    dates = {
        "2026-09-25": "09-25-2026",
        "2026-09-28": "2026-09-28",
        "2026-09-29": "2026/09/29",
    }
    for day, text in dates.items():
        use_legacy(organization, HUB, "nora", day, text)
    case.seat("last_evidence_date", "2026-09-29")
    case.seat("is_reclaimable", False)
    case.seat_never("recommended_action", "reclaim")
    case.never(
        "recommended_actions", "confidence", "certain", account_id=HUB, user_id=user_id("nora")
    )
    key = {"account_id": HUB, "usage_month": "2026-09-01", "shown": 30}
    case.expect("feature_acceptance_monthly", "accepted", 9, **key)
    case.expect("rejected_rows", "count(*)", 0, file="%by_user_analytic%")


@case("legacy report after the last report", ROWS, "lena")
def legacy_after_report(organization: Organization, case: Case) -> None:
    """In reports up to September 2 and in the September 25 legacy report; both show use."""
    organization.use(ROWS, "lena", ["2026-09-01", "2026-09-02"])
    use_legacy(organization, ROWS, "lena", "2026-09-25", "09-25-2026")
    case.seat("seat_state", "dormant")
    case.seat("last_evidence_date", "2026-09-25")
    case.seat("is_reclaimable", False)
    case.seat_never("recommended_action", "reclaim")


@case("another account's legacy report", HUB, "ivan")
def legacy_in_another_account(organization: Organization, case: Case) -> None:
    """Billed in the main account since July, but found only in another account's legacy report."""
    organization.subscribe(HUB_BILL, HUB, "ivan", first="2026-07-01")
    use_legacy(organization, ROWS, "ivan", "2026-09-30", "09-30-2026")
    case.seat("last_evidence_date", "2026-09-30")
    case.seat("is_reclaimable", False)
    case.seat("recommended_action", "investigate")
    key = {"account_id": HUB, "user_id": user_id("ivan")}
    case.never("recommended_actions", "confidence", "certain", **key)


@case("credits only on the bill", HUB, "olaf")
def credits_on_the_bill_only(organization: Organization, case: Case) -> None:
    """Billed since July and for 536 included credits on September 20, but not in any report."""
    organization.subscribe(HUB_BILL, HUB, "olaf", first="2026-07-01", id_prefix="0123456789-")
    organization.charge(
        HUB_BILL,
        HUB,
        "2026-09",
        "olaf",
        "Credits",
        cost=0,
        amount=536,
        day="2026-09-20",
        id_prefix="0123456789-",
        line_item_line_item_type="Usage",
        line_item_operation="Credits",
    )
    case.seat("last_evidence_date", "2026-09-20")
    case.seat("is_reclaimable", False)
    case.seat_never("seat_state", "never_used")
    case.seat_never("recommended_action", "reclaim")
    september = {"account_id": HUB, "usage_month": "2026-09-01"}
    case.expect("bill_reconciliation", "billed_credits", 536, **september)
    case.expect("bill_reconciliation", "billed_overage_credits", 0, **september)
    finding = {"finding": "overage_differs_from_bill"}
    case.expect("data_quality_findings", "count(*)", 0, **september, **finding)


@case("never used", HUB, "paul")
def never_used(organization: Organization, case: Case) -> None:
    """Billed since July, but not in any other source."""
    organization.subscribe(HUB_BILL, HUB, "paul", first="2026-07-01")
    case.seat("seat_state", "never_used")
    case.seat("activated_date", "2026-07-01")
    case.seat("is_reclaimable", True)
    case.seat("recommended_action", "reclaim")
    case.seat("monthly_savings_usd", 20)
    case.seat("inactive_months", 3)
    case.seat("inactivity_cost_usd", 60)


@case("dormant", HUB, "quin")
def dormant(organization: Organization, case: Case) -> None:
    """PRO_PLUS, used up to July 31 and still billed."""
    organization.subscribe(HUB_BILL, HUB, "quin", "PRO_PLUS")
    organization.use(HUB, "quin", days(FIRST_DAY, "2026-07-31"), "ALPHA", tier="PRO_PLUS")
    case.seat("seat_state", "dormant")
    case.seat("days_since_active", 65)
    case.seat("last_evidence_date", "2026-07-31")
    case.seat("coverage_30", 1)
    case.seat("is_reclaimable", True)
    case.seat("recommended_action", "reclaim")
    case.seat("monthly_savings_usd", 40)
    case.seat("inactive_months", 2)
    case.seat("inactivity_cost_usd", 80)


@case("two seats that start late in the month", HUB, "rosa")
def seats_begun_late(organization: Organization, case: Case) -> None:
    """PRO in both ALPHA and BETA from August 28, with two prorated lines."""
    for profile in ("ALPHA", "BETA"):
        organization.subscribe(HUB_BILL, HUB, "rosa", first="2026-08-28")
        organization.use(HUB, "rosa", days("2026-08-28"), profile)
    for as_of in ("2026-08-31", SEPTEMBER_4, LAST_DAY):
        case.seat("count(*) filter (where is_billed)", 2, as_of)
    case.seat("activated_date", "2026-08-28", profile_id=A)
    case.seat("seat_state", "active", profile_id=A)


@case("mid-month upgrade", HUB, "sara")
def upgrade(organization: Organization, case: Case) -> None:
    """PRO up to August 14, then POWER, both prorated: one seat, with the higher tier."""
    organization.subscribe(HUB_BILL, HUB, "sara", last="2026-07")
    organization.charge(HUB_BILL, HUB, "2026-08", "sara", "PRO", amount=14 / 31)
    organization.charge(HUB_BILL, HUB, "2026-08", "sara", "POWER", amount=17 / 31, day="2026-08-15")
    organization.billed_seats[HUB, "2026-08"].append(("POWER", 20 * 14 / 31 + 200 * 17 / 31))
    organization.subscribe(HUB_BILL, HUB, "sara", "POWER", first="2026-09-01")
    organization.use(HUB, "sara", days(FIRST_DAY, "2026-08-14"), "ALPHA")
    organization.use(HUB, "sara", days("2026-08-15"), "ALPHA", tier="POWER")
    for as_of in ("2026-08-31", SEPTEMBER_4):
        case.seat("count(*)", 1, as_of)
        case.seat("subscription_tier", "POWER", as_of)
        case.seat("is_duplicate_seat", False, as_of)
    case.expect(
        "overage_monthly",
        "monthly_allowance",
        10_000,
        account_id=HUB,
        user_id=user_id("sara"),
        usage_month="2026-08-01",
    )


@case("re-subscriber", HUB, "theo")
def re_subscriber(organization: Organization, case: Case) -> None:
    """Billed in May and June, not in July, and again from August 10."""
    organization.subscribe(HUB_BILL, HUB, "theo", last="2026-06")
    organization.subscribe(HUB_BILL, HUB, "theo", first="2026-08-10")
    organization.use(HUB, "theo", days(FIRST_DAY, "2026-06-20"), "ALPHA")
    organization.use(HUB, "theo", days("2026-08-10"), "ALPHA")
    case.seat("seat_state", "cancelled", "2026-07-31")
    case.seat("activated_date", "2026-08-10")
    case.seat("seat_state", "active")
    case.seat("is_billed", True)
    case.seat("count(*)", 1)


@case("one id in several spellings", HUB, "uma")
def spellings(organization: Organization, case: Case) -> None:
    """Reports have the id bare, in uppercase or after a store id; on the bill, it has a prefix."""
    organization.subscribe(HUB_BILL, HUB, "uma", id_prefix="9067642ac7-")
    bare = user_id("uma")
    spelled = [bare, bare.upper(), f"d-9067642ac7.{bare}", f"d-1111111111.{bare.upper()}"]
    for number, day in enumerate(days(FIRST_DAY)):
        organization.use(HUB, "uma", [day], "ALPHA", UserId=spelled[number % 4])
    case.seat("count(*)", 1)
    case.seat("seat_state", "active")
    case.seat("is_billed", True)
    case.seat("active_days_30", 30)
    case.expect("license_utilization", "count(*)", 1, user_id=f"%{bare[-12:]}%")


@case("billed in one account, used in another", HUB, "vera")
def billed_elsewhere(organization: Organization, case: Case) -> None:
    """Billed in the main account since July, but works in an account without a billed seat."""
    organization.subscribe(HUB_BILL, HUB, "vera", first="2026-07-01")
    case.seat("recommended_action", "investigate")
    case.seat("last_evidence_date", "2026-10-02")
    key = {"account_id": HUB, "user_id": user_id("vera")}
    case.never("recommended_actions", "confidence", "certain", **key)
    case.expect("recommended_actions", "count(*)", 1, **key, reason="%another account%")


@case("billed in both accounts", HUB, "walt")
def billed_in_both(organization: Organization, case: Case) -> None:
    """Billed in two accounts; inactive in the main account, but active in the other."""
    organization.subscribe(HUB_BILL, HUB, "walt", first="2026-07-01")
    organization.subscribe(HUB_BILL, PARTS, "walt", first="2026-08-01")
    case.seat("recommended_action", "reclaim")
    case.seat("is_duplicate_seat", True)
    case.seat("is_duplicate_seat", False, account_id=PARTS)
    case.expect("license_utilization", "sum(monthly_savings_usd)", 20, user_id=user_id("walt"))
    case.never("recommended_actions", "confidence", "certain", user_id=user_id("walt"))


@case("one person with ten seats", HUB, "yves")
def ten_seats(organization: Organization, case: Case) -> None:
    """PRO billed ten times; nine profiles are used on one day in May, the tenth every day."""
    for number in range(10):
        organization.subscribe(HUB_BILL, HUB, "yves")
        used = [f"2026-05-{number + 5:02}"] if number < 9 else days(FIRST_DAY)
        organization.use(HUB, "yves", used, f"TEN{number}")
    case.seat("count(*) filter (where is_billed)", 10)
    case.seat("count(*) filter (where recommended_action = 'reclaim')", 9)
    case.seat("count(*) filter (where is_duplicate_seat)", 9)
    case.seat("sum(duplicate_waste_usd)", 9 * 20)
    case.seat("sum(monthly_savings_usd)", 9 * 20)
    case.seat_never(
        "recommended_action", "reclaim", "investigate", profile_id=profile_id(HUB, "TEN9")
    )


@case("hardly used", HUB, "xena")
def hardly_used(organization: Organization, case: Case) -> None:
    """PRO_PLUS with 51 credits on three days a month, for five full months."""
    organization.subscribe(HUB_BILL, HUB, "xena", "PRO_PLUS")
    used = [day for day in days(FIRST_DAY) if day[8:] in ("05", "15", "25")]
    organization.use(HUB, "xena", used, "ALPHA", credits=17, tier="PRO_PLUS")
    case.expect(
        "overage_monthly",
        "credits_used",
        51,
        account_id=HUB,
        user_id=user_id("xena"),
        usage_month="2026-08-01",
    )
    case.seat("recommended_action", "downgrade")
    case.seat("recommended_tier", "PRO")
    case.seat("monthly_savings_usd", 20)
