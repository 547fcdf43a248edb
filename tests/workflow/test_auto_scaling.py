"""An instance that its Auto Scaling group replaces, over two runs, with the functions' own rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from emulator.faults.rules import Rule
from fleetdx import keys
from tests.embedded import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

ITEM = "U-06"
FORMER, LATER = "market-data-relay-1", "market-data-archive"
GROUP = "relays"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        yield started


def scanned(aws: Embedded, name: str) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """The summary, the finding and the changes of a run over one host."""
    ended = aws.scan({"instances": [aws.instance_named(name)[0]]}, checks=[ITEM])
    results, changes = (
        aws.deployment.data.get_lines(keys.out(ended.run.id, f"{kind}.jsonl")) for kind in ("results", "changes")
    )
    (finding,) = (line for line in results if line["verdict"] == "fail")
    return ended.summary, finding, changes


def test_a_replacement_continues_what_its_group_fails(aws: Embedded) -> None:
    """Both hosts fail: the second, in the place of the first, says since when its group does, by the group's ARN."""
    former, later = (aws.instance_named(name) for name in (FORMER, LATER))
    account, region, _ = former[0].split("/")
    assert later[0].startswith(f"{account}/{region}/")
    client = aws.cloud.operator_session(account, region).client("autoscaling")
    client.create_launch_configuration(LaunchConfigurationName="relay", ImageId="ami-1", InstanceType="t3.small")
    client.create_auto_scaling_group(
        AutoScalingGroupName=GROUP,
        LaunchConfigurationName="relay",
        MinSize=0,
        MaxSize=2,
        AvailabilityZones=[f"{region}a"],
    )
    client.attach_instances(AutoScalingGroupName=GROUP, InstanceIds=[former[1]])
    (group,) = client.describe_auto_scaling_groups()["AutoScalingGroups"]
    _, first, changes = scanned(aws, FORMER)
    assert first["auto_scaling_group"] == group["AutoScalingGroupARN"]
    assert first["group_failing_since"] == first["failing_since"]
    assert [change["change"] for change in changes] == ["initial"]

    client.detach_instances(AutoScalingGroupName=GROUP, InstanceIds=[former[1]], ShouldDecrementDesiredCapacity=True)
    client.attach_instances(AutoScalingGroupName=GROUP, InstanceIds=[later[1]])
    summary, second, changes = scanned(aws, LATER)
    assert second["instance"] == later[1]
    assert second["auto_scaling_group"] == group["AutoScalingGroupARN"]
    assert second["group_failing_since"] == first["failing_since"] < second["failing_since"]
    assert [change["change"] for change in changes] == ["continued"]
    assert sum(summary["changes"]["counts"]["continued"].values()) == 1
    text = aws.deployment.data.get_json(keys.notification(summary["run"], 0))["text"]
    assert "1 goes on in its Auto Scaling group" in text

    rule = Rule("autoscaling:DescribeAutoScalingGroups", "denied", times=None)
    aws.cloud.faults.add(rule)
    summary, third, changes = scanned(aws, LATER)
    aws.cloud.faults.clear()
    assert summary["status"] == "complete"
    assert "auto_scaling_group" not in third
    assert third["failing_since"] == second["failing_since"]
    assert changes == []
    assert "DescribeAutoScalingGroups: AccessDenied" in summary["notes"][0]["sentence"]
