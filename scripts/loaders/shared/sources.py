"""Buckets and directories to read and how to access them, from sources.toml or options."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

import msgspec

from loaders.mirror.report_keys import is_safe_prefix

SOURCE_URL = re.compile(r"s3://([^/]*)(?:/(.*))?", re.DOTALL)

# msgspec's messages contain paths such as `$.source[0].bucket`.
CONFIG_PATH = re.compile(r"`\$(?:[.](source|directory)\[(\d+)\])?[.]?([^`]*)`")

BucketName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\Z")]
Account = Annotated[str, msgspec.Meta(pattern="^[0-9]{12}\\Z")]
Region = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]+\\Z")]
IdentityStoreId = Annotated[
    str, msgspec.Meta(pattern="^(d-[0-9a-f]{10}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\\Z")
]
GroupName = Annotated[str, msgspec.Meta(min_length=1)]
RoleArn = Annotated[str, msgspec.Meta(pattern="^arn:[a-z-]+:iam::[0-9]{12}:role/.+\\Z")]


class SourcesError(ValueError):
    """An error in the sources; the message includes the key."""


class Access(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to access AWS. Credentials come from boto3's default sources or from `profile`."""

    service: ClassVar[str]

    profile: str | None = None
    role_arn: RoleArn | None = None
    external_id: str | None = None
    endpoint_url: str | None = None

    def __post_init__(self) -> None:
        if self.endpoint_url is not None and not is_endpoint_url(self.endpoint_url):
            raise ValueError("endpoint_url must be an address such as https://s3.example.com")
        if self.external_id and not self.role_arn:
            raise ValueError("external_id is set without role_arn")


class Source(Access, frozen=True):
    """A location to mirror."""

    service = "S3"

    bucket: BucketName
    prefix: str = ""
    accounts: list[Account] = []
    regions: list[Region] = []
    requester_pays: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if "AWSLogs" in self.prefix.split("/"):
            raise ValueError(
                "prefix contains AWSLogs: give only the part before it, and filter by accounts and "
                "regions"
            )
        if not is_safe_prefix(self.prefix):
            raise ValueError("prefix must be a plain folder path, such as team/logs")

    @property
    def folder(self) -> str:
        """The prefix as a folder, or ''. Without the slash, logs would also match logs-old/."""
        return f"{self.prefix.removesuffix('/')}/" if self.prefix else ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.folder}"


class Directory(Access, frozen=True):
    """An IAM Identity Center identity store; if groups are set, only their members."""

    service = "IAM Identity Center"

    identity_store_id: IdentityStoreId
    region: Region | None = None
    groups: list[GroupName] = []

    def __str__(self) -> str:
        return self.identity_store_id


class SourcesFile(msgspec.Struct, forbid_unknown_fields=True):
    """The content of sources.toml: [[source]] and [[directory]] tables."""

    source: list[Source] = []
    directory: list[Directory] = []


def is_endpoint_url(text: str) -> bool:
    """Return whether a text is a server address without user, password and path."""
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
    """Return the source s3://bucket/prefix with settings for `Source`. Raises SourcesError."""
    matched = SOURCE_URL.fullmatch(url)
    if not matched:
        raise SourcesError(f"'{url}' is not an S3 location: write s3://bucket/prefix.")
    try:
        return msgspec.convert(
            {"bucket": matched[1], "prefix": matched[2] or "", **settings}, Source
        )
    except msgspec.ValidationError as error:
        raise SourcesError(f"{url}: {_in_words(error)}; write s3://bucket/prefix.") from None


def directory_from_id(identity_store_id: str, **settings: object) -> Directory:
    """Return the directory with this id and settings for `Directory`. Raises SourcesError."""
    try:
        return msgspec.convert({"identity_store_id": identity_store_id, **settings}, Directory)
    except msgspec.ValidationError as error:
        raise SourcesError(
            f"{identity_store_id}: {_in_words(error)}; write an identity store id, such as "
            "d-1234567890 (aws sso-admin list-instances)."
        ) from None


def read_sources(path: Path) -> SourcesFile:
    """Return the sources in a TOML file. Raises SourcesError with the file and the key."""
    try:
        # Some editors add a byte order mark to files.
        return msgspec.toml.decode(path.read_text("utf-8-sig"), type=SourcesFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path}: {_in_words(error)}.") from None
    except OSError as error:
        raise SourcesError(f"{path}: {error.strerror}.") from None


def check_sources(sources: list[Source]) -> None:
    """Reject buckets with the same name on two servers: the mirror has one folder for both."""
    endpoints: dict[str, str | None] = {}
    for source in sources:
        if endpoints.setdefault(source.bucket, source.endpoint_url) != source.endpoint_url:
            raise SourcesError(
                f"bucket {source.bucket} is listed with two values of endpoint_url: their files "
                "would overwrite each other. Mirror one of them to another folder (--dest)."
            )


def check_directories(directories: list[Directory]) -> None:
    """Reject duplicate directories: each has one file per day, so one would replace the other."""
    names = [str(directory) for directory in directories]
    for name in names:
        if names.count(name) > 1:
            raise SourcesError(
                f"{name} is listed twice: list it once, with the groups of both entries."
            )


def _in_words(error: Exception) -> str:
    """Return msgspec's message, with paths such as `$.source[0].bucket` in words."""

    def in_words(path: re.Match) -> str:
        kind, index, key = path.groups()
        parts = [f"`{key}`"] if key else []
        return " of ".join(parts + ([f"{kind} {int(index) + 1}"] if kind else []))

    return CONFIG_PATH.sub(in_words, str(error))
