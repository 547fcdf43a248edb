"""What the judge says of a network is what a packet finds there: 200 random changes against an independent walk."""

from __future__ import annotations

import random
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from moto.ec2.models import ec2_backends

from fleetdx.coverage.network import Reachability, gather, judge
from tests.contract.small_cloud import REGION
from tests.network_changes import CHANGES, Change, Scene, new_scene
from tests.network_changes.region import ACCOUNT, emulated_region, in_fresh_regions
from tests.packet_walk import EITHER, NO, YES, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.packet_walk import Fates

SEED = 20_261_126
ROUNDS = 200
HALF = 0.5
MOST_UNKNOWN = 0.2
MOST_NEEDLESSLY_UNKNOWN = 0.06


class Outcome(NamedTuple):
    kind: str
    change: str
    verdict: Reachability
    fates: Fates


@pytest.fixture(scope="module")
def ec2() -> Iterator[Any]:
    with emulated_region() as client:
        yield client


def outcome(scene: Scene, change: Change | None = None) -> Outcome:
    """Judge from what EC2 describes, and walk."""
    if change is not None:
        change.make(scene)
    (reservation,) = scene.ec2.describe_instances(InstanceIds=[scene.instance])["Reservations"]
    instance = reservation["Instances"][0]
    verdict = judge(instance, gather(scene.ec2, [instance]), REGION)
    fates = Walk(ec2_backends[ACCOUNT][REGION], scene.instance).fates()
    return Outcome(scene.network.kind, change.name if change else "", verdict, fates)


@pytest.fixture(scope="module")
def outcomes(ec2: Any) -> list[Outcome]:
    """Every kind of change once in every kind of network that it fits, and the rest drawn."""
    generator = random.Random(SEED)  # noqa: S311 - the same changes every time
    pairs = [(change, kind) for change in CHANGES for kind in change.kinds]
    weights = [change.weight for change, _ in pairs]
    drawn = [*pairs, *generator.choices(pairs, weights, k=ROUNDS - len(pairs))]
    scenes = (
        (new_scene(region, kind, generator, is_far=generator.random() < HALF), change)
        for region, (change, kind) in zip(in_fresh_regions(ec2, len(drawn)), drawn, strict=True)
    )
    return [outcome(scene, change) for scene, change in scenes]


@pytest.mark.parametrize(
    ("kind", "is_far"), [("endpoints", False), ("endpoints", True), ("nat", False), ("public", False)]
)
def test_a_working_network_is_reachable(ec2: Any, kind: Any, is_far: bool) -> None:  # noqa: FBT001 - a parameter
    """Both the judge and the walk find their way before anything is changed."""
    found = outcome(new_scene(ec2, kind, random.Random(SEED), is_far=is_far))  # noqa: S311
    assert (found.verdict.standing, found.fates) == ("reachable", YES)


def test_nothing_is_judged_reachable_that_packets_do_not_reach(outcomes: list[Outcome]) -> None:
    """Where the judge finds a way, every packet arrives."""
    assert [one for one in outcomes if one.verdict.standing == "reachable" and one.fates != YES] == []


def test_nothing_is_judged_blocked_that_packets_reach(outcomes: list[Outcome]) -> None:
    """Where the judge finds none, no packet arrives."""
    assert [one for one in outcomes if one.verdict.standing == "blocked" and one.fates != NO] == []


def drawn_changes(outcomes: list[Outcome]) -> str:
    """A table: how often each change was drawn, and what came of it."""
    lines = []
    for name, count in sorted(Counter(one.change for one in outcomes).items()):
        standings = Counter(one.verdict.standing for one in outcomes if one.change == name)
        lines.append(f"{count:4} {name:30} {dict(sorted(standings.items()))}")
    return "\n".join(lines)


def test_unknown_stays_rare(outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]) -> None:
    """Few networks are left open, and hardly one whose packets have but one fate."""
    unknown = [one for one in outcomes if one.verdict.standing == "unknown"]
    needless = [one for one in unknown if one.fates != EITHER]
    with capsys.disabled():
        sys.stdout.write(f"\n{drawn_changes(outcomes)}\n{len(unknown)} of {len(outcomes)} unknown, ")
        sys.stdout.write(f"{len(needless)} of these although packets have but one fate\n")
    assert len(outcomes) == ROUNDS
    assert len(unknown) <= MOST_UNKNOWN * ROUNDS
    assert len(needless) <= MOST_NEEDLESSLY_UNKNOWN * ROUNDS


def test_the_changes_break_networks_and_leave_others_whole(outcomes: list[Outcome]) -> None:
    """The property above is about something: a good part of the changes closes the way, a good part does not."""
    standings = Counter(one.verdict.standing for one in outcomes)
    assert standings["blocked"] >= ROUNDS / 4
    assert standings["reachable"] >= ROUNDS / 4
