"""Values are matched by column name and cast, or rejected with a reason, but never guessed."""

import datetime
from decimal import Decimal

import pytest
from projects import HEADER, ROOT, report_row

DAY = "2026-06-01"
USER = "11111111-1111-4111-8111-111111111111"
PROFILE = "arn:aws:codewhisperer:us-east-1:123456789012:profile/AKEXAMPLE1234"
FIXTURES = ROOT / "tests/fixtures/real_reports"


BAD_ROWS = {
    "short row": (
        f"{DAY},u,KIRO_IDE,1\n",
        "the row has 4 values, the header 11",
    ),
    "long row": (
        report_row(DAY, "u", tail=",9,9"),
        "the row has 13 values, the header 11",
    ),
    "unparsable date": (
        report_row("yesterday", "u"),
        "Date is not a valid YYYY-MM-DD date: yesterday",
    ),
    "impossible date": (
        report_row("2026-02-30", "u"),
        "Date is not a valid YYYY-MM-DD date: 2026-02-30",
    ),
    "blank date": (report_row("", "u"), "Date is blank"),
    "other day": (
        report_row("2026-05-31", "u"),
        "Date differs from the day in the file's path: 2026-05-31",
    ),
    "blank user": (report_row(DAY, ""), "UserId is blank"),
    "blank user after a store in capitals": (report_row(DAY, "D-9067AB."), "UserId is blank"),
    "endless user": (report_row(DAY, "u" * 1001), "userid is longer than 1,000 bytes"),
    "short row with the expected number of commas": (
        f'{DAY},u,KIRO_IDE,1,1.5,1,0,false,"P,Q",PRO\n',
        "the row has 10 values, the header 11",
    ),
    "text for credits": (
        report_row(DAY, "u", credits="many"),
        "credits_used is not an amount from 0 to 100 million: many",
    ),
    "negative credits": (
        report_row(DAY, "u", credits="-1"),
        "credits_used is not an amount from 0 to 100 million: -1",
    ),
    "not a number": (
        report_row(DAY, "u", credits="NaN"),
        "credits_used is not an amount from 0 to 100 million: NaN",
    ),
    "absurd credits": (
        report_row(DAY, "u", credits="1e308"),
        "credits_used is not an amount from 0 to 100 million: 1e308",
    ),
    "more credits than a sum can store": (
        report_row(DAY, "u", credits="999999999999"),
        "credits_used is not an amount from 0 to 100 million: 999999999999",
    ),
    "fraction of a message": (
        report_row(DAY, "u", messages="4.6"),
        "total_messages is not a whole number from 0 to a billion: 4.6",
    ),
    "thousands separator": (
        report_row(DAY, "u", messages='"1,234"'),
        "total_messages is not a whole number from 0 to a billion: 1,234",
    ),
    "text in a number": (
        report_row(DAY, "u").rstrip("\n") + "x\n",
        "total_messages is not a whole number from 0 to a billion: 3x",
    ),
}

# Unreadable attributes: the column, its text in the row, and the resulting value.
ATTRIBUTES_HEADER = f"{HEADER},New_User,User_Email,Usage_Limit"
ATTRIBUTES_ROW = report_row(DAY, "u", tail=",true,u@example.com,2000")
UNREAD_ATTRIBUTES = {
    "text for a cap": ("overage_cap", "10000.0", "none"),
    "negative cap": ("overage_cap", "10000.0", "-1"),
    "excessive cap": ("overage_cap", "10000.0", "1.7976931348623157e308"),
    "limit that is not a number": ("usage_limit", "2000", "NaN"),
    "odd boolean": ("overage_enabled", "false", "perhaps"),
    "odd new user": ("new_user", "true", "2nd"),
    "endless profile": ("profileid", "arn:profile/P", "p" * 1001),
    "endless client": ("client_type", "KIRO_IDE", "c" * 1001),
    "endless tier": ("subscription_tier", "PRO", "t" * 1001),
    "endless address": ("user_email", "u@example.com", "a" * 1001),
}


USER_ROW = report_row(DAY, "u", tail=',false,"U@example.com",3')
USUAL_FILE = f"{HEADER},New_User,User_Email,auto_messages\n{USER_ROW}"

