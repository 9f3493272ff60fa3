"""The documentation page: a single file, opened from disk in a real browser."""

import json
import re

import pytest
import yaml
from browser import Browser
from projects import HEADER, PUBLIC_TABLES, ROOT, report_row, target_folder
from selenium.webdriver.support.ui import WebDriverWait

DAY = "2026-06-01"
PROJECT = "kiro_usage_analytics"
# Requests by dbt's own page before it renders (icons, favicon), reported in the console.
OWN_NOISE = re.compile(r"%7B%7B|\$%7Brequire|favicon|getIcon")


@pytest.fixture(scope="module")
def page(module_project):
    module_project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    module_project.run()
    done = module_project.dbt_process("docs", "generate", "--static")
    assert done.returncode == 0, done.stdout
    return target_folder() / "static_index.html"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.quit()


def shown(browser: Browser, page, place: str, words: str) -> str:
    """Open a section of the page, wait for these words, and return all text."""
    browser.driver.get("about:blank")
    browser.logs()
    browser.driver.get(f"{page.as_uri()}#!/{place}")
    WebDriverWait(browser.driver, 60, poll_frequency=0.1).until(
        lambda driver: words in driver.execute_script("return document.body.innerText")
    )
    return browser.script("return document.body.innerText")


def test_overview_explains_the_project_and_uses_no_network(browser, page):
    text = shown(browser, page, "overview", "Questions and tables")
    for words in ("Are the seats we pay for used?", "NULL means unknown", "Lineage"):
        assert words in text
    console, requests = browser.logs()
    assert [message for message in console if not OWN_NOISE.search(message)] == []
    assert [
        request
        for request in requests
        if not request.startswith(("file:", "data:", "about:")) and not OWN_NOISE.search(request)
    ] == []


def test_overview_links_to_every_public_table_and_nothing_else(browser, page):
    shown(browser, page, "overview", "Questions and tables")
    links = browser.script(
        "return [...document.querySelectorAll('.overview a, .markdown a, [marked] a, p a, td a, "
        "li a')].map((link) => link.getAttribute('href') || '')"
    )
    led_to = {link.split(f"model.{PROJECT}.")[1] for link in links if f"model.{PROJECT}." in link}
    assert led_to == set(PUBLIC_TABLES)


def test_table_page_describes_its_columns(browser, page):
    text = shown(browser, page, f"model/model.{PROJECT}.seat_states_monthly", "seat_state")
    assert "One row per month, account, tier, and seat state" in text
    assert "Cost of these seats in the month at list prices" in text
    text = shown(browser, page, f"model/model.{PROJECT}.overage_risk", "risk_band")
    assert "The forecast in ten sentences" in text


def test_every_column_macro_and_argument_is_described(page):
    manifest, catalog = (
        json.loads((page.parent / name).read_text()) for name in ("manifest.json", "catalog.json")
    )
    built = {node["metadata"]["name"]: node["columns"] for node in catalog["nodes"].values()}
    undescribed = []
    for node in manifest["nodes"].values():
        if node["resource_type"] in ("model", "seed"):
            described = {
                n.lower() for n, column in node["columns"].items() if column["description"]
            }
            undescribed += [
                f"{node['name']}.{name}"
                for name in built[node["alias"]]
                if name.lower() not in described
            ]
    for key, macro in manifest["macros"].items():
        if macro["package_name"] == PROJECT:
            described = {a["name"]: a["description"] for a in macro["arguments"]}
            signature = re.match(
                r"\{%-?\s*(?:macro|test) \w+\((.*?)\)\s*-?%\}", macro["macro_sql"], re.S
            )
            arguments = re.findall(r"(\w+)(?:=[^,]*)?", signature.group(1)) if signature else []
            assert list(described) == arguments, key
            undescribed += [f"{key}({name})" for name in arguments if not described[name]]
            undescribed += [key] if not macro["description"] else []
    assert not undescribed, "\n".join(undescribed)


def test_exposures_list_every_public_table(browser, page):
    exposures = {
        exposure["name"]: {
            ref.removeprefix("ref('").removesuffix("')") for ref in exposure["depends_on"]
        }
        for exposure in yaml.safe_load((ROOT / "models/marts/_exposures.yml").read_text())[
            "exposures"
        ]
    }
    assert exposures["dashboard"] == set(PUBLIC_TABLES)
    assert set(PUBLIC_TABLES) - exposures["ad_hoc_sql"] <= {"usage_alerts"}
    text = shown(browser, page, f"exposure/exposure.{PROJECT}.dashboard", "Depends On")
    assert "seat_states_monthly" in text
