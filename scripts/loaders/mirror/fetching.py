"""Fetches an object from the bucket: reads it, verifies it, and then moves it into place."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import stat
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import (
    ClientError,
    FlexibleChecksumError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from urllib3.exceptions import HTTPError

from loaders.mirror.bucket import CHUNK_BYTES, OBSTORE_ERRORS, Bucket, ListedObject
from loaders.shared.aws import error_code

ATTEMPTS = 5
FIRST_WAIT_SECONDS = 0.1
MD5_ETAG = re.compile(r'"?([0-9a-f]{32})"?')
SECOND_NS = 1_000_000_000


class BadBodyError(Exception):
    """The response body is not the object: it is truncated, stalled, or has different bytes."""


class ReplacedError(Exception):
    """The object was rewritten or deleted after it was listed."""


class GoneError(Exception):
    """The object was deleted after it was listed."""


class StoppedError(Exception):
    """The run is being stopped."""


# Errors that another attempt may fix. botocore itself retries refused and failed requests, but
# only until it receives the first byte of the body.
MENDABLE = (BadBodyError, ReplacedError)
BROKEN_BODY = (
    FlexibleChecksumError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
    HTTPError,
)


@dataclass(frozen=True, slots=True)
class MirroredFile:
    """A file in the mirror that has been verified to have its object's bytes.

    `verification` is the method: md5 (against the ETag), checksum (stored by S3), or size if S3 has
    neither. `fetched` is False for a file that already existed.
    """

    listed: ListedObject
    md5: str
    modified_ns: int
    verification: str
    fetched: bool


class Fetcher:
    """Fetches objects from one bucket to the mirror; thread-safe."""

    def __init__(
        self, bucket: Bucket, incoming: Path, stop: threading.Event, fsync: bool, dry_run: bool
    ):
        self._bucket = bucket
        self._incoming = incoming
        self._stop = stop
        self._fsync = fsync
        self._dry_run = dry_run
        self._folders: set[str] = set()
        self._checked: set[str] = set()
        # Threads that write small files at the same time would block each other constantly.
        self._disk = threading.Lock()

    def bring(self, listed: ListedObject, path: str, known: tuple[str, str] | None) -> MirroredFile:
        """Fetch the listed object to `path`, or keep the file there if it has the same bytes.

        `known` is the MD5 of the object's content and how it was verified, if recorded. Raises one
        of AWS_ERRORS, OSError, BadBodyError, ReplacedError, GoneError or StoppedError.
        """
        self._check_folder(os.path.dirname(path))
        kept = self._keep(listed, path, known)
        if kept:
            return kept
        if self._dry_run:
            return MirroredFile(listed, "", 0, "", fetched=True)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._fetch(listed, path, careful=attempt > 1)
            except MENDABLE as error:
                if attempt == ATTEMPTS:
                    raise
                if isinstance(error, ReplacedError):
                    listed = self._listed_again(listed)
            if self._stop.wait(FIRST_WAIT_SECONDS * 2**attempt):
                raise StoppedError
        raise AssertionError("the last attempt returns or raises")

    def _keep(
        self, listed: ListedObject, path: str, known: tuple[str, str] | None
    ) -> MirroredFile | None:
        expected_md5, verification = known or (_md5_of_etag(listed.etag), "md5")
        try:
            status = os.lstat(path)
            if (
                expected_md5 is None
                or stat.S_ISLNK(status.st_mode)
                or status.st_size != listed.size_bytes
            ):
                return None
            with open(path, "rb") as file:
                md5 = hashlib.file_digest(file, _new_md5).hexdigest()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        if md5 != expected_md5:
            return None
        modified_ns = _nanoseconds(listed)
        if status.st_mtime_ns == modified_ns + SECOND_NS:
            # A repaired file, which the models may not have read yet.
            modified_ns = status.st_mtime_ns
        if not self._dry_run:
            os.utime(path, ns=(modified_ns, modified_ns))
        return MirroredFile(listed, md5, modified_ns, verification, fetched=False)

    def _check_folder(self, folder: str) -> None:
        """Reject a path that contains a symbolic link, which could lead out of the mirror."""
        if folder in self._checked:
            return
        mirror = self._incoming.parent.parent
        below = Path(folder).relative_to(mirror).parts
        for depth in range(1, len(below) + 1):
            part = mirror.joinpath(*below[:depth])
            if part.is_symlink():
                raise OSError(
                    errno.ELOOP,
                    "is a symbolic link, which is not followed: replace it with a folder",
                    str(part),
                )
        self._checked.add(folder)

    def _listed_again(self, listed: ListedObject) -> ListedObject:
        found = self._bucket.find(listed.key)
        if found is None:
            raise GoneError
        return found

    def _fetch(self, listed: ListedObject, path: str, careful: bool) -> MirroredFile:
        folder = os.path.dirname(path)
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        etag_md5 = _md5_of_etag(listed.etag)
        if etag_md5 and not careful and self._bucket.has_fast_reads:
            with contextlib.suppress(*OBSTORE_ERRORS):
                chunks = self._bucket.read_fast(listed)
                small = listed.size_bytes <= CHUNK_BYTES
                with (
                    self._disk if small else contextlib.nullcontext(),
                    self._temporary_file() as file,
                ):
                    if self._write(chunks, file, listed.size_bytes) == (
                        listed.size_bytes,
                        etag_md5,
                    ):
                        return self._put_in_place(file, listed, path, etag_md5, "md5")
            fetched = self._fetch_carefully(listed, path)
            self._bucket.count_fast_failure()
            return fetched
        return self._fetch_carefully(listed, path)

    def _fetch_carefully(self, listed: ListedObject, path: str) -> MirroredFile:
        etag_md5 = _md5_of_etag(listed.etag)
        response = self._read(listed)
        with self._temporary_file() as file:
            try:
                size_bytes, md5 = self._write(
                    response["Body"].iter_chunks(CHUNK_BYTES), file, listed.size_bytes
                )
            except BROKEN_BODY as error:
                raise BadBodyError(str(error)) from error
            if size_bytes != listed.size_bytes:
                raise BadBodyError("its size differs from the listing")
            if _is_encrypted(response):
                # This bucket's ETags are not MD5 hashes of the content.
                self._bucket.use_stored_checksums()
                etag_md5 = None
            if etag_md5 and md5 != etag_md5:
                raise BadBodyError("its MD5 differs from the bucket's")
            verification = "md5" if etag_md5 else _verification_by_checksum(response)
            return self._put_in_place(file, listed, path, md5, verification)

    @contextlib.contextmanager
    def _temporary_file(self) -> Iterator[io.FileIO]:
        """Yield a new file, readable only by its owner; it is removed at the end unless moved."""
        # The name is unique: threads fetch one object at a time, and only one run uses the mirror.
        name = f"{self._incoming}/{threading.get_ident()}"
        try:
            with open(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", 0) as file:
                yield file
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)

    def _put_in_place(
        self, file: io.FileIO, listed: ListedObject, path: str, md5: str, verification: str
    ) -> MirroredFile:
        modified_ns = _modification_time(listed, path)
        os.utime(file.fileno(), ns=(modified_ns, modified_ns))
        if self._fsync:
            os.fsync(file.fileno())
        os.replace(f"{self._incoming}/{threading.get_ident()}", path)
        if self._fsync:
            _fsync_folder(os.path.dirname(path))
        return MirroredFile(listed, md5, modified_ns, verification, fetched=True)

    def _read(self, listed: ListedObject) -> dict:
        try:
            return self._bucket.read(listed)
        except ClientError as error:
            # Only a listing shows whether the object is gone: proxies return "not found" pages.
            if error_code(error) in ("PreconditionFailed", "NoSuchKey", "404", "412"):
                raise ReplacedError("it was replaced while it was being read") from error
            raise

    def _write(self, chunks: Iterable[bytes], file, most_bytes: int) -> tuple[int, str]:
        digest = _new_md5()
        size_bytes = 0
        for chunk in chunks:
            if self._stop.is_set():
                raise StoppedError
            size_bytes += len(chunk)
            if size_bytes > most_bytes:
                # The data may never end.
                raise BadBodyError("it is larger than in the listing")
            digest.update(chunk)
            rest = memoryview(chunk)
            while rest:
                rest = rest[file.write(rest) :]
        return size_bytes, digest.hexdigest()


def _new_md5():
    return hashlib.md5(usedforsecurity=False)


def _md5_of_etag(etag: str) -> str | None:
    matched = MD5_ETAG.fullmatch(etag)
    return matched[1] if matched else None


def _nanoseconds(listed: ListedObject) -> int:
    return int(listed.last_modified.timestamp()) * SECOND_NS


def _is_encrypted(response: dict) -> bool:
    """Return whether S3 encrypts the object with a key, so its ETag is not an MD5 hash."""
    return (
        response.get("ServerSideEncryption", "AES256") != "AES256"
        or "SSECustomerAlgorithm" in response
    )


def _verification_by_checksum(response: dict) -> str:
    """Return `checksum` if botocore verified one, which it does not do for multipart uploads."""
    whole = response.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT"
    stored = any(name.startswith("Checksum") for name in response.keys() - {"ChecksumType"})
    return "checksum" if whole and stored else "size"


def _modification_time(listed: ListedObject, path: str) -> int:
    """Return the object's LastModified, which the models use as the delivery time.

    Models detect changed files by size and time in seconds, so if a replacement has the same time,
    one second is added.
    """
    modified_ns = _nanoseconds(listed)
    try:
        replaced_ns = os.stat(path).st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return modified_ns
    return modified_ns + SECOND_NS if replaced_ns == modified_ns else modified_ns


def _fsync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
