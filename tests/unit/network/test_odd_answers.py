"""Whatever EC2 answers, the judge answers too: what it cannot do without is a missing fact, not an error."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.coverage.network import NetworkFacts, Reachability, judge
from tests.unit.network.example_network import (
    REGION,
    facts,
    instance,
    nat_facts,
    private_facts,
    public_instance,
    route,
)

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", 5, -1, True, [], {}, ["x"], [None], [{}], {"x": 1}, "10.0.0.0/99", "::/0"]
)
SCENES = (
    (instance(), private_facts()),
    (instance(), nat_facts()),
    (public_instance(), facts(route(GatewayId="igw-1"), route("10.0.0.0/8", TransitGatewayId="tgw-1"))),
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every part of nested dictionaries and lists."""
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        found += places_in(part, (*path, key))
    return found


def spoiled(whole: Any, path: tuple[Any, ...], value: Any, *, drop: bool) -> Any:
    changed = copy.deepcopy(whole)
    at = changed
    for key in path[:-1]:
        at = at[key]
    if drop:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return changed


def plain(known: NetworkFacts) -> dict[str, Any]:
    return {field.name: getattr(known, field.name) for field in dataclasses.fields(known)}


@given(st.data())
def test_no_answer_of_ec2_makes_the_judge_fail(data: st.DataObject) -> None:
    """Anything may be absent or something else, in the instance or in the facts."""
    one, known = data.draw(st.sampled_from(SCENES))
    whole = {"instance": one, "facts": plain(known)}
    paths = [path for path in places_in(whole) if len(path) > 2]
    for _ in range(data.draw(st.integers(1, 3))):
        path, value = data.draw(st.sampled_from(paths)), data.draw(ODD)
        try:
            whole = spoiled(whole, path, value, drop=data.draw(st.booleans()))
        except (KeyError, IndexError, TypeError):
            # An earlier spoiling took it away.
            continue
    verdict = judge(whole["instance"], NetworkFacts(**whole["facts"]), REGION)
    assert isinstance(verdict, Reachability)
    assert verdict.standing in ("reachable", "blocked", "unknown")
    assert bool(verdict.reason) == (verdict.standing != "reachable")


@pytest.mark.parametrize(
    "path",
    [
        ("instance", "NetworkInterfaces"),
        ("instance", "NetworkInterfaces", 0, "PrivateIpAddress"),
        ("instance", "NetworkInterfaces", 0, "Groups"),
        ("instance", "NetworkInterfaces", 0, "Attachment"),
        ("facts", "vpcs_described", 0),
        ("facts", "vpcs_described", 0, "DhcpOptionsId"),
        ("facts", "dns_support", "vpc-1"),
        ("facts", "dns_hostnames", "vpc-1", "Value"),
        ("facts", "dhcp_options_described", 0),
        ("facts", "endpoints", 0, "PrivateDnsEnabled"),
        ("facts", "endpoints", 0, "State"),
        ("facts", "endpoints", 0, "NetworkInterfaceIds"),
        ("facts", "endpoints", 0, "PolicyDocument"),
        ("facts", "interfaces_described", 1),
        ("facts", "groups_described", 1, "IpPermissions", 0, "IpProtocol"),
        ("facts", "groups_described", 0, "IpPermissionsEgress"),
        ("facts", "network_acls", 1),
        ("facts", "route_tables", 0, "Routes", 0, "State"),
    ],
)
def test_what_is_needed_and_absent_is_a_missing_fact(path: tuple[Any, ...]) -> None:
    """Without it nothing is said for certain."""
    whole = spoiled({"instance": instance(), "facts": plain(private_facts())}, path, None, drop=True)
    verdict = judge(whole["instance"], NetworkFacts(**whole["facts"]), REGION)
    assert (verdict.standing, verdict.reason) == ("unknown", "facts_missing")
    assert verdict.detail.startswith("It cannot be judged: ")


def test_no_facts_at_all_are_missing_facts() -> None:
    """An account-region whose networks nobody could ask for says so."""
    assert judge(instance(), NetworkFacts(), REGION).reason == "facts_missing"
