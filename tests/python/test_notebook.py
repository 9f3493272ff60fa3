"""The Python example, run in a separate environment, reads the published copy."""

import json
import os
import subprocess

import pytest
from projects import HEADER, ROOT, Project, report_row
from test_published_copy import published

pytestmark = pytest.mark.long

EXAMPLE = ROOT / "examples/notebook.py"
PYTHON = ROOT / ".venv/notebook/bin/python"
AS_JSON = """
import runpy, sys
sys.argv[1:] = [{database!r}]
held = runpy.run_path({example!r})
print("::", end="")
frames = [held["states"].reset_index().to_json(orient="records")]
frames += [held[name].write_json() for name in ("models", "costs")]
print("[" + ",".join(frames) + "]")
"""


@pytest.fixture(scope="module")
def built(module_project) -> Project:
    for day in ("2026-05-30", "2026-06-01"):
        rows = "".join(report_row(day, user, tail=",2,1") for user in ("ann", "bob"))
        module_project.write_report(day, f"{HEADER},auto_messages,claude_opus_4_5_messages\n{rows}")
    module_project.run()
    return module_project


def run(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [PYTHON, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": ""},
    )


def test_frames_agree_with_sql(built):
    code = AS_JSON.format(database=str(published(built)), example=str(EXAMPLE))
    done = run("-c", code)
    assert done.returncode == 0, done.stderr
    states, models, costs = json.loads(done.stdout.rpartition("::")[2])
    assert [tuple(row.values()) for row in states] == built.query(
        "select seat_state, count(*), count(*) filter (where is_reclaimable)"
        " from license_utilization group by 1 order by 2 desc"
    )
    assert [(row["month"], row["model"], row["messages"]) for row in models] == built.query(
        "select date_trunc('month', activity_date)::date::varchar, model, sum(messages)::bigint"
        " from model_mix_daily group by 1, 2 order by 1 desc, 3 desc, 2"
    )
    assert sum(row["message_share"] for row in models) == pytest.approx(2)
    assert [float(row["total_cost_usd"]) for row in costs] == [
        float(row[0]) for row in built.query("select total_cost_usd from chargeback_monthly")
    ]


def test_example_runs_as_documented(built):
    done = run(EXAMPLE, published(built))
    assert done.returncode == 0, done.stderr
    assert "claude" in done.stdout


def test_missing_copy_is_reported(tmp_path):
    done = run(EXAMPLE, tmp_path / "none.duckdb")
    assert done.returncode != 0
    assert "none.duckdb" in done.stderr
