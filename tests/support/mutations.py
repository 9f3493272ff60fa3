"""Breaks every model in defined ways and lists the changes that no test detects.

    make mutations

Each round changes one line in every model in a copy of the project. Unit tests mock their model's
inputs, so one run of all unit tests covers a round. Then each changed model in turn replaces its
table in the built sample organization, every data test that reads the table runs, and the change
is rolled back. Tables with wrong rows or values, including seeds, are checked only by data tests.
"""

from __future__ import annotations

import csv
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import defaultdict
from pathlib import Path

import click
import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from reliability import document

ROOT = Path(__file__).parents[2]
PROJECT_PARTS = ["dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests"]

# Typical mistakes in a line of SQL: a pattern and its replacement.
CHANGES = [
    ("left join becomes inner", r"\bleft join\b", "inner join"),
    ("inner join becomes left", r"\binner join\b", "left join"),
    ("union all becomes union", r"\bunion all\b", "union"),
    ("sum becomes max", r"\bsum\(", "max("),
    ("max becomes min", r"\bmax\(", "min("),
    ("min becomes max", r"\bmin\(", "max("),
    ("<= becomes <", r" <= ", " < "),
    (">= becomes >", r" >= ", " > "),
    ("< becomes <=", r" < ", " <= "),
    ("> becomes >=", r" > ", " >= "),
    ("= becomes <>", r"^(\s*(?:where|and) \S+) = ", r"\1 <> "),
    ("condition dropped", r"^(\s*)and .*$", r"\1"),
    ("filter dropped", r"^(\s*)where \S.*$", r"\1where true"),
    ("not dropped", r"\bnot (?!null)", ""),
    ("and becomes or", r"^(\s*)and ", r"\1or "),
    ("one day more", r"\+ 1\b", "+ 2"),
    ("one day less", r"- 1\b", "- 0"),
    ("default 0 becomes 1", r", 0\)", ", 1)"),
    ("case condition negated", r"\bwhen (?!not )(.+?) then\b", r"when not (\1) then"),
    ("next becomes previous", r"\blead\(", "lag("),
    ("last becomes first", r"(?<=\w) desc\b", ""),
    ("setting negated", r"\{% if (.+?) %\}", r"{% if not (\1) %}"),
]

