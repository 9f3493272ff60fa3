"""`scripts/run_daily.py`, as cron runs it: its steps, output and exit status."""

import contextlib
import datetime
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from mirroring import BUCKET, CREDENTIALS, client_of, report_key
from projects import HEADER, ROOT, Project, report_row

sys.path.insert(0, str(ROOT / "scripts"))
import run_daily

pytestmark = pytest.mark.long

NOW = datetime.datetime.now(datetime.UTC).date()
# The last report's day, a Monday within the weeks that a sync lists; today is the day after.
LAST = NOW - datetime.timedelta(days=7 + NOW.weekday())


def later(days: int) -> str:
    """The day that is this many days after the last report's day."""
    return f"{LAST + datetime.timedelta(days=days)}"


TODAY = later(1)
SOURCE = f"s3://{BUCKET}/logs"


def documented() -> dict[str, tuple[int, str]]:
    """The table in docs/operating.md: exit status and message for each event."""
    text = (ROOT / "docs/operating.md").read_text()
    table = text.partition("| what happened |")[2].partition("\n\n")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    return {
        what.strip(): (int(status), "".join(re.findall(r"`(.*?)`", words)[:1]))
        for what, status, words, _ in rows
    }


def assert_documented(what: str, done) -> None:
    """Assert that a run ended with the documented status and message."""
    status, words = documented()[what]
    ended = done.returncode if hasattr(done, "returncode") else done.exit_code
    assert ended == status, done.stdout + done.stderr
    assert words in done.stdout + done.stderr if words else done.stdout + done.stderr == ""


class Daily:
    """A separate mirror and database, loaded from a bucket."""

    def __init__(self, folder, endpoint_url):
        self.project = Project(folder)
        self.page = folder / "dashboard/index.html"
        self.endpoint_url = endpoint_url
        self.s3 = client_of("s3", endpoint_url)

    def put(self, rows: str, day: datetime.date = LAST, header: str = HEADER) -> None:
        body = f"{header}\n{rows}".encode()
        self.s3.put_object(Bucket=BUCKET, Key=report_key(day), Body=body)

    def environment(self) -> dict[str, str]:
        return (
            self.project.environment()
            | CREDENTIALS
            | {
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": self.endpoint_url,
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            }
        )

    def run(self, *arguments: str, today: str = TODAY) -> subprocess.CompletedProcess:
        """Run the script from a folder other than the project's."""
        return subprocess.run(
            [
                *(sys.executable, ROOT / "scripts/run_daily.py", "--today", today),
                *("--out", self.page, *arguments),
            ],
            env=os.environ | self.environment(),
            cwd=self.project.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def run_without_build(self, *arguments: str, today: str = TODAY, build="true", **environment):
        """Run the script with a stand-in for dbt: dbt is too slow to run in every test.

        `test_last_build.py` covers runs that need no build.
        """
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run_daily, "DBT", build)
            for name, value in (self.environment() | environment).items():
                patch.setenv(name, value)
            return CliRunner().invoke(
                run_daily.main,
                ["--today", today, "--out", str(self.page), "--always", *arguments],
            )


@pytest.fixture(scope="module")
def daily(server, tmp_path_factory):
    """Three days of reports in a bucket, fetched and built by a run that printed nothing."""
    daily = Daily(tmp_path_factory.mktemp("daily"), server)
    daily.s3.create_bucket(Bucket=BUCKET)
    for age in range(3):
        day = LAST - datetime.timedelta(days=age)
        daily.put(report_row(f"{day}", "u") + report_row(f"{day}", "v"), day)
    assert_documented("all done, nothing new", daily.run(SOURCE))
    assert daily.page.exists()
    return daily


def test_run_without_new_findings_is_silent(daily):
    done = daily.run_without_build(SOURCE)
    assert_documented("all done, nothing new", done)


def test_run_without_new_files_builds_nothing(daily):
    assert_documented("all done, nothing new", daily.run(SOURCE))
    before = daily.project.database.stat()
    assert_documented("all done, nothing new", daily.run(SOURCE))
    assert daily.project.database.stat() == before


def test_findings_are_printed_only_once(daily):
    (daily.project.folder / "kiro.duckdb.findings").unlink()
    with duckdb.connect(str(daily.project.database)) as connection:
        connection.execute(
            "insert into data_quality_findings by name select 'bill_is_old' as finding,"
            " 'warning' as severity, 'bill' as source, 'May' as example, 'Fetch it.' as advice,"
            " 2 as affected"
        )
    done = daily.run_without_build(SOURCE)
    assert_documented("all done, new findings", done)
    assert done.output == ("New finding (warning): bill_is_old, 2 times, such as May. Fetch it.\n")
    assert (daily.project.folder / "kiro.duckdb.findings").stat().st_mode & 0o777 == 0o600
    assert_documented("all done, nothing new", daily.run_without_build(SOURCE))


