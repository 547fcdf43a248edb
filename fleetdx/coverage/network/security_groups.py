"""Security groups: stateful, and whatever one of them allows is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from fleetdx.coverage.network.boxes import EVERY_ADDRESS, EVERY_PORT, Box, Rule, share_let_through
from fleetdx.coverage.network.reading import known, number, optional_text, rows, span, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fleetdx.coverage.network.facts import NetworkFacts
    from fleetdx.coverage.network.reading import Row

PROTOCOLS: Final = {"tcp": frozenset({"-1", "tcp", "6"}), "udp": frozenset({"-1", "udp", "17"})}
NO_GROUPS: Final[frozenset[str]] = frozenset()


class Passage(NamedTuple):
    """What groups let through.

    Attributes:
        share: How much; `unclear` where a prefix list that cannot be read decides.
        groups: Their ids, for a sentence.
        prefix_list: The one that cannot be read.
    """

    share: Literal["all", "some", "none", "unclear"]
    groups: str
    prefix_list: str = ""


class _Rules(NamedTuple):
    readable: list[Rule]
    unreadable: list[str]


def let_out(
    facts: NetworkFacts,
    groups: Iterable[str],
    packets: Sequence[Box],
    peers: frozenset[str] = NO_GROUPS,
    protocol: Literal["tcp", "udp"] = "tcp",
) -> Passage:
    """How much of these packets the groups of their sender let out.

    Args:
        facts: What is known.
        groups: Ids.
        packets: By the address and the port that they go to.
        peers: Groups of the receiver; empty where it is not in this network.
        protocol: Of the packets.

    Raises:
        FactMissing: A group or something of its rules is not described.
    """
    return _passage(facts, "IpPermissionsEgress", sorted(groups), packets, peers, protocol)


def let_in(facts: NetworkFacts, groups: Iterable[str], packets: Sequence[Box], peers: frozenset[str]) -> Passage:
    """How much of these TCP packets the groups of their receiver let in.

    Args:
        facts: What is known.
        groups: Ids.
        packets: By the address that they come from and the port that they go to.
        peers: Groups of the sender.

    Raises:
        FactMissing: A group or something of its rules is not described.
    """
    return _passage(facts, "IpPermissions", sorted(groups), packets, peers, "tcp")


def _passage(
    facts: NetworkFacts,
    direction: str,
    groups: list[str],
    packets: Sequence[Box],
    peers: frozenset[str],
    protocol: Literal["tcp", "udp"],
) -> Passage:
    found = _Rules([], [])
    for group in groups:
        for rule in rows(known(facts.security_groups, group), direction):
            if text(rule, "IpProtocol").lower() in PROTOCOLS[protocol]:
                _read(facts, rule, peers, found)
    share = share_let_through(packets, found.readable)
    told = ", ".join(groups)
    if share != "all" and found.unreadable:
        return Passage("unclear", told, found.unreadable[0])
    return Passage(share, told)


def _read(facts: NetworkFacts, rule: Row, peers: frozenset[str], found: _Rules) -> None:
    ports = EVERY_PORT if text(rule, "IpProtocol") == "-1" else (number(rule, "FromPort"), number(rule, "ToPort"))
    blocks = [span(one, "CidrIp") for one in rows(rule, "IpRanges")]
    if any(optional_text(pair, "GroupId") in peers for pair in rows(rule, "UserIdGroupPairs")):
        blocks.append(EVERY_ADDRESS)
    for name in (text(one, "PrefixListId") for one in rows(rule, "PrefixListIds")):
        entries = facts.prefix_lists.get(name)
        if entries is None:
            found.unreadable.append(name)
            continue
        blocks += [span(entry, "Cidr") for entry in _of_ipv4(entries)]
    found.readable.extend(Rule(allows=True, box=Box(block, ports)) for block in blocks)


def _of_ipv4(entries: Iterable[Row]) -> Iterator[Row]:
    return (entry for entry in entries if ":" not in text(entry, "Cidr"))
