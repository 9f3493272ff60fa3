"""Shared by the benchmarks: process measurements, Markdown tables, machine description."""

from __future__ import annotations

import datetime
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
PERFORMANCE = ROOT / "docs/performance.md"

# Runs in a bare Python process, because a process's peak memory includes its parent's.
MEASURE = """
import os, sys, time
started = time.perf_counter()
process = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(process, 0)
wall_seconds = time.perf_counter() - started
print()
print(wall_seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass
class Figures:
    """Wall time, CPU time and memory for all runs of a command."""

    wall_seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    peak_megabytes: list[float] = field(default_factory=list)

    def add(self, command: list, environment: dict[str, str], statuses=(0,)) -> Figures:
        """Run a command, expect one of the exit statuses, and record time and memory."""
        done = subprocess.run(
            [sys.executable, "-ISc", MEASURE, *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in statuses:
            raise click.ClickException(f"{command[0]}: {(done.stdout + done.stderr)[-1500:]}")
        wall_seconds, cpu_seconds, peak_megabytes = map(float, done.stdout.splitlines()[-1].split())
        self.wall_seconds.append(wall_seconds)
        self.cpu_seconds.append(cpu_seconds)
        self.peak_megabytes.append(peak_megabytes)
        return self

    @property
    def seconds(self) -> float:
        """The median wall time."""
        return statistics.median(self.wall_seconds)

    def cells(self) -> str:
        """CPU seconds and peak megabytes, as the last cells in a row."""
        return f"{statistics.median(self.cpu_seconds):.2f} | {max(self.peak_megabytes):.0f} |"


def machine(*packages: str) -> str:
    """The machine and package versions, in one line."""
    memory_gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{datetime.date.today()}, {os.cpu_count()} cores, {memory_gigabytes:.0f} GB, "
        f"Python {platform.python_version()}, {versions}"
    )


def write_section(name: str, text: str) -> None:
    """Replace the text between a section's markers in docs/performance.md."""
    before, rest = PERFORMANCE.read_text().split(f"<!-- {name} -->\n")
    behind = rest.split(f"<!-- end of {name} -->\n")[1]
    PERFORMANCE.write_text(
        f"{before}<!-- {name} -->\n{text.strip()}\n\n<!-- end of {name} -->\n{behind}"
    )
