"""The exported `chargeback_focus`, checked against the FOCUS rules about rows and columns.

Rule ids are from the specification's requirements model: version 1.2 and, with the prefix CAU,
1.3. The FOCUS validator is not used: its release on PyPI supports only FOCUS 1.0. Two kinds of
rules are left out: `Dynamic` rules, which cannot be checked in the rows (such as the content of an
invoice), and EffectiveCost-C-005-C, which applies to all purchases although its text covers only
purchases for later months.
"""

import csv
import re
import subprocess
import sys

import duckdb
import pytest
from projects import HEADER, ROOT, Project, bill_line, report_row

pytestmark = pytest.mark.long

IS_PRICED = "ChargeCategory in ('Usage', 'Purchase') and ChargeClass is distinct from 'Correction'"

DECIMALS = {
    "BilledCost": "BilledCost-C-002-M",
    "ConsumedQuantity": "ConsumedQuantity-C-001-M",
    "ContractedCost": "ContractedCost-C-001-M",
    "ContractedUnitPrice": "ContractedUnitPrice-C-002-M",
    "EffectiveCost": "EffectiveCost-C-001-M",
    "ListCost": "ListCost-C-001-M",
    "ListUnitPrice": "ListUnitPrice-C-001-M",
    "PricingQuantity": "PricingQuantity-C-001-M",
}
DATE_TIMES = {
    "BillingPeriodEnd": ("BillingPeriodEnd-C-001-M", "BillingPeriodEnd-C-002-M"),
    "BillingPeriodStart": ("BillingPeriodStart-C-001-M", "BillingPeriodStart-C-002-M"),
    "ChargePeriodEnd": ("ChargePeriodEnd-C-001-M", "ChargePeriodEnd-C-002-M"),
    "ChargePeriodStart": ("ChargePeriodStart-C-001-M", "ChargePeriodStart-C-002-M"),
}
STRINGS = {
    "BillingAccountId": "BillingAccountId-C-002-M",
    "BillingAccountName": "BillingAccountName-C-001-M",
    "BillingAccountType": "BillingAccountType-C-001-M",
    "BillingCurrency": "BillingCurrency-C-001-M",
    "ChargeCategory": "ChargeCategory-C-001-M",
    "ChargeClass": "ChargeClass-C-001-M",
    "ChargeDescription": "ChargeDescription-C-001-M",
    "ChargeFrequency": "ChargeFrequency-C-001-M",
    "ConsumedUnit": "ConsumedUnit-C-001-M",
    # New in 1.3; the available model has no rules for this column yet.
    "HostProviderName": "HostProviderName",
    "InvoiceId": "InvoiceId-C-001-M",
    "InvoiceIssuerName": "InvoiceIssuerName-C-001-M",
    "PricingCategory": "PricingCategory-C-001-M",
    "PricingUnit": "PricingUnit-C-001-M",
    "ProviderName": "ProviderName-C-001-M",
    "PublisherName": "PublisherName-C-001-M",
    "ServiceCategory": "ServiceCategory-C-001-M",
    "ServiceName": "ServiceName-C-001-M",
    "ServiceProviderName": "CAU-ServiceProviderName-C-001-M",
    "ServiceSubcategory": "ServiceSubcategory-C-001-M",
    "SkuId": "SkuId-C-001-M",
    "SkuPriceId": "SkuPriceId-C-001-M",
    "SubAccountId": "SubAccountId-C-001-M",
    "SubAccountName": "SubAccountName-C-001-M",
    "SubAccountType": "SubAccountType-C-001-M",
}

