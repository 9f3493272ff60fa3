"""Collects report rows, bill lines, lists and expected values from all cases; writes the files."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import os
import tempfile
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from .calendar_days import LAST_DAY, days_in, delivered_at, months

REGION = "us-east-1"
# A credit value that causes a row to be rejected.
UNREADABLE = "abc"
PRICES = {"PRO": 20, "PRO_PLUS": 40, "PRO_MAX": 100, "POWER": 200}
USAGE_NAMES = {"PRO": "Pro", "PRO_PLUS": "ProPlus", "PRO_MAX": "ProMax", "POWER": "Power"}
FIRST_FILE = "00001.csv.gz"
ALWAYS_REPORTED = (
    "Date UserId Client_Type Chat_Conversations Credits_Used Overage_Cap Overage_Credits_Used "
    "Overage_Enabled ProfileId Subscription_Tier Total_Messages New_User User_Email auto_messages"
).split()


def user_id(person: str) -> str:
    """Return a person's bare id, which is the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{person}.example.com"))


def profile_id(account: str, profile: str) -> str:
    """Return the ARN of a profile."""
    return f"arn:aws:codewhisperer:{REGION}:{account}:profile/{profile}" if profile else ""


@dataclass
class Case:
    """A named scenario, and the values it must have in the public tables."""

    name: str
    description: str
    account_id: str | None = None
    people: list[str] = field(default_factory=list)
    truths: list[dict] = field(default_factory=list)

    def expect(self, table: str, column: str, expected, as_of: str = LAST_DAY, **key) -> None:
        """Expect this value in the only row with this key, or as an aggregate of all such rows."""
        self._add(table, column, as_of, key, {"expected": expected})

    def never(self, table: str, column: str, *unexpected, as_of: str = LAST_DAY, **key) -> None:
        """Expect that no row with this key has these values; rows must exist, except for advice."""
        self._add(table, column, as_of, key, {"unexpected": list(unexpected)})

    def seat(self, column: str, expected, as_of: str = LAST_DAY, **key) -> None:
        """Expect this value for the person's seat in `license_utilization`."""
        self.expect("license_utilization", column, expected, as_of, **self._seat_key(key))

    def seat_never(self, column: str, *unexpected, as_of: str = LAST_DAY, **key) -> None:
        """Expect that none of the person's seats in `license_utilization` has these values."""
        self.never("license_utilization", column, *unexpected, as_of=as_of, **self._seat_key(key))

    def _seat_key(self, key: dict) -> dict:
        person = key.pop("person", self.people[0])
        return {"account_id": self.account_id, "user_id": user_id(person)} | key

    def _add(self, table: str, column: str, as_of: str, key: dict, judgement: dict) -> None:
        self.truths.append({"table": table, "key": key, "column": column, "as_of": as_of})
        self.truths[-1] |= judgement


class Cases:
    """The cases in a module: functions decorated with `@case(name, account, people)`.

    The docstring is the case's description. Names of people are separated by spaces.
    """

    def __init__(self):
        self._functions = []

    def __call__(self, name: str, account: str | None = None, people: str = "") -> Callable:
        """Register a function as a case."""

        def add(function: Callable[[Organization, Case], None]) -> Callable:
            self._functions.append((function, name, account, people))
            return function

        return add

    def add_to(self, organization: Organization) -> None:
        """Add every case's people, files, lines and expected values."""
        for function, name, account, people in self._functions:
            case = Case(name, function.__doc__, account, people.split())
            organization.cases.append(case)
            function(organization, case)


