"""Shared by the loader's tests: an S3 server over HTTP, and the loader, run as users run it."""

import datetime
import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"
BUCKET = "kiro-reports"
ACCOUNT = "123456789012"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


def report_key(
    day: datetime.date | int = 1,
    client: str = "KIRO_IDE",
    account: str = ACCOUNT,
    region: str = "us-east-1",
    root: str = "logs/",
    time: str = "0000",
) -> str:
    """The key of a day's report; the day may be a number of days before today."""
    if isinstance(day, int):
        day = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=day)
    return (
        f"{root}AWSLogs/{account}/KiroLogs/user_report/{region}/{day:%Y/%m/%d}/00/"
        f"{client}_{account}_user_report_{day:%Y%m%d}{time}.csv"
    )


class Program:
    """A folder and a script that fills it from one server."""

    script: str
    # The command line's default in tests.
    source: str

    def __init__(self, folder: Path, endpoint_url: str):
        self.folder = folder
        self.endpoint_url = endpoint_url

    def command(self, *arguments: str | Path, source: str | None = "") -> list:
        """The script's command line; without a source if `source` is None."""
        if source == "":
            source = self.source
        of_source = [source, "--endpoint-url", self.endpoint_url] if source else []
        return [
            *(sys.executable, SCRIPTS / self.script, *of_source),
            *("--dest", self.folder, *arguments),
        ]

    def environment(self, **changes: str) -> dict[str, str]:
        """The environment with only the test's credentials and settings."""
        base = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return (
            base
            | CREDENTIALS
            | {
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            }
            | changes
        )

    def run(
        self, *arguments: str | Path, source: str | None = "", **environment: str
    ) -> subprocess.CompletedProcess:
        """Run the script and return its output and exit status."""
        done = subprocess.run(
            self.command(*arguments, source=source),
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def sync(self, *arguments: str | Path, status: int = 0, **options: str | None) -> dict:
        """Run the script, expecting the exit status `status`; return its summary."""
        done = self.run("--json", *arguments, **options)
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout)


class Mirror(Program):
    """A mirror folder and the loader that fills it from one server."""

    script = "sync_reports.py"
    source = f"s3://{BUCKET}/logs"

    def path(self, key: str) -> Path:
        """The mirrored file for a key."""
        return self.folder / BUCKET / key

    def files(self) -> dict[str, str]:
        """The contents of the mirrored files, by path, without the loader's own files."""
        return {
            str(path.relative_to(self.folder)): path.read_text()
            for path in self.folder.rglob("*")
            if path.is_file() and ".sync" not in path.parts
        }

    def on_its_way(self) -> list[Path]:
        """Half-fetched files."""
        return list(self.folder.glob(".sync/incoming/*"))

    def query_record(self, sql: str, *values: object) -> list[tuple]:
        """Query or change the record."""
        connection = sqlite3.connect(self.folder / ".sync/record.sqlite")
        with connection:
            rows = connection.execute(sql, values).fetchall()
        connection.close()
        return rows


@pytest.fixture(scope="module")
def server():
    """The address of an S3 server that does not check credentials."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(server):
    """A client for the server, which has an empty bucket."""
    client = client_of("s3", server)
    client.create_bucket(Bucket=BUCKET)
    yield client
    post(f"{server}/moto-api/reset")


@pytest.fixture
def mirror(server, tmp_path):
    """An empty mirror that is filled from the server."""
    return Mirror(tmp_path / "mirror", server)


def client_of(service: str, url: str):
    """A boto3 client for a service on the server at `url`."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def put(client, objects: dict[str, str]) -> None:
    """Write objects to the bucket."""
    for key, body in objects.items():
        client.put_object(Bucket=BUCKET, Key=key, Body=body)


def policy(*statements: dict) -> str:
    """An IAM policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def documented_policy(name: str) -> list[dict]:
    """The statements in a policy from the operating guide."""
    guide = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    text = guide.split(f"<!-- policy: {name} -->\n```json\n")[1].split("```")[0]
    return json.loads(text)["Statement"]


def make_user(server: str, *statements: dict) -> dict[str, str]:
    """Create a user with a policy and return its credentials; the server now checks requests."""
    iam = client_of("iam", server)
    iam.create_user(UserName="kiro")
    iam.put_user_policy(UserName="kiro", PolicyName="p", PolicyDocument=policy(*statements))
    key = iam.create_access_key(UserName="kiro")["AccessKey"]
    post(f"{server}/moto-api/reset-auth", b"0")
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }


def trust_everyone(server: str) -> None:
    """Stop the server from checking requests."""
    post(f"{server}/moto-api/reset-auth", b"inf")


def post(url: str, body: bytes = b"") -> None:
    """Send the server a request that is not part of S3."""
    request = urllib.request.Request(url, body, {"Content-Type": "text/plain"}, method="POST")
    urllib.request.urlopen(request).close()
