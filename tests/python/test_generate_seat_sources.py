"""The made-up organization's bill, rosters, directory and teams agree with truth.json."""

import csv
import datetime
import gzip
import hashlib
import json
import re
import stat
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from projects import ROOT

ARGUMENTS = ("--users", "120", "--days", "215", "--start", "2026-02-25", "--users-per-file", "20")
FIRST_DATE, LAST_DATE = datetime.date(2026, 2, 25), datetime.date(2026, 9, 27)
CSV_TIME = "%Y-%m-%dT%H:%M:%S.000Z"
PRICES = {"Pro": 20, "ProPlus": 40, "ProMax": 100, "Power": 200}
PLANS = {"PRO": "Pro", "PRO_PLUS": "ProPlus", "PRO_MAX": "ProMax", "POWER": "Power"}
AMOUNTS = (
    "line_item_usage_amount",
    "line_item_unblended_cost",
    "pricing_public_on_demand_cost",
)
FIRST, SECOND = "100000000001", "100000000002"


def generate(out: Path, *arguments: str) -> dict:
    """Write a sample organization and return its expected values."""
    subprocess.run(
        [sys.executable, ROOT / "scripts/generate_reports.py", "--out", out, *arguments],
        check=True,
        capture_output=True,
    )
    return json.loads((out / "truth.json").read_text())


def digests(folder: Path) -> dict[str, tuple]:
    """Content and time of every file below a folder."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder / "reports", *ARGUMENTS, "--seats-out", folder / "seats")
    return folder


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    """The same organization without seat files."""
    folder = tmp_path_factory.mktemp("plain")
    generate(folder / "reports", *ARGUMENTS)
    return folder


@pytest.fixture(scope="module")
def truth(sample) -> dict:
    return json.loads((sample / "reports/truth.json").read_text())


@pytest.fixture(scope="module")
def bill(sample) -> list[dict]:
    """Every line of both exports, with the same types for dates and amounts."""
    whole = duckdb.sql(f"from read_parquet('{sample}/seats/bill/cur2/data/*/*.parquet')")
    lines = [dict(zip(whole.columns, row, strict=True)) for row in whole.fetchall()]
    for line in lines:
        del line["BILLING_PERIOD"]
    for path in sorted((sample / "seats/bill/kiro_lines/data").glob("*/*.csv.gz")):
        with gzip.open(path, "rt", newline="") as file:
            for line in csv.DictReader(file):
                for name in line:
                    if name.endswith("_date"):
                        line[name] = datetime.datetime.strptime(line[name], CSV_TIME)
                for name in AMOUNTS:
                    line[name] = float(line[name])
                assert isinstance(json.loads(line["product"]), dict)
                lines.append({name: value or None for name, value in line.items()})
    for line in lines:
        resource = line["line_item_resource_id"] or ""
        line["user_id"] = resource.rpartition("user/")[2].removeprefix("d-1234567890.")
        line["usage_month"] = str(line["bill_billing_period_start_date"].date())
        line["account_id"] = line["line_item_usage_account_id"]
        line["amount"] = line["line_item_usage_amount"]
        line["cost"] = line["line_item_unblended_cost"] or 0
    return lines


def subscriptions(bill: list[dict], user_id: str | None = None) -> list[dict]:
    return [
        line
        for line in bill
        if line["line_item_operation"] == "monthly-subscription"
        and user_id in (None, line["user_id"])
    ]


def read_list(path: Path) -> list[dict]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def rosters(sample: Path, account_id: str) -> list[list[dict]]:
    """An account's rosters, oldest first."""
    return [
        read_list(path) for path in sorted((sample / "seats/roster" / account_id).glob("*.csv"))
    ]


def roster_entry(sample: Path, seat: dict) -> dict | None:
    """The newest roster's row for a seat, found by user name."""
    account_id = seat["account_id"]
    name = seat["email"].split("@")[0] if account_id == FIRST else seat["email"]
    entries = [row for row in rosters(sample, account_id)[-1] if row["User name"] == name]
    assert len(entries) <= 1
    return entries[0] if entries else None


