"""What all command lines share: exit statuses, how much they say, and progress."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import IntEnum
from pathlib import Path

import click

# The project's folder, in which dbt runs too.
PROJECT = Path(__file__).resolve().parents[1]

# What a process that Ctrl-C ended has as its exit status in a shell.
INTERRUPTED = 130

# How scripts are run from the repository's root.
RUN = ".venv/bin/python scripts/"
# Under which the context of a command holds how much it says.
VOLUME = "kiro.volume"


def in_project(path: str | Path) -> Path:
    """A path of the project's settings, which count from its folder wherever a command runs."""
    return Path(path) if Path.cwd() == PROJECT else PROJECT / path


class Volume(IntEnum):
    """How much a command says besides what went wrong."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


class Failure(click.ClickException):
    """What a person can mend, told in a line; ends the program with status 2."""

    exit_code = 2


class Command(click.Command):
    """A command that ends with status 2 and a line about a file that it cannot read or write.

    Interrupted, it ends with 130; click would end it with 1, which is another's.
    """

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The reader of a pipe has had enough, which click knows.
            raise
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            raise Failure(f"{name}{error.strerror or error}.") from error
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)


def volume_options(quiet: str = "Print nothing but what went wrong.") -> Callable:
    """The options --quiet and --verbose; `quiet` says what the first one leaves."""

    def chosen(volume: Volume) -> Callable:
        def choose(ctx: click.Context, _: click.Parameter, is_given: bool) -> None:
            if is_given and ctx.meta.get(VOLUME, volume) != volume:
                raise click.UsageError("--quiet and --verbose exclude each other.")
            if is_given:
                ctx.meta[VOLUME] = volume

        return choose

    def options(command: Callable) -> Callable:
        for names, volume, words in (
            (("-v", "--verbose"), Volume.VERBOSE, "Print more about what is done."),
            (("-q", "--quiet"), Volume.QUIET, quiet),
        ):
            command = click.option(
                *names, is_flag=True, expose_value=False, callback=chosen(volume), help=words
            )(command)
        return command

    return options


def examples(*lines: str) -> str:
    """The end of a help text: an example a line, each a script with its arguments."""
    return "\n".join(("\b", "Examples:", *(f"  {RUN}{line}" for line in lines)))


def volume() -> Volume:
    """How much the command that runs shall say."""
    context = click.get_current_context(silent=True)
    return context.meta.get(VOLUME, Volume.NORMAL) if context else Volume.NORMAL


def say(text: str, err: bool = False) -> None:
    """Print what a run came to, unless it shall be quiet."""
    if volume() > Volume.QUIET:
        click.echo(text, err=err)


def detail(text: str) -> None:
    """Print, on stderr, what only a verbose run tells."""
    if volume() is Volume.VERBOSE:
        click.echo(text, err=True)


def progress(length: int, label: str) -> AbstractContextManager:
    """A bar of `length` steps on a terminal; elsewhere the label, once; nothing if quiet."""
    file = sys.stderr if volume() > Volume.QUIET else io.StringIO()
    return click.progressbar(length=length, label=label, file=file, show_pos=True)
