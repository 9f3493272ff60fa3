"""The dashboard's figures, charts and lists, compared with SQL."""

import json
import re
from pathlib import Path

import duckdb
import pytest
from dashboard.sections.answers import CERTAINTY
from dashboard_page import (
    AS_OF,
    AT_RISK,
    BLOCKED,
    HELD,
    NUMBERS,
    THIS_MONTH,
    UNKNOWN,
    UNUSED,
    as_shown,
    figure,
    value,
)
from projects import ROOT

WINDOW = "activity_date > {as_of} - 371"
FEATURES = """
    from feature_acceptance_monthly where reported and acceptance_rate is not null and feature in (
        select feature from feature_acceptance_monthly where acceptance_rate is not null
        group by feature order by sum(shown) desc, feature limit 10
    )
"""
AHEAD = "from overage_outlook_daily where activity_date > as_of_date"
ESTIMATES = (
    "from model_credit_estimates where client_type = '(all)' and credits_per_message is not null"
)
CLIENTS = "from client_overlap_monthly where client_type"
EXHAUSTED = "from overage_risk where exhaustion_date is not null"
# The sum of each chart's rows, from a separate query.
CHARTS = {
    "actions": ("seats", "select count(*) from recommended_actions"),
    "states": ("seats", "select count(*) from license_utilization"),
    "state_months": ("seats", "select sum(seats) from license_utilization_monthly"),
    "overage_fan": (
        "overage_p80_usd",
        f"""
        select (select sum(overage_p80_usd) {AHEAD})
            + (select sum(overage_to_date_usd) from overage_outlook where team = '(all)')
    """,
    ),
    "overage_months": (
        "overage_cost_usd",
        """
        select 2 * (select sum(overage_cost_usd) from overage_monthly
                    where usage_month < date_trunc('month', {as_of}))
            + (select sum(overage_to_date_usd) from overage_outlook where team = '(all)')
    """,
    ),
    "exhaustion": ("seats", f"select count(*) {EXHAUSTED} and risk_kind is not null"),
    "accuracy": ("wape", "select sum(wape) from overage_forecast_accuracy"),
    "model_weeks": ("messages", f"select sum(messages) from model_mix_daily where {WINDOW}"),
    "kinds": ("messages", f"select sum(messages) from model_mix_daily where {WINDOW}"),
    **dict.fromkeys(
        ("models_by_client", "models_by_tier"),
        (
            "messages",
            "select sum(messages) from model_mix_daily where activity_date > {as_of} - 28",
        ),
    ),
    "estimates": ("credits_per_message_p75", f"select sum(credits_per_message_p75) {ESTIMATES}"),
    "active_users": (
        "weekly",
        f"select sum(weekly_active_users) from adoption_daily where {WINDOW}",
    ),
    "new_users": ("new_users", f"select sum(new_users) from adoption_daily where {WINDOW}"),
    "client_mix": ("messages", f"select sum(messages) from model_mix_daily where {WINDOW}"),
    "clients_per_user": ("users", f"select sum(users) {CLIENTS} = '(any)'"),
    "client_overlap": (
        "users",
        f"select sum(users) {CLIENTS} <> '(any)' and usage_month = date_trunc('month', {{as_of}})",
    ),
    "retention": ("retained_users", "select sum(retained_users) from retention_weekly"),
    "cost_months": ("subscriptions", "select sum(subscription_cost_usd) from chargeback_monthly"),
    "acceptance": ("shown", f"select sum(shown) {FEATURES}"),
    "matrix": (
        "deliveries",
        "select count(*) from report_delivery where activity_date > {as_of} - 91",
    ),
}
# The number of rows in each list, and the sum of one of its columns.
LISTS = {
    "action_list": ("Saves", "sum(monthly_savings_usd)", "recommended_actions"),
    "alerts": (None, None, "usage_alerts"),
    "reclaim": (
        "Saves per month",
        "sum(monthly_savings_usd)",
        "license_utilization where is_reclaimable",
    ),
    "kept": (
        "Price per month",
        "sum(monthly_price_usd)",
        f"license_utilization where {HELD} and {UNUSED} and not is_reclaimable",
    ),
    "unknown": (
        "Price per month",
        "sum(monthly_price_usd)",
        f"license_utilization where {HELD} and {UNKNOWN}",
    ),
    "tiers": (
        "Subscriptions",
        "sum(subscription_cost_usd)",
        f"license_utilization_monthly where {THIS_MONTH}",
    ),
    "blocked": ("Allowance", "sum(monthly_allowance)", f"overage_risk where {BLOCKED}"),
    "what_if": (
        "Unmet credits",
        "sum(unmet_credits)",
        "overage_what_if where team = '(all)'",
    ),
    "at_risk": ("Expected overage", "sum(expected_overage_usd)", f"overage_risk where {AT_RISK}"),
    "accuracy_list": ("Brier score", "sum(brier_score)", "overage_forecast_accuracy"),
    "reliability": ("Forecasts", "sum(forecasts)", "overage_forecast_reliability"),
    "moves": (
        "Messages",
        "sum(messages) filter (where activity_date > {as_of} - 28)",
        "model_mix_daily",
        "count(distinct model)",
    ),
    "estimate_list": (
        "Estimate",
        "sum(credits_per_message)",
        "model_credit_estimates where credits_per_message is not null",
    ),
    "team_list": (
        "Charged so far",
        "sum(subscription_cost_usd + overage_cost_usd)",
        f"team_utilization_monthly where {THIS_MONTH}",
    ),
    "team_use": ("People", "sum(people)", f"team_utilization_monthly where {THIS_MONTH}"),
    "team_months": ("Total", "sum(total_cost_usd)", "team_utilization_monthly"),
    "team_outlook": (
        "Expected",
        "sum(expected_overage_usd)",
        "overage_outlook where team <> '(all)'",
    ),
    "chargeback": ("Total", "sum(total_cost_usd)", "chargeback_monthly"),
    "bill": ("Bill", "sum(billed_total_cost_usd)", "bill_reconciliation"),
    "features": ("Accepted", "sum(accepted)", "feature_acceptance_monthly where reported"),
    "missing_list": (
        "Files",
        "sum(files)",
        "report_delivery where status in ('missing', 'rejected')",
    ),
    "rejected_list": (None, None, "rejected_rows"),
    "unknown_values": (
        None,
        None,
        "model_mix_daily where model_kind is null and model <> '(unattributed)'",
        "count(distinct model)",
    ),
    "findings": (
        "How many",
        "sum(affected)",
        "data_quality_findings",
        "count(distinct (finding, source, account_id))",
    ),
    "settings": (None, None, "report_settings"),
}
# Days are not figures, and sentences have their own tests.
WORDS = {
    "last_delivered_at",
    "last_day",
    "answer_grown",
    "answer_trusted",
    "answer_certainty",
    "month_models",
    "month_teams",
    "week_compared",
    "week_models",
    "week_teams",
}


