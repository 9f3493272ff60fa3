"""The dashboard's filters, compared with SQL, and the URL that stores them."""

import random

import pytest
from dashboard.reading import STATE_NAMES
from dashboard_page import (
    AS_OF,
    AT_RISK,
    BLOCKED,
    HELD,
    NUMBERS,
    UNKNOWN,
    UNUSED,
    USED,
    as_shown,
    figure,
    scope,
    value,
)

PLANS = {"FREE": "Free", "PRO": "Pro", "PRO_PLUS": "Pro+", "PRO_MAX": "Pro Max", "POWER": "Power"}


def test_url_stores_the_view(sample, browser, page):
    browser.open(page)
    account = value(sample, "select min(account_id) from license_utilization")
    browser.show("reclaim")
    browser.choose(account=account, plan="Pro", period="91")
    browser.script(
        "document.querySelector(`[data-table='reclaim'] th:nth-child(6) button`).click()"
    )
    address = browser.script("return location.href")
    rows, numbers = browser.rows("reclaim"), browser.numbers()
    assert rows
    browser.driver.get("about:blank")
    browser.driver.get(address)
    browser.wait_until_drawn()
    assert (browser.rows("reclaim"), browser.numbers()) == (rows, numbers)
    assert browser.find("[data-tab=seats]").is_displayed()
    assert not browser.find("[data-tab=overview]").is_displayed()
    assert browser.find("#period").get_attribute("value") == "91"
    # A link to another tab keeps the filters; invalid values in a URL are ignored.
    browser.show("spend")
    assert browser.find("#account").get_attribute("value") == account
    browser.driver.get("about:blank")
    browser.driver.get(f"{page.as_uri()}#nothing?account=<b>&plan=none&sort=reclaim.99.up&period=1")
    browser.wait_until_drawn()
    assert browser.find("[data-tab=overview]").is_displayed()
    assert browser.find("#account").get_attribute("value") == "(all)"
    assert browser.logs()[0] == []


def test_account_and_tier_filters_agree_with_sql(sample, opened):
    account, tier = sample.query(
        "select account_id, subscription_tier from license_utilization where is_reclaimable limit 1"
    )[0]
    opened.choose(account=account, plan=PLANS[tier])
    numbers = opened.numbers()
    where = f"account_id = '{account}' and subscription_tier = '{tier}'"
    for name, sql in {
        "reclaimable_seats": "select count(*) from license_utilization where is_reclaimable and",
        "reclaimable_cost_usd": "select sum(monthly_price_usd) from license_utilization"
        " where is_reclaimable and",
        "seats": f"select count(*) from license_utilization where {HELD} and",
        "overage_usd": "select coalesce(sum(expected_overage_usd), 0) from overage_risk where",
        "messages": "select sum(messages) from model_mix_daily"
        " where activity_date > {as_of} - 7 and",
    }.items():
        expected = value(sample, f"{sql} {where}")
        assert as_shown(expected, numbers[name]), f"{name} shows {numbers[name]}, not {expected}"
    # Ranges exist only per account: with a plan filter, the account's range is dimmed and labeled.
    expected = value(
        sample,
        f"select overage_p80_usd from overage_outlook where account_id = '{account}'",
    )
    assert as_shown(expected, numbers["overage_p80_usd"])
    assert scope(opened, "overage_p80_usd") == "Not filtered by plan"
    assert scope(opened, "overage_usd") == ""
    opened.clear()
    assert opened.numbers()["reclaimable_seats"] == str(value(sample, NUMBERS["reclaimable_seats"]))
    assert scope(opened, "overage_p80_usd") == ""


