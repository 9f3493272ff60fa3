"""The dashboard in a real browser: its numbers compared with SQL, its extracts and their safety."""

import csv
import itertools
import json
import random
import re
import shutil
import stat
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from browser import Browser
from dashboard.formats import trend
from dashboard.sections.answers import CERTAINTY
from projects import PUBLIC_TABLES, ROOT, Project
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

SCREENSHOTS = ROOT / "target/report-screenshots"
TABS = ["overview", "seats", "spend", "models", "adoption", "teams", "data_health", "legacy"]
AS_OF = "(select setting_value::date from report_settings where setting = 'as_of_date')"
# Seats that are not pending, ended or known to be unbilled.
HELD = "seat_state not in ('pending', 'cancelled') and coalesce(is_billed, true)"
USED = "seat_state in ('active', 'slipping', 'idle', 'blocked')"
UNUSED = "seat_state in ('dormant', 'stale', 'never_used')"
UNKNOWN = "seat_state = 'unknown_history'"
OF_ALL = "account_id = '(all)' and team = '(all)'"
WOULD_BE_BLOCKED = "risk_kind = 'blocked' and risk_band in ('high', 'likely')"
COST = f"(select sum(monthly_price_usd) from license_utilization where {HELD})"

# The expected value of each figure, from a separate query.
NUMBERS = {
    "subscription_cost_usd": f"select {COST}",
    "used_share": f"""
        select 100 * (count(*) filter (where {USED})) / count(*)
        from license_utilization where {HELD}
    """,
    "unused_cost_usd": f"""
        select sum(monthly_price_usd) from license_utilization where {HELD} and {UNUSED}
    """,
    "blocked_or_likely_seats": f"""
        select blocked_or_heading_seats from overage_outlook where {OF_ALL}
    """,
    "month_cost_usd": f"""
        select {COST} + (select sum(expected_overage_usd) from overage_risk)
    """,
    "listed_seats": f"""
        select count(*) from license_utilization where {HELD} or seat_state = 'pending'
    """,
    "seats": f"select count(*) from license_utilization where {HELD}",
    "used_seats": f"select count(*) from license_utilization where {HELD} and {USED}",
    "unused_seats": f"select count(*) from license_utilization where {HELD} and {UNUSED}",
    "unknown_seats": f"select count(*) from license_utilization where {HELD} and {UNKNOWN}",
    "new_seats": f"select count(*) from license_utilization where {HELD} and seat_state = 'new'",
    "pending_seats": "select count(*) from license_utilization where seat_state = 'pending'",
    "reclaimable_seats": "select count(*) from license_utilization where is_reclaimable",
    "reclaimable_cost_usd": """
        select sum(monthly_price_usd) from license_utilization where is_reclaimable
    """,
    "inactivity_cost_usd": f"""
        select sum(inactivity_cost_usd) from license_utilization where {HELD} and {UNUSED}
    """,
    "median_days_to_first_use": "select median(days_to_first_use) from license_utilization",
    "second_seats": "select count(*) from license_utilization where is_duplicate_seat",
    "overage_to_date_usd": f"select overage_to_date_usd from overage_outlook where {OF_ALL}",
    "overage_usd": f"select expected_overage_usd from overage_outlook where {OF_ALL}",
    "overage_p80_usd": f"select overage_p80_usd from overage_outlook where {OF_ALL}",
    "overage_worst_case_usd": f"select worst_case_overage_usd from overage_outlook where {OF_ALL}",
    "overage_budget_usd": f"select budget_usd from overage_outlook where {OF_ALL}",
    "team_budget_usd": "select 5000",
    "team_budget_left_usd": f"""
        select 5000 - {COST} - (select sum(expected_overage_usd) from overage_risk)
    """,
    "blocked_now_seats": """
        select count(*) from overage_risk where risk_kind = 'blocked' and risk_band = 'breached'
    """,
    "blocked_within_7_days_seats": f"""
        select count(*) from overage_risk
        where {WOULD_BE_BLOCKED} and exhaustion_date <= {{as_of}} + 7
    """,
    "blocked_later_seats": f"""
        select count(*) from overage_risk
        where {WOULD_BE_BLOCKED} and not coalesce(exhaustion_date <= {{as_of}} + 7, false)
    """,
    "messages": """
        select sum(messages) from model_mix_daily
        where activity_date between {as_of} - 6 and {as_of}
    """,
    "missing_files": """
        select count(*) from report_delivery
        where status = 'missing' and activity_date between {as_of} - 29 and {as_of}
    """,
    **{
        name: f"select sum({name}) from adoption_daily where activity_date = {{as_of}}"
        for name in ("daily_active_users", "weekly_active_users", "monthly_active_users")
    },
    "stickiness": """
        select 100 * sum(daily_active_users) / sum(monthly_active_users)
        from adoption_daily where activity_date = {as_of}
    """,
    "delivered_ratio": """
        select 100 * avg(case status when 'delivered' then 1 else 0 end) from report_delivery
        where status <> 'quiet' and activity_date between {as_of} - 29 and {as_of}
    """,
    **{
        f"week_{name}": f"""
            select sum({name}_used) from usage_daily
            where activity_date between {{as_of}} - 6 and {{as_of}}
        """
        for name in ("credits", "overage_credits")
    },
    "week_activated_seats": f"""
        select count(*) from license_utilization
        where {HELD} and activated_date between {{as_of}} - 6 and {{as_of}}
    """,
    "week_unused_since_seats": f"""
        select count(*) from license_utilization
        where {HELD} and {UNUSED} and last_active_date between {{as_of}} - 36 and {{as_of}} - 30
    """,
    "week_blocked_since_seats": """
        select count(*) from overage_risk
        where risk_kind = 'blocked' and risk_band = 'breached' and exhaustion_date > {as_of} - 7
    """,
    "report_rows": "select sum(rows) from report_delivery",
    "rejected": "select sum(rejected_rows) from report_delivery",
    "unrecognized_cost_usd": "select sum(billed_unrecognized_cost_usd) from bill_reconciliation",
}
# The lines on what changed show them too.
NUMBERS |= {
    f"month_{name}": NUMBERS[name]
    for name in (
        "seats",
        "used_share",
        "subscription_cost_usd",
        "unused_cost_usd",
        "overage_usd",
        "month_cost_usd",
        "blocked_or_likely_seats",
    )
} | {f"week_{name}": NUMBERS[name] for name in ("weekly_active_users", "messages")}
WINDOW = "activity_date > {as_of} - 371"
FEATURES = """
    from feature_acceptance_monthly where reported and acceptance_rate is not null and feature in (
        select feature from feature_acceptance_monthly where acceptance_rate is not null
        group by feature order by sum(shown) desc, feature limit 10
    )
"""
OUTLOOK = "from overage_outlook where team = '(all)' and account_id = '(all)'"
AHEAD = "from overage_outlook_daily where activity_date > as_of_date"
ESTIMATES = (
    "from model_credit_estimates where client_type = '(all)' and credits_per_message is not null"
)
CLIENTS = "from client_overlap_monthly where client_type"
EXHAUSTED = "from overage_risk where exhaustion_date is not null"
# The sum of the rows behind each chart, from a separate query.
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
THIS_MONTH = "usage_month = date_trunc('month', {as_of})"
BLOCKED = "risk_kind = 'blocked' and risk_band in ('breached', 'high', 'likely')"
AT_RISK = "risk_kind = 'cost' and risk_band in ('breached', 'high', 'likely', 'watch')"
# The number of rows of each list, and the sum of one of its columns.
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
    "at_risk": ("Expected cost", "sum(expected_overage_usd)", f"overage_risk where {AT_RISK}"),
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
        "So far, charged",
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
    "findings": ("How many", "sum(affected)", "data_quality_findings"),
    "settings": (None, None, "report_settings"),
}
# Not figures: days, and sentences, which have their own test.
WORDS = {
    "last_delivered_at",
    "last_day",
    "answer_grown",
    "answer_certainty",
    "month_models",
    "month_teams",
    "week_models",
    "week_teams",
}


