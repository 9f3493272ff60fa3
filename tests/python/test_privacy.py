"""Personal data in the database, documentation, logs and files, and its erasure."""

import hmac
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
import yaml
from projects import HEADER, PUBLIC_TABLES, ROOT, Project, report_row

KEY = "correct horse battery staple"
WITH_KEY = {"DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY": KEY}
JANE = "11111111-aaaa-4111-8111-111111111111"
MAX = "22222222-bbbb-4222-8222-222222222222"
JANES_EMAIL = "Jane.Doe@people.example"
MAXS_EMAIL = "max.moritz@people.example"
EMAILS = ("jane.doe", "max.moritz", "people.example")
DAYS = [f"2026-05-{day:02d}" for day in range(1, 32)] + ["2026-06-01"]
OLDEST = {"PYTHONPATH": str(ROOT / ".venv/duckdb-oldest")}


def pseudonym(text: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), text.encode(), "sha256").hexdigest()


def write_reports(project: Project, days: list[str] = DAYS) -> None:
    """Jane (idle since the first day) and Max (active), with unusable lines for both."""
    for day in days:
        rows = report_row(day, MAX, tail=f",false,{MAXS_EMAIL}")
        rows += report_row(day, MAX.upper(), credits=MAXS_EMAIL, tail=",false,")
        if day == days[0]:
            rows += report_row(day, f"d-9067abcdef.{JANE.upper()}", tail=f",false,{JANES_EMAIL}")
            rows += f"{day},{JANE},{JANES_EMAIL}\n"
        project.write_report(day, f"{HEADER},New_User,User_Email\n{rows}")
    project.write_legacy_report(
        days[0], f"UserId,Date,Inline_SuggestionsCount\n{JANE},05-01-2026,4\n{JANE},x,4\n"
    )


def build(project: Project, variables: str = "{}", with_tests: bool = False, **environment: str):
    """Build the tables as a user would, in a separate process."""
    excluded = ("unit_test",) if with_tests else ("unit_test", "test")
    return project.dbt_process(
        *("build", "--exclude-resource-type", *excluded, "--vars", variables), **environment
    )


def built(
    project: Project, variables: str = "{}", with_tests: bool = False, **environment: str
) -> Project:
    done = build(project, variables, with_tests, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return project


def refused(project: Project, variables: str, *texts: str, **environment: str):
    before = project.database.read_bytes() if project.database.exists() else None
    done = build(project, variables, **environment)
    assert done.returncode != 0
    for text in texts:
        assert text in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    if before:
        assert project.database.read_bytes() == before
    return done


def traces(folder: Path, *texts: str, but: str = "reports") -> list[tuple[str, str]]:
    """The strings that occur, in any case, in a folder's files outside the mirror."""
    return [
        (str(path.relative_to(folder)), text)
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] != but
        for content in [path.read_bytes().lower()]
        for text in texts
        if text.lower().encode() in content
    ]


@pytest.fixture
def reported(project) -> Project:
    write_reports(project)
    return project


@pytest.fixture(scope="module")
def modes(tmp_path_factory):
    """A project with the reports, built in a mode; each mode is built only once."""
    projects: dict[str, Project] = {}

    def in_mode(mode: str) -> Project:
        if mode not in projects:
            projects[mode] = Project(tmp_path_factory.mktemp(mode))
            write_reports(projects[mode])
            built(projects[mode], f"{{personal_data: {mode}}}", **WITH_KEY)
        return projects[mode]

    return in_mode


@pytest.fixture(scope="module")
def clear(modes) -> Project:
    return modes("clear")


@pytest.fixture
def in_mode(modes, tmp_path):
    """A copy of the project built in a mode, for a single test."""
    return lambda mode: modes(mode).copy(tmp_path / mode)


@pytest.fixture
def named(in_mode) -> Project:
    return in_mode("clear")


# Clear: names and addresses are in one table.


def test_only_table_people_contains_addresses(clear):
    assert clear.query("select user_id, user_email from people order by all") == [
        (JANE, JANES_EMAIL.lower()),
        (MAX, MAXS_EMAIL),
    ]
    for table in set(PUBLIC_TABLES) - {"people"}:
        rows = clear.query(f"select lower(cast(t as varchar)) from {table} as t")
        assert not [row for (row,) in rows if any(email in row for email in EMAILS)], table


