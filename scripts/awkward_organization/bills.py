"""Bill formats: a different one for each account and month."""

from .accounts import (
    CUT,
    CUT_BILL,
    FORMS,
    FORMS_BILL,
    FORMS_COPY,
    LEGACY_BILL,
    LEGACY_EXPORT,
    ODD_FORMS,
)
from .calendar_days import LAST_DAY, days, delivered_at, first_weekdays
from .organization import Case, Cases, Organization, bill_path, invoice_id, user_id

case = Cases()

SEVEN = "bea carl dora emil fay gus hal"
# AWS writes lines without a public price like this.
UNPRICED = {
    "pricing_public_on_demand_cost": "0",
    "pricing_rate_code": "",
    "product_sku": "",
}
NO_SUBSCRIPTION = {"line_item_line_item_type": "Usage", "line_item_operation": "Credits"}


def _reconciled(case: Case, month: str, as_of: str = LAST_DAY, **columns) -> None:
    """Expect values in `bill_reconciliation` for the account and month."""
    key = {"account_id": case.account_id, "usage_month": f"{month}-01"}
    for column, expected in columns.items():
        case.expect("bill_reconciliation", column, expected, as_of, **key)


def _seats_in_focus(month: str, account: str = FORMS) -> dict:
    """Return the key for an account's PRO seats in `chargeback_focus` for a month."""
    return {
        "SubAccountId": account,
        "BillingPeriodStart": f"{month}-01%",
        "ChargeDescription": "Kiro seats: PRO",
    }


def _bill_seven(organization: Organization, month: str, **columns) -> None:
    for person in SEVEN.split():
        organization.charge(FORMS_BILL, FORMS, month, person, **columns)


def _spread(organization: Organization, month: str) -> None:
    """Bill seven seats with a thirtieth of the fee per day."""
    for day in days(f"{month}-01", f"{month}-30"):
        _bill_seven(organization, month, day=day, amount=1 / 30)


@case("seven people", FORMS, SEVEN)
def reports(organization: Organization, case: Case) -> None:
    """Six people use 310 credits a month; the seventh uses 1,000, but 1,050 in July."""
    for month in ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"):
        used = first_weekdays(month, 5)
        on = {"Overage_Enabled": "true"}
        for person in SEVEN.split()[:6]:
            organization.use(FORMS, person, used, credits=62, **on)
        if month == "2026-07":
            organization.use(FORMS, "hal", used[:4], credits=210, **on)
            organization.use(FORMS, "hal", used[4:], credits=210, Overage_Credits_Used="50.0", **on)
        else:
            organization.use(FORMS, "hal", used, credits=200, **on)
    for person in case.people:
        key = {"account_id": FORMS, "user_id": user_id(person), "usage_month": "2026-08-01"}
        credits = 1000 if person == "hal" else 310
        case.expect("overage_monthly", "credits_used", credits, **key)


@case("older subscription lines in two exports", FORMS, SEVEN)
def older_lines(organization: Organization, case: Case) -> None:
    """May: lines have type Usage, with the fee on the 1st. A second export has the same charges.

    Both exports lack the columns for invoices, public prices and SKUs.
    """
    older = {"line_item_line_item_type": "Usage"}
    _bill_seven(organization, "2026-05", **older)
    for number, person in enumerate(SEVEN.split()):
        organization.charge(
            FORMS_COPY,
            FORMS,
            "2026-05",
            person,
            **older,
            # A charge has the same id in every export.
            identity_line_item_id=f"forms-2026-05-{number}-00001.csv.gz",
        )
    for export in (FORMS_BILL, FORMS_COPY):
        for line in organization.bill_lines[bill_path(export, "2026-05")]:
            for name in ("bill_invoice_id", *UNPRICED):
                del line[name]
    _reconciled(case, "2026-05", billed_seats=7, billed_subscription_cost_usd=140)
    _reconciled(case, "2026-05", billed_total_cost_usd=140, billed_unrecognized_cost_usd=0)
    seats = _seats_in_focus("2026-05")
    case.expect("chargeback_focus", "BilledCost", 140, **seats)
    case.expect("chargeback_focus", "ListCost", 140, **seats)
    case.expect("chargeback_focus", "SkuId", "Kiro seats: PRO", **seats)
    case.expect("chargeback_focus", "InvoiceId", None, **seats)