@pytest.fixture(scope="module")
def report_rows(sample) -> list[dict]:
    """Rows of all current reports: the newest file per day, account, Region and client."""
    newest = {}
    for path in sorted((sample / "reports").rglob("user_report/**/*_user_report*.csv")):
        newest[path.parent, re.sub(r"_(2026\d{4})\d{4}", r"_\1", path.name)] = path
    return [row for path in newest.values() for row in read_list(path)]


def active_days(report_rows: list[dict], user_id: str, account_id: str) -> set[str]:
    return {
        row["Date"]
        for row in report_rows
        if row["UserId"].endswith(user_id) and account_id in row["ProfileId"]
    }


def seats_of(truth: dict, name: str) -> list[dict]:
    return [seat for seat in truth["seats"] if seat["truth"] == name]


# Files ------------------------------------------------------------------------------------------


@pytest.mark.long
def test_same_arguments_give_the_same_bytes(sample, tmp_path):
    generate(tmp_path / "reports", *ARGUMENTS, "--seats-out", tmp_path / "seats")
    assert digests(tmp_path / "seats") == digests(sample / "seats")


@pytest.mark.long
def test_different_seed_gives_different_seats(sample, tmp_path):
    generate(tmp_path / "reports", *ARGUMENTS, "--seed", "2", "--seats-out", tmp_path / "seats")
    assert digests(tmp_path / "seats") != digests(sample / "seats")


def test_seat_files_do_not_change_the_reports(sample, plain):
    with_seats, without = digests(sample / "reports"), digests(plain / "reports")
    truths = [json.loads((folder / "reports/truth.json").read_text()) for folder in (sample, plain)]
    del with_seats["truth.json"], without["truth.json"]
    assert without.items() <= with_seats.items()
    assert truths[0]["stories"] == truths[1]["stories"]
    # Used planted seats have separate files, in the account's second Region.
    regions = {FIRST: "eu-central-1", SECOND: "us-east-1"}
    for path in with_seats.keys() - without.keys():
        account_id = re.match(r"kiro-reports-(\d+)/", path).group(1)
        assert f"/user_report/{regions[account_id]}/" in path


def test_no_seat_files_without_the_option(plain):
    assert [path.name for path in plain.iterdir()] == ["reports"]
    truths = json.loads((plain / "reports/truth.json").read_text())
    assert not truths.keys() & {"seats", "bill", "bill_differences", "teams", "emails", "names"}


def test_nonempty_folder_is_refused(tmp_path):
    (tmp_path / "seats").mkdir()
    (tmp_path / "seats/mine.csv").write_text("x")
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/generate_reports.py", "--days", "14"),
            *("--out", tmp_path / "reports", "--seats-out", tmp_path / "seats"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--seats-out" in done.stderr
    assert not (tmp_path / "reports").exists()


def test_folders_and_files_are_private(sample):
    paths = [sample / "seats", *(sample / "seats").rglob("*")]
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in paths}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_files_are_dated_and_in_the_right_folders(sample):
    months = [f"2026-{number:02}" for number in range(2, 10)]
    expected = {}
    for month, next_month in zip(months, [*months[1:], None], strict=True):
        day = f"{next_month}-01" if next_month else "2026-09-28"
        place = f"BILLING_PERIOD={month}"
        for name in (
            f"cur2/data/{place}/cur2-00001.snappy.parquet",
            f"cur2/data/{place}/cur2-00002.snappy.parquet",
            f"cur2/metadata/{place}/cur2-Manifest.json",
            f"kiro_lines/data/{place}/kiro_lines-00001.csv.gz",
            f"kiro_lines/metadata/{place}/kiro_lines-Manifest.json",
        ):
            expected[f"bill/{name}"] = day
    expected |= {
        f"roster/{FIRST}/subscriptions-2026-08-28.csv": "2026-08-29",
        f"roster/{FIRST}/subscriptions-2026-09-27.csv": "2026-09-28",
        f"roster/{SECOND}/subscriptions-2026-09-27.csv": "2026-09-28",
        "directory/d-1234567890/users-2026-09-27.csv": "2026-09-28",
        "teams/people-2026-09-27.csv": "2026-09-28",
        "exemptions/exemptions-2026-09-27.csv": "2026-09-28",
    }
    found = {
        name: datetime.datetime.fromtimestamp(modified_at, datetime.UTC).isoformat()
        for name, (_, modified_at) in digests(sample / "seats").items()
    }
    assert found == {name: f"{day}T03:00:00+00:00" for name, day in expected.items()}