BUDGETS = {"Platform": 900, "Data": 600, "all": 5000}


def write_report(database: Path, out: Path, *options: str) -> subprocess.CompletedProcess:
    """Run the program like a user; nothing is raised."""
    return subprocess.run(
        [
            sys.executable,
            ROOT / "scripts/build_dashboard.py",
            *("--database", database, "--out", out),
            *options,
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def written(database: Path, folder: Path, *options: str) -> Path:
    page = folder / "dashboard/index.html"
    result = write_report(database, page, *options)
    assert result.returncode == 0, result.stderr
    return page


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A small made-up organization with bill, roster and teams, built into tables."""
    project = Project(tmp_path_factory.mktemp("sample"))
    subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/generate_reports.py"),
            *("--users", "60", "--days", "110", "--out", project.reports),
            *("--seats-out", project.seats),
        ],
        check=True,
        capture_output=True,
    )
    project.run("--vars", json.dumps({"team_budgets_usd": BUDGETS}))
    return project


@pytest.fixture(scope="module")
def page(sample, tmp_path_factory):
    return written(sample.database, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.quit()


@pytest.fixture
def opened(browser, page):
    browser.open(page)
    return browser


@pytest.fixture
def changed(sample, tmp_path):
    """A function that writes a page of the sample's tables after a change to them."""

    def write(*statements: str, options: tuple[str, ...] = ()) -> Path:
        database = tmp_path / "changed.duckdb"
        shutil.copy(sample.published, database)
        with duckdb.connect(str(database)) as connection:
            for statement in statements:
                connection.execute(statement)
        return written(database, tmp_path, *options)

    return write


def figure(text: str) -> float | None:
    """Return the number that a text shows; None if it is unknown."""
    return None if text in ("–", "none set") else float(re.sub(r"[$,%\s]", "", text))


PLANS = {"FREE": "Free", "PRO": "Pro", "PRO_PLUS": "Pro+", "PRO_MAX": "Pro Max", "POWER": "Power"}


def scope(browser: Browser, number: str) -> str:
    """Return what a figure says about filters that do not apply to it; it is dimmed then."""
    said, dimmed = browser.script(
        "const place = document.querySelector(`[data-number='${arguments[0]}']`);"
        "const block = place.closest('.number');"
        "return [block.querySelector('.scope').textContent, block.classList.contains('dimmed')]",
        number,
    )
    assert dimmed == bool(said)
    return said


def as_shown(value: object, text: str) -> bool:
    """Return whether a text shows a value, within the digits shown."""
    shown = figure(text)
    if value is None or shown is None:
        return value is None and shown is None
    decimals = len(text.rstrip(" %").rpartition(".")[2]) if "." in text else 0
    return abs(float(value) - shown) <= 0.5 * 10**-decimals + 1e-9


def value(project: Project, sql: str) -> object:
    return project.query(sql.format(as_of=AS_OF))[0][0]


def test_opens_from_disk_without_error_and_without_a_request(browser, page):
    browser.open(page)
    console, requests = browser.logs()
    assert console == []
    assert set(requests) == {page.as_uri()}


@pytest.mark.parametrize(
    ("days_later", "threshold", "banner"),
    [
        (2, "2", None),
        (3, "2", "2 working days"),
        (74, "2", "53 working days"),
        (74, "60", None),
        (74, "null", None),
    ],
)
def test_a_page_says_when_its_reports_are_too_old(changed, browser, days_later, threshold, banner):
    page = changed(
        "update report_settings set setting_value = '2026-06-15' where setting = 'as_of_date'",
        f"update report_settings set setting_value = {threshold}"
        " where setting = 'alert_stale_days'",
    )
    now = datetime(2026, 6, 15, 12, tzinfo=UTC) + timedelta(days=days_later)
    with browser.clock_at(now):
        browser.open(page)
    shown = browser.driver.find_element("id", "stale")
    assert shown.is_displayed() is (banner is not None)
    if banner:
        assert shown.text.startswith(f"No report for {banner}: everything below is as of")


@pytest.mark.long
@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]
)
def test_every_chart_is_the_same_in_every_time_zone(browser, page, zone, locale):
    browser.open(page)
    expected = browser.drawn(), browser.numbers()
    browser.live_in(zone, locale)
    try:
        browser.open(page)
        assert (browser.drawn(), browser.numbers()) == expected
    finally:
        browser.live_in()


def test_days_of_a_chart_match_the_tables(sample, opened):
    """All time zones show what is correct in one of them."""
    shown = {mark["Day"] for mark in opened.marks("exhaustion")}
    days = sample.query(f"select distinct exhaustion_date {EXHAUSTED} and risk_kind is not null")
    assert shown == {f"{day.day} {day:%b %Y}" for (day,) in days}
    months = {mark["Month"] for mark in opened.marks("cost_months")}
    days = sample.query("select distinct usage_month from chargeback_monthly")
    assert months == {f"{month:%b %Y}" for (month,) in days}
    # One bar per day, and none on other days.
    places = opened.script(
        "return [...document.querySelectorAll(`#chart-exhaustion "
        "[role='graphics-symbol'][aria-roledescription='bar']`)]"
        ".map((mark) => Math.round(mark.getBoundingClientRect().x))"
    )
    assert len(set(places)) == len(shown)


def test_a_page_opens_without_laying_out_hidden_tabs(page, browser):
    """Other tabs are not laid out, and the panels of people are not parsed."""
    html = page.read_text(encoding="utf-8")
    tabs = re.findall(r'<section id="\w+" data-tab="(\w+)"( hidden)? ', html)
    assert tabs == [(tab, " hidden" if tab != "overview" else "") for tab in TABS]
    source = (
        "const parse = JSON.parse; window.parsed = [];"
        "JSON.parse = (text, ...more) => { parsed.push(text.length); return parse(text, ...more); }"
    )
    added = browser.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": source}
    )
    browser.open(page)
    browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
    is_parsed = "return parsed.includes(document.querySelector('#people').textContent.length)"
    assert not browser.script(is_parsed)
    browser.show("action_list")
    browser.script("document.querySelector('#action_list .person').click()")
    assert browser.script(is_parsed)


def test_shows_every_tab_and_draws_every_chart(opened):
    assert opened.tabs() == TABS
    charts = 0
    for tab in TABS:
        opened.show(tab)
        drawn, undrawn = opened.script(
            "const plots = [...document.querySelectorAll('[data-tab]:not([hidden]) .plot')]"
            ".filter((plot) => !plot.hidden);"
            "return [true, false].map((is) => plots.filter((plot) => "
            "Boolean(plot.querySelector('svg')) === is).map((plot) => plot.id))"
        )
        assert undrawn == []
        charts += len(drawn)
    assert charts > 12


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
    # Nine models, all others, and messages without a model.
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
    """Return the rows that a page holds for a chart."""
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
            # Trends are drawn on the cards of other blocks.
            if isinstance(block, Trends):
                continue
            for part in block.numbers if isinstance(block, Numbers) else [block]:
                assert re.search(rf"blocks\.{part.name}\b", template), part.name


def test_every_chart_and_list_has_a_query_to_compare_with(opened):
    charts, lists = opened.script(
        "return ['chart', 'table'].map((kind) => "
        "[...document.querySelectorAll(`[data-${kind}]`)].map((card) => card.dataset[kind]))"
    )
    assert set(charts) == set(CHARTS)
    assert set(lists) == set(LISTS)