@case("fee split by day", FORMS, SEVEN)
def fee_spread_over_days(organization: Organization, case: Case) -> None:
    """June and September: FlatRateSubscription lines, each with a thirtieth of the fee per day."""
    _spread(organization, "2026-06")
    _spread(organization, "2026-09")
    for month in ("2026-06", "2026-09"):
        _reconciled(case, month, billed_seats=7, billed_subscription_cost_usd=140)
        _reconciled(case, month, list_subscription_cost_usd=140, billed_total_cost_usd=140)
    # With only four daily fees, each person already counts as a whole seat.
    _reconciled(case, "2026-09", "2026-09-04", billed_seats=7)
    case.seat("is_billed", True, "2026-09-04")
    case.seat("monthly_price_usd", 20, "2026-09-04")
    case.seat("seat_state", "active", "2026-09-04")


@case("credit lines", FORMS, SEVEN)
def credit_lines(organization: Organization, case: Case) -> None:
    """July: free credits (six people with 310, one with 1,000), and 50 credits for USD 2.00."""
    newer = {"folder": "20260801T030000Z/"}
    _bill_seven(organization, "2026-07", **newer)
    lines = [(person, 310, 0) for person in SEVEN.split()[:6]] + [("hal", 1000, 0), ("hal", 50, 2)]
    for person, credits, cost in lines:
        organization.charge(
            FORMS_BILL,
            FORMS,
            "2026-07",
            person,
            "Credits",
            cost=cost,
            amount=credits,
            day="2026-07-07",
            **newer,
            **NO_SUBSCRIPTION,
        )
    _reconciled(
        case,
        "2026-07",
        billed_seats=7,
        billed_subscription_cost_usd=140,
        billed_credits=6 * 310 + 1000 + 50,
        reported_credits=6 * 310 + 1050,
        billed_overage_credits=50,
        reported_overage_credits=50,
        billed_overage_cost_usd=2,
        billed_other_cost_usd=0,
        billed_unrecognized_cost_usd=0,
        billed_total_cost_usd=142,
    )
    case.expect(
        "data_quality_findings",
        "count(*)",
        0,
        account_id=FORMS,
        usage_month="2026-07-01",
        finding="overage_differs_from_bill",
    )
    case.expect(
        "chargeback_focus",
        "count(*)",
        0,
        SubAccountId=FORMS,
        BillingPeriodStart="2026-07-01%",
        ChargeCategory="Adjustment",
    )


@case("restated month", FORMS, SEVEN)
def restated_month(organization: Organization, case: Case) -> None:
    """July: an older version of the bill has only six seats and an extra charge of USD 999."""
    older = {"folder": "20260720T030000Z/"}
    for person in SEVEN.split()[:6]:
        organization.charge(FORMS_BILL, FORMS, "2026-07", person, **older)
    organization.charge(FORMS_BILL, FORMS, "2026-07", "bea", "POWER", cost=999, **older)
    path = bill_path(FORMS_BILL, "2026-07", **older)
    organization.bill_times[path] = delivered_at("2026-07-19", 3)
    _reconciled(case, "2026-07", billed_seats=7, billed_total_cost_usd=142)


