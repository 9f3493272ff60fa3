#!/usr/bin/env python3
"""Write the users of IAM Identity Center to CSV files, one per identity store and day.

A store's file is SEATS/directory/<identity store id>/users-<day, UTC>.csv with a row per user and
group. The file is written after everything has been read, and atomically replaces that day's
previous file. Files from other days are kept as history.
"""

from __future__ import annotations

import csv
import datetime
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from command_line import INTERRUPTED, Command, detail, examples, progress, say, volume_options
from loaders.directory.identity_store import COLUMNS, IdentityStore, Listing
from loaders.shared.advice import advise, advise_on_disk, is_disk_full
from loaders.shared.aws import AWS_ERRORS, HopelessError
from loaders.shared.options import (
    InUseError,
    access_options,
    choose,
    dest_option,
    json_option,
    locked,
    sources_option,
)
from loaders.shared.sources import (
    Directory,
    SourcesError,
    check_directories,
    directory_from_id,
    read_sources,
)


@dataclass
class DirectoryResult:
    """What a run did for an identity store, without personal data."""

    identity_store_id: str
    file: str
    users: int = 0
    groups: int = 0
    rows: int = 0
    memberships_without_user: int = 0
    error: str | None = None


def sync(
    directories: list[Directory], folder: Path, allow_empty: bool, dry_run: bool
) -> list[DirectoryResult]:
    """Write today's file for each directory; if one fails, the others are still written.

    Raises OSError if the folder is not writable, or InUseError if another run uses it.
    """
    if dry_run:
        return sync_each(directories, folder, allow_empty, dry_run)
    # The files contain personal data, so only their owner may read them.
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".lock"):
        return sync_each(directories, folder, allow_empty, dry_run)


def sync_each(
    directories: list[Directory], folder: Path, allow_empty: bool, dry_run: bool
) -> list[DirectoryResult]:
    """Sync all directories in sequence, with the same date."""
    name = f"users-{datetime.datetime.now(datetime.UTC):%Y-%m-%d}.csv"
    return [
        sync_one(directory, folder / str(directory) / name, allow_empty, dry_run)
        for directory in directories
    ]


def sync_one(directory: Directory, path: Path, allow_empty: bool, dry_run: bool) -> DirectoryResult:
    """Read an identity store and write its file; the result contains the error, if any."""
    result = DirectoryResult(str(directory), str(path))
    try:
        check_day(path)
        listing = IdentityStore(directory).read(progress)
        if not listing.rows and not allow_empty:
            raise HopelessError(_advise_on_no_user(directory))
        if not dry_run:
            write(listing, path)
    except HopelessError as error:
        result.error = str(error)
    except (*AWS_ERRORS, OSError) as error:
        result.error = advise(error, directory)
    else:
        result.users, result.groups = listing.users, listing.groups
        result.rows, result.memberships_without_user = (
            len(listing.rows),
            listing.memberships_without_user,
        )
    return result


def check_day(path: Path) -> None:
    """Reject a date before that of the last file, because the clock is or was wrong.

    Only the newest file is used, so this file would be ignored or could replace a correct file.
    """
    last = max((file.name for file in path.parent.glob("users-*.csv")), default="")
    if last > path.name:
        raise HopelessError(
            f"{path.with_name(last)} has a date in the future, so this machine's clock is wrong, "
            "or was wrong when the file was written: set the clock (NTP), or remove the file, "
            "then run again."
        )


def _advise_on_no_user(directory: Directory) -> str:
    who = "no users in the chosen groups" if directory.groups else "no users at all"
    return (
        f"it lists {who}, so the last file was kept: check the id and the Region, or pass "
        "--allow-empty if that is correct."
    )