def test_chart_days_match_the_tables(sample, opened):
    """Another test compares all time zones, so this test checks a single time zone."""
    shown = {mark["Day"] for mark in opened.marks("exhaustion")}
    days = sample.query(f"select distinct exhaustion_date {EXHAUSTED} and risk_kind is not null")
    assert shown == {f"{day.day} {day:%b %Y}" for (day,) in days}
    months = {mark["Month"] for mark in opened.marks("cost_months")}
    days = sample.query("select distinct usage_month from chargeback_monthly")
    assert months == {f"{month:%b %Y}" for (month,) in days}
    # One bar per day with data, and no other bars.
    places = opened.script(
        "return [...document.querySelectorAll(`#chart-exhaustion "
        "[role='graphics-symbol'][aria-roledescription='bar']`)]"
        ".map((mark) => Math.round(mark.getBoundingClientRect().x))"
    )
    assert len(set(places)) == len(shown)


def test_no_chart_has_more_than_ten_named_series(sample, changed, browser):
    names = ", ".join(f"'model_{number}'" for number in range(30))
    page = changed(
        "insert into model_mix_daily select mix.* replace (name as model) "
        f"from model_mix_daily as mix cross join (select unnest([{names}]) as name) "
        "where mix.model = 'auto'"
    )
    browser.open(page)
    browser.show("models")
    legends = browser.script(
        "return [...document.querySelectorAll('.plot')].map((plot) => "
        "plot.querySelectorAll('.mark-text.role-legend-label text').length)"
    )
    # Nine models, the rest combined, and messages without a model.
    assert max(legends) <= 11
    assert "(other models)" in browser.text("#chart-model_weeks")


@pytest.mark.parametrize("name", NUMBERS)
def test_number_equals_sql(sample, page, browser, name):
    if not browser.driver.current_url.startswith(page.as_uri()):
        browser.open(page)
    shown = browser.text(f"[data-number='{name}']")
    expected = value(sample, NUMBERS[name])
    assert as_shown(expected, shown), f"{name} shows {shown}, SQL says {expected}"