# Conditions that must be true in each row.
ROWS = {
    "BilledCost-C-001-M": "BilledCost is not null",
    "BilledCost-C-004-C": "ProviderName = InvoiceIssuerName or BilledCost = 0",
    "BillingAccountId-C-001-M": "BillingAccountId is not null",
    "BillingAccountName-C-003-C": "BillingAccountName is not null",
    "BillingAccountType-C-005-C": "BillingAccountType is not null",
    "BillingCurrency-C-003-M": "regexp_full_match(BillingCurrency, '[A-Z]{3}')",
    "BillingCurrency-C-004-M": "BillingCurrency is not null",
    "BillingPeriodEnd-C-003-M": "BillingPeriodEnd is not null",
    "BillingPeriodEnd-C-004-M": "BillingPeriodEnd = BillingPeriodStart + interval 1 month",
    "BillingPeriodStart-C-003-M": "BillingPeriodStart is not null",
    "BillingPeriodStart-C-004-M": "BillingPeriodStart = date_trunc('month', BillingPeriodStart)",
    "ChargeCategory-C-002-M": "ChargeCategory is not null",
    "ChargeCategory-C-003-M": (
        "ChargeCategory in ('Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment')"
    ),
    "ChargeClass-C-005-C": "ChargeClass is null or ChargeClass = 'Correction'",
    "ChargeDescription-C-003-O": "ChargeDescription is not null",
    "ChargeFrequency-C-002-M": "ChargeFrequency is not null",
    "ChargeFrequency-C-003-M": "ChargeFrequency in ('One-Time', 'Recurring', 'Usage-Based')",
    "ChargeFrequency-C-004-C": "ChargeCategory <> 'Purchase' or ChargeFrequency <> 'Usage-Based'",
    "ChargePeriodEnd-C-003-M": "ChargePeriodEnd is not null",
    "ChargePeriodEnd-C-004-M": "ChargePeriodEnd > ChargePeriodStart",
    "ChargePeriodStart-C-003-M": "ChargePeriodStart is not null",
    "ConsumedQuantity-C-004-C": "ChargeCategory = 'Usage' or ConsumedQuantity is null",
    "ConsumedQuantity-C-006-C": (
        "ChargeCategory <> 'Usage' or ChargeClass = 'Correction' or ConsumedQuantity is not null"
    ),
    "ConsumedUnit-C-004-C": "ConsumedQuantity is not null or ConsumedUnit is null",
    "ConsumedUnit-C-005-C": "ConsumedQuantity is null or ConsumedUnit is not null",
    "ContractedCost-C-003-M": "ContractedCost is not null",
    "ContractedCost-C-008-C": "ChargeCategory <> 'Credit' or ContractedCost = BilledCost",
    "ContractedUnitPrice-C-005-C": "ChargeCategory <> 'Tax' or ContractedUnitPrice is null",
    "ContractedUnitPrice-C-006-C": f"not ({IS_PRICED}) or ContractedUnitPrice is not null",
    "ContractedUnitPrice-C-009-C": "coalesce(ContractedUnitPrice, 0) >= 0",
    "ContractedUnitPrice-C-011-C": (
        "coalesce(abs(ContractedUnitPrice * PricingQuantity - ContractedCost), 0) < 0.0001"
    ),
    "EffectiveCost-C-003-M": "EffectiveCost is not null",
    "InvoiceIssuerName-C-003-M": "InvoiceIssuerName is not null",
    "ListCost-C-003-M": "ListCost is not null",
    "ListCost-C-008-C": "ChargeCategory <> 'Credit' or ListCost = BilledCost",
    "ListCost-C-009-C": "coalesce(abs(ListUnitPrice * PricingQuantity - ListCost), 0) < 0.0001",
    "ListUnitPrice-C-004-C": "ChargeCategory <> 'Tax' or ListUnitPrice is null",
    "ListUnitPrice-C-005-C": f"not ({IS_PRICED}) or ListUnitPrice is not null",
    "ListUnitPrice-C-008-M": "coalesce(ListUnitPrice, 0) >= 0",
    "PricingCategory-C-003-C": "ChargeCategory <> 'Tax' or PricingCategory is null",
    "PricingCategory-C-004-C": f"not ({IS_PRICED}) or PricingCategory is not null",
    "PricingCategory-C-007-M": (
        "coalesce(PricingCategory, 'Other') in ('Standard', 'Committed', 'Dynamic', 'Other')"
    ),
    "PricingQuantity-C-004-C": "ChargeCategory <> 'Tax' or PricingQuantity is null",
    "PricingQuantity-C-005-C": f"not ({IS_PRICED}) or PricingQuantity is not null",
    "PricingUnit-C-005-C": "PricingQuantity is not null or PricingUnit is null",
    "PricingUnit-C-006-C": "PricingQuantity is null or PricingUnit is not null",
    "ProviderName-C-003-M": "ProviderName is not null",
    "PublisherName-C-003-M": "PublisherName is not null",
    "ServiceCategory-C-002-M": "ServiceCategory is not null",
    "ServiceCategory-C-003-M": "ServiceCategory = 'Developer Tools'",
    "ServiceName-C-003-M": "ServiceName is not null",
    "CAU-ServiceProviderName-C-003-M": "ServiceProviderName is not null",
    "ServiceSubcategory-C-002-M": "ServiceSubcategory is not null",
    "ServiceSubcategory-C-004-M": (
        "(ServiceCategory, ServiceSubcategory) = ('Developer Tools', 'Development Environments')"
    ),
    "SkuId-C-004-C": "ChargeCategory <> 'Tax' or SkuId is null",
    "SkuId-C-005-C": f"not ({IS_PRICED}) or SkuId is not null",
    "SkuPriceId-C-004-C": "ChargeCategory <> 'Tax' or SkuPriceId is null",
    "SkuPriceId-C-005-C": f"not ({IS_PRICED}) or SkuPriceId is not null",
    "SubAccountName-C-003-C": "SubAccountId is not null or SubAccountName is null",
    "SubAccountName-C-004-C": "SubAccountId is null or SubAccountName is not null",
    "SubAccountType-C-003-C": "(SubAccountId is null) = (SubAccountType is null)",
}
# Queries that must return no rows.
SETS = {
    "ServiceName-C-005-C": (
        "select ServiceName from rows group by all having count(distinct ServiceCategory) > 1"
    ),
    "SkuPriceId-C-008-M": (
        "select SkuPriceId from rows where SkuPriceId is not null group by all"
        " having count(distinct SkuId) > 1"
    ),
}

