"""The loader behind a proxy that causes faults: the resulting files, record and messages.

`make reliability` writes the outcomes as a table in docs/reliability.md.
"""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import fault_proxy as faults
import pytest
from fault_proxy import FaultProxy, after, always, error, first, unless_signed_for
from mirroring import ACCOUNT, BUCKET, Mirror, put, report_key
from reliability import RELIABILITY, document

pytestmark = pytest.mark.long

TIMEOUT_SECONDS = "2"
# Long enough to show whether a run waits, even on a busy machine.
HANG_SECONDS = 60
PROMPT_SECONDS = 20
KMS_DENIAL = (
    "User: arn:aws:iam::123456789012:user/kiro is not authorized to perform: kms:Decrypt on "
    "resource: arn:aws:kms:us-east-1:123456789012:key/1234abcd because no policy allows it"
)


@dataclass
class ObjectFault:
    """A fault for one object, and the expected result."""

    name: str
    fault: faults.Fault | None
    disk: str = "the object"
    recorded: str = "md5"
    message: str = ""
    before: Callable[..., None] | None = None

    @property
    def key(self) -> str:
        """A separate key per fault, so that one run covers all faults in the table."""
        return report_key(client=f"KIRO_{OBJECT_FAULTS.index(self)}")


def replace_once(s3, proxy: FaultProxy, key: str) -> None:
    proxy.before[key] = lambda request: (
        put(s3, {key: "the object, replaced"}) if request.number == 1 else None
    )


def delete_once(s3, proxy: FaultProxy, key: str) -> None:
    proxy.before[key] = lambda _: s3.delete_object(Bucket=BUCKET, Key=key)


SLOW_DOWN = error(503, "SlowDown", "Please reduce your request rate.")
NOTHING = {"disk": "nothing", "recorded": "nothing"}
OBJECT_FAULTS = [
    ObjectFault("none", None),
    ObjectFault("503 SlowDown, twice", first(2, SLOW_DOWN)),
    ObjectFault(
        "503 SlowDown, always", always(SLOW_DOWN), **NOTHING, message="is throttling requests"
    ),
    ObjectFault("500, twice", first(2, error(500, "InternalError"))),
    ObjectFault(
        "500, always",
        always(error(500, "InternalError", "We encountered an internal error.")),
        **NOTHING,
        message="S3 returned InternalError",
    ),
    ObjectFault("connection reset, twice", first(2, faults.reset)),
    ObjectFault(
        "connection reset, always",
        always(faults.reset),
        **NOTHING,
        message="Connection was closed before we received a valid response",
    ),
    ObjectFault("no answer, once", first(1, faults.hang(2 * float(TIMEOUT_SECONDS)))),
    ObjectFault("body cut off, once", first(1, faults.truncated)),
    ObjectFault("body cut off, five times", first(5, faults.truncated)),
    ObjectFault(
        "body cut off, always",
        always(faults.truncated),
        **NOTHING,
        message="was not received completely",
    ),
    ObjectFault("body corrupted, once", first(1, faults.corrupted)),
    ObjectFault("body corrupted, three times", first(3, faults.corrupted)),
    ObjectFault(
        "body corrupted, always",
        always(faults.corrupted),
        **NOTHING,
        message="was not received completely",
    ),
    ObjectFault(
        "403 AccessDenied, always",
        always(error(403, "AccessDenied", "Access Denied")),
        **NOTHING,
        message="reading was denied: your credentials need s3:GetObject",
    ),
    ObjectFault(
        "403 of the KMS key, always",
        always(error(403, "AccessDenied", KMS_DENIAL)),
        **NOTHING,
        message="decryption was denied: your credentials need kms:Decrypt on arn:aws:kms:us-east-1",
    ),
    ObjectFault(
        "archived in Glacier",
        always(error(403, "InvalidObjectState", "The operation is not valid")),
        **NOTHING,
        message="is archived (Glacier): restore it",
    ),
    ObjectFault("replaced between list and get", None, disk="the new object", before=replace_once),
    ObjectFault("deleted between list and get", None, **NOTHING, before=delete_once),
    ObjectFault(
        "a web page instead of the object",
        always(faults.web_page),
        **NOTHING,
        message="was not received completely",
    ),
]