def test_every_number_has_a_query_to_compare_with(opened):
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


def test_cards_agree_with_the_tables(sample, opened):
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
    assert unknown_cost > 0
    assert card("unused_cost_usd", "certainty") == (
        f"${saved:,.0f} of it can be reclaimed."
        f" Not included: ${unknown_cost:,.0f} for seats whose use is unknown."
    )
    now, soon, later = (
        value(sample, NUMBERS[f"blocked_{when}_seats"])
        for when in ("now", "within_7_days", "later")
    )
    week_ahead = value(sample, "select {as_of} + 7")
    assert card("blocked_or_likely_seats", "detail") == (
        f"{now} blocked now, {soon} by {week_ahead.day} {week_ahead:%b}"
    )
    assert card("blocked_or_likely_seats", "certainty").startswith(f"{later} more are likely")
    p80 = value(sample, f"select {COST} + overage_p80_usd from overage_outlook where {OF_ALL}")
    left = BUDGETS["all"] - float(value(sample, f"select {EXPECTED.replace('{team}', '(all)')}"))
    assert card("month_cost_usd", "certainty") == (
        f"80 % chance of staying below ${p80:,.0f}."
        f" ${left:,.0f} of the budget of $5,000 will be left."
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


def test_the_sum_of_the_seats_is_right_for_every_filter_choice(opened):
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


def test_the_most_valuable_actions_match_the_tables(sample, opened):
    def ranked(where: str) -> list[list[str]]:
        return [
            [f"{seats:,}", f"${savings:,.0f}"]
            for seats, savings in sample.query(
                "select count(*), sum(monthly_savings_usd) as savings from recommended_actions"
                f" where monthly_savings_usd > 0 and {where} group by action order by savings desc"
            )
        ]

    def shown() -> list[list[str]]:
        return opened.script(
            "return [...document.querySelectorAll('[data-ranking] tbody tr')]"
            ".map((row) => [1, 2].map((at) => row.cells[at].textContent))"
        )

    def total(where: str) -> str:
        saved = value(
            sample, f"select sum(monthly_savings_usd) from recommended_actions where {where}"
        )
        return f"All advice together: ${saved:,.0f}."

    assert len(shown()) > 2
    assert shown() == ranked("true")
    assert total("true") in opened.find("[data-ranking] .note").text
    opened.choose(plan="Pro+")
    assert shown() == ranked("subscription_tier = 'PRO_PLUS'")
    assert total("subscription_tier = 'PRO_PLUS'") in opened.find("[data-ranking] .note").text


def test_trends_show_the_months(sample, opened):
    months = sample.query(
        "select usage_month, sum(subscription_cost_usd) from seat_states_monthly"
        f" where usage_month < date_trunc('month', {AS_OF}) group by all order by 1"
    )
    said = "[data-trend='subscription_cost_usd'] svg"
    shown = opened.find(said).get_attribute("aria-label").split(", ")
    assert shown[:-1] == [f"{month:%b %Y}: {cost:,.0f}" for month, cost in months]
    opened.choose(team="Platform")
    assert "No trend" in opened.text("[data-trend='subscription_cost_usd']")


def test_the_overview_fits_one_screen(browser, page):
    browser.open(page)
    bottom = browser.script(
        "return document.querySelector('[data-tab=overview] .fresh').getBoundingClientRect().bottom"
    )
    assert bottom <= 900


def test_labels_are_words_that_people_use(opened):
    """Plans and clients have Kiro's names, and statistical terms appear only under the method."""
    said = []
    for tab in TABS:
        opened.show(tab)
        text = opened.script(
            "const tab = document.querySelector('[data-tab]:not([hidden])');"
            "tab.querySelectorAll('.method').forEach((part) => part.remove());"
            "return tab.textContent + [...tab.querySelectorAll('[title], [aria-label]')]"
            ".map((part) => ` ${part.title} ${part.getAttribute('aria-label')}`).join('')"
        )
        terms = r"\b(?:Brier|P\d0|dearest|PRO|POWER|PRO_\w+|KIRO_\w+|PLUGIN)\b"
        said += [(tab, found) for found in re.findall(rf".{{0,30}}{terms}.{{0,30}}", text)]
    assert said == []


@pytest.mark.parametrize("width", [400, 800, 1400])
def test_tabs_and_filters_stay_in_sight(browser, page, width):
    browser.open(page, width)
    browser.show("seats")
    browser.script("scrollTo(0, document.documentElement.scrollHeight)")
    for place in ("nav a[aria-current]", "#account"):
        box = browser.script(
            "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return [box.top, box.bottom]",
            place,
        )
        assert 0 <= box[0] < box[1] < 200, place
    browser.show("legacy")
    box = browser.script(
        "const box = document.querySelector('nav a[aria-current]').getBoundingClientRect();"
        "return [box.left, box.right]"
    )
    assert 0 <= box[0] < box[1] <= width


def test_a_view_is_in_its_address(sample, browser, page):
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
    # A link to another tab keeps the choice; values not allowed in an address are left out.
    browser.show("spend")
    assert browser.find("#account").get_attribute("value") == account
    browser.driver.get("about:blank")
    browser.driver.get(f"{page.as_uri()}#nothing?account=<b>&plan=none&sort=reclaim.99.up&period=1")
    browser.wait_until_drawn()
    assert browser.find("[data-tab=overview]").is_displayed()
    assert browser.find("#account").get_attribute("value") == "(all)"
    assert browser.logs()[0] == []


def test_the_model_that_grew_is_named(sample, opened):
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
    assert numbers["answer_grown"] == (
        f"{model} grew the most in 28 days, from {before:.1f} % to {share:.1f} % of messages."
    )


def test_filters_of_account_and_tier_change_numbers_as_sql_does(sample, opened):
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
    # Ranges exist per account, not per plan: the account's is shown, dimmed, and the page says so.
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
def test_any_filter_choice_agrees_with_sql(sample, opened, seed):
    """Figures, lists and the ranking, for an account, a plan and a team drawn at random."""
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


def test_the_team_filter_changes_numbers_charts_and_lists_as_sql_does(sample, opened):
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
    # Models are not reported per team, and the page says so.
    assert numbers["messages"] == f"{value(sample, NUMBERS['messages']):,}"
    assert scope(opened, "messages") == "Not filtered by team"


EXPECTED = """
    (select value from headline_figures where figure = 'month_cost_usd' and team = '{team}'
        and account_id = '(all)' and subscription_tier = '(all)' and period_end_date = {as_of})
"""


def cells(browser: Browser, table: str, team: str) -> dict[str, str]:
    """Return the cells of a team's first row by their column headers."""
    heads = browser.script(
        "return [...document.querySelectorAll(`[data-table='${arguments[0]}'] th`)]"
        ".map((head) => head.textContent)",
        table,
    )
    row = next(row for row in browser.rows(table) if team in row[:2])
    return dict(zip(heads, row, strict=True))


def test_a_team_has_its_budget_and_what_is_left_of_it(sample, opened):
    expected = float(value(sample, f"select {EXPECTED.replace('{team}', 'Platform')}"))
    shown = cells(opened, "team_list", "Platform")
    assert shown["Budget"] == "$900"
    assert shown["Whole month, expected"] == f"${expected:,.0f}"
    # Too low on purpose, so that the sign shows.
    assert shown["Left"] == f"-${expected - 900:,.0f}"
    assert cells(opened, "team_list", "Mobile")["Budget"] == "–"
    alert = f"Team Platform is expected to cost {expected:.2f} USD this month; the budget is 900.00"
    assert any(alert in row[1] for row in opened.rows("alerts"))
    opened.choose(team="Platform")
    assert opened.numbers()["team_budget_usd"] == "$900"
    assert opened.numbers()["team_budget_left_usd"] == shown["Left"]
    opened.choose(team="Mobile")
    assert opened.numbers()["team_budget_usd"] == "none set"
    opened.choose(account=value(sample, "select min(account_id) from license_utilization"))
    assert scope(opened, "team_budget_usd") == "Not filtered by account"


def test_costs_of_teams_exclude_tax_which_has_its_own_column(sample, opened):
    tax = value(
        sample,
        f"select sum(other_cost_usd) from team_utilization_monthly where {THIS_MONTH}",
    )
    assert tax > 0
    assert cells(opened, "team_list", "(unassigned)")["Tax and other"] == f"${tax:,.2f}"
    for team in ("(unassigned)", "Platform"):
        for label, month in (
            ("So far, charged", "date_trunc('month', {as_of})"),
            (
                "Last month, charged",
                "date_trunc('month', date_trunc('month', {as_of}) - interval 1 day)",
            ),
        ):
            cost = value(
                sample,
                "select subscription_cost_usd + overage_cost_usd from team_utilization_monthly"
                f" where team = '{team}' and usage_month = {month}",
            )
            assert cells(opened, "team_list", team)[label] == f"${cost:,.2f}"


def test_a_team_has_a_trend_of_cost_seats_and_use(sample, opened):
    months = sample.query(
        "select usage_month, subscription_cost_usd + overage_cost_usd, seats, seat_utilization"
        " from team_utilization_monthly where team = 'Platform' order by usage_month"
    )
    expected = value(sample, f"select {EXPECTED.replace('{team}', 'Platform')}")
    costs = [cost for _, cost, _, _ in months[:-1]] + [expected]
    use = cells(opened, "team_use", "Platform")
    assert len(months) > 2
    for shown, texts in (
        (cells(opened, "team_list", "Platform")["Cost by month"], [f"${c:,.0f}" for c in costs]),
        (use["Seats by month"], [f"{seats}" for _, _, seats, _ in months]),
        (use["Seats active by month"], [f"{100 * share:.1f} %" for *_, share in months]),
    ):
        assert shown == ", ".join(
            f"{month:%b %Y}: {text}" for (month, *_), text in zip(months, texts, strict=True)
        )
    heights = opened.script(
        "const row = [...document.querySelectorAll('#team_list tbody tr')]"
        ".find((row) => row.cells[0].textContent === 'Platform');"
        "return [...row.querySelectorAll('rect')].map((bar) => bar.height.baseVal.value)"
    )
    assert heights == pytest.approx([24 * float(cost / max(costs)) for cost in costs], abs=0.2)


def test_trends_sort_by_their_last_month(opened):
    opened.script(
        "[...document.querySelectorAll('#team_use th button')]"
        ".find((button) => button.textContent === 'Seats by month').click()"
    )
    seats = [int(row[2]) for row in opened.rows("team_use")]
    assert seats == sorted(seats, reverse=True)


def test_past_months_of_teams_follow_team_and_period(sample, opened):
    def shown() -> list[list[str]]:
        return [[row[0], row[2], row[-1]] for row in opened.rows("team_months")]

    opened.choose(team="Platform")
    sql = (
        "select usage_month, seats, total_cost_usd from team_utilization_monthly"
        " where team = 'Platform' and usage_month >= {} order by 1 desc"
    )
    for period, first in (("", "date '1900-01-01'"), ("28", f"date_trunc('month', {AS_OF} - 27)")):
        opened.choose(period=period)
        rows = sample.query(sql.format(first))
        assert shown() == [
            [f"{month:%b %Y}", f"{seats}", f"${cost:,.2f}"] for month, seats, cost in rows
        ]


@pytest.mark.parametrize(
    ("months", "kind", "text", "sort", "bars"),
    [
        (None, "usd", "–", "", []),
        ([None, None], "usd", "–", "", []),
        ([None, 50, 100], "usd", "Feb 2026: $50, Mar 2026: $100", "100", [0, 50, 100]),
        # A refund may exceed the cost, and shares are scaled to 100 %.
        ([-5, 0], "usd", "Jan 2026: -$5, Feb 2026: $0", "0", [0, 0]),
        ([0.25, None], "share", "Jan 2026: 25.0 %", "0.25", [25, 0]),
    ],
)
def test_a_trend_has_a_bar_per_month(months, kind, text, sort, bars):
    values = months and [
        {"month": date(2026, number, 1), "value": one} for number, one in enumerate(months, 1)
    ]
    assert trend(values, kind) == {"text": text, "sort": sort, "bars": bars}


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


def test_unused_seats_are_reclaimed_or_say_why_not(sample, opened):
    kept = sample.query(
        f"select exemption_reason from license_utilization where {HELD} and {UNUSED}"
        " and not is_reclaimable"
    )
    listed = [row[-1] for row in opened.rows("kept")]
    unused = value(sample, NUMBERS["unused_seats"])
    assert len(listed) + len(opened.rows("reclaim")) == unused
    assert sorted(listed) == sorted(f"exempt: {reason}" for (reason,) in kept)


def test_seats_to_reclaim_say_what_they_free(opened):
    assert "none can be given to somebody else" in opened.text("#reclaim .note")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "Not known yet: no forecast month has ended"),
        ([(15, 0, None, None, None)], "Not known yet: in past months, overage was neither"),
        ([(15, 2, 0.1, 0.1, 1)], "Too early to say: this takes at least three past"),
        ([(15, 3, None, None, 1)], "Overage was expected in 3 past account months, and none was"),
        (
            [(15, 4, 0.126, 0.03, 0.75), (25, 4, 0.01, 0.01, 1)],
            "Over 4 past account months, the forecast of day 15 missed the overage by 13 %. "
            "3 of them ended within its 8-in-10 range. Overall, it was 3 % too high.",
        ),
        ([(10, 4, 0.1, -0.2, 1)], "Overall, it was 20 % too low."),
        ([(10, 4, 0.1, -0.004, 1)], "Overall, it was right."),
    ],
)
def test_certainty_comes_from_past_totals(rows, said):
    with duckdb.connect() as connection:
        connection.execute("create macro as_of() as date '2026-06-19'")
        connection.execute(
            "create table overage_forecast_accuracy (method varchar, origin_day integer,"
            " overage_totals bigint, overage_wape double, overage_bias double,"
            " overage_coverage_80 double)"
        )
        for row in rows:
            # Pace is always right here, which does not matter.
            connection.execute(
                "insert into overage_forecast_accuracy values ('forecast', ?, ?, ?, ?, ?),"
                " ('linear_pace', 19, 9, 0, 0, null)",
                row,
            )
        [(answer,)] = connection.execute(CERTAINTY).fetchall()
    assert said in answer


