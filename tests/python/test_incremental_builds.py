"""Builds load new files, replace rows of changed files, and keep rows of deleted files."""

import os

import duckdb
import pytest
from projects import HEADER, ROOT, report_row

DAY = "2026-06-01"


def test_changed_file_replaces_all_its_rows(project):
    text = f"{HEADER},auto_messages,claude_opus_5_messages\n"
    path = project.write_report(
        DAY,
        text
        + report_row(DAY, "stays", messages="3", tail=",1,2")
        + report_row(DAY, "goes", messages="5", tail=",5,0"),
        delivered_at=1_780_365_600,
    )
    other_row = report_row(DAY, "other", client="KIRO_CLI")
    other = project.write_report(DAY, f"{HEADER}\n{other_row}", client="KIRO_CLI")
    project.run(only="model_mix_daily int_activities_with_plan")
    assert project.query("select sum(messages) from model_mix_daily") == [(11,)]

    # The size is unchanged, so only the time reveals the change.
    size = path.stat().st_size
    new_text = text + report_row(DAY, "stays", messages="4", tail=",0,4")
    new_text += report_row(DAY, "came", messages="9", tail=",0,9")
    assert len(new_text) == size
    path.write_text(new_text)
    os.utime(path, (1_780_452_000, 1_780_452_000))
    other.unlink()
    project.run(only="model_mix_daily int_activities_with_plan")

    # All of the file's rows are new, including model rows; the deleted file's rows stay.
    assert project.query("select user_id, messages from int_activities_with_plan order by all") == [
        ("came", 9),
        ("other", 3),
        ("stays", 4),
    ]
    assert project.query(
        "select model, messages from model_mix_daily where client_type = 'KIRO_IDE'"
    ) == [("claude_opus_5", 13)]
    assert project.query("select count(*) from base_kiro__user_report_rows") == [(3,)]


# A day's deliveries: minutes after the first delivery, and the files. A file has a part number (0:
# the whole day) and users, each with 10 credits.
DELIVERIES = {
    "two parts replace three": (
        [(0, {1: "abc", 2: "def", 3: "gh"}), (1440, {1: "abc", 2: "def"})],
        60,
        0,
    ),
    "whole file replaces parts ten minutes later": (
        [(0, {1: "a", 2: "b"}), (10, {0: "ab"})],
        20,
        0,
    ),
    "parts replace a whole file ten minutes later": (
        [(0, {0: "ab"}), (10, {1: "a", 2: "b"})],
        20,
        0,
    ),
    "part alone replaces that part": (
        [(0, {1: "a", 2: "b", 3: "c"}), (1440, {2: "bd"})],
        40,
        1,
    ),
    "part alone does not replace a whole file": (
        [(0, {0: "abc"}), (1440, {2: "b"})],
        30,
        1,
    ),
    "missing parts complete the day": (
        [(0, {1: "a", 2: "b", 3: "c"}), (1440, {2: "bd"}), (2880, {1: "a", 2: "b"})],
        20,
        0,
    ),
}


def write_deliveries(project, deliveries: list, account: str) -> None:
    """Add a day's deliveries to the mirror, each with its own file names."""
    for number, (minutes, files) in enumerate(deliveries):
        for part, users in files.items():
            suffix = f"_part_{part}" if part else ""
            rows = "".join(report_row(DAY, user, credits="10") for user in users)
            project.write_report(
                DAY,
                f"{HEADER}\n{rows}",
                account=account,
                name=f"KIRO_IDE_{account}_user_report_20260601000{number}{suffix}.csv",
                delivered_at=1_780_365_600 + minutes * 60 + part,
            )


