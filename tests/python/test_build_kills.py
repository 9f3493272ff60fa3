"""Kills `dbt build` at random moments; `make reliability` kills it more often."""

import datetime
import itertools
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from projects import HEADER, ROOT, Project, report_row, target_folder
from reliability import document

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("KIRO_KILLS", 4))
MOST_KILLS_IN_A_ROW = 4
FORGOTTEN = "11111111-aaaa-4111-8111-111111111111"
USERS = [FORGOTTEN, *(f"{number:08d}-bbbb-4222-8222-222222222222" for number in range(12))]
FIRST_DAY = datetime.date(2026, 4, 20)
DELIVERED_AT = 1_780_000_000


@dataclass
class Stage:
    """A build's input and arguments, and the result of an uninterrupted build."""

    name: str
    project: Project
    variables: str
    seconds: float = 0
    tables: dict | None = None

    @property
    def published(self) -> Path:
        return published(self.project.database)


def published(database: Path) -> Path:
    return database.with_name("kiro_published.duckdb")


def write_day(project: Project, number: int, version: int = 0, client: str = "KIRO_IDE") -> None:
    chance = random.Random(f"{number} {version} {client}")
    day = str(FIRST_DAY + datetime.timedelta(days=number))
    rows = "".join(
        report_row(day, user, client, f"{chance.uniform(0, 90):.2f}", tail=",2,1")
        for user in USERS
        if chance.random() < 0.7
    )
    project.write_report(
        day,
        f"{HEADER},auto_messages,claude_opus_5_messages\n{rows}{day},broken\n",
        client,
        delivered_at=DELIVERED_AT + number * 86_400 + version,
    )


def write_first_load(project: Project) -> None:
    for number in range(45):
        write_day(project, number)
        write_day(project, number, client="KIRO_CLI")


def write_late_and_superseding_files(project: Project) -> None:
    for number in (45, 46):
        write_day(project, number)
    write_day(project, 44, version=1)
    write_day(project, 20, client="PLUGIN")


def remove_a_file(project: Project) -> None:
    next(project.reports.rglob("KIRO_CLI*.csv")).unlink()
    write_day(project, 46, version=2)


STAGES = [
    ("first load", write_first_load, "{}"),
    ("late and superseding files", write_late_and_superseding_files, "{}"),
    ("reload", remove_a_file, "{reload_reports: true}"),
    ("forgetting", lambda project: project.forget(FORGOTTEN), "{}"),
]
# The quick run kills only the daily build.
KILLED = STAGES if KILLS > MOST_KILLS_IN_A_ROW else STAGES[:2]