def test_filters_without_seats_say_that_nothing_matches(changed, browser):
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


def change_of(browser: Browser, number: str) -> str:
    """Return what a figure says about the earlier period."""
    return browser.script(
        "return document.querySelector(`[data-number='${arguments[0]}']`).closest('.number')"
        ".querySelector('.change').textContent",
        number,
    )


def test_missing_comparison_gives_its_reason(changed, browser):
    """For the chosen account; the week's lines are not compared either."""
    page = changed(
        "update headline_figures set previous_value = null where figure = 'messages'",
        f"""
            update report_delivery set status = case
                when activity_date = {AS_OF} - 9 and client_type = 'KIRO_CLI'
                    and account_id = (select min(account_id) from license_utilization)
                then 'missing' else 'delivered'
            end
        """,
    )
    browser.open(page)
    day = datetime.strptime(browser.text(".as-of strong"), "%d %b %Y") - timedelta(days=9)
    gap = f"a report file of {day.day} {day:%b %Y} (Kiro CLI) is missing"
    for number in ("messages", "week_messages", "week_credits", "week_overage_credits"):
        assert change_of(browser, number) == f"not compared with the previous week: {gap}"
    for number in ("week_models", "week_teams"):
        assert browser.numbers()[number] == f"not compared: {gap}"
    accounts = browser.script(
        "return [...document.querySelectorAll('#account option')].map((option) => option.value)"
    )
    browser.choose(account=accounts[1])
    assert change_of(browser, "week_credits").endswith(gap)
    browser.choose(account=accounts[2])
    assert change_of(browser, "week_credits").endswith("from the previous week")
    assert " from " in browser.numbers()["week_models"]
    browser.clear()
    browser.choose(team="Platform")
    assert change_of(browser, "month_cost_usd").endswith(
        ": past months are not kept by team; the Teams tab has their seats and costs"
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            f"delete from report_delivery where activity_date < date_trunc('month', {AS_OF})",
            r"the reports begin on 1 \w+ \d+",
        ),
        (
            f"""
            update report_delivery set status = 'missing'
            where activity_date = date_trunc('month', {AS_OF}) - interval 3 day
                and client_type = 'KIRO_IDE'
            """,
            r"\d report files are missing, the latest of 2\d \w+ \d+",
        ),
        ("delete from report_delivery", "no report has been delivered"),
    ],
)
def test_a_month_that_is_not_known_has_its_reason(changed, browser, change, reason):
    browser.open(changed("update headline_figures set previous_value = null", change))
    for number in ("subscription_cost_usd", "month_seats", "month_overage_usd"):
        assert re.search(rf"not compared with \w+: {reason}$", change_of(browser, number)), number


