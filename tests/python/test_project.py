"""Rules for the project itself: oldest and newest DuckDB, documentation, conventions."""

import csv
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
import yaml
from projects import HEADER, PUBLIC_TABLES, ROOT, report_row, target_folder

DAY = "2026-06-01"


@pytest.mark.long
def test_oldest_duckdb_builds_the_same_tables(project):
    oldest = ROOT / ".venv/duckdb-oldest"
    if not oldest.exists():
        pytest.skip("the oldest duckdb is not installed: run make setup-dev")
    project.write_report(DAY, f"{HEADER},auto_messages\n{report_row(DAY, 'u', tail=',2')}bad\n")
    project.write_legacy_report(DAY, "UserId,Date,Inline_SuggestionsCount\nu,06-01-2026,4\n")
    done = project.dbt_process("build", PYTHONPATH=str(oldest))
    assert done.returncode == 0, done.stdout
    version = subprocess.run(
        [sys.executable, "-c", "import duckdb; print(duckdb.__version__)"],
        env=os.environ | {"PYTHONPATH": str(oldest)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert version != duckdb.__version__

    without_unit_tests = ("--exclude-resource-type", "unit_test")
    # The newest version reads the oldest version's database, builds on it, and gets the same
    # tables.
    of_oldest = project.tables()
    assert of_oldest["rejected_rows"]
    assert project.dbt_process("build", *without_unit_tests).returncode == 0
    assert project.tables() == of_oldest
    project.database.unlink()
    assert project.dbt_process("build", *without_unit_tests).returncode == 0
    assert project.tables() == of_oldest


def test_documentation_page_and_comments_are_written(project):
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    project.run()
    done = project.dbt_process("docs", "generate", "--static")
    assert done.returncode == 0, done.stdout
    page = (target_folder() / "static_index.html").read_text()
    assert all(table in page for table in PUBLIC_TABLES)
    # Users of ad-hoc SQL see the descriptions in the database.
    undescribed = project.query(
        "select table_name, column_name from duckdb_columns() where comment is null"
        f" and table_name in {tuple(PUBLIC_TABLES)}"
    )
    assert undescribed == []


@pytest.mark.parametrize(("age_hours", "status"), [(1, "pass"), (40, "warn")])
def test_source_freshness_warns_after_36_hours(project, age_hours, status):
    delivered_at = int(time.time()) - age_hours * 3600
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}", delivered_at=delivered_at)
    done = project.dbt_process("source", "freshness")
    assert done.returncode == 0, done.stdout
    [result] = json.loads((target_folder() / "sources.json").read_text())["results"]
    assert result["status"] == status


def yaml_entries(kind: str) -> list[dict]:
    return [
        entry
        for path in ROOT.glob("models/**/*.yml")
        for entry in yaml.safe_load(path.read_text()).get(kind, [])
    ]


def test_public_tables_are_the_marts():
    assert sorted(path.stem for path in ROOT.glob("models/marts/*/*.sql")) == PUBLIC_TABLES


def test_queries_have_different_names_than_models():
    """DuckDB's shell and dbt's catalog would confuse the two."""
    models = {path.stem for path in ROOT.glob("models/**/*.sql")}
    assert not models & {path.stem for path in ROOT.glob("analyses/*.sql")}


def test_grain_of_every_public_table_is_tested():
    described = {model["name"]: model for model in yaml_entries("models")}
    for table in set(PUBLIC_TABLES) - {"rejected_rows"}:
        assert any("grain" in test for test in described[table]["data_tests"]), table


def test_every_model_with_a_rule_has_a_unit_test():
    # Models that read files, unnest lists or pass columns through are tested with real files.
    without = {
        *("base_kiro__report_files", "base_kiro__user_report_rows", "base_kiro__model_messages"),
        *("base_kiro__legacy_report_rows", "base_kiro__legacy_metrics", "int_days_spined"),
        *("stg_kiro__model_messages", "stg_kiro__legacy_metrics"),
        *("base_kiro__unknown_columns", "stg_kiro__unknown_columns"),
        *("base_rosters__earlier_names", "stg_rosters__exemptions"),
        *("report_delivery", "rejected_rows", "report_settings", "model_mix_monthly"),
        *("usage_daily", "bill_reconciliation", "overage_risk", "seat_states_monthly"),
        *("base_bill__files", "base_bill__charges", "base_rosters__files", "base_rosters__rows"),
        *("stg_rosters__files", "stg_rosters__rejected_rows"),
    }
    tested = {test["model"] for test in yaml_entries("unit_tests")}
    models = {path.stem for path in ROOT.glob("models/**/*.sql")}
    assert models - tested == without


def test_every_headline_figure_is_defined_and_computed():
    models = [path.read_text() for path in ROOT.glob("models/*/headline/*.sql")]
    lists = re.findall(r"figures_of\('\w+', \[(.*?)\]\)", "".join(models), re.DOTALL)
    computed = set(re.findall(r"'(\w+)'", "".join(lists))) | {"used_share"}
    with (ROOT / "seeds/headline_definitions.csv").open(newline="") as file:
        assert {row["figure"] for row in csv.DictReader(file)} == computed


def test_only_the_base_layer_reads_files():
    for path in ROOT.glob("models/**/*.sql"):
        text = path.read_text()
        reads = re.search(r"source\(|read_(blob|csv|text)|report_lines|set_file_list", text)
        assert bool(reads) <= (path.parent.name == "base"), path


def test_models_above_the_base_layer_are_portable():
    """Outside the base layer, SQL contains nothing that Spark or Trino lack or read differently."""
    unportable = re.compile(
        r"::|\bqualify\b|\bexclude\b|\bunnest\b|\blambda\b|\bstrftime\b|\blast_day\b|date_diff"
        r"|generate_series|\bextract\(|\bisodow|group by all|\barg_max\b|quantile|\bmedian\("
        r"|\bpivot\b|\bunpivot\b|\basof\b|distinct on",
        re.IGNORECASE,
    )
    for path in ROOT.glob("models/**/*.sql"):
        if path.parent.name != "base":
            assert not unportable.search(path.read_text()), path


def test_data_tests_share_one_macro_for_changed_days():
    """The macro also respects `test_all_history`."""
    for path in ROOT.glob("tests/**/*.sql"):
        assert "int_report_days_changed" not in path.read_text(), path


def test_every_setting_is_shown_and_documented():
    settings = set(yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"])
    shown = (ROOT / "models/marts/data_quality/report_settings.sql").read_text()
    page = (ROOT / "docs/settings.md").read_text()
    # These settings do not affect any number.
    hidden = {"reload_reports", "test_all_history", "load_batch_megabytes", "make_batch_rows"}
    for setting in settings:
        assert f"`{setting}`" in page, setting
        assert setting in hidden or f"'{setting}'" in shown, setting


def test_loader_and_models_have_the_same_file_size_limit():
    sys.path.insert(0, str(ROOT / "scripts"))
    from loaders.mirror.syncing import Options

    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    assert Options.max_megabytes == settings["maximum_file_megabytes"]


def test_loader_and_models_recognize_the_same_files(project):
    sys.path.insert(0, str(ROOT / "scripts"))
    from loaders.mirror.report_keys import is_report_key

    folder = "logs/AWSLogs/123456789012/KiroLogs/user_report/us-east-1/2026/06/01/00/"
    legacy = folder.replace("user_report", "by_user_analytic")
    keys = {
        folder + "KIRO_IDE_123456789012_user_report_202606010000.csv": True,
        folder + "KIRO_IDE_123456789012_user_report_202606010000_report.csv": True,
        folder + "KIRO_IDE_123456789012_user_report_part_2_202606010000.csv": True,
        folder + "KIRO_IDE_123456789012_user_report_202606010000_part_12.csv": True,
        folder + "NEW_CLIENT_2_123456789012_user_report_202606010000.csv": True,
        "logs/" + folder + "KIRO_CLI_123456789012_user_report_202606010000.csv": True,
        legacy + "123456789012_by_user_analytic_202606010000_report.csv": True,
        legacy + "123456789012_by_user_analytic_202606010000.csv": True,
        legacy.replace("KiroLogs", "QDeveloperLogs")
        + "123456789012_by_user_analytic_202606010000.csv": True,
        folder + "kiro-ide-somebody.csv": False,
        folder + "KIRO_IDE_123456789012_user_report.csv": False,
        folder + "123456789012_user_report_202606010000.csv": False,
        folder + "123456789012_by_user_analytic_202606010000.csv": False,
        legacy + "KIRO_IDE_123456789012_user_report_202606010000.csv": False,
        folder + "KIRO_IDE_123456789012_user_report_202606010000_part_20260601000000.csv": False,
        folder + "KIRO_IDE_123_user_report_202606010000.csv": False,
        folder.replace("/00/", "/") + "KIRO_IDE_123456789012_user_report_202606010000.csv": False,
        folder.replace("123456789012", "1234") + "KIRO_IDE_1_user_report_202606010000.csv": False,
        "logs/notes.csv": False,
    }
    for key in keys:
        path = project.reports / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    done = project.dbt_process("run", "--select", "base_kiro__report_files")
    assert done.returncode == 0, done.stdout
    recognised = {file for (file,) in project.query("select file from base_kiro__report_files")}
    assert recognised == {key for key, is_report in keys.items() if is_report}
    assert recognised == {key for key in keys if is_report_key(key)}


def test_committed_files_contain_no_registry_or_host_names():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    forbidden = re.compile("index" + "-url|find" + "-links|/ro" + "ot/|pypi" + r"\.org|/wo" + "rk/")
    for name in listed:
        path = Path(ROOT, name)
        assert not forbidden.search(path.read_text(errors="replace")), name
