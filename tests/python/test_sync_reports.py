"""The loader against an S3 server over HTTP."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import boto3
import pytest
from conftest import ROOT
from moto.server import ThreadedMotoServer

BUCKET = "kiro-reports"
REPORTS = "logs/AWSLogs/123456789012/KiroLogs/user_report/us-east-1/2026/06/01/00/"
REPORT = REPORTS + "KIRO_IDE_123456789012_user_report_202606010000.csv"
LEGACY = (
    "logs/AWSLogs/123456789012/KiroLogs/by_user_analytic/us-east-1/2026/06/01/00/"
    "123456789012_by_user_analytic_202606010000_report.csv"
)
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(server):
    client = boto3.client(
        "s3",
        endpoint_url=server,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    client.create_bucket(Bucket=BUCKET)
    yield client
    urllib.request.urlopen(urllib.request.Request(f"{server}/moto-api/reset", method="POST"))


@pytest.fixture
def sync(server, tmp_path):
    """Run the loader as a user does."""

    def run(*arguments: str, source: str = f"s3://{BUCKET}/logs", **environment: str):
        base = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return subprocess.run(
            [
                *(sys.executable, ROOT / "scripts/sync_reports.py", source),
                *("--endpoint-url", server, "--dest", tmp_path / "mirror", *arguments),
            ],
            env=base | CREDENTIALS | {"AWS_EC2_METADATA_DISABLED": "true"} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def mirrored(tmp_path: Path) -> dict[str, str]:
    root = tmp_path / "mirror"
    return {
        str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()
    }


def test_reports_and_nothing_else_are_fetched(s3, sync, tmp_path):
    objects = {
        REPORT: "the report",
        REPORTS + "KIRO_CLI_123456789012_user_report_part_2_202606010000.csv": "part before",
        REPORTS + "KIRO_CLI_123456789012_user_report_202606010000_part_1_report.csv": "part after",
        LEGACY: "legacy",
        LEGACY.replace("KiroLogs", "QDeveloperLogs"): "older legacy",
    }
    foreign = [
        REPORTS + "0f8fad5b-d9cb-469f-a165-70867728950e",
        REPORTS + "kiro-ide-somebody.csv",
        "logs/AWSLogs/123456789012/KiroLogs/GenerateAssistantResponse/prompt.json.gz",
        "logs/notes.csv",
        REPORT + ".bak",
    ]
    for key, body in (objects | dict.fromkeys(foreign, "foreign")).items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    s3.put_object(Bucket=BUCKET, Key=REPORT.replace("logs/", "logs-of-others/"), Body="theirs")

    done = sync("--json")
    assert done.returncode == 0, done.stderr
    assert mirrored(tmp_path) == {f"{BUCKET}/{key}": body for key, body in objects.items()}
    summary = json.loads(done.stdout)
    assert (summary["fetched"], summary["unchanged"], summary["passed_over"]) == (5, 0, 5)


def test_delivery_time_is_kept_and_files_are_private(s3, sync, tmp_path):
    s3.put_object(Bucket=BUCKET, Key=REPORT, Body="the report")
    assert sync().returncode == 0
    status = (tmp_path / "mirror" / BUCKET / REPORT).stat()
    listed = s3.head_object(Bucket=BUCKET, Key=REPORT)["LastModified"]
    assert status.st_mtime == listed.timestamp()
    assert status.st_mode & 0o077 == 0


def test_only_new_and_changed_objects_are_fetched(s3, sync, tmp_path):
    s3.put_object(Bucket=BUCKET, Key=REPORT, Body="the report")
    s3.put_object(Bucket=BUCKET, Key=LEGACY, Body="legacy")
    assert json.loads(sync("--json").stdout)["fetched"] == 2
    assert json.loads(sync("--json").stdout)["fetched"] == 0

    # An older time on disk is what a file has whose object was written again since.
    path = tmp_path / "mirror" / BUCKET / REPORT
    os.utime(path, (1, 1))
    s3.put_object(Bucket=BUCKET, Key=REPORT, Body="REWRITTEN!")
    s3.delete_object(Bucket=BUCKET, Key=LEGACY)
    summary = json.loads(sync("--json").stdout)
    assert (summary["fetched"], summary["unchanged"]) == (1, 0)
    assert path.read_text() == "REWRITTEN!"
    assert (tmp_path / "mirror" / BUCKET / LEGACY).read_text() == "legacy"


@pytest.mark.parametrize(
    "key",
    [
        "logs/../../outside/" + REPORT,
        "/" + REPORT,
        "logs//" + REPORT,
        "logs/./" + REPORT,
        "logs\\..\\" + REPORT,
        "logs/\x07/" + REPORT,
    ],
)
def test_keys_cannot_leave_the_mirror(s3, sync, tmp_path, key):
    s3.put_object(Bucket=BUCKET, Key=key, Body="hostile")
    done = sync("--json", source=f"s3://{BUCKET}")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["passed_over"] == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_dry_run_fetches_nothing(s3, sync, tmp_path):
    s3.put_object(Bucket=BUCKET, Key=REPORT, Body="the report")
    done = sync("--dry-run")
    assert "Would fetch 1 report files" in done.stdout
    assert mirrored(tmp_path) == {}


def test_failed_object_leaves_no_file_and_the_others_come(s3, sync, tmp_path):
    s3.put_object(Bucket=BUCKET, Key=REPORT, Body="the report")
    s3.put_object(Bucket=BUCKET, Key=LEGACY, Body="legacy")
    # A folder stands where the file should go.
    blocked = tmp_path / "mirror" / BUCKET / REPORT
    (blocked / "folder").mkdir(parents=True)
    done = sync()
    assert done.returncode == 1
    assert REPORT in done.stderr
    assert mirrored(tmp_path) == {f"{BUCKET}/{LEGACY}": "legacy"}


def test_missing_bucket_is_said(s3, sync):
    done = sync(source="s3://no-such-bucket-here/logs")
    assert done.returncode == 1
    assert "there is no such bucket" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_credentials_are_said(s3, sync):
    done = sync(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", HOME="/nonexistent")
    assert done.returncode == 1
    assert "no AWS credentials found" in done.stderr


def test_bucket_without_reports_is_said(s3, sync):
    done = sync()
    assert done.returncode == 0
    assert "No report file below" in done.stderr


@pytest.mark.parametrize("source", ["my-bucket", "s3://", "https://my-bucket/logs", "s3://UPPER"])
def test_usage_error_is_status_2(sync, source):
    done = sync(source=source)
    assert done.returncode == 2
    assert "write s3://bucket/prefix" in done.stderr
