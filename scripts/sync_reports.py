#!/usr/bin/env python3
"""Mirror Kiro's report files from an S3 bucket to disk: only report files, only new or changed.

Objects go to DEST/<bucket>/<key>, with the object's LastModified as modification time, which the
models read as the time of delivery. Nothing is ever deleted from the mirror.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import boto3
import click
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# The key of a report, as AWS lays the buckets out: the part stands before or after the timestamp.
# The models recognise the same names by the macro report_file_pattern.
REPORT_KEY = re.compile(
    r"(?:.+/)?AWSLogs/[0-9]{12}/(?:KiroLogs|QDeveloperLogs)/"
    r"(?:user_report/{day}/[A-Z][A-Z0-9_]*_[0-9]{12}_user_report"
    r"|by_user_analytic/{day}/[0-9]{12}_by_user_analytic)"
    r"(?:_part_[0-9]{1,6})?_[0-9]{8,14}(?:_part_[0-9]{1,6})?(?:_report)?[.]csv".replace(
        "{day}", "[a-z0-9-]+/[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{2}"
    )
)


@dataclass(frozen=True)
class ReportObject:
    """A report file in a bucket, as a listing names it."""

    key: str
    size_bytes: int
    etag: str
    last_modified: datetime.datetime


@dataclass
class SyncResult:
    """What one run did: counts of objects, and a message per object that failed."""

    fetched: int = 0
    fetched_bytes: int = 0
    unchanged: int = 0
    passed_over: int = 0
    failures: list[str] = field(default_factory=list)


def is_report_key(key: str) -> bool:
    """Whether a key names a report file and stays below the mirror when used as a path."""
    segments = key.split("/")
    return (
        REPORT_KEY.fullmatch(key) is not None
        and not any(segment in ("", ".", "..") for segment in segments)
        and "\\" not in key
        and key.isprintable()
    )


def list_reports(client, bucket: str, prefix: str, result: SyncResult) -> Iterator[ReportObject]:
    """List the report files below a prefix; every other object is counted in `result`.

    Raises botocore's ClientError or BotoCoreError if the bucket cannot be listed.
    """
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for listed in page.get("Contents", []):
            if is_report_key(listed["Key"]):
                yield ReportObject(
                    listed["Key"], listed["Size"], listed["ETag"], listed["LastModified"]
                )
            else:
                result.passed_over += 1


def is_mirrored(report: ReportObject, path: Path) -> bool:
    """Whether the file on disk has the object's size and modification time."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    return status.st_size == report.size_bytes and int(status.st_mtime) == int(
        report.last_modified.timestamp()
    )


