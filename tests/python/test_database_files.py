"""Database files that have odd names, are damaged, or are next to another database's log."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from copied_project import CopiedProject
from projects import HEADER, ROOT, Project, report_row

sys.path.insert(0, str(ROOT / "scripts"))

from dbt_plugins.database_files import advice_on_opening
from dbt_plugins.private_database import erase_freed_bytes, publish

WITH_A_LOG = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create table numbers as select range as number from range(100000)")
connection.execute("checkpoint")
connection.execute("create table later as select 1 as number")
# The database is not closed, so the log remains.
os._exit(0)
"""


def with_a_log(path: Path) -> Path:
    subprocess.run([sys.executable, "-c", WITH_A_LOG, path], check=True)
    assert path.with_name(f"{path.name}.wal").exists()
    return path


def damage(path: Path, log: Path, kind: str) -> None:
    if kind == "the log of another database":
        shutil.copy(with_a_log(path.with_name("other.duckdb")).with_name("other.duckdb.wal"), log)
    elif kind == "a damaged log":
        content = bytearray(log.read_bytes())
        content[len(content) // 2] ^= 255
        log.write_bytes(content)
    elif kind == "cut off":
        os.truncate(path, path.stat().st_size // 2)
    elif kind == "a damaged head":
        content = bytearray(path.read_bytes())
        content[4100:4200] = b"\xff" * 100
        path.write_bytes(content)
    elif kind == "another file":
        path.write_bytes(b"hello " * 5000)


@pytest.mark.parametrize(
    ("kind", "what", "advice"),
    [
        ("the log of another database", "cannot be opened with", "from a backup, delete kiro"),
        ("a damaged log", "cannot be opened with", "put a backup of both in their place"),
        ("cut off", "is damaged, truncated", "put a backup of both in their place"),
        ("a damaged head", "is damaged, truncated", "put a backup of both in their place"),
        ("another file", "is damaged, truncated", "put a backup of both in their place"),
    ],
)
def test_damaged_database_is_reported_with_advice(tmp_path, kind, what, advice):
    path = with_a_log(tmp_path / "kiro.duckdb")
    damage(path, path.with_name("kiro.duckdb.wal"), kind)
    with pytest.raises(duckdb.Error) as raised:
        duckdb.connect(str(path))
    said = advice_on_opening(path, raised.value)
    assert said.startswith(f"{path} {what}")
    assert advice in said
    assert "program" not in said


def test_newer_database_version_is_not_reported_as_damage(tmp_path):
    error = duckdb.IOException(
        "IO Error: Trying to read a database file with version number 999, but we can only read "
        "versions between 64 and 68.\nThe database file was created with an newer version."
    )
    said = advice_on_opening(tmp_path / "kiro.duckdb", error)
    assert "was written by a newer version" in said
    assert "make setup" in said
    assert "backup" not in said


def test_scripts_and_builds_report_a_damaged_database(project):
    damage(project.database, project.database, "another file")
    project.write_report("2026-06-01", f"{HEADER}\n{report_row('2026-06-01', 'u')}")
    build = project.dbt_process("build")
    script = subprocess.run(
        [sys.executable, ROOT / "scripts/check_alerts.py", "--database", project.database],
        capture_output=True,
        text=True,
        check=False,
    )
    for done, said in ((build, build.stdout), (script, script.stderr)):
        assert done.returncode == 2
        assert "is damaged, truncated, or not a DuckDB database" in said
        assert "put a backup of both in their place" in said


@pytest.mark.long
@pytest.mark.parametrize("name", ["main", "TEMP", "o'neill", 'a"b'])
def test_unusable_database_name_is_reported(project, name):
    project.database = project.folder / f"{name}.duckdb"
    done = project.dbt_process("build")
    assert done.returncode == 2
    assert "set KIRO_DUCKDB_PATH to another file" in done.stdout
    assert not project.database.exists()


@pytest.mark.long
def test_symbolic_link_to_a_different_name_is_reported(project):
    project.database.symlink_to(project.folder / "other.duckdb")
    done = project.dbt_process("build")
    assert done.returncode == 2
    assert "is a symbolic link to other.duckdb" in done.stdout


@pytest.mark.parametrize("name", ["publishing", "anew", "kiro.duckdb"])
def test_database_with_any_other_name_can_be_published_and_erased(tmp_path, name):
    path = tmp_path / f"{name}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table numbers as select 1 as number")
        connection.execute("comment on table numbers is 'Some.'")
        publish(connection, "main", ["numbers"], path)
    with duckdb.connect(str(path.with_name(f"{name}_published.duckdb"))) as connection:
        assert connection.execute("from numbers").fetchall() == [(1,)]
        assert connection.execute("select comment from duckdb_tables()").fetchall() == [("Some.",)]
    path.with_name(f"{path.name}.erase").touch()
    erase_freed_bytes(path, {})
    assert not path.with_name(f"{path.name}.erase").exists()
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("from numbers").fetchall() == [(1,)]


@pytest.mark.long
def test_project_in_a_folder_with_an_apostrophe_can_be_built(tmp_path):
    copied = CopiedProject(tmp_path / "o'neill's")
    copied.data.write_report("2026-06-01", f"{HEADER}\n{report_row('2026-06-01', 'u')}")
    copied.dbt("build", "--exclude-resource-type", "unit_test")
    assert Project(copied.folder.parent / "data").query("select user_id from overage_risk") == [
        ("u",)
    ]
