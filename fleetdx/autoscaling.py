"""Narrow verbs over EC2 Auto Scaling: which group an instance is in, by the group's ARN. Never by its name.

A name can be given anew to another group; an ARN holds an id that is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from botocore.exceptions import ClientError

from fleetdx.entrypoint import NO_ANSWER
from fleetdx.errors import ServiceUnavailable
from fleetdx.inventory import GONE_STATES, tags_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

GROUP_TAG: Final = "aws:autoscaling:groupName"
"""EC2 Auto Scaling puts it on its instances; keys that begin with `aws:` are reserved, so nobody else can (EC2's guide,
"Tag restrictions"). It says only whether there is anything to ask: the group's own list of instances counts."""
GROUPS_A_CALL: Final = 50
"""DescribeAutoScalingGroups takes at most 50 names (its API reference, AutoScalingGroupNames)."""


class AutoScalingClient(Protocol):
    """The one call of an Auto Scaling client that is made here."""

    def get_paginator(self, operation_name: str) -> Any:  # noqa: ANN401 - types-boto3 has no package of it here
        """The pages of a list."""


class Groups(NamedTuple):
    """Which instances are in which group.

    Attributes:
        arns: The group's ARN by instance id.
        unknown: A sentence where the groups could not be asked for; then there are none.
    """

    arns: Mapping[str, str]
    unknown: str = ""


def groups_of(client: Callable[[], AutoScalingClient], instances: Iterable[Mapping[str, Any]]) -> Groups:
    """The groups of instances; asked for only where one carries the tag, one call for 50 groups.

    Without an answer nothing is known of groups, and a scan loses nothing else: so every failure is told, not raised.

    Args:
        client: Makes a client of the account-region.
        instances: EC2's descriptions; those that are gone are passed over.
    """
    alive = {one["InstanceId"]: tags_of(one) for one in instances if one["State"]["Name"] not in GONE_STATES}
    names = sorted({tags[GROUP_TAG] for tags in alive.values() if GROUP_TAG in tags})
    if not names:
        return Groups({})
    found: dict[str, str] = {}
    try:
        pages = client().get_paginator("describe_auto_scaling_groups")
        for start in range(0, len(names), GROUPS_A_CALL):
            for page in pages.paginate(AutoScalingGroupNames=names[start : start + GROUPS_A_CALL]):
                for group in page["AutoScalingGroups"]:
                    members = (member["InstanceId"] for member in group["Instances"])
                    found |= dict.fromkeys((name for name in members if name in alive), group["AutoScalingGroupARN"])
    except ClientError as error:
        return Groups({}, _unknown(f"{error.operation_name}: {error.response.get('Error', {}).get('Code', '')}"))
    except (*NO_ANSWER, ServiceUnavailable) as error:
        return Groups({}, _unknown(f"no answer: {type(error).__name__}"))
    return Groups(found)


def _unknown(why: str) -> str:
    return f"Auto Scaling groups are not known ({why}): a replaced instance begins anew."
