"""`make setup` with a Python that is too old or did not create `.venv`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import ROOT

# A minimal stand-in for Python: reports a version, runs modules, and creates environments.
PYTHON = """#!/bin/sh
case "$1" in
    -V) echo "Python {version}" ;;
    -c) exec {real} -c "import sys; sys.version_info = {info}; sys.version = '{version} x'; $2" ;;
    -m)
        mkdir -p "$3/bin"
        cp "$0" "$3/bin/python"
        printf '#!/bin/sh\\n' > "$3/bin/pip"
        chmod +x "$3/bin/pip"
        ;;
esac
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("Makefile", "requirements/project.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for version in ("3.10.9", "3.11.2", "3.12.1"):
        python = tmp_path / f"python{version.rpartition('.')[0]}"
        info = tuple(map(int, version.split(".")))
        python.write_text(PYTHON.format(version=version, info=info, real=sys.executable))
        python.chmod(0o755)
    return tmp_path


def setup(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["make", "setup", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def version_of(folder: Path) -> str:
    venv = folder / ".venv/bin/python"
    return subprocess.run([venv, "-V"], capture_output=True, text=True, check=True).stdout.strip()


def test_old_python_is_refused_before_anything_is_created(folder):
    done = setup(folder, "PYTHON=./python3.10")
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed, and ./python3.10 is 3.10.9." in done.stderr
    assert not (folder / ".venv").exists()


def test_leftovers_of_another_python_are_rebuilt(folder):
    (folder / ".venv/bin").mkdir(parents=True)
    shutil.copy(folder / "python3.10", folder / ".venv/bin/python")
    (folder / ".venv/left").touch()
    done = setup(folder, "PYTHON=./python3.11")
    assert done.returncode == 0, done.stderr
    assert version_of(folder) == "Python 3.11.2"
    assert not (folder / ".venv/left").exists()


def test_complete_environment_is_rebuilt_only_for_another_python(folder):
    assert setup(folder, "PYTHON=./python3.11").returncode == 0
    (folder / ".venv/kept").touch()
    assert setup(folder, "PYTHON=./python3.11").returncode == 0
    assert setup(folder).returncode == 0
    assert (folder / ".venv/kept").exists()
    assert setup(folder, "PYTHON=./python3.12").returncode == 0
    assert version_of(folder) == "Python 3.12.1"
    assert not (folder / ".venv/kept").exists()