def test_generator_supports_one_account_and_little_history(tmp_path):
    truth = generate(
        tmp_path / "reports",
        *("--users", "5", "--days", "14", "--accounts", "1", "--start", "2026-08-25"),
        *("--seats-out", tmp_path / "seats"),
    )
    assert not (tmp_path / "seats/bill/kiro_lines").exists()
    names = {seat["truth"] for seat in truth["seats"]}
    assert {"pending", "new and unused"} < names
    # Even in a small organization, three billed people use nothing.
    unused = [email for email in truth["emails"] if re.fullmatch(r"user\d+@example.com", email)]
    assert len(unused) == 5 + 3
    assert not names & {"never used", "cancelled", "returned", "duplicate in two accounts"}


# The bill ---------------------------------------------------------------------------------------


def test_columns_are_typed_as_in_data_exports(sample):
    columns = dict(
        row[:2]
        for row in duckdb.sql(
            f"describe from read_parquet('{sample}/seats/bill/cur2/data/*/*.parquet')"
        ).fetchall()
    )
    del columns["BILLING_PERIOD"]
    for name, kind in columns.items():
        if name.endswith("_date"):
            assert kind == "TIMESTAMP"
        elif name in AMOUNTS:
            assert kind == "DOUBLE"
        else:
            assert kind == ("MAP(VARCHAR, VARCHAR)" if name == "product" else "VARCHAR")
    path = next((sample / "seats/bill/kiro_lines/data").glob("*/*.csv.gz"))
    with gzip.open(path, "rt") as file:
        assert file.readline().strip().split(",") == list(columns)


def test_lines_are_unique_and_only_the_first_export_has_other_products(bill):
    ids = Counter((line["usage_month"], line["identity_line_item_id"]) for line in bill)
    assert set(ids.values()) == {1}
    products = defaultdict(set)
    for line in bill:
        products[line["account_id"]].add(line["line_item_product_code"])
    assert products == {FIRST: {"Kiro", "AmazonEC2", "AmazonS3"}, SECOND: {"Kiro"}}
    snapshots = [line for line in bill if line["line_item_operation"] == "q-developer-snapshot"]
    assert {line["account_id"] for line in snapshots} == {FIRST, SECOND}
    assert {line["cost"] for line in snapshots} == {0}
    assert all(line["user_id"] for line in snapshots)


def test_only_the_open_month_lacks_an_invoice(bill):
    months = {line["usage_month"] for line in bill if line["bill_invoice_id"] is None}
    assert months == {"2026-09-01"}
    assert not [
        line
        for line in bill
        if line["usage_month"] == "2026-09-01" and line["bill_invoice_id"] is not None
    ]


def test_only_taxes_lack_a_public_price_and_sku(bill):
    skus = defaultdict(set)
    for line in bill:
        rate, cost = line["pricing_public_on_demand_rate"], line["pricing_public_on_demand_cost"]
        if line["line_item_line_item_type"] == "Tax":
            assert not any((rate, cost, line["product_sku"], line["pricing_rate_code"]))
        else:
            assert (rate, cost or 0) == (line["line_item_unblended_rate"], line["cost"])
            assert line["pricing_rate_code"].startswith(line["product_sku"] + ".")
            skus[line["product_sku"]].add(line["line_item_usage_type"])
    assert all(len(usage_types) == 1 for usage_types in skus.values())