def test_rejected_lines_contain_no_address(clear):
    rows = clear.query("select distinct reason, raw_text from rejected_rows where line_number = 3")
    assert {reason for reason, _ in rows} == {
        "credits_used is not an amount from 0 to 100 million: (e-mail)",
        "Date is not a valid MM-DD-YYYY date: x",
    }
    assert clear.query("select raw_text from rejected_rows where line_number = 5") == [
        (f"2026-05-01,{JANE},(e-mail)",)
    ]


@pytest.mark.long
def test_documentation_and_logs_contain_no_address(reported, tmp_path):
    folders = {"DBT_TARGET_PATH": str(tmp_path / "target"), "DBT_LOG_PATH": str(tmp_path / "logs")}
    built(reported, **folders)
    done = reported.dbt_process("--debug", "docs", "generate", "--static", **folders)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "target/static_index.html").exists()
    assert (tmp_path / "logs/dbt.log").exists()
    databases = {"kiro.duckdb", "kiro_published.duckdb"}
    assert {name for name, _ in traces(tmp_path, *EMAILS, JANE, MAX)} == databases
    assert not any(text.lower() in done.stdout.lower() for text in (*EMAILS, JANE, MAX))


def test_first_line_is_not_stored_if_it_is_a_row(project):
    row = report_row(DAYS[0], MAX, tail=f",{MAXS_EMAIL}")
    project.write_report(DAYS[0], row * 2, client="PLUGIN")
    project.write_report(
        DAYS[0], f"{HEADER},{MAXS_EMAIL}_messages\n{report_row(DAYS[0], 'u', tail=',2')}"
    )
    built(project)
    assert traces(project.database.parent, *EMAILS) == []


def test_columns_with_personal_data_are_declared():
    """Every model that keeps rows in a full refresh declares its personal columns."""
    models = {
        model["name"]: {
            column["name"]: column.get("config", {}).get("meta", {}).get("personal_data")
            for column in model.get("columns", [])
        }
        for path in ROOT.glob("models/**/*.yml")
        for model in yaml.safe_load(path.read_text()).get("models", [])
    }
    kinds = {
        "user_id": "user_id",
        "user_email": "email",
        "raw_text": "line",
        "rejection_reason": "reason",
    }
    kept = [
        path.stem for path in ROOT.glob("models/**/*.sql") if "full_refresh" in path.read_text()
    ]
    assert len(kept) >= 4
    for model in kept:
        for column, kind in kinds.items():
            if column in models[model]:
                # Charges remain after the person is forgotten.
                charged = {"user_id": "charged_user_id"} if model == "base_bill__charges" else {}
                assert models[model][column] == charged.get(column, kind), (model, column)


# The modes pseudonym and none: what is loaded and what remains visible.


def test_pseudonyms_are_keyed_hashes(in_mode, clear):
    reported = in_mode("pseudonym")
    for table in ("adoption_daily", "license_utilization_monthly", "model_mix_daily"):
        assert reported.tables([table]) == clear.tables([table])
    pseudonyms = {pseudonym(JANE), pseudonym(MAX)}
    assert set(reported.query("select user_id, user_email from people")) == {
        (text, None) for text in pseudonyms
    }
    assert set(reported.query("select distinct user_email from stg_kiro__user_activities")) == {
        (pseudonym(JANES_EMAIL.lower()),),
        (pseudonym(MAXS_EMAIL),),
    }
    assert reported.query("select distinct user_id from stg_kiro__legacy_metrics") == [
        (pseudonym(JANE),)
    ]
    assert set(reported.query("select distinct reason, raw_text from rejected_rows")) == {
        ("credits_used is not an amount from 0 to 100 million", None),
        ("the row has 3 values, the header 13", None),
        ("Date is not a valid MM-DD-YYYY date", None),
    }
    assert traces(reported.database.parent, *EMAILS, JANE, MAX) == []
    # A pseudonym does not reveal its key.
    assert reported.query("select mode, key_check from personal_data_held") == [
        ("pseudonym", pseudonym("kiro usage analytics"))
    ]


@pytest.mark.parametrize("key", ["k" * 16, "schlüssel, öffentlich nicht", "long " * 30])
def test_pseudonyms_are_hmac_sha256(project, key):
    project.write_report(DAYS[0], f"{HEADER}\n{report_row(DAYS[0], 'grün')}")
    done = project.dbt_process(
        *("run", "--select", "+stg_kiro__report_files", "--vars", "{personal_data: pseudonym}"),
        DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY=key,
    )
    assert done.returncode == 0, done.stdout
    assert project.query("select user_id from base_kiro__user_report_rows") == [
        (pseudonym("grün", key),)
    ]