def fetch(client, bucket: str, report: ReportObject, path: Path) -> None:
    """Write the object to `path`: first under a temporary name beside it, then renamed.

    Raises botocore's errors, OSError, or ValueError if the body does not have the listed size.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    response = client.get_object(Bucket=bucket, Key=report.key, IfMatch=report.etag)
    # Readable by the owner only, as tempfile makes it: reports name people.
    handle, temporary_name = tempfile.mkstemp(prefix=".fetching-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as temporary_file:
            for chunk in response["Body"].iter_chunks(1024 * 1024):
                temporary_file.write(chunk)
            written_bytes = temporary_file.tell()
        if written_bytes != report.size_bytes:
            raise ValueError(f"{written_bytes} of {report.size_bytes} bytes arrived")
        os.utime(temporary_name, (report.last_modified.timestamp(),) * 2)
        os.replace(temporary_name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary_name)
        raise


def sync(client, bucket: str, prefix: str, dest: Path, dry_run: bool) -> SyncResult:
    """Bring the mirror of one bucket and prefix up to date and return what was done.

    Raises botocore's errors if the bucket cannot be listed; an object that cannot be fetched is
    reported in the result, and the others go on.
    """
    result = SyncResult()
    reports = list(list_reports(client, bucket, prefix, result))
    wanted = [report for report in reports if not is_mirrored(report, dest / bucket / report.key)]
    result.unchanged = len(reports) - len(wanted)
    with click.progressbar(
        wanted, label=f"Fetching from s3://{bucket}/{prefix}", file=sys.stderr
    ) as progress:
        for report in progress:
            if not dry_run:
                try:
                    fetch(client, bucket, report, dest / bucket / report.key)
                except (BotoCoreError, ClientError, OSError, ValueError) as error:
                    result.failures.append(f"s3://{bucket}/{report.key}: {error}")
                    continue
            result.fetched += 1
            result.fetched_bytes += report.size_bytes
    return result


def explain(error: Exception, bucket: str) -> str:
    """What to do about a bucket that cannot be listed."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    advice = {
        "NoSuchBucket": "there is no such bucket: check its name.",
        "AccessDenied": "listing is denied: the credentials need s3:ListBucket on the bucket.",
        "ExpiredToken": "the credentials have expired: sign in again.",
        "InvalidAccessKeyId": "the credentials are unknown to the server: check the AWS profile.",
        "SignatureDoesNotMatch": "the secret key is wrong: check the AWS profile.",
    }
    if type(error).__name__ == "NoCredentialsError":
        return (
            f"s3://{bucket}: no AWS credentials found. Sign in (aws sso login) or set AWS_PROFILE."
        )
    return f"s3://{bucket}: {advice.get(code, error)}"


@click.command(
    epilog="Example: sync_reports.py s3://my-bucket/user-activity --dest data/reports",
)
@click.argument("source", metavar="s3://BUCKET[/PREFIX]")
@click.option(
    "--dest",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: os.environ.get("KIRO_REPORTS_DIR", "data/reports"),
    show_default="KIRO_REPORTS_DIR, else data/reports",
    help="Folder of the mirror.",
)
@click.option("--endpoint-url", help="S3-compatible server to ask instead of AWS.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched, fetch nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def main(source: str, dest: Path, endpoint_url: str | None, dry_run: bool, as_json: bool) -> None:
    """Fetch new and changed Kiro report files from S3 into the mirror.

    Credentials come from boto3's own chain (AWS_PROFILE, environment, SSO, instance role).
    Exit status: 0 all done, 1 something failed, 2 usage.
    """
    matched = re.fullmatch(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", source)
    if not matched:
        raise click.UsageError(f"'{source}' is no S3 location: write s3://bucket/prefix.")
    bucket, prefix = matched.group(1), matched.group(2) or ""
    if prefix and not prefix.endswith("/"):
        # Else s3://bucket/logs would fetch logs-of-another-team/ too.
        prefix += "/"

    try:
        client = boto3.client(
            "s3",
            endpoint_url=endpoint_url,
            config=Config(retries={"mode": "standard", "total_max_attempts": 6}),
        )
        result = sync(client, bucket, prefix, dest, dry_run)
    except (BotoCoreError, ClientError) as error:
        click.echo(explain(error, bucket), err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"Cannot write to {dest}: {error}", err=True)
        sys.exit(1)

    for failure in result.failures:
        click.echo(f"Failed: {failure}", err=True)
    if as_json:
        click.echo(json.dumps(asdict(result)))
    else:
        click.echo(
            f"{'Would fetch' if dry_run else 'Fetched'} {result.fetched:,} report files "
            f"({result.fetched_bytes:,} bytes) into {dest}; {result.unchanged:,} unchanged, "
            f"{result.passed_over:,} other objects passed over, {len(result.failures):,} failed."
        )
    if not result.fetched + result.unchanged + len(result.failures):
        click.echo(
            f"No report file below s3://{bucket}/{prefix}: name the prefix that stands before "
            "AWSLogs/ in the Kiro console's S3 location.",
            err=True,
        )
    sys.exit(1 if result.failures else 0)


if __name__ == "__main__":
    main()
