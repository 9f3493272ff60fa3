"""Years of history, other time zones and clocks, and databases from earlier versions."""

import datetime
import gzip
import random
import re
import shutil
from collections import defaultdict
from decimal import Decimal

import pytest
from earlier_version import DAYS, FOLDER, write_history
from projects import PUBLIC_TABLES, ROOT

pytestmark = pytest.mark.long

WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")
# Logs that grow with each build; a database built at once has a shorter log.
LOGS = {"recommendation_log", "realized_savings"}

REQUIRED = ["Date", "UserId", "Credits_Used", "Subscription_Tier", "Total_Messages"]
OPTIONAL = [
    *("Client_Type", "Chat_Conversations", "Overage_Cap", "Overage_Credits_Used"),
    *("Overage_Enabled", "ProfileId", "New_User", "User_Email", "Usage_Limit"),
]
LAYOUTS = 19
FIRST_DAY = datetime.date(2023, 6, 1)
YEARS_DAYS = 3 * 365 + 1


def layouts() -> list[list[str]]:
    """Headers over the years: columns, including model columns, appear, move and disappear."""
    chance = random.Random(19)
    headers = []
    for number in range(LAYOUTS):
        columns = [*REQUIRED, *chance.sample(OPTIONAL, chance.randint(2, len(OPTIONAL)))]
        columns += [f"model_{model}_messages" for model in range(number, number + 3)]
        chance.shuffle(columns)
        headers.append([name.upper() if number % 7 == 3 else name for name in columns])
    return headers


def test_three_years_of_reports_can_have_nineteen_header_layouts(project):
    """In every layout, all credits and messages are in the month of their report."""
    credits_used, messages = defaultdict(Decimal), defaultdict(int)
    headers = layouts()
    for number in range(YEARS_DAYS):
        day = FIRST_DAY + datetime.timedelta(days=number)
        if day.weekday() > 4:
            continue
        header = headers[number * LAYOUTS // YEARS_DAYS]
        lines = [",".join(header)]
        for user in range(3):
            value = Decimal(100 + (number * 7 + user * 13) % 900) / 100
            model = next(name for name in header if name.lower().startswith("model_")).lower()
            values = {
                "date": str(day),
                "userid": f"user{user}",
                "credits_used": str(value),
                "subscription_tier": "PRO",
                "total_messages": "5",
                "client_type": "KIRO_IDE",
                "chat_conversations": "1",
                "overage_cap": "10000",
                "overage_credits_used": "0",
                "overage_enabled": ("false", "False", "FALSE")[user],
                "profileid": "arn:profile/P",
                "new_user": "false",
                "user_email": f"user{user}@example.com",
                "usage_limit": "1000",
                model: "4",
            }
            lines.append(",".join(values.get(name.lower(), "") for name in header))
            credits_used[str(day)[:7]] += value
            messages[str(day)[:7], model.removesuffix("_messages")] += 4
            messages[str(day)[:7], "(unattributed)"] += 1
        project.write_report(str(day), "\n".join(lines) + "\n")
    project.run()
    assert project.query("select count(*) from rejected_rows") == [(0,)]
    assert (
        project.query("select count(distinct header) from base_kiro__report_files") == [(LAYOUTS,)]
        or len({tuple(map(str.lower, header)) for header in headers}) < LAYOUTS
    )
    assert dict(
        project.query(
            "select strftime(usage_month, '%Y-%m'), sum(credits_used)::decimal(18, 2)"
            " from overage_monthly group by all having sum(credits_used) > 0"
        )
    ) == dict(credits_used)
    assert {
        (month, model): count
        for month, model, count in project.query(
            "select strftime(activity_date, '%Y-%m'), model, sum(messages)::integer"
            " from model_mix_daily group by all"
        )
    } == dict(messages)


def test_time_zone_and_locale_do_not_change_the_tables(project, tmp_path):
    write_history(project, DAYS[-20:])
    tables = []
    for environment in (
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        {"TZ": "Pacific/Pago_Pago", "LC_ALL": "C", "PYTHONUTF8": "0"},
    ):
        project.database = tmp_path / f"{environment['LC_ALL']}.duckdb"
        done = project.dbt_process("build", *WITHOUT_TESTS, **environment)
        assert done.returncode == 0, done.stdout
        tables.append(project.tables())
    assert tables[0] == tables[1]


def test_models_do_not_read_the_clock():
    """A wrong clock must not change the tables: only the last delivered day matters."""
    clock = re.compile(
        r"\b(current_date|current_time|current_timestamp|localtime|localtimestamp|getdate|now"
        r"|today|get_current_timestamp|transaction_timestamp|run_started_at|datetime[.]|random"
        r"|gen_random_uuid|uuid)\b(?!')"
    )
    for path in [*ROOT.glob("models/**/*.sql"), *ROOT.glob("macros/**/*.sql")]:
        code = re.sub(r"\{#.*?#\}|--[^\n]*", "", path.read_text(), flags=re.DOTALL)
        # The word may appear in a message, but not alone: 'now' can be cast to a time.
        strings = r"'[^'\n]*'|\"[^\"\n]*\""
        code = re.sub(strings, lambda text: "" if " " in text[0] else text[0], code)
        assert not clock.search(code), (path, clock.search(code))


@pytest.mark.parametrize(
    "version", sorted(path.name.removesuffix(".duckdb.gz") for path in FOLDER.glob("*.gz"))
)
def test_build_upgrades_a_database_from_an_earlier_version(project, tmp_path, version):
    with (
        gzip.open(FOLDER / f"{version}.duckdb.gz") as packed,
        project.database.open("wb") as database,
    ):
        shutil.copyfileobj(packed, database)
    logged = project.query("select user_id, action from recommendation_log order by all")
    assert logged
    write_history(project, [*DAYS, "2026-05-31"])
    done = project.dbt_process("build", *WITHOUT_TESTS)
    assert done.returncode == 0, done.stdout
    upgraded = project.tables()
    assert set(logged) <= set(project.query("select user_id, action from recommendation_log"))
    project.database = tmp_path / "fresh.duckdb"
    project.run()
    fresh = project.tables()
    for table in set(PUBLIC_TABLES) - LOGS:
        assert upgraded[table] == fresh[table], table