def behind(page: Path, chart: str) -> list[dict]:
    """Return a chart's rows in the page data."""
    html = page.read_text(encoding="utf-8")
    data = json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', html)[1]
    )
    columns = data["datasets"][data["charts"][chart]["dataset"]]
    values = [
        packed if isinstance(packed, list) else [packed["words"][word] for word in packed["rows"]]
        for packed in columns.values()
    ]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


@pytest.mark.parametrize("name", CHARTS)
def test_chart_equals_sql(sample, page, name):
    column, sql = CHARTS[name]
    shown = sum(row[column] or 0 for row in behind(page, name))
    assert shown > 0
    assert shown == pytest.approx(float(value(sample, sql)), rel=1e-6)


@pytest.mark.parametrize("name", LISTS)
def test_list_equals_sql(sample, page, browser, name):
    if not browser.driver.current_url.startswith(page.as_uri()):
        browser.open(page)
    label, measure, source, *counted = LISTS[name]
    rows = browser.rows(name)
    total = value(sample, f"select {counted[0] if counted else 'count(*)'} from {source}")
    assert len(rows) == min(total, 1000)
    if label is None or not rows or total > 1000:
        return
    heads = browser.script(
        "return [...document.querySelectorAll(`[data-table='${arguments[0]}'] th`)]"
        ".map((head) => head.textContent)",
        name,
    )
    texts = [row[heads.index(label)] for row in rows]
    decimals = max(
        len(text.rstrip(" %").rpartition(".")[2]) if "." in text else 0 for text in texts
    )
    assert sum(figure(text) or 0 for text in texts) == pytest.approx(
        float(value(sample, f"select {measure} from {source}") or 0),
        abs=0.5 * 10**-decimals * len(rows) + 1e-9,
    )


def test_every_block_is_placed_by_its_template():
    from dashboard.blocks import Numbers, Trends
    from dashboard.charts import Colors
    from dashboard.sections import SECTIONS

    for module in SECTIONS:
        section = module.section(Colors({}, {}, {}))
        templates = ROOT / "scripts/dashboard/templates/sections"
        template = (templates / f"{section.name}.html.j2").read_text()
        for block in section.blocks:
            # Trends appear on other blocks' cards.
            if isinstance(block, Trends):
                continue
            for part in block.numbers if isinstance(block, Numbers) else [block]:
                assert re.search(rf"blocks\.{part.name}\b", template), part.name


def test_every_chart_and_list_is_compared_with_a_query(opened):
    charts, lists = opened.script(
        "return ['chart', 'table'].map((kind) => "
        "[...document.querySelectorAll(`[data-${kind}]`)].map((card) => card.dataset[kind]))"
    )
    assert set(charts) == set(CHARTS)
    assert set(lists) == set(LISTS)


def test_every_number_is_compared_with_a_query(opened):
    assert set(opened.numbers()) == set(NUMBERS) | WORDS


def test_every_number_shows_its_window_and_definition(opened):
    silent = opened.script(
        "return [...document.querySelectorAll('.number')].filter((number) => {"
        "const info = number.querySelector('.info');"
        "const definition = document.getElementById(info.getAttribute('aria-describedby'));"
        "return definition.textContent.trim().length < 30 ||"
        "(number.closest('.numbers') && !number.querySelector('.window').textContent.trim());"
        "}).map((number) => number.textContent)"
    )
    assert silent == []
    silent = opened.script(
        "return [...document.querySelectorAll('.card:not(.whole)')].filter((card) => "
        "card.querySelector('.definition').textContent.trim().length < 40 ||"
        "!card.querySelector('.window').textContent.trim()"
        ").map((card) => card.id)"
    )
    assert silent == []


def test_answer_mentions_the_fastest_growing_model(sample, opened):
    numbers = opened.numbers()
    model, share, before = sample.query(
        f"""
        with windows as (
            select
                model,
                sum(messages) filter (where activity_date > {AS_OF} - 28) as now,
                sum(messages) filter (where activity_date <= {AS_OF} - 28) as before
            from model_mix_daily where activity_date > {AS_OF} - 56
            group by model
        )
        select
            model,
            100 * coalesce(now, 0) / sum(now) over () as share,
            100 * coalesce(before, 0) / sum(before) over () as share_before
        from windows
        order by share - share_before desc
        limit 1
        """
    )[0]
    assert numbers["answer_grown"].startswith(
        f"{model} grew the most in 28 days, by {share - before:.1f} points, "
        f"from {before:.1f} % to {share:.1f} % of messages. "
    )