PUBLISHED = {"pricing_public_on_demand_cost": "20", "product_sku": "S1"}
BILL = [
    # A discounted seat, whose bill line shows the discount, and a seat at the public price.
    bill_line("ann", "2026-05-01", cost="15", pricing_rate_code="S1.P2", **PUBLISHED),
    bill_line("bob", "2026-05-01", pricing_rate_code="S1.P1", **PUBLISHED),
    bill_line("cat", "2026-05-01", "USE1-KiroEnterprise-Power", cost="200"),
    bill_line("ann", "2026-05-03", "USE1-KiroEnterprise-Credits", "30", "0"),
    bill_line(
        *("ann", "2026-05-03", "USE1-KiroEnterprise-Credits", "25.5", "0.9"),
        pricing_public_on_demand_cost="1.02",
    ),
    bill_line(None, "2026-05-01", cost="1.05", line_item_line_item_type="Tax"),
    bill_line("bob", "2026-05-01", cost="-5", line_item_line_item_type="Refund"),
    bill_line(None, "2026-05-01", cost="-3", line_item_line_item_type="Credit"),
    bill_line(None, "2026-05-01", cost="-2", line_item_line_item_type="EdpDiscount"),
    # In June, bob's seat is refunded and no longer billed.
    bill_line("ann", "2026-06-01", bill_invoice_id="I6"),
    bill_line(
        *("bob", "2026-06-01", "USE1-KiroEnterprise-ProPlus", "-1", "-40"),
        line_item_line_item_type="Refund",
        bill_invoice_id="I6",
    ),
]


def write_months(project: Project) -> None:
    """Four people with a bill, and a person in an account without a known bill."""
    for day in ("2026-05-31", "2026-06-20"):
        rows = "".join(report_row(day, user) for user in ("ann", "bob", "cat", "dan"))
        project.write_report(day, f"{HEADER}\n{rows}")
        row = report_row(day, "eve", credits="1030.0").replace("0.0,false", "30.0,true")
        project.write_report(day, f"{HEADER}\n{row}", account="210987654321")
    for month in ("2026-05", "2026-06"):
        lines = [line for line in BILL if line["line_item_usage_start_date"][:7] == month]
        project.write_bill(month, lines)


