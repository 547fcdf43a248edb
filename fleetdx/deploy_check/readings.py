"""What a look at AWS came to: a value, or why there is none. A question is judged only where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from fleetdx.errors import FleetdxError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import boto3

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Name = TypeVar("Name", bound=str)
Kind = Literal["hub", "management", "audit"]
"""Whose profile asks: the central account's, the management account's or Control Tower's audit account's."""
DENIED: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized", "403"}
)
"""The words in which services refuse a caller who has no right; an answer to HEAD has its status alone."""


@dataclass(frozen=True)
class Seen(Generic[T_co]):
    """A look that came to something."""

    value: T_co


@dataclass(frozen=True)
class Unseen:
    """A look that came to nothing.

    Attributes:
        why: A sentence.
        right: The missing right, in IAM's words; None where something else was in the way.
    """

    why: str
    right: str | None = None


Reading = Seen[T] | Unseen


def looked(rights: Sequence[str], look: Callable[[], T]) -> Reading[T]:
    """Look once; whatever is in the way of an answer becomes a reason. `rights` are what the calls need of IAM."""
    try:
        return Seen(look())
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in DENIED:
            return Unseen(f"{error.operation_name}: {code}", _right_for(error.operation_name, rights))
        return Unseen(f"{error.operation_name}: {code}: {error.response['Error'].get('Message', '')}")
    except (BotoCoreError, ResponseParserError, UnicodeDecodeError, FleetdxError) as error:
        return Unseen(f"{type(error).__name__}: {error}")


def _right_for(operation: str, rights: Sequence[str]) -> str:
    """Most rights are named like the operation; what is not (HeadBucket) needs the last."""
    return next((right for right in rights if right.endswith(f":{operation}")), rights[-1])


def together(readings: Mapping[Name, Reading[T]]) -> Reading[dict[Name, T]]:
    """All values by name; the first look without one where there is such."""
    values: dict[Name, T] = {}
    for name, reading in readings.items():
        if isinstance(reading, Unseen):
            return reading
        values[name] = reading.value
    return Seen(values)


def first_unseen(readings: Iterable[Reading[Any]]) -> Unseen | None:
    """The first look that came to nothing."""
    return next((reading for reading in readings if isinstance(reading, Unseen)), None)


@dataclass(frozen=True)
class Asker:
    """Asks with the credentials of each account.

    Attributes:
        session_of: A session of an account in a region; None where the settings name no profile for it.
    """

    session_of: Callable[[Kind, str], boto3.session.Session | None]

    def look(
        self, kind: Kind, service: str, region: str, right: str | Sequence[str], verb: Callable[[Any], T]
    ) -> Reading[T]:
        """Hand a client of a service to a verb, and tell what came of it."""
        rights = (right,) if isinstance(right, str) else right
        session = looked(rights, lambda: self.session_of(kind, region))
        if isinstance(session, Unseen):
            return session
        known = session.value
        if known is None:
            return Unseen(f"the settings name no profile of the {kind} account")
        return looked(rights, lambda: verb(known.client(service)))  # type: ignore[call-overload]  # any service