def test_a_figure_that_is_not_known_has_its_reason(changed, browser):
    browser.open(
        changed(
            "update headline_figures set value = null",
            "update license_utilization set activated_date = null",
            "update usage_daily set seats_with_unknown_credits = 1",
        )
    )
    lines = browser.script(
        "return [...document.querySelectorAll('.line')].map((line) => ["
        "line.querySelector('.value').textContent, line.querySelector('.change').textContent])"
    )
    unknown = [reason for text, reason in lines if text == "–"]
    assert len(unknown) == 7 + 2 + 2
    assert all(re.match(r"not known: \w[^{]{10,}$", reason) for reason in unknown), unknown


def test_what_changed_agrees_with_the_tables(sample, opened):
    """For all, a plan, a team: counts of the week, models and teams that moved."""

    def moved(unit: str, rows: list[tuple]) -> str:
        ranked = sorted(rows, key=lambda row: (-abs(row[2] - row[1]), row[0]))
        return "; ".join(f"{name} from {unit} to {unit}".format(*row) for name, *row in ranked[:3])

    plan = "subscription_tier = 'PRO'"
    for where, chosen in (("true", {}), (plan, {"plan": "Pro"})):
        opened.choose(**chosen)
        shown = opened.numbers()
        for days, name in ((28, "month_models"), (7, "week_models")):
            shares = sample.query(
                f"""
                select model, 100 * before / sum(before) over (), 100 * now / sum(now) over ()
                from (
                    select
                        model,
                        coalesce(sum(messages) filter (where day <= as_of - {days}), 0) as before,
                        coalesce(sum(messages) filter (where day > as_of - {days}), 0) as now
                    from (select *, activity_date as day, {AS_OF} as as_of from model_mix_daily)
                    where day > as_of - {2 * days} and {where}
                    group by model
                )
                """
            )
            shares = [row for row in shares if row[0] != "(unattributed)"]
            assert shown[name].replace("\xa0", " ") == moved("{:.1f} %", shares), (name, chosen)
        credits = value(
            sample,
            f"select sum(credits_used) from usage_daily where {where}"
            " and activity_date > {as_of} - 7",
        )
        assert as_shown(credits, shown["week_credits"])
    opened.clear()
    costs = sample.query(
        f"""
        select team, subscription_cost_usd + overage_cost_usd, value
        from headline_figures inner join team_utilization_monthly using (team)
        where figure = 'month_cost_usd' and account_id = '(all)' and subscription_tier = '(all)'
            and usage_month = date_trunc('month', {AS_OF}) - interval 1 month
            and period_end_date = {AS_OF} and team not like '(%'
        """
    )
    assert opened.numbers()["month_teams"] == moved("${:,.0f}", costs)
    messages = sample.query(
        f"""
        select
            team,
            sum(messages) filter (where activity_date <= {AS_OF} - 7),
            sum(messages) filter (where activity_date > {AS_OF} - 7)
        from seat_usage_daily inner join user_teams using (user_id)
        where activity_date > {AS_OF} - 14 and team not like '(%'
        group by team
        """
    )
    assert opened.numbers()["week_teams"] == moved("{:,.0f}", messages)
    team, *row = messages[0]
    opened.choose(team=team)
    assert opened.numbers()["week_teams"] == "from {:,.0f} to {:,.0f}".format(*row)
    assert scope(opened, "week_models") == "Not filtered by team"
    for name, sql in (
        ("week_activated_seats", f"{HELD} and activated_date > {AS_OF} - 7"),
        ("week_unused_since_seats", NUMBERS["week_unused_since_seats"].partition("where ")[2]),
    ):
        of_team = f"user_id in (select user_id from user_teams where team = '{team}')"
        seats = value(sample, f"select count(*) from license_utilization where {of_team} and {sql}")
        assert opened.numbers()[name] == str(seats)


def test_the_digest_matches_the_page(sample, opened, tmp_path):
    subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/write_digest.py", "--quiet"),
            *("--database", sample.database, "--out", tmp_path),
        ],
        check=True,
    )
    lines = opened.script(
        "return [...document.querySelectorAll('.line')].map((line) => "
        "`${line.querySelector('dt').firstChild.textContent}: ` + [...line.querySelectorAll("
        "'.value, .change, .detail')].map((part) => part.textContent).filter(Boolean).join(', '))"
    )
    assert len(lines) == 18
    sections = json.loads((tmp_path / "digest.json").read_text())["sections"]
    assert [line["text"] for section in sections[1:3] for line in section["lines"]] == lines
    assert [section["title"] for section in sections[1:3]] == opened.script(
        "return [...document.querySelectorAll('.changes h3')].map((head) => head.textContent)"
    )


def test_without_a_list_of_teams_there_is_no_team_filter(changed, browser):
    for change in ("delete from user_teams", "drop table user_teams"):
        browser.open(changed(change))
        assert browser.logs()[0] == []
        assert browser.script("return document.querySelector('#team')") is None
        browser.choose(plan="Pro")
        assert {row[2] for row in browser.rows("reclaim")} == {"Pro"}


def test_accounts_and_teams_beyond_the_choices_share_one(changed, browser):
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


def test_ranges_are_for_all_accounts_or_for_the_chosen_one(sample, opened):
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
        # This month has two bars: charged so far, and expected.
        assert costs() == pytest.approx([float(cost) for (cost,) in expected], abs=0.01)


def test_filters_change_charts_as_sql_does(sample, opened):
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

    sql = "select replace(seat_state, '_', ' '), count(*) from license_utilization {} group by all"
    assert shown() == dict(sample.query(sql.format("")))
    opened.choose(account=account, plan=PLANS[tier])
    where = f"where account_id = '{account}' and subscription_tier = '{tier}'"
    assert shown() == dict(sample.query(sql.format(where)))


def test_the_period_changes_charts_and_dated_lists(sample, opened):
    months = len(opened.marks("overage_months"))
    bills = len(opened.rows("bill"))
    opened.choose(period="28")
    assert 0 < len(opened.marks("overage_months")) < months
    first_month = f"date_trunc('month', {AS_OF} - 27)"
    assert len(opened.rows("bill")) == value(
        sample, f"select count(*) from bill_reconciliation where usage_month >= {first_month}"
    )
    assert len(opened.rows("bill")) < bills