def write(listing: Listing, path: Path) -> None:
    """Write a complete file atomically, readable only by its owner."""
    path.parent.mkdir(exist_ok=True)
    incoming = path.with_name(".incoming")
    # Left by a killed run.
    incoming.unlink(missing_ok=True)
    try:
        descriptor = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        # Half of a surrogate pair cannot be encoded, so write its code instead.
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(COLUMNS)
            lines.writerows(listing.rows)
            file.flush()
            os.fsync(descriptor)
        os.replace(incoming, path)
    finally:
        incoming.unlink(missing_ok=True)


def summary(results: list[DirectoryResult], dry_run: bool) -> dict:
    """Return a run's JSON summary: totals, then each store."""
    totals = {
        "users": sum(result.users for result in results),
        "rows": sum(result.rows for result in results),
        "failed": sum(result.error is not None for result in results),
    }
    return {"dry_run": dry_run, **totals, "stores": [asdict(result) for result in results]}


def report(results: list[DirectoryResult], dry_run: bool, quiet_stdout: bool) -> None:
    """Print what a run did, and errors to stderr."""
    for result in results:
        if result.error:
            click.echo(f"Failed: {result.identity_store_id}: {result.error}", err=True)
            continue
        say(
            f"{result.identity_store_id}: {'would write' if dry_run else 'wrote'} "
            f"{result.users:,} users in {result.groups:,} groups ({result.rows:,} rows) to "
            f"{result.file}"
            + (
                f"; left out {result.memberships_without_user:,} memberships of unlisted users"
                if result.memberships_without_user
                else ""
            )
            + ".",
            err=quiet_stdout,
        )


@click.command(
    cls=Command,
    epilog=examples(
        "sync_directory.py  (all directories in sources.toml)",
        "sync_directory.py d-1234567890 --group Kiro-Users --profile directory-reader",
        "sync_directory.py --dry-run --verbose",
    ),
)
@click.argument("identity_store_ids", nargs=-1, metavar="[IDENTITY_STORE_ID]...")
@sources_option
@dest_option(
    "KIRO_SEATS_DIR",
    "data/seats",
    "Folder with the seat sources; files go to its subfolder directory/.",
)
@click.option("--group", "groups", multiple=True, help="Only members of this group.")
@click.option("--region", help="Region of IAM Identity Center.")
@access_options
@click.option("--allow-empty", is_flag=True, help="Write the file even if there are no users.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, but write nothing.")
@json_option
@volume_options()
def main(
    identity_store_ids: tuple[str, ...],
    config: Path,
    dest: Path,
    allow_empty: bool,
    dry_run: bool,
    as_json: bool,
    **settings: object,
) -> None:
    """Write the users of IAM Identity Center and their groups to today's CSV file.

    Credentials come from the usual sources of boto3 (AWS_PROFILE, environment, SSO, instance role).
    They need identitystore:ListUsers, ListGroups and ListGroupMemberships.

    Exit status: 0 done, 1 a store failed (the others were written), 2 usage or configuration error,
    130 interrupted.
    """
    try:
        directories = choose(
            identity_store_ids,
            settings,
            directory_from_id,
            config,
            lambda path: read_sources(path).directory,
            "an identity store, such as d-1234567890",
        )
        check_directories(directories)
    except SourcesError as error:
        raise click.UsageError(str(error)) from None
    for directory in directories:
        detail(f"Lists {directory} in {dest / 'directory'}.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        results = sync(directories, dest / "directory", allow_empty, dry_run)
    except InUseError as error:
        sys.exit(
            f"Another sync ({error}) is writing to {dest}: wait for it to end, or stop it if it "
            "hangs."
        )
    except OSError as error:
        click.echo(f"Cannot write the list of users: {advise_on_disk(error)}", err=True)
        sys.exit(1 if is_disk_full(error) else 2)
    except KeyboardInterrupt:
        click.echo("Interrupted. Files that had not been written yet are unchanged.", err=True)
        sys.exit(INTERRUPTED)

    if as_json:
        click.echo(json.dumps(summary(results, dry_run)))
    report(results, dry_run, quiet_stdout=as_json)
    sys.exit(1 if any(result.error for result in results) else 0)


if __name__ == "__main__":
    main()
