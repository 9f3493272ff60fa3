"""Reads the ids of people to forget, and removes them from files that dbt wrote."""

from __future__ import annotations

import os
import re
from pathlib import Path

from dbt_common.exceptions import DbtRuntimeError
from dbt_plugins.owner_only import dbt_files, keep_to_owner

FORGET_FILE = "KIRO_PEOPLE_TO_FORGET"
SHORTEST_BLOTTED_ID = 8
STORE_PREFIX = re.compile(r"^(d-[0-9a-z]+[.]|[0-9a-f]{10}-)")


def people_to_forget(path: Path) -> list[str]:
    """Return the ids in the file that lists people to forget, bare and in lowercase.

    Raises DbtRuntimeError if an entry is not an id, but never shows the entry.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        if os.environ.get(FORGET_FILE):
            raise DbtRuntimeError(
                f"{FORGET_FILE} is set to {path}, which does not exist. Create the file with one "
                "user id per line, or unset the variable."
            ) from None
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise DbtRuntimeError(f"{path} cannot be read: {error}.") from None
    if path.is_file():
        keep_to_owner([path])
    ids = []
    for number, line in enumerate(lines, start=1):
        person = line.partition("#")[0].strip()
        if "@" in person:
            raise DbtRuntimeError(
                f"{path}, line {number}, is an email address. List user ids instead; you can find "
                "them in the people table."
            )
        if not re.fullmatch("[0-9A-Za-z._:-]*", person):
            raise DbtRuntimeError(
                f"{path}, line {number}, is not a user id. User ids consist only of letters, "
                "digits and . _ : -"
            )
        if person:
            ids.append(STORE_PREFIX.sub("", person.lower()))
    return ids


def text_pattern(ids: list[str]) -> str:
    """Return a pattern that finds any of the ids as a whole word in lower-case text."""
    return (
        "(?:^|[^0-9a-z._:-])(?:d-[0-9a-z]+[.]|[0-9a-f]{10}-)?"
        f"(?:{'|'.join(map(re.escape, ids))})(?:[^0-9a-z._:-]|$)"
    )


def blot_out(ids: list[str]) -> None:
    """Overwrite ids with asterisks in all files that dbt wrote.

    File lengths do not change, so JSON, offsets and the open log stay valid. Ids that could be
    ordinary words are kept.
    """
    ids = [id for id in ids if len(id) >= SHORTEST_BLOTTED_ID and re.search("[0-9]", id)]
    if not ids:
        return
    pattern = re.compile("|".join(map(re.escape, ids)).encode(), re.IGNORECASE)
    for path in dbt_files(with_compiled=True):
        if not path.is_file():
            continue
        found = list(pattern.finditer(path.read_bytes()))
        if found:
            with path.open("r+b") as file:
                for match in found:
                    file.seek(match.start())
                    file.write(b"*" * len(match[0]))
