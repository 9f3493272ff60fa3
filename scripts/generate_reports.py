#!/usr/bin/env python3
"""Write the report files of a made-up organization in the layout of the S3 buckets.

For the demo, the tests and the benchmarks. The same arguments produce the same bytes. In addition
to random users, there are planted stories (an idle seat, a blocked seat, ...), listed in
`truth.json`.
"""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import click
import duckdb
from awkward_organization import awkward_organization
from command_line import Command, detail, examples, progress, say, volume_options
from sample_organization.seat_sources import SeatSources

SQL_DIR = Path(__file__).parent / "sample_organization"

# The legacy report's columns after UserId and Date, spelled as in real files.
LEGACY_COLUMNS = """
    Chat_AICodeLines Chat_MessagesInteracted Chat_MessagesSent CodeFix_AcceptanceEventCount
    CodeFix_AcceptedLines CodeFix_GeneratedLines CodeFix_GenerationEventCount
    CodeReview_FailedEventCount CodeReview_FindingsCount CodeReview_SucceededEventCount
    Dev_AcceptanceEventCount Dev_AcceptedLines Dev_GeneratedLines Dev_GenerationEventCount
    DocGeneration_AcceptedFileUpdates DocGeneration_AcceptedFilesCreations
    DocGeneration_AcceptedLineAdditions DocGeneration_AcceptedLineUpdates DocGeneration_EventCount
    DocGeneration_RejectedFileCreations DocGeneration_RejectedFileUpdates
    DocGeneration_RejectedLineAdditions DocGeneration_RejectedLineUpdates
    InlineChat_AcceptanceEventCount InlineChat_AcceptedLineAdditions
    InlineChat_AcceptedLineDeletions InlineChat_DismissalEventCount
    InlineChat_DismissedLineAdditions InlineChat_DismissedLineDeletions
    InlineChat_RejectedLineAdditions InlineChat_RejectedLineDeletions InlineChat_RejectionEventCount
    InlineChat_TotalEventCount Inline_AICodeLines Inline_AcceptanceCount Inline_SuggestionsCount
    TestGeneration_AcceptedLines TestGeneration_AcceptedTests TestGeneration_EventCount
    TestGeneration_GeneratedLines TestGeneration_GeneratedTests Transformation_EventCount
    Transformation_LinesGenerated Transformation_LinesIngested
""".split()


class Organization:
    """A made-up organization, generated one day at a time in an in-memory DuckDB database."""

    def __init__(
        self,
        users: int,
        days: int,
        start: datetime.date,
        accounts: int,
        seed: int,
        part: int,
        family: str = "routine",
    ):
        self.start = start
        self.days = days
        self.last_date = start + datetime.timedelta(days=days - 1)
        self.connection = duckdb.connect()
        settings = {
            "users": users,
            "days": days,
            "first_date": start,
            "accounts": accounts,
            "seed": seed,
            "users_per_file": part,
            "family": family,
            "legacy_columns": LEGACY_COLUMNS,
        }
        for name, value in settings.items():
            self.connection.execute(f"set variable {name} = $value", {"value": value})
        for script in ("seats", "planted"):
            self.connection.execute(_sql(script))
        self._day_sql = {name: _sql(name) for name in ("day_rows", "day_files", "legacy_files")}

    def live_through(self, day_no: int) -> int:
        """Generate the rows of one day (0 is the first) and return their number."""
        day = self.start + datetime.timedelta(days=day_no)
        if day.day == 1:
            self.connection.execute("delete from month_to_date")
        self.connection.execute(self._day_sql["day_rows"], {"day_no": day_no, "day": day})
        self.connection.execute(
            """
            create or replace table month_to_date as
            -- Decimals, whose sum does not depend on the order of the rows.
            select seat_no, sum(credits::decimal(18, 6))::double as credits
            from (
                from month_to_date select seat_no, credits
                union all
                from day_rows select seat_no, credits
            )
            group by seat_no
            """
        )
        [(rows,)] = self.connection.execute("select count(*) from day_rows").fetchall()
        return rows

    def user_report_files(self, day_no: int) -> list[tuple[str, str, str, str]]:
        """Return the day's report files as key, account id, client and content."""
        day = self.start + datetime.timedelta(days=day_no)
        return self.connection.execute(self._day_sql["day_files"], {"day": day}).fetchall()

    def legacy_report_files(self, day_no: int) -> list[tuple[str, str]]:
        """Return the day's legacy report files as key and content."""
        day = self.start + datetime.timedelta(days=day_no)
        return self.connection.execute(
            self._day_sql["legacy_files"], {"day_no": day_no, "day": day}
        ).fetchall()

    def story_truths(self) -> list[dict]:
        """Return the seats in planted stories, with active days, credits and models."""
        rows = self.connection.execute(
            """
            select
                story_seats.story,
                seats.account_id,
                seats.profile_id,
                seats.user_id,
                min(getvariable('first_date') + day_no)::varchar as first_active_date,
                max(getvariable('first_date') + day_no)::varchar as last_active_date,
                max_by(story_days.tier, day_no) as subscription_tier,
                sum(credits) filter (
                    where date_trunc('month', getvariable('first_date') + day_no)
                    = date_trunc('month', getvariable('first_date') + getvariable('days')::int - 1)
                )::double as credits_used_month,
                max(allowances.allowance) filter (
                    where date_trunc('month', getvariable('first_date') + day_no)
                    = date_trunc('month', getvariable('first_date') + getvariable('days')::int - 1)
                ) as monthly_allowance
            from story_days
            inner join story_seats using (story, overage_enabled)
            inner join seats using (seat_no)
            inner join plans as allowances on story_days.tier = allowances.tier
            group by all
            order by all
            """
        )
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


