"""`scripts/check_alerts.py`, as cron and CI run it."""

import datetime
import json
import subprocess
import sys

import duckdb
import pytest
from projects import HEADER, ROOT, Project, report_row

TODAY = "2026-06-16"
DAYS = [f"2026-06-{day:02}" for day in range(1, 16)]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A seat that reached its allowance on June 10 with overage off, and a seat that did not."""
    project = Project(tmp_path_factory.mktemp("alerts"))
    for number, day in enumerate(DAYS):
        blocked = report_row(day, "blocked", credits="100") if number < 10 else ""
        project.write_report(day, f"{HEADER}\n{blocked}{report_row(day, 'calm')}")
    project.run()
    return project


def check_alerts(database, *arguments: str, today: str = TODAY) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/check_alerts.py", "--database", database),
            *("--today", today, *arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def test_alerts_are_printed_and_set_the_exit_status(built):
    done = check_alerts(built.database)
    assert done.returncode == 3
    assert done.stdout == (
        "Kiro usage as of 2026-06-15, alerts: 1 (exit status 3)\n"
        "- 123456789012: 1 seat with overage off is blocked or likely to be blocked this month: "
        "1 now, 0 within 7 days, 0 later.\n"
    )
    assert done.stderr == ""


def test_alerts_are_printed_as_json(built):
    done = check_alerts(built.database, "--json")
    assert done.returncode == 3
    printed = json.loads(done.stdout)
    assert printed["as_of_date"] == "2026-06-15"
    [alert] = printed["alerts"]
    assert (alert["alert"], alert["measured"], alert["threshold"]) == ("seats_blocked", 1, 1)


def test_higher_threshold_silences_the_alert(built):
    built.run("--select", "usage_alerts", "--vars", "{alert_blocked_seats: 2}")
    done = check_alerts(built.database)
    assert (done.returncode, done.stdout) == (0, "Kiro usage as of 2026-06-15: no alerts.\n")
    assert json.loads(check_alerts(built.database, "--json").stdout)["alerts"] == []
    built.run("--select", "usage_alerts")


@pytest.mark.parametrize(
    ("today", "working_days"),
    [
        # The last report is for Monday, June 15; each report arrives the next day.
        ("2026-06-15", 0),
        ("2026-06-17", 0),
        ("2026-06-18", 2),
        ("2026-06-19", 3),
        # Saturday and Sunday are not working days.
        ("2026-06-20", 4),
        ("2026-06-22", 4),
        ("2026-08-28", 53),
    ],
)
def test_two_working_days_without_a_report_make_tables_too_old(built, today, working_days):
    printed = json.loads(check_alerts(built.database, "--json", today=today).stdout)["alerts"]
    stale = [alert for alert in printed if alert["alert"] == "data_stale"]
    assert [alert["measured"] for alert in stale] == ([working_days] if working_days else [])
    if stale:
        assert f"No report for {working_days} working days" in stale[0]["message"]


@pytest.mark.parametrize(("threshold", "is_told"), [("null", False), ("3", False), ("1", True)])
def test_maximum_age_of_tables_can_be_set(built, threshold, is_told):
    copy = built.copy(built.folder.parent / f"stale-{threshold}")
    with duckdb.connect(str(copy.database)) as connection:
        connection.execute(
            f"update report_settings set setting_value = {threshold}"
            " where setting = 'alert_stale_days'"
        )
    assert ("No report for" in check_alerts(copy.database, today="2026-06-18").stdout) is is_told


@pytest.mark.parametrize(("hours", "is_told"), [(0, False), (23, False), (365 * 24, True)])
def test_file_from_the_future_suggests_a_wrong_clock(built, hours, is_told):
    copy = built.copy(built.folder.parent / f"ahead-{hours}")
    delivered_at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours)
    with duckdb.connect(str(copy.database)) as connection:
        connection.execute(
            "update report_delivery set last_delivered_at = ? where activity_date = '2026-06-15'",
            [delivered_at.replace(tzinfo=None)],
        )
    alerts = json.loads(check_alerts(copy.database, "--json").stdout)["alerts"]
    told = [alert for alert in alerts if alert["alert"] == "clock_wrong"]
    assert bool(told) is is_told
    if told:
        assert told[0]["account_id"] == "123456789012"
        assert f"A report file is dated {delivered_at:%Y-%m-%d %H:%M} UTC" in told[0]["message"]


@pytest.mark.parametrize("kind", ["missing", "unbuilt", "in use"])
def test_unreadable_tables_are_reported(tmp_path, kind):
    database = tmp_path / "kiro.duckdb"
    if kind != "missing":
        connection = duckdb.connect(str(database))
        if kind == "unbuilt":
            connection.close()
    done = check_alerts(database)
    if kind == "in use":
        connection.close()
    assert (done.returncode, done.stdout) == (2, "")
    advice = {
        "missing": "run .venv/bin/dbt build",
        "unbuilt": "is missing tables or columns",
        "in use": "is open in another program",
    }
    assert advice[kind] in done.stderr
    assert "Traceback" not in done.stderr
