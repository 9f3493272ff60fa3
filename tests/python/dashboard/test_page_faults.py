"""The dashboard with hostile names, faulty blocks, missing tables, and empty tables."""

import itertools
import shutil

import duckdb
from dashboard_page import AS_OF, write_report
from projects import PUBLIC_TABLES


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
    """Covers tiers, clients, models, teams and accounts; filters work with every name."""
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


def test_failed_chart_shows_an_error_and_other_charts_are_drawn(changed, browser):
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


def test_fault_in_a_block_affects_only_that_block(changed, browser):
    """Covers faults in the page data for a number, a chart and a list, and in a table's column."""
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


def test_uncomputable_block_is_reported_on_the_page_and_by_the_command(sample, tmp_path, browser):
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


def test_every_block_without_rows_gives_a_reason(changed, browser):
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


def test_answers_are_unknown_without_enough_history(changed, browser):
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


def test_missing_table_is_not_shown(changed, browser):
    page = changed("drop table chargeback_monthly", "drop table bill_reconciliation")
    browser.open(page)
    assert browser.script("return document.querySelector('[data-table=bill]')") is None
    assert browser.script("return document.querySelector('[data-table=team_list]')") is not None
    assert not (page.parent / "tables/bill_reconciliation.csv").exists()