@case("discounts, credit, refund and tax", FORMS, SEVEN)
def discounts_and_refunds(organization: Organization, case: Case) -> None:
    """August: account-level lines without a resource id, one person's refund, and tax."""
    _bill_seven(organization, "2026-08")
    amounts = {
        "EdpDiscount": -7.1,
        "SppDiscount": -1,
        "BundledDiscount": -0.5,
        "PrivateRateDiscount": -2,
        "Credit": -5,
        "Tax": 7,
    }
    for kind, cost in amounts.items():
        organization.charge(
            FORMS_BILL,
            FORMS,
            "2026-08",
            cost=cost,
            line_item_line_item_type=kind,
            **UNPRICED,
            **{"line_item_operation": ""} if kind == "Tax" else {},
        )
    organization.charge(
        FORMS_BILL, FORMS, "2026-08", "bea", cost=-20, line_item_line_item_type="Refund", **UNPRICED
    )
    _reconciled(
        case,
        "2026-08",
        billed_seats=7,
        billed_discount_usd=-10.6,
        billed_promotional_credit_usd=-5,
        billed_refund_usd=-20,
        billed_other_cost_usd=7,
        billed_unrecognized_cost_usd=0,
        billed_total_cost_usd=140 - 10.6 - 5 - 20 + 7,
    )
    month = {"SubAccountId": FORMS, "BillingPeriodStart": "2026-08-01%"}
    case.expect("chargeback_focus", "sum(BilledCost)", 111.4, **month)
    case.expect("chargeback_focus", "sum(BilledCost)", -5, **month, ChargeCategory="Credit")
    case.expect("chargeback_focus", "sum(BilledCost)", 7, **month, ChargeCategory="Tax")
    case.expect("chargeback_focus", "sum(ListCost)", 111.4, **month)
    case.expect("chargeback_focus", "SkuId", None, **month, ChargeCategory="Tax")
    invoice = invoice_id(FORMS_BILL, "2026-08")
    case.expect("chargeback_focus", "min(InvoiceId)", invoice, **month)
    case.expect(
        "data_quality_findings", "count(*)", 0, account_id=FORMS, finding="charge_is_unknown"
    )


@case("individual plan", FORMS, SEVEN)
def individual_plan(organization: Organization, case: Case) -> None:
    """October: fees on the 1st, and a line for an individual plan, which is not a seat."""
    organization.charge(
        FORMS_BILL, FORMS, "2026-10", cost=20, line_item_usage_type="USE1-KiroIndividual-Pro"
    )
    _bill_seven(organization, "2026-10")
    _reconciled(case, "2026-10", billed_seats=7, billed_total_cost_usd=160)


@case("contradictory invoices, SKUs and public prices", FORMS, SEVEN)
def contradicting_prices(organization: Organization, case: Case) -> None:
    """September: two invoices, two SKUs for one plan, and a public price that is not a number."""
    lines = organization.bill_lines[bill_path(FORMS_BILL, "2026-09")]
    for line in lines:
        if user_id("bea") in line["line_item_resource_id"]:
            line |= {
                "bill_invoice_id": "EUINDE26-1",
                "pricing_public_on_demand_cost": "n/a",
                "product_sku": "OTHER",
            }
    seats = _seats_in_focus("2026-09")
    case.expect("chargeback_focus", "ListCost", 140, **seats)
    case.expect("chargeback_focus", "InvoiceId", None, **seats)
    case.expect("chargeback_focus", "SkuId", "Kiro seats: PRO", **seats)


@case("prices below public prices", CUT, "cut1 cut2")
def private_prices(organization: Organization, case: Case) -> None:
    """September: two seats at USD 18 each, with a public price of USD 20."""
    for person in case.people:
        organization.charge(
            CUT_BILL, CUT, "2026-09", person, cost=18, pricing_public_on_demand_cost="20"
        )
    _reconciled(case, "2026-09", billed_seats=2, billed_total_cost_usd=36)
    seats = _seats_in_focus("2026-09", CUT)
    for column, expected in {
        "BilledCost": 36,
        "ListCost": 40,
        "ContractedUnitPrice": 18,
        "ListUnitPrice": 20,
        "SkuId": "SKUPRO",
        "SkuPriceId": "SKUPRO.JRTCKXETXF.6YS6EN2CT7",
        "InvoiceId": invoice_id(CUT_BILL, "2026-09"),
    }.items():
        case.expect("chargeback_focus", column, expected, **seats)


@case("bill lines with blank fields", ODD_FORMS, "zoe")
def blank_fields(organization: Organization, case: Case) -> None:
    """May: a subscription, and lines without a type, operation, usage type or resource."""
    organization.charge(FORMS_BILL, ODD_FORMS, "2026-05", "zoe")
    for number, name in enumerate(("line_item_type", "operation", "usage_type"), start=3):
        blank = {f"line_item_{name}": ""}
        organization.charge(FORMS_BILL, ODD_FORMS, "2026-05", "zoe", cost=number, **blank)
    organization.charge(FORMS_BILL, ODD_FORMS, "2026-05", person="")
    _reconciled(
        case,
        "2026-05",
        billed_total_cost_usd=20 + 3 + 4 + 5 + 20,
        billed_unrecognized_cost_usd=3 + 4 + 5,
        billed_subscription_cost_usd=40,
    )
    case.expect(
        "data_quality_findings",
        "count(*)",
        1,
        account_id=ODD_FORMS,
        finding="subscription_has_no_user",
    )


