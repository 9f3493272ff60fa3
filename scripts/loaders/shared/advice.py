"""Explains in one sentence what to do about an error, without revealing secrets."""

from __future__ import annotations

import errno
import re
import sqlite3

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from loaders.mirror.fetching import MENDABLE
from loaders.shared.aws import (
    BadEndpointError,
    EndlessListingError,
    WrongServerError,
    error_code,
)
from loaders.shared.sources import Access, Source

EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired")
UNKNOWN_KEY = ("InvalidAccessKeyId", "UnrecognizedClientException", "InvalidClientTokenId")
WRONG_SECRET = ("SignatureDoesNotMatch", "InvalidSignatureException")
WRONG_CLOCK = ("RequestTimeTooSkewed", "RequestInTheFuture")
THROTTLED = ("SlowDown", "503", "429", "Throttling", "ThrottlingException")
WRONG_REGION = ("PermanentRedirect", "301", "AuthorizationHeaderMalformed")
DENIED = ("AccessDenied", "AccessDeniedException", "403", "Forbidden", "AllAccessDisabled")
ARCHIVED = ("InvalidObjectState",)
# Services other than S3 use one code for wrong clocks and wrong secrets; the messages differ.
SIGNED_AT_ANOTHER_TIME = re.compile("Signature (?:expired|not yet current)")

FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM)

NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError)
NO_SIGN_IN = (CredentialRetrievalError, SSOError, TokenRetrievalError)
NO_CONNECTION = (EndpointConnectionError, ConnectTimeoutError)


def is_disk_full(error: BaseException) -> bool:
    """Return whether there is no disk space for the mirror or its record."""
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno in FULL_DISK


def stops_the_run(error: BaseException) -> bool:
    """Return whether no more files can be written to the mirror."""
    return is_disk_full(error) or (isinstance(error, OSError) and error.errno in NOT_WRITABLE)


def stops_the_source(error: BaseException) -> bool:
    """Return whether no more objects from the same source can be fetched."""
    hopeless = (*EXPIRED, *UNKNOWN_KEY, *WRONG_SECRET, *WRONG_CLOCK, *WRONG_REGION, "NoSuchBucket")
    return error_code(error) in hopeless or isinstance(
        error,
        (*NO_CREDENTIALS, *NO_SIGN_IN, *NO_CONNECTION, ProxyConnectionError, SSLError),
    )


def advise(error: Exception, access: Access) -> str:
    """Explain an error while reading a source or directory, and what to do."""
    if isinstance(error, ClientError):
        return _advise_on_answer(error, access)
    who = _who(access)
    if isinstance(error, ProfileNotFound):
        return f"{error}: use one of your AWS profiles (aws configure list-profiles)."
    if isinstance(error, NO_CREDENTIALS):
        return "no AWS credentials found: sign in (aws sso login) or set AWS_PROFILE."
    if isinstance(error, NoRegionError):
        return "no AWS Region is set: set region, or AWS_DEFAULT_REGION."
    if isinstance(error, NO_SIGN_IN):
        return f"{who} could not be renewed: sign in again (aws sso login). {_first_line(error)}"
    if isinstance(error, ProxyConnectionError):
        return "the proxy does not respond: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY."
    if isinstance(error, SSLError):
        return (
            "no trusted TLS connection: if your proxy inspects TLS, set AWS_CA_BUNDLE to its "
            f"certificate file. {_first_line(error)}"
        )
    if isinstance(error, NO_CONNECTION):
        return (
            "no connection: check the network, the proxy, the Region and endpoint_url. "
            f"{_first_line(error)}"
        )
    if isinstance(error, ResponseParserError | WrongServerError):
        return _advise_on_wrong_server(access)
    if isinstance(error, EndlessListingError):
        return (
            "the listing does not end: use a prefix that contains only reports, or check "
            "endpoint_url."
        )
    if isinstance(error, MENDABLE):
        return f"was not received completely ({_first_line(error)}): {_run_again(access)}"
    if isinstance(error, BadEndpointError):
        return (
            "endpoint_url or AWS_ENDPOINT_URL is not a valid address: use one like "
            "https://s3.example.com."
        )
    if isinstance(error, ReadTimeoutError):
        return f"the server stopped responding, even after several tries: {_run_again(access)}"
    # botocore's connection errors are system errors, too.
    if isinstance(error, OSError) and not isinstance(error, BotoCoreError):
        return advise_on_disk(error)
    return f"{_first_line(error)} {_run_again(access).capitalize()}"


