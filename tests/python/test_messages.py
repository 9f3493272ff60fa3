"""Messages when there is nothing to build or the build cannot be run as requested."""

import subprocess

import pytest
from copied_project import CopiedProject
from projects import HEADER, report_row

pytestmark = pytest.mark.long

DAY = "2026-06-01"


def build(project, *arguments: str) -> subprocess.CompletedProcess:
    """Build the tables as a user would, but without tests."""
    return project.dbt_process("build", "--exclude-resource-type", "test", "unit_test", *arguments)


def assert_refused(done: subprocess.CompletedProcess, *texts: str) -> None:
    assert done.returncode != 0
    for text in texts:
        assert text in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_empty_mirror(project):
    done = build(project)
    named = project.environment()["KIRO_REPORTS_DIR"]
    assert_refused(done, "There are no CSV files in", named, "sync_reports.py", "make demo")


def test_missing_mirror(project):
    project.reports.rmdir()
    assert_refused(build(project), "There are no CSV files in", "KIRO_REPORTS_DIR")


def test_folder_without_reports_is_reported(project):
    (project.reports / "notes.csv").write_text("a,b\n1,2\n")
    done = build(project)
    assert_refused(done, "None of the 1 CSV files", "notes.csv", "AWSLogs/<account>/KiroLogs")


def test_missing_mirror_after_a_build_causes_a_warning(project):
    path = project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    project.run()
    path.unlink()
    done = build(project)
    assert done.returncode == 0
    assert "There are no Kiro report files in" in done.stdout
    assert project.query("select user_id from license_utilization") == [("u",)]


@pytest.mark.parametrize(
    ("as_of_date", "texts"),
    [
        ("2026-05-31", ["the first report is for 2026-06-01", "nothing to build"]),
        ("yesterday", ["The var as_of_date is 'yesterday'", "{as_of_date: 2026-05-31}"]),
        ("2026-02-30", ["is not a calendar date"]),
        ("2026-06-02", ["the last report is for 2026-06-01", "later days are unknown"]),
        ("2026-06-01' or '1'='1", ["Write it as a date"]),
    ],
)
def test_impossible_as_of_date_is_reported(project, as_of_date, texts):
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    assert_refused(build(project, "--vars", f'{{as_of_date: "{as_of_date}"}}'), *texts)


def test_unknown_overage_semantics(project):
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    done = build(project, "--vars", "{overage_semantics: sometimes}")
    assert_refused(done, "overage_semantics is 'sometimes'", "'included' or 'additive'")


def test_summary_includes_skipped_files(project):
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    project.write_report(DAY, "user,credits\n", name="kiro-ide-somebody.csv")
    done = build(project)
    assert "1 report files, 1 other CSV files skipped" in done.stdout


def test_reports_without_a_usable_row(project):
    project.write_report(DAY, f"{HEADER}\n")
    project.write_report(DAY, f"{HEADER}\nbroken\n", client="PLUGIN")
    done = build(project)
    assert_refused(done, "None of the report rows can be used", "the file has a header and no rows")


def test_reload_of_an_empty_mirror_forgets_nothing(project):
    path = project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    project.run()
    path.unlink()
    done = build(project, "--vars", "{reload_reports: true}")
    assert_refused(done, "reload_reports would delete all 1 loaded files")
    assert project.query("select user_id from license_utilization") == [("u",)]


@pytest.mark.parametrize("reports", ["re*ports", "re[po]rts", "re{po}rts", "~/reports", "."])
def test_unusable_mirror_name_is_reported(project, reports):
    project.reports = reports
    assert_refused(build(project), "KIRO_REPORTS_DIR is", "Set it to a folder")


def test_build_ends_with_its_warnings_and_next_steps(project):
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u', tier='GOLD')}broken\n")
    logs = project.folder / "logs"
    done = project.dbt_process(
        *("build", "--exclude-resource-type", "unit_test"), DBT_LOG_PATH=str(logs)
    )
    assert done.returncode == 0, done.stdout
    assert "no_row_is_rejected: Rows that could not be used are missing from every number." in (
        done.stdout
    )
    assert "  - report_row_is_unusable, 1 times (123456789012, 2026-06), such as " in done.stdout
    assert "line 3: " in done.stdout
    # Examples contain user ids, but logs must not.
    assert "line 3: " not in (logs / "dbt.log").read_text()
    assert "Fetch the file again, or report the problem to AWS." in done.stdout
    assert "  - subscription_tier_has_no_plan, 1 times" in done.stdout
    assert "Answers: .venv/bin/python scripts/show_answers.py" in done.stdout
    quiet = project.dbt_process("--quiet", "build", "--exclude-resource-type", "unit_test")
    assert (quiet.returncode, quiet.stdout) == (0, "")


def test_moved_project_is_reported_with_advice_to_run_clean(tmp_path):
    """dbt records each seed's path when it parses, and reparses only changed files."""
    copied = CopiedProject(tmp_path)
    copied.dbt("seed")
    copied.folder = copied.folder.rename(tmp_path / "moved")
    done = copied.run("seed")
    assert done.returncode == 1
    assert "The project's folder was moved" in done.stdout
    assert "run .venv/bin/dbt clean" in done.stdout
    assert "A file vanished" not in done.stdout
    copied.dbt("clean")
    copied.dbt("seed")
