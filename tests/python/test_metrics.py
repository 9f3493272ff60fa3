"""The metrics in `models/marts/_metrics.yml`: MetricFlow gives the same answers as SQL."""

import os
import subprocess
import sys

import duckdb
import pytest
import yaml
from copied_project import CopiedProject
from projects import ROOT, Project

pytestmark = pytest.mark.long

BIN = ROOT / ".venv/metrics/bin"
METRICS = {
    metric["name"]: metric
    for metric in yaml.safe_load((ROOT / "models/marts/_metrics.yml").read_text())["metrics"]
}

MONTHLY = "select usage_month as month, {} as value from license_utilization_monthly group by 1"
DAILY = "select date_trunc('month', activity_date) as month, {} as value from {} group by 1"
PEOPLE = (
    "with months as (select *, date_trunc('month', activity_date) as month from adoption_daily)"
    " select month, {} as value from months"
    " where activity_date in (select max(activity_date) from months group by month) group by 1"
)
COHORTS = (
    "select date_trunc('month', cohort_week) as month, {} as value from retention_weekly group by 1"
)
KNOWN_COHORTS = "sum(cohort_users) filter (where retained_users is not null)"
DELIVERED = "count(*) filter (where status = 'delivered')"
EXPECTED = "count(*) filter (where status in ('delivered', 'rejected', 'missing'))"
STRANDED = "sum(stranded_credits)"
ALLOWANCE = "sum(measured_allowance_credits)"
COST = "sum(coalesce(subscription_cost_usd, 0) + coalesce(overage_cost_usd, 0))"
# Expected values of each metric, by month.
QUERIES = {
    "seats": MONTHLY.format("sum(seats)"),
    "active_users": MONTHLY.format("sum(active_seats)"),
    "seat_utilization": MONTHLY.format("sum(active_seats) / sum(seats)"),
    "credits_used": MONTHLY.format("sum(credits_used)"),
    "allowance": MONTHLY.format(ALLOWANCE),
    "stranded_credits": MONTHLY.format(STRANDED),
    "allowance_used": MONTHLY.format(f"1 - {STRANDED} / nullif({ALLOWANCE}, 0)"),
    "stranded_usd": MONTHLY.format(
        "sum(subscription_cost_usd::double * stranded_credits"
        " / nullif(measured_allowance_credits, 0))"
    ),
    "overage_usd": MONTHLY.format("sum(overage_cost_usd)"),
    "expected_overage_usd": (
        "select usage_month as month, sum(expected_overage_usd) as value from overage_outlook"
        " where account_id <> '(all)' and team = '(all)' group by 1"
    ),
    "reclaimable_usd": (
        "select date_trunc('month', as_of_date) as month,"
        " sum(monthly_price_usd) filter (where is_reclaimable) as value"
        " from license_utilization group by 1"
    ),
    "messages": DAILY.format("sum(messages)", "usage_daily"),
    "credits": DAILY.format("sum(credits_used)", "usage_daily"),
    "credits_per_message": DAILY.format("sum(credits_used) / sum(messages)", "usage_daily"),
    "messages_of_named_models": DAILY.format(
        "coalesce(sum(messages) filter (where model_kind = 'named'), 0)", "model_mix_daily"
    ),
    "messages_by_model": DAILY.format("sum(messages)", "model_mix_daily"),
    "named_model_message_share": DAILY.format(
        "coalesce(sum(messages) filter (where model_kind = 'named'), 0) / sum(messages)",
        "model_mix_daily",
    ),
    "daily_active_users": PEOPLE.format("sum(daily_active_users)"),
    "weekly_active_users": PEOPLE.format("sum(weekly_active_users)"),
    "monthly_active_users": PEOPLE.format("sum(monthly_active_users)"),
    "stickiness": PEOPLE.format("sum(daily_active_users) / sum(monthly_active_users)"),
    "cohort_users": COHORTS.format(KNOWN_COHORTS),
    "retained_users": COHORTS.format("sum(retained_users)"),
    "retention": COHORTS.format(f"sum(retained_users) / {KNOWN_COHORTS}"),
    "delivered_days": DAILY.format(DELIVERED, "report_delivery"),
    "expected_days": DAILY.format(EXPECTED, "report_delivery"),
    "delivery_completeness": DAILY.format(
        f"{DELIVERED} / nullif({EXPECTED}, 0)", "report_delivery"
    ),
    "active_user_months": MONTHLY.format("sum(active_seats)"),
    "seat_cost_usd": MONTHLY.format(COST),
    "cost_per_active_user_usd": MONTHLY.format(f"{COST} / nullif(sum(active_seats), 0)"),
}


