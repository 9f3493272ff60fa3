"""Personal data from the bill, rosters, the directory and lists of teams."""

from hashlib import md5

import duckdb
import pytest
from projects import Project, bill_line
from test_privacy import (
    EMAILS,
    JANE,
    JANES_EMAIL,
    MAX,
    MAXS_EMAIL,
    WITH_KEY,
    built,
    pseudonym,
    traces,
    write_reports,
)

pytestmark = pytest.mark.long

ZOE = "33333333-cccb-4333-8333-333333333333"
NAMES = (*EMAILS, "zoe.zorn", "Zoe Zorn", "Moritz, Max", "nobody.known", "jane.left", "Jane Left")


def write_lists(project: Project) -> None:
    """The directory has Zoe and Max; the roster and teams also have Jane and a stranger."""
    project.write_list(
        "directory/d-9067abcdef/users-2026-06-01.csv",
        "User id,User name,Email,Display name,Group\n"
        f'{MAX},max,{MAXS_EMAIL},"Moritz, Max",all\n'
        f"{ZOE},zoe.zorn,zoe.zorn@people.example,Zoe Zorn,all\n",
    )
    project.write_list(
        "directory/d-9067abcdef/users-2026-05-01.csv",
        f"User id,User name,Email,Display name\n{JANE},jane.left,,Jane Left\n",
    )
    project.write_list(
        "roster/123456789012/subscriptions-2026-06-01.csv",
        "User name,Subscription status,Kiro plan,Activation date\n"
        f"max,Active,Kiro Pro,2026-01-01\n{JANES_EMAIL},Active,Kiro Pro,2026-01-01\n"
        "zoe.zorn,Active,Kiro Power,2026-05-02\nnobody.known,Pending,Kiro Pro,\n"
        "max,Active\n",
    )
    project.write_list(
        "teams/people-2026-06-01.csv",
        f"E-mail,Team,Cost center,Manager\n{MAXS_EMAIL.upper()},A,1,Zoe Zorn\n{JANES_EMAIL},A,1,\n",
    )
    project.write_bill(
        "2026-05", [bill_line(user, "2026-05-01") for user in (MAX, f"d-9067abcdef.{JANE}", ZOE)]
    )


@pytest.fixture(scope="module")
def clear(module_project) -> Project:
    write_reports(module_project)
    write_lists(module_project)
    return built(module_project)


@pytest.fixture
def listed(clear, tmp_path) -> Project:
    """A copy of the project, built with names."""
    return clear.copy(tmp_path / "copy")


def remains(project: Project, *texts: str) -> list[tuple[str, str]]:
    """The strings that occur in the files next to the sources."""
    return [
        found
        for found in traces(project.database.parent, *texts)
        if not found[0].startswith("seats")
    ]


def test_only_table_people_contains_names(clear):
    assert dict(clear.query("select user_id, display_name from people")) == {
        JANE: "Jane Left",
        MAX: "Moritz, Max",
        ZOE: "Zoe Zorn",
        clear.query("select user_id from people where user_name = 'nobody.known'")[0][0]: None,
    }
    for [table] in clear.query(
        "select table_name from duckdb_tables() where table_name not like 'base%'"
        " and table_name not like '%lists%' and table_name not in ('people',"
        " 'int_emails_identified', 'int_user_emails_aggregated')"
    ):
        for row in clear.query(f"select * from {table}"):
            assert not [name for name in NAMES if name.lower() in str(row).lower()], table


def test_pseudonyms_match_lists_and_identify_nobody(listed):
    project = built(listed, "{personal_data: pseudonym}", **WITH_KEY)
    assert not remains(project, *NAMES, JANE, MAX, ZOE)
    states = dict(project.query("select user_id, seat_state from license_utilization"))
    assert {pseudonym(user) for user in (JANE, MAX, ZOE)} < set(states)
    assert len(states) == 4
    # Jane is identified by the hash of her address, in both reports and lists.
    assert project.query(
        "select people from team_utilization_monthly where usage_month = '2026-05-01'"
    )
    assert project.query(
        f"select team from int_users_teamed where user_id = '{pseudonym(JANE)}'"
    ) == [("A",)]


def test_ids_of_unmatched_people_are_not_computed_only_from_their_names(listed):
    """Covers ids in advice logged by an earlier version, which later builds keep."""
    [(held,)] = listed.query("select user_id from people where user_name = 'nobody.known'")
    earlier = f"unmatched-{md5(b'nobody.known').hexdigest()[:16]}"
    assert held.startswith("unmatched-")
    assert not remains(listed, md5(b"nobody.known").hexdigest()[:16])
    with duckdb.connect(str(listed.database)) as connection:
        connection.execute(
            "insert into recommendation_log by name select '123456789012' as account_id,"
            f" '(not reported)' as profile_id, '{earlier}' as user_id, 'reclaim' as action,"
            " date '2026-05-20' as advised_date, date '2026-05-01' as advised_month"
        )
        connection.execute("alter table personal_data_held drop column rules")
    listed = built(listed)
    assert not remains(listed, earlier)
    logged = "select user_id from recommendation_log where advised_date = '2026-05-20'"
    assert listed.query(logged) == [(held,)]
    assert (held,) in listed.query("select user_id from license_utilization")


def test_mode_none_stores_no_name_and_still_uses_the_directory(listed):
    project = built(listed, "{personal_data: none}")
    assert not remains(project, *NAMES)
    users = {row[0] for row in project.query("select user_id from license_utilization")}
    # Jane is on the roster only with her address, which is now unknown.
    assert {JANE, MAX, ZOE} < users
    assert sum(user.startswith("unmatched-") for user in users) == len(users) - 3 == 2


def test_forgotten_person_loses_the_name_from_earlier_lists(listed):
    listed.forget(JANE)
    project = built(listed)
    assert not remains(project, JANE, "jane.left", "Jane Left")


def test_forgotten_person_is_on_no_list_and_costs_remain(listed):
    listed.forget(ZOE, MAX)
    project = built(listed)
    assert not remains(project, ZOE, "zoe.zorn", "Zoe Zorn", "Moritz, Max", MAX)
    assert project.query("select sum(billed_total_cost_usd)::double from bill_reconciliation") == [
        (60,)
    ]
    assert project.query(
        "select sum(total_cost_usd)::double from chargeback_monthly"
        " where usage_month = '2026-05-01'"
    ) == [(60,)]
