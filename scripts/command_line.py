"""Shared by all command-line scripts: exit statuses, verbosity, and progress."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import IntEnum
from pathlib import Path

import click

# The project's folder, where dbt runs too.
PROJECT = Path(__file__).resolve().parents[1]

# The exit status that shells report for a process ended by Ctrl-C.
INTERRUPTED = 130

# The command that runs scripts from the repository root.
RUN = ".venv/bin/python scripts/"
# The key for the verbosity in a command's context.
VOLUME = "kiro.volume"


def in_project(path: str | Path) -> Path:
    """Return a path from a setting; relative paths start at the project folder."""
    return Path(path) if Path.cwd() == PROJECT else PROJECT / path


class Volume(IntEnum):
    """How much a command prints, apart from errors."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


class Failure(click.ClickException):
    """An error that the user can fix; prints one line and exits with status 2."""

    exit_code = 2


class Command(click.Command):
    """A command that prints one line and exits with status 2 if it cannot read or write a file.

    If interrupted, it exits with 130. Click would use 1, which has another meaning here.
    """

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The reader closed the pipe; Click handles that.
            raise
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            raise Failure(f"{name}{error.strerror or error}.") from error
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)


def volume_options(quiet: str = "Print only errors.") -> Callable:
    """Add the options --quiet and --verbose; `quiet` is the help text for --quiet."""

    def chosen(volume: Volume) -> Callable:
        def choose(ctx: click.Context, _: click.Parameter, is_given: bool) -> None:
            if is_given and ctx.meta.get(VOLUME, volume) != volume:
                raise click.UsageError("--quiet and --verbose cannot be used together.")
            if is_given:
                ctx.meta[VOLUME] = volume

        return choose

    def options(command: Callable) -> Callable:
        for names, volume, words in (
            (("-v", "--verbose"), Volume.VERBOSE, "Print details of each step."),
            (("-q", "--quiet"), Volume.QUIET, quiet),
        ):
            command = click.option(
                *names, is_flag=True, expose_value=False, callback=chosen(volume), help=words
            )(command)
        return command

    return options


def examples(*lines: str) -> str:
    """Return the end of a command's help: one example per line, each a script with arguments."""
    return "\n".join(("\b", "Examples:", *(f"  {RUN}{line}" for line in lines)))


def volume() -> Volume:
    """Return the verbosity of the running command."""
    context = click.get_current_context(silent=True)
    return context.meta.get(VOLUME, Volume.NORMAL) if context else Volume.NORMAL


def say(text: str, err: bool = False) -> None:
    """Print the result of a run, unless --quiet is set."""
    if volume() > Volume.QUIET:
        click.echo(text, err=err)


def detail(text: str) -> None:
    """Print details to stderr if --verbose is set."""
    if volume() is Volume.VERBOSE:
        click.echo(text, err=True)


def progress(length: int, label: str) -> AbstractContextManager:
    """Show a progress bar on a terminal, or print the label elsewhere; show nothing if quiet."""
    file = sys.stderr if volume() > Volume.QUIET else io.StringIO()
    return click.progressbar(length=length, label=label, file=file, show_pos=True)