def test_lists_sort_by_every_column_and_say_so(opened):
    head = "[data-table='action_list'] th:nth-child(6)"
    opened.script("document.querySelector(arguments[0]).click()", f"{head} button")
    assert opened.find(head).get_attribute("aria-sort") == "descending"
    savings = [figure(row[5]) for row in opened.rows("action_list")]
    known = [saving for saving in savings if saving is not None]
    assert savings == sorted(known, reverse=True) + [None] * (len(savings) - len(known))
    opened.script("document.querySelector(arguments[0]).click()", f"{head} button")
    assert opened.find(head).get_attribute("aria-sort") == "ascending"
    savings = [figure(row[5]) for row in opened.rows("action_list")]
    assert savings == sorted(known) + [None] * (len(savings) - len(known))


def test_lists_can_be_searched(opened):
    opened.show("action_list")
    everything = opened.rows("action_list")
    word = everything[-1][0][:8]
    opened.find("[data-table='action_list'] input").send_keys(word.upper())
    found = opened.rows("action_list")
    assert found == [row for row in everything if word in " ".join(row)]
    opened.find("[data-table='action_list'] input").send_keys(" no such person")
    assert opened.rows("action_list") == []
    assert "No row matches" in opened.text("[data-table='action_list'] .scroll ~ .empty")


def filter_column(browser: Browser, table: str, column: int, text: str) -> None:
    """Type into the filter field above a column, like a user who opened these fields."""
    browser.script(
        "const input = document.querySelectorAll(`#${arguments[0]} .column-filters input`)"
        "[arguments[1]];"
        "input.value = arguments[2];"
        "input.dispatchEvent(new Event('input'));",
        table,
        column,
        text,
    )


def test_every_row_of_a_list_can_be_reached(opened):
    def visible() -> int:
        return opened.script(
            "return [...document.querySelectorAll('#action_list tbody tr')]"
            ".filter((row) => row.checkVisibility()).length"
        )

    opened.show("action_list")
    rows = len(opened.rows("action_list"))
    assert visible() == 15 < rows
    more = opened.find("#action_list .all")
    assert more.text == f"Show all {rows}"
    opened.script("arguments[0].click()", more)
    assert visible() == rows
    assert not more.is_displayed()


def test_columns_of_a_list_can_be_filtered(opened):
    opened.show("action_list")
    everything = opened.rows("action_list")
    opened.script("document.querySelector('#action_list .columns').click()")
    assert opened.find("#action_list .column-filters").is_displayed()
    filter_column(opened, "action_list", 4, "DOWN")
    downgrades = [row for row in everything if row[4].startswith("downgrade")]
    assert opened.rows("action_list") == downgrades
    filter_column(opened, "action_list", 5, "> 20")
    expensive = [row for row in downgrades if row[5] != "–" and figure(row[5]) > 20]
    assert opened.rows("action_list") == expensive
    assert 0 < len(expensive) < len(downgrades)
    filter_column(opened, "action_list", 5, "< $20.5")
    assert opened.rows("action_list") == [
        row for row in downgrades if row[5] != "–" and figure(row[5]) < 20.5
    ]
    # The fields stay even if nothing matches.
    filter_column(opened, "action_list", 0, "nobody")
    assert opened.rows("action_list") == []
    assert opened.find("#action_list .column-filters").is_displayed()


def test_a_list_is_downloaded_as_filtered_and_without_formulas(changed, browser, tmp_path):
    formula, words = "=cmd|'/C calc'!A0", 'a "b",\nc'
    page = changed(
        f"update recommended_actions set reason = '{formula.replace(chr(39), chr(39) * 2)}',"
        " evidence = null where action = 'reclaim'",
        f"update recommended_actions set reason = '{words}', evidence = null"
        " where action = 'downgrade'",
    )
    browser.open(page)
    browser.show("action_list")
    files = tmp_path / "downloads"
    files.mkdir()
    browser.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(files)}
    )

    def downloaded() -> list[list[str]]:
        browser.script("document.querySelector('#action_list .csv').click()")
        file = files / "action_list.csv"
        WebDriverWait(browser.driver, 30).until(lambda _: file.exists())
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = list(csv.reader(text))
        file.unlink()
        return rows

    filter_column(browser, "action_list", 4, "reclaim")
    shown = browser.rows("action_list")
    heads, *rows = downloaded()
    assert heads[:6] == ["Person", "Account", "Plan", "Team", "Action", "Saves"]
    assert len(rows) == len(shown) > 0
    assert {row[-1] for row in rows} == {f"'{formula}"}
    assert [float(row[5]) for row in rows] == [figure(row[5]) for row in shown]
    filter_column(browser, "action_list", 4, "downgrade")
    assert {row[-1] for row in downloaded()[1:]} == {words}
    assert browser.logs()[0] == []


def test_long_lists_are_cut_and_say_what_is_not_shown(sample, changed, browser):
    page = changed(
        "insert into recommended_actions "
        "select actions.* replace (actions.user_id || number as user_id) "
        "from recommended_actions as actions cross join range(1000) as more (number)",
    )
    browser.open(page)
    total = 1001 * value(sample, "select count(*) from recommended_actions")
    assert len(browser.rows("action_list")) == 1000
    assert browser.text("[data-table='action_list'] .count") == (
        f"1,000 of {total:,} rows shown; {total - 1000:,} more are in "
        "tables/recommended_actions.csv."
    )
    account = browser.rows("action_list")[0][1]
    browser.choose(account=account)
    of_account = 1001 * value(
        sample, f"select count(*) from recommended_actions where account_id = '{account}'"
    )
    assert f" of {of_account:,} rows shown" in browser.text("[data-table='action_list'] .count")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_page_is_accessible(browser, page, width, scheme):
    browser.open(page, width, scheme)
    assert browser.script("return document.documentElement.dataset.theme") == scheme
    for tab in TABS:
        browser.show(tab)
        assert browser.violations() == [], tab


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 800, 1400])
def test_page_fits_the_window_and_is_saved_as_a_picture(browser, page, width, scheme):
    browser.open(page, width, scheme)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for tab in TABS:
        browser.show(tab)
        assert browser.script("return document.documentElement.scrollWidth <= innerWidth"), tab
        browser.screenshot(SCREENSHOTS / f"{tab}-{width}-{scheme}.png")


def test_legends_fit_a_window_that_became_narrower(opened):
    opened.show("models")
    opened.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 500, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    WebDriverWait(opened.driver, 30).until(
        lambda driver: driver.execute_script(
            "const plot = document.querySelector('#chart-model_weeks');"
            "const parts = [...plot.querySelectorAll('.role-legend-entry text')];"
            "return parts.length > 5 && parts.every((part) =>"
            " part.getBoundingClientRect().right <= plot.getBoundingClientRect().right)"
        )
    )


def test_a_scale_of_few_seats_repeats_no_label(changed, browser):
    browser.open(
        changed(
            "update overage_risk set exhaustion_date = null where exhaustion_date "
            "not in (select min(exhaustion_date) from overage_risk)"
        )
    )
    browser.show("exhaustion")
    shown = browser.script(
        "return [...document.querySelectorAll('#chart-exhaustion .role-axis')].map((axis) =>"
        " [...axis.querySelectorAll('.role-axis-label text')].map((text) => text.textContent)"
        ".filter(Boolean))"
    )
    assert ["0", "1"] in [words[:2] for words in shown]
    assert all(len(set(words)) == len(words) for words in shown), shown