@pytest.mark.long
def test_complete_delivery_replaces_the_previous_delivery_of_its_day(project, tmp_path):
    """The result is the same whether deliveries are loaded one by one or all at once."""
    accounts = {f"{number:012}": DELIVERIES[kind] for number, kind in enumerate(DELIVERIES)}
    tables = ["report_delivery", "overage_monthly", "license_utilization"]
    for loaded in (1, 2, 3):
        for account, (deliveries, _, _) in accounts.items():
            write_deliveries(project, deliveries[:loaded], account)
        project.run(only=" ".join([*tables, "data_quality_findings"]))
    assert project.query(
        "select account_id, sum(credits_used)::int from overage_monthly group by all order by 1"
    ) == [(account, credits) for account, (_, credits, _) in accounts.items()]
    assert project.query(
        "select account_id, partial_deliveries from report_delivery order by 1"
    ) == [(account, partial) for account, (_, _, partial) in accounts.items()]
    assert project.query(
        "select account_id, example from data_quality_findings"
        " where finding = 'report_delivery_is_partial' order by 1"
    ) == [
        (account, "KIRO_IDE of 2026-06-01: part 2")
        for account, (_, _, partial) in accounts.items()
        if partial
    ]

    at_once = project.copy(tmp_path / "at once")
    at_once.database.unlink()
    at_once.run(only=" ".join(tables))
    assert at_once.tables(tables) == project.tables(tables)


@pytest.mark.long
def test_reload_forgets_deleted_files(project):
    gone = project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'gone')}")
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'kept')}", client="KIRO_CLI")
    project.run(only="license_utilization")
    gone.unlink()
    project.run("--full-refresh", only="license_utilization")
    assert project.query("select count(*) from license_utilization") == [(2,)]
    project.run("--vars", "{reload_reports: true}", only="license_utilization")
    assert project.query("select user_id from license_utilization") == [("kept",)]


@pytest.mark.long
def test_running_total_includes_a_late_file_older_than_the_window(project):
    def totals(as_of_date: str) -> list[tuple]:
        project.run(
            *("--vars", f"{{seat_usage_days: 2, as_of_date: {as_of_date}}}"),
            only="seat_usage_daily",
        )
        return project.query(
            "select activity_date::varchar, credits_used_month_to_date::double"
            " from seat_usage_daily order by 1"
        )

    for day in ("2026-05-31", "2026-06-02", "2026-06-03", "2026-07-02"):
        project.write_report(day, f"{HEADER}\n{report_row(day, 'u')}")
    assert totals("2026-06-03") == [("2026-06-02", 1.5), ("2026-06-03", 3)]
    project.write_report("2026-06-01", f"{HEADER}\n{report_row('2026-06-01', 'u', credits='10')}")
    assert totals("2026-06-03") == [("2026-06-02", 11.5), ("2026-06-03", 13)]
    # Months outside the window are dropped; a build as of a past day rebuilds them.
    assert totals("2026-07-02") == [("2026-07-02", 1.5)]
    assert project.query("select distinct usage_month::varchar from int_seat_days_accumulated") == [
        ("2026-07-01",)
    ]
    assert totals("2026-06-01") == [("2026-05-31", 1.5), ("2026-06-01", 10)]


def test_late_file_for_an_earlier_day_is_loaded(project):
    project.write_report("2026-06-02", f"{HEADER}\n{report_row('2026-06-02', 'u')}")
    project.run(only="overage_monthly")
    project.write_report("2026-05-31", f"{HEADER}\n{report_row('2026-05-31', 'u')}")
    project.run(only="overage_monthly")
    assert project.query(
        "select usage_month::varchar, credits_used::double from overage_monthly order by 1"
    ) == [("2026-05-01", 1.5), ("2026-06-01", 1.5)]


@pytest.mark.long
def test_unreadable_file_is_rejected_until_it_is_readable_again(project):
    path = project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'v')}", client="KIRO_CLI")
    project.run(only="int_activities_with_plan rejected_rows")
    text = path.read_text()
    path.write_bytes(b"")
    project.run(only="int_activities_with_plan rejected_rows")
    assert project.query("select user_id from int_activities_with_plan") == [("v",)]
    assert project.query("select reason from rejected_rows") == [("the file is empty",)]
    path.write_text(text)
    project.run(only="int_activities_with_plan rejected_rows")
    users = "select user_id from int_activities_with_plan order by 1"
    assert project.query(users) == [("u",), ("v",)]
    assert project.query("select count(*) from rejected_rows") == [(0,)]


