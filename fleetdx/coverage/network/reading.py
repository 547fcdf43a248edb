"""Reads what EC2 describes without trusting it: a key that is absent or odd is a missing fact, never a KeyError."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.coverage.network.boxes import Span

Row = Mapping[str, Any]
"""One thing as EC2 describes it."""


class FactMissing(LookupError):
    """Something that the judgement needs is not known; its text is a part of a sentence."""


def text(row: Row, key: str) -> str:
    """A text that must be there.

    Raises:
        FactMissing: It is absent, empty or no text.
    """
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise FactMissing(f"{_name(row)} has no {key}")
    return value


def optional_text(row: Row, key: str) -> str:
    """A text that may be absent, and is empty then.

    Raises:
        FactMissing: It is something else than text.
    """
    return text(row, key) if row.get(key) else ""


def number(row: Row, key: str) -> int:
    """A number that must be there.

    Raises:
        FactMissing: It is absent or no number.
    """
    value = row.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise FactMissing(f"{_name(row)} has no {key}")
    return value


def flag(row: Row, key: str) -> bool:
    """A yes or no that must be there.

    Raises:
        FactMissing: It is absent or neither.
    """
    value = row.get(key)
    if not isinstance(value, bool):
        raise FactMissing(f"{_name(row)} has no {key}")
    return value


def part(row: Row, key: str) -> Row:
    """What is described below a key; empty where it is absent.

    Raises:
        FactMissing: It is something else.
    """
    value = row.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise FactMissing(f"{_name(row)} has an odd {key}")
    return value


def rows(row: Row, key: str) -> list[Row]:
    """A list that must be there, of things with keys.

    Raises:
        FactMissing: It is absent or has something else in it.
    """
    value = row.get(key)
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise FactMissing(f"{_name(row)} has no {key}")
    return value


def texts(row: Row, key: str) -> list[str]:
    """A list of texts that must be there.

    Raises:
        FactMissing: It is absent or has something else in it.
    """
    value = row.get(key)
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise FactMissing(f"{_name(row)} has no {key}")
    return value


def address(row: Row, key: str) -> int:
    """An IPv4 address as a number.

    Raises:
        FactMissing: It is absent or no such address.
    """
    try:
        return int(IPv4Address(text(row, key)))
    except AddressValueError:
        raise FactMissing(f"{_name(row)} has an odd {key}") from None


def span(row: Row, key: str) -> Span:
    """The first and the last address of an IPv4 CIDR block.

    Raises:
        FactMissing: It is absent or no such block.
    """
    try:
        block = IPv4Network(text(row, key), strict=False)
    except ValueError:
        raise FactMissing(f"{_name(row)} has an odd {key}") from None
    return int(block.network_address), int(block.broadcast_address)


def by_id(found: Iterable[Row], key: str) -> dict[str, Row]:
    """Things by their id.

    Raises:
        FactMissing: One of them has none: whatever is looked for could be that one.
    """
    return {text(row, key): row for row in found}


def known(found: Mapping[str, Row], name: str) -> Row:
    """The thing with this id.

    Raises:
        FactMissing: It was not described.
    """
    if name not in found:
        raise FactMissing(f"{name} was not described")
    return found[name]


def _name(row: Row) -> str:
    """The first id in what is described, to name it by."""
    return next((str(value) for key, value in row.items() if str(key).endswith("Id") and value), "something")
