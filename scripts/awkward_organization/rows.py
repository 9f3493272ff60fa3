"""Report rows with blank, unreadable, unknown and extreme values; no bills or lists."""

from .accounts import HEAVY, ROWS
from .calendar_days import LAST_DAY, first_weekdays, weekdays
from .organization import UNREADABLE, Case, Cases, Organization, user_id

case = Cases()

ALL_DAYS = weekdays("2026-08-03")
AUGUST, SEPTEMBER = "2026-08-01", "2026-09-01"
SEPTEMBER_DAYS = sum(day.startswith("2026-09") for day in ALL_DAYS)


def _month(person: str, month: str = SEPTEMBER, account: str = ROWS) -> dict:
    return {"account_id": account, "user_id": user_id(person), "usage_month": month}


@case("five people without a bill", ROWS, "row1 row2 row3 row4 row5")
def steady_rows(organization: Organization, case: Case) -> None:
    """Their activity means that a file is expected on every weekday."""
    for person in case.people:
        organization.use(ROWS, person, ALL_DAYS)
        case.seat("seat_source", "observed", person=person)
        case.seat("seat_state", "active", person=person)
        case.seat("coverage_30", 1, person=person)


@case("blank Credits_Used", ROWS, "bill bert")
def blank_credits(organization: Organization, case: Case) -> None:
    """In August, credits are blank on one of three days, or for one of two clients."""
    august = ["2026-08-11", "2026-08-12", "2026-08-13"]
    for day, credits in zip(august, (40, "", 40), strict=True):
        organization.use(ROWS, "bill", [day], credits=credits)
    organization.use(ROWS, "bert", ["2026-08-12"], credits=5)
    organization.use(ROWS, "bert", ["2026-08-12"], credits="", client="KIRO_CLI")
    for person in case.people:
        organization.use(ROWS, person, [day for day in ALL_DAYS if day >= "2026-09-01"])
        case.expect("overage_monthly", "credits_used", None, **_month(person, AUGUST))
        case.expect("overage_monthly", "credits_used", SEPTEMBER_DAYS * 3, **_month(person))
        case.seat("credits_used_month", None, "2026-08-31", person=person)
        # Rows with blank credits still show activity.
        case.seat(
            "first_active_date", min(august) if person == "bill" else "2026-08-12", person=person
        )
    case.expect(
        "license_utilization_monthly",
        "seats_with_unknown_credits",
        2,
        account_id=ROWS,
        usage_month=AUGUST,
        subscription_tier="PRO",
    )
    case.never(
        "license_utilization_monthly",
        "credits_used",
        None,
        account_id=ROWS,
        usage_month=AUGUST,
        subscription_tier="PRO",
    )


@case("blank tier", ROWS, "tess")
def blank_tier(organization: Organization, case: Case) -> None:
    """Works every weekday; Subscription_Tier is blank."""
    organization.use(ROWS, "tess", ALL_DAYS, tier="", credits=2)
    case.seat("count(*)", 1)
    case.seat("seat_state", "active")
    case.expect("overage_monthly", "credits_used", SEPTEMBER_DAYS * 2, **_month("tess"))


@case("unreadable rows with an id", ROWS, "ulf")
def unreadable_rows(organization: Organization, case: Case) -> None:
    """Credits are 'abc' on every weekday from August 20, which is still evidence of use."""
    organization.use(ROWS, "ulf", [day for day in ALL_DAYS if day < "2026-08-20"], tier="PRO_MAX")
    unread = [day for day in ALL_DAYS if day >= "2026-08-20"]
    organization.use(ROWS, "ulf", unread, tier="PRO_MAX", credits=UNREADABLE)
    # A row without a user id.
    organization.use(ROWS, "nobody", ["2026-08-12"], UserId="", credits=UNREADABLE)
    # That row leaves one of the account's 30 days uncovered; unreadable rows with an id do not.
    case.seat("coverage_30", 29 / 30, "2026-09-04", user_id=user_id("row1"))
    case.seat("last_active_date", "2026-08-19")
    case.seat("last_evidence_date", "2026-10-02")
    case.seat("is_reclaimable", False)
    case.seat_never("recommended_action", "reclaim")
    case.expect("rejected_rows", "count(*)", len(unread), raw_text=f"%{user_id('ulf')}%")


