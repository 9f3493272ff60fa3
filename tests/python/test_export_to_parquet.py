"""`scripts/export_to_parquet.py`: exports base tables as files and replaces a day in one step."""

import subprocess
import sys

import duckdb
import pytest
from projects import HEADER, ROOT, Project, report_row

pytestmark = pytest.mark.long

DAYS = ["2026-06-01", "2026-06-02", "2026-06-03"]
ROWS = "base_kiro__user_report_rows"
MESSAGES = "base_kiro__model_messages"


@pytest.fixture
def built(tmp_path) -> Project:
    """One user's reports for three days, each with messages to a model."""
    project = Project(tmp_path)
    for day in DAYS:
        write_day(project, day)
    project.run("--select", "path:models/staging/*/base")
    return project


def write_day(project: Project, day: str, user: str = "a") -> None:
    project.write_report(
        day, f"{HEADER},auto_messages\n{report_row(day, user, messages='3', tail=',3')}"
    )


def export(project: Project) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/export_to_parquet.py"),
            *("--database", project.database, "--out", folder(project)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def folder(project: Project):
    return project.database.parent / "parquet"


def exported_rows(project: Project, table: str = ROWS) -> list[tuple]:
    return duckdb.sql(
        f"select activity_date::text, file_id from read_parquet('{folder(project)}/{table}/*/*')"
        " order by all"
    ).fetchall()


def written_at(project: Project) -> dict:
    return {path: path.stat().st_mtime_ns for path in folder(project).rglob("*.parquet")}


def test_days_are_folders_and_small_tables_are_files(built):
    done = export(built)
    # Two tables have a file for each of three days; seven tables (files, columns, two of the bill
    # and three of the lists) have one file each.
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{folder(built)}: 13 files written, 0 unchanged, 0 removed.\n"
    assert exported_rows(built) == [(day, number) for number, day in enumerate(DAYS, 1)]
    assert exported_rows(built, MESSAGES) == exported_rows(built)
    assert len(duckdb.sql(f"from '{folder(built)}/base_bill__charges/rows.parquet'")) == 0


def test_unchanged_tables_are_not_rewritten(built):
    export(built)
    before = written_at(built)
    assert "0 files written, 13 unchanged, 0 removed" in export(built).stdout
    assert written_at(built) == before


def test_restated_day_replaces_only_its_file(built):
    export(built)
    before = written_at(built)
    write_day(built, DAYS[1], user="b-restated")
    built.run("--select", "path:models/staging/*/base")
    assert "3 files written, 10 unchanged" in export(built).stdout
    changed = {path for path, time in written_at(built).items() if before[path] != time}
    assert {str(path.relative_to(folder(built))) for path in changed} == {
        f"{ROWS}/activity_date=2026-06-02/rows.parquet",
        f"{MESSAGES}/activity_date=2026-06-02/rows.parquet",
        "base_kiro__report_files/rows.parquet",
    }
    assert exported_rows(built) == [(DAYS[0], 1), (DAYS[1], 4), (DAYS[2], 3)]


def test_vanished_day_is_removed(built):
    export(built)
    next(built.reports.rglob("*20260603*.csv")).unlink()
    built.run("--select", "path:models/staging/*/base", "--vars", "{reload_reports: true}")
    assert "1 files written, 10 unchanged, 2 removed" in export(built).stdout
    assert [path.name for path in sorted((folder(built) / ROWS).glob("activity*"))] == [
        f"activity_date={day}" for day in DAYS[:2]
    ]


def test_day_with_the_same_ids_and_other_rows_is_rewritten(built):
    export(built)
    built.forget("a")
    assert built.dbt_process("run", "--select", "path:models/staging/*/base").returncode == 0
    assert "1 files written, 6 unchanged, 6 removed" in export(built).stdout
    assert not list(folder(built).rglob("activity_date=*"))


def test_lost_file_is_written_again(built):
    export(built)
    (folder(built) / ROWS / f"activity_date={DAYS[0]}" / "rows.parquet").unlink()
    assert "1 files written, 12 unchanged" in export(built).stdout


def test_files_of_a_killed_export_are_rewritten(built):
    export(built)
    write_day(built, DAYS[1], user="b-restated")
    built.run("--select", "path:models/staging/*/base")
    # The export fails at the second file of a table.
    blocked = folder(built) / ROWS / f"activity_date={DAYS[1]}" / ".rows.parquet"
    blocked.mkdir()
    done = export(built)
    assert done.returncode == 2
    assert ".rows.parquet" in done.stderr
    assert "Traceback" not in done.stderr
    blocked.rmdir()
    write_day(built, DAYS[1])
    built.run("--select", "path:models/staging/*/base")
    assert export(built).returncode == 0
    assert exported_rows(built)[1] == (DAYS[1], 5)


def test_only_the_owner_can_read_exported_files(built):
    export(built)
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in folder(built).rglob("*")}
    assert modes == {True: 0o700, False: 0o600}


def test_types_match_the_yaml(built):
    export(built)
    columns = duckdb.sql(
        f"describe from read_parquet('{folder(built)}/{ROWS}/*/*', hive_partitioning = false)"
    ).fetchall()
    types = {name: data_type for name, data_type, *_ in columns}
    assert types["credits_used"] == "DECIMAL(18,6)"
    assert types["overage_enabled"] == "BOOLEAN"
    # The day is in the folder's name, and lists are not exported.
    assert types.keys().isdisjoint({"activity_date", "model_messages"})
    declared = {
        row[0] for row in built.query(f"select column_name from (describe {ROWS})")
    } - types.keys()
    assert declared == {"activity_date", "model_messages"}


def test_missing_database_or_bucket_path_is_a_usage_error(built, tmp_path):
    for arguments, advice in [
        (("--database", tmp_path / "none.duckdb"), "dbt build"),
        (("--database", built.database, "--out", "s3://bucket/prefix"), "not a folder"),
    ]:
        done = subprocess.run(
            [sys.executable, ROOT / "scripts/export_to_parquet.py", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert advice in done.stderr
        assert "Traceback" not in done.stderr
