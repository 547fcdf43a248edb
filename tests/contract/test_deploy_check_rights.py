"""Who may not look gets no answer: what deploy-check needs of IAM, and what it says without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import pytest

from emulator.faults.rules import Rule
from fleetdx.deploy_check.catalog import QUESTIONS
from tests.contract.small_cloud import CENTRAL, small_cloud
from tests.deploy_check_scene import OURS, Scene, scene_in, told

if TYPE_CHECKING:
    from collections.abc import Iterator

BEFORE = {code: question for code, question in QUESTIONS.items() if not question.after}
RIGHTS = tuple(sorted({right for question in BEFORE.values() for right in question.rights}))
ONLY_AFTER_A_REFUSAL = {"organizations:ListDelegatedAdministrators", "organizations:DescribeResourcePolicy"}
"""What hub_reads_the_organization needs to tell two refusals apart, and not where the list is there."""
SERVICES = sorted({right.partition(":")[0] for right in RIGHTS})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with small_cloud(tmp_path_factory.mktemp("cloud"), frozenset({CENTRAL})) as cloud:
        yield scene_in(cloud)


@pytest.fixture
def scene(built: Scene) -> Iterator[Scene]:
    yield built
    built.rights = None
    built.cloud.faults.clear()


def test_everything_passes_where_everything_is_as_it_has_to_be(scene: Scene) -> None:
    """Every question is asked and passes, with no more rights than the catalog names."""
    scene.rights = RIGHTS
    answers = scene.ask()
    assert [answer for answer in answers if answer.verdict != "pass"] == []
    assert {answer.question for answer in answers} == BEFORE.keys()


def test_nothing_is_changed(scene: Scene) -> None:
    """Every call that is made reads: its name says so, and no other is ever sent."""
    with scene.cloud.faults.overheard() as heard:
        scene.ask()
    reading = ("Describe", "Get", "List", "Head")
    assert [fact.call for fact in heard if not fact.call.split(":")[1].startswith(reading)] == []


@pytest.mark.parametrize("right", RIGHTS)
def test_a_missing_right_is_named(scene: Scene, right: str) -> None:
    """Without a right exactly the questions that need it are unknown, and say which right it is."""
    if right in ONLY_AFTER_A_REFUSAL:
        scene.cloud.faults.add(Rule("organizations:ListAccounts", "denied", account=CENTRAL, times=None))
    if right == "cloudformation:ListStackResources":
        scene.client("cloudformation").create_stack(StackName="fleetdx-central", TemplateBody=json.dumps(OURS))
    scene.rights = tuple(one for one in RIGHTS if one != right)
    unknown = [answer for answer in scene.ask() if answer.verdict == "unknown"]
    assert {answer.question for answer in unknown} == {code for code, one in BEFORE.items() if right in one.rights}
    if right not in ONLY_AFTER_A_REFUSAL:
        assert {answer.missing_right for answer in unknown} == {right}
    assert all(str(answer.missing_right) in answer.remedy for answer in unknown)


@pytest.mark.parametrize("fault", ["denied", "unavailable", "answer_malformed"])
def test_nothing_passes_unseen(scene: Scene, fault: Literal["denied", "unavailable", "answer_malformed"]) -> None:
    """Where every call is refused, or AWS is down or talks nonsense, nothing passes but that the credentials work."""
    scene.cloud.faults.add(*(Rule(f"{service}:*", fault, times=None) for service in SERVICES))
    answers = scene.ask()
    assert {answer.question for answer in answers} == BEFORE.keys()
    assert {code for code, found in told(answers).items() if found != {"unknown"}} == {"credentials_work"}
    scene.cloud.faults.add(Rule("sts:*", fault, times=None))
    assert "pass" not in told(scene.ask())["credentials_work"]
