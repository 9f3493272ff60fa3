"""Faults during a build: disk, permissions, files that vanish or grow. Old tables stay intact."""

import os
import resource
import shutil
import subprocess

import duckdb
import pytest
from copied_project import CopiedProject
from projects import HEADER, Project, report_row

pytestmark = pytest.mark.long

DAY = "2026-06-01"
OF_REPORTS = "base_kiro__report_files"
ROWS = ("--select", OF_REPORTS, "base_kiro__user_report_rows", "base_kiro__legacy_report_rows")


def as_ordinary_user(project: Project, monkeypatch) -> None:
    """Make dbt respect file modes even if the tests run as root."""
    if os.getuid() == 0:
        without = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
        run = subprocess.run
        monkeypatch.setattr(
            subprocess, "run", lambda command, **options: run([*without, *command], **options)
        )


def build(
    project: Project, *, may_show_stack: bool = False, **environment: str
) -> subprocess.CompletedProcess:
    """Build as a user would, without tests; return dbt's output as one line."""
    done = project.dbt_process(
        *("--no-use-colors", "build", "--exclude-resource-type", "test", "unit_test"),
        **environment,
    )
    assert may_show_stack or "Traceback" not in done.stdout + done.stderr
    done.stdout = " ".join(done.stdout.split())
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    """A database built from a read-only mirror."""
    project = Project(tmp_path_factory.mktemp("built"))
    folder = project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}").parent
    with pytest.MonkeyPatch.context() as patch:
        as_ordinary_user(project, patch)
        folder.chmod(0o500)
        done = build(project)
        folder.chmod(0o700)
    assert done.returncode == 0, done.stdout
    return project


@pytest.fixture
def copied(built, project) -> Project:
    """A copy of the built database with its mirror."""
    shutil.copytree(built.database.parent, project.database.parent, dirs_exist_ok=True)
    return project


def test_read_only_mirror_can_be_built(built):
    assert built.query("select user_id from license_utilization") == [("u",)]