def test_run_without_credentials_does_everything_else_and_fails(daily):
    daily.page.unlink()
    done = daily.run_without_build(SOURCE, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert_documented("reports could not be fetched: credentials, permissions, network", done)
    assert f"Failed: {SOURCE}/: no AWS credentials found" in done.stderr
    assert done.stderr.splitlines()[-1] == (
        "Daily run: some reports could not be fetched; the tables were built from the "
        "available files"
        " (exit status 1)"
    )
    assert daily.page.exists()


def test_mistyped_prefix_fails_the_run(daily):
    done = daily.run_without_build(f"s3://{BUCKET}/lgos")
    assert_documented("no report files in the source", done)
    assert f"No report files under s3://{BUCKET}/lgos" in done.stderr


def test_run_without_a_source_fails(daily):
    """The test project has no `sources.toml`."""
    done = daily.run_without_build()
    assert_documented("no source given, and no `sources.toml`", done)


def test_nothing_is_fetched_for_a_mirror_filled_by_another_tool(daily):
    assert daily.run_without_build("--no-sync").exit_code == 0


def test_missing_reports_raise_an_alert_within_two_working_days(daily):
    """The last report is Monday's; Tuesday's report would arrive on Wednesday."""
    for days in (1, 2):
        assert daily.run_without_build(SOURCE, today=later(days)).exit_code == 0
    done = daily.run_without_build(SOURCE, today=later(3))
    assert_documented("no report for two working days", done)
    assert_documented("an alert", done)
    assert f"No report for 2 working days: the last one is for {LAST}" in done.stdout


def test_failed_build_ends_the_run(daily):
    done = daily.run_without_build(SOURCE, build="false")
    assert_documented("the build failed", done)
    assert done.stderr == (
        "Daily run: the build failed; dashboard and published copy are from an earlier build"
        " (exit status 2)\n"
    )


def test_unwritable_dashboard_fails_the_run_after_alerts_are_printed(daily, tmp_path):
    (tmp_path / "file").write_text("")
    out = ("--out", str(tmp_path / "file/index.html"))
    done = daily.run_without_build(SOURCE, *out, today=later(16))
    assert_documented("the dashboard or the alerts failed", done)
    assert "cannot be written" in done.stderr
    assert "No report for" in done.stdout


def test_run_without_a_database_fails(daily, tmp_path):
    missing = tmp_path / "none.duckdb"
    done = daily.run_without_build(SOURCE, KIRO_DUCKDB_PATH=str(missing))
    assert_documented("there is no database after the build", done)
    assert done.stderr.endswith("run .venv/bin/dbt build first. (exit status 2)\n")


def test_wrong_option_fails_the_run(daily):
    assert_documented("a wrong option", daily.run_without_build("--no-such-option"))


def test_report_file_from_the_future_raises_an_alert(daily):
    with duckdb.connect(str(daily.project.database)) as connection:
        connection.execute("create table kept as from report_delivery")
        connection.execute("update report_delivery set last_delivered_at = '2999-01-01 02:00'")
    try:
        done = daily.run_without_build(SOURCE)
    finally:
        with duckdb.connect(str(daily.project.database)) as connection:
            connection.execute("delete from report_delivery")
            connection.execute("insert into report_delivery from kept")
            connection.execute("drop table kept")
    assert_documented("a report file with a time in the future: a clock is wrong", done)


def test_interrupted_run_is_reported(daily, tmp_path):
    (tmp_path / "slow").write_text("#!/bin/sh\nkill -TERM $PPID\nsleep 60\n")
    (tmp_path / "slow").chmod(0o755)
    done = daily.run_without_build(SOURCE, build=tmp_path / "slow")
    assert_documented("interrupted", done)


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        (
            ["--always"],
            ["Building and testing the tables ... N s", "Writing the dashboard ... N s"],
        ),
        ([], ["Nothing to build: nothing has changed since N-N-N N:N UTC."]),
    ],
)
def test_run_on_a_terminal_prints_each_step_with_its_time(daily, tmp_path, arguments, steps):
    assert daily.run_without_build(SOURCE).exit_code == 0
    ours, theirs = pty.openpty()
    (tmp_path / "dbt").symlink_to("/bin/true")
    code = (
        "import pathlib, sys; sys.path.insert(0, sys.argv.pop(1)); import run_daily;"
        " run_daily.DBT = pathlib.Path(sys.argv.pop(1)); run_daily.main()"
    )
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", code, ROOT / "scripts", tmp_path / "dbt", SOURCE),
            *("--today", TODAY, "--out", daily.page, *arguments),
        ],
        env=os.environ | daily.environment() | {"TERM": "xterm"},
        stdout=theirs,
    )
    os.close(theirs)
    shown = b""
    with os.fdopen(ours, "rb", buffering=0) as terminal, contextlib.suppress(OSError):
        while read := terminal.read(4096):
            shown += read
    assert process.wait() == 0
    assert [re.sub(r"\d+", "N", line) for line in shown.decode().split("\r\n") if line] == [
        "Fetching reports ... N s",
        *steps,
        "Checking alerts ... N s",
    ]


def test_spreadsheet_file_is_a_finding_once_and_an_alert_until_fixed(daily):
    daily.put(report_row(f"{LAST}", "u").replace(",", ";"), header=HEADER.replace(",", ";"))
    done = daily.run(SOURCE)
    assert done.returncode == 3, done.stdout + done.stderr
    news = re.findall(r"^New finding .*", done.stdout, re.MULTILINE)
    place = f"(123456789012, {LAST:%Y-%m})"
    assert any(f"report_row_is_unusable, 1 times {place}" in line for line in news)
    assert all(re.search(r"\. [A-Z].*\.$", line) for line in news), news
    assert "alerts: 1 (exit status 3)" in done.stdout
    assert "1 report file delivered in the last 7 days has no usable rows" in done.stdout
    again = daily.run_without_build(SOURCE)
    assert again.exit_code == 3
    assert "New finding" not in again.stdout


def test_every_documented_status_is_tested():
    source = Path(__file__).read_text()
    assert len(documented()) >= 13
    assert [what for what in documented() if f'assert_documented("{what}"' not in source] == []
