"""Who may do what: the policies of the calling role decide, and what has decided is remembered.

An operator is no role: an administrator, who may do everything.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from emulator.front_door.permissions import Grant, Rights, may, statements_of
from emulator.front_door.refusals import Refused
from emulator.front_door.roles import documents_of_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from emulator.front_door.asked import Need
    from emulator.front_door.credentials import IssuedCredentials


class Judge:
    """Decides by the identity policies of roles; safe under threads.

    Policies are read each time, so that a change counts at once, and understood once for each of their versions.
    """

    def __init__(self, documents_of_role: Callable[[str], tuple[str, ...]] = documents_of_role) -> None:
        """Find the texts of a role's policies with `documents_of_role`, by the role's ARN."""
        self._documents_of_role = documents_of_role
        self._used: defaultdict[str, set[Grant]] = defaultdict(set)
        self._lock = threading.Lock()

    def allows(self, role_arn: str, need: Need) -> bool:
        """Tell whether a role's policies give what is needed, and remember what of them did."""
        return self._allows(role_arn, self._rights_of(role_arn), need)

    def check(self, caller: IssuedCredentials, needs: Iterable[Need], code: str) -> None:
        """Let a caller pass who has all that is needed.

        Raises:
            Refused: With the code, for the first thing that its role or its session's own policy does not give.
        """
        role_arn = caller.principal.role_arn
        if role_arn is None:
            return
        rights = self._rights_of(role_arn)
        for need in needs:
            allowed = self._allows(role_arn, rights, need)
            if allowed and caller.session_policy is not None:
                allowed = may(caller.session_policy, need.action, need.resource, need.context)
            if not allowed and need.is_required:
                who = f"User: {caller.principal.arn} is not authorized to perform: {need.action}"
                raise Refused(code, f"{who} on resource: {need.resource}")

    def used(self) -> Mapping[str, frozenset[Grant]]:
        """What of the policies of each role has allowed something so far, by the role's ARN."""
        with self._lock:
            return {role_arn: frozenset(grants) for role_arn, grants in self._used.items()}

    def _rights_of(self, role_arn: str) -> Rights:
        return _understood(self._documents_of_role(role_arn))

    def _allows(self, role_arn: str, rights: Rights, need: Need) -> bool:
        grants = rights.grants(need.action, need.resource, need.context)
        known = self._used.get(role_arn)
        if known is None or not known.issuperset(grants):
            with self._lock:
                self._used[role_arn].update(grants)
        return bool(grants)


@lru_cache(maxsize=1024)
def _understood(documents: tuple[str, ...]) -> Rights:
    statements: list[Any] = [statement for document in documents for statement in statements_of(document)]
    return Rights(statements)
