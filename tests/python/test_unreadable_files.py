"""An unreadable file or line is reported and never affects other files."""

import pytest
from projects import HEADER, report_row

GOOD = HEADER + "\n" + report_row("2026-06-01", "good")

UNREADABLE = {
    "zero bytes": (b"", "the file is empty"),
    "binary": (bytes(range(256)) * 20, "the file is not UTF-8 text"),
    "latin-1": (GOOD.replace("good", "Müller").encode("latin-1"), "the file is not UTF-8 text"),
    "header only": ((HEADER + "\n").encode(), "the file has a header and no rows"),
    "header without newline": (HEADER.encode(), "the file has a header and no rows"),
    "no header": (
        report_row("2026-06-01", "lost").encode() * 2,
        "the first line is not a header: it lacks the columns Date and UserId",
    ),
    "html": (
        b"<html>\n<body>Access denied</body>\n</html>\n",
        "the first line is not a header: it lacks the columns Date and UserId",
    ),
    "header of commas": (
        HEADER.encode() + b"," * 1_000_000 + b"\n" + report_row("2026-06-01", "lost").encode(),
        "the first line is longer than a million bytes",
    ),
    "duplicate columns": (
        (
            GOOD.replace("Total_Messages", "Total_Messages,credits_used").replace(",3\n", ",3,4\n")
        ).encode(),
        "the header names a column twice",
    ),
}


OPEN_QUOTE = '2026-06-01,"open,KIRO_IDE,1,1,1,0,false,p,PRO,1'
HUGE_LINE = "x" * 12_000_000
MODELS = [f"model_{number}_messages" for number in range(3000)]


def account(number: int) -> str:
    return str(100_000_000_000 + number)


@pytest.fixture(scope="module")
def built(module_project):
    """All broken files, each in its own account, and one good file, built once."""
    project = module_project
    project.write_report("2026-06-01", GOOD, client="KIRO_CLI")
    for number, (content, _) in enumerate(UNREADABLE.values()):
        project.write_report("2026-06-01", content, account=account(number))
    lines_after = report_row("2026-06-01", "after")
    project.write_report("2026-06-01", f"{GOOD}{OPEN_QUOTE}\n{lines_after}", account=account(50))
    project.write_report("2026-06-01", f"{GOOD}{HUGE_LINE}\n{lines_after}", account=account(51))
    project.write_report("2026-02-30", GOOD, account=account(52))
    project.write_report(
        "2026-06-01",
        f"{HEADER},{','.join(MODELS)}\n"
        + report_row("2026-06-01", "wide", messages="3", tail=",0" * 2999 + ",3"),
        account=account(53),
    )
    project.build()
    return project


@pytest.mark.parametrize("kind", UNREADABLE)
def test_unreadable_file_is_rejected_with_its_reason(built, kind):
    content, reason = UNREADABLE[kind]
    number = list(UNREADABLE).index(kind)
    rejected = built.query(
        f"select distinct reason from rejected_rows where account_id = '{account(number)}'"
    )
    assert rejected == [(reason,)]
    # Each line below the first is a rejected row; a file without such lines is one rejected row.
    data_lines = len(content.splitlines()) - 1
    assert built.query(
        f"select count(*) from rejected_rows where account_id = '{account(number)}'"
    ) == [(1 if "UTF-8" in reason else max(data_lines, 1),)]
    assert built.query(
        f"select status, rows from report_delivery where account_id = '{account(number)}'"
    ) == [("rejected", 0)]


def test_good_file_next_to_broken_files_is_loaded(built):
    assert built.query(
        "select user_id from int_activities_with_plan where account_id = '123456789012'"
    ) == [("good",)]


@pytest.mark.parametrize(("number", "raw_text"), [(50, OPEN_QUOTE), (51, HUGE_LINE[:1000])])
def test_broken_line_affects_only_one_row(built, number, raw_text):
    users = built.query(
        f"select user_id from int_activities_with_plan where account_id = '{account(number)}'"
        " order by user_id"
    )
    assert users == [("after",), ("good",)]
    assert built.query(
        f"select line_number, raw_text from rejected_rows where account_id = '{account(number)}'"
    ) == [(3, raw_text)]


def test_overlong_line_is_not_split_into_values(built):
    assert built.query(f"select reason from rejected_rows where account_id = '{account(51)}'") == [
        ("the row is longer than a million bytes",)
    ]


def test_folder_that_is_not_a_day_is_rejected(built):
    assert built.query(
        f"select reason, activity_date from rejected_rows where account_id = '{account(52)}'"
    ) == [("the folder is not a calendar day", None)]


def test_file_with_thousands_of_columns_is_loaded(built):
    assert built.query(
        f"select model, messages from model_mix_daily where account_id = '{account(53)}'"
    ) == [("model_2999", 3)]


def test_oversized_file_is_rejected_unread_until_it_is_allowed(project):
    """Covers reports and lists; all other files are loaded."""
    project.write_report("2026-06-01", GOOD, client="KIRO_CLI")
    many = "".join(report_row("2026-06-01", f"u{number}") for number in range(100))
    project.write_report("2026-06-01", f"{HEADER}\n{many}")
    project.write_list("teams/people.csv", "User id,Team\n" + "good,Payments\n" * 100)
    small = ("--vars", "{maximum_file_megabytes: 0.001}")
    reason = "the file is larger than the var maximum_file_megabytes allows"
    project.run(*small)
    assert project.query("select account_id, client_type, reason from rejected_rows") == [
        ("123456789012", "KIRO_IDE", reason)
    ]
    assert project.query("select user_id from license_utilization") == [("good",)]
    assert project.query(
        "select example from data_quality_findings where finding = 'list_is_unreadable'"
    ) == [(f"teams/people.csv: {reason}",)]
    # Nothing is new, so nothing is read.
    project.run(*small)
    assert project.query("select count(*) from license_utilization") == [(1,)]
    project.run()
    assert project.query("select count(*) from license_utilization") == [(101,)]
    assert project.query("select reason from rejected_rows") == []
    # A loaded file stays.
    project.run(*small)
    assert project.query("select count(*) from license_utilization") == [(101,)]
