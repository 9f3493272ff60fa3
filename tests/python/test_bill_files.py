"""Bill files in both AWS formats, truncated bill files, and files that are not bills."""

import gzip
import os

import duckdb
import pytest
from projects import HEADER, Project, bill_line, report_row

DAY = "2026-06-01"
COSTS = """
    select billing_month::varchar, sum(cost)::double from stg_bill__charges
    group by all order by all
"""
COST = "select usage_month::varchar, billed_total_cost_usd::double from bill_reconciliation"
FINDINGS = "select example from data_quality_findings where finding = 'bill_file_is_unreadable'"
UNREADABLE = "select problem from base_bill__files where not is_readable"


@pytest.fixture
def reported(project) -> Project:
    """One user's report for a day."""
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    return project


def rewrite(path, content: bytes) -> None:
    """Overwrite a file a minute later: DuckDB compares modification times to the second."""
    later = path.stat().st_mtime + 60
    path.write_bytes(content)
    os.utime(path, (later, later))


def legacy_name(name: str) -> str:
    """`line_item_usage_type` as spelled in legacy reports: `lineItem/UsageType`."""
    group = "line_item" if name.startswith("line_item") else "bill"
    words = name.removeprefix(f"{group}_").split("_")
    return f"{'lineItem' if group == 'line_item' else group}/{''.join(map(str.title, words))}"


@pytest.mark.long
def test_truncated_bill_is_reported_and_other_files_are_published(reported):
    path = reported.write_bill("2026-06", [bill_line(user, DAY) for user in "abc"])
    reported.build()
    rewrite(path, path.read_bytes()[:-20])
    reported.build()
    assert reported.query(COST) == [("2026-06-01", 60)]
    [(example,)] = reported.query(FINDINGS)
    assert example.startswith("bill/cur2/data/BILLING_PERIOD=2026-06/cur2-00001.parquet: ")
    assert reported.query("select alert from usage_alerts where alert like 'bill%'")
    published = reported.published
    with duckdb.connect(published, read_only=True) as connection:
        assert connection.execute(FINDINGS).fetchall() == [(example,)]


@pytest.mark.parametrize("name", ["cur2-00001.csv", "cur2-00001.csv.gz", "cur2-00001.parquet"])
def test_truncated_file_does_not_replace_its_last_good_version(reported, name):
    path = reported.write_bill("2026-06", [bill_line(user, DAY) for user in "abcdefgh"], name)
    reported.write_bill("2026-05", [bill_line("a", "2026-05-01")], name)
    reported.run(only="stg_bill__charges")
    whole = path.read_bytes()
    rewrite(path, whole[: len(whole) * 2 // 3])
    reported.run(only="stg_bill__charges")
    assert reported.query(COSTS) == [("2026-05-01", 20), ("2026-06-01", 160)]
    [(problem,)] = reported.query(UNREADABLE)
    assert "truncated" in problem
    # The problem disappears when the file is complete again, with one more line.
    reported.write_bill("2026-06", [bill_line(user, DAY) for user in "abcdefghi"], name)
    rewrite(path, path.read_bytes())
    reported.run(only="stg_bill__charges")
    assert reported.query(COSTS) == [("2026-05-01", 20), ("2026-06-01", 180)]
    assert reported.query(UNREADABLE) == []


def test_truncated_line_is_reported(reported):
    path = reported.write_bill(
        "2026-06", [bill_line(user, DAY) for user in "abc"], "cur2-00001.csv"
    )
    *whole, last = path.read_text().splitlines()
    path.write_text("\n".join([*whole, last[: len(last) // 2], ""]))
    reported.run(only="base_bill__files")
    assert reported.query(UNREADABLE) == [("Line 4 cannot be read: it may be truncated.",)]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.parquet", b"", "cannot be read to the end"),
        ("a.parquet", b"PAR1 cut off on the way PAR1", "cannot be read to the end"),
        ("a.csv.gz", b"no gzip", "cannot be read to the end"),
        ("a.csv", b"line_item_product_code\nKiro", "Its last line is not complete"),
        ("a.csv", b"line_item_product_code\nKir\xf8\n", "not a Cost and Usage Report"),
        ("a.csv", b"ServiceName,BilledCost\nKiro,1\n", "has no column line_item_line_item_type"),
        ("a.csv.zip", b"PK", "ZIP archive: unpack it"),
    ],
)
def test_file_that_is_not_a_bill_is_skipped_and_the_rest_is_used(reported, name, content, problem):
    reported.write_bill("2026-06", [bill_line("u", DAY)])
    other = reported.seats / "bill/other/2026" / name
    other.parent.mkdir(parents=True)
    other.write_bytes(content)
    reported.run(only="stg_bill__charges")
    assert reported.query(COSTS) == [("2026-06-01", 20)]
    [(told,)] = reported.query(UNREADABLE)
    assert problem in told


def test_legacy_report_is_read_with_its_own_column_names(reported):
    """Legacy Cost and Usage Report as CSV: a folder per month with a folder per run."""
    lines = [
        bill_line("u", DAY, line_item_line_item_type="FlatRateSubscription"),
        bill_line("0123456789-u", DAY, "USE1-KiroEnterprise-Credits", "50", "2"),
    ]
    names = {name: legacy_name(name) for name in lines[0]}
    text = "\n".join(
        [",".join(names.values()), *(",".join(line[name] for name in names) for line in lines), ""]
    )
    month = reported.seats / "bill/cur/report/20260601-20260701"
    for run, content in (("run1", text.replace(",20,", ",999,")), ("run2", text)):
        path = month / run / "report-00001.csv.gz"
        path.parent.mkdir(parents=True)
        path.write_bytes(gzip.compress(content.encode()))
    rewrite(path, path.read_bytes())
    reported.run(only="bill_reconciliation")
    [row] = reported.records("select * from bill_reconciliation")
    assert (row["billed_seats"], row["billed_users"]) == (1, 1)
    assert (float(row["billed_total_cost_usd"]), float(row["billed_overage_credits"])) == (22, 50)