@pytest.mark.parametrize("seed", range(10))
def test_any_combination_of_filters_agrees_with_sql(sample, opened, seed):
    """Covers figures, lists and the ranking, for a random account, plan and team."""
    drawn = random.Random(seed)
    where, chosen = ["true"], {}
    for name, column in (
        ("account", "account_id"),
        ("plan", "subscription_tier"),
        ("team", "team"),
    ):
        table = "user_teams" if name == "team" else "license_utilization"
        choices = sample.query(
            f"select distinct {column} from {table} where {column} is not null order by 1"
        )
        choice = drawn.choice([None, *(choice for (choice,) in choices)])
        if choice is not None:
            of_team = f"user_id in (select user_id from user_teams where team = '{choice}')"
            where.append(of_team if name == "team" else f"{column} = '{choice}'")
            chosen[name] = PLANS[choice] if name == "plan" else choice
    of_choice = " and ".join(where)
    opened.choose(**chosen)
    shown = opened.numbers()
    seats = f"from license_utilization where {of_choice} and"
    risks = f"from overage_risk where {of_choice} and"
    for name, sql in {
        "seats": f"select count(*) {seats} {HELD}",
        "used_seats": f"select count(*) {seats} {HELD} and {USED}",
        "unused_seats": f"select count(*) {seats} {HELD} and {UNUSED}",
        "unknown_seats": f"select count(*) {seats} {HELD} and {UNKNOWN}",
        "reclaimable_seats": f"select count(*) {seats} is_reclaimable",
        "subscription_cost_usd": f"select sum(monthly_price_usd) {seats} {HELD}",
        "blocked_now_seats": f"""
            select count(*) {risks} risk_kind = 'blocked' and risk_band = 'breached'
        """,
        "blocked_or_likely_seats": f"""
            select count(*) {risks} risk_kind = 'blocked'
                and risk_band in ('breached', 'high', 'likely')
        """,
        "overage_usd": f"select sum(expected_overage_usd) {risks} true",
    }.items():
        expected = value(sample, sql)
        assert as_shown(expected, shown[name]), f"{chosen}: {name} {shown[name]}, not {expected}"
    for name, source in {
        "action_list": f"recommended_actions where {of_choice}",
        "reclaim": f"license_utilization where is_reclaimable and {of_choice}",
        "blocked": f"overage_risk where {BLOCKED} and {of_choice}",
        "at_risk": f"overage_risk where {AT_RISK} and {of_choice}",
    }.items():
        expected = value(sample, f"select count(*) from {source}")
        assert len(opened.rows(name)) == expected, f"{chosen}: {name}"
    assert sum(int(mark["Seats"]) for mark in opened.marks("states")) == value(
        sample, f"select count(*) from license_utilization where {of_choice}"
    )


def test_team_filter_agrees_with_sql_in_numbers_charts_and_lists(sample, opened):
    team = value(
        sample,
        "select team from license_utilization inner join user_teams"
        " on license_utilization.user_id = user_teams.user_id"
        " where is_reclaimable group by team order by count(*) desc limit 1",
    )
    opened.choose(team=team)
    numbers = opened.numbers()
    of_team = f"user_id in (select user_id from user_teams where team = '{team}')"
    reclaimable = value(
        sample, f"select count(*) from license_utilization where is_reclaimable and {of_team}"
    )
    assert numbers["reclaimable_seats"] == str(reclaimable)
    assert len(opened.rows("reclaim")) == reclaimable
    assert {row[3] for row in opened.rows("reclaim")} == {team}
    assert sum(int(mark["Seats"]) for mark in opened.marks("states")) == value(
        sample, f"select count(*) from license_utilization where {of_team}"
    )
    expected = value(
        sample, f"select expected_overage_usd from overage_outlook where team = '{team}'"
    )
    assert as_shown(expected, numbers["overage_usd"])
    assert [row[0] for row in opened.rows("team_list")] == [team]
    # Models are not reported per team, so the page shows a note.
    assert numbers["messages"] == f"{value(sample, NUMBERS['messages']):,}"
    assert scope(opened, "messages") == "Not filtered by team"


def test_filters_without_matching_seats_show_a_message(changed, browser):
    account = "000000000000"
    browser.open(
        changed(
            f"""
            insert into license_utilization
            select * replace ('{account}' as account_id, 'PRO' as subscription_tier)
            from license_utilization limit 1
            """
        )
    )
    browser.choose(account=account, plan="Power")
    assert browser.numbers()["answer_grown"] == "Nothing matches the filters."
    assert browser.numbers()["seats"] == "0"
    assert browser.numbers()["month_cost_usd"] == "–"


