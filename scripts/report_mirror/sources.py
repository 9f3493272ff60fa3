"""Sources of reports: a bucket and a prefix with how to reach them, from sources.toml or flags."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from report_mirror.report_keys import is_safe_prefix

SOURCE_URL = re.compile(r"s3://([^/]*)(?:/(.*))?", re.DOTALL)

BucketName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\Z")]
Account = Annotated[str, msgspec.Meta(pattern="^[0-9]{12}\\Z")]
Region = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]+\\Z")]
RoleArn = Annotated[str, msgspec.Meta(pattern="^arn:[a-z-]+:iam::[0-9]{12}:role/.+\\Z")]


class SourcesError(ValueError):
    """What is wrong with the sources, in words that name the key."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place to mirror from. Credentials come from boto3's own chain, or the named profile."""

    bucket: BucketName
    prefix: str = ""
    accounts: list[Account] = []
    regions: list[Region] = []
    profile: str | None = None
    role_arn: RoleArn | None = None
    external_id: str | None = None
    endpoint_url: str | None = None
    requester_pays: bool = False

    def __post_init__(self) -> None:
        if "AWSLogs" in self.prefix.split("/"):
            raise ValueError(
                "prefix holds AWSLogs: name only what stands before it, and choose with accounts "
                "and regions"
            )
        if not is_safe_prefix(self.prefix):
            raise ValueError("prefix is no plain path of folders, such as team/logs")
        if self.endpoint_url is not None and not is_endpoint_url(self.endpoint_url):
            raise ValueError("endpoint_url is no address such as https://s3.example.com")
        if self.external_id and not self.role_arn:
            raise ValueError("external_id is given without role_arn")

    @property
    def folder(self) -> str:
        """The prefix as a folder, else logs would stand for logs-of-others/ too; '' if none."""
        return f"{self.prefix.removesuffix('/')}/" if self.prefix else ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.folder}"


class SourcesFile(msgspec.Struct, forbid_unknown_fields=True):
    """The content of sources.toml: one or more [[source]] tables."""

    source: Annotated[list[Source], msgspec.Meta(min_length=1)]


def is_endpoint_url(text: str) -> bool:
    """Whether a text is the address of a server, without user, password or path."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and re.fullmatch(r"[A-Za-z0-9.-]+|[0-9a-f:.]+", parts.hostname or "") is not None
            and parts.port != 0
            and "@" not in parts.netloc
            and parts.path in ("", "/")
            and not parts.query
        )
    except ValueError:
        return False


def source_from_url(url: str, **settings: object) -> Source:
    """The source s3://bucket/prefix with settings of `Source`. Raises SourcesError."""
    matched = SOURCE_URL.fullmatch(url)
    if not matched:
        raise SourcesError(f"'{url}' is no S3 location: write s3://bucket/prefix.")
    try:
        return msgspec.convert(
            {"bucket": matched[1], "prefix": matched[2] or "", **settings}, Source
        )
    except msgspec.ValidationError as error:
        raise SourcesError(f"{url}: {_in_words(error)}; write s3://bucket/prefix.") from None


def read_sources(path: Path) -> list[Source]:
    """The sources that a TOML file lists. Raises SourcesError, with file and key, or OSError."""
    try:
        # Some editors begin a file with a byte order mark.
        sources = msgspec.toml.decode(path.read_text("utf-8-sig"), type=SourcesFile).source
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path}: {_in_words(error)}.") from None
    check_together(sources)
    return sources


def check_together(sources: list[Source]) -> None:
    """Two servers may hold buckets of one name, but the mirror has one folder for them."""
    endpoints: dict[str, str | None] = {}
    for source in sources:
        if endpoints.setdefault(source.bucket, source.endpoint_url) != source.endpoint_url:
            raise SourcesError(
                f"bucket {source.bucket} is named with two values of endpoint_url: their files "
                "would overwrite each other. Mirror one of them into another folder (--dest)."
            )


def _in_words(error: Exception) -> str:
    """msgspec's message, with `$.source[0].bucket` as bucket of source 1."""
    return re.sub(
        r"`\$(?:[.]source\[(\d+)\])?[.]?([^`]*)`",
        lambda path: " of ".join(
            part
            for part in (f"`{path[2]}`" * bool(path[2]), path[1] and f"source {int(path[1]) + 1}")
            if part
        ),
        str(error),
    )
