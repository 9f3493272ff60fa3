"""Data tests pass on ordinary data: accounts start, pause and end, and some cells are blank.

Every build here runs all data tests; problems in the data are findings or warnings.
"""

import datetime

import pytest
from projects import HEADER, bill_line, report_row

STEADY, PAUSING, ENDED, YOUNG, LEGACY = (f"{number}" * 12 for number in range(1, 6))
FULL_HEADER = f"{HEADER},New_User,User_Email,Usage_Limit,auto_messages,claude_opus_4.8_messages"

PEOPLE = [
    *("usual", "heavy", "blocked", "free", "named_plan", "no_profile", "blank", "no_plan"),
    *("nothing", "two_profiles", "mover", "everywhere", "careful", "gone", "young", "never"),
    *("elsewhere", "listed", "odd"),
]


def days(first: str, last: str) -> list[str]:
    start, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    return [str(start + datetime.timedelta(number)) for number in range((end - start).days + 1)]


def row(day: str, user: str, credits="12.5", tier="PRO", profile="P", **values: str) -> str:
    """A row with all columns; columns that are not given have typical values."""
    usual = {
        "client": "KIRO_IDE",
        "conversations": "1",
        "cap": "500",
        "overage": "0",
        "is_on": "true",
        "messages": "3",
        "new": "",
        "email": f"{user}@example.com",
        "limit": "1000",
        "auto": "2",
        "opus": "1",
    } | values
    client, conversations, cap, overage, is_on, messages, *others = usual.values()
    return ",".join(
        [
            *(day, user, client, conversations, credits, cap, overage, is_on, profile, tier),
            *(messages, *others),
        ]
    )


def awkward_rows(day: str) -> dict[tuple[str, str], list[str]]:
    """The accounts' reports for a day."""
    date = datetime.date.fromisoformat(day)
    files = {}
    if date.weekday() < 5 or date.day == 31:
        files[STEADY, "KIRO_IDE"] = [
            row(day, "usual"),
            row(day, "heavy", "300", overage="150", limit=""),
            row(day, "blocked", "80", is_on="false"),
            row(day, "free", "1", tier="FREE", limit="50", cap=""),
            row(day, "named_plan", tier="TEAM", limit=""),
            row(day, "no_profile", profile=""),
            row(day, "blank", credits="", messages="", auto="", opus="", limit=""),
            row(day, "no_plan", tier="", limit="", is_on="", cap=""),
            row(day, "nothing", "0", messages="0", auto="0", opus="0", conversations="0"),
            row(day, "two_profiles", profile="P" if date.day % 2 else "Q"),
            row(day, "mover", tier="PRO_PLUS", profile="P"),
            row(day, "everywhere"),
        ]
        if date.day % 3:
            files[STEADY, "KIRO_IDE"].append(row(day, "no_profile", auto="9"))
        files[STEADY, "KIRO_NEW"] = [row(day, "usual", "3", messages="", auto="1", opus="")]
    # Nobody in this account works around the first of a month.
    if 5 <= date.day <= 28 and date.weekday() in (1, 2, 3):
        files[PAUSING, "KIRO_CLI"] = [row(day, "everywhere"), row(day, "careful", "0.000001")]
        if day >= "2026-05-12":
            files[PAUSING, "KIRO_CLI"].append(row(day, "mover", "40", tier="PRO"))
    if "2026-05-10" <= day <= "2026-06-08":
        files[ENDED, "PLUGIN"] = [row(day, "gone", new="true" if date.day == 10 else "")]
    # Too new for a forecast, and far into its overage.
    if "2026-05-13" <= day <= "2026-05-15":
        files[YOUNG, "KIRO_IDE"] = [row(day, "young", "9000", overage="8000.125", cap="100000")]
    return files


