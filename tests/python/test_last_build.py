"""`scripts/run_daily.py` builds only if something has changed since its last build."""

import datetime
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import command_line
import last_build
import pytest
from copied_project import CopiedProject
from projects import HEADER, ROOT, report_row

MONDAY = datetime.date(2026, 6, 1)
DBT = Path(sys.executable).with_name("dbt")
# The first argument is a stand-in for dbt: dbt is too slow to run in every test.
RUN = (
    "import pathlib, sys; sys.path.insert(0, 'scripts'); import run_daily;"
    " run_daily.DBT = pathlib.Path(sys.argv.pop(1)); run_daily.main()"
)


class Daily:
    """A copy of the project with reports, lists, and the files a build creates."""

    def __init__(self, folder):
        copied = CopiedProject(folder)
        self.code, self.data, self.dbt = copied.folder, copied.data, copied.dbt
        shutil.copytree(ROOT / "scripts", self.code / "scripts", dirs_exist_ok=True)
        self.database, self.published = self.data.database, self.data.published
        self.page = self.data.folder / "dashboard/index.html"
        self.report = self.data.write_report(
            f"{MONDAY}", f"{HEADER}\n{report_row(f'{MONDAY}', 'u')}"
        )
        self.list = self.data.write_list("teams/teams.csv", "user_id,team\nu,Blue\n")
        self.forgotten = self.data.folder / "forgotten.txt"
        self.forgotten.write_text("# nobody\n")
        self.packages = folder / "packages"
        (self.packages / "dbt_other-1.0.dist-info").mkdir(parents=True)
        self.stand_in, self.note = folder / "dbt", folder / "built"
        self.environment = {
            "KIRO_REPORTS_DIR": str(self.data.reports),
            "KIRO_SEATS_DIR": str(self.data.seats),
            "KIRO_DUCKDB_PATH": str(self.database),
            "KIRO_PEOPLE_TO_FORGET": str(self.forgotten),
            "PATH": "/usr/bin:/bin",
        }

    def changed(self, record=False, **environment) -> list[str]:
        """Return the parts that changed since the last record; `record` saves the current state."""
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith(last_build.SETTINGS)]:
                patch.delenv(name)
            for name, value in (self.environment | environment).items():
                patch.setenv(name, value)
            patch.setattr(sys, "path", [*sys.path, str(self.packages)])
            for module in (command_line, last_build):
                patch.setattr(module, "PROJECT", self.code)
            parts = (
                last_build.what_a_build_reads(self.database, self.page)
                | last_build.what_a_build_makes(self.database)
                | last_build.what_a_dashboard_is(self.page)
            )
            if record:
                last_build.LastBuild(self.database).record(parts)
            return last_build.LastBuild(self.database).changed(parts)

    def run(self, *arguments, dbt=None, ends="exit 0", days=1, **environment):
        """Run everything except the sync; `ends` sets how the stand-in for dbt exits."""
        self.note.unlink(missing_ok=True)
        self.stand_in.write_text(f"#!/bin/sh\ntouch '{self.note}'\n{ends}\n")
        self.stand_in.chmod(0o755)
        today = MONDAY + datetime.timedelta(days=days)
        return subprocess.run(
            [
                *(sys.executable, "-c", RUN, dbt or self.stand_in, "--no-sync"),
                *("--today", f"{today}", "--out", self.page, *arguments),
            ],
            cwd=self.code,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def builds(self, *arguments, **options) -> bool:
        """Return whether a run builds; the run must succeed."""
        done = self.run(*arguments, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return self.note.exists()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Create the files of a build without running it."""
    daily = Daily(tmp_path_factory.mktemp("files"))
    for path in (daily.database, daily.published, daily.page, daily.page.parent / "tables/a.csv"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("made\n")
    return daily


@pytest.fixture(scope="module")
def daily(tmp_path_factory):
    """What a run with a build leaves."""
    daily = Daily(tmp_path_factory.mktemp("daily"))
    first = daily.run(dbt=DBT)
    assert first.returncode == 0, first.stderr
    return daily


def change_a_byte(path) -> None:
    """Change only a file's last byte; keep its size and time."""
    before = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:-1] + (b" " if content[-1:] == b"\n" else b"\n"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


CHANGES = {
    "a byte of a report": ("reports", lambda files: change_a_byte(files.report)),
    "a report's time": ("reports", lambda files: files.report.touch()),
    "another report": (
        "reports",
        lambda files: files.data.write_report(f"{MONDAY}", f"{HEADER}\n", client="KIRO_CLI"),
    ),
    "a report is gone": (
        "reports",
        lambda files: next(files.data.reports.rglob("*KIRO_CLI*")).unlink(),
    ),
    "a byte of a list": ("lists and bills", lambda files: change_a_byte(files.list)),
    "another bill": (
        "lists and bills",
        lambda files: files.data.write_list("bill/cur2/bill.csv", "\n"),
    ),
    "a list in a folder that is a link": (
        "lists and bills",
        lambda files: (files.data.seats / "roster").symlink_to(files.list.parent),
    ),
    "a person to forget": ("people to forget", lambda files: change_a_byte(files.forgotten)),
    "a var": ("project", lambda files: change_a_byte(files.code / "dbt_project.yml")),
    "the profile": ("project", lambda files: change_a_byte(files.code / "profiles.yml")),
    "a seed": ("project", lambda files: change_a_byte(next(files.code.glob("seeds/*.csv")))),
    "a model": ("project", lambda files: change_a_byte(next(files.code.glob("models/**/*.sql")))),
    "a macro": ("project", lambda files: change_a_byte(next(files.code.glob("macros/**/*.sql")))),
    "a test": ("project", lambda files: change_a_byte(files.code / "tests/generic/grain.sql")),
    "a script": ("project", lambda files: change_a_byte(files.code / "scripts/check_alerts.py")),
    "a source to fetch": ("project", lambda files: (files.code / "sources.toml").touch()),
    "an unknown file": ("project", lambda files: (files.code / "vars.yml").touch()),
    "an installed version": (
        "installed versions",
        lambda files: (files.packages / "dbt_other-1.0.dist-info").rename(
            files.packages / "dbt_other-1.1.dist-info"
        ),
    ),
    "another published copy": ("tables", lambda files: change_a_byte(files.published)),
    "no published copy": ("tables", lambda files: files.published.unlink()),
    "another database": ("tables", lambda files: change_a_byte(files.database)),
    "a backup of the database": (
        "tables",
        lambda files: Path(shutil.copy2(files.database, files.code / "target")).replace(
            files.database
        ),
    ),
    "changes that are not in the database's file": (
        "tables",
        lambda files: files.database.with_name("kiro.duckdb.wal").touch(),
    ),
    "an erasure that is due": (
        "tables",
        lambda files: files.database.with_name("kiro.duckdb.erase").touch(),
    ),
    "another key": ("tables", lambda files: files.database.with_name("kiro.duckdb.key").touch()),
    "no extract": ("dashboard", lambda files: next(files.page.parent.glob("tables/*")).unlink()),
    "no page": ("dashboard", lambda files: files.page.unlink()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_detected_and_described(files, change):
    part, apply = CHANGES[change]
    assert files.changed(record=True) == []
    apply(files)
    assert files.changed() == [part]


@pytest.mark.parametrize(
    "name", ["KIRO_MEMORY_LIMIT", "DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY", "DBT_THREADS", "TZ"]
)
def test_changed_environment_variable_is_detected(files, name):
    assert files.changed(record=True, **{name: "1"}) == []
    assert files.changed(**{name: "1"}) == []
    assert files.changed(**{name: "2"}) == ["environment"]
    assert files.changed() == ["environment"]
    assert files.changed(**{name: "1", "INVOCATION_ID": "1"}) == []


@pytest.mark.parametrize("name", ["DBT_PROJECT_DIR", "DBT_PROFILES_DIR"])
def test_project_or_profile_in_another_folder_is_detected(files, name, tmp_path):
    (tmp_path / "profiles.yml").touch()
    assert files.changed(record=True, **{name: str(tmp_path)}) == []
    (tmp_path / "profiles.yml").write_text("{}")
    assert files.changed(**{name: str(tmp_path)}) == ["project"]


def test_files_written_by_the_project_are_not_changes(files):
    assert files.changed(record=True) == []
    for path in (
        *("target/manifest.json", "logs/dbt.log", "data/parquet/a.parquet", ".git/index"),
        *("scripts/__pycache__/a.pyc", "dashboard/digest.md"),
    ):
        (files.code / path).parent.mkdir(parents=True, exist_ok=True)
        (files.code / path).write_text("made")
    (files.data.reports / ".sync").mkdir()
    (files.data.reports / ".sync/record.sqlite").write_text("made")
    files.forgotten.chmod(0o600)
    assert files.changed() == []


def test_link_to_its_own_folder_does_not_cause_a_loop(files):
    (files.data.reports / "loop").symlink_to(files.data.reports)
    assert files.changed(record=True) == []


def test_damaged_record_is_ignored(files):
    files.changed(record=True)
    files.database.with_name("kiro.duckdb.built").write_text("{")
    assert len(files.changed()) > 1


@pytest.mark.long
def test_run_builds_once_after_a_change(daily):
    assert daily.builds("--always")
    assert not daily.builds()
    change_a_byte(daily.list)
    assert daily.builds()
    assert not daily.builds()
    assert daily.builds(KIRO_MEMORY_LIMIT="2GB")


@pytest.mark.long
def test_run_builds_after_a_manual_dbt_command(daily):
    assert daily.builds("--always")
    daily.dbt("run", "--select", "int_as_of_date", "--vars", "{as_of_date: 2026-06-01}")
    assert daily.builds()


@pytest.mark.long
def test_run_without_a_build_changes_no_files_and_prints_alerts(daily):
    assert daily.builds("--always")

    folder = daily.data.folder

    def files():
        return {
            path: path.stat().st_ctime_ns
            for path in folder.rglob("*")
            # Each run writes the record of printed findings.
            if path.name != "kiro.duckdb.findings"
        }

    before = files()
    done = daily.run(days=9)
    assert not daily.note.exists()
    assert done.returncode == 3
    assert "No report for 6 working days" in done.stdout
    assert files() == before


@pytest.mark.long
@pytest.mark.parametrize("ends", ["exit 1", "kill -TERM $PPID; sleep 60"])
def test_run_builds_after_a_failed_build(daily, ends):
    assert daily.builds("--always")
    assert daily.run("--always", ends=ends).returncode in (2, 130)
    assert daily.builds()
    assert not daily.builds()


@pytest.mark.long
def test_run_builds_after_a_run_without_a_dashboard(daily):
    assert daily.builds("--always")
    shutil.rmtree(daily.page.parent)
    daily.page.parent.write_text("in the way")
    assert daily.run().returncode == 2
    assert daily.run().returncode == 2
    assert daily.note.exists()
    daily.page.parent.unlink()
    assert daily.builds()


@pytest.mark.long
def test_changes_during_a_build_are_detected_afterward(daily):
    assert daily.builds("--always", ends=f"echo >> '{daily.list}'")
    assert daily.builds()
    assert not daily.builds()


@pytest.mark.long
def test_verbose_run_lists_changes(daily):
    assert daily.builds("--always")
    change_a_byte(daily.list)
    assert "Changed since the last build: lists and bills\n" in daily.run("--verbose").stderr


def test_every_environment_variable_of_a_build_is_tracked():
    """Except variables for targets other than DuckDB: a daily run reads the DuckDB file."""
    files = [
        *(ROOT / "macros").rglob("*.sql"),
        *(ROOT / "models").rglob("*.*"),
        *(ROOT / "scripts/dbt_plugins").glob("*.py"),
    ]
    texts = [path.read_text() for path in files]
    texts.append((ROOT / "profiles.yml").read_text().partition("\n    spark:")[0])
    read = re.compile(r"(?:env_var\(|environ\.get\(|environ\[|configured_dir\()\s*['\"](\w+)")
    names = {name for text in texts for name in read.findall(text)}
    assert {"KIRO_REPORTS_DIR", "KIRO_SEATS_DIR", "KIRO_MEMORY_LIMIT"} <= names
    assert [name for name in names if not name.startswith(last_build.SETTINGS)] == []
