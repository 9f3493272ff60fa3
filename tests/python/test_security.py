"""What SQL can reach, what is written for whom, and what lies in the repository."""

import duckdb
import pytest
from conftest import HEADER, Project, report_row

DAY = "2026-06-01"


@pytest.fixture(scope="module")
def built(module_project) -> Project:
    module_project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    module_project.run()
    return module_project