@pytest.fixture
def faulty(s3, proxy, tmp_path):
    """A mirror filled through the proxy, with no faults set."""
    proxy.clear()
    return Mirror(tmp_path / "mirror", proxy.url)


def test_faults_of_objects(s3, proxy, faulty):
    put(s3, {case.key: "the object" for case in OBJECT_FAULTS})
    for case in OBJECT_FAULTS:
        if case.fault:
            proxy.faults[case.key] = case.fault
        if case.before:
            case.before(s3, proxy, case.key)
    summary = faulty.sync("--timeout", TIMEOUT_SECONDS, status=1)["sources"][0]
    assert summary["error"] is None

    texts = {"the object": "the object", "the object, replaced": "the new object"}
    recorded = dict(faulty.query_record("select key, verification from objects"))
    for case in OBJECT_FAULTS:
        path = faulty.path(case.key)
        disk = texts[path.read_text()] if path.exists() else "nothing"
        assert disk == case.disk, case.name
        assert recorded.get(case.key, "nothing") == case.recorded, case.name
        failure = summary["failures"].get(case.key, "")
        assert bool(failure) == bool(case.message), (case.name, failure)
        assert case.message in failure, (case.name, failure)
    assert faulty.on_its_way() == []
    deleted = next(case for case in OBJECT_FAULTS if case.before is delete_once)
    assert summary["gone_keys"] == [deleted.key]

    # Without the faults, the next run fetches only the remaining objects.
    proxy.faults.clear()
    proxy.before.clear()
    expected = sum(bool(case.message) for case in OBJECT_FAULTS)
    assert faulty.sync()["fetched"] == expected


def test_table_of_faults_is_in_the_documentation():
    rows = [
        f"| {case.name} | {case.disk} | {case.recorded} | {'yes' if case.message else 'no'} | "
        f"{case.message and case.message + ' ...'} |"
        for case in OBJECT_FAULTS
    ]
    table = "\n".join(
        [
            "| fault | on disk | verified in the record | failed | message |",
            "|---|---|---|---|---|",
            *rows,
        ]
    )
    document("faults", table)
    assert table in RELIABILITY.read_text(), "run make reliability"


def test_objects_in_an_encrypted_bucket_are_verified_by_checksum(s3, proxy, faulty):
    keys = [report_key(day) for day in range(3)]
    put(s3, dict.fromkeys(keys, "the object"))
    proxy.hide_etags = True
    try:
        assert faulty.sync()["fetched"] == 3
        assert faulty.query_record("select distinct verification from objects") == [("checksum",)]
        assert faulty.sync("--full")["unchanged"] == 3
        # The stored checksum detects damage that the ETag does not.
        put(s3, {keys[0]: "THE OBJECT"})
        proxy.faults[keys[0]] = first(2, faults.corrupted)
        assert faulty.sync("--full")["fetched"] == 1
        assert faulty.path(keys[0]).read_text() == "THE OBJECT"
        # Damaged files are detected by the MD5 of the fetched content.
        assert faulty.sync("--verify")["adopted"] == 3
    finally:
        proxy.hide_etags = False


def test_expired_credentials_stop_the_source_and_the_next_run_resumes(s3, proxy, faulty):
    put(s3, {report_key(day): f"report {day}" for day in range(60)})
    proxy.faults[".csv"] = after(20, error(400, "ExpiredToken", "The provided token has expired."))
    done = faulty.run("--workers", "2")
    assert done.returncode == 1
    assert "your credentials have expired: sign in again" in done.stderr
    arrived = len(faulty.files())
    assert 10 < arrived < 60
    assert faulty.query_record("select count(*) > 10 from objects") == [(1,)]
    assert sum(proxy.requests.values()) < 60
    proxy.faults.clear()
    summary = faulty.sync()
    assert summary["fetched"] + summary["adopted"] + summary["unchanged"] == 60
    assert summary["fetched"] == 60 - arrived


