"""Packets as sets: which share of them do rules let through? Pure arithmetic over addresses and ports.

A box is a block of addresses times a range of ports. Where an address is not known, as that of a service on the
internet is not, the box holds all it could be; so a rule that lets through a part of it leaves the matter open.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Span = tuple[int, int]
"""The first and the last of a range of whole numbers."""

Share = Literal["all", "some", "none"]

EVERY_ADDRESS: Final[Span] = (0, 2**32 - 1)
EVERY_PORT: Final[Span] = (0, 65535)

# IANA's registry of special-purpose IPv4 addresses (RFC 6890), with multicast and the reserved rest: AWS's services
# have none of these on the internet.
_SPECIAL: Final = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
)


class Box(NamedTuple):
    """Addresses times ports; each a range with both ends."""

    addresses: Span
    ports: Span


class Rule(NamedTuple):
    """What happens to the packets in a box."""

    allows: bool
    box: Box


def share_let_through(packets: Sequence[Box], rules: Iterable[Rule]) -> Share:
    """Which share of the packets is let through, where the first rule that fits decides and the last word is no.

    Args:
        packets: Boxes that do not overlap.
        rules: In their order.
    """
    left, passed, stopped = list(packets), False, False
    for rule in rules:
        inside, left = split(left, rule.box)
        if inside:
            passed, stopped = passed or rule.allows, stopped or not rule.allows
    if not passed:
        return "none"
    return "some" if stopped or left else "all"


def split(packets: Iterable[Box], box: Box) -> tuple[list[Box], list[Box]]:
    """The packets inside of a box, and those outside of it."""
    inside: list[Box] = []
    outside: list[Box] = []
    for packet in packets:
        addresses = _common(packet.addresses, box.addresses)
        ports = _common(packet.ports, box.ports)
        if addresses is None or ports is None:
            outside.append(packet)
            continue
        inside.append(Box(addresses, ports))
        outside += [Box(rest, packet.ports) for rest in _without(packet.addresses, addresses)]
        outside += [Box(addresses, rest) for rest in _without(packet.ports, ports)]
    return inside, outside


def internet(port: int, but: Iterable[Span] = ()) -> list[Box]:
    """Packets to a port of anything on the internet.

    Args:
        port: The port.
        but: Addresses that are not meant, because they belong to the own network.
    """
    left = [Box(EVERY_ADDRESS, (port, port))]
    blocks = [IPv4Network(block) for block in _SPECIAL]
    for addresses in [*((int(one.network_address), int(one.broadcast_address)) for one in blocks), *but]:
        _, left = split(left, Box(addresses, EVERY_PORT))
    return left


def with_ports(packets: Iterable[Box], ports: Span) -> list[Box]:
    """The same addresses with other ports: what comes back from there."""
    return [Box(packet.addresses, ports) for packet in packets]


def single(address: int, port: int) -> list[Box]:
    """Packets to one port of one address."""
    return [Box((address, address), (port, port))]


def _common(one: Span, other: Span) -> Span | None:
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def _without(whole: Span, taken: Span) -> list[Span]:
    """What is left of a range on both sides of a part of it."""
    sides = [(whole[0], taken[0] - 1), (taken[1] + 1, whole[1])]
    return [side for side in sides if side[0] <= side[1]]