# The same file in other notations.
NOTATIONS = {
    "as usual": USUAL_FILE,
    "CRLF": USUAL_FILE.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + USUAL_FILE,
    "no last newline": USUAL_FILE.rstrip("\n"),
    "no quotes": USUAL_FILE.replace('"', ""),
    "all quoted": "\n".join(
        ",".join(f'"{value.strip(chr(34))}"' for value in line.split(","))
        for line in USUAL_FILE.splitlines()
    ),
    "blank lines at the end": USUAL_FILE + "\n\n",
    "true in capitals": USUAL_FILE.replace("false", "FALSE"),
    "columns reversed": "\n".join(
        ",".join(reversed(line.split(","))) for line in USUAL_FILE.splitlines()
    ),
    "names in capitals": "\n".join([USUAL_FILE.splitlines()[0].upper(), USER_ROW]),
}

# Other files, with the columns to check.
FILES = {
    "models in any order": (
        f"zeta_messages,{HEADER},Alpha_Messages\n"
        + f"4,{report_row(DAY, 'u', messages='12', tail=',8')}",
        "select model, messages from model_mix_daily",
        [("alpha", 8), ("zeta", 4)],
    ),
    "Total_Messages is not a model": (
        f"{HEADER.replace('Total_Messages', 'TOTAL_MESSAGES')},auto_messages\n"
        + report_row(DAY, "u", messages="5", tail=",5"),
        "select model, messages from model_mix_daily",
        [("auto", 5)],
    ),
    "absent column is NULL": (
        f"Date,UserId,Total_Messages\n{DAY},u,4\n",
        "select messages, credits_used, overage_enabled, new_user, subscription_tier, client_type"
        " from int_activities_with_plan",
        [(4, None, None, None, None, "KIRO_IDE")],
    ),
    "unknown credits stay unknown": (
        f"Date,UserId,Total_Messages\n{DAY},u,4\n",
        "select credits_used_month, monthly_allowance, credit_utilization from license_utilization",
        [(None, None, None)],
    ),
    "seat with blank credits is left out of the day's sum": (
        f"{HEADER}\n"
        + report_row(DAY, "u", credits="")
        + report_row(DAY, "u", credits="80")
        + report_row(DAY, "v", credits="20"),
        "select users, messages, credits_used, seats_with_unknown_credits from usage_daily",
        [(2, 9, 20, 1)],
    ),
    "blank credits from one client make a seat's day and month unknown": (
        f"{HEADER}\n"
        + report_row(DAY, "u", credits="")
        + report_row(DAY, "u", credits="80", client="KIRO_CLI")
        + report_row(DAY, "v", credits="20"),
        "select user_id, clients, messages, credits_used, credits_used_month_to_date"
        " from seat_usage_daily",
        [("u", 2, 6, None, None), ("v", 1, 3, 20, 20)],
    ),
    "text for a model's messages": (
        f"{HEADER},auto_messages\n{report_row(DAY, 'u', messages='1', tail=',x')}",
        "select reason from rejected_rows",
        [("auto_messages is not a whole number from 0 to a billion: x",)],
    ),
    "blank value is NULL": (
        f"{HEADER}\n{report_row(DAY, 'u', credits='', messages='')}",
        "select credits_used, messages from int_activities_with_plan",
        [(None, None)],
    ),
    "unknown columns and clients are findings": (
        f"{HEADER},Tool_Calls\n{report_row(DAY, 'u', client='KIRO_CREW', tail=',7')}",
        "select finding, example, affected from (from data_quality_findings"
        " where finding in ('report_column_is_unknown', 'client_type_is_unknown'))",
        [
            ("client_type_is_unknown", "KIRO_CREW", 1),
            ("report_column_is_unknown", "tool_calls of KIRO_IDE", 1),
        ],
    ),
    "comma between quotes": (
        f"{HEADER},New_User,User_Email\n"
        + report_row(DAY, "comma", tail=',false,"first, last@example.com"')
        + report_row(DAY, "blank", tail=',false,""'),
        "select user_id, user_email from stg_kiro__user_activities",
        [("blank", None), ("comma", "first, last@example.com")],
    ),
    "user ids with and without identity store": (
        f"{HEADER}\n{report_row(DAY, f'd-1234567890.{USER}')}{report_row(DAY, USER)}",
        "select user_id, credits_used_month from license_utilization",
        [(USER, Decimal(3))],
    ),
    "numbers in other notations": (
        f"{HEADER}\n{report_row(DAY, 'u', credits='1e2', messages='-0.0')}",
        "select credits_used, messages from int_activities_with_plan",
        [(Decimal(100), 0)],
    ),
    "unknown values pass through": (
        f"{HEADER},Brand_New,galaxy_9_messages\n"
        + report_row(DAY, "u", client="KIRO_WATCH", tier="Ultra X", messages="3", tail=",?,3"),
        "select client_type, subscription_tier, model, model_kind, messages from model_mix_daily",
        [("KIRO_WATCH", "Ultra X", "galaxy_9", None, 3)],
    ),
}