class Organization:
    """Everything that will be written, kept in memory."""

    def __init__(self):
        self.cases: list[Case] = []
        # Rows of complete report files, by account, day and client.
        self.report_rows: dict[tuple[str, str, str], list[dict]] = defaultdict(list)
        # Other report files: path in the mirror, content and time.
        self.report_files: list[tuple[str, str, datetime.datetime]] = []
        # Lines of bill files, by path in the bill folder.
        self.bill_lines: dict[str, list[dict]] = defaultdict(list)
        self.bill_times: dict[str, datetime.datetime] = {}
        # Truncated files.
        self.cut_files: set[str] = set()
        # Lists, by path in the seats folder.
        self.lists: dict[str, list[dict]] = {}
        # Billed seats as (plan, USD), by account and month; used for the totals.
        self.billed_seats: dict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)

    # Reports

    def use(
        self,
        account: str,
        person: str,
        used_days: list[str],
        profile: str = "MAIN",
        credits: float | str = 3,
        tier: str = "PRO",
        client: str = "KIRO_IDE",
        **columns,
    ) -> None:
        """Add a report row for the person on each day."""
        for day in used_days:
            row = report_row(account, person, day, profile, credits, tier, client, **columns)
            self.report_rows[account, day, client].append(row)

    def deliver(
        self, account: str, day: str, rows: list[dict], part: int, hour: int = 2, minute: int = 0
    ) -> None:
        """Add one part of a day's IDE report; part 0 is the whole report."""
        name = f"_part_{part}" if part else ""
        path = report_path(account, day, "KIRO_IDE", name)
        self.report_files.append((path, csv_text(rows), delivered_at(day, hour, minute)))

    # The bill

    def charge(
        self,
        export: Export,
        account: str,
        month: str,
        person: str | None = None,
        plan: str = "PRO",
        cost: float | str | None = None,
        amount: float = 1,
        day: str | None = None,
        file: str = FIRST_FILE,
        folder: str = "",
        id_prefix: str = "",
        **columns,
    ) -> dict:
        """Add a bill line; by default, a subscription in the format used since spring 2026."""
        path = bill_path(export, month, file, folder)
        cost = PRICES.get(plan, 0) * amount if cost is None else cost
        usage_name = USAGE_NAMES.get(plan, plan)
        sku = f"SKU{usage_name.upper()}"
        line = {
            "identity_line_item_id": f"{export.name}-{month}-{len(self.bill_lines[path])}-{file}",
            "bill_payer_account_id": export.payer,
            "bill_invoice_id": invoice_id(export, month),
            "bill_billing_period_start_date": f"{month}-01T00:00:00.000Z",
            "line_item_usage_account_id": account,
            "line_item_line_item_type": "FlatRateSubscription",
            "line_item_product_code": "Kiro",
            "line_item_usage_type": f"USE1-KiroEnterprise-{usage_name}",
            "line_item_operation": "monthly-subscription",
            "line_item_resource_id": person
            and f"arn:aws:identitystore:::user/{id_prefix}{user_id(person)}",
            "line_item_usage_start_date": f"{day or f'{month}-01'}T00:00:00.000Z",
            "line_item_usage_amount": _number(amount),
            "line_item_unblended_cost": _number(cost),
            "line_item_currency_code": "USD",
            "pricing_public_on_demand_cost": _number(cost),
            "pricing_rate_code": f"{sku}.JRTCKXETXF.6YS6EN2CT7",
            "product_sku": sku,
        } | columns
        self.bill_lines[path].append(line)
        next_month = months(month, "2027-01")[1]
        self.bill_times.setdefault(path, delivered_at(min(f"{next_month}-01", LAST_DAY), 3))
        return line

    def subscribe(
        self,
        export: Export,
        account: str,
        person: str,
        plan: str = "PRO",
        first: str = "2026-05-01",
        last: str = "2026-10",
        **columns,
    ) -> None:
        """Bill a seat on the 1st of each month, prorated in its first month."""
        for month in months(first[:7], last):
            day = max(first, f"{month}-01")
            amount = (days_in(month) - int(day[8:]) + 1) / days_in(month)
            self.charge(export, account, month, person, plan, amount=amount, day=day, **columns)
            self.billed_seats[account, month].append((plan, PRICES[plan] * amount))

    # Writing

    def truths(self) -> list[dict]:
        """Return all cases and their expected values, as written to truths.json."""
        return [
            {
                "case": case.name,
                "description": case.description,
                "account_id": case.account_id,
                "people": {person: user_id(person) for person in case.people},
                "truths": case.truths,
            }
            for case in self.cases
        ]

    def write(self, out: Path, seats_out: Path | None = None) -> Counter:
        """Write reports and truths.json to `out`, and bills, rosters and lists to `seats_out`."""
        written: Counter[str] = Counter()
        for (account, day, client), rows in self.report_rows.items():
            path = out / report_path(account, day, client)
            _write(path, csv_text(rows).encode(), delivered_at(day))
            written.update(files=1, rows=len(rows))
        for name, text, at in self.report_files:
            _write(out / name, text.encode(), at)
            written.update(files=1, rows=text.count("\n") - 1)
        truths = json.dumps(self.truths(), indent=2) + "\n"
        (out / "truths.json").write_text(truths, encoding="utf-8")
        if seats_out:
            for name, lines in self.bill_lines.items():
                content = _bill_file(name, lines)
                if name in self.cut_files:
                    content = content[:-60]
                _write(seats_out / "bill" / name, content, self.bill_times[name])
            for name, rows in self.lists.items():
                _write(seats_out / name, csv_text(rows).encode(), delivered_at(name[-14:-4], 3))
        return written


