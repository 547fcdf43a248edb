"""The instances of a prepared organization, as data: which cause and reason each stands for, and what makes it so.

Each is what a working instance would be but for one thing. Names of accounts and the order of regions are those of
hosts/organization.json.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from emulator.world import FREEBSD_IMAGE, UBUNTU_22_IMAGE

if TYPE_CHECKING:
    from emulator.agent.host import PatchState
    from emulator.networks import NetworkKind

Rights = Literal["managed", "none", "profile_only", "other_policy", "denied", "bounded", "conditional"]
"""What its instance profile gives: all that an agent needs; no profile at all; a profile without a role; a role with
another policy; one with a denial; one in a boundary; one that depends on a condition."""
Agent = Literal["online", "old", "connection_lost", "refused", "absent"]
"""It is online, or was; it is refused and tries again until it may register; or there is none, or no way for it."""
Finding = Literal["PASSED", "FAILED", "outdated", "none"]
"""What Security Hub's SSM.1 says: as of now, of three days ago, or nothing."""

SEOUL, VIRGINIA = 0, 1
TRADING, WALLET, STAGING, HUB = "trading-production", "wallet-production", "exchange-staging", "security-tooling"
AMAZON_LINUX: Final = "amazon_linux_2023_default"
UBUNTU: Final = "ubuntu_2404_default"


@dataclass(frozen=True)
class Specimen:
    """One instance.

    Attributes:
        key: `cause/reason` that a sweep finds.
        account: Its name.
        region: Place in the organization's list of regions.
        network: The working network that it is in.
        fault: The one change to that network (emulator/coverage/network_faults.py); empty for none.
        rights: What its instance profile gives.
        agent: How it does.
        host: The example host that stands behind it.
        image: Name of its image, where that is not the host's.
        operator: The service that operates it.
        state: EC2's word.
        metadata: Whether its metadata service is on.
        finding: What SSM.1 says of it.
        disagreement: Why that is another word than Systems Manager's; empty where it is not.
        name: Told apart from others of the same key; else the reason.
        tags: Further ones.
        patch_state: What a scan for patches found.
        is_new: Whether it was started a moment ago; else days ago.
    """

    key: str
    account: str
    region: int
    network: NetworkKind = "endpoints"
    fault: str = ""
    rights: Rights = "managed"
    agent: Agent = "absent"
    host: str = AMAZON_LINUX
    image: str = ""
    operator: str = ""
    state: Literal["running", "stopped"] = "running"
    metadata: Literal["enabled", "disabled"] = "enabled"
    finding: Finding = "FAILED"
    disagreement: str = ""
    name: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    patch_state: PatchState | None = None
    is_new: bool = False

    @property
    def label(self) -> str:
        """Its tag Name."""
        return self.name or self.key.rpartition("/")[2].replace("_", "-")


def _no_route(reason: str, account: str, region: int, network: NetworkKind = "endpoints") -> Specimen:
    return Specimen(f"no_route/{reason}", account, region, network, fault=reason)


def _unknown(reason: str, account: str, region: int, network: NetworkKind = "endpoints") -> Specimen:
    return Specimen(f"unknown/{reason}", account, region, network, fault=reason)


_RECOVERY_SERVER: Final = (("AWSElasticDisasterRecoveryManaged", "drs.amazonaws.com"),)

