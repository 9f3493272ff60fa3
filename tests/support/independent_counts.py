"""Computes totals from report files in plain Python, for comparison with the models.

This is a second implementation of the tables, based on their descriptions. Each function maps a
table's key to the values of the row.
"""

import csv
import datetime
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

NAME = re.compile(
    r".*AWSLogs/(?P<account>\d+)/KiroLogs/user_report/(?P<region>[^/]+)/(?P<day>\d+/\d+/\d+)/00/"
    r"(?P<client>[A-Z_]+)_\d+_user_report(?:_part_(?P<part>\d+))?_\d+(?:_part_(?P<last>\d+))?"
    r"(?:_report)?\.csv"
)
ALLOWANCES = {"PRO": 1000, "PRO_PLUS": 2000, "PRO_MAX": 5000, "POWER": 10000}


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


def rows(reports: Path) -> Iterator[dict]:
    """Each row of the current files, with numbers as numbers and messages by model."""
    for path in current_files(reports):
        account = NAME.fullmatch(str(path))["account"]
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                messages = int(row["Total_Messages"])
                models = {
                    name.removesuffix("_messages"): int(value or 0)
                    for name, value in row.items()
                    if name.endswith("_messages") and name != "Total_Messages"
                }
                models["(unattributed)"] = messages - sum(models.values())
                tier = row["Subscription_Tier"]
                user = row["UserId"].split(".")[-1]
                yield {
                    "account": account,
                    "seat": (account, row["ProfileId"], user),
                    "user": user,
                    "client": row["Client_Type"],
                    "day": datetime.date.fromisoformat(row["Date"]),
                    "month": row["Date"][:7],
                    "tier": tier,
                    "allowance": float(row.get("Usage_Limit") or ALLOWANCES[tier]),
                    "credits": float(row["Credits_Used"]),
                    "overage": float(row["Overage_Credits_Used"]),
                    "conversations": int(row["Chat_Conversations"]),
                    "messages": messages,
                    "models": {model: count for model, count in models.items() if count},
                    "is_active": any(
                        float(row[name]) > 0
                        for name in ("Credits_Used", "Total_Messages", "Chat_Conversations")
                    ),
                }


def days(reports: list[dict]) -> dict[tuple, tuple]:
    """Credits, messages and users per day; a user in two accounts is counted twice."""
    found = defaultdict(list)
    for row in reports:
        found[str(row["day"]),].append(row)
    return {
        key: (
            sum(row["credits"] for row in of_day),
            sum(row["messages"] for row in of_day),
            len({(row["account"], row["user"]) for row in of_day}),
        )
        for key, of_day in found.items()
    }


def seat_months(reports: list[dict]) -> dict[tuple, tuple]:
    """Credits, overage and allowance per seat and month."""
    found = defaultdict(list)
    for row in reports:
        found[*row["seat"], row["month"]].append(row)
    return {
        key: (
            sum(row["credits"] for row in of_month),
            sum(row["overage"] for row in of_month),
            max(row["allowance"] for row in of_month),
        )
        for key, of_month in found.items()
    }


def usage_days(reports: list[dict]) -> dict[tuple, tuple]:
    """Users, conversations, messages, credits and overage per day, account, client and tier."""
    found = defaultdict(list)
    for row in reports:
        found[str(row["day"]), row["account"], row["client"], row["tier"]].append(row)
    return {
        key: (len({row["user"] for row in of_day if row["is_active"]}), *summed(of_day))
        for key, of_day in found.items()
    }


def seat_usage_days(reports: list[dict]) -> dict[tuple, tuple]:
    """Use, clients and month-to-date credits per seat and day, for the last 92 days."""
    last = max(row["day"] for row in reports)
    of_days, of_months = defaultdict(list), defaultdict(list)
    for row in reports:
        of_days[row["seat"], row["day"]].append(row)
        of_months[row["seat"], row["month"]].append(row)
    return {
        (*seat, str(day)): (
            *summed(of_day),
            len({row["client"] for row in of_day if row["is_active"]}),
            sum(row["credits"] for row in of_months[seat, str(day)[:7]] if row["day"] <= day),
        )
        for (seat, day), of_day in of_days.items()
        if (last - day).days < 92
    }