class Bucket:
    """Writes objects to a folder in the layout of a bucket, with delivery times."""

    def __init__(self, out: Path):
        self.out = out

    def put(self, account_id: str, key: str, content: str, delivered_at: datetime.datetime) -> None:
        """Write an object to an account's bucket."""
        path = self.out / f"kiro-reports-{account_id}" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
        os.utime(path, (delivered_at.timestamp(),) * 2)


def write_organization(
    organization: Organization, bucket: Bucket, seats_out: Path | None = None
) -> dict:
    """Write every day's files and the seat sources; return the expected answers."""
    days = organization.days
    [(first_account,)] = organization.connection.execute(
        "select account_id from accounts order by account_no limit 1"
    ).fetchall()
    # Days with delivery stories, counted from the end so that they are recent.
    superseded_day, redelivered_day, missing_day = days - 6, days - 9, days - 12
    truth: dict = {
        "as_of_date": str(organization.last_date),
        "stories": organization.story_truths(),
        "rows": 0,
        "files": 0,
    }
    seat_sources = None
    if seats_out:
        seat_sources = SeatSources(organization.connection, organization.last_date, seats_out)
        seat_sources.plant()

    with progress(days, f"Writing {days:,} days") as steps:
        for day_no in range(days):
            day = organization.start + datetime.timedelta(days=day_no)
            delivered_at = datetime.datetime.combine(
                day + datetime.timedelta(days=1), datetime.time(2), datetime.UTC
            )
            later = delivered_at + datetime.timedelta(days=1)
            truth["rows"] += organization.live_through(day_no)
            if seat_sources:
                seat_sources.add_day(day)

            for key, account_id, client, content in organization.user_report_files(day_no):
                is_first_account = account_id == first_account
                second_key = key.replace(f"{day:%Y%m%d}0000", f"{day:%Y%m%d}0001")
                delivery = {"activity_date": str(day), "account_id": account_id, "client": client}
                if is_first_account and client == "KIRO_CLI" and day_no == missing_day:
                    truth["missing"] = delivery
                    continue
                if is_first_account and client == "KIRO_IDE" and day_no == superseded_day:
                    truth["superseded"] = delivery
                    bucket.put(account_id, key, _first_half(content), delivered_at)
                    bucket.put(account_id, second_key, content, later)
                    truth["files"] += 2
                    continue
                if is_first_account and client == "KIRO_IDE" and day_no == redelivered_day:
                    truth["redelivered"] = delivery
                    bucket.put(account_id, second_key, content, later)
                    truth["files"] += 1
                bucket.put(account_id, key, content, delivered_at)
                truth["files"] += 1

            for key, content in organization.legacy_report_files(day_no):
                bucket.put(key.split("/AWSLogs/")[1].split("/")[0], key, content, delivered_at)
                truth["files"] += 1
            steps.update(1)

    _write_foreign_files(organization, bucket)
    if seat_sources:
        truth |= seat_sources.write(truth.get("missing"))
    return truth


