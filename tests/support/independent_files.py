"""Reads report files, bills, and rosters in plain Python, for `independent_seats`.

It supports the awkward organization's files, not every format that the models read.
"""

import csv
import datetime
import gzip
import io
import itertools
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

Day = datetime.date

NAME = re.compile(
    r".*AWSLogs/(?P<account>\d+)/KiroLogs/(?P<report>user_report|by_user_analytic)/[^/]+/"
    r"(?P<day>\d+/\d+/\d+)/00/(?:(?P<client>[A-Z_]+)_)?\d+_(?P=report)_\d+"
    r"(?:_part_(?P<part>\d+))?(?:_report)?\.csv"
)
USER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")

OVERAGE_RATE_USD = 0.04
# Plan: USD a month, credits.
PLANS = {
    "FREE": (0, 50),
    "PRO": (20, 1000),
    "PRO_PLUS": (40, 2000),
    "PRO_MAX": (100, 5000),
    "POWER": (200, 10000),
}
BILLED_PLAN = {"Pro": "PRO", "ProPlus": "PRO_PLUS", "ProMax": "PRO_MAX", "Power": "POWER"}


@dataclass(frozen=True)
class Row:
    """A usable report row: one user, client and day."""

    account: str
    profile: str
    user: str
    client: str
    day: Day
    tier: str | None
    limit: float | None
    credits: float | None
    overage_credits: float | None
    overage_enabled: bool
    is_new: bool
    is_active: bool


@dataclass(frozen=True)
class Line:
    """A bill line: a person's fee for a plan, credits (no plan), or neither (no user)."""

    payer: str
    account: str
    month: str
    user: str | None
    plan: str | None
    day: Day
    share: float
    # Another file of the same month and export is truncated.
    is_of_cut_month: bool


@dataclass(frozen=True)
class Listed:
    """A row of a roster."""

    account: str
    listed_on: Day
    user: str
    status: str
    tier: str | None
    activated: Day | None


@dataclass
class Organization:
    """The content of the files; `known_on` limits it to what was known on a day."""

    rows: list[Row] = field(default_factory=list)
    # Account, person and day of use outside usable report rows.
    other_evidence: list[tuple[str, str, Day]] = field(default_factory=list)
    # Account, client and day of each delivery: rows, and whether it is complete.
    files: dict[tuple[str, str, Day], tuple[int, bool]] = field(default_factory=dict)
    # Account and day of each legacy report.
    legacy_days: list[tuple[str, Day]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)

    def known_on(self, as_of: Day) -> "Organization":
        """The same content, without anything dated later."""
        return Organization(
            [row for row in self.rows if row.day <= as_of],
            [evidence for evidence in self.other_evidence if evidence[2] <= as_of],
            {key: file for key, file in self.files.items() if key[2] <= as_of},
            [legacy for legacy in self.legacy_days if legacy[1] <= as_of],
            [line for line in self.lines if line.day <= as_of],
            [row for row in self.listed if row.listed_on <= as_of],
        )


def bare(text: str | None) -> str | None:
    """The user id without the identity store's prefix."""
    match = USER.search((text or "").lower())
    return match and match[0]


def plan_named(text: str | None) -> str | None:
    """The plan for a name in a report or roster; unknown names are kept."""
    name = re.sub(r"[\s-]+", "_", (text or "").strip()).upper().replace("+", "_PLUS")
    short = re.sub(r"^(KIRO_ENTERPRISE|Q_DEVELOPER_STANDALONE|Q_DEVELOPER|KIRO)_", "", name)
    return short if short in PLANS else name or None


def number(text: str | None) -> float | None:
    """A number, or None for a blank; raise ValueError for anything else."""
    return float(text) if text else None


def number_or_none(text: str | None) -> float | None:
    try:
        return number(text)
    except ValueError:
        return None


def read(reports: Path, seats: Path) -> Organization:
    """Read all files of an organization."""
    organization = Organization()
    for path in reports.rglob("*by_user_analytic*.csv"):
        account, day = NAME.fullmatch(str(path))["account"], day_of(path)
        organization.legacy_days.append((account, day))
        with path.open(newline="") as file:
            organization.other_evidence += [
                (account, bare(row["UserId"]), day) for row in csv.DictReader(file)
            ]
    for (account, client, day), files in deliveries(reports).items():
        read_delivery(organization, account, client, day, files)
    organization.lines = read_bill(seats / "bill")
    organization.listed = read_rosters(seats / "roster")
    organization.other_evidence += [
        (line.account, line.user, line.day)
        for line in organization.lines
        if line.user and not line.plan
    ]
    return organization


def day_of(path: Path) -> Day:
    return Day(*map(int, NAME.fullmatch(str(path))["day"].split("/")))


def deliveries(reports: Path) -> dict[tuple, list[tuple[int | None, Path]]]:
    """Files of each account, client and day: the newest complete delivery, if any."""
    found = defaultdict(list)
    for path in reports.rglob("*user_report*.csv"):
        match = NAME.fullmatch(str(path))
        part = int(match["part"]) if match["part"] else None
        key = (match["account"], match["client"], day_of(path))
        found[key].append((path.stat().st_mtime, part, path))
    return {key: newest_delivery(files) for key, files in found.items()}