def test_mode_none_loads_no_address(in_mode):
    reported = in_mode("none")
    assert reported.query("select * from people") == []
    assert reported.query("select distinct user_email from base_kiro__user_report_rows") == [
        (None,)
    ]
    assert reported.query("select count(distinct user_id) from license_utilization") == [(2,)]
    assert traces(reported.database.parent, *EMAILS) == []


@pytest.mark.long
def test_mode_none_does_not_store_addresses_used_as_user_ids(project):
    """Covers new and earlier rows, which get the same id."""

    def write(day: str) -> None:
        rows = report_row(day, MAX) + report_row(day, JANES_EMAIL) + report_row(day, f"x{day}@b.c")
        project.write_report(day, f"{HEADER}\n{rows}")

    write(DAYS[0])
    built(project)
    assert (JANES_EMAIL.lower(),) in project.query("select user_id from license_utilization")
    for day in DAYS[1:3]:
        write(day)
        built(project, "{personal_data: none}")
    assert traces(project.database.parent, *EMAILS, "@b.c") == []
    assert project.query(
        "select count(distinct user_id), count(*) filter (where user_id like 'unmatched-%')"
        " from license_utilization"
    ) == [(5, 4)]
    assert project.query(
        "select active_days_30 from license_utilization order by all desc limit 2"
    ) == [(3,), (3,)]


# The keys.


@pytest.mark.long
def test_key_appears_nowhere(reported, tmp_path):
    folders = {"DBT_TARGET_PATH": str(tmp_path / "target"), "DBT_LOG_PATH": str(tmp_path / "logs")}
    done = reported.dbt_process(
        *("--debug", "--log-level-file", "debug", "build", "--exclude-resource-type", "unit_test"),
        *("--vars", "{personal_data: pseudonym}"),
        **folders,
        **WITH_KEY,
    )
    assert done.returncode == 0, done.stdout
    # A failed model shows its SQL.
    with duckdb.connect(str(reported.database)) as connection:
        connection.execute("alter table base_kiro__user_report_rows drop column user_email")
    reported.write_report("2026-06-02", f"{HEADER}\n{report_row('2026-06-02', MAX)}")
    failed = build(reported, "{personal_data: pseudonym}", **folders, **WITH_KEY)
    assert failed.returncode == 1
    inner = bytes(byte ^ 0x36 for byte in KEY.encode().ljust(64, b"\0"))
    outer = bytes(byte ^ 0x5C for byte in KEY.encode().ljust(64, b"\0"))
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for secret in (KEY.encode(), inner, outer):
                assert secret not in content, path
                assert secret.hex().encode() not in content.lower(), path
    assert KEY not in done.stdout + done.stderr + failed.stdout + failed.stderr


@pytest.mark.parametrize("key", [None, "fifteen letters"])
def test_missing_or_short_key_stops_the_build(named, key):
    environment = {"DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY": key} if key else {}
    refused(
        *(named, "{personal_data: pseudonym}", "at least 16 characters"),
        *("DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY", "openssl rand"),
        **environment,
    )


@pytest.mark.long
def test_different_key_stops_the_build(in_mode):
    reported = in_mode("pseudonym")
    other_key = "another key of enough length"
    other = {"DBT_ENV_SECRET_KIRO_PSEUDONYM_KEY": other_key}
    variables = "{personal_data: pseudonym}"
    refused(reported, variables, "differs from the key", "reload_reports: true", **other)
    built(reported, "{personal_data: pseudonym, reload_reports: true}", **other)
    assert (pseudonym(MAX, other_key), None) in reported.query(
        "select user_id, user_email from people"
    )


def test_unknown_mode_stops_the_build(named):
    refused(named, "{personal_data: hashed}", "personal_data is 'hashed'", "'pseudonym'")


# Switches.


@pytest.mark.long
def test_switch_from_clear_to_pseudonym_leaves_no_trace_and_keeps_history(named, clear):
    assert traces(named.database.parent, *EMAILS, JANE, MAX) != []
    logged = named.query("select user_id from recommendation_log order by all")
    assert (JANE,) in logged
    for path in named.reports.rglob("*.csv"):
        if "2026/05/01" in str(path):
            path.unlink()
    built(named, "{personal_data: pseudonym}", **WITH_KEY)
    assert traces(named.database.parent, *EMAILS, JANE, MAX) == []
    assert (pseudonym(JANE),) in named.query("select user_id from recommendation_log")
    for table in ("adoption_daily", "license_utilization_monthly", "feature_acceptance_monthly"):
        assert named.tables([table]) == clear.tables([table])


