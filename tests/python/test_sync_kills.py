"""Kills the loader at random moments, with a real object store."""

import datetime
import random
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

import obstore
import pytest
from mirroring import BUCKET, Mirror, report_key
from obstore.store import S3Store
from reliability import document
from seaweed import make_bucket, running_seaweed

pytestmark = pytest.mark.long

KILLS = 50
OBJECTS = 900
OBJECT_BYTES = 5000


@pytest.fixture(scope="module")
def seaweed(tmp_path_factory):
    with running_seaweed(tmp_path_factory.mktemp("seaweed")) as url:
        yield url


def write(store: S3Store, keys: list[str], chance: random.Random) -> None:
    bodies = [(key, chance.randbytes(OBJECT_BYTES)) for key in keys]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda item: obstore.put(store, *item, use_multipart=False), bodies))


def test_killed_and_resumed_sync_equals_the_bucket(seaweed, tmp_path):
    store = make_bucket(seaweed, BUCKET)
    chance = random.Random(20261123)
    keys = [
        report_key(day, client)
        for day in range(OBJECTS // 3)
        for client in ("KIRO_IDE", "KIRO_CLI", "PLUGIN")
    ]
    write(store, keys, chance)
    mirror = Mirror(tmp_path / "mirror", seaweed)
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
            # The sync is complete: rewrite part of the bucket for the next kills.
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
        f"{datetime.date.today()}: {kills} kills (SIGKILL at random moments) of syncs of "
        f"{OBJECTS} objects\nfrom SeaweedFS. {ended} syncs ended before the kill; half of the "
        "bucket was then rewritten.\nAt the end, the mirror equaled the bucket byte for byte; "
        "it never had a partial file\n(`tests/python/test_sync_kills.py`).",
    )
