"""A dbt project with its own data folder, and functions that create rows for it."""

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

ROOT = Path(__file__).parents[2]

PUBLIC_TABLES = [
    "adoption_daily",
    "bill_reconciliation",
    "chargeback_focus",
    "chargeback_monthly",
    "client_overlap_monthly",
    "data_quality_findings",
    "feature_acceptance_monthly",
    "headline_figures",
    "license_utilization",
    "license_utilization_monthly",
    "model_credit_estimates",
    "model_mix_daily",
    "model_mix_monthly",
    "overage_forecast_accuracy",
    "overage_forecast_reliability",
    "overage_monthly",
    "overage_outlook",
    "overage_outlook_daily",
    "overage_risk",
    "overage_what_if",
    "people",
    "realized_savings",
    "recommendation_log",
    "recommended_actions",
    "rejected_rows",
    "report_delivery",
    "report_settings",
    "retention_weekly",
    "seat_state_history",
    "seat_states_monthly",
    "seat_usage_daily",
    "team_utilization_monthly",
    "usage_alerts",
    "usage_daily",
    "user_teams",
]

# Failures are in the result, and dbt takes time to format log lines, even those it does not write.
SILENT = ("--log-level", "none")

HEADER = (
    "Date,UserId,Client_Type,Chat_Conversations,Credits_Used,Overage_Cap,Overage_Credits_Used,"
    "Overage_Enabled,ProfileId,Subscription_Tier,Total_Messages"
)