def test_switch_from_clear_to_none_leaves_no_address(named):
    assert traces(named.database.parent, *EMAILS) != []
    built(named, "{personal_data: none}")
    assert traces(named.database.parent, *EMAILS) == []
    assert (JANE,) in named.query("select user_id from license_utilization")


def test_switch_from_none_to_pseudonym_leaves_no_id(in_mode):
    reported = in_mode("none")
    built(reported, "{personal_data: pseudonym}", **WITH_KEY)
    assert traces(reported.database.parent, *EMAILS, JANE, MAX) == []
    assert (pseudonym(JANE), None) in reported.query("select user_id, user_email from people")


@pytest.mark.long
@pytest.mark.parametrize(
    ("stricter", "laxer"),
    [
        ("pseudonym", "clear"),
        ("none", "clear"),
        pytest.param("pseudonym", "none", marks=pytest.mark.release),
    ],
)
def test_less_strict_mode_needs_the_files(in_mode, clear, stricter, laxer):
    reported = in_mode(stricter)
    advice = (f"built with '{stricter}'", "reload_reports: true")
    refused(reported, f"{{personal_data: {laxer}}}", *advice, **WITH_KEY)
    built(reported, f"{{personal_data: {laxer}, reload_reports: true}}", **WITH_KEY)
    people = clear.query("select * from people order by all") if laxer == "clear" else []
    assert reported.query("select * from people order by all") == people
    assert (JANE,) in reported.query("select user_id from license_utilization")


@pytest.mark.long
def test_database_without_a_recorded_mode_is_upgraded(named):
    with duckdb.connect(str(named.database)) as connection:
        connection.execute("drop table personal_data_held")
        connection.execute("alter table base_kiro__report_files drop column forgotten_lines")
        connection.execute(
            f"update base_kiro__user_report_rows set user_id = 'd-9067.' || upper(user_id),"
            f" raw_text = raw_text || ',{MAXS_EMAIL}' where raw_text is not null"
        )
    built(named)
    assert sorted(named.query("select user_id from people")) == [(JANE,), (MAX,)]
    assert named.query("select count(*) from rejected_rows where raw_text like '%@%'") == [(0,)]
    assert named.query("select mode from personal_data_held") == [("clear",)]


@pytest.mark.long
@pytest.mark.parametrize("versions", [({}, {}), (OLDEST, OLDEST)])
def test_large_database_leaves_no_trace(project, versions):
    """Uses the oldest and newest supported DuckDB; segments of small tables share blocks."""
    first, second = versions
    write_reports(project, DAYS[:3])
    built(project, **first)
    oldest = subprocess.run(
        [
            *(sys.executable, "-c"),
            f"""
import duckdb
with duckdb.connect({str(project.database)!r}) as connection:
    connection.execute('''
        insert into base_kiro__user_report_rows by name
        select
            1 as file_id, 100 + i as line_number, date '2026-05-01' as activity_date,
            substr(md5(cast(i % 9000 as varchar)), 1, 8) || '-aaaa-4111-8111-111111111111'
                as user_id,
            'name' || i % 9000 || '@people.example' as user_email, 'P' as profile_id,
            'KIRO_IDE' as client_type, 'PRO' as subscription_tier,
            md5(cast(i as varchar)) || md5(cast(i as varchar)) || '-' as rejection_reason
        from range(300000) as t (i)
    ''')
    connection.execute('update base_kiro__report_files set data_lines = data_lines + 300000'
        ' where file_id = 1')
    connection.execute("create table __own as select i from range(10) as t (i)")
""",
        ],
        env=os.environ | first,
        check=False,
        capture_output=True,
        text=True,
    )
    assert oldest.returncode == 0, oldest.stderr
    assert project.database.stat().st_size > 20_000_000
    assert traces(project.database.parent, "people.example", "-aaaa-4111-8111-111111111111")
    built(project, "{personal_data: pseudonym}", **WITH_KEY, **second)
    texts = ("people.example", "-aaaa-4111-8111-1111", "name89", "max.mori", "jane.doe", MAX)
    assert traces(project.database.parent, *texts) == []
    assert project.query("select count(*) from base_kiro__user_report_rows") == [(300_008,)]
    # The user's own views, comments and tables are copied too.
    assert project.query("select count(*) from __own") == [(10,)]
    assert project.query(
        "select comment is not null from duckdb_tables() where table_name='people'"
    )
    assert project.query("select count(distinct user_id) from stg_kiro__user_activities") == [(2,)]


