"""Seam: moto's STS believes anybody; this one asks the role's trust policy, as AWS does.

moto 5.2.5 assumes roles that do not exist, for any caller, with any external id and duration, and says of an unknown
access key that it is the user `moto`. Replaced: AssumeRole and GetCallerIdentity. Refused: the other ways to
temporary credentials.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.organizations.models import organizations_backends
from moto.sts.responses import TokenResponse

from emulator.front_door.permissions import statements_of
from emulator.front_door.refusals import error_answer
from emulator.front_door.roles import RoleFacts, find_role
from emulator.front_door.trust import Caller, trusts
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emulator.front_door.credentials import CredentialStore, IssuedCredentials, Statement

MIN_SECONDS = 900
MAX_CHAINED_SECONDS = 3600
DEFAULT_SECONDS = 3600
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_UNSUPPORTED = ("PolicyArns.member.1.arn", "TransitiveTagKeys.member.1", "Tags.member.1.Key", "SerialNumber")


class StsError(Exception):
    """What STS answers instead of a session: AWS's error code, HTTP status and a sentence."""

    code = "InvalidClientTokenId"
    status = 403


class AssumeRoleDenied(StsError):  # AWS's own word is AccessDenied
    """A role is missing, or does not trust the caller; AWS gives the same answer for both."""

    code = "AccessDenied"


class InvalidAssumeRole(StsError):  # AWS's own word is ValidationError
    """A parameter of AssumeRole is out of its range."""

    code = "ValidationError"
    status = 400


class MalformedSessionPolicy(StsError):  # AWS's own word is MalformedPolicyDocument
    """The session policy is not a policy document."""

    code = "MalformedPolicyDocument"
    status = 400


@dataclass(frozen=True, slots=True)
class AssumeRoleRequest:
    """What AssumeRole is asked for; `policy` is a session policy document as text."""

    role_arn: str
    session_name: str
    duration_seconds: int = DEFAULT_SECONDS
    external_id: str | None = None
    policy: str | None = None


def organization_of(account: str) -> str | None:
    """Find the id of the organization an account of the embedded AWS belongs to; None when it is in none."""
    member = organizations_backends.master_accounts.get(account)
    if member is not None:
        organization = organizations_backends[member[0]][member[1]].org
    else:
        organization = organizations_backends[account]["aws"].org if account in organizations_backends else None
    return None if organization is None else str(organization.id)


class RoleSessions:
    """Issues role sessions into the credential store, to those whom the role trusts."""

    def __init__(self, store: CredentialStore, organization_of: Callable[[str], str | None] = organization_of) -> None:
        """Issue into `store`; `organization_of` gives the organization id of an account."""
        self.store = store
        self._organization_of = organization_of

    def assume(self, caller: IssuedCredentials, wanted: AssumeRoleRequest) -> tuple[RoleFacts, IssuedCredentials]:
        """Issue a session to a caller known by its credentials; raises AssumeRoleDenied or InvalidAssumeRole."""
        _check_ranges(wanted)
        principal = caller.principal
        role = find_role(wanted.role_arn)
        known = Caller(principal=principal, organization=self._organization_of(principal.account))
        trusted = role is not None and trusts(role.trust_policy, known, wanted.external_id)
        if role is None or not trusted:
            message = (
                f"User: {principal.arn} is not authorized to perform: sts:AssumeRole on resource: {wanted.role_arn}"
            )
            raise AssumeRoleDenied(message)
        _check_duration(wanted.duration_seconds, role, chained=principal.role_arn is not None)
        session = role.session(wanted.session_name)
        policy = None if wanted.policy is None else _session_policy(wanted.policy)
        return role, self.store.mint_session(session, wanted.duration_seconds, policy)

    def mint_for_role(
        self,
        role_arn: str,
        session_name: str,
        service: str = "lambda.amazonaws.com",
        duration_seconds: int = DEFAULT_SECONDS,
    ) -> IssuedCredentials:
        """Issue a session the way an AWS service takes its execution role; raises AssumeRoleDenied when not trusted."""
        role = find_role(role_arn)
        if role is None or not trusts(role.trust_policy, Caller(service=service), None):
            raise AssumeRoleDenied(f"The role defined for the function cannot be assumed by {service}: {role_arn}")
        return self.store.mint_session(role.session(session_name), duration_seconds)