def started(project: Project, variables: str) -> subprocess.Popen:
    """Start a build as a user would, but without tests, because tests write nothing."""
    target = target_folder() / "kills"
    forgotten = project.forgotten if project.forgotten.exists() else os.devnull
    own = {
        "KIRO_REPORTS_DIR": str(project.reports),
        "KIRO_SEATS_DIR": str(project.seats),
        "KIRO_DUCKDB_PATH": str(project.database),
        "KIRO_PEOPLE_TO_FORGET": str(forgotten),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
    }
    return subprocess.Popen(
        [
            *(Path(sys.executable).parent / "dbt", "--no-use-colors", "build"),
            *("--exclude-resource-type", "test", "unit_test", "--vars", variables),
        ],
        cwd=ROOT,
        env=os.environ | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def build(project: Project, variables: str) -> float:
    """Run a complete build and return the seconds it took."""
    begin = time.monotonic()
    process = started(project, variables)
    output, _ = process.communicate()
    assert process.returncode == 0, output
    return time.monotonic() - begin


def tables_of(file: Path) -> dict[str, list[tuple]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {
            name: connection.execute(f"select * from {name} order by all").fetchall()
            for (name,) in sorted(names)
        }


@pytest.fixture(scope="module")
def stages(tmp_path_factory) -> list[Stage]:
    """Consecutive uninterrupted builds, each with its mirror, database and tables."""
    done = []
    for number, (name, change, variables) in enumerate(KILLED):
        folder = tmp_path_factory.mktemp("undisturbed") / str(number)
        if done:
            shutil.copytree(done[-1].project.database.parent, folder)
        stage = Stage(name, Project(folder), variables)
        change(stage.project)
        stage.seconds = build(stage.project, variables)
        stage.tables = tables_of(stage.published)
        assert stage.tables == stage.project.tables()
        done.append(stage)
    assert all(before.tables != after.tables for before, after in itertools.pairwise(done))
    return done


class Reader:
    """A reader that keeps opening the published copy while builds run."""

    def __init__(self, file: Path, complete: list[dict]):
        self.file = file
        self.complete = complete
        self.opened = 0
        self.errors: list[str] = []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.read)

    def __enter__(self) -> "Reader":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()

    def read(self) -> None:
        known = None
        while not self.stopped.wait(0.3):
            try:
                inode = self.file.stat().st_ino
                with duckdb.connect(str(self.file), read_only=True) as connection:
                    connection.execute("select count(*) from people").fetchall()
                self.opened += 1
                if inode != known and tables_of(self.file) not in self.complete:
                    self.errors.append("the published tables are not from a single complete build")
                known = inode
            except (FileNotFoundError, duckdb.IOException) as error:
                # No copy exists before the first build or between an erasure and the next build.
                if not isinstance(error, FileNotFoundError) and "does not exist" not in str(error):
                    self.errors.append(str(error))


def test_killed_and_resumed_build_gives_the_same_tables(stages, tmp_path):
    chance = random.Random(20261124)
    kills = ended = trials = opened = 0
    while kills < KILLS:
        number = 1 if len(stages) == 2 else trials % len(stages)
        trials += 1
        stage, before = stages[number], stages[number - 1] if number else None
        project = Project(tmp_path / str(trials))
        project.reports, project.seats = stage.project.reports, stage.project.seats
        complete = [stage.tables]
        if before:
            complete.append(before.tables)
            shutil.copy(before.project.database, project.database)
            shutil.copy(before.published, published(project.database))
        in_a_row = min(KILLS - kills, MOST_KILLS_IN_A_ROW)
        with Reader(published(project.database), complete) as reader:
            for _ in range(in_a_row):
                process = started(project, stage.variables)
                try:
                    # Half the time that Python and dbt take to start.
                    seconds = chance.uniform(0.25, 1.0) * stage.seconds
                    output, _ = process.communicate(timeout=seconds)
                    assert process.returncode == 0, output
                    ended += 1
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()
                    kills += 1
            build(project, stage.variables)
        opened += reader.opened
        assert reader.errors == [], stage.name
        assert project.tables() == stage.tables, stage.name
        assert tables_of(published(project.database)) == stage.tables, stage.name
        left = {path.name for path in project.database.parent.iterdir()}
        files = {"kiro.duckdb", "kiro.duckdb.key", "kiro_published.duckdb", "reports"}
        assert left == files, stage.name
        if stage.name == "forgetting":
            for path in (project.database, published(project.database)):
                assert FORGOTTEN.encode() not in path.read_bytes()
        shutil.rmtree(project.database.parent)
    document(
        "build kills",
        f"{datetime.date.today()}: {kills} kills (SIGKILL at random moments) of `dbt build`, in "
        f"{trials} rounds\n({', '.join(name for name, _, _ in KILLED)}), each killed up to "
        f"{MOST_KILLS_IN_A_ROW} times\nin a row and then completed; {ended} builds ended "
        "before the kill. Every round produced the\ntables of an uninterrupted build. Meanwhile, a "
        f"reader opened the published copy {opened:,} times:\nit always had all tables of one "
        "complete build (`tests/python/test_build_kills.py`).",
    )
    print(f"{kills} kills of dbt build, {opened} reads of the published copy")
