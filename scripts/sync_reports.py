#!/usr/bin/env python3
"""Mirror Kiro's report files from S3 to disk: fetch new and changed files, and verify them.

Objects go to DEST/<bucket>/<key>. Their modification time is the object's LastModified, which the
models use as the delivery time. Nothing is ever deleted from the mirror.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import threading
import time
from contextlib import AbstractContextManager, closing
from itertools import islice
from pathlib import Path
from typing import Any

import click
from command_line import (
    INTERRUPTED,
    Command,
    Volume,
    detail,
    examples,
    progress,
    say,
    volume,
    volume_options,
)
from loaders.mirror.record import Record, set_aside
from loaders.mirror.syncing import Options, SourceResult, SourceSync
from loaders.shared.advice import advise_on_disk, is_disk_full
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
    Source,
    SourcesError,
    check_sources,
    read_sources,
    source_from_url,
)

# Maximum number of names in a summary; counts include all.
NAMES_IN_TEXT = 3
NAMES_IN_JSON = 100
# Time for running requests to end or clean up after Ctrl-C.
GRACE_SECONDS = 1.2


def sync(sources: list[Source], options: Options, stop: threading.Event) -> list[SourceResult]:
    """Bring the mirror up to date, source by source; `stop` ends all transfers.

    Raises OSError or sqlite3.OperationalError if the mirror is not writable, InUseError if
    another run uses it, or KeyboardInterrupt.
    """
    if options.dry_run:
        return sync_recorded(sources, options, stop)
    # Reports contain personal data, so only the owner may read the mirror.
    os.umask(0o077)
    options.incoming.mkdir(parents=True, exist_ok=True)
    with locked(options.state_folder / "lock"):
        sweep(options)
        try:
            return sync_recorded(sources, options, stop)
        finally:
            # Requests may hang after an error or Ctrl-C, but they write nothing from here on.
            stop.set()
            deadline = time.monotonic() + GRACE_SECONDS
            while _transfers_run() and time.monotonic() < deadline:
                time.sleep(0.01)
            sweep(options)


def _transfers_run() -> bool:
    return any(thread.name.startswith("ThreadPool") for thread in threading.enumerate())


def sync_recorded(
    sources: list[Source], options: Options, stop: threading.Event
) -> list[SourceResult]:
    """Sync with the mirror's record, or with a new record if it is damaged."""
    path = options.state_folder / "record.sqlite"
    try:
        with closing(Record(path, options.dry_run)) as record:
            return sync_each(sources, options, stop, record)
    except sqlite3.DatabaseError as error:
        # Subclasses are for locks, permissions and disks, where a new record would not help.
        if type(error) is not sqlite3.DatabaseError:
            raise
        fate = "would be set aside" if options.dry_run else f"was moved to {set_aside(path)}"
        click.echo(
            f"The mirror's record was unusable ({error}) and {fate}. All files are compared with "
            "the bucket again, but only those that differ are fetched.",
            err=True,
        )
    with closing(Record(None if options.dry_run else path, options.dry_run)) as record:
        return sync_each(sources, options, stop, record)


def sync_each(
    sources: list[Source], options: Options, stop: threading.Event, record: Record
) -> list[SourceResult]:
    """Sync all sources in sequence; if one fails, the others are still synced."""
    results = [SourceResult(str(source)) for source in sources]
    for source, result in zip(sources, results, strict=True):
        try:
            SourceSync(source, options, record, stop, _progress, result).run()
        except (OSError, sqlite3.OperationalError) as error:
            stop.set()
            for unfinished in results[results.index(result) :]:
                unfinished.error = advise_on_disk(error)
            break
    return results


def sweep(options: Options) -> None:
    """Remove incomplete files left by a killed run."""
    for leftover in options.incoming.iterdir():
        leftover.unlink(missing_ok=True)


def _progress(files: int, label: str) -> AbstractContextManager:
    return progress(files, f"{label}: {files:,} files")


def summary(results: list[SourceResult], options: Options) -> dict:
    """Return a run's JSON summary: totals, then each source; long lists of names are truncated."""
    sources: list[dict[str, Any]] = [
        {
            "source": result.source,
            "error": result.error,
            "full_listing": result.full_listing,
            "fetched": result.fetched,
            "fetched_bytes": result.fetched_bytes,
            "size_only": result.size_only,
            "adopted": result.adopted,
            "unchanged": result.unchanged,
            "failed": len(result.failures),
            "failures": dict(islice(result.failures.items(), NAMES_IN_JSON)),
            "gone": len(result.gone),
            "gone_keys": result.gone[:NAMES_IN_JSON],
            "passed_over": len(result.passed_over),
            "passed_over_names": result.passed_over[:NAMES_IN_JSON],
        }
        for result in results
    ]
    counts = ("fetched", "fetched_bytes", "adopted", "unchanged", "failed", "gone", "passed_over")
    totals = {name: sum(source[name] for source in sources) for name in counts}
    return {"dry_run": options.dry_run, **totals, "sources": sources}