def account(group: int, cases: dict, kind: str) -> str:
    """Each case has a separate account."""
    return str(group * 100_000_000_000 + list(cases).index(kind))


@pytest.fixture(scope="module")
def built(module_project):
    """All cases, each in a separate account, built once."""
    project = module_project
    for kind, (row, _) in BAD_ROWS.items():
        text = f"{HEADER}\n{report_row(DAY, 'good')}{row}"
        project.write_report(DAY, text, account=account(1, BAD_ROWS, kind))
    for kind, text in NOTATIONS.items():
        project.write_report(DAY, text, account=account(2, NOTATIONS, kind))
    for kind, (_, usual, odd) in UNREAD_ATTRIBUTES.items():
        rows = ATTRIBUTES_ROW.replace(usual, odd)
        assert rows != ATTRIBUTES_ROW
        project.write_report(
            DAY,
            f"{ATTRIBUTES_HEADER}\n{rows}",
            account=account(4, UNREAD_ATTRIBUTES, kind),
        )
    for kind, (text, _, _) in FILES.items():
        project.write_report(DAY, text, account=account(3, FILES, kind))
    header = "UserId,Date,Inline_AcceptanceCount,Inline_SuggestionsCount\n"
    project.write_legacy_report(
        "2026-04-05",
        header
        + '"u",04-05-2026,3,10\n"v",05-04-2026,1,10\n"w",04-05-2026,,10\n'
        + '"x",2026-04-05,1,5\n"y",2026/04/05,1,5\n"z",2026-05-04,1,5\n',
    )
    project.write_legacy_report(
        "2026-04-05", 'UserId,Date,Agent_Count\n"u",04-05-2026,3\n', account="123456789013"
    )
    project.build()
    return project


def test_tables_from_real_reports_match_hand_computed_values(project):
    """Numbers as delivered by AWS, copied by hand from the four files and the legacy file."""
    for file in FIXTURES.glob("2026-*.csv"):
        day, client = file.stem.split("_", 1)
        project.write_report(day, file.read_text(), client=client)
    project.write_legacy_report("2025-04-17", (FIXTURES / "legacy_2025-04-17.csv").read_text())
    project.build()

    assert project.query(
        "select activity_date, user_id, client_type, subscription_tier, conversations, messages,"
        " credits_used, overage_credits_used, overage_cap, overage_enabled, new_user"
        " from int_activities_with_plan order by activity_date"
    ) == [
        (datetime.date(2026, 3, 5), USER, "KIRO_CLI", "POWER", 4, 28, Decimal("6.421250"),
         Decimal(0), Decimal(10000), True, None),
        (datetime.date(2026, 3, 10), USER, "KIRO_IDE", "POWER", 3, 240, Decimal("121.917926"),
         Decimal(0), Decimal(10000), True, None),
        (datetime.date(2026, 5, 20), USER, "KIRO_CLI", "POWER", 4, 612, Decimal("1155.124381"),
         Decimal(0), Decimal(10000), True, False),
        (datetime.date(2026, 6, 7), USER, "PLUGIN", "POWER", 1, 16, Decimal("1.640139"),
         Decimal(0), Decimal(10000), True, False),
    ]  # fmt: skip
    assert project.query(
        "select activity_date, model, messages from model_mix_daily order by all"
    ) == [
        (datetime.date(2026, 3, 5), "(unattributed)", 28),
        (datetime.date(2026, 3, 10), "claude_opus_4.6", 212),
        (datetime.date(2026, 3, 10), "simple_task", 28),
        (datetime.date(2026, 5, 20), "claude_opus_4.6", 550),
        (datetime.date(2026, 5, 20), "claude_opus_4.7", 62),
        (datetime.date(2026, 6, 7), "auto", 9),
        (datetime.date(2026, 6, 7), "claude_sonnet_4.6", 7),
    ]
    assert project.query("select user_id, user_email from people") == [(USER, "dev1@example.com")]
    assert project.query("select profile_id from license_utilization") == [(PROFILE,)]
    assert project.query(
        "select feature, shown, accepted, reported from feature_acceptance_monthly"
        " where reported or feature = 'inline_chat' order by feature"
    ) == [("inline", 70, 49, True), ("inline_chat", None, None, False)]
    assert project.query("select count(*) from rejected_rows") == [(0,)]


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_bad_row_is_rejected_with_its_reason(built, kind):
    row, reason = BAD_ROWS[kind]
    of_account = f"where account_id = '{account(1, BAD_ROWS, kind)}'"
    assert built.query(
        f"select user_id, credits_used, messages from int_activities_with_plan {of_account}"
    ) == [("good", Decimal("1.5"), 3)]
    assert built.query(f"select line_number, reason, raw_text from rejected_rows {of_account}") == [
        (3, reason, row.rstrip("\n")[:1000])
    ]