@dataclass(frozen=True)
class Export:
    """An export of a payer's bill."""

    name: str
    payer: str


def bill_path(export: Export, month: str, file: str = FIRST_FILE, folder: str = "") -> str:
    """Return the path of an export's file for a month, relative to the bill folder."""
    return f"{export.name}/data/BILLING_PERIOD={month}/{folder}{export.name}-{file}"


def invoice_id(export: Export, month: str) -> str:
    """Return the payer's invoice id for a month; blank until the month is closed."""
    return f"{export.payer[-4:]}{month.replace('-', '')}" if month < LAST_DAY[:7] else ""


def report_row(
    account: str,
    person: str,
    day: str,
    profile: str = "MAIN",
    credits: float | str = 3,
    tier: str = "PRO",
    client: str = "KIRO_IDE",
    **columns,
) -> dict:
    """Return a row of a per-client report; `columns` replace or extend the defaults."""
    return {
        "Date": day,
        "UserId": user_id(person),
        "Client_Type": client,
        "Chat_Conversations": 1,
        "Credits_Used": _number(credits),
        "Overage_Cap": "10000.0",
        "Overage_Credits_Used": "0.0",
        "Overage_Enabled": "false",
        "ProfileId": profile_id(account, profile),
        "Subscription_Tier": tier,
        "Total_Messages": 5,
        "New_User": "false",
        "User_Email": f"{person}@example.com",
        "auto_messages": 5,
    } | columns


def report_path(account: str, day: str, client: str, part: str = "") -> str:
    """Return the key of a day's report in an account's bucket."""
    return (
        f"kiro-reports-{account}/logs/AWSLogs/{account}/KiroLogs/user_report/{REGION}/"
        f"{day.replace('-', '/')}/00/{client}_{account}_user_report_{day.replace('-', '')}0000"
        f"{part}.csv"
    )


def legacy_path(account: str, day: str) -> str:
    """Return the key of a day's legacy report in an account's bucket."""
    return (
        f"kiro-reports-{account}/logs/AWSLogs/{account}/KiroLogs/by_user_analytic/{REGION}/"
        f"{day.replace('-', '/')}/00/{account}_by_user_analytic_{day.replace('-', '')}0000"
        "_report.csv"
    )


def csv_text(rows: list[dict]) -> str:
    """Return rows as CSV, with the columns of all rows."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _bill_file(name: str, lines: list[dict]) -> bytes:
    content = csv_text(lines).encode()
    if name.endswith(".csv.gz"):
        return gzip.compress(content, mtime=0)
    if name.endswith(".parquet"):
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder, "lines.csv"), Path(folder, "lines.parquet")
            source.write_bytes(content)
            duckdb.read_csv(str(source), all_varchar=True).write_parquet(str(target))
            return target.read_bytes()
    return content


def _number(value: float | str) -> str:
    """Return a number without an exponent, even if it is small; text is unchanged."""
    return value if isinstance(value, str) else f"{value:.10f}".rstrip("0").rstrip(".")


def _write(path: Path, content: bytes, at: datetime.datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at.timestamp(),) * 2)
