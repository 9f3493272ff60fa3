"""Rules for every script: help, exit statuses, verbosity, progress, one-line errors."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from projects import HEADER, ROOT, report_row

SCRIPTS = sorted(
    path.stem for path in ROOT.glob("scripts/*.py") if "@click.command(" in path.read_text()
)
READERS = ["build_dashboard", "check_alerts", "export_tables", "show_answers", "write_digest"]
DAY = "2026-06-01"


def run(script: str, *arguments: object, **options) -> subprocess.CompletedProcess:
    """Run a script as a user would; a failure raises no exception."""
    return subprocess.run(
        [sys.executable, ROOT / f"scripts/{script}.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def assert_told(done: subprocess.CompletedProcess, words: str) -> None:
    """Assert that a mistake was reported with a message and exit status 2."""
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.fixture(scope="module")
def built(module_project):
    """A database with one report and no alerts."""
    module_project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    module_project.run()
    return module_project.database


def test_list_of_scripts_is_complete():
    assert set(READERS) | {"generate_reports", "sync_directory", "sync_reports"} <= set(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_has_exit_statuses_and_working_examples(script):
    done = run(script, "--help")
    assert done.returncode == 0
    examples = done.stdout.partition("Examples:\n")[2].splitlines()
    assert len(examples) >= 2
    assert all(line.startswith(f"    .venv/bin/python scripts/{script}.py") for line in examples)
    assert "Exit status: 0 " in " ".join(done.stdout.split())
    assert re.search(r"-q, --quiet +\w", done.stdout)
    assert re.search(r"-v, --verbose +\w", done.stdout)
    undescribed = re.findall(r"^  (?:-\w, )?--[\w-]+(?: [A-Z]+)?$\n(?! {10})", done.stdout, re.M)
    assert undescribed == []


def documented_statuses() -> dict[str, set[int]]:
    """The exit statuses of each command, according to docs/operating.md."""
    text = (ROOT / "docs/operating.md").read_text()
    head, _, *rows = text.partition("| command | 0 |")[2].partition("\n\n")[0].splitlines()
    statuses = [0, *map(int, re.findall(r"\d+", head))]
    return {
        command.strip(" `"): {
            status for status, what in zip(statuses, cells, strict=False) if what.strip()
        }
        for command, *cells in (row.strip("|").split("|") for row in rows)
    }


def test_table_of_exit_statuses_has_every_command():
    names = {f"{script}.py" for script in SCRIPTS}
    assert documented_statuses().keys() == names | {"dbt build", "make"}


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_lists_the_exit_statuses_in_the_table(script):
    said = " ".join(run(script, "--help").stdout.partition("Exit status:")[2].split())
    named = {int(status) for status in re.findall(r"(?:^|, )(\d+) [a-z]", said)}
    assert named == documented_statuses()[f"{script}.py"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_interrupted_command_ends_with_its_documented_status(script):
    """Simulates Ctrl-C as soon as the command starts its work."""
    interrupt = (
        "import importlib, os, signal, sys, time; sys.path.insert(0, sys.argv[1]);"
        " script = importlib.import_module(sys.argv[2]); import click;"
        # Another thread may receive the signal slightly earlier.
        " script.main.callback = lambda **_:"
        " (os.kill(os.getpid(), signal.SIGINT), time.sleep(10));"
        " script.main([*sys.argv[3:]])"
    )
    arguments = ["--out", "x"] if script in ("generate_reports", "export_to_parquet") else []
    done = subprocess.run(
        [sys.executable, "-c", interrupt, ROOT / "scripts", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr == "Interrupted.\n"
    assert 130 in documented_statuses()[f"{script}.py"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_unknown_and_contradictory_options_are_reported(script):
    assert_told(run(script, "--no-such-option"), "No such option")
    for options in (("-q", "-v"), ("--verbose", "--quiet")):
        assert_told(run(script, *options), "--quiet and --verbose cannot be used together")


@pytest.mark.parametrize("script", READERS)
def test_unreadable_database_is_reported(script, built, tmp_path):
    no_database = tmp_path / "text.duckdb"
    no_database.write_text("no database\n" * 1000)
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    outs = {
        "build_dashboard": tmp_path / "page.html",
        "export_tables": tmp_path / "export",
        "write_digest": tmp_path / "digest",
    }
    out = ("--out", outs[script]) if script in outs else ()
    for database, words in (
        (tmp_path / "none.duckdb", "run .venv/bin/dbt build"),
        (no_database, "is damaged, truncated, or not a DuckDB database"),
        (empty, "run .venv/bin/dbt build"),
        (tmp_path, "is a directory"),
    ):
        assert_told(run(script, "--database", database, *out), words)
    # Otherwise the published copy is read instead.
    Path(built).with_name("kiro_published.duckdb").unlink(missing_ok=True)
    holder = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print(1, flush=True); input()",
            built,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    holder.stdout.readline()
    try:
        assert_told(run(script, "--database", built, *out), "is open in another program")
    finally:
        holder.communicate(b"\n")


@pytest.mark.parametrize(
    ("script", "arguments", "words"),
    [
        ("build_dashboard", ["--out", "{}/page.html"], "/file/page.html cannot be written"),
        ("write_digest", ["--out", "{}/digest"], "/file/digest cannot be written"),
        ("generate_reports", ["--users", 5, "--days", 14, "--out", "{}/x"], "/file/x: Not a dir"),
        ("sync_reports", ["s3://bucket/prefix", "--dest", "{}/x"], "Cannot write to the mirror"),
        (
            "sync_directory",
            ["d-1234567890", "--region", "us-east-1", "--dest", "{}/x"],
            "Cannot write the list of users",
        ),
    ],
)
def test_unwritable_folder_is_reported(script, arguments, words, built, tmp_path):
    (tmp_path / "file").write_text("")
    arguments = [str(argument).format(tmp_path / "file") for argument in arguments]
    if script in ("build_dashboard", "write_digest"):
        arguments += ["--database", built]
    assert_told(run(script, *arguments), words)


@pytest.mark.parametrize(
    ("script", "arguments", "words"),
    [
        ("generate_reports", ["--out", "x", "--days", "3"], "--days"),
        ("generate_reports", ["--out", "x", "--start", "soon"], "--start"),
        ("generate_reports", ["--out", "x", "--family", "none"], "--family"),
        ("generate_reports", [], "--out"),
        ("sync_reports", ["s3://bucket/prefix", "--workers", "0"], "--workers"),
        ("sync_reports", ["https://bucket/prefix"], "s3://"),
        ("sync_reports", ["--sources", "none.toml"], "give a source"),
        ("sync_directory", ["https://store"], "identity store"),
        ("sync_directory", ["--sources", "none.toml"], "give an identity store"),
        ("build_dashboard", ["--out", "."], "is a directory"),
        ("build_dashboard", ["--out", "report"], "must end with .html"),
    ],
)
def test_wrong_values_are_reported(script, arguments, words, tmp_path):
    assert_told(run(script, *arguments, cwd=tmp_path), words)


def test_paths_in_settings_are_relative_to_the_project(tmp_path):
    settings = os.environ | {
        "KIRO_DUCKDB_PATH": "data/none/kiro.duckdb",
        "KIRO_REPORTS_DIR": "data/none/reports",
    }
    for folder, shown in ((tmp_path, f"{ROOT}/data/none"), (ROOT, "data/none")):
        done = run("check_alerts", cwd=folder, env=settings)
        assert_told(done, f"{shown}/kiro.duckdb does not exist: run .venv/bin/dbt build first")
        # Nothing listens on this port: only the mirror's location matters.
        options = ("--endpoint-url", "http://127.0.0.1:9", "--dry-run", "--verbose")
        done = run("sync_reports", "s3://bucket/prefix", *options, cwd=folder, env=settings)
        assert f"to {shown}/reports." in done.stderr
    assert not list(tmp_path.iterdir())


def test_quiet_runs_print_nothing_and_verbose_runs_print_more(built, tmp_path):
    runs = {
        "generate_reports": ["--users", 5, "--days", 14, "--out"],
        "build_dashboard": ["--database", built, "--out"],
        "check_alerts": ["--today", "2026-06-02", "--database", built],
    }
    for script, arguments in runs.items():
        said = {}
        for volume in ("--quiet", "", "--verbose"):
            out = [tmp_path / f"{script}{volume}/x.html"] if arguments[-1] == "--out" else []
            done = run(script, *arguments, *out, *([volume] if volume else []))
            assert done.returncode == 0, done.stderr
            said[volume] = done
        assert said["--quiet"].stdout + said["--quiet"].stderr == "", script
        assert said[""].stdout, script
        if script != "check_alerts":
            assert len(said["--verbose"].stderr) > len(said[""].stderr), script


def test_answers_are_printed_with_or_without_questions_and_queries(built):
    quiet = run("show_answers", "--database", built, "--quiet").stdout.splitlines()
    normal = run("show_answers", "--database", built).stdout.splitlines()
    assert normal[1::2] == quiet
    assert all(question.endswith("?") for question in normal[::2])
    assert "from headline_figures" in run("show_answers", "--database", built, "-v").stderr


def test_progress_bars_are_shown_only_on_terminals(tmp_path):
    arguments = ["--users", "5", "--days", "14", "--out"]
    done = run("generate_reports", *arguments, tmp_path / "plain")
    assert done.stderr == "Writing 14 days\n"
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        process = subprocess.Popen(
            [sys.executable, ROOT / "scripts/generate_reports.py", *arguments, tmp_path / "bar"],
            stderr=theirs,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"TERM": "xterm"},
        )
        os.close(theirs)
        drawn = b""
        try:
            while read := terminal.read(4096):
                drawn += read
        except OSError:
            # The other end of the terminal is closed.
            pass
        assert process.wait() == 0
    assert b"14/14" in drawn
    assert b"\r" in drawn