@case("unreadable attributes", ROWS, "cara carl2")
def attributes(organization: Organization, case: Case) -> None:
    """An overage cap of 1.0E9, a cap and a limit that are not numbers, and an invalid boolean."""
    organization.use(ROWS, "cara", ALL_DAYS, credits=4, Overage_Cap="1.0E9")
    odd = {"Overage_Cap": "many", "Usage_Limit": "some", "Overage_Enabled": "perhaps"}
    organization.use(ROWS, "carl2", ALL_DAYS, credits=4, **odd)
    for person in case.people:
        case.expect("overage_monthly", "credits_used", SEPTEMBER_DAYS * 4, **_month(person))
        case.expect("rejected_rows", "count(*)", 0, raw_text=f"%{user_id(person)}%")
        case.seat("seat_state", "active", person=person)


@case("limit different from the plan's", ROWS, "lou")
def usage_limit(organization: Organization, case: Case) -> None:
    """PRO with a Usage_Limit of 500 credits."""
    organization.use(ROWS, "lou", ALL_DAYS, credits=10, Usage_Limit="500.0")
    case.expect("overage_monthly", "monthly_allowance", 500, **_month("lou"))
    case.seat("monthly_allowance", 500)
    case.seat("monthly_price_usd", 20)
    case.expect(
        "data_quality_findings",
        "count(*) filter (where finding like '%limit%' or example like '%500%') > 0",
        True,
        account_id=ROWS,
        usage_month="2026-10-01",
    )


@case("unknown client and column", ROWS, "mia")
def unknown_client_and_column(organization: Organization, case: Case) -> None:
    """The client KIRO_MOBILE has one row, on October 2, with the extra column Tool_Calls."""
    organization.use(ROWS, "mia", ["2026-10-02"], client="KIRO_MOBILE", Tool_Calls="7")
    case.expect(
        "client_overlap_monthly",
        "sum(users)",
        1,
        account_id=ROWS,
        usage_month="2026-10-01",
        client_type="KIRO_MOBILE",
    )
    key = {"account_id": ROWS, "activity_date": "2026-10-02", "client_type": "KIRO_MOBILE"}
    case.expect("usage_daily", "sum(users)", 1, **key)
    case.expect("report_delivery", "status", "delivered", **key)
    for example in ("%KIRO_MOBILE%", "%tool_calls%"):
        key = {"account_id": ROWS, "source": "reports", "example": example}
        case.expect("data_quality_findings", "count(*) > 0", True, **key)


@case("API plan names", ROWS, "api1 api2 api3 api4 api5")
def plan_names(organization: Organization, case: Case) -> None:
    """Known names map to plans; unknown names are kept."""
    names = {
        "KIRO_ENTERPRISE_PRO": "PRO",
        "KIRO_ENTERPRISE_PRO_PLUS": "PRO_PLUS",
        "Q_DEVELOPER_PRO_MAX": "PRO_MAX",
        "Q_DEVELOPER_STANDALONE_POWER": "POWER",
        "CREDIT_POOL": "CREDIT_POOL",
    }
    for person, (name, tier) in zip(case.people, names.items(), strict=True):
        organization.use(ROWS, person, ALL_DAYS, tier=name)
        case.seat("subscription_tier", tier, person=person)
    case.seat("monthly_price_usd", 200, person="api4")
    case.seat("monthly_price_usd", None, person="api5")


@case("free seat", ROWS, "frank")
def free_seat(organization: Organization, case: Case) -> None:
    """FREE, used in the first week of August and never since."""
    organization.use(ROWS, "frank", weekdays("2026-08-03", "2026-08-07"), tier="FREE")
    case.seat("seat_state", "dormant")
    case.seat("is_reclaimable", False)
    case.seat_never("recommended_action", "reclaim")


@case("first seen on August 20", ROWS, "gina")
def first_seen_in_august(organization: Organization, case: Case) -> None:
    """60 credits on each weekday from August 20, when the month's history starts."""
    used = [day for day in ALL_DAYS if day >= "2026-08-20"]
    organization.use(ROWS, "gina", used, credits=60, Overage_Enabled="true")
    key = {"account_id": ROWS, "user_id": user_id("gina")}
    case.never("overage_risk", "risk_band", "insufficient_history", as_of="2026-09-04", **key)
    case.expect("overage_risk", "forecast_credits_mean > 600", True, "2026-09-04", **key)
    case.expect("overage_monthly", "credits_used", 8 * 60, **_month("gina", AUGUST))


