"""Hostile and broken reports: every line is used or rejected with a reason, and none is executed.

`make fuzz` generates ten thousand new files; the tests always use the same three hundred.
"""

import datetime
import os
import random
import re
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import pytest
from hostile_reports import DAY, HOSTILE_TEXTS, largest_files, read, report_files
from hypothesis import HealthCheck, Phase, given, seed, settings
from projects import ROOT, Project, failures
from reliability import document

FILES = int(os.environ.get("KIRO_FUZZ_FILES", "300"))
SEED = int(os.environ.get("KIRO_FUZZ_SEED", "1"))
BATCH = 2500


def generated_files(count: int, number: int) -> list[bytes]:
    """Distinct files; the same seed gives the same files."""
    found: list[bytes] = []

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(report_files)
    def collect(content):
        found.append(content)

    collect()
    return found


def account(number: int) -> str:
    return str(100_000_000_000 + number)


def folder_name(number: int) -> str:
    """A name that is valid for a folder but not for a bucket."""
    text = HOSTILE_TEXTS[number % len(HOSTILE_TEXTS)]
    # DuckDB finds nothing below a folder with a backslash in its name.
    return re.sub(r"[/\\\0]", "|", text)[:60]


@pytest.fixture(scope="module")
def batches(tmp_path_factory):
    """Mirrors of up to 2,500 files, each file in a separate account, built with data tests.

    Returns a list of projects, each with its files by account.
    """
    made = []
    generator = random.Random(SEED)
    while sum(len(files) for _, files in made) < FILES:
        project = Project(tmp_path_factory.mktemp("hostile"))
        count = min(BATCH, FILES - sum(len(files) for _, files in made))
        contents = largest_files()
        while len(contents) < count:
            wanted = count - len(contents)
            contents += generated_files(wanted, generator.getrandbits(32))[:wanted]
        files = {account(number): content for number, content in enumerate(contents)}
        for number, (name, content) in enumerate(files.items()):
            path = project.write_report(DAY, content, account=name)
            moved = (
                project.reports
                / folder_name(number)
                / path.relative_to(project.reports / "bucket/prefix")
            )
            moved.parent.mkdir(parents=True, exist_ok=True)
            path.rename(moved)
        # Files that are not reports, with names that must not confuse a reader.
        for text in HOSTILE_TEXTS:
            (project.reports / f"{re.sub('[/' + chr(0) + ']', '|', text)[:60]}.csv").touch()
        result = project.dbt("build", "--exclude-resource-type", "unit_test")
        assert result.success, failures(result)
        made.append((project, files))
    return made


def test_every_report_line_is_used_or_rejected_with_a_reason(batches):
    lines, kinds = Counter(), Counter()
    for project, files in batches:
        used, rejected = {}, {}
        for name, line, credits, messages in project.query(
            "select account_id, line_number, coalesce(reported_credits, 0),"
            " coalesce(total_messages, attributed_messages, 0) from stg_kiro__user_activities"
        ):
            used.setdefault(name, {})[line] = (credits, messages)
        for name, line, reason in project.query(
            "select account_id, line_number, reason from rejected_rows"
        ):
            assert line not in rejected.setdefault(name, {})
            assert reason
            rejected[name][line] = reason
            kinds[re.split(":|(?<=has) |is not|is neither", reason)[0]] += 1
        for name, content in files.items():
            expected = read(content)
            of_file = f"seed {SEED}, {name}: {content[:5000]!r}"
            assert used.get(name, {}) == expected.used, of_file
            assert set(rejected.get(name, {})) == expected.rejected, of_file
            lines["used"] += len(expected.used)
            lines["rejected"] += len(expected.rejected)
    # The files cover both outcomes and every kind of reason.
    files = sum(len(files) for _, files in batches)
    assert min(lines.values()) > files / 3
    assert len(kinds) >= 8
    figures = (
        f"{datetime.date.today()}: {files:,} generated report files (seed {SEED}) with"
        f" {lines.total():,} lines below their headers:\n{lines['used']:,} lines used,"
        f" {lines['rejected']:,} rejected with a reason, all in agreement with an independent"
        " reader,\nincluding exact credits and messages; no build failed, and nothing was executed"
        "\n(`tests/python/test_hostile_reports.py`)."
    )
    document("fuzz", figures)
    if FILES >= BATCH:
        print("\n" + figures)


def test_public_tables_have_the_totals_of_the_usable_rows(batches):
    for project, files in batches:
        rows = [row for content in files.values() for row in read(content).used.values()]
        credits, messages = sum(row[0] for row in rows), sum(row[1] for row in rows)
        [(built,)] = project.query("select sum(messages)::bigint from model_mix_daily")
        assert built == messages
        # Totals leave out seats with a blank value.
        [(left_out, blanks)] = project.query(
            "select coalesce(sum(activities.credits_used), 0),"
            " count(*) - count(activities.credits_used)"
            " from int_activities_with_plan as activities"
            " join overage_monthly as months using (account_id, profile_id, user_id)"
            " where months.credits_used is null"
        )
        [(all_blanks,)] = project.query(
            "select count(*) from int_activities_with_plan where credits_used is null"
        )
        assert blanks == all_blanks
        for table in ("overage_monthly", "license_utilization_monthly"):
            [(built,)] = project.query(f"select coalesce(sum(credits_used), 0) from {table}")
            assert Decimal(str(built)) + Decimal(str(left_out)) == credits


def test_nothing_was_executed(batches):
    for project, files in batches:
        assert not list(project.folder.rglob("executed.csv"))
        assert project.query("select count(*) from base_kiro__report_files") == [(len(files),)]
    assert not (ROOT / "executed.csv").exists()


def test_dashboard_and_extracts_can_be_built_from_hostile_reports(batches, tmp_path):
    project, _ = batches[0]
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/build_dashboard.py"),
            *("--quiet", "--show-people"),
            *("--database", project.database, "--out", tmp_path / "index.html"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "index.html").read_text()
    assert "<script>alert(1)" not in page