def install(sessions: RoleSessions) -> Callable[[], None]:
    """Replace moto's AssumeRole and GetCallerIdentity; gives what puts moto's own back."""

    def assume_role(self: TokenResponse) -> ActionResult:
        role, issued = sessions.assume(_caller(self, sessions.store), _wanted(self))
        session_name = issued.principal.arn.rpartition("/")[2]
        credentials = {
            "AccessKeyId": issued.access_key_id,
            "SecretAccessKey": issued.secret_access_key,
            "SessionToken": issued.session_token,
            "Expiration": issued.expiration,
        }
        user = {"AssumedRoleId": f"{role.role_id}:{session_name}", "Arn": issued.principal.arn}
        return ActionResult({"Credentials": credentials, "AssumedRoleUser": user})

    def get_caller_identity(self: TokenResponse) -> ActionResult:
        principal = _caller(self, sessions.store).principal
        return ActionResult({"UserId": principal.user_id, "Account": principal.account, "Arn": principal.arn})

    def refuse(_self: TokenResponse) -> ActionResult:
        raise AssumeRoleDenied("This way to temporary credentials is not part of the embedded AWS.")

    replacements = {
        "assume_role": assume_role,
        "get_caller_identity": get_caller_identity,
        "assume_role_with_saml": refuse,
        "assume_role_with_web_identity": refuse,
        "get_session_token": refuse,
        "get_federation_token": refuse,
    }
    patches = Patches()
    for name, replacement in replacements.items():
        patches.replace(TokenResponse, name, _in_awss_words(replacement))
    return patches.undo


def _in_awss_words(answer: Callable[[TokenResponse], ActionResult]) -> Callable[[TokenResponse], Any]:
    """Answer an StsError as STS would; moto has no words for errors that are not in STS's own model."""

    def answer_or_refuse(self: TokenResponse) -> Any:
        try:
            return answer(self)
        except StsError as error:
            refusal = error_answer("query", error.code, error.status, str(error))
            return refusal.body.decode(), {"status": refusal.status}

    return answer_or_refuse


def _caller(response: TokenResponse, store: CredentialStore) -> IssuedCredentials:
    credentials = store.find(response.get_access_key())
    if credentials is None:  # only when a request did not come through the front door
        raise StsError("The security token included in the request is invalid.")
    return credentials


def _wanted(response: TokenResponse) -> AssumeRoleRequest:
    for name in _UNSUPPORTED:
        if name in response.querystring:
            raise InvalidAssumeRole(f"{name.partition('.')[0]} is not supported by the embedded AWS.")
    values = {
        name: response.querystring.get(name, [None])[0]
        for name in ("RoleArn", "RoleSessionName", "ExternalId", "Policy")
    }
    duration = str(response.querystring.get("DurationSeconds", [DEFAULT_SECONDS])[0])
    if not re.fullmatch(r"[0-9]{1,9}", duration):
        raise InvalidAssumeRole("DurationSeconds is not a whole number.")
    return AssumeRoleRequest(
        str(values["RoleArn"]),
        str(values["RoleSessionName"] or ""),
        int(duration),
        values["ExternalId"],
        values["Policy"],
    )


def _check_ranges(wanted: AssumeRoleRequest) -> None:
    problems = []
    if not _SESSION_NAME.fullmatch(wanted.session_name):
        shown = f"Value '{wanted.session_name}' at 'roleSessionName'"
        problems.append(
            f"{shown} failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
        )
    if wanted.duration_seconds < MIN_SECONDS:
        shown = f"Value '{wanted.duration_seconds}' at 'durationSeconds'"
        problems.append(
            f"{shown} failed to satisfy constraint: Member must have value greater than or equal to {MIN_SECONDS}"
        )
    if problems:
        raise InvalidAssumeRole(
            f"{len(problems)} validation error{'s' * (len(problems) > 1)} detected: {'; '.join(problems)}"
        )


def _check_duration(seconds: int, role: RoleFacts, *, chained: bool) -> None:
    if chained and seconds > MAX_CHAINED_SECONDS:
        raise InvalidAssumeRole(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        )
    if seconds > role.max_session_seconds:
        raise InvalidAssumeRole("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")


def _session_policy(document: str) -> Sequence[Statement]:
    try:
        return statements_of(document)
    except ValueError as error:
        raise MalformedSessionPolicy("The session policy is not a policy document.") from error