def test_many_consecutive_failures_end_the_source(s3, proxy, faulty):
    put(s3, {report_key(day): f"report {day}" for day in range(120)})
    proxy.faults[".csv"] = always(error(403, "AccessDenied"))
    done = faulty.run()
    assert done.returncode == 1
    assert "stopped after 50 failures in a row" in done.stderr
    assert sum(proxy.requests.values()) < 2 * 120


LISTING_FAULTS = {
    "503 twice": (first(2, SLOW_DOWN), ""),
    "500 always": (always(error(500, "InternalError")), "S3 returned InternalError"),
    "a later page fails": (
        lambda request, answer: (
            error(403, "AccessDenied")(answer) if request.number > 5 else answer
        ),
        "listing was denied",
    ),
    "clock": (
        always(error(403, "RequestTimeTooSkewed", "The difference is too large.")),
        "clock is off by more than 15 minutes",
    ),
    "expired": (always(error(400, "ExpiredToken")), "have expired: sign in again"),
    "no bucket": (always(error(404, "NoSuchBucket")), "the bucket does not exist"),
    "web page": (always(faults.web_page), "the response is not from S3"),
    "error as a web page": (
        lambda _, answer: (403, {"Content-Type": "text/html"}, b"<html>Forbidden</html>"),
        "the response is not from S3",
    ),
    "unspecified other Region": (
        always(error(301, "PermanentRedirect", "must be addressed using the specified endpoint")),
        "the bucket is in another Region",
    ),
    "other Region": (
        unless_signed_for(
            "eu-west-1",
            error(301, "PermanentRedirect", x_amz_bucket_region="eu-west-1"),
        ),
        "",
    ),
}


@pytest.mark.parametrize("name", LISTING_FAULTS)
def test_faults_of_listings(s3, proxy, faulty, name):
    put(s3, {report_key(1): "the object"})
    proxy.faults["list"], message = LISTING_FAULTS[name]
    if name == "other Region":
        proxy.faults[""] = proxy.faults["list"]
    done = faulty.run("--timeout", TIMEOUT_SECONDS)
    assert done.returncode == (1 if message else 0), done.stderr
    assert message in done.stderr
    assert len(faulty.files()) == (0 if message else 1)


def test_failing_old_objects_do_not_block_new_ones(s3, proxy, faulty):
    put(s3, {report_key(day): "archived" for day in range(100, 170)} | {report_key(1): "new"})
    proxy.faults[".csv"] = always(error(403, "InvalidObjectState"))
    proxy.faults[report_key(1)] = lambda _, answer: answer
    summary = faulty.sync(status=1)
    assert (summary["fetched"], summary["failed"]) == (1, 70)


def test_denied_region_does_not_block_other_regions(s3, proxy, faulty):
    put(s3, {report_key(1, region=region): region for region in ("eu-west-1", "us-east-1")})
    proxy.faults["list"] = lambda _, answer: (
        error(403, "AccessDenied")(answer)
        if b"user_report/eu-west-1/</Prefix>" in answer[2] and b"<Delimiter>" not in answer[2]
        else answer
    )
    summary = faulty.sync(status=1)
    assert (summary["fetched"], summary["failed"]) == (1, 1)


def test_not_found_response_is_not_treated_as_a_deletion(s3, proxy, faulty):
    put(s3, {report_key(1): "report"})
    proxy.faults[".csv"] = always(
        lambda _: (404, {"Content-Type": "text/html"}, b"<html>Not found</html>")
    )
    summary = faulty.sync(status=1)
    assert (summary["failed"], summary["gone"]) == (1, 0)


def test_web_page_in_place_of_a_listing_page_does_not_end_the_listing(s3, proxy, faulty):
    put(s3, {report_key(day): "report" for day in range(1100)})
    proxy.faults["list"] = lambda _, answer: (
        faults.web_page(answer) if answer[2].count(b"<Contents>") == 100 else answer
    )
    done = faulty.run()
    assert done.returncode == 1
    assert "the response is not from S3" in done.stderr
    assert faulty.query_record("select * from partitions where fully_listed_at is not null") == []
    proxy.faults.clear()
    assert faulty.sync()["fetched"] == 1100


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 7])
def test_web_page_during_account_discovery_does_not_hide_accounts(s3, proxy, faulty, number):
    put(s3, {report_key(1, account=account): "report" for account in (ACCOUNT, "222222222222")})
    proxy.faults["list"] = lambda request, answer: (
        faults.web_page(answer) if request.number == number else answer
    )
    # On a second request, the server answers correctly.
    done = faulty.run()
    assert (done.returncode, len(faulty.files())) == (0, 2), done.stderr


