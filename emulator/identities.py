"""As whom functions and state machines act: credentials of their execution roles, and the clients made with them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from emulator.endpoint import session_with

if TYPE_CHECKING:
    from emulator.front_door.credentials import IssuedCredentials
    from emulator.front_door.judge import Judge
    from emulator.seams.sts import RoleSessions

RENEW_BEFORE = dt.timedelta(minutes=10)


class Identities:
    """Credentials of execution roles, kept until shortly before they expire."""

    def __init__(self, sessions: RoleSessions) -> None:
        self._sessions = sessions
        self._known: dict[tuple[str, str], IssuedCredentials] = {}

    def of(self, role_arn: str, service: str) -> IssuedCredentials:
        """Credentials that a service takes a role with; `service` as trust policies name it."""
        known = self._known.get((role_arn, service))
        now = dt.datetime.now(dt.UTC)
        if known is None or (known.expiration is not None and known.expiration - now < RENEW_BEFORE):
            known = self._sessions.mint_for_role(role_arn, service.split(".", maxsplit=1)[0], service=service)
            self._known[(role_arn, service)] = known
        return known


class StateMachineClients:
    """The clients that state machines use, one for each role, service and region.

    Attributes:
        judge: Decides what they may do without a client: invoke functions.
    """

    def __init__(self, identities: Identities, url: str, judge: Judge) -> None:
        self.judge = judge
        self._identities = identities
        self._url = url
        self._known: dict[tuple[str, str, str, str], Any] = {}

    def __call__(self, role_arn: str, service: str, region: str) -> Any:
        """The client of a service in a region, in a machine's role."""
        credentials = self._identities.of(role_arn, "states.amazonaws.com")
        key = (credentials.access_key_id, service, region, role_arn)
        if key not in self._known:
            session = session_with(self._url, credentials.for_boto3(), region)
            self._known[key] = session.client(service)
        return self._known[key]
