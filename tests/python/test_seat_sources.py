"""The bill, rosters, the directory and team lists, read from realistic files."""

import os

import pytest
from projects import HEADER, PUBLIC_TABLES, bill_line, failures, report_row

pytestmark = pytest.mark.long

ACCOUNT = "123456789012"
ROSTER = f"roster/{ACCOUNT}/subscriptions-2026-06-30.csv"
DIRECTORY = "directory/d-1234567890/users-2026-06-30.csv"
TEAMS = "teams/people-2026-06-30.csv"
ROSTER_HEADER = "User name,Subscription status,Kiro plan,Plan source,Activation date\n"
DIRECTORY_HEADER = "User id,User name,Email,Display name,Group\n"


def report_june(project, users=("ann", "bob", "cat", "dan", "eve", "fay")) -> None:
    """A report for each day in June, with every user, from one client."""
    for day in range(1, 31):
        date = f"2026-06-{day:02}"
        rows = "".join(report_row(date, user) for user in users)
        project.write_report(date, f"{HEADER}\n{rows}")


@pytest.fixture
def june(project):
    report_june(project)
    return project


def states(project) -> dict:
    return {
        row["user_id"]: (row["seat_source"], row["seat_state"])
        for row in project.records("select * from license_utilization")
    }


def found(project) -> dict:
    return {
        row["finding"]: row["affected"]
        for row in project.records("select * from data_quality_findings where severity = 'warning'")
    }


def test_bill_can_be_parquet_or_csv(june):
    june.write_bill(
        "2026-06",
        [
            bill_line("ANN", "2026-06-01"),
            bill_line("d-1234567890.bob", "2026-06-01"),
            bill_line("waste", "2026-06-10", amount="0.7", cost="14"),
            bill_line("ann", "2026-06-03", "USE1-KiroEnterprise-Credits", "25.5", "1.02"),
            bill_line(
                None, "2026-06-01", line_item_line_item_type="Tax", line_item_unblended_cost="3.3"
            ),
            bill_line("ann", "2026-06-01", cost="0", line_item_operation="q-developer-snapshot"),
            bill_line("ann", "2026-06-01", cost="777", line_item_product_code="AmazonEC2"),
        ],
    )
    june.write_bill(
        "2026-06", [bill_line(user, "2026-06-01") for user in ("cat", "dan")], "cur2-00002.csv.gz"
    )
    june.build()
    assert states(june) == {
        "ann": ("bill", "active"),
        "bob": ("bill", "active"),
        "cat": ("bill", "active"),
        "dan": ("bill", "active"),
        "eve": ("observed", "active"),
        "fay": ("observed", "active"),
        # A seat on the first bill may be older than the reports.
        "waste": ("bill", "unknown_history"),
    }
    [row] = june.records("select * from bill_reconciliation")
    assert (row["billed_users"], row["reported_users"]) == (5, 6)
    assert (row["billed_not_reported_users"], row["reported_not_billed_users"]) == (1, 2)
    assert (float(row["billed_overage_credits"]), float(row["billed_total_cost_usd"])) == (
        25.5,
        98.32,
    )
    assert june.query("select sum(total_cost_usd)::double from chargeback_monthly") == [(98.32,)]
    assert june.query("select sum(BilledCost)::double from chargeback_focus") == [(98.32,)]


def test_rewritten_month_of_the_bill_replaces_the_earlier_version(june):
    june.write_bill("2026-06", [bill_line("ann", "2026-06-01")])
    june.write_bill("2026-05", [bill_line("old", "2026-05-01")])
    second = june.write_bill("2026-06", [bill_line("bob", "2026-06-01")], "cur2-00002.parquet")
    june.run()
    cost = "select usage_month::varchar, billed_total_cost_usd::double from bill_reconciliation"
    assert dict(june.query(cost)) == {"2026-05-01": 20, "2026-06-01": 40}
    # DuckDB compares modification times in seconds.
    later = june.write_bill("2026-06", [bill_line("ann", "2026-06-01", cost="25")])
    os.utime(later, (later.stat().st_mtime + 60,) * 2)
    second.unlink()
    june.run()
    assert dict(june.query(cost)) == {"2026-05-01": 20, "2026-06-01": 25}
    # Left over from the previous day by a tool that copies without deleting.
    june.write_bill("2026-06", [bill_line("bob", "2026-06-01")], "cur2-00002.parquet")
    os.utime(second, (later.stat().st_mtime - 86400,) * 2)
    june.run()
    assert dict(june.query(cost)) == {"2026-05-01": 20, "2026-06-01": 25}
    assert june.query("select affected from data_quality_findings where finding like '%passed%'")


