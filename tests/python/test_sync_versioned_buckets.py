"""The loader with versioned buckets, delete markers and object locks."""

import datetime

import pytest
from mirroring import (
    BUCKET,
    Mirror,
    documented_policy,
    make_user,
    put,
    report_key,
    trust_everyone,
)

KEY = report_key(1)


@pytest.fixture
def versioned(s3):
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return s3


def current_version(s3) -> str:
    return s3.head_object(Bucket=BUCKET, Key=KEY)["VersionId"]


def test_only_the_current_version_is_mirrored(versioned, mirror):
    for text in ("first", "second", "third"):
        put(versioned, {KEY: text})
    assert mirror.sync()["fetched"] == 1
    assert mirror.path(KEY).read_text() == "third"
    put(versioned, {KEY: "fourth"})
    assert mirror.sync()["fetched"] == 1
    assert mirror.path(KEY).read_text() == "fourth"


def test_delete_marker_is_treated_as_a_deletion_until_it_is_removed(versioned, mirror):
    put(versioned, {KEY: "report"})
    mirror.sync()
    marker = versioned.delete_object(Bucket=BUCKET, Key=KEY)["VersionId"]
    assert mirror.sync()["gone"] == 1
    # The file stays and is not reported again.
    assert mirror.path(KEY).read_text() == "report"
    assert mirror.sync()["gone"] == 0
    versioned.delete_object(Bucket=BUCKET, Key=KEY, VersionId=marker)
    summary = mirror.sync()
    assert (summary["adopted"], summary["fetched"], summary["gone"]) == (1, 0, 0)
    assert mirror.sync()["unchanged"] == 1


def test_deleting_a_version_restores_the_previous_version(versioned, mirror):
    put(versioned, {KEY: "right"})
    put(versioned, {KEY: "wrong"})
    mirror.sync()
    wrong = mirror.path(KEY).stat().st_mtime_ns
    versioned.delete_object(Bucket=BUCKET, Key=KEY, VersionId=current_version(versioned))
    assert mirror.sync()["fetched"] == 1
    assert mirror.path(KEY).read_text() == "right"
    # The models detect a changed file by its time, which moves back here, or its size.
    assert mirror.path(KEY).stat().st_mtime_ns != wrong


def test_object_marked_deleted_between_list_and_get_is_reported_as_deleted(
    versioned, proxy, tmp_path
):
    put(versioned, {KEY: "report", report_key(2): "other"})
    proxy.before[KEY] = lambda _: versioned.delete_object(Bucket=BUCKET, Key=KEY)
    summary = Mirror(tmp_path / "mirror", proxy.url).sync()
    assert (summary["fetched"], summary["failed"]) == (1, 0)
    assert summary["sources"][0]["gone_keys"] == [KEY]


def test_objects_written_before_and_after_versioning_are_mirrored(s3, mirror):
    put(s3, {KEY: "before"})
    for status in ("Enabled", "Suspended"):
        configuration = {"Status": status}
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=configuration)
        put(s3, {KEY: f"while {status}"})
        assert mirror.sync()["fetched"] == 1
        assert mirror.path(KEY).read_text() == f"while {status}"


@pytest.mark.parametrize("mode", ["GOVERNANCE", "COMPLIANCE"])
def test_locked_objects_are_read_with_only_the_documented_permissions(s3, server, tmp_path, mode):
    bucket = "kiro-reports-locked"
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    s3.put_object(
        Bucket=bucket,
        Key=KEY,
        Body="locked",
        ObjectLockMode=mode,
        ObjectLockRetainUntilDate=until,
        ObjectLockLegalHoldStatus="ON",
    )
    statements = [
        statement
        | {
            "Resource": statement["Resource"].replace(
                "s3:::kiro-reports", "s3:::kiro-reports-locked"
            )
        }
        for statement in documented_policy("reports")
    ]
    mirror = Mirror(tmp_path / "mirror", server)
    user = make_user(server, *statements)
    try:
        done = mirror.run("--json", source=f"s3://{bucket}/logs", **user)
    finally:
        trust_everyone(server)
    assert done.returncode == 0, done.stderr
    assert (mirror.folder / bucket / KEY).read_text() == "locked"
    # A lock prevents the deletion of versions, but not new versions.
    s3.put_object(Bucket=bucket, Key=KEY, Body="a correction")
    assert mirror.sync(source=f"s3://{bucket}/logs")["fetched"] == 1
    assert (mirror.folder / bucket / KEY).read_text() == "a correction"
