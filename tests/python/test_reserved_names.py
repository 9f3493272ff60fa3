"""External names that match reserved names (totals, unknown values) do not change other values."""

from collections import Counter

import pytest
from projects import HEADER, PUBLIC_TABLES, Project, bill_line, report_row

RESERVED = ["all", "any", "small groups", "unassigned", "unknown", "unattributed", "other teams"]
DAY = "2026-06-20"


def build(project: Project, opened: str, closed: str) -> None:
    """Seats, lists and a bill in which every user-defined name is wrapped in two characters."""
    names = [f"{opened}{word}{closed}" for word in RESERVED]
    rows = [report_row(DAY, f"u{n}", tail=",0") for n in range(6)]
    for name in names:
        row = report_row(DAY, name, client=name, tier=name, tail=",3")
        rows.append(row.replace("arn:profile/P", name))
    report = f"{HEADER},{names[5]}_messages\n{''.join(rows)}"
    project.write_report(DAY, report, delivered_at=1_782_007_200)
    people = "".join(f"{name},{name},{name}\n" for name in names)
    people += "".join(f"u{n},{names[n % 2]},{names[n % 3]}\n" for n in range(6))
    project.write_list("teams/people-2026-06-20.csv", f"User id,Team,Cost center\n{people}")
    seats = "".join(f"{name},{name},{name},active\n" for name in names)
    project.write_list("roster/seats-2026-06-20.csv", f"Account,User id,Plan,Status\n{seats}")
    lines = [bill_line(f"u{n}", "2026-06-01") for n in range(6)]
    lines += [
        bill_line(name, "2026-06-01", f"USE1-KiroEnterprise-{name}", account=name) for name in names
    ]
    project.write_bill("2026-06", lines)
    # Small teams are not hidden.
    project.build("--vars", "{minimum_group_people: 1}")


@pytest.mark.long
def test_reserved_names_do_not_change_other_values(tmp_path):
    """Except for the names, the tables equal tables with harmless names that sort alike."""
    hostile, harmless = Project(tmp_path / "hostile"), Project(tmp_path / "harmless")
    build(hostile, "(", ")")
    build(harmless, "#", "#")
    findings = hostile.query(
        "select distinct source from data_quality_findings where finding = 'name_is_reserved'"
    )
    assert {source for (source,) in findings} >= {"reports", "teams", "roster", "bill"}

    def renamed(value: object) -> object:
        text = str(value)
        for word in RESERVED:
            for form in (word, word.upper()):
                text = text.replace(f'"({form})"', f"#{form}#")
        return text

    for table in PUBLIC_TABLES:
        if table == "data_quality_findings":
            continue
        rows = Counter(tuple(map(renamed, row)) for row in hostile.query(f"from {table}"))
        expected = Counter(tuple(map(str, row)) for row in harmless.query(f"from {table}"))
        assert list((rows - expected).items())[:3] == [], table
        assert list((expected - rows).items())[:3] == [], table