# Forgetting.


@pytest.mark.long
@pytest.mark.parametrize(
    "mode", ["clear", "pseudonym", pytest.param("none", marks=pytest.mark.release)]
)
def test_forgotten_person_is_erased_and_does_not_return(in_mode, mode):
    reported = in_mode(mode)

    def rebuilt(*people: str, more: str = "", with_tests: bool = False) -> None:
        reported.forget(*people)
        built(reported, f"{{personal_data: {mode}{more}}}", with_tests, **WITH_KEY)

    held = pseudonym(JANE) if mode == "pseudonym" else JANE
    assert (held,) in reported.query("select user_id from recommendation_log")
    rebuilt(f"D-9067.{JANE.upper()}", with_tests=True)
    assert traces(reported.database.parent, JANE, held, "jane.doe") == []
    assert reported.query("select count(distinct user_id) from license_utilization") == [(1,)]
    assert reported.query("select count(*) from recommendation_log") == [(0,)]
    of_first_day = "where activity_date = '2026-05-01' order by report"
    counts = f"select data_lines, forgotten_lines from base_kiro__report_files {of_first_day}"
    assert reported.query(counts) == [(2, 2), (4, 2)]
    settings = "select setting_value from report_settings where setting = 'people_to_forget'"
    assert reported.query(settings) == [("1",)]

    # Neither a reload nor a build with an empty list is enough; both are needed.
    rebuilt(held, more=", reload_reports: true")
    assert traces(reported.database.parent, JANE, held, "jane.doe") == []
    assert reported.query(counts) == [(2, 2), (4, 2)]
    rebuilt()
    assert (held,) not in reported.query("select user_id from license_utilization")
    if mode == "clear":
        rebuilt(more=", reload_reports: true")
        assert (held,) in reported.query("select user_id from license_utilization")


@pytest.mark.long
def test_day_with_a_forgotten_person_stays_delivered(project):
    for day in DAYS[:2]:
        project.write_report(day, f"{HEADER}\n{report_row(day, MAX if day == DAYS[0] else JANE)}")
    project.forget(JANE)
    built(project)
    assert project.query("select status from report_delivery order by activity_date") == [
        ("delivered",),
        ("delivered",),
    ]
    # A file without remaining rows is not read again.
    before = project.query("select * from base_kiro__report_files order by all")
    built(project)
    assert project.query("select * from base_kiro__report_files order by all") == before


@pytest.mark.long
def test_people_with_similar_ids_are_not_forgotten(project):
    rows = "".join(report_row(DAYS[0], user) for user in ("u1", "u10", "u1.x", "x-u1"))
    project.write_report(DAYS[0], f"{HEADER}\n{rows}broken u1-1\n")
    project.forget("u1")
    built(project)
    assert project.query("select user_id from license_utilization order by all") == [
        ("u1.x",),
        ("u10",),
        ("x-u1",),
    ]
    assert project.query("select raw_text from rejected_rows") == [("broken u1-1",)]


@pytest.mark.parametrize(
    ("people", "text"),
    [
        (f"# asked on Monday\n{JANE}\n{JANES_EMAIL}", "line 3, is an email address"),
        ("x'; drop table people", "line 1, is not a user id"),
    ],
)
def test_unusable_list_of_people_to_forget_stops_the_build(named, people, text):
    named.forget(people)
    done = refused(named, "{}", text)
    assert JANES_EMAIL not in done.stdout


def test_missing_list_of_people_to_forget_stops_the_build(named):
    refused(named, "{}", "does not exist", KIRO_PEOPLE_TO_FORGET=str(named.folder / "mistyped"))


@pytest.mark.long
def test_passing_people_to_forget_as_a_var_stops_the_build(named):
    refused(named, f"{{people_to_forget: [{JANE}]}}", "dbt writes vars to its logs", "one user id")


