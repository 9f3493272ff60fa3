"""An HTTP proxy that causes network and S3 faults in front of an AWS server."""

import hashlib
import http.client
import json
import re
import socket
import struct
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Request:
    """A request as passed to a fault: its headers, and its number among requests for the key."""

    number: int
    headers: dict[str, str]


Fault = Callable[[Request, Answer], Answer]

ERROR = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>{code}</Code><Message>{message}</Message></Error>"""


class FaultProxy:
    """Forwards requests to a server, except where a fault is set.

    `faults` maps the end of a key ('' for every object and listing, 'list' for listings), or of an
    operation's name for services other than S3, to a function. The function receives the request
    and the server's answer, and returns the answer to send, possibly late, or raises Reset.
    `before` maps the same keys to functions that run before a request is forwarded.
    """

    def __init__(self, upstream: str):
        self._upstream = urllib.parse.urlsplit(upstream).netloc
        self.faults: dict[str, Fault] = {}
        self.before: dict[str, Callable[[Request], None]] = {}
        # As in a bucket encrypted with KMS: 32 hex digits that are not the content's MD5.
        self.hide_etags = False
        self.requests: Counter[str] = Counter()
        self.listed_prefixes: set[str] = set()
        self._lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                proxy.answer(self)

            def do_POST(self):
                proxy.answer(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def clear(self) -> None:
        """Stop causing faults, and reset the request counts."""
        self.faults.clear()
        self.before.clear()
        self.requests.clear()
        self.listed_prefixes.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Forward a request and return its answer, changed by any fault set for the request."""
        url = urllib.parse.urlsplit(handler.path)
        listing = "list-type=2" in url.query
        operation = handler.headers.get("X-Amz-Target")
        name = "list" if listing else operation or urllib.parse.unquote(url.path)
        sent_body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        with self._lock:
            self.requests[name] += 1
            if listing:
                self.listed_prefixes |= {urllib.parse.parse_qs(url.query).get("prefix", [""])[0]}
            request = Request(self.requests[name], dict(handler.headers))
        for end, prepare in self.before.items():
            if name.endswith(end):
                prepare(request)
        fault = max((end for end in self.faults if name.endswith(end)), key=len, default=None)
        upstream = http.client.HTTPConnection(self._upstream, timeout=30)
        sent = dict(request.headers)
        if self.hide_etags:
            sent = {key: value for key, value in sent.items() if key.lower() != "if-match"}
        upstream.request(handler.command, handler.path, sent_body, headers=sent)
        response = upstream.getresponse()
        kept = {
            key: value
            for key, value in response.getheaders()
            if key.lower() not in ("connection", "content-length", "date", "server")
        }
        answer = response.status, kept, response.read()
        upstream.close()
        if self.hide_etags:
            answer = _with_hidden_etags(answer)
        try:
            if fault is not None:
                answer = self.faults[fault](request, answer)
            status, headers, body = answer
            handler.send_response(status)
            for key, value in headers.items():
                handler.send_header(key, value)
            handler.send_header("Content-Length", headers.get("x-true-length", str(len(body))))
            handler.end_headers()
            handler.wfile.write(body)
            if "x-true-length" in headers:
                handler.close_connection = True
        except Reset:
            # Closing with a linger time of zero sends a reset.
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.close_connection = True
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True


@pytest.fixture(scope="module")
def proxy(server):
    """A proxy in front of the server that the loaders' tests use."""
    proxy = FaultProxy(server)
    yield proxy
    proxy.close()


class Reset(Exception):  # noqa: N818 - raised by a fault to reset the connection
    """Reset the connection instead of answering."""


# --- when a fault strikes


def always(fault: Callable[[Answer], Answer]) -> Fault:
    return lambda _, answer: fault(answer)


def first(times: int, fault: Callable[[Answer], Answer]) -> Fault:
    return lambda request, answer: fault(answer) if request.number <= times else answer


def unless_signed_for(region: str, fault: Callable[[Answer], Answer]) -> Fault:
    return lambda request, answer: (
        answer if f"/{region}/s3/" in request.headers.get("Authorization", "") else fault(answer)
    )


def after(others: int, fault: Callable[[Answer], Answer]) -> Fault:
    """The fault, from a given request number on, whatever the key."""
    seen = iter(range(1, 1_000_000))
    return lambda _, answer: fault(answer) if next(seen) > others else answer


# --- changes to the answer


def error(status: int, code: str, message: str = "", **headers: str) -> Callable[[Answer], Answer]:
    body = ERROR.format(code=code, message=message).encode()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: (status, {"Content-Type": "application/xml"} | headers, body)


def json_error(code: str, message: str = "", **members: str) -> Callable[[Answer], Answer]:
    """Errors in the format of JSON services."""
    body = json.dumps({"__type": code, "message": message} | members).encode()
    return lambda _: (400, {"Content-Type": "application/x-amz-json-1.1"}, body)


def reset(_: Answer) -> Answer:
    raise Reset


def hang(seconds: float) -> Callable[[Answer], Answer]:
    def fault(answer: Answer) -> Answer:
        time.sleep(seconds)
        return answer

    return fault


def truncated(answer: Answer) -> Answer:
    status, headers, body = answer
    return status, headers | {"x-true-length": str(len(body))}, body[: len(body) // 2]


def corrupted(answer: Answer) -> Answer:
    status, headers, body = answer
    return status, headers, body[:-1] + bytes([body[-1] ^ 1])


def web_page(_: Answer) -> Answer:
    return 200, {"Content-Type": "text/html"}, b"<html><body>Please sign in</body></html>"


def _with_hidden_etags(answer: Answer) -> Answer:
    def hidden(text: str) -> str:
        return re.sub("[0-9a-f]{32}", lambda md5: hashlib.md5(md5[0].encode()).hexdigest(), text)

    status, headers, body = answer
    headers = {
        key: hidden(value) if key.lower() == "etag" else value for key, value in headers.items()
    }
    if b"<ListBucketResult" in body:
        return status, headers, hidden(body.decode()).encode()
    return status, headers | {"x-amz-server-side-encryption": "aws:kms"}, body
