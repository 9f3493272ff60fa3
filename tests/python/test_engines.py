"""Wrong versions of dbt and DuckDB are refused before anything is written."""

import os
import subprocess
import sys
from contextlib import nullcontext

import pytest
from dbt_common.exceptions import DbtRuntimeError
from packaging.specifiers import SpecifierSet
from projects import ROOT, Project

sys.path.insert(0, str(ROOT / "scripts"))

from dbt_plugins.private_database import SUPPORTED_DUCKDB, check_version

# Runs dbt as if another version were installed.
WITH_DBT = """
import sys
import dbt.config.project
from dbt.cli.main import cli
from dbt_common.semver import VersionSpecifier
version = VersionSpecifier.from_version_string(sys.argv.pop(1))
dbt.config.project.get_installed_version = lambda: version
cli()
"""
WITH_DUCKDB = """
import sys
import duckdb
from dbt.cli.main import cli
duckdb.__version__ = sys.argv.pop(1)
cli()
"""


def build(code: str, version: str, project: Project) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code, version, "--no-partial-parse", "build"],
        cwd=ROOT,
        env=os.environ | project.environment("build"),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("version", ["1.10.9", "1.13.0", "2.0.0"])
def test_unsupported_dbt_version_is_refused(project, version):
    done = build(WITH_DBT, version, project)
    assert done.returncode == 2
    assert "This version of dbt is not supported" in done.stdout
    assert f"Installed version of dbt: ={version}" in done.stdout
    assert not project.database.exists()


@pytest.mark.long
def test_unsupported_duckdb_version_is_refused(project):
    done = build(WITH_DUCKDB, "1.4.2", project)
    assert done.returncode == 2
    said = " ".join(done.stdout.split())
    assert f"{sys.prefix} has DuckDB 1.4.2, and this project needs" in said
    assert "Run make setup" in said
    assert "Traceback" not in done.stdout + done.stderr
    assert not project.database.exists()


@pytest.mark.parametrize(
    ("version", "is_supported"),
    [("1.5.4", False), ("1.5.5", True), ("2.0.1.dev7", True), ("3.0.0", False)],
)
def test_only_supported_duckdb_versions_are_accepted(version, is_supported):
    with nullcontext() if is_supported else pytest.raises(DbtRuntimeError, match=version):
        check_version(version)


def test_supported_duckdb_versions_match_the_requirements():
    requirements = (ROOT / "requirements/project.in").read_text().splitlines()
    [pinned] = [line for line in requirements if line.startswith("duckdb>")]
    assert SpecifierSet(pinned.removeprefix("duckdb")) == SUPPORTED_DUCKDB