@pytest.mark.long
def test_forgotten_ids_are_in_no_file_written_by_dbt(named, tmp_path):
    """Covers SQL, manifest, documentation and logs, from this build and earlier builds."""
    folders = {
        "DBT_TARGET_PATH": str(tmp_path / "dbt/target"),
        "DBT_LOG_PATH": str(tmp_path / "dbt/logs"),
    }
    refused(named, f"{{people_to_forget: [{JANE}]}}", "no longer exists", **folders)
    earlier = tmp_path / "dbt/target/run/kiro_usage_analytics/model.sql"
    earlier.parent.mkdir(parents=True)
    earlier.write_text(f"where user_id in ('{JANE}')")
    assert {name for name, _ in traces(tmp_path / "dbt", JANE)} >= {"logs/dbt.log"}

    named.forget(JANE)
    built(named, **folders)
    done = named.dbt_process("--debug", "docs", "generate", "--static", **folders)
    assert done.returncode == 0, done.stdout
    assert traces(tmp_path / "dbt", JANE) == []
    assert earlier.read_text() == f"where user_id in ('{'*' * len(JANE)}')"
    assert (tmp_path / "dbt/target/static_index.html").exists()


# Kills, file modes.


def wait_for(path: Path, process: subprocess.Popen) -> None:
    while process.poll() is None and not path.exists():
        time.sleep(0.001)


@pytest.mark.long
@pytest.mark.parametrize("suffix", [".erase", ".anew"])
def test_next_command_finishes_a_killed_erasure(named, suffix):
    path = named.database.with_name("kiro.duckdb" + suffix)
    variables = ("--vars", "{personal_data: pseudonym}")
    process = subprocess.Popen(
        [
            *(Path(sys.executable).parent / "dbt", "--quiet", "run", *variables),
        ],
        cwd=ROOT,
        env=os.environ | named.environment(*variables) | WITH_KEY,
        stdout=subprocess.DEVNULL,
    )
    wait_for(path, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert path.exists()
    assert named.database.with_name("kiro.duckdb.erase").exists()
    built(named, "{personal_data: pseudonym}", **WITH_KEY)
    assert traces(named.database.parent, *EMAILS, JANE, MAX) == []
    files = sorted(file.name for file in named.database.parent.iterdir() if file.is_file())
    assert files == ["kiro.duckdb", "kiro.duckdb.key", "kiro_published.duckdb"]
    assert len(named.query("select * from people")) == 2


@pytest.mark.long
def test_failed_erasure_stops_the_next_build_with_advice(named):
    named.database.with_name("kiro.duckdb.erase").write_text("")
    blocked = named.database.with_name("kiro.duckdb.anew")
    blocked.mkdir()
    done = build(named)
    assert done.returncode != 0
    assert "it still contains personal data to erase" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    blocked.rmdir()
    built(named)
    assert not named.database.with_name("kiro.duckdb.erase").exists()


@pytest.mark.long
def test_tables_from_removed_models_are_dropped_and_erased(named):
    with duckdb.connect(str(named.database)) as database:
        database.execute("create table int_seats_of_old as select 'former-user-id' as user_id")
        database.execute("create table base_lists__rows as from int_seats_of_old")
        database.execute("create view stg_old__rows as from int_seats_of_old")
        database.execute("create table internal_notes as select 'mine' as note")
    done = named.dbt_process("build", "--exclude-resource-type", "test", "unit_test")
    assert done.returncode == 0, done.stdout
    assert "Dropped tables of former models" in done.stdout
    relations = {
        name for (name,) in named.query("select table_name from information_schema.tables")
    }
    assert not relations & {"int_seats_of_old", "base_lists__rows", "stg_old__rows"}
    assert "internal_notes" in relations
    assert b"former-user-id" not in named.database.read_bytes()


def test_build_without_changes_erases_nothing(named):
    inode = named.database.stat().st_ino
    built(named)
    assert named.database.stat().st_ino == inode


@pytest.mark.long
def test_only_the_owner_can_read_files(reported):
    folder = ROOT / "target" / "tests-file-modes"
    spilled = reported.database.with_name("kiro.duckdb.tmp")
    spilled.mkdir()
    (spilled / "duckdb_temp_storage.tmp").write_text(JANES_EMAIL)
    reported.database.with_name("kiro.duckdb.erase").write_text("")
    folders = {"DBT_TARGET_PATH": str(folder), "DBT_LOG_PATH": str(folder / "logs")}
    duckdb.connect(str(reported.database)).close()
    reported.database.chmod(0o644)
    built(reported, **folders)
    assert reported.database.stat().st_mode & 0o777 == 0o600
    assert reported.database.with_name("kiro.duckdb.key").stat().st_mode & 0o777 == 0o600
    assert not spilled.exists()
    for path in (folder, folder / "logs"):
        assert path.stat().st_mode & 0o777 == 0o700, path
        for file in path.iterdir():
            assert file.stat().st_mode & 0o077 == 0, file
