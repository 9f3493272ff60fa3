"""The made-up organization has all the features of real report files."""

import csv
import hashlib
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from projects import ROOT

EPOCH_TAILS = {
    "E0": r"",
    "E1": r"(,[a-z0-9_.]+_messages)*",
    "E2": r"(,[a-z0-9_.]+_messages)*,New_User",
    "E3": r",New_User,User_Email(,[a-z0-9_.]+_messages)*",
    "E4": r",New_User,User_Email,Usage_Limit(,[a-z0-9_.]+_messages)*",
}
EPOCH_STARTS = {
    "2026-02-01": "E0",
    "2026-03-01": "E1",
    "2026-05-01": "E2",
    "2026-06-01": "E3",
    "2026-09-01": "E4",
}


def generate(out: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, ROOT / "scripts/generate_reports.py", "--out", out, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(str(path.relative_to(folder)).encode())
            whole.update(path.read_bytes())
            if path.suffix == ".csv":
                whole.update(f"{path.stat().st_mtime}".encode())
    return whole.hexdigest()


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "reports"
    done = generate(
        out, *("--users", "60", "--days", "222", "--start", "2026-02-20", "--users-per-file", "9")
    )
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def user_reports(reports) -> list[Path]:
    return sorted(reports.rglob("user_report/**/*_user_report*.csv"))


def test_same_seed_gives_the_same_bytes(tmp_path):
    arguments = ("--users", "20", "--days", "14", "--start", "2026-08-25")
    generate(tmp_path / "a", *arguments)
    generate(tmp_path / "b", *arguments)
    generate(tmp_path / "c", *arguments, "--seed", "2")
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert digest(tmp_path / "a") != digest(tmp_path / "c")


def test_nonempty_folder_is_refused(tmp_path):
    (tmp_path / "mine.csv").write_text("x")
    done = generate(tmp_path, "--days", "14")
    assert done.returncode == 2
    assert "is not empty" in done.stderr


def test_headers_match_their_time_period(user_reports):
    seen = set()
    for path in user_reports:
        with path.open() as file:
            header = file.readline().rstrip("\n")
        day = re.search(r"/(\d{4}/\d{2}/\d{2})/00/", str(path)).group(1).replace("/", "-")
        epoch = [name for start, name in EPOCH_STARTS.items() if start <= day][-1]
        tail = header.split(",Total_Messages")[1]
        assert re.fullmatch(EPOCH_TAILS[epoch], tail), (epoch, tail)
        seen.add((epoch, tail))
    assert {epoch for epoch, _ in seen} == set(EPOCH_TAILS)
    # Model columns differ from file to file, and some early files have none.
    assert ("E1", "") in seen
    assert len(seen) > 19


def test_file_names_have_clients_and_parts(user_reports):
    names = [path.name for path in user_reports]
    clients = Counter(re.match(r"[A-Z_]+(?=_\d{12})", name).group() for name in names)
    assert set(clients) == {"KIRO_IDE", "KIRO_CLI", "PLUGIN", "KIRO_WEB"}
    assert any(re.search(r"_part_\d+_\d{12}", name) for name in names)
    assert any(re.search(r"_\d{12}_part_\d+[._]", name) for name in names)
    assert any(name.endswith("_report.csv") for name in names)
    assert any("_part_" not in name for name in names)


def test_report_values_use_every_notation(user_reports):
    texts = [path.read_text() for path in user_reports]
    rows = [row for path in user_reports for row in csv.DictReader(path.open(newline=""))]
    assert {row["Overage_Enabled"] for row in rows} == {"true", "TRUE", "false"}
    assert {row["Subscription_Tier"] for row in rows} == {"PRO", "PRO_PLUS", "PRO_MAX", "POWER"}
    assert {row["UserId"].startswith("d-") for row in rows} == {True, False}
    assert {'"' in text for text in texts} == {True, False}
    assert "" in {row.get("User_Email") for row in rows}
    assert "New.Name@Example.com" in {row.get("User_Email") for row in rows}
    assert "true" in {row.get("New_User") for row in rows}
    assert {row.get("Usage_Limit") for row in rows} >= {None, "1000.0", "2000.0"}
    assert any(float(row["Overage_Credits_Used"]) > 0 for row in rows)
    assert max(len(list(csv.DictReader(path.open(newline="")))) for path in user_reports) == 9


def test_rows_follow_the_rules_of_the_vendor(user_reports):
    for path in user_reports:
        for row in csv.DictReader(path.open(newline="")):
            assert 0 <= float(row["Overage_Credits_Used"]) <= float(row["Credits_Used"])
            models = [
                int(value or 0)
                for name, value in row.items()
                if name.endswith("_messages") and name != "Total_Messages"
            ]
            assert not models or sum(models) == int(row["Total_Messages"])


def test_other_objects_in_a_bucket_are_skipped(reports):
    assert list(reports.rglob("by_user_analytic/**/*_by_user_analytic_*.csv"))
    assert list(reports.rglob("kiro-ide-somebody.csv"))
    assert list(reports.rglob("prompts.json.gz"))
    assert [path for path in reports.rglob("0f8fad5b*") if not path.suffix]
    assert list(reports.glob("*/logs/logs/AWSLogs"))


def test_use_depends_on_the_day_of_the_week(user_reports):
    rows = Counter()
    for path in user_reports:
        for row in csv.DictReader(path.open(newline="")):
            rows[row["Date"]] += 1
    # 15 to 21 June 2026, Monday to Sunday.
    week = [rows[f"2026-06-{day}"] for day in range(15, 22)]
    assert min(week[:5]) > 2 * max(week[5:])