@pytest.mark.parametrize("endpoint", ["localhost:9", "http://ü.x", "http://[::1", "http://a:99999"])
def test_invalid_endpoint_in_the_environment_is_reported(s3, faulty, endpoint):
    done = subprocess.run(
        [part for part in faulty.command() if part not in ("--endpoint-url", faulty.endpoint_url)],
        env=faulty.environment(AWS_ENDPOINT_URL_S3=endpoint),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "AWS_ENDPOINT_URL is not a valid address: use one like https://s3" in done.stderr
    assert "Traceback" not in done.stderr


def test_invalid_certificates_are_reported(s3, tmp_path, faulty):
    (tmp_path / "certificates.pem").write_text("no certificate")
    faulty.endpoint_url = faulty.endpoint_url.replace("http://", "https://")
    done = faulty.run(AWS_CA_BUNDLE=str(tmp_path / "certificates.pem"))
    assert done.returncode == 1
    assert "TLS" in done.stderr


def test_unreachable_servers_are_reported(s3, server, faulty):
    def said(source_url: str, **environment: str) -> str:
        done = Mirror(faulty.folder, source_url).run("--timeout", "1", **environment)
        assert done.returncode == 1
        return done.stderr

    assert "no connection: check the network" in said("http://127.0.0.1:9")
    assert "no trusted TLS connection" in said(server.replace("http://", "https://"))
    proxy_url = "http://me:secret@127.0.0.1:9"  # pragma: allowlist secret
    nowhere = {"HTTP_PROXY": proxy_url, "NO_PROXY": ""}
    message = said("http://kiro.invalid", **nowhere)
    assert "the proxy does not respond: check HTTPS_PROXY" in message
    assert "secret" not in message


@pytest.mark.parametrize("number", [1, 2, 5])
def test_interrupt_ends_the_run_while_a_listing_hangs(s3, proxy, faulty, number):
    put(s3, {report_key(1): "report"})
    proxy.faults["list"] = lambda request, answer: (
        faults.hang(HANG_SECONDS)(answer) if request.number >= number else answer
    )
    process = subprocess.Popen(
        faulty.command(), env=faulty.environment(), stderr=subprocess.PIPE, text=True
    )
    while proxy.requests["list"] < number:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=PROMPT_SECONDS)
    assert process.returncode == 130
    assert "Traceback" not in stderr


def test_source_error_ends_the_run_without_waiting_for_hanging_requests(s3, proxy, faulty):
    put(s3, {report_key(1): "hangs", report_key(2): "expired"})
    proxy.faults[report_key(1)] = always(faults.hang(HANG_SECONDS))
    proxy.faults[report_key(2)] = always(error(400, "ExpiredToken"))
    started = time.monotonic()
    assert "have expired" in faulty.run().stderr
    assert time.monotonic() - started < PROMPT_SECONDS
    assert faulty.on_its_way() == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_ends_the_run_while_requests_hang_and_leaves_no_partial_files(
    s3, proxy, faulty, sent
):
    put(s3, {report_key(day): f"report {day}" for day in range(40)})
    proxy.faults[".csv"] = after(10, faults.hang(HANG_SECONDS))
    process = subprocess.Popen(
        faulty.command(),
        env=faulty.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(faulty.files()) < 10:
        time.sleep(0.05)
    process.send_signal(sent)
    _, stderr = process.communicate(timeout=PROMPT_SECONDS)
    assert process.returncode == 130
    assert "Interrupted. Run it again" in stderr
    assert faulty.on_its_way() == []
    proxy.faults.clear()
    summary = faulty.sync()
    assert summary["fetched"] == 30
    assert summary["adopted"] + summary["unchanged"] == 10