@case("unknown amounts", ODD_FORMS, "zoe yann xavi will")
def unknown_amounts(organization: Organization, case: Case) -> None:
    """June: four seats; one costs USD 20, the others are blank, not a number, and in EUR."""
    for person, cost in (("zoe", 20), ("yann", ""), ("xavi", "n/a")):
        organization.charge(FORMS_BILL, ODD_FORMS, "2026-06", person, cost=cost)
    organization.charge(
        FORMS_BILL, ODD_FORMS, "2026-06", "will", cost=18.5, line_item_currency_code="EUR"
    )
    _reconciled(
        case,
        "2026-06",
        billed_seats=4,
        billed_subscription_cost_usd=20,
        billed_total_cost_usd=20,
        billed_unrecognized_cost_usd=0,
    )
    key = {"account_id": ODD_FORMS, "usage_month": "2026-06-01"}
    for finding, lines in (("charge_is_no_number", 2), ("charge_is_not_in_usd", 1)):
        case.expect("data_quality_findings", "sum(affected)", lines, **key, finding=finding)


@case("unrecognized lines", ODD_FORMS, "zoe")
def unrecognized_lines(organization: Organization, case: Case) -> None:
    """July: an unknown operation, an unknown usage type, and an unknown line type."""
    organization.charge(FORMS_BILL, ODD_FORMS, "2026-07", "zoe", folder="20260801T030000Z/")
    unknown = [
        (6, {"line_item_operation": "mystery-operation"}),
        (7, {"line_item_usage_type": "USE1-KiroMystery"}),
        (8, {"line_item_line_item_type": "SurpriseFee"}),
    ]
    for cost, columns in unknown:
        organization.charge(
            FORMS_BILL,
            ODD_FORMS,
            "2026-07",
            "zoe",
            cost=cost,
            folder="20260801T030000Z/",
            **columns,
        )
    _reconciled(
        case,
        "2026-07",
        billed_seats=1,
        billed_subscription_cost_usd=20,
        billed_unrecognized_cost_usd=6 + 7 + 8,
        billed_total_cost_usd=41,
    )
    key = {"account_id": ODD_FORMS, "usage_month": "2026-07-01", "source": "bill"}
    case.expect("data_quality_findings", "count(*) > 0", True, **key)


@case("only overage lines", ODD_FORMS, "zoe yann")
def only_overage(organization: Organization, case: Case) -> None:
    """August: two people work, but the bill has only 250 credits for USD 10.00."""
    organization.charge(
        FORMS_BILL,
        ODD_FORMS,
        "2026-08",
        "zoe",
        "Credits",
        cost=10,
        amount=250,
        day="2026-08-07",
        **NO_SUBSCRIPTION,
    )
    used = first_weekdays("2026-08", 5)
    on = {"Overage_Enabled": "true"}
    organization.use(ODD_FORMS, "zoe", used[:4], credits=250, **on)
    organization.use(ODD_FORMS, "zoe", used[4:], credits=250, Overage_Credits_Used="250.0", **on)
    organization.use(ODD_FORMS, "yann", used, credits=6, **on)
    _reconciled(
        case, "2026-08", billed_overage_credits=250, billed_overage_cost_usd=10, billed_seats=0
    )
    key = {"account_id": ODD_FORMS, "usage_month": "2026-08-01", "subscription_tier": "PRO"}
    # Same result as without a bill: the two reported users, at list prices.
    case.expect("license_utilization_monthly", "seats", 2, **key)
    case.expect("license_utilization_monthly", "subscription_cost_usd", 40, **key)
    for person in case.people:
        case.seat_never("seat_state", "cancelled", as_of="2026-08-31", person=person)
    key = {"account_id": ODD_FORMS, "usage_month": "2026-08-01", "source": "bill"}
    case.expect("data_quality_findings", "count(*) > 0", True, **key)


