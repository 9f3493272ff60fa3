"""The made-up organization, built: totals match the files, and every planted story is found."""

import datetime
import json
import os
import subprocess
import sys
from collections import defaultdict

import duckdb
import independent_counts
import pytest
from projects import PUBLIC_TABLES, ROOT, Project, failures
from small_groups import derivable_groups


def generate(reports, *arguments: str) -> dict:
    """Write a sample organization and return its expected values."""
    subprocess.run(
        [sys.executable, ROOT / "scripts/generate_reports.py", "--out", reports, *arguments],
        check=True,
        capture_output=True,
    )
    return json.loads((reports / "truth.json").read_text())


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """All five header layouts, two accounts, and days split into parts, built with every test."""
    project = Project(tmp_path_factory.mktemp("sample"))
    truth = generate(
        project.reports,
        *("--users", "90", "--start", "2026-02-25", "--days", "215", "--users-per-file", "20"),
        *("--seats-out", str(project.seats)),
    )
    project.build()
    return project, truth


def story(truth: dict, name: str) -> list[dict]:
    return [seat for seat in truth["stories"] if seat["story"] == name]


def seat_row(project, table: str, seat: dict) -> dict:
    rows = project.records(
        f"select * from {table} where user_id = '{seat['user_id']}'"
        f" and profile_id = '{seat['profile_id']}'"
    )
    assert len(rows) == 1
    return rows[0]


def test_unit_tests_pass(sample):
    project, _ = sample
    result = project.dbt("test", "--select", "test_type:unit")
    assert result.success, failures(result)
    assert len(result.result) > 60


@pytest.fixture(scope="module")
def report_rows(sample):
    return list(independent_counts.rows(sample[0].reports))