@pytest.mark.parametrize("kind", UNREAD_ATTRIBUTES)
def test_row_with_an_unreadable_attribute_is_kept(built, kind):
    column, _, _ = UNREAD_ATTRIBUTES[kind]
    name = account(4, UNREAD_ATTRIBUTES, kind)
    [row] = built.records(f"select * from stg_kiro__user_activities where account_id = '{name}'")
    read = {
        "profileid": ("profile_id", "arn:profile/P"),
        # The client comes from the file's name.
        "client_type": ("client_type", "KIRO_IDE"),
        "subscription_tier": ("subscription_tier", "PRO"),
        "user_email": ("user_email", "u@example.com"),
        "overage_cap": ("overage_cap", 10000),
        "usage_limit": ("usage_limit", 2000),
        "overage_enabled": ("overage_enabled", False),
        "new_user": ("new_user", True),
    }
    missing = {"client_type": "KIRO_IDE"}.get(column)
    assert {name: row[name] for name, _ in read.values()} == {
        name: missing if attribute == column else value for attribute, (name, value) in read.items()
    }
    assert (row["credits_used"], row["total_messages"]) == (Decimal("1.5"), 3)
    assert row["unread_attributes"] == column
    [finding] = built.records(
        "select * from data_quality_findings where finding = 'report_attribute_is_unreadable'"
        f" and account_id = '{name}'"
    )
    assert (finding["severity"], finding["affected"]) == ("warning", 1)
    assert finding["example"].endswith(f"0000.csv, line 2: {column}")
    assert built.query(f"select count(*) from rejected_rows where account_id = '{name}'") == [(0,)]


@pytest.mark.parametrize("kind", NOTATIONS)
def test_same_file_in_other_notations_gives_the_same_rows(built, kind):
    of_account = f"where account_id = '{account(2, NOTATIONS, kind)}'"
    assert built.query(
        "select user_id, user_email, client_type, conversations, credits_used, overage_cap,"
        " overage_enabled, subscription_tier, total_messages, attributed_messages, new_user"
        f" from stg_kiro__user_activities {of_account}"
    ) == [
        ("u", "u@example.com", "KIRO_IDE", 1, Decimal("1.5"), Decimal(10000), False, "PRO", 3, 3,
         False)
    ]  # fmt: skip
    assert built.query(f"select count(*) from rejected_rows {of_account}") == [(0,)]


@pytest.mark.parametrize("kind", FILES)
def test_file_is_read_as_intended(built, kind):
    _, query, expected = FILES[kind]
    rows = built.query(f"{query} where account_id = '{account(3, FILES, kind)}' order by all")
    assert rows == expected


def test_legacy_dates_can_be_month_first_or_year_first(built):
    assert built.query(
        "select usage_month, shown, accepted from feature_acceptance_monthly where reported"
    ) == [(datetime.date(2026, 4, 1), 30, 5)]
    assert built.query(
        "select line_number, reason from rejected_rows where report = 'by_user_analytic'"
        " order by line_number"
    ) == [
        (3, "Date differs from the day in the file's path: 05-04-2026"),
        (7, "Date differs from the day in the file's path: 2026-05-04"),
    ]


def test_unknown_legacy_column_is_a_finding(built):
    assert built.query(
        "select example, affected from data_quality_findings"
        " where account_id = '123456789013' and finding = 'report_column_is_unknown'"
    ) == [("agent_count of by_user_analytic", 1)]


def test_model_with_an_address_as_name_keeps_its_messages(project):
    """The address is masked; its messages are kept even without a reported total."""
    row = report_row(DAY, "u", messages="", tail=",3,4")
    project.write_report(DAY, f"{HEADER},auto_messages,a@example.com_messages\n{row}")
    project.run()
    assert project.query("select model, messages from model_mix_daily order by 1") == [
        ("(e-mail)", 4),
        ("auto", 3),
    ]
    [(header,)] = project.query("select header from base_kiro__report_files")
    assert header[-1] == "(e-mail)_messages"
