"""Reads an IAM Identity Center identity store: all users with their groups, or an error."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from botocore.exceptions import NoRegionError

from loaders.shared.aws import (
    HopelessError,
    WrongServerError,
    client_config,
    configured_endpoint,
    open_session,
)
from loaders.shared.sources import Directory

COLUMNS = ("User id", "User name", "Email", "Display name", "Group")

TIMEOUT_SECONDS = 30
NEAR_NAMES = 5


@dataclass(frozen=True)
class Listing:
    """The result: one row per user and group, with blanks for missing values.

    `memberships_without_user` counts memberships of unlisted users, such as deleted ones.
    """

    rows: list[tuple[str, ...]]
    users: int
    groups: int
    memberships_without_user: int


class IdentityStore:
    """Reads one identity store. Every method may raise one of AWS_ERRORS or HopelessError."""

    def __init__(self, directory: Directory):
        self._directory = directory
        session = open_session(directory, directory.region)
        if not session.get_config_variable("region"):
            raise NoRegionError
        self._client = session.create_client(
            "identitystore",
            endpoint_url=configured_endpoint(session, "identitystore", directory),
            config=client_config(TIMEOUT_SECONDS),
        )

    def read(self, progress: Callable[[int, str], AbstractContextManager]) -> Listing:
        """Return all users, or those in the chosen groups; a user has one row per group."""
        groups = self._groups()
        groups_by_user: dict[str, set[str]] = defaultdict(set)
        with progress(len(groups) + 1, f"{self._directory}: {len(groups):,} groups") as steps:
            for group_id, group in groups.items():
                for membership in self._all(
                    "list_group_memberships", "GroupMemberships", GroupId=group_id
                ):
                    groups_by_user[membership.get("MemberId", {}).get("UserId")].add(group)
                steps.update(1)
            # Users come last, so that people who join a group in the meantime are included.
            users = {user["UserId"]: user for user in self._all("list_users", "Users")}
            steps.update(1)
        if self._directory.groups:
            users = {user_id: users[user_id] for user_id in users if user_id in groups_by_user}
        rows = [
            (*_columns(user), _one_line(group))
            for user_id, user in users.items()
            for group in groups_by_user.get(user_id, {""})
        ]
        memberships_without_user = sum(
            len(names) for user_id, names in groups_by_user.items() if user_id not in users
        )
        return Listing(sorted(rows), len(users), len(groups), memberships_without_user)

    def _groups(self) -> dict[str, str]:
        """Return the names of the groups to read, by id."""
        names = {
            group["GroupId"]: group.get("DisplayName") or group["GroupId"]
            for group in self._all("list_groups", "Groups")
        }
        wanted = self._directory.groups
        for name in wanted:
            if name not in names.values():
                raise HopelessError(_advise_on_unknown_group(name, set(names.values())))
        return {key: name for key, name in names.items() if not wanted or name in wanted}

    def _all(self, operation: str, key: str, **arguments: str) -> Iterator[dict]:
        pages = self._client.get_paginator(operation)
        for page in pages.paginate(IdentityStoreId=str(self._directory), **arguments):
            if key not in page:
                # For example, a web page, which would look like the end of the list.
                raise WrongServerError
            yield from page[key]


def _columns(user: dict) -> list[str]:
    emails = sorted(user.get("Emails") or [], key=lambda email: not email.get("Primary"))
    email = next((email["Value"] for email in emails if email.get("Value")), "")
    values = (user["UserId"], user.get("UserName"), email, user.get("DisplayName"))
    return [_one_line(value or "") for value in values]


def _one_line(text: str) -> str:
    """Return text as one line, because the models read files line by line."""
    return " ".join(text.splitlines())


def _advise_on_unknown_group(name: str, names: set[str]) -> str:
    by_folded = {known.casefold(): known for known in names}
    near = difflib.get_close_matches(name.casefold(), by_folded, NEAR_NAMES)
    if near:
        known = f"similar names are {', '.join(by_folded[folded] for folded in near)}"
    else:
        known = f"none of its {len(names):,} groups has a similar name"
    return f"there is no group {name}; {known}. Correct --group, or groups in sources.toml."
