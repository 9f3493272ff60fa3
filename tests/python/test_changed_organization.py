"""Variants of the awkward organization: what must change and what must not.

These tests have no expected values: they compare a build of the organization with a build of a
copy that differs in one respect.
"""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from awkward_organization import awkward_organization
from awkward_organization import organization as written_organization
from awkward_organization.accounts import HUB
from awkward_organization.calendar_days import LAST_DAY
from awkward_organization.organization import Organization, csv_text, report_path
from awkward_organization.rosters import listed
from projects import ROOT, Project
from test_awkward_organization import Replays, broken

pytestmark = pytest.mark.release

RANKS = {"possible": 1, "likely": 2, "certain": 3}
# Keyed by the last part of the plan's name, in any spelling.
PLAN_CREDITS = {"PRO": 1000, "PROPLUS": 2000, "PRO+": 2000, "PROMAX": 5000, "POWER": 10000}
COUNTS = "Chat_Conversations Credits_Used Overage_Credits_Used Total_Messages auto_messages".split()
SEAT = "account_id, profile_id, user_id"
# Tables about seats, their cost and use, and advice about them.
SEAT_TABLES = [
    "bill_reconciliation",
    "chargeback_monthly",
    "license_utilization",
    "license_utilization_monthly",
    "overage_monthly",
    "recommended_actions",
    "seat_states_monthly",
]
NEW_ACCOUNT = "999900009999"
# Their folders, by name.
SOURCES = {
    "bill": ["seats/bill"],
    "roster": ["seats/roster"],
    "directory": ["seats/directory"],
    "teams": ["seats/teams"],
    "legacy report": ["reports/**/by_user_analytic"],
}
TURNS_OF_A_MONTH = [f"2026-08-{day}" for day in ("01", "02", "03", "15", "31")]


def built(
    folder,
    change: Callable[[Organization], None] = lambda organization: None,
    without: str | None = None,
) -> Project:
    """The organization with a roster for its largest account, changed and built."""
    organization = awkward_organization()
    roster = f"roster/{HUB}/subscriptions-{LAST_DAY}.csv"
    for person in people_of(HUB, organization):
        listed(organization, roster, person)
    change(organization)
    project = Project(folder)
    organization.write(project.reports, project.seats)
    remove(project, without)
    result = Replays(project).build(LAST_DAY)
    assert result.success, broken(result)
    return project


def remove(project: Project, source: str | None) -> None:
    """Remove the folders of a source."""
    for pattern in SOURCES.get(source, []):
        folders = list(project.folder.glob(pattern))
        assert folders, pattern
        for folder in folders:
            shutil.rmtree(folder)


def people_of(account: str, organization: Organization) -> list[str]:
    """The people in an account's cases."""
    cases = [case for case in organization.cases if case.account_id == account]
    return sorted({person for case in cases for person in case.people})


def is_usable(row: dict) -> bool:
    """Whether a report row's counts are blank or numbers."""
    return all(str(row[name] or 0).replace(".", "").isdigit() for name in COUNTS)


def rows_of(project: Project, condition: str = "true", tables=SEAT_TABLES) -> dict[str, list]:
    """The rows of the tables, in an order that depends only on them."""
    return {
        table: project.query(f"select * from {table} where {condition} order by all")
        for table in tables
    }


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory) -> Project:
    return built(tmp_path_factory.mktemp("unchanged"))


def test_additional_account_does_not_change_other_accounts(unchanged, tmp_path):
    def add_account(organization: Organization) -> None:
        for (account, day, client), rows in list(organization.report_rows.items()):
            if account == HUB:
                organization.report_rows[NEW_ACCOUNT, day, client] = [
                    row | {"UserId": str(uuid.uuid5(uuid.NAMESPACE_URL, row["UserId"]))}
                    for row in rows
                ]

    changed = built(tmp_path, add_account)
    others = f"account_id <> '{NEW_ACCOUNT}'"
    # Some charges belong to no account, and forecast ranges are based on all accounts.
    tables = [t for t in SEAT_TABLES if t not in ("chargeback_monthly", "recommended_actions")]
    advice = f"""
        select * exclude (evidence) from recommended_actions
        where {others} and action in ('reclaim', 'investigate') order by all
    """
    assert changed.query(f"select count(*) from license_utilization where not {others}") > [(0,)]
    assert rows_of(changed, others, tables) == rows_of(unchanged, others, tables)
    assert changed.query(advice) == unchanged.query(advice)


def test_people_with_other_ids_have_the_same_seats(unchanged, tmp_path, monkeypatch):
    renamed = {}

    class OtherIds:
        """The functions that create the organization's ids, and replacements for them."""

        NAMESPACE_DNS = uuid.NAMESPACE_DNS

        @staticmethod
        def uuid5(namespace: uuid.UUID, name: str) -> str:
            new = uuid.uuid5(uuid.NAMESPACE_URL, name)
            renamed[str(new)] = str(uuid.uuid5(namespace, name))
            return new

    monkeypatch.setattr(written_organization, "uuid", OtherIds)
    changed = built(tmp_path)

    def old_names(rows: list[tuple]) -> list[str]:
        texts = []
        for row in rows:
            text = repr(row)
            for new, old in renamed.items():
                text = text.replace(new, old)
            texts.append(text)
        return sorted(texts)

    before, after = rows_of(unchanged), rows_of(changed)
    assert renamed
    assert not set(before["license_utilization"]) & set(after["license_utilization"])
    for table in SEAT_TABLES:
        assert old_names(after[table]) == sorted(map(repr, before[table])), table


