"""The dbt vars: allowed values, and messages for wrong values."""

import json
import re

import duckdb
import pytest
import yaml
from copied_project import CopiedProject
from projects import HEADER, ROOT, failures, report_row

DAY = "2026-06-01"


@pytest.fixture
def checked(project, capfd):
    """A function that returns the message of `check_setting` for a value, empty if it is valid."""

    def check(name: str, value: object) -> str:
        arguments = json.dumps({"name": name, "value": value})
        result = project.dbt("run-operation", "check_setting", "--args", arguments)
        said = capfd.readouterr().out
        assert result.success is (said == "")
        return said

    return check


def test_every_setting_has_allowed_values():
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    known = re.findall(
        r"^ +'(\w+)': \[", (ROOT / "macros/settings/known_settings.sql").read_text(), re.M
    )
    assert known == list(settings)


def test_mapping_without_a_required_key_is_refused(checked):
    assert "The var list_columns lacks account_id" in checked("list_columns", {"email": ["mail"]})


@pytest.mark.parametrize("account", ["al", "All", "payments"])
def test_budget_for_an_unknown_account_is_refused(checked, account):
    said = checked("overage_budgets_usd", {account: 5000})
    assert f"has a value for {account}, which is neither all nor an account" in said


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("new_seat_days", "many", "a whole number from 0"),
        ("new_seat_days", 1.5, "a whole number from 0"),
        ("new_seat_days", True, "a whole number from 0"),
        ("new_seat_days", None, "a whole number from 0"),
        ("new_seat_days", -1, "a whole number from 0"),
        ("tier_usable_share", 90, "a number from 0 to 1"),
        ("alert_missing_files", "never", "a number from 0, or to null"),
        ("reload_reports", "maybe", "true or false"),
        ("overage_budgets_usd", 5000, "a mapping of numbers from 0"),
        ("overage_budgets_usd", {"all": "much"}, "a mapping of numbers from 0"),
        ("team_budgets_usd", {"Data": "much"}, "a mapping of teams to numbers from 0"),
        ("budget_thresholds", 0.5, "a list of numbers from 0"),
        ("forecast_backtest_days", [5, 32], "a list of whole numbers from 1 to 31"),
        ("forecast_half_lives_days", [], "a list of one or more whole numbers from 1"),
        ("maximum_file_megabytes", float("inf"), "a number from 0.0001"),
        ("list_columns", {"email": "mail"}, "a mapping of lists"),
        ("seat_groups", ["kiro-pro"], "a mapping of strings"),
    ],
)
def test_unusable_value_is_refused_with_a_list_of_allowed_values(checked, name, value, kind):
    said = checked(name, value)
    assert f"The var {name} is " in said
    assert f"Set it to {kind}" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alert_missing_files", None),
        ("alert_budget_share", 0.5),
        ("overage_budgets_usd", {}),
        ("overage_budgets_usd", {"all": 5000, "123456789012": 0.5}),
        ("team_budgets_usd", {"all": 5000, "Data": 0.5, "(small groups)": 1}),
        ("seat_groups", {"kiro-pro": "PRO", "others": None}),
        ("budget_thresholds", []),
        ("reload_reports", True),
    ],
)
def test_value_of_the_right_kind_is_accepted(checked, name, value):
    assert checked(name, value) == ""


@pytest.mark.long
@pytest.mark.parametrize(
    ("variables", "texts"),
    [
        (
            "{alert_blocked_seat: 3}",
            ["There is no var alert_blocked_seat.", "mean alert_blocked_seats?"],
        ),
        ("{overage_budget: 3}", ["mean overage_budgets_usd?"]),
        # Models parse these settings before any hook runs.
        (
            "{overage_budgets_usd: 5000}",
            ["The var overage_budgets_usd is 5000. Set it to a mapping"],
        ),
        ("{list_columns: 5}", ["The var list_columns is 5. Set it to a mapping of lists"]),
        ("{reload_reports: maybe}", ["The var reload_reports is maybe. Set it to true or false"]),
        (
            "{idle_seat_days: 5}",
            ["The var idle_seat_days is 5, and slipping_seat_days is 14. Raise the first or"],
        ),
        (
            "{risk_high_probability: 0.1}",
            ["The var risk_high_probability is 0.1, and risk_likely_probability is 0.5."],
        ),
        (
            "{minimum_group_people: 0}",
            ["The var minimum_group_people is 0. Set it to a whole number"],
        ),
    ],
)
def test_build_with_a_wrong_setting_is_refused(project, variables, texts):
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    done = project.dbt_process("build", "--vars", variables)
    assert done.returncode != 0
    for text in texts:
        assert text in done.stdout
    assert "object has no attribute" not in done.stdout
    assert not project.database.exists() or not project.query("select 1 from duckdb_tables()")


@pytest.mark.long
def test_mistakes_in_the_project_file_are_refused(tmp_path):
    copied = CopiedProject(tmp_path)
    for old, new, text in (
        (
            "  alert_missing_files: 1\n",
            "  alert_missing_files: 1\n  alert_missing_file: 2\n",
            "There is no var alert_missing_file. Did you mean alert_missing_files?",
        ),
        ("  alert_missing_file: 2\n", "", ""),
        (
            "  new_seat_days: 14\n",
            "  new_seat_days: two weeks\n",
            "The var new_seat_days is two weeks.",
        ),
    ):
        copied.change("dbt_project.yml", old, new)
        done = copied.run("seed", "--select", "plan_prices")
        assert (done.returncode == 0) is (text == "")
        assert text in done.stdout


def test_weekly_tests_check_all_history(project):
    """`dbt test` alone finds errors from a build several days ago."""
    for day in (DAY, "2026-06-02"):
        project.write_report(day, f"{HEADER}\n{report_row(day, 'u')}")
        project.run(only="int_seat_days_aggregated int_report_days_changed")
    with duckdb.connect(str(project.database)) as connection:
        connection.execute(
            f"update int_seat_days_aggregated set messages = 99 where activity_date = '{DAY}'"
        )
    tests = ("test", "--select", "days_keep_their_totals")
    assert project.dbt(*tests).success
    result = project.dbt(*tests, "--vars", "{test_all_history: true}")
    assert not result.success
    assert "days_keep_their_totals: fail" in failures(result)


@pytest.mark.long
def test_settings_can_contain_quotes_newlines_and_braces(project):
    """Text in settings is treated as data."""
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    project.write_list("teams/people-2026-06-01.csv", "User id,O'Neill's\nu,Payments\n")
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    odd = 'it\'s "odd"\n{{ 1 }} -- \\'
    settings["list_columns"]["team"] = ["o'neill's", odd]
    variables = {
        "list_columns": settings["list_columns"],
        "seat_groups": {odd: odd},
        "minimum_group_people": 1,
    }
    project.build("--vars", json.dumps(variables))
    assert project.query("select team from user_teams") == [("Payments",)]
    shown = dict(project.query("select setting, setting_value from report_settings"))
    assert "odd" in shown["seat_groups"]
