"""One object from the bucket to its file: read, verified, and only then put in its place."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import (
    ClientError,
    FlexibleChecksumError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from tenacity import (
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_attempt,
    stop_when_event_set,
    wait_exponential_jitter,
)

from report_mirror.bucket import CHUNK_BYTES, OBSTORE_ERRORS, Bucket, ListedObject, error_code

ATTEMPTS = 5
MD5_ETAG = re.compile(r'"?([0-9a-f]{32})"?')
MILLISECOND_NS = 1_000_000


class BadBodyError(Exception):
    """What arrived is not the object: it broke off, stalled, or has other bytes."""


class ReplacedError(Exception):
    """The object was written again after it was listed."""


class GoneError(Exception):
    """The object was deleted after it was listed."""


class StoppedError(Exception):
    """The run is being stopped."""


# What another attempt may mend. botocore retries refused and failed requests itself, but nothing
# once the body has begun.
MENDABLE = (BadBodyError, ReplacedError)
BROKEN_BODY = (
    FlexibleChecksumError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)


@dataclass(frozen=True, slots=True)
class MirroredFile:
    """A file of the mirror, known to hold its object's bytes.

    `verification` says how: md5 (against the ETag), checksum (the one S3 stores), or size, where
    S3 has neither. `fetched` is False for a file that was there already.
    """

    listed: ListedObject
    md5: str
    modified_ns: int
    verification: str
    fetched: bool


class Fetcher:
    """Brings objects of one bucket to the mirror, from any thread."""

    def __init__(
        self, bucket: Bucket, incoming: Path, stop: threading.Event, fsync: bool, dry_run: bool
    ):
        self._bucket = bucket
        self._incoming = incoming
        self._stop = stop
        self._fsync = fsync
        self._dry_run = dry_run
        self._folders: set[Path] = set()

    def bring(self, listed: ListedObject, path: Path, known_md5: str | None) -> MirroredFile:
        """Make `path` the listed object, keeping the file that is there if it has those bytes.

        `known_md5` is that of the object's content, where the record knows it. Raises one of
        S3_ERRORS, OSError, BadBodyError, ReplacedError, GoneError or StoppedError.
        """
        kept = self._keep(listed, path, known_md5)
        if kept:
            return kept
        if self._dry_run:
            return MirroredFile(listed, "", 0, "", fetched=True)
        attempts = Retrying(
            retry=retry_if_exception_type(MENDABLE),
            stop=stop_after_attempt(ATTEMPTS) | stop_when_event_set(self._stop),
            wait=wait_exponential_jitter(initial=0.1, max=5),
            sleep=sleep_using_event(self._stop),
            reraise=True,
        )
        for attempt in attempts:
            with attempt:
                try:
                    return self._fetch(listed, path, careful=attempt.retry_state.attempt_number > 1)
                except ReplacedError:
                    listed = self._listed_again(listed)
                    raise
        raise AssertionError("Retrying returns or raises")

    def _keep(self, listed: ListedObject, path: Path, known_md5: str | None) -> MirroredFile | None:
        expected_md5 = known_md5 or _md5_of_etag(listed.etag)
        try:
            if expected_md5 is None or path.stat().st_size != listed.size_bytes:
                return None
            with path.open("rb") as file:
                md5 = hashlib.file_digest(file, _new_md5).hexdigest()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        if md5 != expected_md5:
            return None
        modified_ns = _nanoseconds(listed)
        if not self._dry_run:
            os.utime(path, ns=(modified_ns, modified_ns))
        return MirroredFile(listed, md5, modified_ns, "md5", fetched=False)

    def _listed_again(self, listed: ListedObject) -> ListedObject:
        found = self._bucket.find(listed.key)
        if found is None:
            raise GoneError
        return found

    def _fetch(self, listed: ListedObject, path: Path, careful: bool) -> MirroredFile:
        self._make_folder(path.parent)
        # Readable by the owner only, as tempfile makes it: reports name people.
        descriptor, temporary = tempfile.mkstemp(dir=self._incoming)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                md5, verification = self._read_verified(listed, file, careful)
                if self._fsync:
                    os.fsync(file.fileno())
            modified_ns = _modification_time(listed, path)
            os.utime(temporary, ns=(modified_ns, modified_ns))
            os.replace(temporary, path)
            if self._fsync:
                _fsync_folder(path.parent)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return MirroredFile(listed, md5, modified_ns, verification, fetched=True)

    def _read_verified(self, listed: ListedObject, file, careful: bool) -> tuple[str, str]:
        """Write the object to `file`; its MD5 and how it was verified."""
        etag_md5 = _md5_of_etag(listed.etag)
        tried_fast = False
        if etag_md5 and not careful:
            try:
                chunks = self._bucket.read_fast(listed)
                if chunks:
                    tried_fast = True
                    if self._write(chunks, file) == (listed.size_bytes, etag_md5):
                        return etag_md5, "md5"
            except OBSTORE_ERRORS:
                tried_fast = True
            file.seek(0)
            file.truncate()
        response = self._read(listed)
        try:
            size_bytes, md5 = self._write(response["Body"].iter_chunks(CHUNK_BYTES), file)
        except BROKEN_BODY as error:
            raise BadBodyError(str(error)) from error
        if size_bytes != listed.size_bytes:
            raise BadBodyError(f"{size_bytes:,} of {listed.size_bytes:,} bytes came")
        encrypted = response.get("ServerSideEncryption", "AES256") != "AES256"
        if encrypted or "SSECustomerAlgorithm" in response or not etag_md5:
            if etag_md5:
                self._bucket.use_stored_checksums()
            whole = response.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT"
            stored = any(name.startswith("Checksum") for name in response.keys() - {"ChecksumType"})
            return md5, "checksum" if whole and stored else "size"
        if md5 != etag_md5:
            raise BadBodyError(f"the content has MD5 {md5}, the bucket says {etag_md5}")
        if tried_fast:
            self._bucket.count_fast_failure()
        return md5, "md5"

    def _read(self, listed: ListedObject) -> dict:
        try:
            return self._bucket.read(listed)
        except ClientError as error:
            if error_code(error) in ("PreconditionFailed", "412"):
                raise ReplacedError from error
            if error_code(error) in ("NoSuchKey", "404"):
                raise GoneError from error
            raise

    def _write(self, chunks: Iterable[bytes], file) -> tuple[int, str]:
        digest = _new_md5()
        size_bytes = 0
        for chunk in chunks:
            if self._stop.is_set():
                raise StoppedError
            digest.update(chunk)
            rest = memoryview(chunk)
            while rest:
                rest = rest[file.write(rest) :]
            size_bytes += len(chunk)
        return size_bytes, digest.hexdigest()

    def _make_folder(self, folder: Path) -> None:
        if folder not in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)


def _new_md5():
    return hashlib.md5(usedforsecurity=False)


def _md5_of_etag(etag: str) -> str | None:
    matched = MD5_ETAG.fullmatch(etag)
    return matched[1] if matched else None


def _nanoseconds(listed: ListedObject) -> int:
    return int(listed.last_modified.timestamp()) * 1_000 * MILLISECOND_NS


def _modification_time(listed: ListedObject, path: Path) -> int:
    """The object's LastModified, which the models read as the time of delivery.

    They know a changed file by its size and time, so bytes that replace others of the same second
    get a later millisecond.
    """
    modified_ns = _nanoseconds(listed)
    try:
        replaced_ns = path.stat().st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return modified_ns
    return modified_ns + MILLISECOND_NS if replaced_ns == modified_ns else modified_ns


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
