"""A file of faults is refused at its fault, before anything is started."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from emulator.faults.scenario import FaultFileError, read_scenario
from emulator.hosts.organization import load_organization

if TYPE_CHECKING:
    from pathlib import Path

HOST = {"fault": "no_curl", "account": "wallet-production", "region": "us-east-1", "host": "debian_12_default"}
RULE = {"call": "ssm:SendCommand", "fault": "throttled"}


def written(directory: Path, **content: Any) -> Path:
    path = directory / "faults.json"
    path.write_text(json.dumps({"schema": 1, **content}), encoding="utf-8")
    return path


def test_a_scenario_adds_broken_instances_and_rules(tmp_path: Path) -> None:
    """An instance gets its fault's name unless it has one, and stands in the organization beside the others."""
    scenario = read_scenario(written(tmp_path, hosts=[HOST, {**HOST, "name": "second"}], rules=[{**RULE, "times": 3}]))
    before = load_organization()
    organization = scenario.organization(before)
    added = {one.name: one for one in organization.instances[len(before.instances) :]}
    assert list(added) == ["no-curl", "second"]
    assert scenario.broken(organization) == {one.instance_id: "no_curl" for one in added.values()}
    assert [(rule.call, rule.fault, rule.times) for rule in scenario.rules] == [("ssm:SendCommand", "throttled", 3)]


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({"rules": [{**RULE, "fault": "sleepy"}]}, "/rules/0/fault"),
        ({"rules": [RULE, {**RULE, "fault": "function_dies_after"}]}, "/rules/1/fault"),
        ({"rules": [{"call": "lambda:Invoke", "fault": "throttled"}]}, "/rules/0/fault"),
        ({"rules": [{**RULE, "times": 0}]}, "/rules/0/times"),
        ({"hosts": [{**HOST, "fault": "tired"}]}, "/hosts/0/fault"),
        ({"hosts": [{**HOST, "account": "nobody"}]}, "/hosts/0/account"),
        ({"hosts": [{**HOST, "host": "windows_95"}]}, "/hosts/0/host"),
        ({"hosts": [HOST, HOST]}, "/hosts"),
        ({"colour": 1}, "/"),
    ],
)
def test_a_faulty_file_is_refused_at_its_fault(tmp_path: Path, content: dict[str, Any], pointer: str) -> None:
    """The error names the file, the JSON pointer and what is wrong there."""
    with pytest.raises(FaultFileError) as refused:
        read_scenario(written(tmp_path, **content)).organization(load_organization())
    assert refused.value.pointer == pointer
    assert str(tmp_path) in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A missing file and one that is no JSON are told as such."""
    with pytest.raises(FaultFileError, match="cannot be read"):
        read_scenario(tmp_path / "absent.json")
    (tmp_path / "faults.json").write_text("faults:")
    with pytest.raises(FaultFileError, match="is not JSON"):
        read_scenario(tmp_path / "faults.json")
