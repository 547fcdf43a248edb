"""Judges of deploy-check that take no AWS: selectors of trails, names in the template, and ended runs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fleetdx.deploy_check.answers import answered, document_of, passes
from fleetdx.deploy_check.catalog import QUESTIONS
from fleetdx.deploy_check.deployed import EndedRun, Smoke, judge_plan, judge_smoke, judge_subscription
from fleetdx.deploy_check.events import records_changes
from fleetdx.deploy_check.places import FUNCTIONS_AT_ONCE, Room, judge_names, judge_roles
from fleetdx.deploy_check.readings import Unseen
from fleetdx.deploy_check.template_names import names_in
from tools.sources import PROJECT, template

TEMPLATE = (PROJECT / "templates" / "central.yaml").read_text(encoding="utf-8")
MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}


@pytest.mark.parametrize(
    ("fields", "lets"),
    [
        ([MANAGEMENT], True),
        ([MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}], True),
        ([MANAGEMENT, {"Field": "readOnly", "Equals": ["true"]}], False),
        ([MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}], True),
        ([MANAGEMENT, {"Field": "eventSource", "NotEquals": ["ec2.amazonaws.com"]}], False),
        ([MANAGEMENT, {"Field": "eventSource", "Equals": ["s3.amazonaws.com"]}], False),
        ([MANAGEMENT, {"Field": "eventSource", "StartsWith": ["ec2"]}], False),
        ([MANAGEMENT, {"Field": "eventName", "Equals": ["RunInstances"]}], False),
        ([{"Field": "eventCategory", "Equals": ["Data"]}], False),
        ([{"Field": "readOnly", "Equals": ["false"]}], False),
    ],
)
def test_advanced_selectors(fields: list[dict[str, Any]], *, lets: bool) -> None:
    """What is not understood of a selector counts as leaving EC2's changes out."""
    assert records_changes([], [{"FieldSelectors": fields}]) is lets


def test_basic_selectors() -> None:
    """A source that is excluded is EC2's or none of our business."""
    assert records_changes([{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}], [])
    assert not records_changes([{"ExcludeManagementEventSources": ["ec2.amazonaws.com"]}], [])
    assert not records_changes([], [])


def test_the_names_in_the_template() -> None:
    """Every unconditional bucket and role that the template names is found, with account and region."""
    found = names_in(TEMPLATE, "111122223333", "eu-west-1", has_lock=False)
    assert found.buckets == ("fleetdx-data-111122223333-eu-west-1", "fleetdx-intake-111122223333-eu-west-1")
    resources = [one for one in template("central.yaml")["Resources"].values() if "Condition" not in one]
    assert found.roles == {one["Properties"]["RoleName"] for one in resources if one["Type"] == "AWS::IAM::Role"}
    assert len(names_in(TEMPLATE, "111122223333", "eu-west-1", has_lock=True).buckets) == 3


def test_how_many_functions_work_at_once() -> None:
    """The figure is the product of what the machines let run at a time."""

    def most(machine: str, state: str) -> int:
        text = (PROJECT / "statemachines" / f"{machine}.asl.json").read_text(encoding="utf-8")
        states = json.loads(text)["States"]
        (found,) = [one["MaxConcurrency"] for one in states.values() if one.get("Label") == state]
        return int(found)

    assert most("scan_fleet", "ScanTargets") * most("scan_target", "ScanBatches") == FUNCTIONS_AT_ONCE


def test_nothing_is_judged_that_was_not_seen() -> None:
    """The judge is not even asked."""
    answer = answered("roles_have_room", "hub", Unseen("no answer"), lambda _: passes("never"))
    assert (answer.verdict, answer.missing_right, bool(answer.remedy)) == ("unknown", None, True)
    counts = document_of([answer], after=True)["counts"]
    assert counts == {"pass": 0, "fail": 0, "unknown": 1, "notapplicable": 0}


def test_room_is_counted_to_the_last_role() -> None:
    """A stack that just fits passes."""
    assert judge_roles(5, Room(5, 10)).verdict == "pass"
    assert judge_roles(6, Room(5, 10)).verdict == "fail"


def test_many_names_are_told_in_short() -> None:
    """Three names and how many more."""
    names = frozenset("abcde")
    assert judge_names(names, names, frozenset("a")).found == "Not the stack's: b, c, d and 1 more."


@pytest.mark.parametrize(
    ("queues", "verdict"), [({}, "fail"), ({"arn": False}, "fail"), ({"arn": True}, "pass"), ({"other": True}, "fail")]
)
def test_a_subscription_is_there_and_confirmed(queues: dict[str, bool], verdict: str) -> None:
    """One of another queue is not ours."""
    assert judge_subscription("arn", queues).verdict == verdict


def test_runs_that_ended_otherwise() -> None:
    """A run that failed, left no line, is incomplete or has no results fails with what is known of it."""
    failed = EndedRun("r", "TIMED_OUT", "States.Timeout: late")
    assert "TIMED_OUT: States.Timeout" in judge_plan(failed, None).found
    assert "TIMED_OUT" in judge_smoke(Smoke(failed, None, None, 0)).found
    done = EndedRun("r", "SUCCEEDED")
    line: Any = {"state": "scanned", "reason": "verified", "detail": "", "instance": "i-1"}
    assert "no line" in judge_smoke(Smoke(done, "complete", None, 0)).found
    assert "is incomplete" in judge_smoke(Smoke(done, "incomplete", line, 3)).found
    assert "no result" in judge_smoke(Smoke(done, "complete", line, 0)).found
    assert judge_smoke(Smoke(done, "complete", line, 3)).verdict == "pass"
    assert "left no summary" in judge_smoke(Smoke(done, None, line, 3)).found


def test_every_question_has_a_remedy_and_reads() -> None:
    """A question ends in a question mark or says how it is asked; before a deployment its rights read."""
    for question in QUESTIONS.values():
        assert "?" in question.asks
        assert question.remedy.endswith(".") or question.remedy.startswith("In the management account: aws ")
        if not question.after:
            assert all(right.split(":")[1].startswith(("Describe", "Get", "List")) for right in question.rights)