@pytest.mark.long
def test_build_as_of_a_date_replays_history(project):
    for day in ("2026-05-29", "2026-06-01", "2026-06-03"):
        project.write_report(day, f"{HEADER}\n{report_row(day, f'user of {day}')}")
    project.run("--vars", "{as_of_date: 2026-06-01}")
    assert project.query(
        "select user_id, as_of_date::varchar from license_utilization order by user_id"
    ) == [
        ("user of 2026-05-29", "2026-06-01"),
        ("user of 2026-06-01", "2026-06-01"),
    ]
    # Without a delivery on the day, the last delivered day before it is used.
    project.run("--vars", "{as_of_date: 2026-06-02}")
    as_of_dates = project.query("select distinct as_of_date::varchar from overage_risk")
    assert as_of_dates == [("2026-06-01",)]
    project.run()
    assert project.query("select count(*) from license_utilization") == [(3,)]


def test_mirror_from_another_tool_is_read(project):
    """The folder above AWSLogs, created by `aws s3 sync` or rclone, has a quote in its name."""
    path = project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    elsewhere = project.reports / "my d'ump" / path.relative_to(project.reports / "bucket/prefix")
    elsewhere.parent.mkdir(parents=True)
    path.rename(elsewhere)
    project.run(only="license_utilization")
    assert project.query("select user_id from license_utilization") == [("u",)]


def test_folders_with_pattern_characters_in_their_names_are_read_once(project):
    for folder, user in (("team[ab]", "u"), ("teama", "v"), ("lo*gs", "w"), ("loXgs", "x")):
        path = project.write_report(DAY, f"{HEADER}\n{report_row(DAY, user)}")
        moved = project.reports / folder / str(path.relative_to(project.reports / "bucket/prefix"))
        # Each has its own account; otherwise, they would be four deliveries of one file.
        moved = type(moved)(str(moved).replace("123456789012", f"00000000000{ord(user) - 111}"))
        moved.parent.mkdir(parents=True)
        path.rename(moved)
    project.run(only="license_utilization")
    assert project.query(
        "select user_id, credits_used_month::double from license_utilization order by user_id"
    ) == [("u", 1.5), ("v", 1.5), ("w", 1.5), ("x", 1.5)]


@pytest.mark.long
@pytest.mark.parametrize("spelling", ["{0}/", "{0}/.", "{0}//../reports", "{1}/./reports"])
def test_mirror_path_can_have_any_spelling(project, spelling):
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    reports = project.reports
    project.reports = spelling.format(reports, os.path.relpath(reports.parent, ROOT))
    project.run(only="license_utilization")
    assert project.query("select user_id from license_utilization") == [("u",)]
    [(file,)] = project.query("select file from base_kiro__report_files")
    assert file.startswith("bucket/prefix/AWSLogs/")


def test_last_day_without_a_usable_row_is_ignored(project):
    project.write_report("2026-06-01", f"{HEADER}\n{report_row('2026-06-01', 'u')}")
    project.write_report("2026-06-02", b"")
    project.write_report("2027-06-03", f"{HEADER}\n{report_row('2026-06-03', 'u')}")
    project.build()
    assert project.query("select as_of_date::varchar from int_as_of_date") == [("2026-06-01",)]
    assert project.query("select count(*) from rejected_rows") == [(2,)]


def test_first_line_may_be_blank(project):
    project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}", client="KIRO_CLI")
    project.write_report(DAY, f"\n{HEADER}\n{report_row(DAY, 'v')}")
    project.build()
    assert project.query("select count(*) from rejected_rows") == [(2,)]


MADE_BY_DAY = {
    "int_seat_days_aggregated": "messages",
    "int_model_messages_attributed": "messages",
    "int_model_days_counted": "messages",
    "int_model_days_dominated": "messages",
}
MADE_BY_MONTH = {
    "int_seat_months_aggregated": "active_days",
    "int_seat_model_months_ranked": "messages",
    "int_active_users_counted": "daily_active_users",
    "int_client_users_counted": "users",
}


