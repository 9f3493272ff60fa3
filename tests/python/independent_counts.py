"""Counts report files with Python's csv module alone, to compare the models with."""

import csv
import re
from collections import defaultdict
from pathlib import Path

NAME = re.compile(
    r".*AWSLogs/(?P<account>\d+)/KiroLogs/user_report/(?P<region>[^/]+)/(?P<day>\d+/\d+/\d+)/00/"
    r"(?P<client>[A-Z_]+)_\d+_user_report(?:_part_(?P<part>\d+))?_\d+(?:_part_(?P<last>\d+))?"
    r"(?:_report)?\.csv"
)


def current_files(reports: Path) -> list[Path]:
    """The newest delivery of each account, Region, client, day and part."""
    newest: dict[tuple, Path] = {}
    for path in sorted(reports.rglob("*.csv")):
        match = NAME.fullmatch(str(path))
        if match:
            part = match["part"] or match["last"]
            key = (*match.group("account", "region", "client", "day"), part)
            if key not in newest or newest[key].stat().st_mtime <= path.stat().st_mtime:
                newest[key] = path
    return list(newest.values())


def totals_by_day(reports: Path) -> dict[str, tuple[float, int, int]]:
    """Credits, messages and users of each day, a user of two accounts counted twice."""
    credits: dict[str, float] = defaultdict(float)
    messages: dict[str, int] = defaultdict(int)
    users: dict[str, set] = defaultdict(set)
    for path in current_files(reports):
        account = NAME.fullmatch(str(path))["account"]
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                credits[row["Date"]] += float(row["Credits_Used"])
                messages[row["Date"]] += int(row["Total_Messages"])
                users[row["Date"]].add((account, row["UserId"].split(".")[-1]))
    return {day: (credits[day], messages[day], len(users[day])) for day in credits}
