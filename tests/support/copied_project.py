"""A copy of the dbt project, for tests that change its files or location."""

import shutil
import subprocess
import sys
from pathlib import Path

from projects import ROOT, Project

PARTS = ("models", "macros", "seeds", "scripts/dbt_plugins", "dbt_project.yml", "profiles.yml")


class CopiedProject:
    """A copy of the dbt project whose rules a test can change."""

    def __init__(self, folder: Path):
        self.folder = folder / "code"
        self.data = Project(folder / "data")
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            (self.folder / part).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / part, self.folder / part)
        (self.folder / "tests").mkdir()
        shutil.copytree(ROOT / "tests/generic", self.folder / "tests/generic")

    def dbt(self, *arguments: str) -> str:
        """Run dbt in the copy, expect success, and return its output."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run dbt in the copy; a failure raises no exception."""
        environment = {
            "KIRO_REPORTS_DIR": str(self.data.reports),
            "KIRO_SEATS_DIR": str(self.data.seats),
            "KIRO_DUCKDB_PATH": str(self.data.database),
            "PATH": "/usr/bin:/bin",
        }
        return subprocess.run(
            [Path(sys.executable).parent / "dbt", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def change(self, file: str, old: str, new: str) -> None:
        """Replace text that occurs once in a file."""
        path = self.folder / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {old} {text.count(old)} times"
        path.write_text(text.replace(old, new))