def report(results: list[SourceResult], options: Options, quiet_stdout: bool) -> None:
    """Print what a run did; print failures and warnings to stderr."""
    for result in results:
        for reason in dict.fromkeys(result.failures.values()):
            keys = [key for key, its_reason in result.failures.items() if its_reason == reason]
            click.echo(f"Failed: {result.source}: {_names(keys)}: {reason}", err=True)
        if result.error:
            click.echo(f"Failed: {result.source}: {result.error}", err=True)
        elif result.is_empty:
            click.echo(
                f"No report files under {result.source}: use the prefix that comes before AWSLogs/ "
                "in the Kiro console's S3 location, and only accounts and Regions that exist "
                "there.",
                err=True,
            )
        if result.gone:
            click.echo(
                f"No longer in {result.source}, kept in the mirror: {_names(result.gone)}.",
                err=True,
            )
        say(
            f"{result.source}: {'would fetch' if options.dry_run else 'fetched'} "
            f"{result.fetched:,} report files ({result.fetched_bytes:,} bytes)"
            + (f", verified {result.adopted:,} existing files" if result.adopted else "")
            + (f", {result.size_only:,} by size only" if result.size_only else "")
            + f"; {result.unchanged:,} unchanged"
            # If the source as a whole failed, objects were not counted.
            + ("" if result.error else f", {len(result.failures):,} failed")
            + (f"; skipped {_names(result.passed_over)}" if result.passed_over else "")
            + ".",
            err=quiet_stdout,
        )


def _names(names: list[str]) -> str:
    limit = len(names) if volume() is Volume.VERBOSE else NAMES_IN_TEXT
    shown = ", ".join(name if name.isprintable() else repr(name) for name in names[:limit])
    more = len(names) - limit
    return f"{shown} and {more:,} more" if more > 0 else shown


@click.command(
    cls=Command,
    epilog=examples(
        "sync_reports.py  (all sources in sources.toml)",
        "sync_reports.py s3://my-bucket/user-activity --profile kiro-reader",
        "sync_reports.py --dry-run --verbose",
    ),
)
@click.argument("urls", nargs=-1, metavar="[s3://BUCKET/PREFIX]...")
@sources_option
@dest_option("KIRO_REPORTS_DIR", "data/reports", "Folder for the mirror.")
@click.option("--account", "accounts", multiple=True, help="Only reports from this AWS account.")
@click.option("--region", "regions", multiple=True, help="Only reports from this Region.")
@access_options
@click.option("--requester-pays", is_flag=True, help="Pay for requests to another owner's bucket.")
@click.option(
    "--full",
    is_flag=True,
    help="List the entire history. This happens automatically after 7 days without a full listing.",
)
@click.option("--verify", is_flag=True, help="Read every file again and fetch damaged ones.")
@click.option(
    "--lookback-days",
    type=click.IntRange(1, 36_500),
    default=Options.lookback_days,
    show_default=True,
    help="Number of days to list without --full.",
)
@click.option(
    "--max-megabytes",
    type=click.FloatRange(min=0, min_open=True),
    default=Options.max_megabytes,
    show_default=True,
    help="Largest file to fetch, in megabytes.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=Options.workers, show_default=True)
@click.option(
    "--timeout",
    "timeout_seconds",
    type=click.IntRange(1, 3600),
    default=Options.timeout_seconds,
    show_default=True,
    help="Seconds to wait for a server that does not respond.",
)
@click.option("--fsync", is_flag=True, help="Flush each file to disk, to survive a power failure.")
@click.option("--dry-run", is_flag=True, help="Show what would be fetched, but write nothing.")
@json_option
@volume_options()
def main(
    urls: tuple[str, ...],
    config: Path,
    dest: Path,
    full: bool,
    verify: bool,
    lookback_days: int,
    max_megabytes: float,
    workers: int,
    timeout_seconds: int,
    fsync: bool,
    dry_run: bool,
    as_json: bool,
    **settings: object,
) -> None:
    """Fetch new and changed Kiro report files from S3 to the mirror.

    Credentials come from the usual sources of boto3 (AWS_PROFILE, environment, SSO, instance role).

    Exit status: 0 done, 1 something failed or a source has no report files (the rest was fetched),
    2 usage or configuration error, 130 interrupted.
    """
    try:
        sources = choose(
            urls,
            settings,
            source_from_url,
            config,
            lambda path: read_sources(path).source,
            "a source s3://bucket/prefix",
        )
        check_sources(sources)
    except SourcesError as error:
        raise click.UsageError(str(error)) from None
    for source in sources:
        detail(f"Mirrors {source} to {dest}.")
    options = Options(
        dest=dest,
        workers=workers,
        timeout_seconds=timeout_seconds,
        lookback_days=lookback_days,
        max_megabytes=max_megabytes,
        full=full,
        verify=verify,
        fsync=fsync,
        dry_run=dry_run,
    )
    stop = threading.Event()

    def interrupt(*_: object) -> None:
        stop.set()
        # In case other code ignores the interrupt.
        late = threading.Timer(1.6, os._exit, [INTERRUPTED])
        late.daemon = True
        late.start()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        results = sync(sources, options, stop)
    except InUseError as error:
        sys.exit(
            f"Another sync ({error}) is writing to {dest}: wait for it to end, or stop it if it "
            "hangs."
        )
    except (OSError, sqlite3.OperationalError) as error:
        click.echo(f"Cannot write to the mirror: {advise_on_disk(error)}", err=True)
        sys.exit(1 if is_disk_full(error) else 2)
    except KeyboardInterrupt:
        click.echo("Interrupted. Run it again to continue from here.", err=True)
        _end(INTERRUPTED)

    if as_json:
        click.echo(json.dumps(summary(results, options)))
    report(results, options, quiet_stdout=as_json)
    _end(1 if any(result.failures or result.error or result.is_empty for result in results) else 0)


def _end(status: int) -> None:
    """End the process immediately, even if requests hang."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
