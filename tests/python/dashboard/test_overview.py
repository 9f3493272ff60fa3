"""The dashboard's first tab."""

from urllib.parse import parse_qs

from dashboard.reading import ACTIONS
from dashboard_page import (
    AS_OF,
    BUDGETS,
    COST,
    EXPECTED,
    HELD,
    NUMBERS,
    OF_ALL,
    UNKNOWN,
    UNUSED,
    USED,
    figure,
    value,
)


def test_overview_cards_agree_with_the_tables(sample, opened):
    def card(name: str, part: str) -> str:
        place = f"//dd[@data-number='{name}']/../dd[@class='{part}']"
        return opened.driver.find_element("xpath", place).get_attribute("textContent")

    used, unused, new, seats, unknown_cost = sample.query(
        f"select count(*) filter (where {USED}), count(*) filter (where {UNUSED}),"
        " count(*) filter (where seat_state = 'new'), count(*),"
        f" sum(monthly_price_usd) filter (where {UNKNOWN})"
        f" from license_utilization where {HELD}"
    )[0]
    assert card("used_share", "detail") == f"{used} of {seats} seats"
    assert card("used_share", "certainty") == f"{new} more are too new to judge."
    assert card("unused_cost_usd", "detail") == f"{unused} unused seats"
    saved = value(sample, NUMBERS["reclaimable_cost_usd"])
    reclaimable = value(sample, NUMBERS["reclaimable_seats"])
    assert unknown_cost > 0
    assert card("unused_cost_usd", "certainty") == (
        f"${saved:,.0f} of it can be reclaimed ({reclaimable} seats)."
        f" Not included: ${unknown_cost:,.0f} for seats whose use is unknown."
    )
    now, soon, later = (
        value(sample, NUMBERS[f"blocked_{when}_seats"])
        for when in ("now", "within_7_days", "later")
    )
    week_ahead = value(sample, "select {as_of} + 7")
    assert card("blocked_or_likely_seats", "detail") == (
        f"{now} blocked, {soon} by {week_ahead.day} {week_ahead:%b}"
    )
    assert card("blocked_or_likely_seats", "certainty").startswith(f"{later} more are likely")
    p80 = value(sample, f"select {COST} + overage_p80_usd from overage_outlook where {OF_ALL}")
    left = BUDGETS["all"] - float(value(sample, f"select {EXPECTED.replace('{team}', '(all)')}"))
    overage = value(sample, f"select expected_overage_usd from overage_outlook where {OF_ALL}")
    assert card("month_cost_usd", "detail") == f"${left:,.0f} under budget"
    assert card("month_cost_usd", "certainty") == (
        f"Includes ${overage:,.0f} of overage. 80 % chance of staying below ${p80:,.0f}."
        " Budget: $5,000."
    )
    month = value(sample, "select date_trunc('month', {as_of}) - interval 1 day")
    before = value(
        sample,
        "select sum(subscription_cost_usd) from seat_states_monthly"
        " where usage_month = date_trunc('month', date_trunc('month', {as_of}) - interval 1 day)",
    )
    change = value(sample, NUMBERS["subscription_cost_usd"]) - before
    assert card("subscription_cost_usd", "change").startswith(
        f"{'+' if change > 0 else '−'}${abs(change):,.0f} ("
    )
    assert card("subscription_cost_usd", "change").endswith(f" from {month:%B}")


def test_budget_that_does_not_match_the_filters_is_explained(opened):
    detail = "//dd[@data-number='month_cost_usd']/../dd[@class='detail']"
    opened.choose(plan="Pro")
    said = opened.driver.find_element("xpath", detail).get_attribute("textContent")
    assert said == "budgets are set by team"


def test_seat_total_is_right_for_every_filter_choice(opened):
    for choice in ({}, {"plan": "Pro"}, {"plan": "Power"}, {"plan": "(all)", "team": "Platform"}):
        opened.choose(**choice)
        shown = opened.numbers()
        parts = ("used_seats", "unused_seats", "unknown_seats", "new_seats", "pending_seats")
        assert figure(shown["listed_seats"]) == sum(figure(shown[part]) for part in parts)
        widths = opened.script(
            "return [...document.querySelectorAll('.bars span')]"
            ".map((bar) => Number(bar.style.flexGrow))"
        )
        assert widths == [figure(shown[part]) for part in parts]


