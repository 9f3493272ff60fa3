"""Hostile and broken rosters, directories, teams and bills: every line is loaded or reported."""

import random
from collections import Counter
from decimal import Decimal

import pytest
from hostile_reports import HOSTILE_TEXTS, NUMBERS, SPACES, cut
from projects import HEADER, Project, bill_line, failures, report_row

pytestmark = pytest.mark.long

LISTS = 300
BILL_LINES = 600
# The columns of each kind of list; columns in the second tuple identify a person.
COLUMNS = {
    "roster": (["User name", "Subscription status", "Kiro plan", "Activation date"], {0}),
    "directory": (["User id", "User name", "Email", "Display name", "Group"], {0, 1, 2}),
    "teams": (["E-mail", "Team", "Cost center", "Manager"], {0}),
}
GOOD = ["", "ann", "bob@example.com", "Active", "Kiro Pro", "2026-05-01", "Search"]
DAMAGES = [b"\0", b"\r", b"\n", b'"', b",", b"\xff", b";", b"\xef\xbb\xbf"]


def value(generator: random.Random) -> str:
    return generator.choice(GOOD if generator.random() < 0.8 else HOSTILE_TEXTS)


def made_list(generator: random.Random, kind: str) -> bytes:
    """A list with wrong values, separators or bytes."""
    columns, _ = COLUMNS[kind]
    if generator.random() < 0.2:
        columns = [*columns, generator.choice(HOSTILE_TEXTS)]
    lines = [",".join(columns)]
    for _ in range(generator.randint(0, 6)):
        row = [value(generator) for _ in columns]
        row = row[: generator.choice([len(row)] * 5 + [2])]
        lines.append(",".join(row))
    content = generator.choice(["\n", "\r\n", "\r"]).join(lines).encode()
    if generator.random() < 0.4:
        place = generator.randint(0, len(content))
        content = content[:place] + generator.choice(DAMAGES) + content[place:]
    return content


def read(content: bytes) -> dict[int, str] | None:
    """The nonblank lines, by number; None if the file is not text."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return {number: line for number, line in enumerate(lines, start=1) if line.strip(SPACES)}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A project with these lists, by file, and these bill lines, by operation."""
    generator = random.Random(1)
    project = Project(tmp_path_factory.mktemp("hostile"))
    project.write_report("2026-06-01", f"{HEADER}\n{report_row('2026-06-01', 'ann')}")
    lists = {}
    for number in range(LISTS):
        kind = generator.choice(list(COLUMNS))
        name = f"{kind}/{number}/list-2026-06-01.csv"
        lists[name] = made_list(generator, kind)
        project.write_list(name, lists[name])
    charges = {}
    for number in range(BILL_LINES):
        line = bill_line(
            generator.choice(["ann", *HOSTILE_TEXTS]),
            "2026-06-01",
            cost=generator.choice(NUMBERS),
            # Unique, so that no two lines are summed.
            line_item_operation=f"{number} {generator.choice(HOSTILE_TEXTS)}".replace("\0", ""),
        )
        wrong = generator.choice(["none", "usage_account_id", "usage_type", "currency_code"])
        if wrong != "none":
            line[f"line_item_{wrong}"] = generator.choice(HOSTILE_TEXTS)
        charges[line["line_item_operation"]] = line
    for number, name in enumerate(("a.parquet", "b.csv.gz")):
        project.write_bill("2026-06", list(charges.values())[number::2], name)
    result = project.dbt("build", "--exclude-resource-type", "unit_test")
    assert result.success, failures(result)
    return project, lists, charges


def test_every_line_of_a_list_is_loaded_or_its_file_is_reported(built):
    project, lists, _ = built
    unreadable = dict(
        project.query(
            "select file, unreadable_reason from base_rosters__files"
            " where unreadable_reason is not null"
        )
    )
    held = {}
    for file, line, reason in project.query(
        "select file, line_number, rejection_reason"
        " from base_rosters__rows join base_rosters__files using (file_id)"
    ):
        assert line not in held.setdefault(file, {})
        held[file][line] = reason
    counts = Counter()
    for file, content in lists.items():
        lines = read(content)
        if file in unreadable or lines is None:
            assert unreadable[file], content
            assert file not in held
            counts["files told"] += 1
            continue
        _, names = COLUMNS[file.split("/")[0]]
        header = lines.pop(1).split(",")
        assert set(held.get(file, {})) == set(lines), content
        for number, line in lines.items():
            reason = held[file][number]
            counts["lines rejected" if reason else "lines used"] += 1
            fields = cut(line) or []
            is_used = len(fields) == len(header) and any(
                fields[place].strip(SPACES) for place in names
            )
            assert (reason is None) == is_used, (number, content)
    assert min(counts[kind] for kind in ("files told", "lines used", "lines rejected")) > 10
    assert project.query(
        "select sum(affected)::bigint from data_quality_findings"
        " where finding in ('list_is_unreadable', 'list_row_is_unusable')"
    ) == [(counts["files told"] + counts["lines rejected"],)]


def test_every_line_of_the_bill_is_loaded_with_its_exact_cost_or_listed_as_unread(built):
    project, _, charges = built
    held = {
        operation: (count, unread, cost)
        for operation, count, unread, cost in project.query(
            "select operation, line_count, unread_amounts, cost from base_bill__charges"
        )
    }
    assert set(held) == set(charges)
    assert {count for count, _, _ in held.values()} == {1}
    read_amounts = 0
    for operation, (_, unread, cost) in held.items():
        text = charges[operation]["line_item_unblended_cost"]
        assert unread == (cost is None), text
        if cost is not None:
            read_amounts += 1
            assert abs(cost - Decimal(text)) <= Decimal("5e-11"), text
    assert 100 < read_amounts < BILL_LINES - 100


def test_nothing_was_executed(built):
    project, _, _ = built
    assert not list(project.folder.rglob("executed.csv"))
    assert project.query("select count(*) from base_kiro__report_files") == [(1,)]
