"""The file with the last complete build's public tables, which can be read at any time."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from projects import HEADER, PUBLIC_TABLES, ROOT, Project, report_row

pytestmark = pytest.mark.long

DAY = "2026-06-01"
JANE = "11111111-aaaa-4111-8111-111111111111"


def published(project: Project) -> Path:
    return project.database.with_name("kiro_published.duckdb")


def published_tables(project: Project) -> dict[str, list[tuple]]:
    with duckdb.connect(str(published(project)), read_only=True) as connection:
        return {
            table: connection.execute(f"select * from {table} order by all").fetchall()
            for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall()
        }


@pytest.fixture
def reported(project) -> Project:
    rows = report_row(DAY, "u") + report_row(DAY, JANE)
    project.write_report(DAY, f"{HEADER}\n{rows}")
    return project


@pytest.fixture(scope="module")
def built(module_project) -> Project:
    module_project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    module_project.run()
    return module_project


def test_copy_has_the_public_tables_with_their_comments(built):
    assert published_tables(built) == built.tables()
    comments = (
        "select table_name, null as column_name, comment from duckdb_tables() union all"
        " select view_name, null, comment from duckdb_views() union all"
        " select table_name, column_name, comment from duckdb_columns()"
    )
    of_public_tables = f"select * from ({comments}) where table_name in {tuple(PUBLIC_TABLES)}"
    with duckdb.connect(str(published(built)), read_only=True) as connection:
        held = set(connection.execute(of_public_tables).fetchall())
    assert held == set(built.query(of_public_tables))
    assert not [row for row in held if row[2] is None]


def test_only_the_owner_can_read_the_copy_and_the_duckdb_shell_can_open_it(built):
    assert oct(published(built).stat().st_mode)[-3:] == "600"
    done = subprocess.run(
        [
            *(ROOT / ".venv/bin/duckdb", "-readonly", "-noheader", "-csv", published(built)),
            *("-c", "select user_id from license_utilization"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("u\n", "")


def test_only_complete_builds_without_errors_are_published(built):
    before = (published(built).stat().st_ino, published(built).read_bytes())

    def stayed() -> bool:
        return before == (published(built).stat().st_ino, published(built).read_bytes())

    built.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'v')}", client="PLUGIN")
    for partial in (
        ("build", "--select", "+license_utilization", "--exclude-resource-type", "test"),
        ("run", "--select", "people"),
        ("test", "--select", "people"),
    ):
        assert built.dbt(*partial).success
        assert stayed(), partial
    assert built.query("select count(*) from license_utilization") == [(2,)]

    # All tables are built, but a test fails: a recorded line is missing.
    with duckdb.connect(str(built.database)) as connection:
        connection.execute("update base_kiro__report_files set data_lines = data_lines + 1")
    done = built.dbt_process("build", "--exclude", "test_type:unit", "test_type:generic")
    assert done.returncode == 1
    assert "every_line_of_a_readable_file_is_held" in done.stdout
    assert "published copy of the public tables is still from the last build" in done.stdout
    assert stayed()

    built.run("--vars", "{reload_reports: true}")
    assert not stayed()
    assert published_tables(built) == built.tables()


def test_failure_to_publish_fails_the_build(reported):
    published(reported).mkdir()
    done = reported.dbt_process("build", "--exclude-resource-type", "test", "unit_test")
    assert done.returncode != 0
    assert "kiro_published.duckdb still has those of an earlier build" in done.stdout
    assert "Is a directory" in done.stdout
    assert "run .venv/bin/dbt build again" in done.stdout.replace("\n", " ")
    assert "Traceback" not in done.stdout + done.stderr
    assert reported.query("select count(*) from license_utilization") == [(2,)]
    assert sorted(path.name for path in reported.database.parent.iterdir()) == [
        "kiro.duckdb",
        "kiro.duckdb.key",
        "kiro_published.duckdb",
        "reports",
    ]


def holds(path: Path, text: str) -> bool:
    return text.encode() in path.read_bytes()


def test_forgotten_person_is_in_no_published_copy(reported):
    reported.run()
    assert holds(published(reported), JANE)
    reported.forget(JANE)
    without_tests = ("--exclude-resource-type", "test", "unit_test")

    # A build that erases data and then fails removes the copy.
    with duckdb.connect(str(reported.database)) as connection:
        connection.execute("alter table base_kiro__user_report_rows rename total_messages to own")
    done = reported.dbt_process("build", *without_tests)
    assert done.returncode == 1, done.stdout
    assert not published(reported).exists()
    assert not holds(reported.database, JANE)

    # The next successful build publishes a copy, and so does a successful erasure.
    reported.database.unlink()
    reported.forget()
    reported.run()
    assert holds(published(reported), JANE)
    reported.forget(JANE)
    done = reported.dbt_process("build", *without_tests)
    assert done.returncode == 0, done.stdout
    assert published_tables(reported) == reported.tables()
    assert not holds(published(reported), JANE)


def test_scripts_read_the_copy_while_a_build_locks_the_database(built):
    def answers() -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, ROOT / "scripts/check_alerts.py", "--database", built.database],
            capture_output=True,
            text=True,
            check=False,
        )

    unlocked = answers()
    assert "Kiro usage as of 2026-06-01" in unlocked.stdout
    with duckdb.connect(str(built.database)):
        assert answers().stdout == unlocked.stdout
        aside = published(built).rename(published(built).with_suffix(".aside"))
        refused = answers()
        aside.rename(published(built))
    assert refused.returncode == 2
    assert "is open in another program" in refused.stderr