SPECIMENS: Final = (
    Specimen("managed/online", TRADING, SEOUL, agent="online", finding="PASSED", patch_state="COMPLIANT"),
    Specimen(
        "default_host_management/online",
        STAGING,
        VIRGINIA,
        "nat",
        rights="none",
        agent="online",
        finding="PASSED",
        patch_state="NON_COMPLIANT",
        name="default-host-management",
    ),
    Specimen(
        "stopped/instance_stopped",
        WALLET,
        VIRGINIA,
        "nat",
        state="stopped",
        disagreement="stopped_instance",
        agent="refused",
    ),
    Specimen("no_profile/no_instance_profile", TRADING, SEOUL, rights="none", agent="refused"),
    Specimen(
        "profile_without_role/profile_without_role", TRADING, VIRGINIA, "public", rights="profile_only", agent="refused"
    ),
    Specimen("missing_policy/policies_missing", WALLET, SEOUL, rights="other_policy", agent="refused"),
    Specimen("blocked_by_policy/denied_by_role", WALLET, SEOUL, rights="denied", agent="refused"),
    Specimen("blocked_by_policy/denied_by_boundary", WALLET, VIRGINIA, "nat", rights="bounded", agent="refused"),
    Specimen("blocked_by_policy/denied_by_organization", HUB, SEOUL, agent="refused"),
    Specimen("imds_off/metadata_disabled", STAGING, SEOUL, metadata="disabled", agent="refused"),
    Specimen("unsupported/managed_by_service", TRADING, SEOUL, rights="none", operator="eks.amazonaws.com"),
    Specimen("unsupported/image_not_supported", TRADING, VIRGINIA, "public", image=FREEBSD_IMAGE),
    Specimen("exempt/exempted", WALLET, SEOUL, rights="none", agent="refused"),
    Specimen("agent_silent/not_registered", STAGING, SEOUL),
    Specimen(
        "agent_silent/agent_not_reporting",
        STAGING,
        SEOUL,
        agent="connection_lost",
        host=UBUNTU,
        finding="PASSED",
        disagreement="registered_but_silent",
        patch_state="NON_COMPLIANT",
    ),
    _no_route("no_path", STAGING, SEOUL, "isolated"),
    _no_route("endpoint_missing", STAGING, SEOUL),
    _no_route("endpoint_not_available", TRADING, SEOUL),
    _no_route("private_dns_off", TRADING, SEOUL),
    _no_route("dns_off", TRADING, VIRGINIA),
    _no_route("security_group_egress", WALLET, SEOUL),
    _no_route("endpoint_security_group", WALLET, SEOUL),
    _no_route("network_acl", WALLET, VIRGINIA, "nat"),
    _no_route("endpoint_policy", WALLET, VIRGINIA),
    _no_route("public_address_missing", TRADING, VIRGINIA, "public"),
    _no_route("nat_unavailable", STAGING, SEOUL, "nat"),
    _unknown("transit_gateway", TRADING, VIRGINIA, "transit_gateway"),
    _unknown("shared_endpoint", TRADING, SEOUL, "isolated"),
    _unknown("custom_dns", WALLET, VIRGINIA),
    _unknown("middlebox", WALLET, SEOUL, "isolated"),
    _unknown("endpoint_policy_conditional", STAGING, SEOUL),
    _unknown("prefix_list", STAGING, SEOUL, "nat"),
    _unknown("ipv6_only", TRADING, VIRGINIA, "isolated"),
    Specimen("unknown/rights_unclear", WALLET, SEOUL, rights="conditional", agent="refused"),
    Specimen("unknown/just_started", TRADING, SEOUL, is_new=True),
)
"""One for each cause and reason that can be prepared."""

FURTHER_SPECIMENS: Final = (
    Specimen("agent_silent/not_registered", STAGING, SEOUL, name="not-registered-2"),
    Specimen("agent_silent/not_registered", STAGING, SEOUL, image=UBUNTU_22_IMAGE, name="not-registered-ubuntu"),
    Specimen("default_host_management/online", STAGING, VIRGINIA, "nat", rights="other_policy", agent="online",
             finding="PASSED", name="default-host-management-beside-a-role"),
    Specimen("managed/online", TRADING, SEOUL, agent="online", host=UBUNTU, finding="outdated",
             disagreement="finding_outdated", name="repaired-lately", patch_state="NON_COMPLIANT"),
    Specimen("managed/online", WALLET, VIRGINIA, "nat", agent="online", disagreement="recovery_server",
             name="recovery-server", tags=_RECOVERY_SERVER),
    Specimen("managed/online", STAGING, SEOUL, agent="old", finding="none", disagreement="not_evaluated",
             name="old-agent"),
)  # fmt: skip
"""More of the same causes: other images, other words of Security Hub."""
