"""The loader, tested against an S3 server that checks signatures and policies."""

from functools import partial

import boto3
import pytest
from botocore.exceptions import ClientError
from mirroring import (
    BUCKET,
    Mirror,
    client_of,
    documented_policy,
    make_user,
    policy,
    put,
    report_key,
    trust_everyone,
)

ROLE = "arn:aws:iam::123456789012:role/reader"
LIST = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}"}
GET = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
TRUST = {
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": "sts:AssumeRole",
    "Condition": {"StringEquals": {"sts:ExternalId": "agreed"}},
}
ASSUME = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ROLE}


@pytest.fixture
def guarded(s3, server):
    """A function that creates a user with a policy; afterward, the server checks every request."""
    put(s3, {report_key(day): f"report {day}" for day in range(3)})
    iam = client_of("iam", server)
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument=policy(TRUST))
    iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=policy(LIST, GET))
    yield partial(make_user, server)
    trust_everyone(server)


def assert_says(done, *texts: str) -> None:
    assert done.returncode == 1, done.stderr
    for text in texts:
        assert text in done.stderr


def test_list_and_get_are_the_only_permissions_needed(guarded, mirror):
    assert mirror.sync(**guarded(LIST, GET))["fetched"] == 3


def test_documented_policy_is_sufficient_and_minimal(guarded, s3, mirror, proxy):
    put(s3, {"other/secret.csv": "x"})
    statements = documented_policy("reports")
    assert {statement["Action"] for statement in statements} == {
        "s3:ListBucket",
        "s3:GetObject",
        "kms:Decrypt",
    }
    assert all("*" not in statement["Resource"][:-1] for statement in statements)
    proxy.clear()
    through_proxy = Mirror(mirror.folder, proxy.url)
    user = guarded(*statements)
    assert through_proxy.sync(**user)["fetched"] == 3
    assert through_proxy.sync("--full", "--verify", **user)["failed"] == 0
    # The policy's condition allows this listing.
    assert proxy.listed_prefixes
    assert all(prefix.startswith("logs/") for prefix in proxy.listed_prefixes)
    # Nothing outside the prefix can be read.
    keys = {name.lower(): key for name, key in user.items()}
    reader = boto3.client("s3", endpoint_url=mirror.endpoint_url, **keys)
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.get_object(Bucket=BUCKET, Key="other/secret.csv")


def test_documented_policy_to_assume_a_role_is_sufficient(guarded, mirror):
    user = guarded(*documented_policy("role")) | {"AWS_ENDPOINT_URL_STS": mirror.endpoint_url}
    arguments = ("--role-arn", ROLE, "--external-id", "agreed")
    assert mirror.sync(*arguments, **user)["fetched"] == 3


def test_denied_listing_mentions_the_permission(guarded, mirror):
    done = mirror.run(**guarded(GET))
    assert_says(done, "listing was denied", "s3:ListBucket on arn:aws:s3:::kiro-reports.")


def test_denied_reading_mentions_the_permission_once(guarded, mirror):
    done = mirror.run(**guarded(LIST))
    assert_says(done, "reading was denied", "s3:GetObject on arn:aws:s3:::kiro-reports/logs/*.")
    assert done.stderr.count("s3:GetObject") == 1
    assert mirror.files() == {}


def test_unknown_key_and_wrong_secret_are_distinguished(guarded, mirror):
    user = guarded(LIST, GET)
    done = mirror.run(**user | {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"})
    assert_says(done, "are unknown to the server: check the AWS profile")
    wrong_secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # pragma: allowlist secret
    done = mirror.run(**user | {"AWS_SECRET_ACCESS_KEY": wrong_secret})
    assert_says(done, "have a wrong secret key")
    assert wrong_secret not in done.stderr + done.stdout


def test_missing_credentials_and_profile_are_reported(s3, mirror):
    done = mirror.run(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert_says(done, "no AWS credentials found: sign in (aws sso login) or set AWS_PROFILE")
    assert_says(mirror.run("--profile", "nobody"), "(nobody)", "aws configure list-profiles")


def test_credentials_of_a_profile_are_used(guarded, mirror, tmp_path):
    user = guarded(LIST, GET)
    config = tmp_path / "credentials"
    config.write_text(
        "[kiro-reader]\n" + "".join(f"{key.lower()} = {value}\n" for key, value in user.items())
    )
    empty = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    profile = ("--profile", "kiro-reader")
    assert mirror.sync(*profile, **empty, AWS_SHARED_CREDENTIALS_FILE=str(config))["fetched"] == 3


def test_role_is_assumed(guarded, mirror):
    user = guarded(ASSUME) | {"AWS_ENDPOINT_URL_STS": mirror.endpoint_url}
    assert_says(mirror.run(**user), "s3:ListBucket")
    done = mirror.run("--role-arn", ROLE, "--external-id", "another", **user)
    assert_says(done, "with the same external_id")
    arguments = ("--role-arn", ROLE, "--external-id", "agreed")
    assert mirror.sync(*arguments, **user)["fetched"] == 3


def test_role_that_cannot_be_assumed_is_reported(guarded, mirror):
    user = guarded(LIST) | {"AWS_ENDPOINT_URL_STS": mirror.endpoint_url}
    done = mirror.run("--role-arn", ROLE, **user)
    assert_says(done, f"{ROLE} could not be assumed (AccessDenied)", "sts:AssumeRole")


def test_endpoint_from_the_environment_is_used_for_all_requests(guarded, mirror):
    user = guarded(LIST, GET) | {"AWS_ENDPOINT_URL_S3": mirror.endpoint_url}
    # Without --endpoint-url, the default is AWS itself.
    plain = Mirror(mirror.folder, mirror.endpoint_url)
    plain.command = lambda *arguments, source: [
        part
        for part in Mirror.command(mirror, *arguments, source=source)
        if part not in ("--endpoint-url", mirror.endpoint_url)
    ]
    assert plain.sync(**user)["fetched"] == 3
