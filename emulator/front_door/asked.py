"""A request as the questions about its permissions need it: who, where, and the members of its body. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from emulator.front_door.permissions import NO_CONTEXT
from emulator.front_door.refusals import is_query_protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.front_door.messages import Request, RequestFacts


class Need(NamedTuple):
    """A permission that a call needs.

    Attributes:
        action: AWS's name of it, such as `s3:GetObject`.
        resource: One ARN, or `*` where the action knows none.
        context: Values of condition keys, keys in lower case.
        is_required: False where the resource's own policy lets the caller in, whatever the caller's policies say.
    """

    action: str
    resource: str
    context: Mapping[str, str] = NO_CONTEXT
    is_required: bool = True


@dataclass(frozen=True)
class Asked:
    """One signed request.

    Attributes:
        facts: What is known of it.
        request: As it came.
    """

    facts: RequestFacts
    request: Request

    @property
    def account(self) -> str:
        """Whose resources are named, where nothing else says so: the caller's account."""
        return self.facts.caller.account

    @property
    def partition(self) -> str:
        """For instance `aws`."""
        return self.facts.caller.arn.split(":", 2)[1]

    @cached_property
    def members(self) -> Mapping[str, Any]:
        """The body's members by name; none where it is malformed, which the service itself tells."""
        if is_query_protocol(self.request):
            return dict(parse_qsl(self.request.body.decode("utf-8", "replace")))
        try:
            found = json.loads(self.request.body or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def text(self, name: str) -> str:
        """A member that is a text; empty where there is none."""
        return str(self.members.get(name, ""))

    def texts(self, name: str) -> list[str]:
        """A member that is a list of texts; empty where there is none."""
        found = self.members.get(name)
        return [str(one) for one in found] if isinstance(found, list) else []

    def path_part(self, number: int) -> str:
        """One part of the path, decoded; empty where there is none."""
        parts = self.request.path.split("/")
        return unquote(parts[number]) if number < len(parts) else ""

    def arn(self, service: str, rest: str) -> str:
        """An ARN in the caller's account, in the region that was called."""
        return f"arn:{self.partition}:{service}:{self.facts.region}:{self.account}:{rest}"