def advise_on_disk(error: OSError | sqlite3.OperationalError) -> str:
    """Explain what to do if the mirror or its record cannot be written."""
    if is_disk_full(error):
        return "the disk is full: free some space and run again."
    if isinstance(error, sqlite3.OperationalError):
        return f"the mirror's record: {error}."
    if error.errno in NOT_WRITABLE:
        return (
            f"{error.filename} cannot be written: give this user permission, or choose another "
            "folder with --dest."
        )
    name = error.filename2 or error.filename
    return f"{f'{name}: ' if name else ''}{error.strerror or error}."


def _advise_on_wrong_server(access: Access) -> str:
    return (
        f"the response is not from {access.service} (a web page, a login or a proxy?): check "
        "endpoint_url and the proxy."
    )


def _advise_on_answer(error: ClientError, access: Access) -> str:
    code, operation = error_code(error), error.operation_name
    message = error.response["Error"].get("Message") or ""
    who = _who(access)
    if not code:
        return _advise_on_wrong_server(access)
    if code in EXPIRED:
        return f"{who} have expired: sign in again (aws sso login), then run again."
    if code in UNKNOWN_KEY:
        return f"{who} are unknown to the server: check the AWS profile and endpoint_url."
    if code in WRONG_CLOCK or SIGNED_AT_ANOTHER_TIME.match(message):
        return "this machine's clock is off by more than 15 minutes: set it (NTP), then run again."
    if code in WRONG_SECRET:
        return f"{who} have a wrong secret key: check the AWS profile."
    if code in THROTTLED:
        return (
            f"{access.service} is throttling requests, even after several tries: "
            f"{_run_again(access, 'run again later')}"
        )
    if code in DENIED and operation == "AssumeRole":
        return (
            f"{access.role_arn} could not be assumed ({code}): it must trust {_profile(access)} "
            "(sts:AssumeRole), with the same external_id if it requires one."
        )
    if code in DENIED:
        return f"{_advise_on_denial(operation, message, access)} {_denied_to(message)}".strip()
    if code == "NoSuchBucket":
        return "the bucket does not exist: check its name and endpoint_url."
    if code in WRONG_REGION:
        return "the bucket is in another Region, but S3 does not say which: set AWS_DEFAULT_REGION."
    if code in ARCHIVED:
        return "is archived (Glacier): restore it, or copy it back to S3 Standard, then run again."
    if code == "ResourceNotFoundException" and operation == "ListGroupMemberships":
        return "a group was deleted while the directory was being read: run again."
    if code == "ResourceNotFoundException":
        return (
            f"there is no identity store {access} in this Region: check its id, and set region to "
            "the Region of IAM Identity Center."
        )
    return f"{access.service} returned {code}: {_first_line(message) or 'no reason given'}."


def _advise_on_denial(operation: str, message: str, access: Access) -> str:
    who = _who(access)
    if "kms" in message.lower():
        key = re.search(r"arn:[a-z0-9-]+:kms:[\w:/-]+", message)
        return (
            f"decryption was denied: {who} need kms:Decrypt on "
            f"{key[0] if key else f'the KMS key of {access}'} (and its key policy must allow it)."
        )
    if isinstance(access, Source):
        return _advise_on_bucket_denial(operation, who, access)
    return (
        f"reading was denied: {who} need identitystore:{operation} in the account that owns "
        "or administers IAM Identity Center."
    )


def _advise_on_bucket_denial(operation: str, who: str, source: Source) -> str:
    if operation == "GetObject":
        return (
            f"reading was denied: {who} need s3:GetObject on "
            f"arn:aws:s3:::{source.bucket}/{source.folder}*."
        )
    return f"listing was denied: {who} need s3:ListBucket on arn:aws:s3:::{source.bucket}."


def _denied_to(message: str) -> str:
    """Return the identity in AWS's message, which is often not the one that people expect.

    For a role, omit the session name, which may be a person's name.
    """
    user = re.search(r"User: (arn:\S+:assumed-role/[^/\s]+|arn:\S+)", message)
    return f"They belong to {_without_people(user[1])}." if user else ""


def _profile(access: Access) -> str:
    return f"the profile {access.profile}" if access.profile else "your credentials"


def _who(access: Access) -> str:
    if access.role_arn:
        return f"the credentials of {access.role_arn}"
    return f"the credentials of {_profile(access)}" if access.profile else "your credentials"


def _run_again(access: Access, when: str = "run again") -> str:
    return f"{when}; it continues from here." if isinstance(access, Source) else f"{when}."


def _first_line(error: object) -> str:
    line = str(error).strip().partition("\n")[0][:300]
    return _without_people(re.sub(r"//[^/@\s]+@", "//", line))


def _without_people(text: str) -> str:
    return re.sub(r"[^\s/:;,'\"()<>]+@[^\s/:;,'\"()<>]+", "(an email address)", text)