class Project:
    """The dbt project with its own mirror and database."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.reports = folder / "reports"
        self.seats = folder / "seats"
        self.database = folder / "kiro.duckdb"
        # Copies of the public tables, which tests may change.
        self.published = folder / "kiro_published.duckdb"
        self.forgotten = self.reports / "people_to_forget.txt"
        self.reports.mkdir(parents=True, exist_ok=True)

    def dbt(self, *arguments: str):
        """Run dbt in this process and return its result; a failure raises no exception."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment(*arguments).items():
                patch.setenv(name, value)
            patch.chdir(ROOT)
            try:
                return dbtRunner().invoke(["--quiet", "--no-write-json", *arguments])
            finally:
                # dbt keeps the database open for its next run in this process.
                DuckDBConnectionManager.close_all_connections()

    def dbt_process(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        """Run dbt as a user would, in a separate process; a failure raises no exception."""
        return subprocess.run(
            [Path(sys.executable).parent / "dbt", *arguments],
            cwd=ROOT,
            env=self.process_environment(*arguments, **environment),
            capture_output=True,
            text=True,
            check=False,
        )

    def process_environment(self, *arguments: str, **environment: str) -> dict[str, str]:
        """The complete environment of a dbt process."""
        if "DBT_LOG_PATH" in environment:
            environment = {"DBT_LOG_LEVEL_FILE": "debug"} | environment
        return os.environ | self.environment(*arguments) | environment

    def environment(self, *arguments: str) -> dict[str, str]:
        """The folders that dbt uses, as paths that are the same for all tests in a process.

        If a path or variable differs from the previous run, dbt parses everything again, which
        takes longer than building the tables.
        """
        here = target_folder() / f"project-{os.getpid()}"
        here.unlink(missing_ok=True)
        atexit.register(here.unlink, missing_ok=True)
        here.symlink_to(self.folder)

        def seen(path: Path | str) -> str:
            is_own = isinstance(path, Path) and path.is_relative_to(self.folder)
            return str(here / path.relative_to(self.folder) if is_own else path)

        target = str(target_folder(variables_of(arguments)))
        return {
            "KIRO_REPORTS_DIR": seen(self.reports),
            "KIRO_SEATS_DIR": seen(self.seats),
            "KIRO_DUCKDB_PATH": seen(self.database),
            "KIRO_PEOPLE_TO_FORGET": seen(self.forgotten)
            if self.forgotten.exists()
            else os.devnull,
            "DBT_TARGET_PATH": target,
            "DBT_LOG_PATH": target,
            "DBT_LOG_LEVEL_FILE": "none",
        }

    def forget(self, *people: str) -> None:
        """Write the complete list of people whom the next build removes."""
        self.forgotten.write_text("".join(f"{person}\n" for person in people))

    def copy(self, folder: Path) -> "Project":
        """Copy the reports, lists and tables to another folder."""
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return Project(folder)

    def run(self, *arguments: str, only: str = "") -> None:
        """Build all tables, or `only` these and their ancestors, without tests."""
        without_tests = ("--exclude-resource-type", "test", "unit_test")
        selected = ("--select", *(f"+{table}" for table in only.split())) if only else ()
        result = self.dbt("build", *SILENT, *without_tests, *selected, *arguments)
        assert result.success, failures(result)

    def build(self, *arguments: str) -> None:
        """Build the tables and test them; unit tests, which do not depend on data, run in one
        test."""
        without = ("--exclude-resource-type", "unit_test")
        result = self.dbt("build", *SILENT, *without, *arguments)
        assert result.success, failures(result)

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def records(self, sql: str) -> list[dict]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def tables(self, names: list[str] = PUBLIC_TABLES) -> dict[str, list[tuple]]:
        """All rows of the tables, in an order that depends only on the rows."""
        return {name: self.query(f"select * from {name} order by all") for name in names}

    def write_report(
        self,
        day: str,
        text: str | bytes,
        client: str = "KIRO_IDE",
        account: str = "123456789012",
        name: str | None = None,
        delivered_at: int | None = None,
    ) -> Path:
        """Write a day's per-client report to the mirror, in S3's folder layout."""
        compact = day.replace("-", "")
        name = name or f"{client}_{account}_user_report_{compact}0000.csv"
        path = self.reports / (
            f"bucket/prefix/AWSLogs/{account}/KiroLogs/user_report/us-east-1/"
            f"{day.replace('-', '/')}/00/{name}"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if delivered_at is not None:
            os.utime(path, (delivered_at, delivered_at))
        return path

    def write_list(self, path: str, text: str | bytes) -> Path:
        """Write a roster, directory list or team list where the models look for it."""
        file = self.seats / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def write_bill(self, month: str, lines: list[dict], name: str = "cur2-00001.parquet") -> Path:
        """Write a month's lines (Cost and Usage Report columns) where the models look for them."""
        folder = self.seats / f"bill/cur2/data/BILLING_PERIOD={month}"
        folder.mkdir(parents=True, exist_ok=True)
        columns = list(dict.fromkeys(column for line in lines for column in line))
        rows = [tuple(line.get(column) for column in columns) for line in lines]
        with duckdb.connect() as connection:
            connection.execute(f"create table lines ({', '.join(f'{c} varchar' for c in columns)})")
            if rows:
                marks = ", ".join("?" for _ in columns)
                connection.executemany(f"insert into lines values ({marks})", rows)
            options = {
                ".parquet": "format parquet",
                ".csv": "format csv",
                ".gz": "format csv, compression gzip",
            }[Path(name).suffix]
            connection.execute(f"copy lines to '{folder / name}' ({options})")
        return folder / name

    def write_legacy_report(self, day: str, text: str, account: str = "123456789012") -> Path:
        """Write a day's legacy report to the mirror, in S3's folder layout."""
        compact = day.replace("-", "")
        path = self.reports / (
            f"bucket/prefix/AWSLogs/{account}/KiroLogs/by_user_analytic/us-east-1/"
            f"{day.replace('-', '/')}/00/{account}_by_user_analytic_{compact}0000_report.csv"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


def target_folder(variables: str = "") -> Path:
    """The target folder for a process and its dbt vars, where dbt stores the parsed project."""
    folder = ROOT / "target" / f"tests-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    if variables:
        folder /= hashlib.md5(variables.encode()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def variables_of(arguments: tuple[str, ...]) -> str:
    """The dbt vars in the arguments of a command line."""
    after = arguments[arguments.index("--vars") + 1] if "--vars" in arguments else "{}"
    return "" if after == "{}" else after


def failures(result) -> str:
    """dbt's messages about the failed nodes."""
    if result.exception:
        return str(result.exception)
    return "\n".join(
        f"{node.node.name}: {node.status}: {node.message}"
        for node in result.result
        if node.status not in ("success", "pass", "warn")
    )


def report_row(
    day: str,
    user: str,
    client: str = "KIRO_IDE",
    credits: str = "1.5",
    messages: str = "3",
    tier: str = "PRO",
    tail: str = "",
) -> str:
    """A line for a per-client report with HEADER; `tail` has additional columns."""
    return (
        f'{day},"{user}",{client},1,{credits},10000.0,0.0,false,"arn:profile/P",{tier},'
        f"{messages}{tail}\n"
    )


def bill_line(
    user: str | None,
    day: str,
    usage_type: str = "USE1-KiroEnterprise-Pro",
    amount: str = "1",
    cost: str = "20",
    account: str = "123456789012",
    **columns: str,
) -> dict:
    """A bill line; by default, a user's subscription."""
    credits = usage_type.endswith("Credits")
    return {
        "bill_payer_account_id": "999999999999",
        "bill_billing_period_start_date": f"{day[:7]}-01 00:00:00",
        "line_item_usage_account_id": account,
        "line_item_line_item_type": "Usage",
        "line_item_product_code": "Kiro",
        "line_item_usage_type": usage_type,
        "line_item_operation": "Credits" if credits else "monthly-subscription",
        "line_item_resource_id": user and f"arn:aws:identitystore:::user/{user}",
        "line_item_usage_start_date": f"{day} 00:00:00",
        "line_item_usage_amount": amount,
        "line_item_unblended_cost": cost,
        "line_item_currency_code": "USD",
    } | columns