def test_account_months_add_up_to_the_expected_totals(bill, truth):
    found = defaultdict(lambda: Counter(seats=0))
    for line in bill:
        if line["line_item_product_code"] != "Kiro":
            continue
        sums = found[line["usage_month"], line["account_id"]]
        sums["total_usd"] += line["cost"]
        if line["line_item_line_item_type"] == "Tax":
            sums["tax_usd"] += line["cost"]
            assert (line["line_item_resource_id"], line["line_item_operation"]) == (None, None)
        elif line["line_item_operation"] == "monthly-subscription":
            sums["seats"] += 1
            sums["subscription_cost_usd"] += line["cost"]
        elif line["line_item_operation"] == "Credits":
            sums["credits"] += line["amount"]
            sums["overage_cost_usd"] += line["cost"]
    assert len(truth["bill"]) == 2 * 8
    for month in truth["bill"]:
        sums = found.pop((month["usage_month"], month["account_id"]))
        for name in month.keys() - {"usage_month", "account_id"}:
            assert sums[name] == pytest.approx(month[name], abs=1e-6)
        parts = sums["subscription_cost_usd"] + sums["overage_cost_usd"]
        assert sums["total_usd"] == pytest.approx(parts + sums["tax_usd"], abs=1e-6)
        assert sums["tax_usd"] == pytest.approx(0.05 * parts, abs=0.0051)
        assert sums["tax_usd"] == round(sums["tax_usd"], 2)
    assert not found


def test_subscriptions_have_a_list_price_and_region(bill):
    for line in subscriptions(bill):
        prefix, plan = re.fullmatch(
            r"(USE1|EUC1)-KiroEnterprise-(\w+)", line["line_item_usage_type"]
        ).groups()
        assert line["cost"] == pytest.approx(PRICES[plan] * line["amount"], abs=1e-7)
        regions = {"USE1": "us-east-1", "EUC1": "eu-central-1"}
        assert line["product_region_code"] == regions[prefix]
    assert {line["line_item_usage_type"][:4] for line in subscriptions(bill)} == {"USE1", "EUC1"}
    prefixed = {
        line["user_id"]
        for line in subscriptions(bill)
        if "user/d-1234567890." in line["line_item_resource_id"]
    }
    assert 0.03 < len(prefixed) / len({line["user_id"] for line in subscriptions(bill)}) < 0.2


def test_seat_is_billed_from_its_activation(sample, bill, truth):
    """The month of activation is prorated; later months are billed in full, used or not."""
    users = {row["Email"]: row["User id"] for row in directory(sample)}
    not_billed = {seat["email"] for seat in truth["seats"] if not seat["expected"]["is_billed"]}
    seats = 0
    for row in rosters(sample, SECOND)[-1]:
        if row["User name"] in not_billed:
            continue
        seats += 1
        activated = datetime.date.fromisoformat(row["Activation date"])
        lines = [
            line
            for line in subscriptions(bill, users[row["User name"]])
            if line["account_id"] == SECOND
        ]
        first_month = max(activated, FIRST_DATE).month
        assert sorted(line["usage_month"] for line in lines) == [
            f"2026-{month:02}-01" for month in range(first_month, 10)
        ]
        for line in lines:
            next_month = line["bill_billing_period_end_date"].date()
            month = line["bill_billing_period_start_date"].date()
            held = next_month - max(month, activated)
            assert line["amount"] == pytest.approx(held / (next_month - month), abs=1e-9)
            # People who joined before the first report pay the first month in full.
            assert line["amount"] == 1 or activated >= FIRST_DATE
    assert seats > 50


def test_tier_of_a_month_is_the_highest_tier(bill, truth):
    [story] = [seat for seat in truth["stories"] if seat["story"] == "tier changed in mid-month"]
    lines = {
        line["usage_month"]: line["line_item_usage_type"]
        for line in subscriptions(bill, story["user_id"])
    }
    assert lines.pop("2026-09-01") == "USE1-KiroEnterprise-ProPlus"
    assert len(lines) == 7
    assert set(lines.values()) == {"USE1-KiroEnterprise-Pro"}


def test_reported_people_except_the_planted_seat_are_billed_with_their_tier(
    bill, report_rows, truth
):
    tiers = defaultdict(set)
    for row in report_rows:
        account_id = row["ProfileId"].split(":")[4]
        tiers[row["Date"][:7] + "-01", account_id, row["UserId"][-36:]].add(
            PLANS[row["Subscription_Tier"]]
        )
    billed = defaultdict(list)
    for line in subscriptions(bill):
        plan = line["line_item_usage_type"].rpartition("-")[2]
        billed[line["usage_month"], line["account_id"], line["user_id"]].append(plan)
    [planted] = seats_of(truth, "reported but not billed")
    missing = {key for key in tiers if key not in billed}
    assert {user_id for _, _, user_id in missing} == {planted["user_id"]}
    for key in tiers.keys() - missing:
        assert max(tiers[key], key=PRICES.get) == max(billed[key], key=PRICES.get)