@pytest.fixture(scope="module", params=["true", "false"], ids=["in_detail", "by_cost_center"])
def exported(request, tmp_path_factory) -> duckdb.DuckDBPyConnection:
    """Both files that the command writes: `rows` from Parquet, `cells` from CSV."""
    project = Project(tmp_path_factory.mktemp("focus"))
    write_months(project)
    project.run("--vars", f"{{chargeback_in_detail: {request.param}}}")
    out = project.folder / "export"
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/export_tables.py", "chargeback_focus", "--quiet"),
            *("--database", project.database, "--out", out),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    connection = duckdb.connect()
    connection.execute(f"create view rows as from '{out}/chargeback_focus.parquet'")
    connection.execute(
        f"create view cells as from read_csv('{out}/chargeback_focus.csv', all_varchar = true)"
    )
    with (out / "chargeback_focus.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == connection.sql("from rows").shape[0] > 0
    return connection


def test_columns_match_the_specification_and_have_types(exported):
    types = {name: kind for name, kind, *_ in exported.execute("describe rows").fetchall()}
    own = [name for name in types if name.startswith("x_")]
    assert own == ["x_CostCenter", "x_CostSource", "x_FocusVersion"]
    # ColumnHandling: custom columns come last.
    assert list(types)[-len(own) :] == own
    expected = (
        dict.fromkeys(DECIMALS, "DECIMAL(28,10)")
        | dict.fromkeys(DATE_TIMES, "TIMESTAMP")
        | dict.fromkeys([*STRINGS, *own], "VARCHAR")
    )
    assert types == expected


@pytest.mark.parametrize("rule", ROWS)
def test_every_row_follows(exported, rule):
    assert exported.execute(f"from rows where not coalesce({ROWS[rule]}, false)").fetchall() == []


@pytest.mark.parametrize("rule", SETS)
def test_values_follow_the_focus_rule(exported, rule):
    assert exported.execute(SETS[rule]).fetchall() == []


@pytest.mark.parametrize("column", DATE_TIMES)
def test_timestamps_end_with_z(exported, column):
    moments = exported.execute(f"select distinct {column} from cells").fetchall()
    assert all(re.fullmatch(r"\d{4}-\d\d-01T00:00:00Z", moment) for (moment,) in moments)


@pytest.mark.parametrize("column", DECIMALS)
def test_numbers_are_plain(exported, column):
    """FormatNumeric: no plus sign, no separators, no text."""
    numbers = exported.execute(
        f"select distinct {column} from cells where {column} is not null"
    ).fetchall()
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", number) for (number,) in numbers)


def test_discounts_make_list_cost_higher_than_billed_cost(exported):
    may = "where BillingPeriodStart = '2026-05-01' and x_CostSource <> 'list_price'"
    costs = exported.execute(
        "select sum(BilledCost)::double, sum(ListCost)::double, sum(ContractedCost)::double"
        f" from rows {may} and BillingAccountId = '999999999999'"
    ).fetchall()
    assert costs == [(pytest.approx(226.95), pytest.approx(232.07), pytest.approx(226.95))]


def test_charges_have_their_names_from_the_bill(exported):
    """Names appear only in detailed rows: a cost center's total covers several charges."""
    rows = exported.execute(
        "select ChargeDescription, SkuId, SkuPriceId, ListUnitPrice::double,"
        " ContractedUnitPrice::double, InvoiceId, ChargeClass from rows"
        " where SubAccountId = '123456789012' and ChargeCategory in ('Purchase', 'Usage')"
        " order by BillingPeriodStart, 1"
    ).fetchall()
    in_detail = exported.execute("select count(SubAccountId) > 0 from rows").fetchall() == [(True,)]
    assert rows == (
        [
            ("Kiro overage credits", *["Kiro overage credits"] * 2, 0.04, 0.0352941176, None, None),
            # There are two prices; a refund lowers the cost of the refunded charge.
            ("Kiro seats: POWER", *["Kiro seats: POWER"] * 2, 200, 200, None, None),
            ("Kiro seats: PRO", "S1", "S1", 17.5, 15, None, None),
            ("Kiro seats: PRO", *["Kiro seats: PRO"] * 2, 20, 20, "I6", None),
            ("Kiro seats: PRO_PLUS", *["Kiro seats: PRO_PLUS"] * 2, None, None, "I6", "Correction"),
        ]
        if in_detail
        else []
    )


def test_database_with_fewer_bill_columns_is_upgraded(project):
    write_months(project)
    project.run(only="chargeback_focus")
    expected = project.tables(["chargeback_focus"])
    with duckdb.connect(str(project.database)) as connection:
        for column in ("invoice_id", "sku_id", "sku_price_id", "list_cost"):
            connection.execute(f"alter table base_bill__charges drop column {column}")
    project.run(only="chargeback_focus")
    assert project.tables(["chargeback_focus"]) == expected