def deliver(project, first: str, last: str) -> None:
    for day in days(first, last):
        for (account, client), rows in awkward_rows(day).items():
            project.write_report(
                day, "\n".join([FULL_HEADER, *rows, ""]), client=client, account=account
            )
        month_day = f"{day[5:]}-{day[:4]}"
        project.write_legacy_report(
            day,
            "UserId,Date,Inline_AcceptanceCount,Inline_SuggestionsCount\n"
            f"legacy,{month_day},3,\nusual,{month_day},,7\n",
            account=LEGACY,
        )


@pytest.fixture(scope="module")
def awkward(module_project):
    deliver(module_project, "2026-04-20", "2026-05-01")
    for month in ("2026-04", "2026-05"):
        module_project.write_bill(
            month,
            [
                bill_line("usual", f"{month}-01", account=STEADY),
                bill_line("never", f"{month}-01", account=STEADY),
                bill_line("two_profiles", f"{month}-01", amount="2", cost="40", account=STEADY),
                bill_line(None, f"{month}-01", cost="5", account=STEADY),
                bill_line("heavy", f"{month}-01", "USE1-KiroEnterprise-Credits", "50", "2"),
                bill_line("elsewhere", f"{month}-01", cost="", account="666666666666"),
            ],
        )
    module_project.write_list(
        "roster/777777777777/subscriptions-2026-04-25.csv",
        "User name,User ID,Tier,Status\nlisted,listed,Kiro Pro,Active\nodd,odd,?,?\n",
    )
    # The second seat is reported with only zeros and is pending on the roster.
    module_project.write_list(
        f"roster/{STEADY}/subscriptions-2026-04-25.csv",
        "User ID,Tier,Status\nusual,Kiro Pro,Active\nnothing,Kiro Pro,Pending\n",
    )
    module_project.write_list(
        "teams/people-2026-04-25.csv",
        "user_id,team,cost_center\n"
        + "".join(f"{user},(all),C1\n" for user in PEOPLE[:6])
        + "".join(f"{user},Core,(unassigned)\n" for user in PEOPLE[6:]),
    )
    return module_project


# The days cover a month at its start, in the middle, and after its end.
@pytest.mark.long
@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-05-01", "2026-05-01"),
        ("2026-05-02", "2026-05-15"),
        ("2026-05-16", "2026-05-31"),
        ("2026-06-01", "2026-06-01"),
        ("2026-06-02", "2026-06-30"),
    ],
)
def test_every_build_of_an_ordinary_organization_passes(awkward, first, last):
    deliver(awkward, first, last)
    awkward.build()


@pytest.mark.long
def test_replay_of_the_first_day_of_a_month_passes(awkward):
    awkward.build("--vars", "{as_of_date: '2026-06-01'}")
    # On the 1st, nothing is known about the paused account, not even whether seats are active.
    assert set(
        awkward.query(
            "select account_id, active_seats is null from license_utilization_monthly"
            " where usage_month = '2026-06-01'"
        )
    ) >= {(STEADY, False), (PAUSING, True)}
    # A team with the same name as the total has its own row.
    assert set(awkward.query("select team from overage_outlook where account_id = '(all)'")) == {
        ("(all)",),
        ('"(all)"',),
        ("Core",),
    }


@pytest.mark.long
@pytest.mark.parametrize(
    "reports",
    {
        "one row without numbers": {"2026-06-01": "Date,UserId\n2026-06-01,u\n"},
        "a month without files": {
            day: f"{HEADER}\n" + "".join(report_row(day, f"u{user}") for user in range(6))
            for day in [*days("2026-03-25", "2026-04-05"), *days("2026-06-01", "2026-06-03")]
        },
    }.values(),
    ids=["one row without numbers", "a month without files"],
)
def test_little_history_is_enough(project, reports):
    for day, text in reports.items():
        project.write_report(day, text)
    project.build()


def test_legacy_reports_alone_are_enough(project):
    for day in days("2026-05-25", "2026-06-03"):
        project.write_legacy_report(
            day, f"UserId,Date,Inline_AcceptanceCount\nu,{day[5:]}-2026,3\n"
        )
    project.build()