def test_some_billed_seats_are_in_no_report(bill, report_rows):
    billed = {line["user_id"] for line in subscriptions(bill)}
    unused = billed - {row["UserId"][-36:] for row in report_rows}
    # One in twenty of 120 people, and three planted seats.
    assert len(unused) == 6 + 3


def test_overage_matches_the_reports_except_for_the_planted_difference(bill, report_rows, truth):
    reported, billed = defaultdict(Decimal), defaultdict(Decimal)
    for row in report_rows:
        if float(row["Overage_Credits_Used"]) > 0:
            place = row["Date"][:7] + "-01", row["ProfileId"].split(":")[4], row["UserId"][-36:]
            reported[place] += round(Decimal(row["Overage_Credits_Used"]), 6)
    for line in bill:
        if line["line_item_operation"] == "Credits":
            place = line["usage_month"], line["account_id"], line["user_id"]
            billed[place] += round(Decimal(line["amount"]), 6)
            assert line["line_item_usage_type"].endswith("KiroEnterprise-Credits")
            assert line["cost"] == pytest.approx(0.04 * line["amount"], abs=1e-9)
    assert len(reported) > 50
    differences = {
        place: float(billed[place] - reported[place])
        for place in billed.keys() | reported.keys()
        if abs(billed[place] - reported[place]) > Decimal("0.00001")
    }
    [planted] = [
        difference
        for difference in truth["bill_differences"]
        if difference["difference"] == "more credits billed than reported"
    ]
    assert planted["credits"] == 1900
    place = planted["usage_month"], planted["account_id"], planted["user_id"]
    assert differences == {place: pytest.approx(1900)}


def test_other_planted_difference_is_a_seat(truth):
    [seat] = seats_of(truth, "reported but not billed")
    assert truth["bill_differences"][1] == {
        "difference": "reported but not billed",
        "account_id": seat["account_id"],
        "user_id": seat["user_id"],
        "usage_month": None,
        "credits": None,
    }


# Planted cases ----------------------------------------------------------------------------------


def test_every_planted_case_has_its_own_seat(truth):
    assert Counter(seat["truth"] for seat in truth["seats"]) == {
        "activated before history": 1,
        "billed but on no roster": 1,
        "cancelled": 1,
        "dormant but exempt": 1,
        "duplicate in two accounts": 2,
        "left since the older roster": 1,
        "never used": 1,
        "new and unused": 1,
        "on the roster but not billed": 1,
        "pending": 1,
        "reported but not billed": 1,
        "returned": 1,
        "two email addresses": 1,
    }
    assert len({seat["user_id"] for seat in truth["seats"]}) == 13


def test_expected_values_agree_with_bill_roster_and_reports(sample, truth, bill, report_rows):
    for seat in truth["seats"]:
        expected = seat["expected"]
        months = {
            line["usage_month"]
            for line in subscriptions(bill, seat["user_id"])
            if line["account_id"] == seat["account_id"]
        }
        assert expected["is_billed"] == ("2026-09-01" in months), seat["truth"]
        assert expected.get("last_billed_month") == max(months, default=None)
        entry = roster_entry(sample, seat)
        assert expected["is_on_roster"] == (entry is not None), seat["truth"]
        if entry:
            assert entry["Subscription status"] == expected["roster_status"]
            assert entry["Activation date"] == expected.get("activation_date", "")
        days = active_days(report_rows, seat["user_id"], seat["account_id"])
        assert expected.get("first_active_date") == min(days, default=None), seat["truth"]
        assert expected.get("last_active_date") == max(days, default=None)
        assert (seat["profile_id"] is None) == (not days)


