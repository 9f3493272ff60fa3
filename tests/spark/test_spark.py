"""The same models on a Spark cluster: every public table equals DuckDB's, row by row."""

import math
import os
import subprocess
import sys
from collections import defaultdict
from itertools import islice, zip_longest
from pathlib import Path

import duckdb
import pytest
from awkward_organization import awkward_organization
from cluster import ROOT, SPARK_VENV, Cluster
from projects import PUBLIC_TABLES, Project

RATIOS_AGREE_TO = 1e-9
WITHOUT_TESTS = ("--exclude-resource-type", "test", "unit_test")


# Savings are computed for advice from a month that ends before the reports do.
FIRST_AS_OF_DATE = "2026-03-31"


@pytest.fixture(scope="module")
def organization(tmp_path_factory) -> Project:
    """A made-up organization with a hundred days, starting in February."""
    project = Project(tmp_path_factory.mktemp("organization"))
    run_script(
        "generate_reports.py",
        *("--users", "30", "--days", "100", "--start", "2026-02-01"),
        *("--out", project.reports, "--seats-out", project.seats),
    )
    return project


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("spark") / "cluster") as running:
        yield running


@pytest.fixture(scope="module")
def first_build(organization, cluster) -> None:
    """Builds on both engines, with the reports up to the end of March."""
    as_of = ("--vars", f"{{as_of_date: {FIRST_AS_OF_DATE}}}")
    build_and_export(organization, *as_of)
    with spark_build(organization, cluster, *as_of) as build:
        output, _ = build.communicate()
    assert build.returncode == 0, output


def test_every_public_table_equals_the_duckdb_table(organization, cluster, first_build):
    assert differences(organization, cluster) == {}


def test_build_with_a_restated_day_survives_a_dead_worker(organization, cluster, first_build):
    [restated, *_] = sorted(organization.reports.rglob("user_report/*/2026/03/17/00/*.csv"))
    header, *lines = restated.read_text().splitlines(keepends=True)
    assert len(lines) > 1
    restated.write_text("".join([header, *lines[1:], "2026-03-17,,,\n"]))

    # The restated day's rows and messages, and changed tables that are not split by day.
    assert "5 files written" in build_and_export(organization)
    with spark_build(organization, cluster) as build:
        # Wait for half of the models.
        for _ in islice((line for line in build.stdout if " OK " in line), 50):
            pass
        cluster.kill("worker-1")
        output, _ = build.communicate()

    assert build.returncode == 0, output
    assert differences(organization, cluster) == {}
    assert organization.query("select count(*) > 0 from realized_savings") == [(True,)]
    assert organization.query("select count(*) from rejected_rows") == [(1,)]


def test_every_public_table_of_the_awkward_organization_equals_the_duckdb_table(tmp_path, cluster):
    awkward = Project(tmp_path)
    awkward_organization().write(awkward.reports, awkward.seats)
    build_and_export(awkward)
    with spark_build(awkward, cluster, schema="awkward") as build:
        output, _ = build.communicate()
    assert build.returncode == 0, output
    assert differences(awkward, cluster, schema="awkward") == {}


def test_missing_export_is_reported(organization, cluster):
    with spark_build(organization, cluster, KIRO_PARQUET_DIR="") as build:
        output, _ = build.communicate()
    assert build.returncode != 0
    assert "KIRO_PARQUET_DIR is ''. Set it to the output folder of" in output


def build_and_export(project: Project, *arguments: str) -> str:
    """Build the tables on DuckDB and return the output of the base table export."""
    project.run(*arguments)
    return run_script(
        "export_to_parquet.py", "--database", project.database, "--out", exported(project)
    )


def exported(project: Project) -> Path:
    return project.database.parent / "parquet"


def run_script(name: str, *arguments) -> str:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / name, *arguments],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def spark_build(
    project: Project,
    cluster: Cluster,
    *arguments: str,
    schema: str = "kiro",
    **environment: str,
) -> subprocess.Popen:
    """Start a build on the cluster."""
    target = project.database.parent / "target"
    return subprocess.Popen(
        [SPARK_VENV / "bin" / "dbt", "build", "--target", "spark", *WITHOUT_TESTS, *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "KIRO_PARQUET_DIR": str(exported(project)),
            "KIRO_SPARK_PORT": str(cluster.thrift_port),
            "KIRO_SPARK_SCHEMA": schema,
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(target),
        }
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def differences(project: Project, cluster: Cluster, schema: str = "kiro") -> dict[str, list]:
    """Return, per public table, the columns or else the rows that differ between the engines."""
    differing = {}
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{project.database}' as kiro (read_only)")
        for name in PUBLIC_TABLES:
            files = cluster.folder / "warehouse" / f"{schema}.db" / name / "**" / "*.parquet"
            ours = f"kiro.{name}"
            theirs = f"read_parquet('{files}', hive_partitioning = true)"
            columns, other_columns = (
                {
                    (column, data_type)
                    for column, data_type, *_ in connection.execute(
                        f"describe from {source}"
                    ).fetchall()
                }
                for source in (ours, theirs)
            )
            found = sorted(columns ^ other_columns)
            if not found:
                selected = ", ".join(column for column, _ in sorted(columns))
                found = unmatched(
                    connection.execute(f"select {selected} from {ours}").fetchall(),
                    connection.execute(f"select {selected} from {theirs}").fetchall(),
                )
            if found:
                differing[name] = found
    return differing


def unmatched(rows: list[tuple], other_rows: list[tuple]) -> list[tuple]:
    """Return the rows that are in only one of the lists; ratios may differ slightly."""
    left, right = (grouped_by_exact_values(each) for each in (rows, other_rows))
    return [
        (exact, ratios, other_ratios)
        for exact in left.keys() | right.keys()
        for ratios, other_ratios in zip_longest(left[exact], right[exact])
        if ratios is None or other_ratios is None or not are_close(ratios, other_ratios)
    ]


def grouped_by_exact_values(rows: list[tuple]) -> dict[tuple, list[tuple]]:
    """Return the rows' doubles, in order, keyed by the other columns."""
    groups = defaultdict(list)
    for row in rows:
        exact = tuple(float if isinstance(value, float) else value for value in row)
        groups[exact].append(tuple(value for value in row if isinstance(value, float)))
    for group in groups.values():
        group.sort()
    return groups


def are_close(ratios: tuple, other_ratios: tuple) -> bool:
    return all(
        math.isclose(ratio, other, rel_tol=RATIOS_AGREE_TO, abs_tol=RATIOS_AGREE_TO)
        for ratio, other in zip(ratios, other_ratios, strict=True)
    )