def test_closed_months_of_the_bill_are_not_read_again(june):
    path = june.write_bill("2026-06", [bill_line("ann", "2026-06-01")])
    june.run()
    stat = path.stat()
    path.write_bytes(b"\0" * stat.st_size)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    june.run()
    assert june.query("select billed_total_cost_usd::double from bill_reconciliation") == [(20,)]


def test_roster_finds_pending_and_canceled_seats_through_the_directory(june):
    june.write_list(
        DIRECTORY,
        DIRECTORY_HEADER
        + "".join(
            f'{user},{user}.name,{user}@example.com,"{user.title()}, X",kiro\n'
            for user in ("ann", "bob", "cat", "dan", "eve", "new", "zoe")
        ),
    )
    june.write_list(
        ROSTER,
        ROSTER_HEADER
        + "ann.name,Active,Kiro Pro,Direct,2026-01-10\n"
        + "BOB.name,active,Kiro Pro+,Direct,2026-06-25\n"
        + "cat.name,Canceled,Kiro Pro,Direct,2026-01-10\n"
        + "dan.name,Active,Kiro Pro,Direct,2026-01-10\n"
        + "eve.name,Active,Kiro Pro,Direct,2026-01-10\n"
        + "new.name,Pending,Kiro Power,Direct,\n"
        + "zoe.name,Active,Kiro Power,Direct,2026-06-02\n",
    )
    june.write_list(f"roster/{ACCOUNT}/subscriptions-2026-05-30.csv", "User name\ngone\n")
    june.build()
    assert states(june) == {
        "ann": ("roster", "active"),
        "bob": ("roster", "new"),
        "cat": ("roster", "cancelled"),
        "dan": ("roster", "active"),
        "eve": ("roster", "active"),
        # Reported this month, but not on the roster.
        "fay": ("observed", "active"),
        "new": ("roster", "pending"),
        "zoe": ("roster", "never_used"),
    }
    [zoe] = june.records("select * from recommended_actions where user_id = 'zoe'")
    assert (zoe["action"], float(zoe["monthly_savings_usd"])) == ("reclaim", 200)
    assert zoe["reason"] == "Paid for since 2026-06-02 and never used."
    assert june.query("select user_email, display_name from people where user_id = 'zoe'") == [
        ("zoe@example.com", "Zoe, X")
    ]


def test_roster_changes_only_states_and_unknown_values(june):
    june.run()
    before = june.tables()
    june.write_list(
        DIRECTORY,
        DIRECTORY_HEADER
        + "".join(f"{u},{u},,,\n" for u in ("ann", "bob", "cat", "dan", "eve", "fay", "zoe")),
    )
    june.write_list(
        ROSTER,
        ROSTER_HEADER
        + "".join(f"{u},Active,Kiro Pro,,2026-06-01\n" for u in ("ann", "bob", "cat", "dan"))
        + "".join(f"{u},Active,Kiro Pro,,2026-06-01\n" for u in ("eve", "fay", "zoe")),
    )
    june.run()
    after = june.tables()
    changed = {name for name in PUBLIC_TABLES if before[name] != after[name]}
    # An additional seat with its price, activation date, advice and person.
    assert changed == {
        "chargeback_focus",
        "chargeback_monthly",
        "headline_figures",
        "license_utilization",
        "license_utilization_monthly",
        "people",
        "recommendation_log",
        "recommended_actions",
        "seat_state_history",
        "seat_states_monthly",
        "team_utilization_monthly",
    }
    columns = "user_id, seat_state, credits_used_month, monthly_allowance, is_reclaimable"
    seats = june.query(f"select {columns} from license_utilization where user_id <> 'zoe'")
    assert {row[1] for row in seats} == {"active"}
    assert len(seats) == 6


