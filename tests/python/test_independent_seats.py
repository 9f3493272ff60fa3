"""The awkward organization's seats: tables agree with plain Python code that reads the files."""

import datetime
import os

import independent_files
import independent_seats
import pytest
from projects import Project
from test_awkward_organization import CASES, Replays, broken, in_words, is_true, written

# With KIRO_EVERY_DAY (`make replays`): the first days, middle and end of both months.
DAYS = ["2026-08-01", "2026-08-15", "2026-09-03", "2026-09-30"]
if "KIRO_EVERY_DAY" in os.environ:
    DAYS = [f"2026-{month}-{day}" for month in ("08", "09") for day in ("01", "02", "03", "15")]
    DAYS += ["2026-08-31", "2026-09-30"]
WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")
SEAT = ("account_id", "profile_id", "user_id")
# For each table: its key, the other columns to compare, and the rows.
TABLES = {
    "license_utilization": (
        SEAT,
        (
            "is_billed",
            "subscription_tier",
            "seat_state",
            "activated_date",
            "last_active_date",
            "last_evidence_date",
            "is_duplicate_seat",
            "duplicate_waste_usd",
            "is_reclaimable",
            "coverage_30",
            "assumed_quiet_days_30",
        ),
        "true",
    ),
    "recommended_actions": (
        SEAT,
        ("action", "confidence = 'certain' as is_certain", "monthly_savings_usd"),
        "action in ('reclaim', 'investigate')",
    ),
    "license_utilization_monthly": (
        ("usage_month", "account_id", "subscription_tier"),
        (
            "seats",
            "active_seats",
            "credits_allowance",
            "subscription_cost_usd",
            "overage_cost_usd",
        ),
        "seats > 0",
    ),
    "seat_states_monthly": (
        ("usage_month", "account_id", "subscription_tier", "seat_state"),
        ("seats", "subscription_cost_usd"),
        "true",
    ),
}


def built(project: Project, table: str) -> dict[tuple, dict]:
    """A table's rows, by key."""
    key, columns, condition = TABLES[table]
    rows = project.records(f"select {', '.join(key + columns)} from {table} where {condition}")
    return {tuple(row.pop(name) for name in key): row for row in rows}


def differences(tables: dict[tuple, dict], expected: dict[tuple, dict]) -> list[str]:
    """Describe rows that are on only one side and values that differ."""
    found = [f"{key}: only in the table" for key in tables.keys() - expected.keys()]
    found += [f"{key}: not in the table" for key in expected.keys() - tables.keys()]
    for key in tables.keys() & expected.keys():
        found += [
            f"{key}: {column} is {tables[key][column]!r}, should be {value!r}"
            for column, value in expected[key].items()
            if not is_same(tables[key][column], value)
        ]
    return sorted(found)


def is_same(value, expected) -> bool:
    if isinstance(expected, float) and value is not None:
        return float(value) == pytest.approx(expected, abs=1e-6)
    return value == expected


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return written(tmp_path_factory.mktemp("independent"))


@pytest.fixture(scope="module")
def organization(project):
    return independent_files.read(project.reports, project.seats)


@pytest.mark.long
def test_seat_tables_agree_with_the_files_on_the_days_of_two_months(project, organization):
    replays = Replays(project)
    wrong = []
    for day in DAYS:
        print("As of", day)
        result = replays.build(day, *WITHOUT_TESTS, "--select", *(f"+{table}" for table in TABLES))
        assert result.success, broken(result)
        seats = independent_seats.SeatTables(organization, datetime.date.fromisoformat(day))
        for table in TABLES:
            expected = getattr(seats, table)()
            assert expected
            wrong += [
                f"As of {day}: {table}: {difference}"
                for difference in differences(built(project, table), expected)
            ]
    assert not wrong, "\n".join(wrong)


def test_expected_values_of_each_case_agree_with_the_files(organization):
    """Compares the second implementation with the expected values of each case."""
    truths = [
        truth
        for case in CASES
        for truth in case["truths"]
        if truth["table"] == "license_utilization"
        and truth["column"] in TABLES["license_utilization"][1]
    ]
    wrong = []
    for as_of in sorted({truth["as_of"] for truth in truths}):
        seats = independent_seats.SeatTables(organization, datetime.date.fromisoformat(as_of))
        rows = seats.license_utilization()
        for truth in truths:
            values = [
                as_in_json(row[truth["column"]])
                for seat, row in rows.items()
                if truth["as_of"] == as_of and is_named(seat, truth["key"])
            ]
            found = values if "unexpected" in truth else values and values[0]
            if truth["as_of"] == as_of and not is_true(truth, found):
                wrong.append(in_words(truth, found))
    assert len(truths) > 50
    assert not wrong, "\n".join(wrong)


def is_named(seat: independent_seats.Seat, key: dict) -> bool:
    """Whether the key is the seat's; a profile in the key begins with a wildcard."""
    values = dict(zip(SEAT, seat, strict=True))
    return all(values[name].endswith(value.removeprefix("%")) for name, value in key.items())


def as_in_json(value):
    return str(value) if isinstance(value, datetime.date) else value