def test_full_disk_is_reported_and_old_tables_remain(copied):
    rows = "".join(report_row("2026-06-02", f"user{number:040d}") for number in range(20_000))
    copied.write_report("2026-06-02", f"{HEADER}\n{rows}")
    published = copied.published
    before = published.read_bytes()
    # Simulates a full disk for users who cannot create a small disk.
    size = copied.database.stat().st_size + 500_000
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        # dbt shows a stack trace if a checkpoint fails while its other thread has the database
        # open.
        done = build(copied, may_show_stack=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert done.returncode in (1, 2)
    said = done.stdout + done.stderr
    assert f"free space on the disk of {copied.environment()['KIRO_DUCKDB_PATH']}" in said
    assert "or set KIRO_DUCKDB_PATH to a file elsewhere" in said
    assert published.read_bytes() == before
    assert copied.query("select user_id from license_utilization") == [("u",)]
    assert build(copied).returncode == 0
    assert copied.query("select count(*) from license_utilization") == [(20_001,)]


def test_insufficient_memory_is_reported_and_old_tables_remain(copied):
    rows = "".join(report_row("2026-06-02", f"user{number:040d}") for number in range(20_000))
    copied.write_report("2026-06-02", f"{HEADER}\n{rows}")
    published = copied.published
    before = published.read_bytes()
    done = build(copied, KIRO_MEMORY_LIMIT="20MB")
    assert done.returncode == 1
    assert "Out of Memory" in done.stdout
    assert "raise KIRO_MEMORY_LIMIT" in done.stdout
    assert "load_batch_megabytes" in done.stdout
    assert published.read_bytes() == before
    assert build(copied).returncode == 0
    assert copied.query("select count(*) from license_utilization") == [(20_001,)]


def test_seats_are_published_despite_a_failed_forecast(tmp_path):
    project = CopiedProject(tmp_path)
    project.data.write_report("2026-06-01", f"{HEADER}\n{report_row('2026-06-01', 'u')}")
    project.dbt("build", "--exclude-resource-type", "unit_test")
    model = "models/intermediate/forecast/int_seat_forecasts.sql"
    project.change(model, "\nselect\n", "\nselect\n    broken,\n")
    project.data.write_report("2026-06-02", f"{HEADER}\n{report_row('2026-06-02', 'v')}")
    done = project.run("build", "--exclude-resource-type", "unit_test")
    assert done.returncode == 1
    assert "overage_risk" in done.stdout.split("The forecast failed.")[1]
    with duckdb.connect(str(project.data.published)) as published:
        seats = published.sql("select user_id, as_of_date::varchar from license_utilization")
        assert sorted(seats.fetchall()) == [("u", "2026-06-02"), ("v", "2026-06-02")]
        days = published.sql("select max(activity_date)::varchar from model_mix_daily")
        assert days.fetchall() == [("2026-06-02",)]
        risks = published.sql("select user_id, as_of_date::varchar from overage_risk")
        assert risks.fetchall() == [("u", "2026-06-01")]


def test_unwritable_folder_is_reported(copied, tmp_path, monkeypatch):
    as_ordinary_user(copied, monkeypatch)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    copied.database = closed / "kiro.duckdb"
    done = build(copied)
    assert done.returncode == 2
    named = copied.environment()["KIRO_DUCKDB_PATH"].removesuffix("/kiro.duckdb")
    assert f"Make sure that the folder {named} exists, is writable" in done.stdout


def test_missing_seeds_are_reported(project):
    project.write_report("2026-06-01", f"{HEADER}\n{report_row('2026-06-01', 'u')}")
    done = project.dbt_process("run", "--select", "stg_plans__plan_prices")
    assert done.returncode == 1
    assert "The seeds (prices, plans and kinds of charges) are not loaded" in done.stdout
    assert "Then run .venv/bin/dbt build again" in done.stdout


def test_database_in_use_is_reported(copied):
    with duckdb.connect(str(copied.database)):
        done = build(copied)
    assert done.returncode == 2
    assert "is open in another program" in done.stdout


def test_unreadable_file_is_reported(copied, monkeypatch):
    as_ordinary_user(copied, monkeypatch)
    path = copied.write_report("2026-06-02", f"{HEADER}\n{report_row('2026-06-02', 'v')}")
    path.chmod(0)
    done = build(copied)
    assert done.returncode == 1
    assert path.name in done.stdout
    named = copied.environment()["KIRO_REPORTS_DIR"]
    assert f"give the user who runs dbt read access to everything in {named}" in done.stdout
    assert copied.query("select user_id from license_utilization") == [("u",)]


def recorded_and_held(project: Project) -> list[tuple]:
    return project.query(
        "select files.activity_date::varchar, data_lines, count(line_number)"
        f" from {OF_REPORTS} as files left join base_kiro__user_report_rows using (file_id)"
        " group by all order by all"
    )


def test_vanished_file_is_loaded_when_it_returns(copied):
    text = f"{HEADER}\n{report_row('2026-06-02', 'v')}"
    path = copied.write_report("2026-06-02", text)
    assert copied.dbt("run", "--select", OF_REPORTS).success
    path.unlink()
    done = copied.dbt_process("run", *ROWS)
    assert done.returncode == 0, done.stdout
    assert "Report files that vanished before they were read: 1." in done.stdout
    assert path.name in done.stdout
    assert recorded_and_held(copied) == [(DAY, 1, 1)]
    copied.write_report("2026-06-02", text)
    assert copied.dbt("run", *ROWS).success
    assert recorded_and_held(copied) == [(DAY, 1, 1), ("2026-06-02", 1, 1)]


def test_file_that_grows_before_it_is_read_is_read_again(copied):
    text = f"{HEADER}\n{report_row('2026-06-02', 'v')}"
    path = copied.write_report("2026-06-02", text)
    assert copied.dbt("run", "--select", OF_REPORTS).success
    path.write_text(text + report_row("2026-06-02", "w"))
    assert copied.dbt("run", "--select", "base_kiro__user_report_rows").success
    # The build's tests report the change, and nothing is published.
    tests = copied.dbt("test", "--select", "every_line_of_a_readable_file_is_accounted_for")
    assert not tests.success
    assert copied.dbt("run", *ROWS).success
    assert recorded_and_held(copied) == [(DAY, 1, 1), ("2026-06-02", 2, 2)]


def test_replaced_file_is_read_with_its_own_header(copied):
    """The line count is unchanged, so it does not reveal the replacement."""
    row = report_row("2026-06-02", "v", credits="7.5", messages="3")
    path = copied.write_report("2026-06-02", f"{HEADER}\n{row}", delivered_at=1_780_000_000)
    assert copied.dbt("run", "--select", OF_REPORTS).success
    swapped = {"Credits_Used": "Total_Messages", "Total_Messages": "Credits_Used"}
    header = ",".join(swapped.get(name, name) for name in HEADER.split(","))
    values = row.strip().split(",")
    values[4], values[10] = values[10], values[4]
    path.write_text(f"{header}\n{','.join(values)}\n")
    os.utime(path, (1_780_000_001, 1_780_000_001))
    assert copied.dbt("run", "--select", "base_kiro__user_report_rows").success
    held = "select credits_used::double from base_kiro__user_report_rows where user_id = 'v'"
    assert copied.query(held) == []
    assert not copied.dbt(
        "test", "--select", "every_line_of_a_readable_file_is_accounted_for"
    ).success
    assert copied.dbt("run", *ROWS).success
    assert copied.query(held) == [(7.5,)]