def _first_half(content: str) -> str:
    """Return a truncated report: the header and the first half of the rows."""
    lines = content.splitlines(keepends=True)
    return "".join(lines[: 1 + len(lines) // 2])


def _write_foreign_files(organization: Organization, bucket: Bucket) -> None:
    """Write other objects that real buckets contain, which must be skipped."""
    rows = organization.connection.execute("select account_id, prefix, region from accounts")
    written_at = datetime.datetime.combine(
        organization.start + datetime.timedelta(days=1), datetime.time(2), datetime.UTC
    )
    for account_id, prefix, region in rows.fetchall():
        logs = f"{prefix}/AWSLogs/{account_id}/KiroLogs"
        day = f"{region}/{organization.start:%Y/%m/%d}/00"
        foreign = {
            f"{logs}/user_report/{day}/0f8fad5b-d9cb-469f-a165-70867728950e": "marker",
            f"{logs}/user_report/{day}/kiro-ide-somebody.csv": "user,credits\nsomebody,1\n",
            f"{logs}/GenerateAssistantResponse/{day}/prompts.json.gz": "not read",
            f"{prefix}/notes.csv": "text\nnot a report\n",
        }
        for key, content in foreign.items():
            bucket.put(account_id, key, content, written_at)


def _sql(name: str) -> str:
    return (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")


@click.command(
    cls=Command,
    epilog=examples(
        "generate_reports.py --out data/sample/reports --seats-out data/sample/seats",
        "generate_reports.py --awkward --out data/awkward/reports --seats-out data/awkward/seats",
        "generate_reports.py --users 200 --days 60 --start 2026-01-01 --out data/reports",
    ),
)
@click.option("--users", default=300, show_default=True, type=click.IntRange(1), help="Seats.")
@click.option("--days", default=240, show_default=True, type=click.IntRange(14), help="Days.")
@click.option(
    "--start",
    default="2026-02-01",
    show_default=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="First activity day.",
)
@click.option("--accounts", default=2, show_default=True, type=click.IntRange(1, 90))
@click.option("--seed", default=1, show_default=True, type=int)
@click.option(
    "--family",
    default="routine",
    show_default=True,
    type=click.Choice(["routine", "projects", "crunch"]),
    help="How people work: at a steady pace, on projects with absences, or mostly at month end.",
)
@click.option(
    "--users-per-file",
    default=1000,
    show_default=True,
    type=click.IntRange(1),
    help="Number of users above which a day's report is split into parts.",
)
@click.option(
    "--awkward",
    is_flag=True,
    help="Write a small, fixed organization with unusual cases instead; truths.json lists them.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; it must be empty or new.",
)
@click.option(
    "--seats-out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the bill, rosters, directory and teams; it must be empty or new.",
)
@volume_options()
def main(
    users: int,
    days: int,
    start: datetime.datetime,
    accounts: int,
    seed: int,
    family: str,
    users_per_file: int,
    awkward: bool,
    out: Path,
    seats_out: Path | None,
) -> None:
    """Write the reports of a made-up organization, and the expected answers in truth.json.

    Exit status: 0 done, 2 usage error, or a folder that cannot be written to, 130 interrupted.
    """
    for option, folder in (("--out", out), ("--seats-out", seats_out)):
        if folder and folder.exists() and any(folder.iterdir()):
            raise click.UsageError(
                f"{folder} is not empty: remove it or choose a new folder with {option}."
            )
    # Check this first, because generating takes a while.
    for folder in (out, seats_out):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    if awkward:
        unusual = awkward_organization()
        written = unusual.write(out, seats_out)
        say(
            f"Wrote {written['rows']:,} rows in {written['files']:,} report files to {out}, and "
            f"the expected answers for {len(unusual.cases)} cases in {out / 'truths.json'}"
            + (f"; bills and lists to {seats_out}." if seats_out else ".")
        )
        return
    organization = Organization(users, days, start.date(), accounts, seed, users_per_file, family)
    truth = write_organization(organization, Bucket(out), seats_out)
    (out / "truth.json").write_text(json.dumps(truth, indent=2) + "\n", encoding="utf-8")
    for story in truth["stories"]:
        detail(f"Planted {story['story']}: {story['user_id']} in account {story['account_id']}")
    say(
        f"Wrote {truth['rows']:,} rows of {users:,} random and "
        f"{len(truth['stories'])} planted seats over {days} days "
        f"in {truth['files']:,} report files to {out}"
        + (f", and the seat sources to {seats_out}." if seats_out else ".")
    )


if __name__ == "__main__":
    main()
