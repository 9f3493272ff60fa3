"""Lists and reads the objects in a source's bucket.

obstore needs a fraction of botocore's CPU time, but only botocore handles Region redirects, stored
checksums, unusual keys, and S3's error codes. So requests go to obstore first; if it fails,
botocore's result or error is used.
"""

from __future__ import annotations

import asyncio
import contextlib
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
# Number of keys per page of an S3 listing.
PAGE_OBJECTS = 1000
# Listings with more objects are considered endless; ten years of a Region have a tenth of this.
MOST_OBJECTS = 1_000_000
MOST_PAGES = 5_000
MOST_SECONDS = 900
# After this many reads that fail with obstore but succeed with botocore, only botocore is used.
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
    """Lists and reads a source's bucket; thread-safe.

    Every method raises one of AWS_ERRORS if the bucket does not respond.
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
        """Return the folders (with a trailing slash) and objects directly under a prefix."""
        try:
            return self._directly_below(prefix)
        except (ResponseParserError, WrongServerError):
            # A proxy returned a web page. On the second try, the server itself may respond.
            return self._directly_below(prefix)

    def _directly_below(self, prefix: str) -> tuple[list[str], list[str]]:
        # obstore is not suitable: it collects all pages before it returns, even if there are many.
        folders, objects = [], []
        for page in self._pages(Prefix=prefix, Delimiter="/"):
            folders += [found["Prefix"] for found in page.get("CommonPrefixes", [])]
            objects += [found["Key"] for found in page.get("Contents", [])]
        # Consoles represent a folder as an empty object with the folder's name.
        return folders, [key for key in objects if key != prefix]

    def objects(self, prefix: str, after: str) -> list[ListedObject]:
        """Return the objects under a prefix with keys after `after` ('' for all)."""
        listed: list[ListedObject] = []
        if self._store:
            with contextlib.suppress(*OBSTORE_ERRORS):
                listed = asyncio.run(self._objects_fast(prefix, after))
            # obstore treats a web page as an empty last page, so botocore looks for more keys.
            if len(listed) % PAGE_OBJECTS:
                return listed
        return listed + self._objects(Prefix=prefix, StartAfter=listed[-1].key if listed else after)

    def find(self, key: str) -> ListedObject | None:
        """Return the current object with this key, or None if it is gone."""
        return next((found for found in self._objects(Prefix=key) if found.key == key), None)

    @property
    def has_fast_reads(self) -> bool:
        """Whether `read_fast` can read objects."""
        return self._store is not None

    def read_fast(self, listed: ListedObject) -> Iterator[bytes]:
        """Return the object's bytes from obstore, unverified. Raises one of OBSTORE_ERRORS."""
        found = obstore.get(self._store, listed.key, options={"if_match": listed.etag})
        if found.meta["size"] != listed.size_bytes:
            # The object was replaced, or the server sends endless data.
            raise ValueError("its size differs from the listing")
        if listed.size_bytes <= CHUNK_BYTES:
            return iter([found.bytes()])
        return iter(found.stream(CHUNK_BYTES))

    def read(self, listed: ListedObject) -> dict:
        """Return botocore's GetObject response; reading its body verifies the stored checksum."""
        return self._open_client().get_object(
            Bucket=self.source.bucket,
            Key=listed.key,
            IfMatch=listed.etag,
            ChecksumMode="ENABLED",
            **self._payer(),
        )

    def count_fast_failure(self) -> None:
        """Count an object that only botocore could read; after too many, stop using obstore."""
        self._obstore_failures += 1
        if self._obstore_failures >= OBSTORE_FAILURES:
            self._store = None

    def use_stored_checksums(self) -> None:
        """Use only botocore from now on, because this bucket's ETags are not MD5 hashes."""
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
                # botocore was redirected to the bucket's Region; obstore needs the Region, too.
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
        """Return None if only botocore can reach the bucket. Raises BadEndpointError."""
        setting = self._session.get_config_variable
        if setting("use_fips_endpoint") or setting("use_dualstack_endpoint"):
            return None
        endpoint = configured_endpoint(self._session, "s3", self.source)
        if endpoint and self._frozen_credentials()["token"]:
            # If redirected to another host, obstore would send it the session token.
            return None
        client_options = {
            "allow_http": (endpoint or "").startswith("http://"),
            "connect_timeout": datetime.timedelta(seconds=min(10, self._timeout_seconds)),
            "read_timeout": datetime.timedelta(seconds=self._timeout_seconds),
            # For the whole request; the read timeout applies to stalled requests.
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
            # For example, an invalid certificate file; botocore reports it.
            return None

    def _frozen_credentials(self) -> dict:
        """Return credentials for obstore, which renews them well before botocore does."""
        frozen = self._session.get_credentials().get_frozen_credentials()
        return {
            "access_key_id": frozen.access_key,
            "secret_access_key": frozen.secret_key,
            "token": frozen.token,
            "expires_at": datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5),
        }
