"""What SQL can access, who can read files, and what the repository contains."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings
from mirroring import put, report_key
from projects import HEADER, ROOT, report_row

DAY = "2026-06-01"


def tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_tracked_file_contains_a_secret(monkeypatch):
    """Made-up secrets are marked `pragma: allowlist secret`; package hashes are not secrets."""
    monkeypatch.chdir(ROOT)
    secrets = SecretsCollection()
    with default_settings():
        for name in tracked_files():
            if Path(name).match("requirements/*.txt"):
                continue
            secrets.scan_file(name)
    assert [f"{name}:{secret.line_number}: {secret.type}" for name, secret in secrets] == []


def test_scripts_do_not_execute_text_or_use_a_shell():
    """Comments and settings that would allow either are ignored."""
    rules = "S102,S307,S602,S604,S605,S606,S609"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ruff", "check", "--isolated", "--ignore-noqa"),
            *("--select", rules, ROOT / "scripts"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_sql_can_access_only_allowed_folders(project, capfd):
    project.seats = project.reports / "seats"
    project.database = project.reports / "kiro.duckdb"
    (project.reports.parent / "outside.txt").write_text("x")
    (project.reports / "inside.txt").write_text("x")

    def error(sql: str) -> str:
        result = project.dbt("run-operation", "run_query", "--args", f'{{sql: "{sql}"}}')
        output = capfd.readouterr().out
        assert result.success == (output == "")
        return output

    assert error(f"from read_text('{project.reports}/inside.txt')") == ""
    for sql, text in (
        (f"from read_text('{ROOT}/README.md')", "Cannot access file"),
        (f"from read_text('{project.reports}/../outside.txt')", "Cannot access file"),
        (f"copy (select 1) to '{ROOT}/target/written.csv'", "Cannot access file"),
        (f"attach '{ROOT}/target/other.duckdb'", "Cannot access file"),
        ("load httpfs", "Loading external extensions is disabled"),
        ("set enable_external_access = true", "Cannot enable external access"),
        ("set allow_community_extensions = true", "Cannot change allow_community_extensions"),
    ):
        assert text in error(sql), sql


def open_to_others(folder: Path) -> list[str]:
    """Files and folders below a folder that users other than the owner can access."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.stat().st_mode & 0o077 and not path.is_symlink()
    ]


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def test_only_the_owner_can_read_build_and_dashboard_files(project, tmp_path, open_umask):
    inputs = tmp_path.parent / f"{tmp_path.name}-inputs"
    project.reports.rmdir()
    project.reports = inputs / "reports"
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    tmp_path.chmod(0o755)
    target = ROOT / "target/tests-permissions"
    shutil.rmtree(target, ignore_errors=True)
    own = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target / "logs")}
    done = project.dbt_process("build", "--exclude-resource-type", "test", "unit_test", **own)
    assert done.returncode == 0, done.stdout
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/build_dashboard.py", "--show-people"),
            *("--database", project.database, "--out", tmp_path / "dashboard/index.html"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = {path.name for path in tmp_path.rglob("*")}
    assert {"kiro.duckdb", "kiro_published.duckdb", "index.html", "people.csv"} <= written
    assert open_to_others(tmp_path) == []
    assert {"manifest.json", "dbt.log"} <= {path.name for path in target.rglob("*")}
    assert open_to_others(target) == []
    assert target.stat().st_mode & 0o077 == 0


def test_only_the_owner_can_read_dbt_folders_except_shared_folders(project, tmp_path, open_umask):
    own, shared = tmp_path / "target", tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    places = {"DBT_TARGET_PATH": str(own), "DBT_LOG_PATH": str(shared)}
    done = project.dbt_process("show", "--inline", "select 1 as number", **places)
    assert done.returncode == 0, done.stdout
    assert own.stat().st_mode & 0o077 == 0
    assert open_to_others(own) == []
    assert (shared / "dbt.log").stat().st_mode & 0o077 == 0
    assert shared.stat().st_mode & 0o7777 == 0o1777


def test_only_the_owner_can_read_the_files_of_a_sync(s3, mirror, open_umask):
    put(s3, {report_key(1): "report"})
    mirror.sync()
    assert len(list(mirror.folder.rglob("*"))) > 5
    assert open_to_others(mirror.folder.parent) == []