def test_growing_model_has_estimated_or_unknown_credits(sample, changed, browser):
    browser.open(changed("update model_credit_estimates set credits_per_message = null"))
    answer = browser.numbers()["answer_grown"]
    assert answer.endswith("of messages. Its credits cannot be estimated yet.")
    model = answer.partition(" ")[0]
    messages, credits, price = sample.query(
        f"""
        select
            (select sum(messages) from model_mix_daily
             where model = '{model}' and activity_date > {AS_OF} - 28),
            (select sum(credits_used) from usage_daily where activity_date > {AS_OF} - 28),
            (select sum(overage_cost_usd) / sum(overage_credits_used) from overage_monthly
             where overage_cost_usd > 0)
        """
    )[0]
    browser.open(changed("update model_credit_estimates set credits_per_message = 0.5"))
    assert browser.numbers()["answer_grown"].endswith(
        f" It used about {messages / 2:,.0f} of {credits:,.0f} credits (estimate: 0.50 per message)"
        f"; if all were overage, they would cost ${messages / 2 * price:,.0f}."
    )


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ((), r"Yes: every report file for the last 30 days arrived\."),
        (
            (
                f"update report_delivery set status = 'missing' where activity_date = {AS_OF} - 3"
                " and client_type = 'KIRO_CLI' and account_id = "
                "(select min(account_id) from license_utilization)",
                "update report_delivery set rejected_rows = 1"
                f" where activity_date = {AS_OF} - 5 and client_type = 'KIRO_CLI' and account_id = "
                "(select min(account_id) from license_utilization)",
            ),
            r"Yes, with exceptions: 1 of \d+ report files for the last 30 days is missing; "
            r"1 row was rejected\.",
        ),
        (
            (f"update report_delivery set status = 'missing' where activity_date > {AS_OF} - 5",),
            r"Only in part: \d+ of \d+ report files for the last 30 days are missing; "
            r"too few arrived for advice on unused seats\.",
        ),
    ],
)
def test_answer_states_whether_the_numbers_are_reliable(changed, browser, changes, answer):
    browser.open(changed("delete from data_quality_findings", *changes))
    assert re.fullmatch(answer, browser.numbers()["answer_trusted"])


def test_days_to_first_use_cover_the_chosen_seats(changed, browser):
    page = changed(
        "update license_utilization set days_to_first_use = case account_id"
        " when (select min(account_id) from license_utilization) then 4 else 9 end"
    )
    browser.open(page)
    accounts = sorted({row[0] for row in browser.rows("tiers")})
    for account, days in zip(accounts, ("4", "9"), strict=True):
        browser.choose(account=account)
        assert browser.numbers()["median_days_to_first_use"] == days


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "Not known yet: no month with a forecast has ended"),
        ([(15, 0, None, None, None)], "Not known yet: in past months, overage was neither"),
        ([(15, 2, 0.1, 0.1, 1)], "Too early to say: this takes at least three past"),
        ([(15, 3, None, None, 1)], "Overage was expected in 3 past account months, and none was"),
        (
            [(15, 4, 0.126, 0.03, 0.75), (25, 4, 0.01, 0.01, 1)],
            "Over 4 past account months, the forecast of day 15 missed the overage by 13 %. "
            "3 of them ended within its 80 % range. Overall, it was 3 % too high.",
        ),
        ([(10, 4, 0.1, -0.2, 1)], "Overall, it was 20 % too low."),
        ([(10, 4, 0.1, -0.004, 1)], "Overall, it was right."),
    ],
)
def test_certainty_follows_from_past_totals(rows, said):
    with duckdb.connect() as connection:
        connection.execute("create macro as_of() as date '2026-06-19'")
        connection.execute(
            "create table overage_forecast_accuracy (method varchar, origin_day integer,"
            " overage_totals bigint, overage_wape double, overage_bias double,"
            " overage_coverage_80 double)"
        )
        for row in rows:
            # Linear pace has no errors here, which must not affect the answer.
            connection.execute(
                "insert into overage_forecast_accuracy values ('forecast', ?, ?, ?, ?, ?),"
                " ('linear_pace', 19, 9, 0, 0, null)",
                row,
            )
        [(answer,)] = connection.execute(CERTAINTY).fetchall()
    assert said in answer
