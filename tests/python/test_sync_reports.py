"""The loader with an S3 server over HTTP: what it fetches, keeps, records and refuses."""

import datetime
import fcntl
import json
import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest
from mirroring import ACCOUNT, BUCKET, SCRIPTS, Mirror, put, report_key

OLD_DAY = datetime.date(2026, 6, 1)
REPORT = report_key(OLD_DAY)
FOLDER = REPORT.rpartition("/")[0] + "/"
LEGACY = (
    # pragma: allowlist nextline secret
    "logs/AWSLogs/123456789012/KiroLogs/by_user_analytic/us-east-1/2026/06/01/00/"
    "123456789012_by_user_analytic_202606010000_report.csv"
)


# --- what is fetched


def test_only_reports_are_fetched(s3, mirror):
    objects = {
        REPORT: "the report",
        FOLDER + "KIRO_CLI_123456789012_user_report_part_2_202606010000.csv": "part before",
        FOLDER + "KIRO_CLI_123456789012_user_report_202606010000_part_1_report.csv": "part after",
        LEGACY: "legacy",
        LEGACY.replace("KiroLogs", "QDeveloperLogs"): "older legacy",
    }
    prompts = (
        "logs/AWSLogs/123456789012/KiroLogs/GenerateAssistantResponse/"  # pragma: allowlist secret
    )
    foreign = [
        FOLDER + "0f8fad5b-d9cb-469f-a165-70867728950e",
        FOLDER + "kiro-ide-somebody.csv",
        prompts + "prompt.json.gz",
        "logs/notes.csv",
        REPORT + ".bak",
    ]
    put(s3, objects | dict.fromkeys(foreign, "foreign"))
    put(s3, {REPORT.replace("logs/", "logs-of-others/"): "theirs"})

    summary = mirror.sync()
    assert mirror.files() == {f"{BUCKET}/{key}": body for key, body in objects.items()}
    assert (summary["fetched"], summary["unchanged"], summary["passed_over"]) == (5, 0, 5)
    # A folder without reports is reported, but not listed.
    named = [prompts if name.startswith(prompts) else name for name in foreign]
    assert sorted(summary["sources"][0]["passed_over_names"]) == sorted(named)