@case("move between profiles without a bill", ROWS, "milo")
def move_without_a_bill(organization: Organization, case: Case) -> None:
    """ALPHA up to August 14, BETA from August 17; no source shows that both are paid for."""
    organization.use(ROWS, "milo", weekdays("2026-08-03", "2026-08-14"), "ALPHA")
    organization.use(ROWS, "milo", weekdays("2026-08-17"), "BETA")
    for as_of in ("2026-08-31", "2026-09-04", LAST_DAY):
        case.seat("count(*) filter (where is_duplicate_seat)", 0, as_of)
    key = {"account_id": ROWS, "user_id": user_id("milo")}
    for as_of in ("2026-08-31", "2026-09-04"):
        case.expect("recommended_actions", "count(*)", 0, as_of, **key, confidence="certain")


@case("very heavy seats", HEAVY, "huge thousands millions")
def heavy_seats(organization: Organization, case: Case) -> None:
    """1e8 credits in one row, 100,000 on ten days of each month, and 1e7 on each weekday."""
    power = {"tier": "POWER", "Overage_Enabled": "true", "Overage_Cap": "100000000.0"}
    quiet = first_weekdays("2026-07", 10) + first_weekdays("2026-08", 10)
    september = weekdays("2026-09-01", "2026-10-02")

    def use(person: str, used: list[str], credits: int) -> None:
        """Treat all but the month's first 10,000 credits as overage."""
        for number, day in enumerate(used):
            is_first = number == 0 or used[number - 1][:7] != day[:7]
            overage = f"{credits - (10_000 if is_first else 0)}.0"
            organization.use(
                HEAVY, person, [day], credits=credits, Overage_Credits_Used=overage, **power
            )

    use("huge", ["2026-09-09"], 100_000_000)
    tens = [day for month in ("2026-07", "2026-08", "2026-09") for day in first_weekdays(month, 10)]
    use("thousands", tens, 100_000)
    use("millions", quiet + september, 10_000_000)
    totals = {"huge": 100_000_000, "thousands": 1_000_000, "millions": 22 * 10_000_000}
    for person, credits in totals.items():
        key = _month(person, SEPTEMBER, HEAVY)
        case.expect("overage_monthly", "credits_used", credits, **key)
        case.expect("overage_monthly", "overage_credits_used", credits - 10_000, **key)
        case.expect("overage_monthly", "overage_cost_usd", (credits - 10_000) * 0.04, **key)


@case("very small seat", HEAVY, "tiny")
def small_seat(organization: Organization, case: Case) -> None:
    """0.01 credits in a month."""
    organization.use(HEAVY, "tiny", ["2026-09-02"], credits=0.01)
    case.expect("overage_monthly", "credits_used", 0.01, **_month("tiny", SEPTEMBER, HEAVY))
    case.seat("last_active_date", "2026-09-02")


@case("works past the allowance with overage off", HEAVY, "adam")
def other_credits(organization: Organization, case: Case) -> None:
    """POWER with 600 credits on each weekday in September, over 10,000 from September 23."""
    organization.use(HEAVY, "adam", weekdays("2026-09-01", "2026-10-02"), credits=600, tier="POWER")
    case.seat("seat_state", "active", "2026-09-30")
    case.seat("recommended_action", "investigate", "2026-09-30")
    case.expect("overage_monthly", "days_blocked", 0, **_month("adam", SEPTEMBER, HEAVY))
    # It is unknown how many other credits are left in October.
    for as_of in ("2026-09-30", LAST_DAY):
        key = {"account_id": HEAVY, "user_id": user_id("adam")}
        case.expect("overage_risk", "risk_kind", None, as_of, **key)
    case.expect(
        "recommended_actions",
        "count(*)",
        0,
        "2026-09-30",
        account_id=HEAVY,
        user_id=user_id("adam"),
        reason="%locked%",
    )
