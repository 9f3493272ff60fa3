"""Shared by the loaders' command lines: options, the choice of what to read, and the lock."""

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

# Options that can be given several times have singular names.
OPTIONS = {"accounts": "--account", "regions": "--region", "groups": "--group"}

sources_option = click.option(
    "--sources",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=lambda: in_project("sources.toml"),
    show_default="sources.toml in the project",
    help="File that lists what to read if the command line does not say.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")


def dest_option(variable: str, default: str, what: str) -> Callable[[Callable], Callable]:
    """The option for the folder to write to; an environment variable overrides the default."""
    return click.option(
        "--dest",
        type=click.Path(path_type=Path, file_okay=False),
        default=lambda: in_project(os.environ.get(variable) or default),
        show_default=f"{variable}, else {default}",
        help=what,
    )


def access_options(command: Callable) -> Callable:
    """Give a command the options that are the fields of `Access`."""
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
    """The sources on the command line with the given options, else those in a file.

    `kind` says how a name is written. Raises SourcesError.
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
    """Another run uses the same folder; says which process."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a folder; the system releases it when the process ends in any way.

    The file names the process, for other runs to report.
    """
    with path.open("a+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise InUseError(f"process {file.read().decode() or 'unknown'}") from None
        file.truncate(0)
        # A full disk must not stop a run that has nothing to fetch.
        with suppress(OSError):
            file.write(b"%d" % os.getpid())
        yield