def summed(reports: list[dict]) -> tuple:
    return tuple(
        sum(row[measure] for row in reports)
        for measure in ("conversations", "messages", "credits", "overage")
    )


def seats(reports: list[dict]) -> dict[tuple, tuple]:
    """First and last active day of each seat, and its active days in the last thirty days."""
    last = max(row["day"] for row in reports)
    found = defaultdict(set)
    for row in reports:
        if row["is_active"]:
            found[row["seat"]].add(row["day"])
    return {
        key: (min(active), max(active), sum((last - day).days < 30 for day in active))
        for key, active in found.items()
    }


def model_days(reports: list[dict]) -> dict[tuple, tuple]:
    """Messages and users per day, account, client, tier and model."""
    messages = defaultdict(int)
    users = defaultdict(set)
    for row in reports:
        for model, count in row["models"].items():
            key = (str(row["day"]), row["account"], row["client"], row["tier"], model)
            messages[key] += count
            users[key].add(row["user"])
    return {key: (messages[key], len(users[key])) for key in messages}


def seat_models(reports: list[dict]) -> dict[tuple, tuple]:
    """Messages per seat, month and model, and their share of the seat's monthly messages."""
    messages = defaultdict(int)
    of_seat = defaultdict(int)
    for row in reports:
        for model, count in row["models"].items():
            messages[*row["seat"], row["month"], model] += count
            of_seat[*row["seat"], row["month"]] += count
    return {key: (count, count / of_seat[key[:-1]]) for key, count in messages.items()}


def active_users(reports: list[dict]) -> dict[tuple, tuple]:
    """Users active on each day, and in the 7 and 28 days up to it, by account."""
    found = defaultdict(set)
    for row in reports:
        if row["is_active"]:
            found[row["account"], row["day"]].add(row["user"])
    first, last = min(row["day"] for row in reports), max(row["day"] for row in reports)
    return {
        (account, str(first + datetime.timedelta(day))): tuple(
            len(
                set().union(
                    *(
                        found[account, first + datetime.timedelta(day - before)]
                        for before in range(window)
                    )
                )
            )
            for window in (1, 7, 28)
        )
        for account in {row["account"] for row in reports}
        for day in range((last - first).days + 1)
    }


def clients_beside_others(reports: list[dict]) -> dict[tuple, tuple]:
    """Users per month, account, client and number of clients used in the month."""
    clients = defaultdict(set)
    for row in reports:
        if row["is_active"]:
            clients[row["month"], row["account"], row["user"]].add(row["client"])
    users = defaultdict(int)
    for (month, account, _), used in clients.items():
        for client in [*used, "(any)"]:
            users[month, account, client, len(used)] += 1
    return {key: (count,) for key, count in users.items()}


def returns(reports: list[dict]) -> dict[tuple, tuple]:
    """Users in each week's cohort, and how many were active a number of weeks later.

    People first active in the first 28 days of an account's history belong to no cohort. A week is
    included when it has ended for the whole cohort.
    """
    active, first_report = defaultdict(set), {}
    accounts = defaultdict(set)
    for row in reports:
        first_report[row["account"]] = min(row["day"], first_report.get(row["account"], row["day"]))
        if row["is_active"]:
            active[row["user"]].add(row["day"])
            accounts[row["user"], row["day"]].add(row["account"])
    last = max(row["day"] for row in reports)
    cohorts = defaultdict(list)
    for user, of_user in active.items():
        start = min(of_user)
        account = min(accounts[user, start])
        if (start - first_report[account]).days >= 28:
            monday = start - datetime.timedelta(start.weekday())
            cohorts[monday].append((start, of_user))
    return {
        (str(monday), weeks): (
            len(members),
            sum(
                any((day - start).days // 7 == weeks for day in of_user)
                for start, of_user in members
            ),
        )
        for monday, members in cohorts.items()
        for weeks in range(27)
        if all((last - start).days >= 7 * weeks + 6 for start, _ in members)
    }
