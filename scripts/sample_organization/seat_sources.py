"""Writes the seat sources of the made-up organization: bill, rosters, directory and more."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

SQL_DIR = Path(__file__).parent
DIRECTORY_ID = "d-1234567890"


class SeatSources:
    """The seat files for an organization in a DuckDB connection.

    Call `plant` before the first day, `add_day` after each day, and `write` after the last day.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, last_date: datetime.date, out: Path):
        self.connection = connection
        self.last_date = last_date
        self.out = out

    def plant(self) -> None:
        """Add seats with known answers, and unused seats."""
        self.connection.execute("set variable last_date = $day", {"day": self.last_date})
        self._run("seat_truths")

    def add_day(self, day: datetime.date) -> None:
        """Save the overage from the day just generated."""
        self.connection.execute(
            """
            insert into overage_days
            select seat_no, $day, account_id, client, overage_credits
            from day_rows
            where overage_credits > 0
            """,
            {"day": day},
        )

    def write(self, missing: dict | None) -> dict:
        """Write all files and return the expected answers.

        `missing` is the report that never arrived (activity_date, account_id, client). The bill
        must match the reports, so it does not include that report's overage.
        """
        if missing:
            self.connection.execute(
                """
                delete from overage_days
                where day = $activity_date and account_id = $account_id and client = $client
                """,
                missing,
            )
        for script in ("seat_lists", "bill", "seat_answers"):
            self._run(script)
        with _private_files():
            self.out.mkdir(parents=True, exist_ok=True)
            self.out.chmod(0o700)
            self._write_bill()
            self._write_lists()
        return self._truth()

    def _write_bill(self) -> None:
        """Write the first account's whole bill as Parquet; for others, only Kiro lines as CSV."""
        months = self._records(
            "select distinct usage_month, is_first_account from bill_lines order by all"
        )
        for month, is_first_account in (row.values() for row in months):
            export = "cur2" if is_first_account else "kiro_lines"
            place = f"BILLING_PERIOD={month:%Y-%m}"
            next_month = (month + datetime.timedelta(days=31)).replace(day=1)
            delivery_date = min(next_month, self.last_date + datetime.timedelta(days=1))
            names = []
            for file_no in (1, 2) if is_first_account else (1,):
                lines = self.connection.sql(
                    """
                    select * exclude (usage_month, is_first_account, file_no)
                    from bill_lines
                    where usage_month = $month
                        and is_first_account = $is_first_account
                        and file_no = $file_no
                    order by identity_line_item_id
                    """,
                    params={
                        "month": month,
                        "is_first_account": is_first_account,
                        "file_no": file_no,
                    },
                )
                suffix = "snappy.parquet" if is_first_account else "csv.gz"
                path = self._path("bill", export, "data", place, f"{export}-{file_no:05}.{suffix}")
                if is_first_account:
                    lines.write_parquet(str(path), compression="snappy")
                else:
                    lines.project("* replace (to_json(product)::varchar as product)").write_csv(
                        str(path), compression="gzip", timestamp_format="%Y-%m-%dT%H:%M:%S.%gZ"
                    )
                _set_time(path, delivery_date)
                names.append(path.name)
            manifest = {
                "exportName": export,
                "billingPeriod": f"{month:%Y-%m}",
                "columns": lines.columns,
                "dataFiles": names,
            }
            path = self._path("bill", export, "metadata", place, f"{export}-Manifest.json")
            path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
            _set_time(path, delivery_date)

    def _write_lists(self) -> None:
        """Write the lists as of the last day, and a roster from 30 days earlier."""
        accounts = [row["account_id"] for row in self._records("from accounts order by account_no")]
        for account_id in accounts:
            self._write_roster(account_id, self.last_date, "is_current")
        earlier = self.last_date - datetime.timedelta(days=30)
        self._write_roster(accounts[0], earlier, "was_listed_earlier")
        for table, folders, name in (
            ("directory", ("directory", DIRECTORY_ID), "users"),
            ("team_list", ("teams",), "people"),
            ("exemptions", ("exemptions",), "exemptions"),
        ):
            self._write_list(self.connection.table(table), self.last_date, *folders, name=name)

    def _write_roster(self, account_id: str, day: datetime.date, flag: str) -> None:
        rows = self.connection.table("rosters").filter(f"{flag} and account_id = '{account_id}'")
        columns = "* exclude (account_id, is_current, was_listed_earlier)"
        self._write_list(rows.project(columns), day, "roster", account_id, name="subscriptions")

    def _write_list(
        self, rows: duckdb.DuckDBPyRelation, day: datetime.date, *folders: str, name: str
    ) -> None:
        path = self._path(*folders, f"{name}-{day}.csv")
        rows.write_csv(str(path))
        _set_time(path, day + datetime.timedelta(days=1))

    def _truth(self) -> dict:
        seats = self._records("from seat_answers")
        for seat in seats:
            # Leave out answers that are uncertain or do not apply.
            expected = seat["expected"].items()
            seat["expected"] = {name: value for name, value in expected if value is not None}
        return {
            "seats": seats,
            "bill": self._records("from bill_answers"),
            "bill_differences": self._records("from difference_answers"),
            "teams": self._records("from team_answers"),
            "emails": [row["email"] for row in self._records("from email_answers")],
            "names": [row["display_name"] for row in self._records("from name_answers")],
        }

    def _records(self, query: str) -> list[dict]:
        cursor = self.connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _run(self, script: str) -> None:
        self.connection.execute((SQL_DIR / f"{script}.sql").read_text(encoding="utf-8"))

    def _path(self, *parts: str) -> Path:
        path = self.out.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


@contextmanager
def _private_files() -> Iterator[None]:
    """Make files written in the block, including DuckDB's, readable only by their owner."""
    previous = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(previous)


def _set_time(path: Path, day: datetime.date) -> None:
    """Set a file's time to 03:00 UTC, when exports are delivered."""
    delivered_at = datetime.datetime.combine(day, datetime.time(3), datetime.UTC)
    os.utime(path, (delivered_at.timestamp(),) * 2)