class MetricFlow:
    """MetricFlow in a separate environment, with a copy of the project and of a database."""

    def __init__(self, folder, project: Project):
        self.copy = CopiedProject(folder)
        self.environment = os.environ | {
            "KIRO_DUCKDB_PATH": str(project.database),
            "KIRO_REPORTS_DIR": str(project.reports),
            "KIRO_SEATS_DIR": str(project.seats),
            # MetricFlow's command line calls dbt.
            "PATH": f"{BIN}:/usr/bin:/bin",
        }
        parsed = self.run("dbt", "--quiet", "parse")
        assert parsed.returncode == 0, parsed.stdout

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [BIN / command, *arguments],
            cwd=self.copy.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def query(self, names: list[str]) -> subprocess.CompletedProcess:
        by_month = ("--group-by", "metric_time__month", "--decimals", "9")
        file = self.copy.folder / "answer.csv"
        file.unlink(missing_ok=True)
        return self.run("mf", "query", "--metrics", ",".join(names), *by_month, "--csv", str(file))

    def answer(self, names: list[str]) -> dict[tuple, dict]:
        """The values of each metric by month."""
        done = self.query(names)
        assert done.returncode == 0, done.stdout + done.stderr
        with duckdb.connect() as connection:
            rows = connection.execute(
                f"select * from read_csv('{self.copy.folder / 'answer.csv'}', all_varchar = true)"
            )
            columns = [column[0] for column in rows.description]
            table = [dict(zip(columns, row, strict=True)) for row in rows.fetchall()]
        return {
            name: {
                row["metric_time__month"][:10]: float(row[name])
                for row in table
                if row[name] not in (None, "", "nan")
            }
            for name in names
        }


@pytest.fixture(scope="module")
def project(module_project) -> Project:
    made_up = ("--quiet", "--users", "80", "--days", "100", "--out", module_project.reports)
    subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/generate_reports.py", *made_up),
            *("--seats-out", module_project.seats),
        ],
        check=True,
    )
    module_project.run()
    return module_project


@pytest.fixture(scope="module")
def metric_flow(project, tmp_path_factory) -> MetricFlow:
    return MetricFlow(tmp_path_factory.mktemp("metric_flow"), project)


@pytest.fixture(scope="module")
def answers(metric_flow) -> dict:
    return metric_flow.answer(list(METRICS))


def test_configuration_is_valid_and_matches_the_tables(metric_flow):
    done = metric_flow.run("mf", "validate-configs")
    assert done.returncode == 0, done.stdout
    assert "Successfully validated metrics against data warehouse (ERRORS: 0" in done.stdout


def test_every_metric_is_described_and_compared():
    assert all(metric["description"] and metric["label"] for metric in METRICS.values())
    assert set(METRICS) == set(QUERIES)


@pytest.mark.parametrize("name", QUERIES)
def test_metric_agrees_with_sql(answers, project, name):
    expected = {
        str(month)[:10]: float(value)
        for month, value in project.query(QUERIES[name])
        if value is not None
    }
    assert any(expected.values())
    assert answers[name] == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_metrics_match_the_headline_figures(answers, project):
    figures = dict(
        project.query(
            "select figure, value from headline_figures where account_id = '(all)'"
            " and subscription_tier = '(all)' and team = '(all)'"
            " and period_end_date = (select max(as_of_date) from license_utilization)"
        )
    )
    [reclaimable] = answers["reclaimable_usd"].values()
    assert reclaimable == float(figures["reclaimable_cost_usd"])
    assert max(answers["overage_usd"].items())[1] == float(figures["overage_to_date_usd"])


def test_error_mentions_the_missing_table(tmp_path):
    done = MetricFlow(tmp_path, Project(tmp_path / "empty")).query(["seats"])
    assert done.returncode != 0
    assert "license_utilization_monthly does not exist" in done.stdout + done.stderr