def days_before_last(day: str) -> int:
    return (LAST_DATE - datetime.date.fromisoformat(day)).days


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("never used", "never_used"),
        ("pending", "pending"),
        ("cancelled", "cancelled"),
        ("new and unused", "new"),
        ("duplicate in two accounts", "active"),
        ("dormant but exempt", "dormant"),
        ("billed but on no roster", "active"),
        ("returned", "active"),
        ("two email addresses", "active"),
        ("activated before history", "unknown_history"),
        ("on the roster but not billed", "pending"),
        ("left since the older roster", None),
    ],
)
def test_seat_states_follow_from_the_dates(truth, name, state):
    for seat in seats_of(truth, name):
        expected = seat["expected"]
        assert expected.get("seat_state") == state
        activated = expected.get("activation_date")
        last_active = expected.get("last_active_date")
        if state == "active":
            assert days_before_last(last_active) <= 7
        elif state == "dormant":
            assert 30 <= days_before_last(last_active) <= 89
            assert expected["is_exempt"] is True
        elif state == "never_used":
            assert 60 <= days_before_last(activated) < 215
        elif state == "new":
            assert days_before_last(activated) == 5
        elif state == "unknown_history":
            assert activated == "2025-02-25"
        elif state == "cancelled":
            assert expected["last_billed_month"] == "2026-07-01"
            assert last_active
        elif state == "pending":
            assert last_active is None
            assert (activated is None) == (expected["roster_status"] == "Pending")


def test_seat_has_its_best_source(truth):
    sources = {
        name: {seat["expected"].get("seat_source") for seat in seats_of(truth, name)}
        for name in {seat["truth"] for seat in truth["seats"]}
    }
    not_on_the_bill = {
        "pending": {"roster"},
        "on the roster but not billed": {"roster"},
        "reported but not billed": {"roster"},
        # The seat is no longer in any source.
        "left since the older roster": {None},
    }
    assert not_on_the_bill.items() <= sources.items()
    for name in sources.keys() - not_on_the_bill.keys():
        assert sources[name] == {"bill"}, name


def test_returned_seat_was_unused_for_40_days(truth, report_rows):
    [seat] = seats_of(truth, "returned")
    days = sorted(active_days(report_rows, seat["user_id"], FIRST), key=days_before_last)
    silences = [
        days_before_last(earlier) - days_before_last(later) - 1 for later, earlier in pairwise(days)
    ]
    assert max(silences) == 40
    assert silences.index(40) == 4
    assert days_before_last(days[4]) == 4


def test_waste_of_a_duplicate_is_the_cheaper_price(truth, bill):
    seats = seats_of(truth, "duplicate in two accounts")
    assert {seat["account_id"] for seat in seats} == {FIRST, SECOND}
    lines = subscriptions(bill, seats[0]["user_id"])
    assert Counter(line["usage_month"] for line in lines) == {
        f"2026-{month:02}-01": 2 for month in range(2, 10)
    }
    costs = [line["cost"] for line in lines if line["usage_month"] == "2026-09-01"]
    assert sorted(costs) == [20, 40]
    assert [seat["expected"]["wasted_usd"] for seat in seats] == [20, 20]


def test_one_person_with_two_addresses_is_billed_once_a_month(truth, bill, report_rows):
    [seat] = seats_of(truth, "two email addresses")
    months = Counter(line["usage_month"] for line in subscriptions(bill, seat["user_id"]))
    assert len(months) == 8
    assert set(months.values()) == {1}
    emails = {
        row.get("User_Email")
        for row in report_rows
        if row["UserId"].endswith(seat["user_id"]) and row.get("User_Email")
    }
    assert emails == {"zz.old.name@example.com", "New.Name@Example.com"}


# Lists ------------------------------------------------------------------------------------------


def directory(sample: Path) -> list[dict]:
    return read_list(sample / "seats/directory/d-1234567890/users-2026-09-27.csv")


def teams(sample: Path) -> list[dict]:
    return read_list(sample / "seats/teams/people-2026-09-27.csv")


def test_rosters_use_the_console_spelling(sample):
    for account_id, name in ((FIRST, r"[^@]+"), (SECOND, r"[^@]+@[^@]+")):
        for row in rosters(sample, account_id)[-1]:
            assert re.fullmatch(name, row["User name"])
            assert row["Subscription status"] in ("Active", "Pending", "Canceled")
            assert row["Kiro plan"] in ("Kiro Pro", "Kiro Pro+", "Kiro Pro Max", "Kiro Power")
            assert row["Plan source"] == "Direct" or row["Plan source"].startswith("kiro-")
    columns = ["User name", "Subscription status", "Kiro plan", "Plan source", "Activation date"]
    assert list(row) == columns