def test_split_report_gives_the_same_tables(unchanged, tmp_path):
    def cut(organization: Organization) -> None:
        for (account, day, client), rows in list(organization.report_rows.items()):
            # A part without usable rows is treated as lost.
            if client == "KIRO_IDE" and len(rows) > 2 and all(map(is_usable, rows)):
                del organization.report_rows[account, day, client]
                for part in (1, 2, 3):
                    organization.deliver(account, day, rows[part - 1 :: 3], part)

    changed = built(tmp_path, cut)
    [(parts,)] = changed.query("select max(parts) from report_delivery")
    assert parts == 3
    assert rows_of(changed) == rows_of(unchanged)


def test_inactive_client_does_not_change_seats(unchanged, tmp_path):
    zeros = dict.fromkeys(COUNTS, 0)

    def add_zeros(organization: Organization) -> None:
        delivered = {path for path, _, _ in organization.report_files}
        for (account, day, client), rows in list(organization.report_rows.items()):
            if client == "KIRO_IDE" and report_path(account, day, "KIRO_CLI") not in delivered:
                organization.report_rows[account, day, "KIRO_CLI"] += [
                    # Only usable rows: zeros could turn a rejected row into a valid row.
                    row | zeros | {"Client_Type": "KIRO_CLI"}
                    for row in rows
                    if is_usable(row)
                ]

    changed = built(tmp_path, add_zeros)
    rows = "select sum(rows) from report_delivery"
    assert changed.query(rows) > unchanged.query(rows)
    assert rows_of(changed) == rows_of(unchanged)


def test_doubled_credits_and_allowances_give_the_same_utilization(unchanged, tmp_path):
    def limited(factor: float) -> Callable[[Organization], None]:
        def change(organization: Organization) -> None:
            for row in rows_in(organization):
                tier = re.sub("[^A-Z+]", "", (row.get("Subscription_Tier") or "").upper())
                allowance = next((c for name, c in PLAN_CREDITS.items() if tier.endswith(name)), 0)
                if allowance:
                    limit = row.get("Usage_Limit") or ""
                    is_number = limit.replace(".", "").isdigit()
                    row["Usage_Limit"] = times(factor, limit if is_number else allowance)
                for column in {"Credits_Used", "Overage_Credits_Used"} & row.keys():
                    row[column] = times(factor, row[column])

        return change

    # Compares half with full amounts: twice the largest amount would exceed a row's limit.
    once, twice = built(tmp_path / "1", limited(0.5)), built(tmp_path / "2", limited(1))
    question = f"""
        select {SEAT}, seat_state, is_reclaimable, credit_utilization,
            credits_used_month * {{}} as credits_used_month
        from license_utilization order by all
    """
    assert once.query("select count(*) from license_utilization where credit_utilization > 0") > [
        (10,)
    ]
    assert twice.query(question.format(1)) == once.query(question.format(2))


def rows_in(organization: Organization) -> Iterator[dict]:
    """All report rows, to change in place."""
    for rows in organization.report_rows.values():
        yield from rows
    for number, (path, text, at) in enumerate(organization.report_files):
        if "/user_report/" in path:
            rows = list(csv.DictReader(io.StringIO(text)))
            yield from rows
            organization.report_files[number] = path, csv_text(rows), at


def times(factor: float, credits: float | str) -> str:
    """The cell's credits, multiplied; a cell that is not a number is unchanged."""
    try:
        return str(float(credits) * factor)
    except ValueError:
        return credits


def advice_of(project: Project) -> dict[tuple, tuple[str, str]]:
    rows = project.query(f"select {SEAT}, action, confidence from recommended_actions")
    return {row[:3]: row[3:] for row in rows}


@pytest.mark.parametrize("source", SOURCES)
def test_advice_is_not_more_certain_with_a_source_missing(unchanged, tmp_path, source):
    with_it, without = advice_of(unchanged), advice_of(built(tmp_path, without=source))
    assert "certain" in {confidence for _, confidence in with_it.values()}
    more_certain = defaultdict(dict)
    for seat, (action, confidence) in without.items():
        before = with_it.get(seat, (None, "likely"))
        if RANKS[confidence] > RANKS[before[1]]:
            more_certain[seat] = before, (action, confidence)
    assert not more_certain


@pytest.mark.skipif("KIRO_EVERY_DAY" not in os.environ, reason="half an hour: make replays")
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("organization", ["awkward", "sample"])
def test_tables_are_consistent_with_a_source_missing_around_month_boundaries(
    organization, source, tmp_path
):
    """Data tests with error severity, which compare advice with its evidence, pass."""
    project = Project(tmp_path)
    if organization == "awkward":
        awkward_organization().write(project.reports, project.seats)
    else:
        generate = [sys.executable, ROOT / "scripts/generate_reports.py", "--days", "226"]
        out = ["--out", project.reports, "--seats-out", project.seats]
        subprocess.run([*generate, *out], check=True, capture_output=True)
    remove(project, source)
    replays = Replays(project)
    failed = {}
    for as_of in TURNS_OF_A_MONTH:
        result = replays.build(as_of)
        if not result.success:
            failed[as_of] = broken(result)
    assert failed == {}
