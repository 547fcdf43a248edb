"""What a sweep asks Systems Manager for: the setting of Default Host Management, and compliance with patches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from emulator.agent.host import Host
from emulator.agent.settings import DEFAULT_HOST_MANAGEMENT
from emulator.clock import Clock
from emulator.seams import ssm
from tests.contract.small_cloud import CENTRAL, MEMBER, REGION, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emulator.agent.host import PatchState
    from tests.contract.small_cloud import SmallCloud

ROLE = "service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole"


@dataclass
class Registry:
    """The hosts of one account and region."""

    known: list[Host] = field(default_factory=list)

    def hosts(self, account: str, region: str) -> list[Host]:
        return self.known if (account, region) == (MEMBER, REGION) else []

    def add(self, number: int, directory: Path, patch_state: PatchState | None) -> None:
        self.known.append(Host(f"i-{number:017}", MEMBER, REGION, directory, patch_state=patch_state))


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def cloud(tmp_path: Path, registry: Registry) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path) as started:
        uninstall = ssm.install(registry, Clock(0))
        try:
            yield started
        finally:
            uninstall()


def test_default_host_management_is_off_until_it_is_switched_on(cloud: SmallCloud) -> None:
    """The setting is $None at first, a role where it was set, of that account alone, and $None again after a reset."""
    client, other = cloud.client("ssm", MEMBER), cloud.client("ssm", CENTRAL)

    def setting(of: Any) -> tuple[str, str]:
        found = of.get_service_setting(SettingId=DEFAULT_HOST_MANAGEMENT)["ServiceSetting"]
        return found["SettingValue"], found["Status"]

    assert setting(client) == ("$None", "Default")
    arn = client.get_service_setting(SettingId=DEFAULT_HOST_MANAGEMENT)["ServiceSetting"]["ARN"]
    client.update_service_setting(SettingId=arn, SettingValue=ROLE)
    assert setting(client) == (ROLE, "Customized")
    assert setting(other) == ("$None", "Default")
    client.reset_service_setting(SettingId=DEFAULT_HOST_MANAGEMENT)
    assert setting(client) == ("$None", "Default")


def test_other_settings_are_not_known(cloud: SmallCloud) -> None:
    """A setting that is not there is refused."""
    with pytest.raises(ClientError) as refusal:
        cloud.client("ssm", MEMBER).get_service_setting(SettingId="/ssm/managed-instance/activation-tier")
    assert refusal.value.response["Error"]["Code"] == "ServiceSettingNotFound"


def test_nodes_that_were_scanned_have_a_patch_state(cloud: SmallCloud, registry: Registry, tmp_path: Path) -> None:
    """Every scanned node has a summary for patches, in pages of fifty; one that was never scanned has none."""
    for number in range(60):
        registry.add(number, tmp_path, "NON_COMPLIANT" if number % 10 == 0 else "COMPLIANT")
    registry.add(99, tmp_path, None)
    client = cloud.client("ssm", MEMBER)
    patches = {"Key": "ComplianceType", "Values": ["Patch"], "Type": "EQUAL"}
    assert len(client.list_resource_compliance_summaries(Filters=[patches])["ResourceComplianceSummaryItems"]) == 50
    pages = client.get_paginator("list_resource_compliance_summaries").paginate(Filters=[patches])
    found = {item["ResourceId"]: item for page in pages for item in page["ResourceComplianceSummaryItems"]}
    assert len(found) == 60
    bad = found["i-00000000000000010"]
    assert (bad["Status"], bad["ComplianceType"], bad["ResourceType"]) == ("NON_COMPLIANT", "Patch", "ManagedInstance")
    assert bad["NonCompliantSummary"]["NonCompliantCount"] > 0
    good = found["i-00000000000000011"]
    assert (good["Status"], good["NonCompliantSummary"]["NonCompliantCount"]) == ("COMPLIANT", 0)
    wrong = [{"Key": "ComplianceType", "Values": ["Association"], "Type": "EQUAL"}]
    assert client.list_resource_compliance_summaries(Filters=wrong)["ResourceComplianceSummaryItems"] == []
    with pytest.raises(ClientError) as refusal:
        client.list_resource_compliance_summaries(Filters=[{"Key": "Color", "Values": ["red"]}])
    assert refusal.value.response["Error"]["Code"] == "InvalidFilter"
