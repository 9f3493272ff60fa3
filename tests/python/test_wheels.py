"""The pinned packages have wheels for every platform and Python version in the README."""

import subprocess
import sys

import pytest
from projects import ROOT

pytestmark = pytest.mark.release

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
# pip 23 accepts a newer manylinux tag only as an exact match.
PLATFORMS = {
    "linux_x86_64": [
        *(f"manylinux_2_{minor}_x86_64" for minor in range(5, 29)),
        *("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"),
    ],
    "linux_arm64": [
        *(f"manylinux_2_{minor}_aarch64" for minor in range(17, 29)),
        "manylinux2014_aarch64",
    ],
    "macos_arm64": ["macosx_14_0_arm64"],
}
# Users' installations: the project on all Pythons, other environments on the oldest and newest.
CASES = [("project", python) for python in PYTHONS] + [
    (name, python)
    for name in ("mcp", "metrics", "notebook")
    for python in (PYTHONS[0], PYTHONS[-1])
]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("name", "python"), CASES)
def test_pins_have_wheels(tmp_path, platform, name, python):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"),
            *("--no-deps", "--require-hashes", "--only-binary=:all:", "--target", tmp_path),
            *("--python-version", python, "--implementation", "cp"),
            *(part for tag in PLATFORMS[platform] for part in ("--platform", tag)),
            # The metrics need halo, which is published only as source, in pure Python.
            *("--no-binary", "halo"),
            *("--quiet", "--disable-pip-version-check", "-r", ROOT / f"requirements/{name}.txt"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