def test_directory_group_determines_seats(june):
    june.write_list(
        DIRECTORY,
        f"{DIRECTORY_HEADER}ann,ann,,,kiro-pro\nzoe,zoe,,,kiro-pro\nzoe,zoe,,,kiro-power\nmax,max,,,all\n",
    )
    june.run("--vars", "{seat_groups: {kiro-pro: PRO, Kiro-Power: POWER}}")
    assert states(june)["ann"] == ("roster", "active")
    assert states(june)["zoe"] == ("roster", "unknown_history")
    assert "max" not in states(june)
    assert june.query(
        "select subscription_tier from license_utilization where user_id = 'zoe'"
    ) == [("POWER",)]


def test_bad_lists_are_reported_and_other_lists_are_used(june):
    june.write_list(
        ROSTER,
        ROSTER_HEADER
        + "d-1.ann,Zombie,Kiro Pro,Direct,2026-01-10\n"
        + "bob@example.com,Active,Kiro Pro,Direct,2027-01-10\n"
        + 'cat,Active,"Kiro Pro,Direct,2026-01-10\n'
        + "dan,Active\n"
        + ",Active,Kiro Pro,Direct,2026-01-10\n",
    )
    june.write_list("roster/a/semicolons.csv", "User name;Status\nx;Active\n")
    june.write_list("roster/b/empty.csv", "")
    june.write_list("roster/c/latin.csv", "User name,Status\nJos\xe9,Active\n".encode("latin-1"))
    june.write_list("roster/d/strange.csv", "foo,bar\n1,2\n")
    june.write_list(
        TEAMS,
        "E-mail,Team,Cost center,Shoe size\na@example.com,A,1,4\nA@EXAMPLE.COM,B,1,4\n",
    )
    result = june.dbt("build", "--exclude-resource-type", "unit_test")
    assert result.success, failures(result)
    assert found(june) == {
        "list_is_unreadable": 4,
        "list_row_is_unusable": 3,
        "status_is_unknown": 1,
        "activation_is_no_past_day": 1,
        "listed_user_is_not_identified": 2,
        "roster_is_not_matched": 1,
        "person_is_in_two_teams": 1,
    }
    examples = dict(june.query("select finding, example from data_quality_findings"))
    assert examples["list_row_is_unusable"].startswith(f"{ROSTER}, line 4: a quote is opened")
    assert examples["list_has_unknown_columns"] == f"{TEAMS}: shoesize"
    # A roster of unknown people cancels nobody.
    assert states(june)["fay"] == ("observed", "active")


def test_bill_without_resource_ids_cancels_no_seat(june):
    june.write_bill(
        "2026-06", [bill_line(None, "2026-06-01", line_item_resource_id="") for _ in range(6)]
    )
    june.build()
    assert set(states(june).values()) == {("observed", "active")}
    assert found(june)["subscription_has_no_user"] == 6
    assert june.query("select sum(total_cost_usd)::double from chargeback_monthly") == [(120,)]


def test_bill_with_odd_lines_is_reported(june):
    june.write_bill(
        "2026-06",
        [
            bill_line("ann", "2026-06-01", cost="25"),
            bill_line("bob", "2026-06-01", cost="99", line_item_currency_code="EUR"),
            bill_line("cat", "2026-06-01", cost="lots"),
            bill_line(
                "dan", "2026-06-01", "USE1-KiroEnterprise-Specs", line_item_operation="Specs"
            ),
            bill_line("eve", "2026-07-01", cost="20"),
        ],
    )
    june.build()
    findings = found(june)
    assert findings["plan_costs_something_else"] >= 1
    assert findings["charge_is_not_in_usd"] == 1
    assert findings["charge_is_no_number"] == 1
    assert findings["charge_is_unrecognized"] == 1
    # According to the reports, July has not started yet.
    assert june.query("select max(usage_month)::varchar from bill_reconciliation") == [
        ("2026-06-01",)
    ]


