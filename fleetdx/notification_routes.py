"""Which owners are told of a run, and of which accounts: the operator's document, read strictly. Pure."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from fleetdx.configuration import MalformedDocument, parsed
from fleetdx.validation import Fault, first_fault, schema_named, validator_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jsonschema.protocols import Validator

    from fleetdx.models import Language

MAXIMUM_BYTES = 1_000_000


class Route(NamedTuple):
    """An owner's channel; see fleetdx/schemas/notification_routes.schema.json.

    Attributes:
        id: Names it in the records of a run.
        webhook_parameter: Name of the parameter that holds the webhook's URL.
        accounts: Account ids.
        organizational_units: Their ids; everything below them counts.
        language: Of the message; None where the stack's counts.
    """

    id: str
    webhook_parameter: str
    accounts: frozenset[str]
    organizational_units: tuple[str, ...]
    language: Language | None


@functools.lru_cache(maxsize=1)
def _validator() -> Validator:
    return validator_of(schema_named("notification_routes"))


def read_routes(text: str | bytes) -> list[Route]:
    """Read the document.

    Raises:
        MalformedDocument: With the JSON pointer of the first fault: of its schema, or an id that stands twice.
    """
    document = parsed(text, MAXIMUM_BYTES)
    fault = first_fault(_validator(), document)
    if fault is not None:
        raise MalformedDocument(fault)
    routes: dict[str, Route] = {}
    for number, given in enumerate(document["routes"]):
        if given["id"] in routes:
            raise MalformedDocument(Fault(f"/routes/{number}/id", f"{given['id']} stands twice"))
        routes[given["id"]] = Route(
            given["id"],
            given["webhook_parameter"],
            frozenset(given.get("accounts", ())),
            tuple(given.get("organizational_units", ())),
            given.get("language"),
        )
    return list(routes.values())


def accounts_of(route: Route, looked_at: frozenset[str], below: Callable[[str], frozenset[str]]) -> frozenset[str]:
    """The accounts of a run that a route is about.

    Args:
        route: The route.
        looked_at: The accounts that the run was to look at.
        below: Asks for the accounts below an organizational unit.
    """
    return looked_at & route.accounts.union(*map(below, route.organizational_units))