@case("prorated seats", ODD_FORMS, "zoe ned una")
def prorated(organization: Organization, case: Case) -> None:
    """September: one seat starts on the 16th; another is PRO for ten days, then PRO_PLUS."""
    september = (FORMS_BILL, ODD_FORMS, "2026-09")
    organization.charge(*september, "zoe")
    organization.charge(*september, "ned", amount=0.5, day="2026-09-16")
    organization.charge(*september, "una", "PRO", amount=1 / 3)
    organization.charge(*september, "una", "PRO_PLUS", amount=2 / 3, day="2026-09-11")
    for person, plan in (("zoe", "PRO"), ("ned", "PRO"), ("una", "PRO_PLUS")):
        organization.charge(FORMS_BILL, ODD_FORMS, "2026-10", person, plan)
    _reconciled(case, "2026-09", billed_seats=3, billed_subscription_cost_usd=63.33)
    case.seat("activated_date", "2026-09-16", person="ned")
    case.seat("seat_state", "new", "2026-09-30", person="ned")
    case.seat("count(*)", 1, person="una")
    case.seat("subscription_tier", "PRO_PLUS", person="una")
    case.seat("monthly_price_usd", 40, person="una")


@case("truncated bill files", CUT, "cut1 cut2 cut3 cut4")
def cut_files(organization: Organization, case: Case) -> None:
    """A CSV file is truncated in July, and a Parquet file in August; all others are complete."""
    for month, file in (("2026-07", "00002.csv"), ("2026-08", "00002.parquet")):
        for person in case.people[:2]:
            organization.charge(CUT_BILL, CUT, month, person)
        for person in case.people[2:]:
            organization.charge(CUT_BILL, CUT, month, person, file=file)
        organization.cut_files.add(bill_path(CUT_BILL, month, file))
        _reconciled(case, month, billed_seats=2, billed_total_cost_usd=40)
        case.expect("data_quality_findings", "count(*) > 0", True, example=f"%cut-{file}%")


@case("bill in the legacy format", LEGACY_BILL, "leg1 leg2")
def legacy_format(organization: Organization, case: Case) -> None:
    """A legacy Cost and Usage Report for August is either loaded or listed as a finding."""
    names = {
        "identity_line_item_id": "identity/LineItemId",
        "bill_invoice_id": "bill/InvoiceId",
        "bill_payer_account_id": "bill/PayerAccountId",
        "bill_billing_period_start_date": "bill/BillingPeriodStartDate",
        "line_item_usage_account_id": "lineItem/UsageAccountId",
        "line_item_line_item_type": "lineItem/LineItemType",
        "line_item_product_code": "lineItem/ProductCode",
        "line_item_usage_type": "lineItem/UsageType",
        "line_item_operation": "lineItem/Operation",
        "line_item_resource_id": "lineItem/ResourceId",
        "line_item_usage_start_date": "lineItem/UsageStartDate",
        "line_item_usage_amount": "lineItem/UsageAmount",
        "line_item_unblended_cost": "lineItem/UnblendedCost",
        "line_item_currency_code": "lineItem/CurrencyCode",
        "pricing_public_on_demand_cost": "pricing/publicOnDemandCost",
        "pricing_rate_code": "pricing/RateCode",
        "product_sku": "product/sku",
    }
    for person in case.people:
        organization.charge(LEGACY_EXPORT, LEGACY_BILL, "2026-08", person)
    newer = bill_path(LEGACY_EXPORT, "2026-08")
    path = "legacy/20260801-20260901/legacy-00001.csv.gz"
    organization.bill_times[path] = organization.bill_times.pop(newer)
    organization.bill_lines[path] = [
        {names[column]: value for column, value in line.items()}
        for line in organization.bill_lines.pop(newer)
    ]
    case.expect(
        "data_quality_findings",
        "count(*) > 0 or exists (select 1 from bill_reconciliation"
        " where account_id = '100000000012' and billed_seats = 2)",
        True,
        example="%legacy-00001%",
    )
    seats = _seats_in_focus("2026-08", LEGACY_BILL)
    case.expect("chargeback_focus", "SkuId", "SKUPRO", **seats)
    case.expect("chargeback_focus", "InvoiceId", invoice_id(LEGACY_EXPORT, "2026-08"), **seats)
