"""A malicious bucket or server: the loader reads only listed objects and leaks nothing."""

import contextlib
import itertools
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from mirroring import BUCKET, CREDENTIALS, Mirror, put, report_key
from projects import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

from loaders.mirror import bucket
from loaders.shared.advice import advise
from loaders.shared.aws import EndlessListingError
from loaders.shared.sources import Source

KEY = report_key(1)
OTHER_KEY = report_key(2)


@pytest.fixture
def hostile(s3, proxy, tmp_path) -> Mirror:
    """A mirror filled through the proxy from a bucket with two reports."""
    proxy.clear()
    put(s3, {KEY: "the object", OTHER_KEY: "another"})
    return Mirror(tmp_path / "mirror", proxy.url)


def opened(url: str, monkeypatch) -> bucket.Bucket:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return bucket.Bucket(Source(bucket=BUCKET, endpoint_url=url), 1, 5)


def test_oversized_object_is_skipped_and_the_rest_is_fetched(s3, hostile):
    put(s3, {KEY: "x" * 2000})
    limit = ("--max-megabytes", "0.001")
    done = hostile.run(*limit)
    assert done.returncode == 1
    assert f"{KEY}: has 2,000 bytes, far more than Kiro writes" in done.stderr
    assert list(hostile.files().values()) == ["another"]
    # A skipped object does not cause a full listing.
    assert not hostile.sync(*limit, status=1)["sources"][0]["full_listing"]
    assert hostile.sync()["fetched"] == 1


def test_download_longer_than_listed_is_abandoned(hostile, proxy):
    proxy.faults[KEY] = lambda _, answer: (*answer[:2], answer[2] + b"x" * 5_000_000)
    done = hostile.run()
    assert done.returncode == 1
    assert "it is larger than in the listing" in done.stderr
    assert list(hostile.files().values()) == ["another"]
    assert hostile.on_its_way() == []


def test_download_longer_than_listed_is_not_read_into_memory(hostile, proxy, monkeypatch):
    opened_bucket = opened(proxy.url, monkeypatch)
    [listed] = [found for found in opened_bucket.objects("logs/", "") if found.key == KEY]
    proxy.faults[KEY] = lambda _, answer: (*answer[:2], answer[2] + b"x" * 5_000_000)
    with pytest.raises(ValueError, match="its size differs from the listing"):
        opened_bucket.read_fast(listed)


@contextlib.contextmanager
def serving(page: Callable[[str], str]) -> Iterator[str]:
    """The address of a server that answers each request with the page for its path."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = page(self.path).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


LISTING = """<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
<IsTruncated>true</IsTruncated><NextContinuationToken>{number}</NextContinuationToken>
{content}</ListBucketResult>"""
OBJECT = """<Contents><Key>logs/{}.csv</Key><Size>1</Size><ETag>"e"</ETag>
<LastModified>2026-06-01T00:00:00.000Z</LastModified></Contents>"""
OBJECTS = OBJECT.format("{number}") + (
    "<CommonPrefixes><Prefix>logs/{number}/</Prefix></CommonPrefixes>"
)


@pytest.mark.parametrize(
    ("bounds", "content"),
    [
        ({"MOST_OBJECTS": 2500}, OBJECTS * 500),
        ({"MOST_PAGES": 20, "MOST_SECONDS": 1}, ""),
    ],
    ids=["objects", "empty pages"],
)
@pytest.mark.parametrize("how", ["folders", "objects", "objects through botocore"])
def test_endless_listing_is_abandoned(monkeypatch, how, bounds, content):
    for name, most in bounds.items():
        monkeypatch.setattr(bucket, name, most)
    numbers = itertools.count()

    def page(path: str) -> str:
        return LISTING.replace("{content}", content).replace("{number}", str(next(numbers)))

    with serving(page) as url:
        opened_bucket = opened(url, monkeypatch)
        if how.endswith("botocore"):
            opened_bucket.use_stored_checksums()
        with pytest.raises(EndlessListingError):
            opened_bucket.directly_below("logs/") if how == "folders" else opened_bucket.objects(
                "logs/", ""
            )
    # An abandoned listing requests no further pages.
    asked = next(numbers)
    time.sleep(0.5)
    assert next(numbers) <= asked + 2


def test_listing_continues_after_the_last_full_page(monkeypatch):
    """A proxy's web page in place of a listing page must not end the listing."""
    monkeypatch.setattr(bucket, "PAGE_OBJECTS", 2)
    first = LISTING.format(number=2, content="".join(map(OBJECT.format, (1, 2))))
    rest = LISTING.replace("true", "false").format(number="", content=OBJECT.format(3))
    asked = []

    def page(path: str) -> str:
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
        asked.append(query.get("start-after", query.get("continuation-token", [""]))[0])
        return {"": first, "2": "<html>Sign in</html>", "logs/2.csv": rest}[asked[-1]]

    with serving(page) as url:
        listed = opened(url, monkeypatch).objects("logs/", "")
    assert [found.key for found in listed] == ["logs/1.csv", "logs/2.csv", "logs/3.csv"]
    assert asked == ["", "2", "logs/2.csv"]


def test_endless_listing_is_reported():
    source = Source(bucket=BUCKET)
    assert "the listing does not end" in advise(EndlessListingError(), source)


def test_redirect_to_another_host_sends_no_credentials(hostile, proxy):
    """The other host gets neither a signature nor a session token."""
    sent = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            sent.append(dict(self.headers))
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    location = f"http://localhost:{server.server_port}/stolen"
    proxy.faults[""] = lambda _, __: (307, {"Location": location}, b"")
    for token in ({"AWS_SESSION_TOKEN": "secret-token"}, {}):
        assert hostile.run("--timeout", "2", **token).returncode == 1
    server.shutdown()
    names = {name.lower() for headers in sent for name in headers}
    assert not names & {"authorization", "x-amz-security-token"}


@pytest.mark.parametrize("depth", [1, 5])
def test_symbolic_link_in_the_mirror_is_not_followed(hostile, tmp_path, depth):
    outside = tmp_path / "outside"
    outside.mkdir()
    link = hostile.folder.joinpath(*f"{BUCKET}/{KEY}".split("/")[:depth])
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    done = hostile.run()
    assert done.returncode == 1
    assert f"{link}: is a symbolic link, which is not followed" in done.stderr
    assert list(outside.iterdir()) == []


def test_symbolic_link_in_place_of_a_file_is_replaced(hostile, tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("the object")
    before = outside.stat()
    link = hostile.path(KEY)
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    assert hostile.sync()["fetched"] == 2
    assert not link.is_symlink()
    assert outside.stat() == before
