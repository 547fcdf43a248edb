"""A configuration is read with its defaults, or refused with a pointer to its fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.configuration import MAXIMUM_BYTES, Configuration, MalformedDocument, read_configuration, report_only

SHIPPED = Configuration("report_only", ("aws/AmazonSSMManagedInstanceCore",), None, 65, "all", None, None, 365)


def test_what_is_left_out_has_the_shipped_default() -> None:
    """The mode alone is enough; nothing is attached, no tag exempts, nothing is scanned."""
    assert read_configuration('{"mode": "report_only"}') == SHIPPED == report_only()


def test_everything_that_is_given_is_kept() -> None:
    """Each field reaches the decision that it is for."""
    given = {
        "mode": "enforce",
        "required_policies": ["account/security/ssm-core"],
        "default_instance_profile": "fleetdx-default-instance",
        "registration_wait_minutes": 90.0,
        "notify": "failures",
        "scan_when_ready": {"enabled": True, "profile": "kisa_unix_2026"},
        "exemptions": {"protected_tag_prefix": "security:", "maximum_days": 30},
    }
    assert read_configuration(json.dumps(given)) == Configuration(
        "enforce",
        ("account/security/ssm-core",),
        "fleetdx-default-instance",
        90,
        "failures",
        "kisa_unix_2026",
        "security:",
        30,
    )


def test_a_profile_without_the_switch_scans_nothing() -> None:
    """Scanning is on only where it is switched on."""
    given = '{"mode": "enforce", "scan_when_ready": {"enabled": false, "profile": "kisa_unix_2026"}}'
    assert read_configuration(given).scan_profile is None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"mode": "Enforce"}, "/mode"),
        ({"mode": None}, "/mode"),
        ({"modus": "enforce"}, "/modus"),
        ({"required_policies": []}, "/required_policies"),
        ({"required_policies": ["AmazonSSMManagedInstanceCore"]}, "/required_policies/0"),
        ({"required_policies": ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]}, "/required_policies/0"),
        ({"required_policies": ["aws/a b"]}, "/required_policies/0"),
        ({"required_policies": ["aws/A\n"]}, "/required_policies/0"),
        ({"default_instance_profile": ""}, "/default_instance_profile"),
        ({"default_instance_profile": "a/b"}, "/default_instance_profile"),
        ({"registration_wait_minutes": 4}, "/registration_wait_minutes"),
        ({"registration_wait_minutes": "65"}, "/registration_wait_minutes"),
        ({"registration_wait_minutes": True}, "/registration_wait_minutes"),
        ({"notify": True}, "/notify"),
        ({"scan_when_ready": {"enabled": True}}, "/scan_when_ready/profile"),
        ({"scan_when_ready": {}}, "/scan_when_ready/enabled"),
        ({"exemptions": {"maximum_days": 0}}, "/exemptions/maximum_days"),
        ({"exemptions": {"protected_tag_prefix": ""}}, "/exemptions/protected_tag_prefix"),
    ],
)
def test_a_fault_is_named_by_its_pointer(change: dict[str, Any], place: str) -> None:
    """Whoever deploys it reads where it is wrong."""
    with pytest.raises(MalformedDocument) as refused:
        read_configuration(json.dumps({"mode": "report_only", **change}))
    assert refused.value.fault.pointer == place
    assert str(refused.value).startswith(f"{place}: ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "enforce",
        "[]",
        "{}",
        '{"mode": "enforce", "mode": "report_only"}',
        "[" * 4_000,
        " " * MAXIMUM_BYTES + '{"mode": "enforce"}',
    ],
)
def test_what_is_no_configuration_is_refused(text: str) -> None:
    """Neither an empty parameter nor a mode that stands twice is guessed at."""
    with pytest.raises(MalformedDocument):
        read_configuration(text)


@given(st.text(max_size=200) | st.dictionaries(st.sampled_from(["mode", "notify"]), st.text()).map(json.dumps))
def test_whatever_the_parameter_holds_is_read_or_refused(text: str) -> None:
    """No text raises anything but the refusal."""
    try:
        assert read_configuration(text).mode in {"report_only", "enforce"}
    except MalformedDocument as refused:
        assert str(refused)  # noqa: PT017 - either end is right, and each is asserted
