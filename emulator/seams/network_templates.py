"""Seam in moto's CloudFormation: a template's rules for what leaves a security group are there.

moto 5.2.5 does not know AWS::EC2::SecurityGroupEgress, and leaves out a group's own SecurityGroupEgress.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.cloudformation import parsing
from moto.ec2.models import ec2_backends
from moto.ec2.models.security_groups import SecurityGroup

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EGRESS = "AWS::EC2::SecurityGroupEgress"


class SecurityGroupEgress:
    """A rule for what leaves a group, as a resource. Not derived from moto's model: that would register it for good."""

    def __init__(self, group: str) -> None:
        self.physical_resource_id = f"{group}-egress"
        self.cf_resource_type = EGRESS
        self.logical_resource_id = ""

    @staticmethod
    def cloudformation_name_type() -> str:
        """No property gives it a name."""
        return ""

    @staticmethod
    def has_cfn_attr(attr: str) -> bool:  # noqa: ARG004 - moto's
        """Nothing of it can be asked for."""
        return False

    @staticmethod
    def is_created() -> bool:
        """It is there at once."""
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls, _name: str, resource: Mapping[str, Any], account_id: str, region_name: str, **_more: Any
    ) -> SecurityGroupEgress:
        """Authorize the rule."""
        properties = resource["Properties"]
        _authorize(ec2_backends[account_id][region_name], properties["GroupId"], properties)
        return cls(properties["GroupId"])


def install() -> Callable[[], None]:
    """Let templates make such rules; the answer undoes it."""
    patches = Patches()
    known = parsing.resource_class_from_type
    patches.replace(
        parsing, "resource_class_from_type", lambda kind: SecurityGroupEgress if kind == EGRESS else known(kind)
    )
    created: Any = SecurityGroup.create_from_cloudformation_json
    patches.replace(SecurityGroup, "create_from_cloudformation_json", classmethod(_creating(created.__func__)))
    return patches.undo


def _creating(original: Callable[..., Any]) -> Callable[..., Any]:
    def create(
        cls: type[SecurityGroup], resource_name: str, resource: Any, account_id: str, region_name: str, **more: Any
    ) -> Any:
        group = original(cls, resource_name, resource, account_id, region_name, **more)
        rules = resource["Properties"].get("SecurityGroupEgress", [])
        if rules:
            # A template's own rules stand in the place of the one that lets everything out.
            group.egress_rules.clear()
        for rule in rules:
            _authorize(ec2_backends[account_id][region_name], group.id, rule)
        return group

    return create


def _authorize(backend: Any, group: str, rule: Mapping[str, Any]) -> None:
    ranges = [{name: rule[name]} for name in ("CidrIp", "CidrIpv6") if name in rule]
    to_group, prefix_list = rule.get("DestinationSecurityGroupId"), rule.get("DestinationPrefixListId")
    backend.authorize_security_group_egress(
        group,
        str(rule["IpProtocol"]),
        rule.get("FromPort"),
        rule.get("ToPort"),
        ranges,
        source_groups=[{"GroupId": to_group}] if to_group else [],
        prefix_list_ids=[{"PrefixListId": prefix_list}] if prefix_list else [],
    )
