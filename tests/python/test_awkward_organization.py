"""The awkward organization, built as of several days, compared with each case's expected values."""

import datetime
import json
import math
import os
import re
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal

import duckdb
import pytest
from awkward_organization import awkward_organization
from awkward_organization.calendar_days import LAST_DAY, days
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from projects import ROOT, Project, failures

CASES = awkward_organization().truths()
AS_OF_DAYS = sorted({truth["as_of"] for case in CASES for truth in case["truths"]})
# The last two months; without KIRO_EVERY_DAY (`make replays`), only the start, middle and end of
# each month.
REPLAYED_DAYS = [
    day
    for day in days("2026-08-05", LAST_DAY)
    if "KIRO_EVERY_DAY" in os.environ or day[8:] in ("01", "02", "03", "15", "30", "31")
]


class Replays:
    """Builds as of several days, for which dbt parses the project only once."""

    def __init__(self, project: Project):
        self.project = project
        self.manifest = project.dbt("parse").result

    def build(self, as_of: str, *arguments: str):
        """Build as of a day and return dbt's result; a failure raises no exception."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.project.environment().items():
                patch.setenv(name, value)
            try:
                return dbtRunner(manifest=self.manifest).invoke(
                    [
                        *("--quiet", "--no-write-json", "build"),
                        *("--exclude-resource-type", "unit_test"),
                        *("--vars", json.dumps({"as_of_date": as_of})),
                        *arguments,
                    ]
                )
            finally:
                DuckDBConnectionManager.close_all_connections()


def written(folder) -> Project:
    project = Project(folder)
    awkward_organization().write(project.reports, project.seats)
    return project


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """The tables' answers as of each day that has expected values, and the failed builds."""
    replays = Replays(written(tmp_path_factory.mktemp("awkward")))
    found, failed = {}, {}
    for as_of in AS_OF_DAYS:
        result = replays.build(as_of)
        if not result.success:
            failed[as_of] = broken(result)
        with duckdb.connect(str(replays.project.database), read_only=True) as connection:
            for number, truth in asked(as_of):
                found[number] = answer(connection, truth)
    return found, failed


def broken(result) -> list[str]:
    """A build's failed nodes, without the nodes skipped as a consequence."""
    lines = failures(result).splitlines()
    return [line for line in lines if not re.search(r": (skipped|no-op): ", line)]


def asked(as_of: str | None = None) -> list[tuple]:
    """All expected values as of a day, each with its case number and its own number."""
    return [
        ((case["case"], number), truth)
        for case in CASES
        for number, truth in enumerate(case["truths"])
        if as_of in (None, truth["as_of"])
    ]


def answer(connection, truth: dict):
    """The value in the row with the expected value's key, or the reason why there is none."""
    conditions = " and ".join(condition(column, value) for column, value in truth["key"].items())
    try:
        rows = connection.execute(
            f"select {truth['column']} from {truth['table']} where {conditions}"
        ).fetchall()
    except duckdb.Error as error:
        return f"({str(error).splitlines()[0]})"
    if "unexpected" in truth:
        return [plain(row[0]) for row in rows]
    return plain(rows[0][0]) if len(rows) == 1 else f"({len(rows)} rows)"


def condition(column: str, value) -> str:
    if isinstance(value, str) and "%" in value:
        return f"cast({column} as varchar) like '{value}'"
    return f"{column} = '{value}'"


def plain(value):
    """A value as JSON represents it."""
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, datetime.date) else value


def is_true(truth: dict, found) -> bool:
    if "unexpected" in truth:
        # If the seat is missing, the lack of bad advice proves nothing.
        is_answer = isinstance(found, list) and (found or truth["table"] == "recommended_actions")
        return bool(is_answer) and not set(found) & set(truth["unexpected"])
    expected = truth["expected"]
    if isinstance(expected, bool) or not isinstance(expected, int | float):
        return found == expected and type(found) is type(expected)
    return (
        isinstance(found, int | float)
        and not isinstance(found, bool)
        and math.isclose(found, expected, abs_tol=1e-6)
    )


def in_words(truth: dict, found) -> str:
    key = ", ".join(f"{column} {value}" for column, value in truth["key"].items())
    wanted = f"not {truth['unexpected']}" if "unexpected" in truth else f"{truth['expected']!r}"
    return (
        f"{truth['table']}.{truth['column']} is {found!r}, should be {wanted}"
        f" as of {truth['as_of']} ({key})"
    )


def test_builds_succeed_as_of_every_day_with_expected_values(answers):
    _, failed = answers
    assert failed == {}


def test_tables_agree_with_every_expected_value(answers):
    """All cases are in one test: with several tests, each process would repeat the builds."""
    found, _ = answers
    wrong = []
    for case in CASES:
        lines = [
            in_words(truth, found[case["case"], number])
            for number, truth in enumerate(case["truths"])
            if not is_true(truth, found[case["case"], number])
        ]
        if lines:
            wrong.append("\n    ".join([f"{case['case']}: {case['description']}", *lines]))
    assert not wrong, "\n".join(wrong)


def test_every_case_has_expected_values_without_contradictions():
    expected = defaultdict(set)
    for _, truth in asked():
        if "expected" in truth:
            question = json.dumps([truth["table"], truth["column"], truth["as_of"], truth["key"]])
            expected[question].add(truth["expected"])
    assert [question for question, values in expected.items() if len(values) > 1] == []
    assert [case["case"] for case in CASES if not case["truths"]] == []
    assert len({case["case"] for case in CASES}) == len(CASES)


def test_generator_writes_the_organization_and_its_expected_values(tmp_path):
    reports, seats = tmp_path / "reports", tmp_path / "seats"
    subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/generate_reports.py", "--awkward"),
            *("--out", reports, "--seats-out", seats),
        ],
        check=True,
        capture_output=True,
    )
    again = written(tmp_path / "again")
    for folder, other in ((reports, again.reports), (seats, again.seats)):
        files = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
        assert files == {path.relative_to(other) for path in other.rglob("*") if path.is_file()}
        for file in files:
            assert (folder / file).read_bytes() == (other / file).read_bytes()
            assert (folder / file).stat().st_mtime == (other / file).stat().st_mtime or (
                file.name == "truths.json"
            )
    assert json.loads((reports / "truths.json").read_text()) == CASES
    assert len(list(reports.rglob("*.csv"))) < 650


@pytest.mark.release
def test_builds_succeed_as_of_the_days_of_two_months(tmp_path):
    replays = Replays(written(tmp_path))
    failed = {}
    for day in REPLAYED_DAYS:
        print("As of", day)
        result = replays.build(day)
        if not result.success:
            failed[day] = broken(result)
    assert failed == {}