def test_former_user_keeps_the_last_listed_name(june):
    """Reports still contain ann, bob and cat; the newest directory and roster contain only cat."""
    june.write_list(
        "directory/d-1234567890/users-2026-06-01.csv",
        f"{DIRECTORY_HEADER}ann,ann.old,,Ann Old,all\nbob,bob,,Bob B,all\ncat,cat,,Cat Old,all\n",
    )
    june.write_list(
        "directory/d-1234567890/users-2026-06-10.csv",
        f"{DIRECTORY_HEADER}ann,ann.new,,Ann New,all\ncat,cat,,Cat C,all\n",
    )
    june.run(only="people")
    june.write_list(DIRECTORY, f"{DIRECTORY_HEADER}cat,cat,,Cat C,all\n")
    # bob is matched by a directory's user name; eve's row is truncated, so she is unknown.
    june.write_list(
        f"roster/{ACCOUNT}/subscriptions-2026-06-20.csv",
        f"{ROSTER_HEADER}bob,Active,Kiro Pro,Direct,\neve,Active\n",
    )
    june.write_list(ROSTER, f"{ROSTER_HEADER}cat,Active,Kiro Pro,Direct,\n")
    june.run(only="people")
    assert june.query(
        "select user_id, user_name, display_name, name_known_on::varchar from people"
        " where name_known_on is not null order by 1"
    ) == [
        ("ann", "ann.new", "Ann New", "2026-06-10"),
        ("bob", "bob", "Bob B", "2026-06-20"),
        ("cat", "cat", "Cat C", "2026-06-30"),
    ]
    june.run("--vars", "{as_of_date: 2026-06-09}", only="people")
    assert june.query(
        "select display_name from people where name_known_on is not null order by 1"
    ) == [
        ("Ann Old",),
        ("Bob B",),
        ("Cat Old",),
    ]


def test_exemptions_are_read_from_a_list(june):
    """Covers ids, addresses and end dates; a row with an invalid date exempts nobody."""
    june.write_list(DIRECTORY, f"{DIRECTORY_HEADER}bob,bob,bob@example.com,Bob B,all\n")
    june.write_list("exemptions/people-2026-05-30.csv", "User id\nfay\n")
    june.write_list(
        "exemptions/people-2026-06-30.csv",
        "User id,E-mail,Exempt until,Reason\nann,,,on leave\n,Bob@example.com,2026-06-30,\n"
        "cat,,2026-06-29,over\ndan,,soon,x\n,who@example.com,,nobody\n",
    )
    june.run()
    assert june.query(
        "select user_id, exemption_reason from license_utilization where is_exempt order by 1"
    ) == [("ann", "on leave"), ("bob", None)]
    assert june.query(
        "select finding, source, example, affected from data_quality_findings"
        " where source = 'exemptions' order by 1"
    )[1:] == [
        (
            "list_row_is_unusable",
            "exemptions",
            "exemptions/people-2026-06-30.csv, line 5: the last day of the exemption is not a date",
            1,
        )
    ]
    assert june.query(
        "select affected from data_quality_findings where finding = 'exempt_person_holds_no_seat'"
    ) == [(1,)]


def test_replay_ignores_later_lists_and_bills(june):
    june.write_list(ROSTER, f"{ROSTER_HEADER}zoe,Active,Kiro Pro,Direct,2026-06-02\n")
    june.write_list(
        f"roster/{ACCOUNT}/subscriptions-2026-06-10.csv",
        f"{ROSTER_HEADER}max,Active,Kiro Pro,Direct,2026-06-02\n",
    )
    june.write_bill("2026-06", [bill_line("ann", "2026-06-01"), bill_line("bob", "2026-06-20")])
    june.run("--vars", "{as_of_date: 2026-06-15}")
    assert june.query("select billed_users from bill_reconciliation") == [(1,)]
    emails = {row[0] for row in june.query("select user_name from people where user_name <> ''")}
    assert emails == {"max"}


@pytest.mark.parametrize("minimum", [5, 1])
def test_team_tables_hide_small_groups(june, minimum):
    june.write_list(
        TEAMS,
        "User id,Team,Cost center\n"
        + "".join(f"{user},Big,1\n" for user in ("ann", "bob", "cat", "dan", "eve"))
        + "fay,Tiny,2\n",
    )
    june.build("--vars", f"{{minimum_group_people: {minimum}}}")
    teams = "select distinct team from team_utilization_monthly"
    outlook = "select distinct team from overage_outlook where team <> '(all)'"
    shown = {("(small groups)",)} if minimum == 5 else {("Big",), ("Tiny",)}
    assert set(june.query(teams)) == set(june.query(outlook)) == shown
    assert june.query("select sum(total_cost_usd)::double from chargeback_monthly") == [(120,)]


