"""Brings a source up to date: discovers, lists, compares, fetches and records reports."""

from __future__ import annotations

import datetime
import itertools
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from loaders.mirror.bucket import Bucket, ListedObject
from loaders.mirror.fetching import (
    BadBodyError,
    Fetcher,
    GoneError,
    MirroredFile,
    ReplacedError,
    StoppedError,
)
from loaders.mirror.record import Record, RecordedObject
from loaders.mirror.report_keys import (
    ACCOUNT,
    LOG_FOLDERS,
    REGION,
    REPORT_FOLDERS,
    is_report_key,
    is_safe_folder,
    path_identity,
)
from loaders.shared.advice import advise, stops_the_run, stops_the_source
from loaders.shared.aws import AWS_ERRORS, HopelessError, error_code
from loaders.shared.sources import Source

FULL_LISTING_EVERY = datetime.timedelta(days=7)
# Depth of the search for AWSLogs/: people enter logs when they mean logs/logs/AWSLogs/.
SEARCH_LEVELS = 3
SEARCH_FOLDERS = 200
# This many failures point to a general problem, and retrying each one may take minutes.
FAILURES_IN_A_ROW = 50
# Number of files per commit of the record.
BATCH_FILES = 1000


@dataclass(frozen=True)
class Options:
    """A run's options, which apply to all its sources."""

    dest: Path
    # S3 takes about 20 ms to answer each request, so many requests run in parallel.
    workers: int = 48
    timeout_seconds: int = 30
    lookback_days: int = 35
    # Far more than Kiro writes. The models have the same limit, in the var maximum_file_megabytes.
    max_megabytes: float = 100
    full: bool = False
    verify: bool = False
    fsync: bool = False
    dry_run: bool = False

    @property
    def state_folder(self) -> Path:
        """The folder for the loader's own files, next to the buckets' folders."""
        return self.dest / ".sync"

    @property
    def incoming(self) -> Path:
        """Incomplete files. They are on the mirror's disk, so that they can be renamed into place,
        and in one folder, so that files left behind by a killed run are easy to find.
        """
        return self.state_folder / "incoming"

    @property
    def disk_ignores_case(self) -> bool:
        """Whether the mirror's disk ignores case in file names."""
        return self.dest.joinpath(self.state_folder.name.upper()).exists()


