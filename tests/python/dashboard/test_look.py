"""The dashboard's appearance: widths, themes, time zones, printing, and accessibility."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from projects import ROOT
from selenium.webdriver.support.ui import WebDriverWait

SCREENSHOTS = ROOT / "target/report-screenshots"
TABS = ["overview", "seats", "spend", "models", "adoption", "teams", "data_health", "legacy"]


def test_page_opens_from_disk_without_errors_or_requests(browser, page):
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
def test_page_with_old_reports_shows_a_warning(changed, browser, days_later, threshold, banner):
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
def test_charts_are_the_same_in_every_time_zone(browser, page, zone, locale):
    browser.open(page)
    expected = browser.drawn(), browser.numbers()
    browser.live_in(zone, locale)
    try:
        browser.open(page)
        assert (browser.drawn(), browser.numbers()) == expected
    finally:
        browser.live_in()


def test_page_opens_without_laying_out_hidden_tabs(page, browser):
    """Hidden tabs are not laid out, and people's panels are not parsed."""
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


def test_every_tab_is_shown_and_every_chart_is_drawn(opened):
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


def test_labels_use_ordinary_words(opened):
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
def test_tabs_and_filters_stay_visible(browser, page, width):
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
def test_page_fits_the_window_and_can_be_saved_as_a_picture(browser, page, width, scheme):
    browser.open(page, width, scheme)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for tab in TABS:
        browser.show(tab)
        assert browser.script("return document.documentElement.scrollWidth <= innerWidth"), tab
        browser.screenshot(SCREENSHOTS / f"{tab}-{width}-{scheme}.png")


def test_legends_fit_a_narrowed_window(opened):
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


def test_scale_for_few_seats_has_no_duplicate_labels(changed, browser):
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


def test_no_list_is_wider_than_a_desktop_screen(opened):
    for tab in TABS:
        opened.show(tab)
        wide = opened.script(
            "return [...document.querySelectorAll('.scroll')]"
            ".filter((list) => list.scrollWidth > list.clientWidth)"
            ".map((list) => list.ariaLabel)"
        )
        assert wide == []


def test_printout_has_few_pages_and_mentions_cut_lists(opened):
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


def test_definitions_open_from_the_keyboard_and_close_with_escape(opened):
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


def test_the_theme_can_be_switched(opened):
    opened.find("#theme").click()
    opened.wait_until_drawn()
    assert opened.script("return document.documentElement.dataset.theme") == "dark"
    assert opened.find("#theme").text == "Light mode"
