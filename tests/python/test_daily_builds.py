"""Building day by day gives the same tables as building once."""

import json
import shutil
import subprocess
import sys

import pytest
from projects import PUBLIC_TABLES, ROOT, Project, failures

pytestmark = pytest.mark.release

# Advice is recorded per day, so it depends on which days had builds.
LOGS = ("recommendation_log", "realized_savings")


def incremental_models(project: Project) -> list[str]:
    """The dbt selection of models that keep rows between builds, with all ancestors."""
    listed = project.dbt(
        *("ls", "--select", "config.materialized:incremental", "--exclude", *LOGS),
        *("--output", "name"),
    )
    assert len(listed.result) >= 4
    return ["--select", *(f"+{name}" for name in listed.result)]


def test_sixty_daily_builds_equal_one_build_of_sixty_days(tmp_path):
    whole = Project(tmp_path / "whole")
    daily = Project(tmp_path / "daily")
    subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/generate_reports.py", "--out", whole.reports),
            *("--users", "25", "--start", "2026-07-30", "--days", "60", "--users-per-file", "8"),
        ],
        check=True,
        capture_output=True,
    )
    truth = json.loads((whole.reports / "truth.json").read_text())
    # Files arrive in delivery order; late and superseding files arrive on a later day.
    deliveries: dict[int, list] = {}
    for path in whole.reports.rglob("*.csv"):
        deliveries.setdefault(int(path.stat().st_mtime) // 86_400, []).append(path)
    assert len(deliveries) >= 60
    kept = incremental_models(whole)
    for day in sorted(deliveries):
        for path in deliveries[day]:
            copy = daily.reports / path.relative_to(whole.reports)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
        # Only incremental tables keep rows from one build to the next.
        number = sorted(deliveries).index(day)
        daily.run(*(kept if number % 20 else ()))
    daily.run()
    whole.run()
    for project in (whole, daily):
        result = project.dbt("test", "--exclude-resource-type", "unit_test")
        assert result.success, failures(result)

    assert str(daily.query("select as_of_date from int_as_of_date")[0][0]) == truth["as_of_date"]
    names = [name for name in PUBLIC_TABLES if name not in LOGS]
    whole_tables, daily_tables = whole.tables(names), daily.tables(names)
    differing = [name for name in names if whole_tables[name] != daily_tables[name]]
    assert differing == []
    assert sum(len(rows) for rows in whole_tables.values()) > 1000