@dataclass
class SourceResult:
    """What a run did for a source: numbers of report files, and names that may need action."""

    source: str
    fetched: int = 0
    fetched_bytes: int = 0
    adopted: int = 0
    unchanged: int = 0
    partitions: int = 0
    full_listing: bool = False
    size_only: int = 0
    passed_over: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    error: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the listing succeeded but found no reports, as with a mistyped prefix."""
        return not self.error and not self.partitions


@dataclass(frozen=True)
class Partition:
    """The folder with one kind of report for an account and Region, and where its listing starts.

    `after` is '' for a full listing.
    """

    prefix: str
    after: str


class SourceSync:
    """Brings one source's part of the mirror up to date."""

    def __init__(
        self,
        source: Source,
        options: Options,
        record: Record,
        stop: threading.Event,
        progress: Callable[[int, str], AbstractContextManager],
        result: SourceResult,
    ):
        self.result = result
        self._source = source
        self._options = options
        self._record = record
        self._stop = stop
        self._progress = progress
        self._failures_in_a_row = 0

    def run(self) -> None:
        """Run; `result` lists what was done, even after an error.

        Raises OSError if the mirror cannot be written, sqlite3.DatabaseError if the record is
        damaged, or KeyboardInterrupt.
        """
        self._pool = ThreadPoolExecutor(self._options.workers)
        try:
            self._bucket = Bucket(
                self._source, self._options.workers, self._options.timeout_seconds
            )
            self._fetcher = Fetcher(
                self._bucket,
                self._options.incoming,
                self._stop,
                self._options.fsync,
                self._options.dry_run,
            )
            self._sync()
        except AWS_ERRORS as error:
            self.result.error = advise(error, self._source)
        except HopelessError as error:
            self.result.error = str(error)
        finally:
            # Do not wait: a request may hang, but Ctrl-C must not.
            self._pool.shutdown(wait=False, cancel_futures=True)
            if not self._options.dry_run:
                self._record.commit()

    def _sync(self) -> None:
        partitions = self._partitions()
        self.result.partitions = len(partitions)
        listings = [
            self._pool.submit(self._bucket.objects, partition.prefix, partition.after)
            for partition in partitions
        ]
        for partition, listing in zip(partitions, listings, strict=True):
            try:
                listed = listing.result()
            except AWS_ERRORS as error:
                if stops_the_source(error):
                    raise
                self.result.failures[partition.prefix] = advise(error, self._source)
            else:
                self._bring_partition(partition, listed)

    def _bring_partition(self, partition: Partition, listed: list[ListedObject]) -> None:
        bucket = self._source.bucket
        recorded = self._record.objects(bucket, partition.prefix, partition.after)
        wanted = []
        for found in listed:
            if not is_report_key(found.key):
                self.result.passed_over.append(found.key)
            elif self._is_mirrored(found, recorded.get(found.key)):
                self.result.unchanged += 1
            elif found.size_bytes > self._options.max_megabytes * 1e6:
                self.result.failures[found.key] = (
                    f"has {found.size_bytes:,} bytes, far more than Kiro writes, and was not "
                    "fetched. Look at it in the bucket; if it is a report, raise --max-megabytes "
                    "to fetch it and the var maximum_file_megabytes to read it."
                )
            else:
                wanted.append(found)
        keys = {found.key for found in listed}
        gone = [key for key, row in recorded.items() if key not in keys and not row.gone]
        failures = len(self.result.failures)
        if wanted:
            self._bring_all(wanted, recorded)
        self.result.gone += gone
        if not self._options.dry_run:
            self._record.mark_gone(bucket, gone)
            complete = not partition.after and len(self.result.failures) == failures
            self._record.add_partition(bucket, partition.prefix, fully_listed=complete)
            self._record.commit()

    def _is_mirrored(self, listed: ListedObject, row: RecordedObject | None) -> bool:
        if self._options.verify or row is None or row.gone or not row.holds(listed):
            return False
        try:
            status = os.stat(self._path(listed))
        except OSError:
            return False
        return (status.st_size, status.st_mtime_ns) == (row.size_bytes, row.modified_ns)

    def _path(self, listed: ListedObject) -> str:
        # A string is faster than a Path, and thousands of files are checked for each one fetched.
        return f"{self._options.dest}/{self._source.bucket}/{listed.key}"

    def _bring_all(
        self,
        wanted: list[ListedObject],
        recorded: dict[str, RecordedObject],
    ) -> None:
        # Newest first, so that errors with old objects do not delay today's.
        wanted.reverse()
        with self._progress(len(wanted), str(self._source)) as progress:
            for batch in _batches(wanted):
                futures = {}
                for listed in batch:
                    row = recorded.get(listed.key)
                    known = (row.md5, row.verification) if row and row.proves(listed) else None
                    path = self._path(listed)
                    futures[self._pool.submit(self._fetcher.bring, listed, path, known)] = listed
                # Record files at the end of the batch, as SQLite and busy threads block each other.
                brought = []
                try:
                    for future in as_completed(futures):
                        outcome = future.exception() or future.result()
                        if isinstance(outcome, MirroredFile):
                            brought.append(outcome)
                        self._count(futures[future], outcome)
                        progress.update(1)
                finally:
                    if not self._options.dry_run:
                        self._record.add(self._source.bucket, brought)

    def _count(self, listed: ListedObject, outcome: MirroredFile | BaseException) -> None:
        if isinstance(outcome, MirroredFile):
            self._failures_in_a_row = 0
            if outcome.fetched:
                self.result.fetched += 1
                self.result.fetched_bytes += outcome.listed.size_bytes
                self.result.size_only += outcome.verification == "size"
            else:
                self.result.adopted += 1
        elif isinstance(outcome, GoneError):
            self.result.gone.append(listed.key)
        elif stops_the_run(outcome) or stops_the_source(outcome):
            raise outcome
        elif isinstance(outcome, (*AWS_ERRORS, BadBodyError, ReplacedError, OSError)):
            self.result.failures[listed.key] = advise(outcome, self._source)
            if error_code(outcome) != "InvalidObjectState":
                self._failures_in_a_row += 1
            if self._failures_in_a_row >= FAILURES_IN_A_ROW:
                raise HopelessError(
                    f"stopped after {FAILURES_IN_A_ROW} failures in a row; the rest were not tried."
                )
        elif not isinstance(outcome, StoppedError):
            raise outcome

    def _partitions(self) -> list[Partition]:
        roots = self._roots()
        accounts = self._folders(roots, ACCOUNT.fullmatch)
        accounts = [
            folder for folder in accounts if _is_one_of(self._source.accounts, _name_of(folder))
        ]
        logs = self._folders(accounts, LOG_FOLDERS.__contains__)
        reports = self._folders(logs, REPORT_FOLDERS.__contains__)
        regions = self._folders(reports, REGION.fullmatch)
        regions = [
            folder for folder in regions if _is_one_of(self._source.regions, _name_of(folder))
        ]
        # Known partitions are listed as well, so that missing ones are noticed.
        known = [
            prefix
            for prefix in self._record.partitions(self._source.bucket)
            if self._is_chosen(prefix) and (not roots or _root_of(prefix) in roots)
        ]
        return self._with_starts(list(dict.fromkeys([*regions, *known])))

    def _folders(self, prefixes: list[str], is_wanted: Callable[[str], object]) -> list[str]:
        """Return the wanted folders directly under the prefixes; everything else is skipped."""
        wanted: list[str] = []
        for folders, objects in self._pool.map(self._bucket.directly_below, prefixes):
            self.result.passed_over += objects
            for folder in folders:
                (wanted if is_wanted(_name_of(folder)) else self.result.passed_over).append(folder)
        return wanted

    def _roots(self) -> list[str]:
        """Return the AWSLogs/ folders directly under the source's prefix or a few levels deeper."""
        level = [self._source.folder]
        for _ in range(SEARCH_LEVELS):
            folders = self._folders(level, is_safe_folder)
            roots = [folder for folder in folders if _name_of(folder) == "AWSLogs"]
            level = [folder for folder in folders if folder not in roots]
            if roots or len(level) > SEARCH_FOLDERS:
                break
        self.result.passed_over += level
        return self._without_collisions(roots)

    def _is_chosen(self, partition_prefix: str) -> bool:
        account, _, _, region = _below_root(partition_prefix)
        return (
            partition_prefix.startswith(self._source.folder)
            and _is_one_of(self._source.accounts, account)
            and _is_one_of(self._source.regions, region)
        )

    def _without_collisions(self, roots: list[str]) -> list[str]:
        """Leave out folders that would overwrite each other on a disk that ignores case."""
        if not self._options.disk_ignores_case:
            return roots
        known = map(_root_of, self._record.partitions(self._source.bucket))
        owners = {path_identity(root): root for root in known}
        kept = []
        for root in roots:
            owner = owners.setdefault(path_identity(root), root)
            if owner == root:
                kept.append(root)
            else:
                self.result.failures[root] = (
                    f"is the same folder as {owner} on this disk, which ignores case. Mirror one "
                    "of the two prefixes to another folder (--dest)."
                )
        return kept

    def _with_starts(self, prefixes: list[str]) -> list[Partition]:
        now = datetime.datetime.now(datetime.UTC)
        day_before = now.date() - datetime.timedelta(days=self._options.lookback_days + 1)
        last_listed = self._record.partitions(self._source.bucket)
        partitions = []
        for prefix in prefixes:
            last = last_listed.get(prefix)
            # A time in the future is not recent: the clock was wrong then or is wrong now.
            recent = last is not None and datetime.timedelta() <= now - last <= FULL_LISTING_EVERY
            # The folder is missing if somebody emptied the mirror.
            recent &= os.path.isdir(f"{self._options.dest}/{self._source.bucket}/{prefix}")
            full = self._options.full or self._options.verify or not recent
            self.result.full_listing |= full
            # The tilde sorts after all of a day's keys, even on servers that list by folder.
            after = "" if full else f"{prefix}{day_before:%Y/%m/%d}/~"
            partitions.append(Partition(prefix, after))
        return partitions


def _batches(items: list[ListedObject]) -> Iterator[list[ListedObject]]:
    remaining = iter(items)
    while batch := list(itertools.islice(remaining, BATCH_FILES)):
        yield batch


def _name_of(folder: str) -> str:
    return folder[:-1].rpartition("/")[2]


def _root_of(partition_prefix: str) -> str:
    return partition_prefix.rpartition("AWSLogs/")[0] + "AWSLogs/"


def _below_root(partition_prefix: str) -> list[str]:
    return partition_prefix.removeprefix(_root_of(partition_prefix)).removesuffix("/").split("/")


def _is_one_of(chosen: list[str], name: str) -> bool:
    return not chosen or name in chosen
