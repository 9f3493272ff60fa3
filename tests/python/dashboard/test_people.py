"""A person's panel on the dashboard, and how people are shown."""

from dashboard.reading import STATE_NAMES
from dashboard_page import AS_OF, as_shown, value, written
from selenium.webdriver.common.keys import Keys


def test_list_row_opens_the_person(sample, opened):
    """Uses only the keyboard; the panel agrees with the tables."""
    user, account, profile = sample.query(
        "select user_id, account_id, profile_id from recommended_actions"
        " order by monthly_savings_usd desc nulls last, monthly_cost_usd desc nulls last,"
        " user_id, account_id, profile_id limit 1"
    )[0]
    of_seat = f"user_id = '{user}' and account_id = '{account}' and profile_id = '{profile}'"
    opened.show("action_list")
    button = opened.find("#action_list .person")
    button.send_keys(Keys.ENTER)
    panel = opened.find("#person")
    assert panel.is_displayed()
    assert opened.text("#person h2") == f"{user[:8]}…"
    assert opened.violations() == []

    def terms(place: str) -> dict[str, str]:
        return dict(
            opened.script(
                "return [...document.querySelectorAll(`#person ${arguments[0]} dt`)]"
                ".map((term) => [term.textContent, term.nextElementSibling.textContent])",
                place,
            )
        )

    state, price, cost = sample.query(
        "select seat_state, monthly_price_usd, inactivity_cost_usd"
        f" from license_utilization where {of_seat}"
    )[0]
    assert terms(".facts")["State"] == STATE_NAMES.get(state, state)
    assert terms(".facts")["Price per month"] == f"${price:,.0f}"
    assert as_shown(cost, terms(".facts")["Cost since last used"])
    confirmed, missing = sample.query(
        f"select confirmed_by, missing_sources from recommended_actions where {of_seat}"
    )[0]
    assert terms(".advice")["Confirmed by"] == (confirmed or "the reports only")
    assert terms(".advice")["Not confirmed by"] == (missing or "–")
    days = value(
        sample,
        f"select count(*) from seat_usage_daily where {of_seat} and credits_used > 0"
        " and activity_date > {as_of} - 92",
    )
    assert len(opened.script("return [...document.querySelectorAll('#person rect')]")) == days
    months = sample.query(
        "select strftime(usage_month, '%b %Y'), seat_state, credits_used"
        f" from (from seat_state_history where {of_seat})"
        f" full join (from overage_monthly where {of_seat}) using (usage_month)"
        " order by usage_month desc"
    )
    assert len(months) > 2
    shown = opened.script(
        "return [...document.querySelectorAll('#person tbody tr')]"
        ".map((row) => [0, 1, 3].map((cell) => row.cells[cell].textContent))"
    )
    assert shown == [
        [
            month,
            STATE_NAMES.get(state, state) or "–",
            "–" if credits is None else f"{credits:,.0f}",
        ]
        for month, state, credits in months
    ]
    clients = sample.query(
        f"select clients, count(*) from seat_usage_daily where {of_seat} and clients > 0"
        f" and activity_date > {AS_OF} - 92 group by clients order by clients"
    )
    assert terms(".facts")["Clients a day"] == (
        ", ".join(f"{n} client{'s'[: n > 1]} on {days} day{'s'[: days > 1]}" for n, days in clients)
        or "none in 92 days"
    )
    coverage = value(sample, f"select coverage_30 from license_utilization where {of_seat}")
    assert ("for the last 30 days arrived" in terms(".advice")["Reasons against"]) == (coverage < 1)
    assert not opened.find("#person .id").is_displayed()
    panel.send_keys(Keys.ESCAPE)
    assert not panel.is_displayed()
    assert opened.script("return document.activeElement === arguments[0]", button)


def test_use_above_the_new_allowance_speaks_against_the_advice(sample, changed, browser):
    page = changed(
        "update recommended_actions set recommended_allowance_credits = 10"
        " where action = 'downgrade'",
        "update overage_risk set forecast_credits_p90 = 1234",
        "update overage_monthly set credits_used = 4321"
        f" where usage_month = date_trunc('month', {AS_OF}) - interval 2 month",
    )
    browser.open(page)
    browser.show("action_list")
    browser.script(
        "[...document.querySelectorAll('#action_list tbody tr')]"
        ".find((row) => row.cells[4].textContent.startsWith('Move to a cheaper'))"
        ".querySelector('.person').click()"
    )
    month = value(sample, "select date_trunc('month', {as_of}) - interval 2 month")
    assert "1,234 credits or more" in browser.text("#person .advice")
    assert f"{month:%b %Y} took 4,321 credits" in browser.text("#person .advice")
    assert " includes 10" in browser.text("#person .advice")


def test_panel_shows_the_whole_id_when_people_are_shown(sample, changed, browser):
    page = changed(options=("--show-people",))
    browser.open(page)
    browser.show("action_list")
    browser.script("document.querySelector('#action_list .person').click()")
    user = browser.text("#person code")
    assert value(sample, f"select count(*) from recommended_actions where user_id = '{user}'")
    browser.script("document.querySelector('#person .copy').click()")
    assert browser.script("return getSelection().toString()") == user
    assert browser.logs()[0] == []


def test_people_are_masked_unless_requested(sample, page):
    html = page.read_text(encoding="utf-8")
    people = sample.query("select user_id, user_email, display_name from people")
    assert len(people) > 50
    for user, email, name in people:
        assert user not in html
        assert email not in html
        assert name is None or name not in html
    assert not (page.parent / "tables/people.csv").exists()


def test_people_are_shown_on_request_and_hidden_afterward(sample, tmp_path):
    shown = written(sample.database, tmp_path, "--show-people").read_text(encoding="utf-8")
    person = sample.query(
        "select coalesce(display_name, user_email) from people"
        " inner join recommended_actions on people.user_id = recommended_actions.user_id limit 1"
    )[0][0]
    assert person in shown
    assert "This page shows people's names and email addresses." in shown
    assert (tmp_path / "dashboard/tables/people.csv").exists()
    assert person not in written(sample.database, tmp_path).read_text(encoding="utf-8")
    assert not (tmp_path / "dashboard/tables/people.csv").exists()
    assert not (tmp_path / "dashboard/tables/people.parquet").exists()
