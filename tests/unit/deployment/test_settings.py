"""Settings of a deployment are read whole, or refused with a pointer to the first fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fleetdx.configuration import MalformedDocument
from fleetdx.deployment.settings import DECIDED, TEMPLATE_NAMES, read_settings
from fleetdx.deployment.template_parameters import parameters_of

TEMPLATES = {
    name: (Path(__file__).parents[3] / f"templates/{name}.yaml").read_text(encoding="utf-8") for name in TEMPLATE_NAMES
}
WHOLE: dict[str, Any] = {
    "schema": 1,
    "home_region": "ap-northeast-2",
    "regions": ["ap-northeast-2", "us-east-1"],
    "organizational_units": ["ou-ab12-cdefgh34"],
    "management_account": "included",
    "events": "control_tower",
    "external_id": "fleetdx-2026",
    "profiles": {"hub": "hub", "management": "management", "audit": "audit"},
    "options": {"central": {"RetentionDays": 400, "Analysis": True}, "member": {"Mending": "no"}},
}


def read(**changes: Any) -> Any:
    """The settings with some fields changed; a field of None is left out."""
    document = {name: value for name, value in {**WHOLE, **changes}.items() if value is not None}
    return read_settings(json.dumps(document), TEMPLATES)


def test_whole_settings_are_read() -> None:
    """Whole settings come with defaults, and options in the words of CloudFormation."""
    settings = read()
    assert settings.regions == ("ap-northeast-2", "us-east-1")
    assert settings.stack_sets_from == "management"
    assert settings.options["central"] == {"RetentionDays": "400", "Analysis": "true"}
    assert settings.options["audit_region"] == {}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"home_region": "Seoul"}, "/home_region"),
        ({"regions": []}, "/regions"),
        ({"organizational_units": ["ou-ab12-cdefgh34", "Workloads"]}, "/organizational_units/1"),
        ({"management_account": "maybe"}, "/management_account"),
        ({"external_id": None}, "/external_id"),
        ({"profiles": {"hub": "hub", "management": "management"}}, "/profiles/audit"),
        ({"profiles": {"hub": "hub", "audit": "audit"}}, "/profiles/management"),
        ({"profiles": {"management": "management", "audit": "audit"}}, "/profiles/hub"),
        ({"colour": "red"}, "/colour"),
        ({"options": {"central": {"Retention": 3}}}, "/options/central/Retention"),
        ({"options": {"central": {"RetentionDays": 3}}}, "/options/central/RetentionDays"),
        ({"options": {"central": {"RetentionDays": "many"}}}, "/options/central/RetentionDays"),
        ({"options": {"central": {"RetentionDays": 99_999}}}, "/options/central/RetentionDays"),
        ({"options": {"central": {"ObjectLockMode": "sometimes"}}}, "/options/central/ObjectLockMode"),
        ({"options": {"central": {"Runtime": "node22"}}}, "/options/central/Runtime"),
        ({"options": {"central": {"Regions": "us-east-1"}}}, "/options/central/Regions"),
        ({"options": {"member": {"Mending": ["no"]}}}, "/options/member/Mending"),
    ],
)
def test_a_fault_is_named_with_its_pointer(changes: dict[str, Any], pointer: str) -> None:
    """The first fault is named with a JSON pointer."""
    with pytest.raises(MalformedDocument) as refused:
        read(**changes)
    assert refused.value.fault.pointer == pointer


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": 1, "schema": 1}'])
def test_what_is_no_settings_document_is_refused(text: str) -> None:
    """What is no JSON object, or names a field twice, is refused."""
    with pytest.raises(MalformedDocument):
        read_settings(text, TEMPLATES)


def test_the_hub_s_own_stack_sets_need_no_profile_of_an_excluded_management_account() -> None:
    """Where the hub has the StackSets and the management account is excluded, its profile is not asked for."""
    settings = read(
        management_account="excluded", stack_sets_from="hub", events="bus", profiles={"hub": "hub"}, options=None
    )
    assert settings.profiles.management is None


def test_what_settings_decide_are_parameters_of_the_templates() -> None:
    """Each parameter that follows from other settings exists in its template."""
    for name in TEMPLATE_NAMES:
        assert parameters_of(TEMPLATES[name]).keys() >= DECIDED[name]