@pytest.mark.parametrize(
    ("count", "key", "values", "table"),
    [
        (
            independent_counts.days,
            ["activity_date::varchar"],
            "sum(credits_used), sum(messages), count(distinct account_id || user_id)",
            "int_seat_days_aggregated group by activity_date",
        ),
        (
            independent_counts.seat_months,
            ["account_id", "profile_id", "user_id", "strftime(usage_month, '%Y-%m')"],
            "credits_used, overage_credits_used, monthly_allowance",
            "overage_monthly where credits_used > 0",
        ),
        (
            independent_counts.usage_days,
            ["activity_date::varchar", "account_id", "client_type", "subscription_tier"],
            "users, conversations, messages, credits_used, overage_credits_used",
            "usage_daily",
        ),
        (
            independent_counts.seat_usage_days,
            ["account_id", "profile_id", "user_id", "activity_date::varchar"],
            "conversations, messages, credits_used, overage_credits_used, clients, "
            "credits_used_month_to_date",
            "seat_usage_daily",
        ),
        (
            independent_counts.seats,
            ["account_id", "profile_id", "user_id"],
            "first_active_date, last_active_date, active_days_30",
            "license_utilization where first_active_date is not null",
        ),
        (
            independent_counts.model_days,
            ["activity_date::varchar", "account_id", "client_type", "subscription_tier", "model"],
            "messages, users",
            "model_mix_daily",
        ),
        (
            independent_counts.seat_models,
            ["account_id", "profile_id", "user_id", "strftime(usage_month, '%Y-%m')", "model"],
            "messages, message_share",
            "model_mix_monthly",
        ),
        (
            independent_counts.active_users,
            ["account_id", "activity_date::varchar"],
            "daily_active_users, weekly_active_users, monthly_active_users",
            "adoption_daily",
        ),
        (
            independent_counts.clients_beside_others,
            ["strftime(usage_month, '%Y-%m')", "account_id", "client_type", "clients_used"],
            "users",
            "client_overlap_monthly",
        ),
        (
            independent_counts.returns,
            ["cohort_week::varchar", "weeks_since"],
            "cohort_users, retained_users",
            "retention_weekly",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_tables_agree_with_the_files(sample, report_rows, count, key, values, table):
    project, _ = sample
    built = {
        row[: len(key)]: row[len(key) :]
        for row in project.query(f"select {', '.join(key)}, {values} from {table}")
    }
    expected = count(report_rows)
    assert set(built) == set(expected)
    known = [
        (value, right)
        for name, row in built.items()
        for value, right in zip(row, expected[name], strict=True)
        if value is not None
    ]
    for value, right in known:
        assert (
            value == right
            if isinstance(right, (int, datetime.date))
            else float(value) == pytest.approx(right, abs=1e-3)
        )
    # Numbers are unknown only for days and weeks with a missing file, and for windows that begin
    # before the history.
    share_known = 0.8 if table in ("adoption_daily", "retention_weekly") else 1
    assert len(known) >= share_known * sum(map(len, expected.values()))


def test_credits_of_tiers_and_seats_match_the_files(sample, report_rows):
    project, _ = sample
    credits = sum(row["credits"] for row in report_rows)
    for table in ("overage_monthly", "license_utilization_monthly"):
        [(built,)] = project.query(f"select sum(credits_used) from {table}")
        assert float(built) == pytest.approx(credits, abs=0.1)


def test_as_of_date_is_the_last_delivered_day(sample):
    project, truth = sample
    [(as_of_date,)] = project.query("select distinct as_of_date from license_utilization")
    assert str(as_of_date) == truth["as_of_date"]


@pytest.mark.parametrize(
    ("name", "state", "is_reclaimable"),
    [
        ("idle", "idle", False),
        ("never used again", "dormant", True),
        ("stale", "stale", True),
        ("blocked at the allowance", "blocked", False),
        ("tier changed in mid-month", "active", False),
    ],
)
def test_planted_seat_states_are_found(sample, name, state, is_reclaimable):
    project, truth = sample
    [seat] = story(truth, name)
    row = seat_row(project, "license_utilization", seat)
    assert (row["seat_state"], row["is_reclaimable"]) == (state, is_reclaimable)
    assert str(row["last_active_date"]) == seat["last_active_date"]
    assert row["subscription_tier"] == seat["subscription_tier"]


def test_blocked_seat_has_no_overage_cost(sample):
    project, truth = sample
    [seat] = story(truth, "blocked at the allowance")
    risk = seat_row(project, "overage_risk", seat)
    assert (risk["risk_kind"], risk["risk_band"]) == ("blocked", "breached")
    assert risk["exhaustion_date"] == datetime.date(2026, 9, 4)
    [(days_blocked, cost)] = project.query(
        f"select days_blocked, overage_cost_usd from overage_monthly"
        f" where user_id = '{seat['user_id']}'"
    )
    as_of = datetime.date.fromisoformat(truth["as_of_date"])
    # One of the later days has a missing file and is no evidence.
    assert (days_blocked, cost) == ((as_of - datetime.date(2026, 9, 4)).days - 1, 0)


def test_exceeded_allowance_has_a_date_and_a_cost(sample):
    project, truth = sample
    [seat] = story(truth, "breaching in mid-month")
    risk = seat_row(project, "overage_risk", seat)
    assert (risk["risk_kind"], risk["risk_band"]) == ("cost", "breached")
    # 100 credits a day reach 1,000 on the 10th; from the 11th, credits are overage.
    assert risk["exhaustion_date"] == datetime.date(2026, 9, 11)
    [(overage, cost)] = project.query(
        f"select overage_credits_used, overage_cost_usd from overage_monthly"
        f" where user_id = '{seat['user_id']}'"
    )
    assert (overage, cost) == (500, 20)


def test_tier_change_raises_the_allowance_for_the_month(sample):
    project, truth = sample
    [seat] = story(truth, "tier changed in mid-month")
    row = seat_row(project, "license_utilization", seat)
    assert row["monthly_allowance"] == 2000
    assert row["credits_used_month"] == seat["credits_used_month"]


def test_user_in_two_profiles_has_two_seats(sample):
    project, truth = sample
    seats = story(truth, "same user in two profiles")
    assert len(seats) == 2
    # Both seats were used on the same day, so the more expensive seat is kept.
    advice = project.query(
        "select subscription_tier, is_duplicate_seat, recommended_action from license_utilization"
        f" where user_id = '{seats[0]['user_id']}' order by all"
    )
    assert advice == [("PRO", True, "investigate"), ("PRO_PLUS", False, "downgrade")]
    for seat in seats:
        row = seat_row(project, "license_utilization", seat)
        assert row["credits_used_month"] == seat["credits_used_month"]
        assert row["subscription_tier"] == seat["subscription_tier"]


@pytest.mark.parametrize(
    ("name", "action", "recommended_tier", "savings", "effective_date"),
    [
        ("idle", None, None, None, None),
        ("changing email address", None, None, None, None),
        ("tier changed in mid-month", None, None, None, None),
        ("never used again", "reclaim", None, 20, "2026-10-01"),
        ("stale", "reclaim", None, 40, "2026-10-01"),
        ("blocked at the allowance", "enable_overage", None, None, "2026-09-28"),
        # 30 credits a working day are 660 a month: PRO instead of PRO_MAX.
        ("paying for more than used", "downgrade", "PRO", 80, "2026-10-01"),
        # 125 a working day are at least 2,500: PRO costs 20 + 40 for the second thousand.
        ("overage every month", "upgrade", "PRO_PLUS", 20, "2026-09-28"),
    ],
)
def test_planted_stories_get_the_right_advice(
    sample, name, action, recommended_tier, savings, effective_date
):
    project, truth = sample
    for seat in story(truth, name):
        advice = project.query(
            "select action, recommended_tier, monthly_savings_usd::double, effective_date::varchar"
            f" from recommended_actions where user_id = '{seat['user_id']}'"
            f" and profile_id = '{seat['profile_id']}'"
        )
        expected = (action, recommended_tier, savings, effective_date)
        assert advice == ([expected] if action else [])


@pytest.mark.parametrize(
    ("name", "source", "state", "action"),
    [
        ("never used", "bill", "never_used", "reclaim"),
        ("new and unused", "bill", "new", None),
        ("activated before history", "bill", "unknown_history", "investigate"),
        ("pending", "roster", "pending", None),
        ("on the roster but not billed", "roster", "pending", None),
        ("cancelled", "bill", "cancelled", None),
        ("billed but on no roster", "bill", "active", None),
        ("reported but not billed", "roster", "active", None),
        ("returned", "bill", "active", None),
        ("two email addresses", "bill", "active", None),
        ("dormant but exempt", "bill", "dormant", None),
        # Of two seats used on the same day, the more expensive seat is kept, and its plan is too
        # large.
        (
            "duplicate in two accounts",
            "bill",
            "active",
            {"PRO": "investigate", "PRO_PLUS": "downgrade"},
        ),
    ],
)
def test_seats_from_the_bill_and_roster_are_found(sample, name, source, state, action):
    project, truth = sample
    seats = [seat for seat in truth["seats"] if seat["truth"] == name]
    assert seats
    for seat in seats:
        [row] = project.records(
            f"select * from license_utilization where user_id = '{seat['user_id']}'"
            f" and account_id = '{seat['account_id']}'"
        )
        assert (row["seat_source"], row["seat_state"]) == (source, state)
        by_tier = action if isinstance(action, dict) else {row["subscription_tier"]: action}
        assert row["recommended_action"] == by_tier[row["subscription_tier"]]
        expected = seat["expected"]
        assert row["is_billed"] == expected["is_billed"]
        for date in ("first_active_date", "last_active_date"):
            assert str(row[date]) == str(expected.get(date))
        if expected.get("activation_date"):
            assert str(row["activated_date"]) == expected["activation_date"]


def test_waste_of_a_second_seat_is_the_cheaper_price(sample):
    project, truth = sample
    [seat, _] = [seat for seat in truth["seats"] if seat["truth"] == "duplicate in two accounts"]
    waste = project.query(
        "select duplicate_waste_usd::double from license_utilization"
        f" where user_id = '{seat['user_id']}' and duplicate_waste_usd is not null"
    )
    assert waste == [(seat["expected"]["wasted_usd"],)]


def test_costs_match_the_bill(sample):
    project, truth = sample
    reconciled = {
        (str(row["usage_month"]), row["account_id"]): row
        for row in project.records("select * from bill_reconciliation")
    }
    assert len(reconciled) == len(truth["bill"])
    for bill in truth["bill"]:
        row = reconciled[bill["usage_month"], bill["account_id"]]
        assert row["billed_seats"] == bill["seats"]
        for column, name in (
            ("billed_subscription_cost_usd", "subscription_cost_usd"),
            ("billed_overage_cost_usd", "overage_cost_usd"),
            ("billed_other_cost_usd", "tax_usd"),
            ("billed_total_cost_usd", "total_usd"),
        ):
            assert float(row[column]) == pytest.approx(bill[name], abs=0.0051)
    # Costs match to the cent, over all cost centers and in FOCUS.
    for month in {bill["usage_month"] for bill in truth["bill"]}:
        total = sum(bill["total_usd"] for bill in truth["bill"] if bill["usage_month"] == month)
        where = f"from {{}} where {{}} = '{month}'"
        [(charged,)] = project.query(
            "select sum(total_cost_usd) " + where.format("chargeback_monthly", "usage_month")
        )
        [(focused,)] = project.query(
            "select sum(BilledCost) " + where.format("chargeback_focus", "BillingPeriodStart")
        )
        assert float(charged) == pytest.approx(total, abs=0.0051)
        assert float(focused) == pytest.approx(total, abs=1e-6)


def test_differences_between_bill_and_reports_are_found(sample):
    project, truth = sample
    more, unbilled = truth["bill_differences"]
    findings = project.records("select * from data_quality_findings where source = 'bill'")
    [overage] = [row for row in findings if row["finding"] == "overage_differs_from_bill"]
    assert (overage["account_id"], str(overage["usage_month"])) == (
        more["account_id"],
        more["usage_month"],
    )
    assert float(overage["example"].split()[0]) == more["credits"]
    assert {
        row["affected"] for row in findings if row["finding"] == "reported_user_is_not_billed"
    } == {1}
    assert unbilled["user_id"] in {row["user_id"] for row in truth["seats"]}


def test_small_teams_are_not_shown(sample):
    project, truth = sample
    shown = dict(
        project.query(
            "select team, people from team_utilization_monthly where usage_month = '2026-09-01'"
        )
    )
    seats = {row["team"]: row["seats"] for row in truth["teams"]}
    assert {"Research", "Design"}.isdisjoint(shown)
    assert shown["(small groups)"] == seats["Research"] + seats["Design"] == 5
    assert set(shown) - {"(small groups)", "(unassigned)"} == {
        team for team, count in seats.items() if team and count >= 5
    }


def test_no_combination_of_totals_reveals_a_small_group(sample):
    """Covers a month's published costs by team, by cost center, and in total."""
    project, _ = sample
    totals = defaultdict(lambda: defaultdict(set))
    for month, user, *shown in project.query(
        """
        with people as (
            select distinct usage_month, user_id from int_seat_months_costed
            where user_id <> '(unassigned)'
        )

        select people.usage_month, people.user_id, shown_team, shown_cost_center
        from people
        left join int_users_teamed as users
            on people.user_id = users.user_id
        inner join int_groups_shown as shown
            on
                people.usage_month = shown.usage_month
                and coalesce(users.team, '(unassigned)') = shown.team
                and coalesce(users.cost_center, '(unassigned)') = shown.cost_center
        """
    ):
        for key in ("all", ("team", shown[0]), ("cost center", shown[1])):
            totals[month][key].add(user)
    assert len(totals) == 8
    for month, sets in totals.items():
        assert derivable_groups(list(map(frozenset, sets.values())), fewer_than=5) == [], month

    # The published totals are the totals of these sets.
    for table, kind in [
        ("team_utilization_monthly", "team"),
        ("chargeback_monthly", "cost_center"),
    ]:
        assert not project.query(
            f"""
            with summed as (
                select
                    costs.usage_month,
                    coalesce(shown_{kind}, '(unassigned)') as name,
                    sum(costs.total_cost_usd) as cost
                from int_seat_months_costed as costs
                left join int_users_teamed as users
                    on costs.user_id = users.user_id
                left join int_groups_shown as shown
                    on
                        costs.usage_month = shown.usage_month
                        and coalesce(users.team, '(unassigned)') = shown.team
                        and coalesce(users.cost_center, '(unassigned)') = shown.cost_center
                        and costs.user_id <> '(unassigned)'
                group by all
            )

            select *
            from summed
            full outer join {table} as published
                on
                    summed.usage_month = published.usage_month
                    and summed.name = published.{kind}
            where abs(coalesce(cost, 0) - coalesce(published.total_cost_usd, 0)) > 0.011
            """
        )
    shown = project.query("select user_id, team, cost_center from user_teams")
    by_name = defaultdict(set)
    for user, team, cost_center in shown:
        by_name["team", team].add(user)
        by_name["cost center", cost_center].add(user)
        by_name["both", team, cost_center].add(user)
    assert derivable_groups(list(map(frozenset, by_name.values())), fewer_than=5) == []


def test_names_and_addresses_are_only_in_table_people(sample):
    project, truth = sample
    [(people,)] = project.query("select count(display_name) from people")
    assert people > 100
    texts = {text.lower() for text in truth["emails"] + truth["names"]}
    for table in set(PUBLIC_TABLES) - {"people"}:
        values = {
            str(value).lower()
            for row in project.query(f"select * from {table}")
            for value in row
            if isinstance(value, str)
        }
        assert not values & texts, table
        assert not [value for value in values if "@example.com" in value], table


PLANS = {"PRO": (20, 1000), "PRO_PLUS": (40, 2000), "PRO_MAX": (100, 5000), "POWER": (200, 10000)}


def better_tier(tier, overage_enabled, overage_cap, bases):
    """The lower tier (with overage on, any other tier) that saves the most in the worst case."""

    def cost(name, credits):
        price, allowance = PLANS[name]
        return price + 0.04 * max(0, credits - allowance)

    def fits(name, credits):
        allowance = PLANS[name][1]
        within_cap = overage_enabled and credits - allowance <= overage_cap
        return credits <= 0.9 * allowance or within_cap

    savings = {
        name: min(cost(tier, credits) - cost(name, credits) for credits in bases)
        for name in PLANS
        if name != tier and all(fits(name, credits) for credits in bases)
    }
    best = max(savings, key=savings.get, default=None)
    return (best, savings[best]) if best and savings[best] >= 1 else None


def test_only_tier_changes_that_save_money_are_advised(sample):
    project, _ = sample
    last_months = ["2026-06-01", "2026-07-01", "2026-08-01"]
    used = {}
    for *seat, month, credits, days_blocked in project.query(
        "select account_id, profile_id, user_id, usage_month::varchar, credits_used::double,"
        " days_blocked from overage_monthly"
    ):
        used[(*seat, month)] = (credits, days_blocked)
    active_days = {
        tuple(seat): days
        for *seat, days in project.query(
            "select account_id, profile_id, user_id, count(*) from int_seat_days_aggregated"
            " where is_active and activity_date between '2026-06-01' and '2026-08-31' group by all"
        )
    }
    expected = {}
    for row in project.records(
        "select seats.*, risk.overage_enabled, risk.overage_cap::double as cap,"
        " forecast_credits_p50::double as p50, forecast_credits_p80::double as p80,"
        " summary.first_seen_date::varchar as first_seen from license_utilization as seats"
        " join overage_risk as risk using (account_id, profile_id, user_id)"
        " join int_seats_summarized as summary using (account_id, profile_id, user_id)"
    ):
        seat = (row["account_id"], row["profile_id"], row["user_id"])
        full = [month for month in last_months if month >= row["first_seen"]]
        months = [used.get((*seat, month), (0, 0)) for month in full]
        if row["seat_state"] in ("new", "blocked") or row["is_reclaimable"] or not months:
            continue
        credits = [month[0] for month in months]
        better = better_tier(
            row["subscription_tier"],
            row["overage_enabled"],
            row["cap"],
            [credits[-1], max(credits), row["p50"], row["p80"]],
        )
        if not better:
            continue
        is_downgrade = PLANS[better[0]][0] < PLANS[row["subscription_tier"]][0]
        was_blocked = any(month[1] >= 2 for month in months)
        saves_nothing = row["is_exempt"] or row["is_billed"] is False
        if is_downgrade and (len(full) < 2 or was_blocked or saves_nothing):
            continue
        is_seldom_used = active_days.get(seat, 0) < 10 and not was_blocked
        if not is_downgrade and (not row["overage_enabled"] or is_seldom_used):
            continue
        expected[seat] = (better[0], pytest.approx(better[1], abs=0.01))
    advised = {
        tuple(seat): (tier, savings)
        for *seat, tier, savings in project.query(
            "select account_id, profile_id, user_id, recommended_tier, monthly_savings_usd::double"
            " from recommended_actions where action in ('upgrade', 'downgrade')"
            " and monthly_savings_usd is not null"
        )
    }
    # Duplicate seats and cheaper models take precedence over a tier change.
    others = project.query(
        "select account_id, profile_id, user_id from recommended_actions"
        " where action in ('investigate', 'use_cheaper_model')"
    )
    for seat in others:
        expected.pop(seat, None)
    assert len(expected) > 5
    assert advised == expected


def test_savings_of_actions_match_the_savings_of_seats(sample):
    project, _ = sample
    assert project.query(
        "select sum(seats.monthly_savings_usd) = (select sum(monthly_savings_usd)"
        " from recommended_actions) from license_utilization as seats"
    ) == [(True,)]
    assert project.query(
        "select count(*) from license_utilization"
        " where is_reclaimable <> coalesce(recommended_action = 'reclaim', false)"
    ) == [(0,)]


def test_forecast_is_better_than_the_usual_methods(sample):
    """Ninety seats are a small sample; `make bench-forecast` covers every day on larger samples."""
    project, _ = sample
    days = (5, 10, 15, 20, 25)
    rows = project.records(f"select * from overage_forecast_accuracy where origin_day in {days}")
    assert {row["origin_day"] for row in rows} == set(days)
    assert min(row["forecasts"] for row in rows) > 100
    totals = {
        method: [
            sum(row[measure] for row in rows if row["method"] == method)
            for measure in ("wape", "brier_score")
        ]
        for method in ("forecast", "linear_pace", "last_month")
    }
    for method in ("linear_pace", "last_month"):
        assert totals["forecast"][0] < 0.9 * totals[method][0]
        assert totals["forecast"][1] < 0.8 * totals[method][1]
    coverage = [row["coverage_80"] for row in rows if row["method"] == "forecast"]
    assert min(coverage) > 0.7
    # Measured: up to 0.91 on these few seats. The cause of the wide ranges is not known yet.
    assert max(coverage) < 0.92


def test_outlook_matches_the_sum_of_the_seats(sample):
    project, _ = sample
    [(outlook, accounts, seats)] = project.query(
        "select (select expected_overage_usd from overage_outlook"
        " where account_id = '(all)' and team = '(all)'),"
        " (select sum(expected_overage_usd) from overage_outlook where account_id <> '(all)'),"
        " (select sum(expected_overage_usd) from overage_risk)"
    )
    assert float(outlook) == pytest.approx(float(seats), abs=0.01)
    assert float(accounts) == pytest.approx(float(seats), abs=0.02)


def test_move_from_one_model_to_another_is_detected(sample):
    project, truth = sample
    [seat] = story(truth, "moving from one model to another")
    dominant = project.query(
        "select usage_month::varchar, model from model_mix_monthly"
        f" where user_id = '{seat['user_id']}' and is_dominant_model order by usage_month"
    )
    assert dominant[-2:] == [("2026-08-01", "auto"), ("2026-09-01", "claude_haiku_4.5")]


def test_person_with_a_changed_address_keeps_the_latest_address(sample):
    project, truth = sample
    [seat] = story(truth, "changing email address")
    assert project.query(f"select user_email from people where user_id = '{seat['user_id']}'") == [
        ("new.name@example.com",)
    ]


def test_redelivered_and_superseded_files_are_counted_once(sample):
    project, truth = sample
    replaced = {
        (truth[kind]["activity_date"], truth[kind]["account_id"], truth[kind]["client"])
        for kind in ("superseded", "redelivered")
    }
    assert (
        set(
            project.query(
                "select activity_date::varchar, account_id, client_type from report_delivery"
                " where files > parts"
            )
        )
        == replaced
    )
    assert project.query(
        "select count(*) from report_delivery where files > parts and files <> 2 * parts"
    ) == [(0,)]


def test_only_the_planted_missing_delivery_has_status_missing(sample):
    project, truth = sample
    missing = truth["missing"]
    # Almost nobody worked on the May 1 holiday; in a small account, this looks like a lost file.
    assert project.query(
        "select activity_date::varchar, account_id, client_type from report_delivery"
        " where status = 'missing' and activity_date <> '2026-05-01'"
    ) == [(missing["activity_date"], missing["account_id"], missing["client"])]
    assert project.query(
        "select activity_date::varchar, account_id from adoption_daily"
        " where daily_active_users is null and activity_date >= '2026-09-01'"
    ) == [(missing["activity_date"], missing["account_id"])]


def test_legacy_report_is_read(sample):
    project, _ = sample
    reported = project.query(
        "select distinct feature from feature_acceptance_monthly where reported order by feature"
    )
    assert reported == [("inline",), ("inline_chat",)]
    assert project.query(
        "select count(*) from feature_acceptance_monthly where not acceptance_rate between 0 and 1"
    ) == [(0,)]


def test_nothing_was_rejected(sample):
    project, _ = sample
    assert project.query("select * from rejected_rows") == []


def test_second_build_changes_nothing_and_reads_no_file(sample):
    project, _ = sample
    before = project.tables()
    for path in project.reports.rglob("*.csv"):
        # Size and time are unchanged, but a build that read the new content would change numbers.
        status = path.stat()
        path.write_bytes(b"\xff" * status.st_size)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    project.run()
    after = project.tables()
    assert {name: after[name] == before[name] for name in PUBLIC_TABLES} == dict.fromkeys(
        PUBLIC_TABLES, True
    )


@pytest.mark.parametrize(
    "file", sorted((ROOT / "analyses").glob("*.sql")), ids=lambda file: file.stem
)
def test_analyses_run_in_the_duckdb_shell(sample, file):
    project, _ = sample
    shell = os.path.join(os.path.dirname(sys.executable), "duckdb")
    done = subprocess.run(
        [shell, "-readonly", "-bail", "-json", project.database, "-f", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    # Every question except the one about rejected rows has an answer in the sample.
    rows = json.loads(done.stdout or "[]")
    assert bool(rows) == (file.stem != "rejected_reasons")


def test_demo_answers_are_printed(sample):
    project, _ = sample
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/show_answers.py", "--database", project.database],
        capture_output=True,
        text=True,
        check=True,
    )
    # The seats in the monthly table: not pending, canceled or known to be unbilled.
    [(seats,)] = project.query(
        "select sum(seats)::int from license_utilization_monthly where usage_month = '2026-09-01'"
    )
    assert f"of {seats} seats were used in the last 30 days" in done.stdout
    assert done.stdout.count("\n") == 10


def test_unfinished_database_is_reported_with_instructions(tmp_path):
    database = tmp_path / "empty.duckdb"
    duckdb.connect(str(database)).close()
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/show_answers.py", "--database", database],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "run .venv/bin/dbt build" in done.stderr
    assert "Traceback" not in done.stderr


def test_estimated_credits_per_message_match_the_sample(sample):
    """A sample message costs 0.45 credits x its model's multiplier, in whole messages."""
    project, _ = sample
    estimates = project.records(
        "select * from model_credit_estimates"
        " where client_type = '(all)' and credits_per_message is not null"
    )
    assert len(estimates) >= 3
    for estimate in estimates:
        planted = 0.45 * estimate["credit_multiplier"]
        # Most auto messages come from a script and cost almost nothing.
        if estimate["model"] != "auto":
            assert estimate["credits_per_message"] == pytest.approx(planted, rel=0.1), estimate
        assert estimate["credits_per_message_p25"] <= 1.1 * planted, estimate
        assert estimate["credits_per_message_p75"] >= 0.9 * planted, estimate
