"""Full disks under each folder that the project writes to."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mirroring import Mirror, put, report_key
from projects import HEADER, ROOT, report_row

pytestmark = pytest.mark.long

DAY = "2026-06-01"
REPORT_BYTES = 20_000
# A few statements are enough: this tests files next to the database.
FEW = ("run", "--select", "stg_rosters__files+", "--exclude", "marts", "intermediate")


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """Mount a disk of this size on a folder; needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path, but_bytes: int = 0) -> None:
    """Fill a small disk, leaving some bytes free."""
    room = os.statvfs(folder)
    (folder / "filling").write_bytes(b"\0" * (room.f_bavail * room.f_frsize - but_bytes))


def run(script: str, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, ROOT / f"scripts/{script}.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


# Too small for the folders, the record, the first report, or a few reports in the record.
@pytest.mark.parametrize("size", ["4k", "8k", "20k", "32k", "100k", "300k"])
def test_mirror(s3, server, tmp_path, size):
    put(s3, {report_key(day): "x" * REPORT_BYTES for day in range(20)})
    mirror = Mirror(tmp_path / "mirror", server)
    with small_disk(mirror.folder, size):
        done = mirror.run()
        assert done.returncode == 1, done.stderr
        assert "the disk is full: free some space and run again." in done.stderr
        assert {len(text) for text in mirror.files().values()} <= {REPORT_BYTES}
        assert mirror.on_its_way() == []
        subprocess.run(["mount", "-o", "remount,size=10m", mirror.folder], check=True)
        summary = mirror.sync()
        assert summary["fetched"] + summary["adopted"] + summary["unchanged"] == 20
        # A sync without new files needs no space.
        fill(mirror.folder)
        assert mirror.sync()["unchanged"] == 20


@pytest.fixture(scope="module")
def built(module_project):
    module_project.write_report(DAY, f"{HEADER}\n{report_row(DAY, 'u')}")
    module_project.run()
    return module_project


def test_log(built, tmp_path):
    """The command continues and prints no SQL statement, because cron would mail it."""
    with small_disk(tmp_path / "logs", "100k"):
        fill(tmp_path / "logs")
        done = built.dbt_process(*FEW, DBT_LOG_PATH=str(tmp_path / "logs"))
    assert done.returncode == 0, done.stdout
    log = tmp_path / "logs/dbt.log"
    assert done.stderr.count(f"{log} cannot be written: [Errno 28] No space left on device") == 1
    after = done.stderr.partition("The command continues without it.")[2]
    assert "Logging error" not in after
    assert "select" not in after


def test_target(built, tmp_path):
    """The message names the full disk."""
    target = tmp_path / "target"
    with small_disk(target, "100m"):
        there = {"DBT_TARGET_PATH": str(target)}
        many = ("run", "--select", "staging")
        assert built.dbt_process(*many, **there).returncode == 0
        for statements in ("compiled", "run"):
            shutil.rmtree(target / statements)
        # Space for dbt's first files and for some statements.
        fill(target, but_bytes=120_000)
        done = built.dbt_process("--no-use-colors", *many, **there)
        said = " ".join(done.stdout.split())
        assert done.returncode in (1, 2)
        assert f"free space on the disk of the folder {target}, or set DBT_TARGET_PATH" in said
        assert "KIRO_DUCKDB_PATH" not in said
        (target / "filling").unlink()
        assert built.dbt_process(*FEW, **there).returncode == 0


def test_dashboard(built, tmp_path):
    page = tmp_path / "dashboard/index.html"
    with small_disk(page.parent, "400k"):
        done = run("build_dashboard", "--database", built.database, "--out", page)
        assert done.returncode == 2
        assert done.stderr.endswith(f"Error: {page} cannot be written: No space left on device.\n")
        assert list(page.parent.iterdir()) == []


def test_extracts(built, tmp_path):
    """If an extract does not fit, the earlier extract stays, and the message names the folder."""
    out = tmp_path / "export"
    names = ("report_settings", "usage_daily")
    export = ("--database", built.database, "--out", out, *names)
    with small_disk(out, "1m"):
        assert run("export_tables", *export).returncode == 0
        before = {file.name: file.read_bytes() for file in out.iterdir()}
        fill(out)
        done = run("export_tables", *export)
        assert done.returncode == 2
        assert done.stderr.endswith(f"Error: {out} cannot be written: No space left on device.\n")
        (out / "filling").unlink()
        assert {file.name: file.read_bytes() for file in out.iterdir()} == before