@pytest.mark.long
def test_only_days_and_months_with_changed_files_are_rebuilt(project):
    """Rows are marked with a wrong number that remains until they are rebuilt."""

    def write(day: str, *users: str, delivered_at: int) -> None:
        rows = "".join(report_row(day, user, tail=",3") for user in users)
        project.write_report(day, f"{HEADER},auto_messages\n{rows}", delivered_at=delivered_at)

    for day in ("2026-04-15", "2026-05-15", "2026-06-01"):
        write(day, "u", delivered_at=1_780_365_600)
    made = " ".join(MADE_BY_DAY | MADE_BY_MONTH)
    # The three days take two statements, one of them for two rows.
    project.run("--vars", "{make_batch_rows: 2}", only=made)

    def mark():
        with duckdb.connect(str(project.database)) as connection:
            for table, number in (MADE_BY_DAY | MADE_BY_MONTH).items():
                connection.execute(f"update {table} set {number} = 99999")

    def made_anew(period: str) -> set[tuple]:
        tables = MADE_BY_DAY if period == "activity_date" else MADE_BY_MONTH
        return {
            (table, row[0])
            for table, number in tables.items()
            for row in project.query(
                f"select {period}::varchar from {table} group by 1 having max({number}) <> 99999"
            )
        }

    def every(tables: dict, *periods: str) -> set[tuple]:
        return {(table, period) for table in tables for period in periods}

    days = every(MADE_BY_DAY, "2026-04-15", "2026-05-15", "2026-06-01")
    assert made_anew("activity_date") == days
    mark()
    project.run(only=made)
    assert made_anew("activity_date") | made_anew("usage_month") == set()

    # A new day; the windows for active users extend into the next month.
    write("2026-06-02", "u", delivered_at=1_780_452_000)
    project.run(only=made)
    assert made_anew("activity_date") == every(MADE_BY_DAY, "2026-06-02")
    assert made_anew("usage_month") == every(MADE_BY_MONTH, "2026-06-01")

    # A newer delivery for a day in a closed month, and a late delivery for another day.
    mark()
    write("2026-04-15", "u", "v", delivered_at=1_780_538_400)
    write("2026-04-16", "u", delivered_at=1_780_538_400)
    project.run(only=made)
    assert made_anew("activity_date") == every(MADE_BY_DAY, "2026-04-15", "2026-04-16")
    assert made_anew("usage_month") == every(MADE_BY_MONTH, "2026-04-01") | {
        ("int_active_users_counted", "2026-05-01")
    }

    # A change to the rules rebuilds everything.
    project.run("--vars", "{overage_semantics: additive, make_batch_rows: 2}", only=made)
    days = every(MADE_BY_DAY, "2026-04-15", "2026-04-16", "2026-05-15", "2026-06-01", "2026-06-02")
    assert made_anew("activity_date") == days
    months = every(MADE_BY_MONTH, "2026-04-01", "2026-05-01", "2026-06-01")
    assert made_anew("usage_month") == months


def test_month_without_reports_still_has_its_windows(project):
    for day in ("2026-04-28", "2026-06-20"):
        project.write_report(day, f"{HEADER}\n{report_row(day, 'u')}")
    project.run(only="int_active_users_counted")
    assert project.query(
        "select activity_date::varchar from int_active_users_counted"
        " where monthly_active_users = 1 and usage_month = '2026-05-01' order by 1 desc limit 1"
    ) == [("2026-05-25",)]


@pytest.mark.long
def test_files_are_read_in_batches(project):
    """A single statement for all files would keep their contents in memory and could fail."""
    for number in range(5):
        day = f"2026-06-0{number + 1}"
        project.write_report(day, f"{HEADER}\n{report_row(day, f'u{number}')}")
    # Two files per batch.
    size = next(project.reports.rglob("*.csv")).stat().st_size
    batches = ("--vars", f"{{load_batch_megabytes: {1.5 * size / 1e6}}}")
    for arguments in (batches, ("--vars", "{reload_reports: true}")):
        project.run(*arguments, only="base_kiro__user_report_rows")
        assert project.query("select user_id from base_kiro__user_report_rows order by 1") == [
            (f"u{number}",) for number in range(5)
        ]
    project.write_report("2026-06-06", f"{HEADER}\n{report_row('2026-06-06', 'u6')}")
    project.write_report("2026-06-07", f"{HEADER}\n{report_row('2026-06-07', 'u7')}")
    project.write_report("2026-06-08", f"{HEADER}\n{report_row('2026-06-08', 'u8')}")
    project.run(*batches, only="base_kiro__user_report_rows")
    assert project.query("select count(*) from base_kiro__user_report_rows") == [(8,)]
