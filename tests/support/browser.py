"""A real browser that opens the dashboard, without a network."""

import base64
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

ROOT = Path(__file__).parents[2]
AXE = ROOT / ".venv/axe/axe_playwright_python/axe.min.js"
ARGUMENTS = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,900",
]


class Browser:
    """Headless Chromium with one page open."""

    def __init__(self, profile: Path):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in [*ARGUMENTS, f"--user-data-dir={profile}"]:
            options.add_argument(argument)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
        # The default of half a minute is too short on a busy machine.
        self.driver.set_script_timeout(300)

    def quit(self) -> None:
        self.driver.quit()

    def open(self, page: Path, width: int = 1400, scheme: str = "light") -> None:
        """Open a page from disk and wait until its charts are drawn."""
        self.driver.get("about:blank")
        self.logs()
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        )
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        self.driver.get(page.as_uri())
        self.wait_until_drawn()

    @contextmanager
    def clock_at(self, now: datetime) -> Iterator[None]:
        """Set the current time for pages opened in this context."""
        source = f"Date.now = () => {int(now.timestamp() * 1000)};"
        added = self.driver.execute_cdp_cmd(
            "Page.addScriptToEvaluateOnNewDocument", {"source": source}
        )
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)

    def live_in(self, zone: str = "", locale: str = "") -> None:
        """Open pages in another time zone or locale; without arguments, use the machine's."""
        self.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": zone})
        self.driver.execute_cdp_cmd("Emulation.setLocaleOverride", {"locale": locale})

    def tabs(self) -> list[str]:
        """Return the names of the tabs."""
        return self.script(
            "return [...document.querySelectorAll('[data-tab]')].map((tab) => tab.dataset.tab)"
        )

    def show(self, place: str) -> None:
        """Go to a tab or a block, as a link would; filters are unchanged."""
        is_there = self.script(
            "const tab = [...document.querySelectorAll('[data-tab]')].find((tab) => "
            "tab.dataset.tab === arguments[0] || tab.querySelector(`[id='${arguments[0]}']`));"
            "if (!tab.hidden) return true;"
            "document.documentElement.dataset.drawn = 'no';"
            "location.hash = arguments[0];"
            "return false;",
            place,
        )
        if not is_there:
            self.wait_until_drawn()

    def drawn(self) -> dict[str, list[str]]:
        """Return the text, label and position of everything in each chart, tab by tab."""
        drawn = {}
        for tab in self.tabs():
            self.show(tab)
            drawn |= self._drawn()
        return drawn

    def _drawn(self) -> dict[str, list[str]]:
        return self.script(
            "return Object.fromEntries("
            "[...document.querySelectorAll('[data-tab]:not([hidden]) .plot svg')].map((svg) => ["
            "svg.closest('[data-chart]').dataset.chart,"
            "[...svg.querySelectorAll('text, path, g')].flatMap((mark) => ["
            "mark.tagName === 'text' ? mark.textContent : '', mark.getAttribute('aria-label'),"
            "mark.getAttribute('d'), mark.getAttribute('transform')])]))"
        )

    def wait_until_drawn(self) -> None:
        WebDriverWait(self.driver, 60, poll_frequency=0.05).until(
            lambda driver: (
                driver.execute_script("return document.documentElement.dataset.drawn") == "yes"
            )
        )

    def logs(self) -> tuple[list[str], list[str]]:
        """Return the console messages and requested addresses since the last call."""
        console = [entry["message"] for entry in self.driver.get_log("browser")]
        events = [
            json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")
        ]
        requests = [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]
        return console, requests

    def script(self, code: str, *arguments):
        return self.driver.execute_script(code, *arguments)

    def find(self, css: str):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def text(self, css: str) -> str:
        return self.find(css).get_attribute("textContent")

    def choose(self, **filters: str) -> None:
        """Set filters by their values."""
        for name, value in filters.items():
            Select(self.find(f"#{name}")).select_by_value(value)
        self.wait_until_drawn()

    def clear(self) -> None:
        # The page updates only after the form's reset event.
        self.script("document.documentElement.dataset.drawn = 'no'")
        self.find("#clear").click()
        self.wait_until_drawn()

    def numbers(self) -> dict[str, str]:
        """Return the text of each figure shown, by name."""
        return self.script(
            "return Object.fromEntries([...document.querySelectorAll('[data-number]')]"
            ".map((place) => [place.dataset.number, place.textContent]))"
        )

    def marks(self, chart: str) -> list[dict[str, str]]:
        """Return the screen reader text of each of a chart's marks, by field."""
        self.show(chart)
        labels = self.script(
            "return [...document.querySelectorAll(`#chart-${arguments[0]} "
            "[role='graphics-symbol'][aria-roledescription='bar']`)]"
            ".map((mark) => mark.getAttribute('aria-label'))",
            chart,
        )
        return [dict(part.split(": ", 1) for part in label.split("; ")) for label in labels]

    def rows(self, table: str) -> list[list[str]]:
        """Return the cells of the rows that a table shows."""
        return self.script(
            "return [...document.querySelectorAll(`[data-table='${arguments[0]}'] tbody tr`)]"
            ".filter((row) => !row.hidden).map((row) => "
            "[...row.cells].map((cell) => cell.textContent))",
            table,
        )

    def violations(self) -> list[str]:
        """Return axe-core's violations of WCAG 2.2 AA and its own best practices."""
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document).then((result) => done(result.violations));"
        )
        return [
            f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
            for violation in found
            for node in violation["nodes"]
        ]

    def media(self, name: str) -> None:
        """Show the page on a medium, such as print; the default is the screen."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": name})

    def printed(self) -> bytes:
        """Return the page as an A4 PDF."""
        paper = {"paperWidth": 8.27, "paperHeight": 11.69}
        return base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", paper)["data"])

    def screenshot(self, file: Path) -> None:
        """Take a screenshot of the whole page."""
        box = self.script(
            "return { x: 0, y: 0, width: innerWidth, "
            "height: document.documentElement.scrollHeight, scale: 1 }"
        )
        picture = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": box}
        )
        file.write_bytes(base64.b64decode(picture["data"]))
