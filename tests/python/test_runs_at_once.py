"""Overlapping runs: two syncs of one mirror, a stopped process, a sync during a build."""

import fcntl
import itertools
import os
import signal
import subprocess
import time
from pathlib import Path

import fault_proxy as faults
import pytest
from fault_proxy import always
from mirroring import Mirror, put, report_key
from projects import HEADER, ROOT, report_row

pytestmark = pytest.mark.long

REPORTS = {report_key(day): f"report {day}" for day in range(30)}
STOPPED_SECONDS = 8
ANSWER_SECONDS = 0.5


@pytest.fixture
def slow(s3, proxy, tmp_path):
    """A mirror of a bucket that delays every object."""
    proxy.clear()
    put(s3, REPORTS)
    proxy.faults[".csv"] = always(faults.hang(ANSWER_SECONDS))
    return Mirror(tmp_path / "mirror", proxy.url)


def started(mirror: Mirror, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        mirror.command("--workers", "2", "--timeout", "2", *arguments),
        env=mirror.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_files(mirror: Mirror, count: int) -> None:
    while len(mirror.files()) < count:
        time.sleep(0.05)


def assert_all_is_there_once(mirror: Mirror, proxy) -> None:
    """Assert that the mirror and its record are complete and that nothing was fetched twice."""
    assert sorted(mirror.files().values()) == sorted(REPORTS.values())
    assert mirror.query_record("select count(*) from objects") == [(len(REPORTS),)]
    assert mirror.on_its_way() == []
    assert [n for name, n in proxy.requests.items() if name.endswith(".csv") and n > 1] == []


def test_only_one_of_several_simultaneous_syncs_runs(slow, proxy):
    processes = [started(slow) for _ in range(4)]
    ended = [(*process.communicate(), process.returncode) for process in processes]
    assert sorted(status for _, _, status in ended) == [0, 1, 1, 1], ended
    [worker] = [process for process in processes if process.returncode == 0]
    said = (
        f"Another sync (process {worker.pid}) is writing to {slow.folder}: wait for it to end, or "
        "stop it if it hangs.\n"
    )
    assert [stderr for _, stderr, status in ended if status] == [said] * 3
    assert_all_is_there_once(slow, proxy)


def test_stopped_sync_keeps_its_lock_and_resumes(slow, proxy):
    stopped = started(slow)
    wait_for_files(slow, 4)
    stopped.send_signal(signal.SIGSTOP)
    try:
        before = len(slow.files())
        other = slow.run()
        assert (other.returncode, other.stdout) == (1, "")
        assert f"Another sync (process {stopped.pid})" in other.stderr
        # Looking is allowed.
        assert slow.sync("--dry-run")["failed"] == 0
        # Longer than any timeout, so all connections are lost.
        time.sleep(STOPPED_SECONDS)
        assert len(slow.files()) == before < len(REPORTS)
    finally:
        stopped.send_signal(signal.SIGCONT)
    _, stderr = stopped.communicate()
    assert stopped.returncode == 0, stderr
    assert slow.sync("--full")["unchanged"] == len(REPORTS)
    assert sorted(slow.files().values()) == sorted(REPORTS.values())


def test_killed_sync_leaves_no_lock(slow, proxy):
    stopped = started(slow)
    wait_for_files(slow, 2)
    stopped.send_signal(signal.SIGSTOP)
    stopped.kill()
    stopped.communicate()
    proxy.faults.clear()
    summary = slow.sync()
    assert summary["fetched"] + summary["adopted"] + summary["unchanged"] == len(REPORTS)


def test_full_disk_does_not_prevent_the_lock(slow):
    slow.folder.joinpath(".sync").mkdir(parents=True)
    # The lock file of an earlier version, or of a run without space for its process number.
    lock = slow.folder / ".sync/lock"
    lock.write_text("")
    with lock.open("r") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "Another sync (process unknown)" in slow.run().stderr


def holds(process, database) -> bool:
    """Asks the kernel, because opening the database would interfere with the build."""
    inode = database.stat().st_ino
    return any(
        f" {process.pid} " in line and f":{inode} " in line
        for line in Path("/proc/locks").read_text().splitlines()
    )


def is_stopped(process) -> bool:
    status = Path(f"/proc/{process.pid}/stat").read_text()
    return status.rpartition(")")[2].split()[0] == "T"


def stop_while_it_holds(process, database) -> None:
    """Stop a build at a moment when it has the database open, not between connections."""
    while process.poll() is None:
        if holds(process, database):
            process.send_signal(signal.SIGSTOP)
            # A signal takes effect a moment after it is sent.
            while process.poll() is None and not is_stopped(process):
                time.sleep(0.01)
            if holds(process, database):
                return
            process.send_signal(signal.SIGCONT)
        time.sleep(0.01)
    raise AssertionError("the build ended before it was stopped")


def test_stopped_build_keeps_the_database_locked_and_resumes(project):
    day = "2026-06-01"
    project.write_report(day, f"{HEADER}\n{report_row(day, 'u')}")
    files = ("run", "--select", "base_kiro__report_files")
    assert project.dbt_process(*files).returncode == 0
    project.write_report("2026-06-02", f"{HEADER}\n{report_row('2026-06-02', 'u')}")
    process = subprocess.Popen(
        [ROOT / ".venv/bin/dbt", *files],
        cwd=ROOT,
        env=project.process_environment(*files),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    stop_while_it_holds(process, project.database)
    try:
        other = project.dbt_process("--no-use-colors", *files)
        said = " ".join(other.stdout.split())
        assert other.returncode == 2, said
        assert "is open in another program" in said
        assert f"PID {process.pid}" in said
        assert "Traceback" not in said + other.stderr
    finally:
        process.send_signal(signal.SIGCONT)
    output, _ = process.communicate()
    assert process.returncode == 0, output
    assert project.query("select count(*) from base_kiro__report_files") == [(2,)]


def test_reports_that_arrive_or_change_during_a_build_are_read_by_the_next_build(project, tmp_path):
    """As in a sync, each file is renamed into place."""

    def bring(number: int, version: int) -> None:
        day = f"2026-06-{number:02d}"
        rows = "".join(
            report_row(day, f"u{user}", credits=f"{version}.5") for user in range(5 + version % 3)
        )
        incoming = project.folder / "incoming"
        incoming.write_text(f"{HEADER}\n{rows}")
        os.utime(incoming, (1_780_000_000 + version,) * 2)
        name = f"KIRO_IDE_123456789012_user_report_{day.replace('-', '')}0000.csv"
        os.replace(incoming, project.write_report(day, "", name=name + ".new").with_name(name))

    rows = ("run", "--select", "base_kiro__report_files", "base_kiro__user_report_rows")
    for number in range(1, 11):
        bring(number, 0)
    process = subprocess.Popen(
        [ROOT / ".venv/bin/dbt", *rows],
        cwd=ROOT,
        env=project.process_environment(*rows),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for version in itertools.count(1):
        if process.poll() is not None:
            break
        bring(version % 20 + 1, version)
        time.sleep(0.02)
    assert process.returncode == 0, process.stdout.read()
    project.run(*rows[1:])
    held = (
        "select file, line_number, user_id, credits_used from base_kiro__user_report_rows"
        " inner join base_kiro__report_files using (file_id) order by all"
    )
    later = project.query(held)
    assert len({file for file, *_ in later}) == 20
    project.database = tmp_path / "fresh.duckdb"
    project.run(*rows[1:])
    assert later == project.query(held)
