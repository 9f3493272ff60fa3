"""The loader killed at random moments, against a real object store."""

import datetime
import json
import random
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import obstore
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from mirroring import BUCKET, Mirror, document, report_key
from obstore.store import S3Store

KILLS = 50
OBJECTS = 900
OBJECT_BYTES = 5000


@pytest.fixture(scope="module")
def weed(tmp_path_factory):
    """The address of a SeaweedFS server with an empty bucket, and a store to write to it."""
    folder = tmp_path_factory.mktemp("seaweed")
    config = folder / "s3.json"
    config.write_text(
        json.dumps(
            {
                "identities": [
                    {
                        "name": "kiro",
                        "credentials": [{"accessKey": "testing", "secretKey": "testing"}],
                        "actions": ["Admin"],
                    }
                ]
            }
        )
    )
    ports = dict(zip(("master", "volume", "filer", "s3"), free_ports(4), strict=True))
    process = subprocess.Popen(
        [
            *(Path(sys.executable).with_name("weed"), "server", f"-dir={folder}"),
            *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", "-s3.ip.bind=127.0.0.1"),
            *(f"-{name}.port={port}" for name, port in ports.items()),
            *(f"-{name}.port.grpc={port}" for name, port in zip(ports, free_ports(4), strict=True)),
            *("-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={config}"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{ports['s3']}"
    try:
        store = S3Store(
            BUCKET,
            endpoint=url,
            region="us-east-1",
            access_key_id="testing",
            secret_access_key="testing",
            client_options={"allow_http": True},
        )
        create_bucket(url)
        yield url, store
    finally:
        process.kill()
        process.wait()


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports


def create_bucket(url: str) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    for _ in range(60):
        try:
            client.create_bucket(Bucket=BUCKET)
            return
        except (BotoCoreError, ClientError):
            time.sleep(0.5)
    raise AssertionError("SeaweedFS did not start")


def write(store: S3Store, keys: list[str], chance: random.Random) -> None:
    bodies = [(key, chance.randbytes(OBJECT_BYTES)) for key in keys]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda item: obstore.put(store, *item, use_multipart=False), bodies))


def test_killed_and_continued_the_mirror_equals_the_bucket(weed, tmp_path):
    url, store = weed
    chance = random.Random(20261123)
    keys = [
        report_key(day, client)
        for day in range(OBJECTS // 3)
        for client in ("KIRO_IDE", "KIRO_CLI", "PLUGIN")
    ]
    write(store, keys, chance)
    mirror = Mirror(tmp_path / "mirror", url)
    kills = ended = 0
    while kills < KILLS:
        process = subprocess.Popen(
            mirror.command("--full", "--workers", "2"),
            env=mirror.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _, stderr = process.communicate(timeout=chance.uniform(0.3, 1.0))
            assert process.returncode == 0, stderr
            ended += 1
            # All is here: a part of it is written anew, in place, for the next kills.
            write(store, chance.sample(keys, OBJECTS // 2), chance)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
        halves = [
            path
            for path in mirror.folder.glob(f"{BUCKET}/**/*.csv")
            if path.stat().st_size != OBJECT_BYTES
        ]
        assert halves == []
    mirror.sync("--full")

    in_bucket = {key: bytes(obstore.get(store, key).bytes()) for key in keys}
    on_disk = {
        str(path.relative_to(mirror.folder / BUCKET)): path.read_bytes()
        for path in (mirror.folder / BUCKET).rglob("*")
        if path.is_file()
    }
    assert on_disk == in_bucket
    assert mirror.on_its_way() == []
    assert mirror.sync("--full")["unchanged"] == OBJECTS
    assert mirror.query_record("select count(*) from objects") == [(OBJECTS,)]
    document(
        "kills",
        f"{datetime.date.today()}: {kills} kills (SIGKILL at random moments) of syncs of {OBJECTS} "
        f"objects from SeaweedFS.\n{ended} syncs ended before their kill, and half of the bucket was "
        "then written anew. In the end\nthe mirror equalled the bucket byte for byte; at no time did "
        "it hold half a file\n(`tests/python/test_sync_kills.py`).",
    )
