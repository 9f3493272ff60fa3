"""A small made-up organization, its page, and a browser."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from browser import Browser
from dashboard_page import BUDGETS, written
from projects import ROOT, Project


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """Tables built from a small made-up organization with a bill, a roster and teams."""
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


@pytest.fixture(scope="session")
def page(sample, tmp_path_factory):
    return written(sample.database, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
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
    """A function that changes a copy of the sample's tables and writes its dashboard."""

    def write(*statements: str, options: tuple[str, ...] = ()) -> Path:
        database = tmp_path / "changed.duckdb"
        shutil.copy(sample.published, database)
        with duckdb.connect(str(database)) as connection:
            for statement in statements:
                connection.execute(statement)
        return written(database, tmp_path, *options)

    return write