def test_no_list_is_wider_than_a_desk_screen(opened):
    for tab in TABS:
        opened.show(tab)
        wide = opened.script(
            "return [...document.querySelectorAll('.scroll')]"
            ".filter((list) => list.scrollWidth > list.clientWidth)"
            ".map((list) => list.ariaLabel)"
        )
        assert wide == []


def test_prints_on_a_few_pages_and_says_how_much_of_a_list_is_printed(opened):
    opened.show("seats")
    rows = len(opened.rows("action_list"))
    assert rows > 15
    opened.media("print")
    printed = opened.script(
        "return [...document.querySelectorAll(`[data-table='action_list'] tbody tr`)]"
        ".filter((row) => row.checkVisibility()).length"
    )
    count = opened.script(
        "const count = document.querySelector(`[data-table='action_list'] .count`);"
        "return count.textContent + getComputedStyle(count, '::after').content"
    )
    opened.media("")
    assert printed == 15
    assert count == f'{rows} rows." The first 15 are printed."'
    for tab in TABS:
        opened.show(tab)
        assert len(re.findall(rb"/Type */Page\b", opened.printed())) <= (
            2 if tab == "overview" else 7
        )


def test_definitions_open_with_the_keyboard_and_close_with_escape(opened):
    info = (
        opened.find("[data-number='used_share']")
        .find_element("xpath", "..")
        .find_element("css selector", ".info")
    )
    definition = opened.find("#overview-used_share-definition")
    assert not definition.is_displayed()
    opened.script("arguments[0].focus()", info)
    assert opened.script("return getComputedStyle(arguments[0]).visibility", definition) == (
        "visible"
    )
    info.send_keys("\ue00c")
    assert opened.script("return getComputedStyle(arguments[0]).visibility", definition) == "hidden"


def test_a_list_leads_to_a_person(sample, opened):
    """With the keyboard alone; the panel agrees with the tables."""
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
        "select replace(seat_state, '_', ' '), monthly_price_usd, inactivity_cost_usd"
        f" from license_utilization where {of_seat}"
    )[0]
    assert terms(".facts")["State"] == state
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
        "select strftime(usage_month, '%b %Y'), replace(seat_state, '_', ' '), credits_used"
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
        [month, state or "–", "–" if credits is None else f"{credits:,.0f}"]
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
    assert ("of the last 30 days arrived" in terms(".advice")["Speaks against it"]) == (
        coverage < 1
    )
    assert not opened.find("#person .id").is_displayed()
    panel.send_keys(Keys.ESCAPE)
    assert not panel.is_displayed()
    assert opened.script("return document.activeElement === arguments[0]", button)


def test_the_panel_has_the_whole_id_where_people_are_shown(sample, changed, browser):
    page = changed(options=("--show-people",))
    browser.open(page)
    browser.show("action_list")
    browser.script("document.querySelector('#action_list .person').click()")
    user = browser.text("#person code")
    assert value(sample, f"select count(*) from recommended_actions where user_id = '{user}'")
    browser.script("document.querySelector('#person .copy').click()")
    assert browser.script("return getSelection().toString()") == user
    assert browser.logs()[0] == []


def test_the_theme_can_be_switched(opened):
    opened.find("#theme").click()
    opened.wait_until_drawn()
    assert opened.script("return document.documentElement.dataset.theme") == "dark"
    assert opened.find("#theme").text == "Light mode"


def test_hostile_names_are_shown_but_not_run(changed, browser):
    script = "</script><script>window.hacked = 1</script>"
    image = '<img src=x onerror="window.hacked = 1">'
    page = changed(
        f"update model_mix_daily set model = '{script}' where model = 'claude_haiku_4.5'",
        f"update model_mix_daily set subscription_tier = '{image}' where subscription_tier = 'PRO'",
        f"update model_mix_daily set client_type = '{image}' where client_type = 'KIRO_CLI'",
        f"update license_utilization set subscription_tier = '{image}', user_id = '{image}'"
        " where subscription_tier = 'PRO'",
        f"update license_utilization set account_id = '{script}'"
        " where account_id = (select max(account_id) from license_utilization)",
        f"update recommended_actions set reason = '{script}', evidence = '{image}',"
        f" user_id = '{image}'",
        f"update usage_alerts set message = '{image}'",
        f"update report_settings set setting_value = '{script}' where setting = 'seat_groups'",
    )
    browser.open(page)
    console, requests = browser.logs()
    assert console == []
    assert set(requests) == {page.as_uri()}
    assert browser.script("return window.hacked") is None
    assert script in browser.text("[data-table='moves'] tbody")
    assert image in browser.text("[data-table='action_list'] tbody")
    browser.choose(plan=image)
    browser.choose(account=script)
    assert browser.script("return window.hacked") is None
    assert browser.violations() == []


LINES = "one\u2028two\u2028\u2029three"
NAMES = [LINES, "toString", "__proto__", "constructor", "a'b\\", "a|b", "=1+1"]


def test_no_name_breaks_a_chart(sample, changed, browser):
    """Tiers, clients, models, teams and accounts alike; the filters work with every name."""
    tables = {
        "subscription_tier": "license_utilization license_utilization_monthly model_mix_daily"
        " seat_states_monthly overage_risk overage_monthly usage_daily",
        "client_type": "model_mix_daily report_delivery client_overlap_monthly usage_daily",
        "model": "model_mix_daily model_mix_monthly model_credit_estimates",
        "team": "user_teams team_utilization_monthly",
        "account_id": "license_utilization report_delivery adoption_daily usage_daily",
    }
    statements = []
    for column, named in tables.items():
        union = " union ".join(f"select {column} as old from {table}" for table in named.split())
        olds = sample.query(f"select old from ({union}) where old not like '(%)' order by old")
        cases = " ".join(
            f"when '{old}' then '{name.replace(chr(39), chr(39) * 2)}'"
            for (old,), name in zip(olds, itertools.cycle(NAMES), strict=False)
        )
        statements += [
            f"update {table} set {column} = case {column} {cases} else {column} end"
            for table in named.split()
        ]
    page = changed(*statements)
    browser.open(page)
    assert browser.logs()[0] == []
    undrawn = (
        "return [...document.querySelectorAll('[data-chart] .empty')]"
        ".filter((text) => !text.hidden && text.textContent.includes('could not be drawn'))"
        ".map((text) => text.textContent)"
    )
    assert browser.script(undrawn) == []
    for name in ("toString", LINES):
        browser.choose(plan=name)
        assert browser.script(undrawn) == []
        assert browser.text("[data-number='seats']") != "–"


def test_a_chart_that_fails_says_so_and_leaves_the_others(changed, browser):
    page = changed()
    text = page.read_text()
    mark = '"mark":{"type":"rect"}'
    assert mark in text
    page.write_text(text.replace(mark, '"mark":{"type":"nonsense"}'))
    browser.open(page)
    drawn = browser.drawn()
    said = browser.script(
        "return [...document.querySelectorAll('[data-chart] .empty')]"
        ".filter((text) => !text.hidden).map((text) => text.textContent)"
    )
    assert said
    assert all(text.startswith("This chart could not be drawn: ") for text in said)
    assert len(drawn) > 8


def test_a_fault_in_a_block_stays_in_it(changed, browser):
    """Faults in the page data of a number, a chart and a list, and in a table's column."""
    page = changed()
    text = page.read_text()
    for whole, broken in (
        ('"seats":{"by"', '"other_seats":{"by"'),
        ('{"dataset":"states"', '{"dataset":"nothing"'),
        ('id="reclaim" data-table="reclaim"', 'id="reclaim" data-totals="{" data-table="reclaim"'),
    ):
        assert whole in text
        text = text.replace(whole, broken)
    page.write_text(text)
    browser.open(page)
    browser.show("seats")
    for place in (
        "[data-number='seats']",
        "[data-chart='states'] .empty",
        "[data-table='reclaim'] .scroll ~ .empty",
    ):
        said = browser.find(place)
        assert said.is_displayed()
        assert "could not be" in said.text
    assert browser.text("[data-number='second_seats']") != "–"
    assert browser.rows("tiers")
    assert len(browser.drawn()) > 12


