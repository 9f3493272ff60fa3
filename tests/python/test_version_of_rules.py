"""A change to any rule for building days causes a rebuild of all history."""

import re

import pytest
from copied_project import CopiedProject
from projects import HEADER, report_row

DAY = "2026-06-01"
NEXT_DAY = "2026-06-02"


def seat_days(copied: CopiedProject) -> list[tuple]:
    """Build the seats' days and return the credits."""
    selected = ("--select", "+int_seat_days_aggregated")
    copied.dbt("--quiet", "build", "--exclude-resource-type", "test", "unit_test", *selected)
    return copied.data.query(
        "select activity_date::varchar, credits_used::varchar"
        " from int_seat_days_aggregated order by activity_date"
    )


def version(copied: CopiedProject, *arguments: str) -> str:
    """The version of the rules, from a fresh parse or the last parse."""
    shown = copied.dbt("--quiet", "compile", *arguments, "--inline", "{{ version_of_rules() }}")
    return re.search(r"^[0-9a-f]{32}$", shown, re.MULTILINE)[0]


@pytest.fixture
def copied(tmp_path) -> CopiedProject:
    copied = CopiedProject(tmp_path)
    copied.data.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u', credits='3')}")
    return copied


def test_history_is_rebuilt_when_an_intermediate_view_or_macro_changes(copied):
    """A build that adds a day under different rules must also rebuild the earlier days."""
    assert seat_days(copied) == [(DAY, "3.000000")]
    copied.change(
        "models/intermediate/activity/int_activities_with_plan.sql",
        "    activities.credits_used,\n",
        "    cast(2 * activities.credits_used as decimal(18, 6)) as credits_used,\n",
    )
    copied.data.write_report(NEXT_DAY, f"{HEADER}\n{report_row(NEXT_DAY, 'u', credits='3')}")
    assert seat_days(copied) == [(DAY, "6.000000"), (NEXT_DAY, "6.000000")]

    copied.change(
        "macros/definitions/credits_with_overage.sql",
        "        {{ credits }}\n",
        "        cast(2 * {{ credits }} as decimal(18, 6))\n",
    )
    assert seat_days(copied) == [(DAY, "12.000000"), (NEXT_DAY, "12.000000")]


def test_version_depends_only_on_the_rules(copied, tmp_path):
    first = version(copied)
    assert version(copied, "--no-partial-parse") == first
    elsewhere = CopiedProject(tmp_path / "elsewhere")
    assert version(elsewhere) == first
    # Not used to build days.
    copied.change(
        "models/marts/actions/usage_alerts.sql",
        "delivery_alerts as (\n",
        "-- x\ndelivery_alerts as (\n",
    )
    assert version(copied) == first
    assert version(copied, "--vars", "{make_batch_rows: 5, alert_missing_files: 7}") == first
    assert version(copied, "--vars", "{overage_semantics: additive}") != first
