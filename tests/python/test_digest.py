"""The digest agrees with the tables, explains missing comparisons, and mentions no person."""

import json
import stat
import subprocess
import sys
from datetime import date, timedelta

import duckdb
import pytest
from projects import HEADER, ROOT, Project, report_row

FIRST_DAY = date(2026, 5, 1)
LAST_DAY = date(2026, 6, 17)
MISSING_DAY = date(2026, 6, 10)
PEOPLE = [f"{number}1111111-1111-4111-8111-111111111111" for number in range(1, 8)]
IMAGE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Seven people over six weeks, with one day's report missing."""
    project = Project(tmp_path_factory.mktemp("digest"))
    day = FIRST_DAY
    while day <= LAST_DAY:
        if day != MISSING_DAY:
            rows = "".join(report_row(str(day), person, credits="20") for person in PEOPLE)
            project.write_report(str(day), f"{HEADER}\n{rows}")
        day += timedelta(days=1)
    project.run()
    return project


def write_digest(project: Project, *statements: str) -> dict[str, str]:
    """Change a copy of the tables and return the digest's files by extension."""
    copy = project.folder / "copy.duckdb"
    copy.write_bytes(project.published.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
    out = project.folder / "digest"
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/write_digest.py", "--database", copy, "--out", out],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Wrote digest.md, digest.html and digest.json to {out}.\n"
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    return {file.suffix: file.read_text(encoding="utf-8") for file in out.iterdir()}


def lines_of(digest: dict[str, str]) -> dict[str, dict]:
    """Return the lines that compare the figure with this name."""
    sections = json.loads(digest[".json"])["sections"]
    return {
        line["figure"]: line
        for section in sections
        for line in section["lines"]
        if "figure" in line
    }


def test_figures_match_the_table(built):
    digest = write_digest(built)
    lines = lines_of(digest)
    assert len(lines) == 9
    for figure, line in lines.items():
        [(value, previous_value)] = built.query(
            "select value::double, previous_value::double from headline_figures"
            f" where figure = '{figure}' and period_end_date = '{LAST_DAY}'"
            " and account_id = '(all)' and subscription_tier = '(all)' and team = '(all)'"
        )
        assert (line["value"], line["previous_value"]) == (value, previous_value), figure
    assert lines["seats"]["text"] == "Seats: 7, same as May"
    assert f"- {lines['seats']['text']}\n" in digest[".md"]
    assert f"<li>{lines['seats']['text']}</li>" in digest[".html"]
    assert f"- {lines['seats']['text']}\n" in json.loads(digest[".json"])["text"]
    assert json.loads(digest[".json"])["as_of_date"] == str(LAST_DAY)


def test_missing_comparison_gives_its_reason(built):
    lines = lines_of(write_digest(built))
    assert lines["messages"]["previous_value"] is None
    assert lines["messages"]["text"].endswith(", not compared with the previous week")
    digest = write_digest(built)[".md"]
    assert (
        "- Comparison: not compared with the previous week: "
        "a report file for 10 Jun 2026 (Kiro IDE) is missing" in digest
    )
    assert "- A file for 10 Jun 2026 (Kiro IDE), account 123456789012" in digest
    month = lines_of(write_digest(built, "update headline_figures set previous_value = null"))
    assert month["seats"]["text"] == (
        "Seats: 7, not compared with May: there were no such seats in May"
    )
    unknown = lines_of(write_digest(built, "update headline_figures set value = null"))
    assert unknown["seats"]["text"] == "Seats: not known: no source lists any seats"


def test_sections_for_empty_tables_are_omitted(built):
    tables = ("usage_alerts", "recommended_actions", "model_mix_daily", "report_delivery")
    digest = write_digest(built, *(f"delete from {table}" for table in tables))
    assert "## What to do\n\n- Nothing.\n" in digest[".md"]
    assert (
        "- Comparison: not compared with the previous week: no report has been delivered\n"
        in (digest[".md"])
    )


def test_names_are_escaped_and_people_are_omitted(built):
    digest = write_digest(
        built,
        "update usage_alerts set message = ''",
        f"insert into usage_alerts values ('x', '1', '(all)', '{IMAGE} *_`', 1, 1)",
    )
    assert IMAGE not in digest[".md"] + digest[".html"]
    assert "&lt;img src=x" in digest[".html"]
    assert r"\<img src=x onerror=alert(1)\> \*\_\`" in digest[".md"]
    assert not any(person in text for person in PEOPLE for text in digest.values())