def test_most_valuable_actions_match_the_tables(sample, opened):
    def ranked(where: str) -> list[list[str]]:
        rows = sample.query(
            "select action, count(*), coalesce(sum(monthly_savings_usd), 0),"
            " coalesce(sum(monthly_cost_usd), 0)"
            f" from recommended_actions where {where} group by action"
        )
        return [
            [ACTIONS[action], f"{seats:,}", *(f"${usd:,.0f}" for usd in amounts)]
            for action, seats, *amounts in sorted(rows, key=lambda row: (-row[2], ACTIONS[row[0]]))
        ]

    def shown() -> list[list[str]]:
        return opened.script(
            "return [...document.querySelectorAll('[data-ranking] tbody tr')]"
            ".map((row) => [0, 1, 2, 3].map((at) => row.cells[at].textContent))"
        )

    def total(where: str) -> str:
        saved, cost = sample.query(
            "select sum(monthly_savings_usd), sum(monthly_cost_usd) from recommended_actions"
            f" where {where}"
        )[0]
        return f"Together, they save ${saved:,.0f} and cost ${cost or 0:,.0f} per month."

    assert len(shown()) > 2
    assert shown() == ranked("true")
    assert total("true") in opened.find("[data-ranking] .note").text
    opened.choose(plan="Pro+")
    assert shown() == ranked("subscription_tier = 'PRO_PLUS'")
    assert total("subscription_tier = 'PRO_PLUS'") in opened.find("[data-ranking] .note").text


def test_action_filters_its_seats_and_clear_shows_all_seats(sample, opened):
    account = value(sample, "select account_id from recommended_actions group by 1 order by 1")
    for number in range(2):
        opened.show("overview")
        opened.choose(account=account)
        link = opened.driver.find_elements("css selector", "[data-ranking] tbody a")[number]
        action, row = link.text, link.find_element("xpath", "ancestor::tr")
        seats = int(row.find_elements("tag name", "td")[1].text)
        link.click()
        opened.wait_until_drawn()
        assert opened.find("#action_list").is_displayed()
        rows = opened.rows("action_list")
        assert len(rows) == seats
        assert {(row[1], row[4].partition(":")[0]) for row in rows} == {(account, action)}
    # Anyone who opens the URL sees the same page.
    address = opened.script("return location.href")
    opened.driver.get("about:blank")
    opened.driver.get(address)
    opened.wait_until_drawn()
    assert opened.rows("action_list") == rows
    opened.clear()
    assert len(opened.rows("action_list")) == value(
        sample, "select count(*) from recommended_actions"
    )


def test_trends_show_monthly_values(sample, opened):
    months = sample.query(
        "select usage_month, sum(subscription_cost_usd) from seat_states_monthly"
        f" where usage_month < date_trunc('month', {AS_OF}) group by all order by 1"
    )
    said = "[data-trend='subscription_cost_usd'] svg"
    shown = opened.find(said).get_attribute("aria-label").split(", ")
    assert shown[:-1] == [f"{month:%b %Y}: {cost:,.0f}" for month, cost in months]
    opened.choose(team="Platform")
    assert "The Teams tab" in opened.text("[data-trend='subscription_cost_usd']")


def test_the_overview_fits_one_screen(browser, page):
    browser.open(page)
    bottom = browser.script(
        "return document.querySelector('[data-tab=overview] .fresh').getBoundingClientRect().bottom"
    )
    assert bottom <= 900


def test_alert_opens_the_list_for_its_account(opened):
    alerts = opened.script(
        "return [...document.querySelectorAll('#alerts tbody tr')]"
        ".map((row) => [row.cells[0].textContent, row.querySelector('a').hash])"
    )
    assert {account == "(all)" for account, _ in alerts} == {True, False}
    for account, address in alerts:
        place, _, choice = address.removeprefix("#").partition("?")
        chosen = parse_qs(choice)
        assert chosen.get("account", ["(all)"]) == [account]
        opened.script("document.querySelector('#action_list [type=search]').value = 'Reclaim'")
        opened.script(f"location.hash = '{address}'")
        opened.wait_until_drawn()
        assert opened.find(f"#{place}").is_displayed()
        for name, [value_chosen] in chosen.items():
            assert opened.find(f"#{name}").get_attribute("value") == value_chosen
        # The link shows its list in full, regardless of an earlier search.
        searched = opened.find("#action_list [type=search]").get_attribute("value")
        assert searched == ("Reclaim" if choice == "" else "")
    assert any("team=" in address for _, address in alerts)
