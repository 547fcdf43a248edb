"""Sets of packets behave as if every single packet were looked at."""

from __future__ import annotations

from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st

from fleetdx.coverage.network.boxes import Box, Rule, internet, share_let_through, split

MOST = 7


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    first = draw(st.integers(0, MOST))
    return first, draw(st.integers(first, MOST))


boxes = st.builds(Box, spans(), spans())
rules = st.lists(st.builds(Rule, st.booleans(), boxes), max_size=6)


def points(box: Box) -> set[tuple[int, int]]:
    return {
        (address, port)
        for address in range(box.addresses[0], box.addresses[1] + 1)
        for port in range(box.ports[0], box.ports[1] + 1)
    }


def fate(point: tuple[int, int], given_rules: list[Rule]) -> bool:
    return next((rule.allows for rule in given_rules if point in points(rule.box)), False)


@given(boxes, rules)
def test_the_share_is_that_of_single_packets(packets: Box, given_rules: list[Rule]) -> None:
    """All, none or some of them: the first rule that fits a packet decides."""
    fates = {fate(point, given_rules) for point in points(packets)}
    expected = {(True,): "all", (False,): "none"}.get(tuple(fates), "some")
    assert share_let_through([packets], given_rules) == expected


@given(boxes, boxes)
def test_a_split_loses_and_doubles_nothing(packets: Box, box: Box) -> None:
    """Inside and outside together are what was there, and do not overlap."""
    inside, outside = split([packets], box)
    parts = [points(part) for part in [*inside, *outside]]
    assert set().union(*parts) == points(packets)
    assert sum(map(len, parts)) == len(points(packets))
    assert all(points(part) <= points(box) for part in inside)


def test_the_internet_has_no_private_address() -> None:
    """What Python's ipaddress calls global is in it, what it calls private is not; the own network is left out."""
    own = (int(IPv4Address("52.0.0.0")), int(IPv4Address("52.0.255.255")))
    found = internet(443, but=[own])

    def holds(address: str) -> bool:
        return any(box.addresses[0] <= int(IPv4Address(address)) <= box.addresses[1] for box in found)

    for address in ("52.94.8.16", "3.38.0.1", "150.222.1.1", "1.1.1.1", "223.255.255.254"):
        assert IPv4Address(address).is_global
        assert holds(address)
    for address in ("10.1.1.1", "172.31.0.1", "192.168.1.1", "169.254.169.253", "100.64.0.1", "127.0.0.1"):
        assert not IPv4Address(address).is_global
        assert not holds(address)
    assert not holds("52.0.3.4")
    assert {box.ports for box in found} == {(443, 443)}