def newest_delivery(files: list[tuple]) -> list[tuple]:
    """Parts and paths of the newest whole file or complete set of parts; otherwise, all files."""
    whole = [file for file in files if file[1] is None]
    newest_whole = max(whole, default=None)
    parts = [file for file in files if file[1] is not None]
    newest_part = max(parts, default=None)
    if newest_part and (not newest_whole or newest_part[0] > newest_whole[0]):
        together = sorted(
            (part, path) for time, part, path in parts if newest_part[0] - time < 3600
        )
        return together
    return [newest_whole[1:]]


def read_delivery(organization: Organization, account: str, client: str, day: Day, files) -> None:
    """Add the rows of a day's files, and record whether the day is complete."""
    count, nameless, is_whole = 0, 0, True
    for _, path in files:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows or "UserId" not in rows[0]:
            is_whole = False
            continue
        for row in rows:
            count += 1
            user = bare(row["UserId"])
            try:
                organization.rows.append(report_row(account, client, day, row))
            except ValueError:
                if user:
                    organization.other_evidence.append((account, user, day))
                else:
                    nameless += 1
    numbers = [part for part, _ in files if part]
    is_whole = is_whole and numbers == list(range(1, len(numbers) + 1))
    is_whole = is_whole and not (nameless and (count < 100 or nameless > count / 100))
    organization.files[account, client, day] = (count, is_whole)


def report_row(account: str, client: str, day: Day, row: dict) -> Row:
    """Parse a row; raise ValueError if its key or a measure cannot be read."""
    user = bare(row["UserId"])
    if not user:
        raise ValueError("no user")
    credits, overage, messages, conversations = (
        number(row[name])
        for name in (
            "Credits_Used",
            "Overage_Credits_Used",
            "Total_Messages",
            "Chat_Conversations",
        )
    )
    return Row(
        account=account,
        profile=row["ProfileId"],
        user=user,
        client=client,
        day=day,
        tier=plan_named(row["Subscription_Tier"]),
        limit=number_or_none(row.get("Usage_Limit")),
        credits=credits,
        overage_credits=overage,
        overage_enabled=row["Overage_Enabled"].lower() == "true",
        is_new=row.get("New_User", "").lower() == "true",
        is_active=any((measure or 0) > 0 for measure in (credits, messages, conversations)),
    )


def read_bill(folder: Path) -> list[Line]:
    """The lines of the newest version of each export and month, each line once."""
    assemblies = defaultdict(dict)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        export = path.relative_to(folder).parts[0]
        month = re.search(r"BILLING_PERIOD=[\d-]+|\d{8}-\d{8}", str(path))[0]
        assemblies[export, month].setdefault(path.parent, []).append(path)
    lines = {}
    for folders in assemblies.values():
        files = [bill_rows(path) for path in folders[max(folders)]]
        for fields in itertools.chain(*files):
            key = (fields["bill_payer_account_id"], fields["identity_line_item_id"])
            lines[key] = bill_line(fields, is_of_cut_month=[] in files)
    return list(lines.values())


def bill_rows(path: Path) -> list[dict]:
    """The rows of a bill file; none if it is truncated."""
    if path.suffix == ".parquet":
        assert not path.read_bytes().endswith(b"PAR1"), f"{path}: Parquet file is not truncated"
        return []
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    if any(None in row.values() for row in rows):
        return []
    return [{snake(name): value for name, value in row.items()} for row in rows]


def snake(name: str) -> str:
    """The newer format's name for a column in the older format."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.replace("/", "_")).lower()


def bill_line(fields: dict, *, is_of_cut_month: bool) -> Line:
    """A bill line; a line without a fee or credits gets no user, so it is not a seat."""
    user = bare(fields["line_item_resource_id"])
    kind, operation = fields["line_item_line_item_type"], fields["line_item_operation"]
    plan = fields["line_item_usage_type"].partition("KiroEnterprise-")[2]
    is_fee = operation == "monthly-subscription" and plan in BILLED_PLAN
    is_fee = is_fee and kind in ("FlatRateSubscription", "Usage") and user
    is_credits = operation == "Credits" and plan == "Credits" and kind == "Usage"
    return Line(
        payer=fields["bill_payer_account_id"],
        account=fields["line_item_usage_account_id"],
        month=fields["bill_billing_period_start_date"][:7],
        user=user if is_fee or is_credits else None,
        plan=BILLED_PLAN[plan] if is_fee else None,
        day=Day.fromisoformat(fields["line_item_usage_start_date"][:10]),
        share=float(fields["line_item_usage_amount"]),
        is_of_cut_month=is_of_cut_month,
    )


def read_rosters(folder: Path) -> list[Listed]:
    listed = []
    for path in folder.rglob("*.csv"):
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                activated = row["Activation date"]
                listed.append(
                    Listed(
                        account=path.parent.name,
                        listed_on=Day.fromisoformat(path.stem[-10:]),
                        user=bare(row["User id"]),
                        status=row["Subscription status"].lower(),
                        tier=plan_named(row["Kiro plan"]),
                        activated=Day.fromisoformat(activated) if activated else None,
                    )
                )
    return listed