def test_a_block_that_cannot_be_computed_says_so_and_so_does_the_command(sample, tmp_path, browser):
    database = tmp_path / "changed.duckdb"
    shutil.copy(sample.database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("alter table license_utilization_monthly drop column stranded_credits")
        connection.execute("alter table seat_states_monthly drop column seats")
        connection.execute("alter table adoption_daily drop column stickiness")
    result = write_report(database, tmp_path / "page.html")
    assert result.returncode == 1
    assert "could not be computed: Use and cost by plan: Binder Error" in result.stderr
    assert "Traceback" not in result.stderr
    browser.open(tmp_path / "page.html")
    assert browser.logs()[0] == []
    browser.show("seats")
    for name in ("tiers", "state_months"):
        assert "could not be computed" in browser.find(f"#{name} .empty").text
    assert browser.text("[data-number='stickiness']") == "–"
    assert browser.text("[data-number='used_seats']") != "–"
    assert len(browser.rows("reclaim")) > 0


def test_without_rows_every_block_says_why(changed, browser):
    kept = {"license_utilization", "license_utilization_monthly", "report_settings"}
    page = changed(*(f"delete from {table}" for table in PUBLIC_TABLES if table not in kept))
    browser.open(page)
    console, _ = browser.logs()
    assert console == []
    browser.drawn()
    silent = browser.script(
        "return [...document.querySelectorAll('.card:not(.whole)')].filter((card) => "
        "!card.querySelector('svg, tbody, .lines') && "
        "(card.querySelector('.empty').hidden || "
        "card.querySelector('.empty').textContent.length < 20))"
        ".map((card) => card.dataset.chart || card.dataset.table)"
    )
    assert silent == []
    assert "legacy" not in browser.tabs()
    assert browser.text("[data-number='month_cost_usd']") == "–"


def test_answers_that_need_more_history_are_unknown(changed, browser):
    page = changed(
        f"delete from model_mix_daily where activity_date <= {AS_OF} - 14",
        "update headline_figures set value = null"
        " where figure like 'overage%_usd' or figure like 'month_cost%'",
    )
    browser.open(page)
    numbers = browser.numbers()
    assert numbers["answer_grown"].startswith("Not known")
    assert numbers["month_cost_usd"] == "–"
    assert "a forecast needs two weeks" in browser.text("[data-tab=overview] .cards > :last-child")


def test_a_missing_table_is_not_shown(changed, browser):
    page = changed("drop table chargeback_monthly", "drop table bill_reconciliation")
    browser.open(page)
    assert browser.script("return document.querySelector('[data-table=bill]')") is None
    assert browser.script("return document.querySelector('[data-table=team_list]')") is not None
    assert not (page.parent / "tables/bill_reconciliation.csv").exists()


def test_people_are_masked_unless_requested(sample, page):
    html = page.read_text(encoding="utf-8")
    people = sample.query("select user_id, user_email, display_name from people")
    assert len(people) > 50
    for user, email, name in people:
        assert user not in html
        assert email not in html
        assert name is None or name not in html
    assert not (page.parent / "tables/people.csv").exists()


def test_people_are_shown_on_request_and_removed_afterwards(sample, tmp_path):
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


def test_only_the_owner_can_read_the_files(page):
    for path in [page.parent, *page.parent.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_extracts_contain_every_public_table(sample, page):
    tables = page.parent / "tables"
    expected = {
        f"{table}.{ending}"
        for table in PUBLIC_TABLES
        if table != "people"
        for ending in ("csv", "parquet")
    }
    assert {file.name for file in tables.iterdir()} == expected
    for table in set(PUBLIC_TABLES) - {"people"}:
        rows = sample.query(f"select * from {table} order by all")
        assert duckdb.sql(f"from '{tables}/{table}.parquet' order by all").fetchall() == rows
        with (tables / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.reader(file))) == len(rows) + 1


def test_extracts_contain_no_formulas(changed):
    values = ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx", "-5", "+3.5", "plain", "a=b"]
    values += [
        " =1+1",
        "\N{NO-BREAK SPACE}+1+1",
        "\n@x",
        "\N{FULLWIDTH EQUALS SIGN}1+1",
        " -5",
        "a -b",
    ]
    page = changed(
        "delete from report_settings where setting <> 'as_of_date'",
        *(
            f"insert into report_settings values ('setting_{number}', '{value}')"
            for number, value in enumerate(values)
        ),
    )
    with (page.parent / "tables/report_settings.csv").open(encoding="utf-8", newline="") as file:
        cells = {row["setting"]: row["setting_value"] for row in csv.DictReader(file)}
    assert [cells[f"setting_{number}"] for number in range(len(values))] == [
        "'=1+1",
        "'+cmd",
        "'-x",
        "'@SUM(A1)",
        "'\tx",
        "'\rx",
        "-5",
        "+3.5",
        "plain",
        "a=b",
        "' =1+1",
        "'\N{NO-BREAK SPACE}+1+1",
        "'\n@x",
        "'\N{FULLWIDTH EQUALS SIGN}1+1",
        " -5",
        "a -b",
    ]


def export(database: Path, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/export_tables.py", "--database", database),
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def test_export_contains_the_requested_tables_and_no_formulas(sample, tmp_path):
    database, out = tmp_path / "changed.duckdb", tmp_path / "export"
    shutil.copy(sample.database, database)
    formula = "=cmd|'/C calc'!A0"
    with duckdb.connect(str(database)) as connection:
        connection.execute("update chargeback_focus set x_CostCenter = $1", [formula])
    done = export(database, "--out", out, "chargeback_focus")
    assert done.returncode == 0, done.stderr
    assert {file.name for file in out.iterdir()} == {
        "chargeback_focus.csv",
        "chargeback_focus.parquet",
    }
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    with (out / "chargeback_focus.csv").open(encoding="utf-8", newline="") as file:
        assert {row["x_CostCenter"] for row in csv.DictReader(file)} == {f"'{formula}"}
    parquet = f"select distinct x_costcenter from '{out / 'chargeback_focus.parquet'}'"
    assert duckdb.sql(parquet).fetchall() == [(formula,)]
    refused = export(database, "--out", out, "people")
    assert (refused.returncode, "add --show-people" in refused.stderr) == (2, True)
    assert not (out / "people.csv").exists()


def test_no_documentation_writes_csv_without_the_export():
    """DuckDB's copy leaves formulas in names as they are."""
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("analyses/*.sql")]:
        assert not re.search(r"-c \"copy|^copy .* to ", path.read_text(), re.MULTILINE), path


def test_says_what_it_wrote_unless_quiet(sample, tmp_path):
    result = write_report(sample.database, tmp_path / "page.html")
    assert result.returncode == 0
    assert re.search(rf"Wrote {tmp_path}/page.html \(\d+\.\d MB\)", result.stdout)
    assert write_report(sample.database, tmp_path / "page.html", "--quiet").stdout == ""


def test_mistakes_are_reported_without_a_stack_trace(sample, tmp_path):
    missing = write_report(tmp_path / "none.duckdb", tmp_path / "page.html")
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    (tmp_path / "file").write_text("")
    for result, advice in (
        (missing, "run .venv/bin/dbt build"),
        (write_report(empty, tmp_path / "page.html"), "run .venv/bin/dbt build"),
        (write_report(sample.database, tmp_path / "file/page.html"), "cannot be written"),
    ):
        assert result.returncode == 2
        assert advice in result.stderr
        assert "Traceback" not in result.stderr