def test_files_keep_their_delivery_time_and_are_private(s3, mirror):
    put(s3, {REPORT: "the report"})
    mirror.sync()
    listed = s3.head_object(Bucket=BUCKET, Key=REPORT)["LastModified"]
    assert mirror.path(REPORT).stat().st_mtime == listed.timestamp()
    made = [mirror.folder, *mirror.folder.rglob("*")]
    assert len(made) > 10
    assert [path for path in made if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize(
    "root", ["AWSLogs/", "logs/AWSLogs/", "a/b/AWSLogs/", "AWSLogs/x/AWSLogs/"]
)
def test_reports_are_found_several_levels_below_the_prefix(s3, mirror, root):
    key = REPORT.replace("logs/AWSLogs/", root)
    put(s3, {key: "the report"})
    is_found = not root.startswith("AWSLogs/x")
    summary = mirror.sync(source=f"s3://{BUCKET}", status=0 if is_found else 1)
    if not is_found:
        assert summary["sources"][0]["passed_over_names"] == ["AWSLogs/x/"]
    else:
        assert mirror.files() == {f"{BUCKET}/{key}": "the report"}


def test_accounts_and_regions_are_discovered_and_can_be_chosen(s3, mirror):
    keys = {
        (account, region): report_key(OLD_DAY, account=account, region=region)
        for account in ("111111111111", "222222222222")
        for region in ("us-east-1", "eu-central-1")
    }
    put(s3, dict.fromkeys(keys.values(), "report"))
    mirror.sync("--account", "222222222222", "--region", "eu-central-1")
    assert list(mirror.files()) == [f"{BUCKET}/{keys['222222222222', 'eu-central-1']}"]
    mirror.sync("--region", "us-east-1")
    assert len(mirror.files()) == 3
    assert mirror.sync()["fetched"] == 1


# --- what is listed


def test_daily_run_lists_whole_days_in_the_look_back(s3, mirror):
    put(s3, {report_key(100): "first"})
    assert mirror.sync()["sources"][0]["full_listing"]

    put(s3, {report_key(36): "before", report_key(35): "oldest", report_key(0): "newest"})
    summary = mirror.sync()
    assert not summary["sources"][0]["full_listing"]
    assert sorted(mirror.files().values()) == ["first", "newest", "oldest"]
    # A late file for a day already listed; its name sorts before the existing file's name.
    put(s3, {report_key(0, "KIRO_CLI"): "late"})
    assert mirror.sync()["fetched"] == 1
    put(s3, {report_key(0, "PLUGIN"): "x", report_key(4, "PLUGIN"): "outside"})
    assert mirror.sync("--lookback-days", "3")["fetched"] == 1
    assert mirror.sync("--full")["fetched"] == 2


@pytest.mark.parametrize("days", [8, -1])
def test_full_listing_is_due_after_a_week_or_a_wrong_clock(s3, mirror, days):
    put(s3, {report_key(100): "first"})
    mirror.sync()
    put(s3, {report_key(99): "second"})
    assert mirror.sync()["fetched"] == 0
    listed_at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    mirror.query_record("update partitions set fully_listed_at = ?", listed_at.isoformat())
    assert mirror.sync()["fetched"] == 1


def test_new_region_is_listed_in_full(s3, mirror):
    put(s3, {report_key(100): "first"})
    mirror.sync()
    put(s3, {report_key(100, region="eu-west-1"): "another Region"})
    assert mirror.sync()["fetched"] == 1


def test_emptied_mirror_is_refilled(s3, mirror):
    put(s3, {report_key(100): "old", report_key(1): "new"})
    mirror.sync()
    # The record is in a hidden folder, which rm data/reports/* does not delete.
    shutil.rmtree(mirror.folder / BUCKET)
    assert mirror.sync()["fetched"] == 2


def test_source_with_only_old_reports_is_not_reported_as_a_wrong_prefix(s3, mirror):
    put(s3, {report_key(100): "old"})
    mirror.sync()
    assert "No report files under" not in mirror.run().stderr
    assert "accounts and Regions that exist there" in mirror.run("--region", "eu-west-9").stderr


def test_failed_object_causes_a_full_listing_in_the_next_run(s3, mirror):
    put(s3, {report_key(100): "first"})
    blocked = mirror.path(report_key(100)) / "folder"
    blocked.mkdir(parents=True)
    mirror.sync(status=1)
    shutil.rmtree(mirror.path(report_key(100)))
    assert mirror.sync()["fetched"] == 1


# --- fetching again


def test_only_new_and_changed_objects_are_fetched(s3, mirror):
    put(s3, {REPORT: "the report", LEGACY: "legacy"})
    assert mirror.sync()["fetched"] == 2
    assert mirror.sync("--full")["unchanged"] == 2
    put(s3, {REPORT: "rewritten with another size"})
    summary = mirror.sync("--full")
    assert (summary["fetched"], summary["unchanged"]) == (1, 1)
    assert mirror.path(REPORT).read_text() == "rewritten with another size"


def test_change_with_the_same_size_and_second_is_detected(s3, mirror):
    put(s3, {REPORT: "the report"})
    mirror.sync()
    first = mirror.path(REPORT).stat()
    for body in ("REWRITTEN!", "WRITTEN RE"):
        before = mirror.path(REPORT).stat()
        put(s3, {REPORT: body})
        # As if written in the same second as the first object: only the ETag differs in the
        # listing.
        os.utime(mirror.path(REPORT), ns=(before.st_mtime_ns, before.st_mtime_ns))
        assert mirror.sync("--full")["fetched"] == 1
        assert mirror.path(REPORT).read_text() == body
        # The models detect a changed file by its size and its time, to the second.
        assert int(mirror.path(REPORT).stat().st_mtime) != int(before.st_mtime)
    assert first.st_size == len("REWRITTEN!")


def test_report_rewritten_under_another_name_is_also_kept(s3, mirror):
    put(s3, {report_key(1): "first", report_key(1, time="0200"): "second"})
    mirror.sync()
    assert sorted(mirror.files().values()) == ["first", "second"]


def test_missing_and_damaged_files_are_fetched_again(s3, mirror):
    put(s3, {REPORT: "the report", LEGACY: "legacy"})
    mirror.sync()
    mirror.path(REPORT).write_text("the rep")
    mirror.path(LEGACY).unlink()
    assert mirror.sync("--full")["fetched"] == 2
    # --verify finds damage that leaves size and time unchanged.
    modified_ns = mirror.path(REPORT).stat().st_mtime_ns
    mirror.path(REPORT).write_text("THE REPORT")
    os.utime(mirror.path(REPORT), ns=(modified_ns, modified_ns))
    assert mirror.sync("--full")["fetched"] == 0
    summary = mirror.sync("--verify")
    assert (summary["fetched"], summary["adopted"]) == (1, 1)
    assert mirror.files() == {f"{BUCKET}/{REPORT}": "the report", f"{BUCKET}/{LEGACY}": "legacy"}


def test_unverifiable_objects_are_counted_and_refetched_by_verify(s3, mirror):
    # A multipart upload has an ETag that is not an MD5, and at most a checksum of checksums.
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=REPORT)["UploadId"]
    part = s3.upload_part(
        Bucket=BUCKET, Key=REPORT, UploadId=upload, PartNumber=1, Body="the report"
    )
    s3.complete_multipart_upload(
        Bucket=BUCKET,
        Key=REPORT,
        UploadId=upload,
        MultipartUpload={"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]},
    )
    done = mirror.run()
    assert "fetched 1 report files (10 bytes), 1 by size only" in done.stdout
    assert mirror.query_record("select verification from objects") == [("size",)]
    assert mirror.sync("--full")["unchanged"] == 1
    assert mirror.sync("--verify")["fetched"] == 1


def test_repaired_file_gets_a_time_that_makes_the_models_read_it(s3, mirror):
    put(s3, {REPORT: "the report"})
    mirror.sync()
    before_ns = mirror.path(REPORT).stat().st_mtime_ns
    mirror.path(REPORT).write_text("THE REPORT")
    os.utime(mirror.path(REPORT), ns=(before_ns, before_ns))
    for _ in range(2):
        mirror.sync("--verify")
        assert mirror.path(REPORT).read_text() == "the report"
        assert mirror.path(REPORT).stat().st_mtime_ns == before_ns + 1_000_000_000


def test_deleted_objects_stay_in_the_mirror_and_are_reported(s3, mirror):
    put(s3, {REPORT: "the report", LEGACY: "legacy", report_key(3): "recent"})
    mirror.sync()
    for key in (LEGACY, report_key(3)):
        s3.delete_object(Bucket=BUCKET, Key=key)
    # The look-back detects the recent deletion, a full listing the other; each is reported once.
    assert mirror.sync()["sources"][0]["gone_keys"] == [report_key(3)]
    assert mirror.sync("--full")["sources"][0]["gone_keys"] == [LEGACY]
    assert mirror.sync("--full")["gone"] == 0
    assert sorted(mirror.files().values()) == ["legacy", "recent", "the report"]
    put(s3, {LEGACY: "legacy"})
    assert mirror.sync("--full")["adopted"] == 1


# --- the record


def test_lost_record_is_rebuilt_without_fetching(s3, mirror):
    put(s3, {REPORT: "the report", LEGACY: "legacy"})
    mirror.sync()
    records = "select key, etag, md5, verification, modified_ns from objects"
    recorded = mirror.query_record(records)
    shutil.rmtree(mirror.folder / ".sync")
    summary = mirror.sync()
    assert (summary["fetched"], summary["adopted"]) == (0, 2)
    assert mirror.query_record(records) == recorded
    assert [row[3] for row in recorded] == ["md5", "md5"]


def test_damaged_record_is_renamed_and_rebuilt(s3, mirror):
    put(s3, {REPORT: "the report"})
    mirror.sync()
    (mirror.folder / ".sync/record.sqlite").write_bytes(b"no database at all, " * 100)
    assert "would be set aside" in mirror.run("--dry-run").stderr
    assert not (mirror.folder / ".sync/record.damaged").exists()
    done = mirror.run()
    assert done.returncode == 0
    assert "The mirror's record was unusable" in done.stderr
    assert "verified 1 existing files" in done.stdout
    assert (mirror.folder / ".sync/record.damaged").exists()
    assert mirror.sync()["fetched"] == 0


def test_record_damaged_in_the_middle_is_rebuilt(s3, mirror):
    put(s3, {report_key(day): f"report {day}" for day in range(1, 100)})
    mirror.sync()
    path = mirror.folder / ".sync/record.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    assert mirror.sync("--full")["adopted"] == 99


def test_files_from_another_tool_are_verified_and_adopted(s3, mirror):
    put(s3, {REPORT: "the report", LEGACY: "legacy"})
    for key, text in {REPORT: "the report", LEGACY: "LEGACY"}.items():
        mirror.path(key).parent.mkdir(parents=True)
        mirror.path(key).write_text(text)
    summary = mirror.sync()
    assert (summary["fetched"], summary["adopted"]) == (1, 1)
    assert mirror.path(LEGACY).read_text() == "legacy"
    listed = s3.head_object(Bucket=BUCKET, Key=REPORT)["LastModified"]
    assert mirror.path(REPORT).stat().st_mtime == listed.timestamp()


# --- keys that are not paths


def test_key_that_one_library_cannot_list_does_not_stop_the_sync(s3, mirror):
    put(s3, {REPORT: "the report"})
    mirror.sync()
    # obstore refuses listings with such a key, so botocore lists this folder.
    put(s3, {FOLDER + "a//b.csv": "odd"})
    summary = mirror.sync("--full")
    assert (summary["unchanged"], summary["passed_over"]) == (1, 1)


@pytest.mark.parametrize(
    "key",
    [
        "logs/../../outside/" + REPORT,
        "../" + REPORT,
        "/" + REPORT,
        "logs//" + REPORT,
        "logs/./" + REPORT,
        "logs\\..\\" + REPORT,
        "logs/\x07/" + REPORT,
        "C:/" + REPORT,
        "nul/" + REPORT,
        "logs./" + REPORT,
        "x" * 300 + "/" + REPORT,
        FOLDER.replace("us-east-1", "..") + REPORT.rpartition("/")[2],
        FOLDER + "../" + REPORT.rpartition("/")[2],
        REPORT.replace("2026/06/01", "2026//01"),
    ],
)
def test_keys_cannot_point_outside_the_mirror(s3, mirror, tmp_path, key):
    put(s3, {key: "hostile", report_key(1): "good"})
    summary = mirror.sync(source=f"s3://{BUCKET}")
    assert summary["passed_over"] == 1
    # A hostile key does not stop other keys from being mirrored.
    assert mirror.files() == {f"{BUCKET}/{report_key(1)}": "good"}
    made = [path for path in tmp_path.rglob("*") if path.is_file() and ".sync" not in path.parts]
    assert made == [mirror.path(report_key(1))]


def test_prefixes_that_differ_only_in_case_can_share_a_folder(s3, mirror, monkeypatch):
    keys = [report_key(1, root=root) for root in ("a/logs/", "a/Logs/")]
    put(s3, dict.fromkeys(keys, "report"))
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from loaders.mirror.syncing import Options

    assert mirror.sync(source=f"s3://{BUCKET}/a")["fetched"] == 2
    assert not Options(mirror.folder).disk_ignores_case
    # Linux disks are case-sensitive, so the name that another disk would find is created here.
    shutil.rmtree(mirror.folder)
    (mirror.folder / ".SYNC").mkdir(parents=True)
    summary = mirror.sync(source=f"s3://{BUCKET}/a", status=1)
    assert (summary["fetched"], summary["failed"]) == (1, 1)
    assert "is the same folder as a/Logs/AWSLogs/" in str(summary["sources"][0]["failures"])


# --- operation


def test_dry_run_writes_nothing(s3, mirror):
    put(s3, {REPORT: "the report"})
    done = mirror.run("--dry-run")
    assert "would fetch 1 report files" in done.stdout
    assert not mirror.folder.exists()
    mirror.sync()
    put(s3, {LEGACY: "legacy"})
    before = {path: path.stat().st_mtime_ns for path in mirror.folder.rglob("*")}
    summary = mirror.sync("--dry-run", "--full")
    assert (summary["fetched"], summary["unchanged"]) == (1, 1)
    assert {path: path.stat().st_mtime_ns for path in mirror.folder.rglob("*")} == before


def test_only_one_run_at_a_time_can_write(s3, mirror):
    put(s3, {REPORT: "the report"})
    mirror.sync()
    with (mirror.folder / ".sync/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = mirror.run()
        assert done.returncode == 1
        assert "Another sync (process unknown) is writing to" in done.stderr
    # The lock file stays, but it is no longer locked.
    assert mirror.sync("--full")["unchanged"] == 1


def test_temporary_files_of_a_killed_run_are_removed(s3, mirror):
    put(s3, {REPORT: "the report"})
    incoming = mirror.folder / ".sync/incoming"
    incoming.mkdir(parents=True)
    (incoming / "tmp1234").write_text("half a rep")
    mirror.sync()
    assert mirror.on_its_way() == []


def test_failed_object_leaves_no_file_and_other_objects_arrive(s3, mirror):
    put(s3, {REPORT: "the report", LEGACY: "legacy"})
    # There is already a folder with the file's name.
    (mirror.path(REPORT) / "folder").mkdir(parents=True)
    summary = mirror.sync(status=1)
    assert list(summary["sources"][0]["failures"]) == [REPORT]
    assert mirror.files() == {f"{BUCKET}/{LEGACY}": "legacy"}
    assert mirror.on_its_way() == []


def test_full_disk_is_reported_and_leaves_no_partial_file(s3, mirror):
    put(s3, {REPORT: "small", report_key(1): "x" * 200_000})
    done = subprocess.run(
        mirror.command("--json"),
        env=mirror.environment(),
        # The system handles a file over the limit like a full disk.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the disk is full: free some space" in done.stderr
    assert report_key(1) not in "".join(mirror.files())
    assert mirror.on_its_way() == []
    summary = mirror.sync()
    assert summary["fetched"] + summary["unchanged"] + summary["adopted"] == 2


def test_unwritable_mirror_is_reported(s3, server):
    # Not writable by anyone, even root.
    done = Mirror(Path("/sys/kiro"), server).run()
    assert done.returncode == 2
    assert "Cannot write to the mirror: /sys/kiro" in done.stderr
    assert "--dest" in done.stderr


def test_source_without_reports_fails_even_with_quiet(s3, mirror):
    for arguments in ((), ("--quiet",)):
        done = mirror.run(*arguments)
        assert done.returncode == 1
        assert "No report files under" in done.stderr


def test_unreadable_source_is_not_reported_with_zero_failures(s3, mirror):
    done = mirror.run(source="s3://no-such-bucket/logs")
    assert done.returncode == 1
    assert "Failed: s3://no-such-bucket/logs" in done.stderr
    assert "0 failed" not in done.stdout


# --- sources


def test_failed_source_does_not_stop_other_sources(s3, mirror, tmp_path):
    put(s3, {REPORT: "the report", report_key(2, root="team/"): "the team's"})
    sources = tmp_path / "sources.toml"
    sources.write_text(
        "\n".join(
            f'[[source]]\nbucket = "{bucket}"\nprefix = "{prefix}"\n'
            f'endpoint_url = "{mirror.endpoint_url}"\n'
            for bucket, prefix in [
                (BUCKET, "logs"),
                ("no-such-bucket-here", ""),
                (BUCKET, "team/"),
            ]
        )
    )
    done = mirror.run("--sources", sources, "--json", source=None)
    assert done.returncode == 1
    assert "s3://no-such-bucket-here/: the bucket does not exist" in done.stderr
    summary = json.loads(done.stdout)
    assert [source["fetched"] for source in summary["sources"]] == [1, 0, 1]
    assert len(mirror.files()) == 2


def test_example_in_the_repository_is_valid(mirror):
    example = SCRIPTS.parent / "sources.example.toml"
    done = mirror.run("--sources", example, source=None, AWS_CONFIG_FILE="/dev/null")
    # The error mentions a nonexistent profile, so the file was read.
    assert done.returncode == 1
    assert "kiro-reader" in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "see sources.example.toml"),
        ("source = []", "see sources.example.toml"),
        ("[[source]]\nprefix = 'logs'", "missing required field `bucket` - at source 1"),
        (
            "[[source]]\nbucket = 'good'\n[[source]]\nbucket = 'x'\nprefx = 'logs'",
            "at `bucket` of source 2",
        ),
        ("[[source]]\nbucket = 'good'\nprefx = 'logs'", "unknown field `prefx` - at source 1"),
        ("[[source]]\nbucket = 'good'\naccounts = ['12']", "at `accounts[0]` of source 1"),
        ("[[source]]\nbucket = 'good'\nprefix = '../up'", "prefix must be a plain folder path"),
        ("[[source]]\nbucket = 'good'\nprefix = 'a/AWSLogs/'", "prefix contains AWSLogs"),
        ("[[source]]\nbucket = 'good'\nexternal_id = 'x'", "external_id is set without role_arn"),
        (
            # pragma: allowlist nextline secret
            "[[source]]\nbucket = 'good'\nendpoint_url = 'https://me:pw@h'",
            "endpoint_url must be an address",
        ),
        (
            "[[source]]\nbucket = 'good'\nendpoint_url = 'localhost:9'",
            "endpoint_url must be an address",
        ),
        ('[[source]]\nbucket = "good\\n"', "at `bucket` of source 1"),
        ("[[source]\n", "line 1, column"),
        (
            "[[source]]\nbucket = 'good'\n[[source]]\nbucket = 'good'\nendpoint_url = 'https://h'",
            "two values of endpoint_url",
        ),
    ],
)
def test_error_in_sources_mentions_the_key(mirror, tmp_path, content, message):
    sources = tmp_path / "sources.toml"
    sources.write_text(content)
    done = mirror.run("--sources", sources, source=None)
    assert done.returncode == 2
    assert message in done.stderr
    assert "pw" not in done.stderr


@pytest.mark.parametrize(
    "source", ["my-bucket", "s3://", "https://my-bucket/logs", "s3://UPPER", "s3://good//logs"]
)
def test_usage_error_exits_with_status_2(mirror, source):
    done = mirror.run(source=source)
    assert done.returncode == 2
    assert "write s3://bucket/prefix" in done.stderr


def test_missing_source_exits_with_status_2(mirror, tmp_path):
    done = mirror.run("--sources", tmp_path / "none.toml", source=None)
    assert done.returncode == 2
    assert "see sources.example.toml" in done.stderr
    done = mirror.run("--account", ACCOUNT, source=None)
    assert done.returncode == 2
    assert "--account need" in done.stderr
