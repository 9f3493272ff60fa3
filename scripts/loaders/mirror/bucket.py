"""One source's bucket: its objects, and the bytes of each.

obstore lists and reads with a fraction of botocore's CPU time; botocore knows everything else:
Region redirects, stored checksums, odd keys, and S3's error codes. So obstore is asked first; if it
fails, botocore's answer or error counts.
"""

from __future__ import annotations

import asyncio
import datetime
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import obstore
from botocore.parsers import ResponseParserError
from obstore.exceptions import BaseError
from obstore.store import S3Store

from loaders.shared.aws import (
    EndlessListingError,
    WrongServerError,
    client_config,
    configured_endpoint,
    open_session,
)
from loaders.shared.sources import Source

CHUNK_BYTES = 1024 * 1024
# Number of keys that S3 lists at a time.
PAGE_OBJECTS = 1000
# A longer listing is considered endless; ten years of a Region's reports are a tenth of it.
MOST_OBJECTS = 1_000_000
MOST_PAGES = 5_000
MOST_SECONDS = 900
# After as many reads that failed with obstore and succeeded with botocore, botocore reads the
# rest.
OBSTORE_FAILURES = 20


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object in a listing."""

    key: str
    size_bytes: int
    etag: str
    last_modified: datetime.datetime


# All errors that obstore can raise.
OBSTORE_ERRORS = (BaseError, FileNotFoundError, ValueError)


class Bucket:
    """Listing and reading one source's bucket, from any thread.

    Every method raises one of AWS_ERRORS if the bucket does not answer it.
    """

    def __init__(self, source: Source, connections: int, timeout_seconds: int):
        self.source = source
        self._connections = connections
        self._timeout_seconds = timeout_seconds
        self._session = open_session(source)
        self._client = None
        self._client_lock = threading.Lock()
        self._obstore_failures = 0
        self._store = self._open_store(self._session.get_config_variable("region"))

    def directly_below(self, prefix: str) -> tuple[list[str], list[str]]:
        """The folders (with a trailing slash) and the objects directly under a prefix."""
        try:
            return self._directly_below(prefix)
        except (ResponseParserError, WrongServerError):
            # A proxy sent a page instead; on a second try the server itself may answer.
            return self._directly_below(prefix)

    def _directly_below(self, prefix: str) -> tuple[list[str], list[str]]:
        # Not with obstore, which collects all pages before it returns, however many there are.
        folders, objects = [], []
        for page in self._pages(Prefix=prefix, Delimiter="/"):
            folders += [found["Prefix"] for found in page.get("CommonPrefixes", [])]
            objects += [found["Key"] for found in page.get("Contents", [])]
        # Consoles create folders as empty objects with the folder's name.
        return folders, [key for key in objects if key != prefix]

    def objects(self, prefix: str, after: str) -> list[ListedObject]:
        """All objects under a prefix whose key sorts after `after` ('' for all)."""
        if self._store:
            try:
                listed = asyncio.run(self._objects_fast(prefix, after))
            except OBSTORE_ERRORS:
                listed = []
            # obstore reads a web page as an empty last page, so ask again.
            if len(listed) % PAGE_OBJECTS:
                return listed
        return self._objects(Prefix=prefix, StartAfter=after)

    def find(self, key: str) -> ListedObject | None:
        """The current object with that key, or None if it is gone."""
        return next((found for found in self._objects(Prefix=key) if found.key == key), None)

    @property
    def has_fast_reads(self) -> bool:
        """Whether `read_fast` can read objects."""
        return self._store is not None

    def read_fast(self, listed: ListedObject) -> Iterator[bytes]:
        """The object's bytes through obstore, not verified. Raises one of OBSTORE_ERRORS."""
        found = obstore.get(self._store, listed.key, options={"if_match": listed.etag})
        if found.meta["size"] != listed.size_bytes:
            # It was replaced, or the server would fill the memory.
            raise ValueError("its size differs from the listing")
        if listed.size_bytes <= CHUNK_BYTES:
            return iter([found.bytes()])
        return iter(found.stream(CHUNK_BYTES))

    def read(self, listed: ListedObject) -> dict:
        """botocore's answer to GetObject, whose body checks the stored checksum as it is read."""
        return self._open_client().get_object(
            Bucket=self.source.bucket,
            Key=listed.key,
            IfMatch=listed.etag,
            ChecksumMode="ENABLED",
            **self._payer(),
        )

    def count_fast_failure(self) -> None:
        """Note that botocore read what obstore could not; if that happens too often, stop using
        obstore."""
        self._obstore_failures += 1
        if self._obstore_failures >= OBSTORE_FAILURES:
            self._store = None

    def use_stored_checksums(self) -> None:
        """Use botocore from now on: this bucket's ETags say nothing about the content."""
        self._store = None

    async def _objects_fast(self, prefix: str, after: str) -> list[ListedObject]:
        listed = []
        try:
            async with asyncio.timeout(MOST_SECONDS):
                async for chunk in obstore.list(
                    self._store, prefix, offset=after or None, chunk_size=PAGE_OBJECTS
                ):
                    listed += [
                        ListedObject(
                            found["path"],
                            found["size"],
                            found["e_tag"] or "",
                            found["last_modified"],
                        )
                        for found in chunk
                    ]
                    if len(listed) > MOST_OBJECTS:
                        raise EndlessListingError
        except TimeoutError:
            raise EndlessListingError from None
        return listed

    def _payer(self) -> dict[str, str]:
        return {"RequestPayer": "requester"} if self.source.requester_pays else {}

    def _objects(self, **arguments: object) -> list[ListedObject]:
        return [
            ListedObject(found["Key"], found["Size"], found["ETag"], found["LastModified"])
            for page in self._pages(**arguments)
            for found in page.get("Contents", [])
        ]

    def _pages(self, **arguments: object) -> Iterator[dict]:
        pages = self._open_client().get_paginator("list_objects_v2")
        objects = 0
        for number, page in enumerate(
            pages.paginate(Bucket=self.source.bucket, **arguments, **self._payer())
        ):
            objects += len(page.get("Contents", [])) + len(page.get("CommonPrefixes", []))
            if objects > MOST_OBJECTS or number > MOST_PAGES:
                raise EndlessListingError
            if "IsTruncated" not in page:
                raise WrongServerError(
                    f"{self._open_client().meta.endpoint_url} returned no listing"
                )
            region = page["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region")
            store = self._store
            if store and region and region != store.config.get("region"):
                # botocore followed S3 to the bucket's Region; obstore needs to know it.
                self._store = self._open_store(region)
            yield page

    def _open_client(self):
        with self._client_lock:
            if self._client is None:
                self._client = self._session.create_client(
                    "s3",
                    endpoint_url=self.source.endpoint_url,
                    config=client_config(
                        self._timeout_seconds,
                        max_pool_connections=self._connections,
                        s3={"addressing_style": "path"} if self.source.endpoint_url else None,
                    ),
                )
            return self._client

    def _open_store(self, region: str | None) -> S3Store | None:
        """None where only botocore knows how to reach the bucket. Raises BadEndpointError."""
        setting = self._session.get_config_variable
        if setting("use_fips_endpoint") or setting("use_dualstack_endpoint"):
            return None
        endpoint = configured_endpoint(self._session, "s3", self.source)
        if endpoint and self._frozen_credentials()["token"]:
            # obstore would follow a redirect to another host with the session's token in a header.
            return None
        client_options = {
            "allow_http": (endpoint or "").startswith("http://"),
            "connect_timeout": datetime.timedelta(seconds=min(10, self._timeout_seconds)),
            "read_timeout": datetime.timedelta(seconds=self._timeout_seconds),
            # For the whole request; the read timeout catches a stalled one.
            "timeout": datetime.timedelta(hours=1),
        }
        try:
            if authorities := setting("ca_bundle"):
                client_options["root_certificate"] = Path(authorities).read_bytes()
            return S3Store(
                self.source.bucket,
                region=region or "us-east-1",
                credential_provider=self._frozen_credentials,
                request_payer=self.source.requester_pays,
                client_options=client_options,
                retry_config={
                    "max_retries": 3,
                    "retry_timeout": datetime.timedelta(seconds=self._timeout_seconds),
                },
                **({"endpoint": endpoint} if endpoint else {}),
            )
        except (*OBSTORE_ERRORS, OSError):
            # For example an invalid certificate file: botocore explains it.
            return None

    def _frozen_credentials(self) -> dict:
        """For obstore: renewed well before botocore's own renewal is due."""
        frozen = self._session.get_credentials().get_frozen_credentials()
        return {
            "access_key_id": frozen.access_key,
            "secret_access_key": frozen.secret_key,
            "token": frozen.token,
            "expires_at": datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5),
        }
