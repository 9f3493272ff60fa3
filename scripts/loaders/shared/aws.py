"""Access to AWS: sessions, roles, endpoints, and their errors."""

from __future__ import annotations

from botocore.config import Config
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from botocore.parsers import ResponseParserError
from botocore.session import Session

from loaders.shared.sources import Access, is_endpoint_url


class HopelessError(Exception):
    """Nothing more can be done for a source; the text says why."""


class BadEndpointError(Exception):
    """The address of the server is not valid."""


class WrongServerError(Exception):
    """The server answers, but not like the AWS service."""


class EndlessListingError(Exception):
    """A listing is longer than any bucket of reports can be."""


# All errors from an AWS service or from the connection to it.
AWS_ERRORS = (
    BotoCoreError,
    ClientError,
    ResponseParserError,
    WrongServerError,
    EndlessListingError,
    BadEndpointError,
)


class AssumedRole(CredentialProvider):
    """Credentials of a role, assumed with the session's and renewed before they expire."""

    METHOD = "assume-role"

    def __init__(self, session: Session, access: Access):
        self._session, self._access = session, access

    def load(self) -> DeferredRefreshableCredentials | None:
        """The role's credentials, or None if there are no credentials to assume it with."""
        own_credentials = self._session.get_credentials()
        if own_credentials is None:
            return None
        arguments = {"RoleSessionName": "kiro-usage-analytics"}
        if self._access.external_id:
            arguments["ExternalId"] = self._access.external_id
        fetcher = AssumeRoleCredentialFetcher(
            self._session.create_client, own_credentials, self._access.role_arn, arguments
        )
        return DeferredRefreshableCredentials(fetcher.fetch_credentials, self.METHOD)


def open_session(access: Access, region: str | None = None) -> Session:
    """A session with the credentials of `access`; `region` takes precedence over the profile's.

    Raises NoCredentialsError if boto3's chain finds none, another of botocore's errors, or
    HopelessError.
    """
    try:
        session = _session(access.profile, region)
        if access.role_arn:
            assumed = _session(access.profile, region)
            resolver = CredentialResolver([AssumedRole(session, access)])
            assumed.register_component("credential_provider", resolver)
            session = assumed
        if session.get_credentials() is None:
            raise NoCredentialsError
    except (OSError, ValueError) as error:
        # For example from a credential program that the profile names.
        raise HopelessError(f"the AWS profile cannot be used: {error}") from error
    return session


def _session(profile: str | None, region: str | None) -> Session:
    session = Session(profile=profile)
    if region:
        session.set_config_variable("region", region)
    return session


def configured_endpoint(session: Session, service: str, access: Access) -> str | None:
    """The address to use instead of AWS, if any. Raises BadEndpointError."""
    endpoint = access.endpoint_url
    if not endpoint and not session.get_config_variable("ignore_configured_endpoint_urls"):
        endpoint = ConfiguredEndpointProvider(
            session.full_config, session.get_scoped_config(), service
        ).provide()
    if endpoint and not is_endpoint_url(endpoint):
        raise BadEndpointError
    return endpoint


def client_config(timeout_seconds: int, **settings: object) -> Config:
    """A client's retries and timeouts, with additional botocore settings."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": 6},
        connect_timeout=min(10, timeout_seconds),
        read_timeout=timeout_seconds,
        tcp_keepalive=True,
        **settings,
    )


def error_code(error: BaseException) -> str:
    """AWS's name of an error, such as NoSuchKey; '' if the error is not AWS's."""
    return error.response["Error"].get("Code", "") if isinstance(error, ClientError) else ""
