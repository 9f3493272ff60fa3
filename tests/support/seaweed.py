"""SeaweedFS, a real object store, on separate ports."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from mirroring import CREDENTIALS, client_of
from obstore.store import S3Store

KEYS = {"accessKey": "testing", "secretKey": "testing"}  # pragma: allowlist secret
IDENTITY = {"name": "kiro", "credentials": [KEYS], "actions": ["Admin"]}


@contextmanager
def running_seaweed(folder: Path) -> Iterator[str]:
    """The address of a temporary server that checks signatures and stores data in `folder`."""
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [IDENTITY]}))
    names = ("master", "volume", "filer", "s3")
    ports = dict(zip(names, free_ports(4), strict=True))
    grpc_ports = dict(zip(names, free_ports(4), strict=True))
    process = subprocess.Popen(
        [
            *(Path(sys.executable).with_name("weed"), "server", f"-dir={folder}", "-volume.max=30"),
            *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", "-s3.ip.bind=127.0.0.1"),
            *(f"-{name}.port={port}" for name, port in ports.items()),
            *(f"-{name}.port.grpc={port}" for name, port in grpc_ports.items()),
            *("-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={config}"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{ports['s3']}"
    finally:
        process.kill()
        process.wait()


def make_bucket(url: str, bucket: str) -> S3Store:
    """Wait for the server, and return a store for a new bucket."""
    client = client_of("s3", url)
    for _ in range(60):
        try:
            client.create_bucket(Bucket=bucket)
            break
        except (BotoCoreError, ClientError):
            time.sleep(0.5)
    else:
        raise AssertionError("SeaweedFS did not start within half a minute")
    return S3Store(
        bucket,
        endpoint=url,
        region="us-east-1",
        access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        client_options={"allow_http": True},
    )


def free_ports(count: int) -> list[int]:
    """Ports without a listener."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports
