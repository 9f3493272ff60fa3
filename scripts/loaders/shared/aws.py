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
    """A source cannot be read; the message says why."""


class BadEndpointError(Exception):
    """The server's address is invalid."""


class WrongServerError(Exception):
    """The response is not from the AWS service."""


class EndlessListingError(Exception):
    """A listing is longer than any list of report files can be."""


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
    """Credentials for a role that the session assumes; they are renewed before they expire."""

    METHOD = "assume-role"

    def __init__(self, session: Session, access: Access):
        self._session, self._access = session, access

    def load(self) -> DeferredRefreshableCredentials | None:
        """Return the role's credentials, or None if there are no credentials to assume the role."""
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
    """Return a session with the credentials in `access`; `region` overrides the profile's Region.

    Raises NoCredentialsError if boto3 finds no credentials, other botocore errors, or
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
        # For example, from a credential program in the profile.
        raise HopelessError(f"the AWS profile cannot be used: {error}") from error
    return session


def _session(profile: str | None, region: str | None) -> Session:
    session = Session(profile=profile)
    if region:
        session.set_config_variable("region", region)
    return session


def configured_endpoint(session: Session, service: str, access: Access) -> str | None:
    """Return the address to use instead of AWS, if set. Raises BadEndpointError."""
    endpoint = access.endpoint_url
    if not endpoint and not session.get_config_variable("ignore_configured_endpoint_urls"):
        endpoint = ConfiguredEndpointProvider(
            session.full_config, session.get_scoped_config(), service
        ).provide()
    if endpoint and not is_endpoint_url(endpoint):
        raise BadEndpointError
    return endpoint


def client_config(timeout_seconds: int, **settings: object) -> Config:
    """Return a client's retries and timeouts, with additional botocore settings."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": 6},
        connect_timeout=min(10, timeout_seconds),
        read_timeout=timeout_seconds,
        tcp_keepalive=True,
        **settings,
    )


def error_code(error: BaseException) -> str:
    """Return AWS's error code, such as NoSuchKey, or '' if the error is not from AWS."""
    return error.response["Error"].get("Code", "") if isinstance(error, ClientError) else ""