def test_new_list_of_teams_does_not_change_published_months(june):
    """Otherwise, the difference between two builds would reveal who moved."""
    shown = ["team_utilization_monthly", "chargeback_monthly", "chargeback_focus", "user_teams"]
    variables = ("--vars", "{minimum_group_people: 2}")

    def listed(day: str, **teams: str) -> None:
        lines = "".join(
            f"{user},{team},{team.lower()}\n"
            for team, users in teams.items()
            for user in users.split()
        )
        june.write_list(f"teams/people-{day}.csv", f"User id,Team,Cost center\n{lines}")

    listed("2026-06-10", A="ann bob cat", B="dan eve fay")
    june.run(*variables)
    before = june.tables([*shown, "overage_outlook"])
    listed("2026-06-20", A="bob cat", B="ann dan eve fay")
    june.run(*variables)
    assert june.tables([*shown, "overage_outlook"]) == before

    july = "".join(report_row("2026-07-01", user) for user in "ann bob cat dan eve fay".split())
    june.write_report("2026-07-01", f"{HEADER}\n{july}")
    june.build(*variables)
    people = "select team, people from team_utilization_monthly where usage_month = {} order by 1"
    assert june.query(people.format("'2026-06-01'")) == [("A", 3), ("B", 3)]
    assert june.query(people.format("'2026-07-01'")) == [("A", 2), ("B", 4)]
    assert ("ann", "B", "b") in june.query("select user_id, team, cost_center from user_teams")


FOCUS_MANDATORY = """
    BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd
    BillingPeriodStart ChargeCategory ChargeClass ChargeDescription ChargePeriodEnd
    ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName ListCost PricingQuantity
    PricingUnit ProviderName PublisherName ServiceCategory ServiceName
""".split()
FOCUS_NULLABLE = {"ChargeClass", "PricingQuantity", "PricingUnit"}


def test_focus_has_the_mandatory_columns(june):
    june.write_bill(
        "2026-06",
        [
            bill_line("ann", "2026-06-01"),
            bill_line("ann", "2026-06-03", "USE1-KiroEnterprise-Credits", "25.5", "1.02"),
            bill_line(None, "2026-06-01", cost="1.05", line_item_line_item_type="Tax"),
            bill_line("ann", "2026-06-01", cost="-5", line_item_line_item_type="Refund"),
            bill_line(None, "2026-06-01", cost="-3", line_item_line_item_type="Credit"),
            bill_line(None, "2026-06-01", cost="-2", line_item_line_item_type="EdpDiscount"),
        ],
    )
    june.run()
    rows = june.records("select * from chargeback_focus")
    assert {row["ChargeCategory"]: float(row["BilledCost"]) for row in rows} == {
        # A refund lowers the cost of the refunded charge.
        "Purchase": 15,
        "Usage": 1.02,
        "Tax": 1.05,
        "Credit": -3,
        "Adjustment": -2,
    }
    for row in rows:
        assert set(FOCUS_MANDATORY) <= set(row)
        assert all(row[name] is not None for name in set(FOCUS_MANDATORY) - FOCUS_NULLABLE)
        # Quantity and unit appear together, but not for tax.
        assert (row["PricingQuantity"] is None) == (row["PricingUnit"] is None)
        assert row["ChargeCategory"] != "Tax" or row["PricingQuantity"] is None
        assert row["BillingPeriodStart"] < row["BillingPeriodEnd"]
        # Custom columns are marked as such.
        own = {"x_CostCenter", "x_CostSource", "x_FocusVersion"}
        assert {name for name in row if name.startswith("x_")} == own


def test_order_of_arrival_does_not_matter(june, tmp_path):
    def everything(project, order):
        files = {
            "bill": lambda: project.write_bill("2026-06", [bill_line("ann", "2026-06-01")]),
            "directory": lambda: project.write_list(DIRECTORY, f"{DIRECTORY_HEADER}ann,a,,,\n"),
            "roster": lambda: project.write_list(ROSTER, f"{ROSTER_HEADER}a,Active,Kiro Pro,,\n"),
            "teams": lambda: project.write_list(TEAMS, "User id,Team\nann,A\n"),
        }
        for name in order:
            files[name]()
            project.run()
        return project.tables([name for name in PUBLIC_TABLES if name != "recommendation_log"])

    first = everything(june, ["bill", "directory", "roster", "teams"])
    for path in june.seats.rglob("*.csv"):
        path.unlink()
    second = everything(june, ["teams", "roster", "directory", "bill"])
    assert first == second