def test_team_filter_is_hidden_without_a_list_of_teams(changed, browser):
    for change in ("delete from user_teams", "drop table user_teams"):
        browser.open(changed(change))
        assert browser.logs()[0] == []
        assert browser.script("return document.querySelector('#team')") is None
        browser.choose(plan="Pro")
        assert {row[2] for row in browser.rows("reclaim")} == {"Pro"}


def test_accounts_and_teams_beyond_the_limit_share_one_choice(changed, browser):
    page = changed(
        "update user_teams set team = 'team ' || substr(user_id, 1, 2)",
        "update license_utilization set account_id = substr(user_id, 1, 2)",
        "delete from headline_figures where figure in ('seats', 'reclaimable_seats')",
        *(
            f"""
            insert into headline_figures (
                account_id, figure, subscription_tier, team, unit, value, period_end_date
            )
            select
                coalesce(account_id, '(all)'), '{name}', '(all)', coalesce(team, '(all)'), 'seats',
                count(*) filter (where {where}), {AS_OF}
            from license_utilization inner join user_teams
                on license_utilization.user_id = user_teams.user_id
            group by cube (account_id, team)
            """
            for name, where in (("seats", HELD), ("reclaimable_seats", "is_reclaimable"))
        ),
    )
    browser.open(page)
    assert browser.logs()[0] == []
    seats = 0
    for choice in browser.script(
        "return [...document.querySelectorAll('#team option')].map((option) => option.value)"
    )[1:]:
        browser.choose(team=choice)
        seats += int(figure(browser.numbers()["seats"]))
    browser.clear()
    assert seats == figure(browser.numbers()["seats"])
    browser.choose(team="(other teams)", account="(other accounts)")
    assert len(browser.rows("reclaim")) == figure(browser.numbers()["reclaimable_seats"])


def test_ranges_cover_all_accounts_or_the_chosen_account(sample, opened):
    def costs() -> list[float]:
        return sorted(figure(mark["Overage"]) for mark in opened.marks("overage_months"))

    sql = """
        select sum(overage_cost_usd) as cost_usd from overage_monthly
        where {where} and usage_month < date_trunc('month', {as_of}) group by usage_month
        union all
        select overage_to_date_usd from overage_outlook
        where team = '(all)' and account_id = '{account}'
        union all
        select overage_to_date_usd from overage_outlook
        where team = '(all)' and account_id = '{account}'
        order by 1
    """
    account = value(sample, "select min(account_id) from license_utilization")
    for choice, where in (("(all)", "true"), (account, f"account_id = '{account}'")):
        opened.choose(account=choice)
        expected = sample.query(sql.format(where=where, account=choice, as_of=AS_OF))
        # This month has two bars: charged so far and expected.
        assert costs() == pytest.approx([float(cost) for (cost,) in expected], abs=0.01)


def test_filtered_charts_agree_with_sql(sample, opened):
    account, tier = sample.query(
        "select account_id, subscription_tier from license_utilization"
        " where seat_state = 'active' limit 1"
    )[0]

    def shown() -> dict:
        seats = {}
        for mark in opened.marks("states"):
            state = mark["seat_state"]
            seats[state] = seats.get(state, 0) + int(mark["Seats"].replace(",", ""))
        return seats

    sql = "select seat_state, count(*) from license_utilization {} group by all"

    def expected(where: str) -> dict:
        return {
            STATE_NAMES.get(state, state): seats for state, seats in sample.query(sql.format(where))
        }

    assert shown() == expected("")
    opened.choose(account=account, plan=PLANS[tier])
    where = f"where account_id = '{account}' and subscription_tier = '{tier}'"
    assert shown() == expected(where)


def test_period_filters_charts_and_dated_lists(sample, opened):
    months = len(opened.marks("overage_months"))
    bills = len(opened.rows("bill"))
    opened.choose(period="28")
    assert 0 < len(opened.marks("overage_months")) < months
    first_month = f"date_trunc('month', {AS_OF} - 27)"
    assert len(opened.rows("bill")) == value(
        sample, f"select count(*) from bill_reconciliation where usage_month >= {first_month}"
    )
    assert len(opened.rows("bill")) < bills
