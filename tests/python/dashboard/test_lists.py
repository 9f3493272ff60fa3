"""The dashboard's lists: sorting, searching, filtering, downloading, and shortening."""

import csv

import pytest
from browser import Browser
from dashboard_page import AS_OF, HELD, NUMBERS, UNUSED, figure, value
from selenium.webdriver.support.ui import WebDriverWait


def test_unused_seats_are_reclaimed_or_have_a_reason(sample, opened):
    kept = sample.query(
        f"select exemption_reason from license_utilization where {HELD} and {UNUSED}"
        " and not is_reclaimable"
    )
    listed = [row[-1] for row in opened.rows("kept")]
    unused = value(sample, NUMBERS["unused_seats"])
    assert len(listed) + len(opened.rows("reclaim")) == unused
    assert sorted(listed) == sorted(f"exempt: {reason}" for (reason,) in kept)


def test_seats_to_reclaim_come_with_an_explanation(opened):
    assert "Seats cannot be transferred" in opened.text("#reclaim .note")


def test_lists_sort_by_every_column_and_announce_the_order(opened):
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
    """Open the filter fields if needed and type into the field above a column."""
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
    filter_column(opened, "action_list", 4, "CHEAPER PLAN")
    downgrades = [row for row in everything if row[4].startswith("Move to a cheaper plan: ")]
    assert opened.rows("action_list") == downgrades
    filter_column(opened, "action_list", 5, "> 20")
    expensive = [row for row in downgrades if row[5] != "–" and figure(row[5]) > 20]
    assert opened.rows("action_list") == expensive
    assert 0 < len(expensive) < len(downgrades)
    filter_column(opened, "action_list", 5, "< $20.5")
    assert opened.rows("action_list") == [
        row for row in downgrades if row[5] != "–" and figure(row[5]) < 20.5
    ]
    # The filter fields remain even if nothing matches.
    filter_column(opened, "action_list", 0, "nobody")
    assert opened.rows("action_list") == []
    assert opened.find("#action_list .column-filters").is_displayed()


def test_list_is_downloaded_as_filtered_and_without_formulas(changed, browser, tmp_path):
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
    filter_column(browser, "action_list", 4, "cheaper plan")
    assert {row[-1] for row in downloaded()[1:]} == {words}
    assert browser.logs()[0] == []


@pytest.mark.long
def test_page_for_100000_seats_is_smaller_than_10_megabytes(changed, browser):
    """Includes panels, with days and months, for as many people as fit."""
    copied = {
        "license_utilization": "true",
        "overage_risk": "true",
        "recommended_actions": "true",
        "seat_state_history": "true",
        "overage_monthly": "true",
        "seat_usage_daily": f"activity_date > {AS_OF} - 92",
    }
    page = changed(
        *(
            f"insert into {table} select seats.* replace (user_id || '-' || number as user_id)"
            f" from {table} as seats cross join range(1700) as copies (number) where {where}"
            for table, where in copied.items()
        )
    )
    assert page.stat().st_size < 10e6
    browser.open(page)
    browser.show("seats")
    assert "1,000 of " in browser.text("#action_list .count")
    browser.script("document.querySelector('#action_list .person').click()")
    assert len(browser.find("#person .days svg").find_elements("tag name", "rect")) > 0
    assert browser.logs()[0] == []


def test_long_lists_are_cut_and_mention_hidden_rows(sample, changed, browser):
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


def test_finding_for_several_months_is_one_row_with_first_and_last_month(changed, browser):
    page = changed(
        "delete from data_quality_findings",
        "insert into data_quality_findings"
        " (finding, severity, source, account_id, affected, advice, usage_month) values"
        " ('bill_is_old', 'warning', 'bill', '1', 2, 'Fetch it.', '2025-02-01'),"
        " ('bill_is_old', 'warning', 'bill', '1', 3, 'Fetch it.', '2026-09-01'),"
        " ('list_is_unreadable', 'warning', 'roster', '1', 1, 'Mend it.', null)",
    )
    browser.open(page)
    assert [row[2:6] for row in browser.rows("findings")] == [
        ["bill is old", "1", "Feb 2025 to Sep 2026", "5"],
        ["list is unreadable", "1", "–", "1"],
    ]
