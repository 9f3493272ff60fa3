"""Shared by the loaders: command-line options, the choice of sources, and the lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import click
from command_line import in_project

from loaders.shared.sources import Access, SourcesError

Chosen = TypeVar("Chosen", bound=Access)

# Options that can be repeated have singular names.
OPTIONS = {"accounts": "--account", "regions": "--region", "groups": "--group"}

sources_option = click.option(
    "--sources",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=lambda: in_project("sources.toml"),
    show_default="sources.toml in the project",
    help="File that lists what to read, unless the command line specifies it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")


def dest_option(variable: str, default: str, what: str) -> Callable[[Callable], Callable]:
    """Return the option for the output folder; an environment variable overrides the default."""
    return click.option(
        "--dest",
        type=click.Path(path_type=Path, file_okay=False),
        default=lambda: in_project(os.environ.get(variable) or default),
        show_default=f"{variable}, else {default}",
        help=what,
    )


def access_options(command: Callable) -> Callable:
    """Add an option for each field of `Access` to a command."""
    for option in (
        click.option("--endpoint-url", help="Server to use instead of AWS."),
        click.option("--external-id", help="External id that the role requires."),
        click.option("--role-arn", help="Role to assume for reading."),
        click.option("--profile", help="AWS profile to use."),
    ):
        command = option(command)
    return command


def choose(
    names: tuple[str, ...],
    settings: dict[str, object],
    make: Callable[..., Chosen],
    config: Path,
    read: Callable[[Path], list[Chosen]],
    kind: str,
) -> list[Chosen]:
    """Return the sources named on the command line with the given options, or those in a file.

    `kind` describes the format of a name. Raises SourcesError.
    """
    given = {name: value for name, value in settings.items() if value}
    if names:
        return [make(name, **given) for name in names]
    if given:
        options = ", ".join(OPTIONS.get(name, f"--{name.replace('_', '-')}") for name in given)
        raise SourcesError(f"{options} need {kind}, or can be set in {config}.")
    listed = read(config) if config.exists() else []
    if not listed:
        raise SourcesError(
            f"nothing to read: give {kind}, or list yours in {config} (see sources.example.toml)."
        )
    return listed


class InUseError(Exception):
    """Another process, which the message identifies, uses the same folder."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock a folder; the system releases the lock when the process ends, even if it crashes.

    The lock file contains the process id, which other runs report.
    """
    with path.open("a+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise InUseError(f"process {file.read().decode() or 'unknown'}") from None
        file.truncate(0)
        # A full disk must not stop a run with nothing to fetch.
        with suppress(OSError):
            file.write(b"%d" % os.getpid())
        yield