def test_older_roster_has_one_more_person_and_no_later_seats(sample, truth):
    older, newest = rosters(sample, FIRST)
    [left] = seats_of(truth, "left since the older roster")
    names = {row["User name"] for row in newest}
    gone = [row["User name"] for row in older if row["User name"] not in names]
    assert gone == [left["email"].split("@")[0]]
    assert max(row["Activation date"] for row in older) <= "2026-08-28"
    assert len(older) < len(newest)


def test_directory_lists_all_people_and_their_groups(sample, bill):
    rows = directory(sample)
    groups = defaultdict(set)
    for row in rows:
        assert row["Group"] not in groups[row["User id"]]
        groups[row["User id"]].add(row["Group"])
        assert row["User name"] == row["Email"].split("@")[0]
    assert all("everyone" in names for names in groups.values())
    assert {"kiro-pro", "kiro-power"} < set.union(*groups.values())
    assert {line["user_id"] for line in subscriptions(bill)} < groups.keys()
    # Names are unique for up to 1,600 people.
    assert len({row["Display name"] for row in rows}) == len(groups)


def test_team_costs_add_up_to_the_expected_totals(sample, truth, bill):
    people = {row["Email"].lower(): row["User id"] for row in directory(sample)}
    holders = Counter(
        line["user_id"] for line in subscriptions(bill) if line["usage_month"] == "2026-09-01"
    )
    listed, seats = Counter(), Counter()
    for row in teams(sample):
        team = row["Team"], row["Cost center"]
        listed[team] += 1
        seats[team] += holders.pop(people[row["E-mail"].lower()], 0)
    seats[None, None] = holders.total()
    listed[None, None] = 0
    expected = {(team["team"], team["cost_center"]): team for team in truth["teams"]}
    assert listed == {key: team["people"] for key, team in expected.items()}
    assert seats == {key: team["seats"] for key, team in expected.items()}
    billed = [month for month in truth["bill"] if month["usage_month"] == "2026-09-01"]
    assert seats.total() == sum(month["seats"] for month in billed)


def test_team_lists_look_like_hr_lists(sample, bill):
    rows = teams(sample)
    sizes = Counter(row["Team"] for row in rows)
    centers = {row["Team"]: row["Cost center"] for row in rows}
    assert len(sizes) == 8
    assert len(set(centers.values())) == 4
    small = {sizes[team]: centers[team] for team in sizes if sizes[team] < 5}
    assert set(small) == {2, 3}
    assert small[2] != small[3]
    emails = [row["E-mail"] for row in rows]
    assert {email.islower() for email in emails} == {True, False}
    people = {row["Email"].lower(): row["User id"] for row in directory(sample)}
    assert len({email.lower() for email in emails}) == len(emails)
    unassigned = people.keys() - {email.lower() for email in emails}
    assert 0.01 < len(unassigned) / len(people) < 0.12
    billed = {line["user_id"] for line in subscriptions(bill)}
    without_seat = {email.lower() for email in emails if people[email.lower()] not in billed}
    assert {email for email in without_seat if "contractor" in email} == {
        f"contractor{number}@example.com" for number in (1, 2, 3)
    }
    assert {row["Manager"] for row in rows} <= {row["Display name"] for row in directory(sample)}


def test_every_address_and_name_belongs_to_the_organization(sample, truth, report_rows):
    emails = {row["User_Email"].lower() for row in report_rows if row.get("User_Email")}
    for path in (sample / "seats").rglob("*.csv"):
        emails |= set(re.findall(r"[\w.+-]+@[\w.-]+\w", path.read_text().lower()))
    local_parts = {email.split("@")[0] for email in truth["emails"]}
    assert emails <= set(truth["emails"])
    for roster in rosters(sample, FIRST):
        assert {row["User name"].lower() for row in roster} <= local_parts
    assert set(truth["names"]) == {row["Display name"] for row in directory(sample)}
