"""The credential store: every access key the embedded AWS honors, and the memory of every secret ever issued.

Operators hold long-lived keys; role sessions hold temporary ones with a session token and an expiry. Nothing is
written to disk.
"""

from __future__ import annotations

import base64
import secrets
import string
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

_KEY_ALPHABET = string.ascii_uppercase + "234567"
# AWS says a token has no fixed size; about a thousand characters is what its own sessions show, and size limits
# depend on it.
_TOKEN_BYTES = 744

Statement = Mapping[str, Any]


class SessionArguments(TypedDict):
    """The credential arguments of `boto3.Session`."""

    aws_access_key_id: str
    aws_secret_access_key: str
    aws_session_token: str | None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling: an operator (a user of its account) or a session of a role.

    `arn` is what GetCallerIdentity says; `role_arn` is the IAM role behind a session, and None for an operator.
    """

    account: str
    arn: str
    user_id: str
    role_arn: str | None = None

    @property
    def principal_arn(self) -> str:
        """The value of AWS's condition key `aws:PrincipalArn`: the role behind a session, else the user."""
        return self.role_arn or self.arn


@dataclass(frozen=True, slots=True)
class IssuedCredentials:
    """One access key with its secret; `session_token` and `expiration` are None for long-lived keys.

    `session_policy` narrows a session further than its role: None when the session was asked for without one.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    principal: Principal
    session_token: str | None = field(repr=False, default=None)
    expiration: datetime | None = None
    session_policy: Sequence[Statement] | None = None

    def for_boto3(self) -> SessionArguments:
        """Give the arguments for `boto3.Session`."""
        return {
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret_access_key,
            "aws_session_token": self.session_token,
        }

    def for_environment(self) -> dict[str, str]:
        """Give the environment variables AWS's own tools read."""
        variables = {"AWS_ACCESS_KEY_ID": self.access_key_id, "AWS_SECRET_ACCESS_KEY": self.secret_access_key}
        if self.session_token is not None:
            variables["AWS_SESSION_TOKEN"] = self.session_token
        return variables


def utc_now() -> datetime:
    """Tell the real time; sessions live in real seconds because clients compare their expiry with their own clock."""
    return datetime.now(UTC)


class CredentialStore:
    """Issues access keys and finds them again; safe under threads."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        """Start empty; `clock` gives the time in UTC."""
        self.clock = clock
        self._lock = threading.Lock()
        self._by_key: dict[str, IssuedCredentials] = {}

    def mint_operator(self, account: str, name: str) -> IssuedCredentials:
        """Issue long-lived keys to an administrator of one account."""
        principal = Principal(account, f"arn:aws:iam::{account}:user/{name}", _identifier("AIDA", 17))
        return self._remember(IssuedCredentials(_identifier("AKIA", 16), _secret(), principal))

    def mint_session(
        self,
        principal: Principal,
        duration_seconds: int,
        session_policy: Sequence[Statement] | None = None,
    ) -> IssuedCredentials:
        """Issue temporary keys to a role session; whether it may exist at all is the caller's decision."""
        token = base64.b64encode(secrets.token_bytes(_TOKEN_BYTES)).decode()
        expiration = self.clock().replace(microsecond=0) + timedelta(seconds=duration_seconds)
        return self._remember(
            IssuedCredentials(_identifier("ASIA", 16), _secret(), principal, token, expiration, session_policy),
        )

    def find(self, access_key_id: str) -> IssuedCredentials | None:
        """Find what was issued under an access key, expired or not; None when nothing was."""
        return self._by_key.get(access_key_id)

    def issued(self) -> frozenset[str]:
        """List every access key, secret and session token issued so far."""
        with self._lock:
            return self._secrets() | frozenset(self._by_key)

    def issued_secrets(self) -> frozenset[str]:
        """List secrets and session tokens only: access keys are no secret, each presigned URL shows one."""
        with self._lock:
            return self._secrets()

    def _secrets(self) -> frozenset[str]:
        known = self._by_key.values()
        return frozenset(c.secret_access_key for c in known) | frozenset(
            c.session_token for c in known if c.session_token
        )

    def _remember(self, credentials: IssuedCredentials) -> IssuedCredentials:
        with self._lock:
            self._by_key[credentials.access_key_id] = credentials
        return credentials


def _identifier(prefix: str, length: int) -> str:
    return prefix + "".join(secrets.choice(_KEY_ALPHABET) for _ in range(length))


def _secret() -> str:
    return base64.b64encode(secrets.token_bytes(30)).decode()