# Changes to a column, by kind of type.
WRONG_VALUES = {
    "text": [("is an unknown string", "'unknown text'")],
    "number": [
        ("is negative", "-1 - {}"),
        ("is a thousand times larger", "1000 * {} + 1"),
        ("is 0 where it is NULL", "coalesce({}, 0)"),
    ],
    "day": [
        ("is 400 days early", "{} - interval 400 days"),
        ("is 400 days late", "{} + interval 400 days"),
    ],
    "truth": [("is negated", "not {}")],
}
KINDS = {
    "VARCHAR": "text",
    **dict.fromkeys(["TINYINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "DECIMAL"], "number"),
    **dict.fromkeys(["DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"], "day"),
    "BOOLEAN": "truth",
}

# Tests that cannot detect anything here, and why.
IN_A_MACRO = "its rule is in a macro, and only lines of models are changed"
NO_SUCH_CHANGE = "its rule is in a kind of clause that is not changed"
EXPLAINED = {
    "address_used_by_two_people_identifies_neither": f"{NO_SUCH_CHANGE} (`having`)",
    "finding_comes_with_its_advice": f"{NO_SUCH_CHANGE} (the `on` of a join)",
    "overage_is_added_if_the_setting_is_additive": IN_A_MACRO,
    "overage_is_not_added_to_credits_that_include_it": IN_A_MACRO,
    "tests_look_at_all_of_history_on_request": f"{NO_SUCH_CHANGE} (a setting next to `or`)",
    "users_have_the_team_that_is_shown": IN_A_MACRO,
}


def changed_texts(text: str) -> list[tuple[str, str]]:
    """Every way to change one line of a model: the change and the model's new text."""
    lines = text.splitlines()
    changes = []
    for number, line in enumerate(lines):
        if "{#" in line or line.lstrip().startswith("--") or "config(" in line:
            continue
        for name, pattern, replacement in CHANGES:
            changed = re.sub(pattern, replacement, line, count=1)
            if changed != line:
                text = "\n".join([*lines[:number], changed, *lines[number + 1 :]]) + "\n"
                changes.append((f"line {number + 1}, {name}: {line.strip()}", text))
    return changes


class Workshop:
    """A copy of the project next to a built sample organization."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.project = folder / "project"
        self.sample = folder / "sample"
        self.database = folder / "kiro.duckdb"

    def prepare(self) -> None:
        """Copy the project, make the sample and build it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for part in PROJECT_PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            self.project.mkdir(parents=True, exist_ok=True)
            copy(ROOT / part, self.project / part)
        shutil.copytree(ROOT / "scripts/dbt_plugins", self.project / "scripts/dbt_plugins")
        subprocess.run(
            [
                *(sys.executable, ROOT / "scripts/generate_reports.py", "--users", "60"),
                *("--start", "2026-05-20", "--days", "130", "--users-per-file", "20"),
                *("--out", self.sample / "reports", "--seats-out", self.sample / "seats"),
            ],
            check=True,
            capture_output=True,
        )
        self.add_troubles()
        # Advice from July, for which savings can be computed later.
        for day in ("2026-07-20", "2026-09-26"):
            built = self.dbt(
                *("build", "--exclude-resource-type", "unit_test"),
                *("--vars", json.dumps({"as_of_date": day})),
            )
            assert built.success, day
        self.dbt("compile")

    def add_troubles(self) -> None:
        """Add data that tests warn about: a missing part, odd rows, a line without a user, an
        exemption."""
        max(self.sample.glob("reports/**/*_part_1.csv")).unlink()
        report = max(self.sample.glob("reports/**/user_report/**/*.csv"))
        with report.open(newline="") as file:
            rows = list(csv.DictReader(file))
        troubles = [
            {"Client_Type": "KIRO_WATCH"},
            {"Client_Type": "KIRO_CLI", "ProfileId": ""},
            {"Client_Type": "KIRO_WEB", "Overage_Credits_Used": "9999"},
            {"Client_Type": "PLUGIN", "Credits_Used": "many"},
        ]
        with report.open("w", newline="") as file:
            writer = csv.DictWriter(file, [*rows[0], "Surprise"])
            writer.writeheader()
            writer.writerows([*rows, *({**rows[0], **trouble} for trouble in troubles)])
        with max(self.sample.glob("seats/roster/**/*.csv")).open("a") as file:
            file.write(",Active,Kiro Pro,Direct,2026-07-01\n")
        with (self.project / "seeds/seat_exemptions.csv").open("a") as file:
            file.write(f"{rows[0]['UserId']},,on leave\n")

    def dbt(self, *arguments: str):
        """Run dbt in the copy of the project; return its result."""
        os.environ |= {
            "KIRO_REPORTS_DIR": str(self.sample / "reports"),
            "KIRO_SEATS_DIR": str(self.sample / "seats"),
            "KIRO_DUCKDB_PATH": str(self.database),
            "DBT_LOG_LEVEL_FILE": "none",
        }
        os.chdir(self.project)
        try:
            return dbtRunner().invoke(["--quiet", "--log-level", "none", *arguments])
        finally:
            DuckDBConnectionManager.close_all_connections()

    def manifest(self) -> dict:
        return json.loads((self.project / "target/manifest.json").read_text())


class DataTests:
    """The compiled data tests, and the models and seeds that each test reads."""

    def __init__(self, manifest: dict, database: Path):
        self.database = database
        self.models = {
            node["name"]: node
            for node in manifest["nodes"].values()
            if node["resource_type"] in ("model", "seed")
        }
        tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
        self.sql = {node["name"]: node["compiled_code"] for node in tests}
        self.of_model = defaultdict(list)
        for node in tests:
            for parent in node["depends_on"]["nodes"]:
                self.of_model[parent.split(".")[-1]].append(node["name"])
        with duckdb.connect(str(database)) as connection:
            self.rows = {name: self.failures(connection, name) for name in self.sql}

    def failures(self, connection, name: str) -> list[tuple]:
        return connection.execute(f"select count(*) from ({self.sql[name]}) as failing").fetchall()

    def that_notice(self, model: str, sql: str) -> set[str] | None:
        """The tests that detect `sql` in place of the model; None if the rows are the same."""
        node = self.models[model]
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        connection = duckdb.connect(str(self.database), config={"memory_limit": "4GB"})
        # A join without its condition would run for hours.
        limit = threading.Timer(60, connection.interrupt)
        limit.start()
        try:
            connection.execute("begin")
            connection.execute(f"create temporary table changed as {sql}")
            different = connection.execute(
                f"select 1 from ((from {model} except all from changed)"
                f" union all (from changed except all from {model})) limit 1"
            ).fetchall()
            if not different:
                return None
            connection.execute(f"drop {kind} {model}")
            connection.execute(f"create table {model} as from changed")
            return {
                name
                for name in self.of_model[model]
                if self.failures(connection, name) != self.rows[name]
            }
        except duckdb.Error:
            return {"(the statement fails or does not end)"}
        finally:
            limit.cancel()
            connection.execute("rollback")
            connection.close()


def with_wrong_rows(table: str, columns: dict[str, str]) -> list[tuple[str, str]]:
    """Variants of a table: doubled or dropped rows, or a wrong column (`columns`: name to type)."""
    changes = [
        ("every row twice", f"select * from {table} union all select * from {table}"),
        (
            "every second row dropped",
            f"select * exclude (n) from (select *, row_number() over () as n from {table})"
            " where n % 2 = 0",
        ),
    ]
    for column, type_ in columns.items():
        kind = KINDS.get(type_.split("(")[0])
        for name, wrong in [("is NULL", "null"), *WRONG_VALUES.get(kind, [])]:
            value = f"try_cast({wrong.format(chr(34) + column + chr(34))} as {type_})"
            sql = f'select * replace ({value} as "{column}") from {table}'
            changes.append((f"{column} {name}", sql))
    return changes


def say(progress: str) -> None:
    print(f"\r{progress:60}", end="", file=sys.stderr, flush=True)


@click.command()
@click.option("--rounds", default=1000, help="Number of rounds; each changes one line per model.")
@click.option("--folder", default=str(ROOT / "target/mutations"), type=click.Path(path_type=Path))
@click.option("--details", is_flag=True, help="Print every change that no test detects.")
def main(rounds: int, folder: Path, details: bool) -> None:
    """Break every model in defined ways and list the changes that no test detects.

    Example: tests/support/mutations.py --details
    """
    workshop = Workshop(folder)
    workshop.prepare()
    manifest = workshop.manifest()
    data_tests = DataTests(manifest, workshop.database)
    unit_tests = {node["name"]: node["model"] for node in manifest["unit_tests"].values()}
    noticed_by = defaultdict(set)  # test -> changes
    unnoticed, made, same = [], 0, 0

    with duckdb.connect(str(workshop.database)) as connection:
        columns = defaultdict(dict)
        for table, column, type_ in connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() order by column_index"
        ).fetchall():
            columns[table][column] = type_
    data_made, data_unnoticed = 0, []
    for number, name in enumerate(data_tests.models, start=1):
        say(f"rows of table {number} of {len(data_tests.models)}")
        for change, sql in with_wrong_rows(name, columns[name]):
            tests = data_tests.that_notice(name, sql)
            if tests is None:
                continue
            data_made += 1
            for test in tests:
                noticed_by[test].add((name, change))
            if not tests:
                data_unnoticed.append((name, change))

    sources = {
        name: (workshop.project / model["original_file_path"]).read_text()
        for name, model in data_tests.models.items()
        if model["resource_type"] == "model"
    }
    changes = {name: changed_texts(text) for name, text in sources.items()}
    rounds = min(rounds, max(map(len, changes.values())))
    for number in range(rounds):
        say(f"changed lines, round {number + 1} of {rounds}")
        round_ = {name: found[number] for name, found in changes.items() if number < len(found)}
        for name, text in sources.items():
            path = workshop.project / data_tests.models[name]["original_file_path"]
            wanted = round_[name][1] if name in round_ else text
            if path.read_text() != wanted:
                path.write_text(wanted)
        selected = [name for name in round_ if name in set(unit_tests.values())]
        failed = defaultdict(set)
        if selected:
            done = workshop.dbt("test", "--select", *(f"{n},test_type:unit" for n in selected))
            for result in done.result or []:
                if result.status not in ("pass", "warn", "success"):
                    failed[unit_tests[result.node.name]].add(result.node.name)
        compiled = workshop.dbt("compile", "--select", *round_)
        code = {
            result.node.name: result.node.compiled_code
            for result in compiled.result or []
            if result.status == "success"
        }
        for name, (change, _) in round_.items():
            model = data_tests.models[name]
            tests = set(failed[name])
            if name in code and model["config"]["materialized"] != "incremental":
                found = data_tests.that_notice(name, code[name])
                if found is None and not tests:
                    same += 1
                    continue
                tests |= found or set()
            elif name not in code:
                tests.add("(it does not compile)")
            made += 1
            for test in tests:
                noticed_by[test].add((name, change))
            if not tests:
                unnoticed.append((name, change))

    all_tests = set(data_tests.sql) | set(unit_tests)
    green = sorted(all_tests - set(noticed_by))
    figures = (
        f"{datetime.date.today()}: of {made} changed lines in {len(sources)} models, tests noticed"
        f" {made - len(unnoticed)} ({same} more changed no row). Of {data_made} tables with wrong\n"
        f"rows or values, data tests noticed {data_made - len(data_unnoticed)}."
        f" Of {len(all_tests)} tests, {len(all_tests) - len(green)} noticed a change"
    )
    explanations = "".join(
        f"\n- `{test}`: {EXPLAINED.get(test, 'NOT EXPLAINED')}" for test in green
    )
    figures += f"; the others:\n{''.join(explanations)}" if green else "."
    print(figures)
    document("mutations", figures)
    if details:
        for name, change in unnoticed + data_unnoticed:
            print(f"  {name}: {change}")
    sys.exit(1 if set(green) - set(EXPLAINED) else 0)


if __name__ == "__main__":
    main()
