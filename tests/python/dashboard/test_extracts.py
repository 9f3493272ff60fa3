"""The files next to the dashboard, and the command that writes them."""

import csv
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
from dashboard_page import write_report
from projects import PUBLIC_TABLES, ROOT


def test_only_the_owner_can_read_the_files(page):
    for path in [page.parent, *page.parent.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_extracts_contain_every_public_table(sample, page):
    tables = page.parent / "tables"
    expected = {
        f"{table}.{ending}"
        for table in PUBLIC_TABLES
        if table != "people"
        for ending in ("csv", "parquet")
    }
    assert {file.name for file in tables.iterdir()} == expected
    for table in set(PUBLIC_TABLES) - {"people"}:
        rows = sample.query(f"select * from {table} order by all")
        assert duckdb.sql(f"from '{tables}/{table}.parquet' order by all").fetchall() == rows
        with (tables / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == len(rows) + 1


def test_extracts_contain_no_formulas(changed):
    values = ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx", "-5", "+3.5", "plain", "a=b"]
    values += [
        " =1+1",
        "\N{NO-BREAK SPACE}+1+1",
        "\n@x",
        "\N{FULLWIDTH EQUALS SIGN}1+1",
        " -5",
        "a -b",
    ]
    page = changed(
        "delete from report_settings where setting <> 'as_of_date'",
        *(
            f"insert into report_settings values ('setting_{number}', '{value}')"
            for number, value in enumerate(values)
        ),
    )
    with (page.parent / "tables/report_settings.csv").open(encoding="utf-8", newline="") as file:
        cells = {row["setting"]: row["setting_value"] for row in csv.DictReader(file)}
    assert [cells[f"setting_{number}"] for number in range(len(values))] == [
        "'=1+1",
        "'+cmd",
        "'-x",
        "'@SUM(A1)",
        "'\tx",
        "'\rx",
        "-5",
        "+3.5",
        "plain",
        "a=b",
        "' =1+1",
        "'\N{NO-BREAK SPACE}+1+1",
        "'\n@x",
        "'\N{FULLWIDTH EQUALS SIGN}1+1",
        " -5",
        "a -b",
    ]


def export(database: Path, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/export_tables.py", "--database", database),
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def test_export_contains_the_requested_tables_and_no_formulas(sample, tmp_path):
    database, out = tmp_path / "changed.duckdb", tmp_path / "export"
    shutil.copy(sample.database, database)
    formula = "=cmd|'/C calc'!A0"
    with duckdb.connect(str(database)) as connection:
        connection.execute("update chargeback_focus set x_CostCenter = $1", [formula])
    done = export(database, "--out", out, "chargeback_focus")
    assert done.returncode == 0, done.stderr
    assert {file.name for file in out.iterdir()} == {
        "chargeback_focus.csv",
        "chargeback_focus.parquet",
    }
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    with (out / "chargeback_focus.csv").open(encoding="utf-8", newline="") as file:
        assert {row["x_CostCenter"] for row in csv.DictReader(file)} == {f"'{formula}"}
    parquet = f"select distinct x_costcenter from '{out / 'chargeback_focus.parquet'}'"
    assert duckdb.sql(parquet).fetchall() == [(formula,)]
    refused = export(database, "--out", out, "people")
    assert (refused.returncode, "add --show-people" in refused.stderr) == (2, True)
    assert not (out / "people.csv").exists()


def test_documented_commands_write_csv_only_with_the_export_script():
    """DuckDB's `copy` does not escape formulas in names."""
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("analyses/*.sql")]:
        assert not re.search(r"-c \"copy|^copy .* to ", path.read_text(), re.MULTILINE), path


def test_written_files_are_listed_unless_quiet(sample, tmp_path):
    result = write_report(sample.database, tmp_path / "page.html")
    assert result.returncode == 0
    assert re.search(rf"Wrote {tmp_path}/page.html \(\d+\.\d MB\)", result.stdout)
    assert write_report(sample.database, tmp_path / "page.html", "--quiet").stdout == ""


def test_mistakes_are_reported_without_a_stack_trace(sample, tmp_path):
    missing = write_report(tmp_path / "none.duckdb", tmp_path / "page.html")
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    (tmp_path / "file").write_text("")
    for result, advice in (
        (missing, "run .venv/bin/dbt build"),
        (write_report(empty, tmp_path / "page.html"), "run .venv/bin/dbt build"),
        (write_report(sample.database, tmp_path / "file/page.html"), "cannot be written"),
    ):
        assert result.returncode == 2
        assert advice in result.stderr
        assert "Traceback" not in result.stderr
