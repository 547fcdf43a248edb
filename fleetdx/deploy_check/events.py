"""Questions about the way of events: Control Tower's topic, and a trail that records changes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from fleetdx.deploy_check.answers import Judgement, fails, passes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

EC2: Final = "ec2.amazonaws.com"
SUBSCRIBE: Final = "sns:subscribe"
_NARROWING_FIELDS: Final = frozenset({"eventCategory", "readOnly", "eventSource"})
"""Fields of a selector of management events that are understood here; by any other it might leave ours out."""


@dataclass(frozen=True)
class Topic:
    """A topic and the statements of its policy."""

    arn: str
    statements: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Trail:
    """A trail as a region sees it.

    Attributes:
        arn: Its ARN.
        home_region: Where it was made.
        of_all_regions: Whether it records every region.
        of_organization: Whether it records every account of the organization.
        is_logging: Whether it records now.
        records_changes: Whether EC2's changing management events are among what it records.
    """

    arn: str
    home_region: str
    of_all_regions: bool
    of_organization: bool
    is_logging: bool
    records_changes: bool

    def covers(self, region: str) -> bool:
        """Whether what changes instances in a region of its account comes out of it."""
        return self.is_logging and self.records_changes and (self.of_all_regions or self.home_region == region)


def judge_topic(name: str, topic: Topic | None) -> Judgement:
    """The topic exists, and its policy forbids no subscription: within its own account nothing has to allow one."""
    if topic is None:
        return fails(f"There is no topic {name}.")
    denying = [one for one in topic.statements if one.get("Effect") == "Deny" and _names_subscribe(one)]
    if any("Condition" not in one for one in denying):
        return fails(
            f"The policy of {topic.arn} denies sns:Subscribe.",
            "Take the Deny of sns:Subscribe out of the topic's policy, or let events go by the bus.",
        )
    if denying:
        return Judgement(
            "unknown",
            f"The policy of {topic.arn} denies sns:Subscribe on a condition.",
            "Read the condition: it must not meet whoever deploys audit_region.yaml.",
        )
    return passes(topic.arn)


def _names_subscribe(statement: Mapping[str, Any]) -> bool:
    if "NotAction" in statement:
        return not any(fnmatchcase(SUBSCRIBE, action.lower()) for action in _texts(statement["NotAction"]))
    return any(fnmatchcase(SUBSCRIBE, action.lower()) for action in _texts(statement.get("Action", [])))


def _texts(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def records_changes(selectors: Iterable[Mapping[str, Any]], advanced: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a trail's selectors let EC2's changing management events through (GetEventSelectors' two lists)."""
    return any(_basic(one) for one in selectors) or any(_advanced(one["FieldSelectors"]) for one in advanced)


def _basic(selector: Mapping[str, Any]) -> bool:
    return (
        selector.get("IncludeManagementEvents", True)
        and selector.get("ReadWriteType", "All") in {"All", "WriteOnly"}
        and EC2 not in selector.get("ExcludeManagementEventSources", [])
    )


def _advanced(fields: Sequence[Mapping[str, Any]]) -> bool:
    if any(field["Field"] not in _NARROWING_FIELDS for field in fields):
        return False
    wanted = {"eventCategory": "Management", "readOnly": "false", "eventSource": EC2}
    is_management = any(field["Field"] == "eventCategory" for field in fields)
    return is_management and all(_lets(field, wanted[field["Field"]]) for field in fields)


def _lets(field: Mapping[str, Any], value: str) -> bool:
    """Whether a field selector lets a value through; an operator that is not known here lets nothing."""
    operators = {name: values for name, values in field.items() if name != "Field" and values}
    if not operators.keys() <= {"Equals", "NotEquals"}:
        return False
    return value in operators.get("Equals", [value]) and value not in operators.get("NotEquals", [])


def judge_trails(account: str, trails: Mapping[str, Sequence[Trail]]) -> Judgement:
    """In each region a trail records what changes instances, best for the whole organization.

    Args:
        account: The account that was looked at.
        trails: By region.
    """
    uncovered = [region for region, known in trails.items() if not any(one.covers(region) for one in known)]
    if uncovered:
        return fails(f"In {', '.join(uncovered)} no trail that logs records EC2's changing management events.")
    of_one_account = [
        region
        for region, known in trails.items()
        if not any(one.of_organization and one.covers(region) for one in known)
    ]
    if of_one_account:
        return Judgement(
            "unknown",
            f"In {', '.join(of_one_account)} the trail is of account {account} alone; others were not looked at.",
            "Make a trail of the organization, or make sure that each member account has a trail that logs.",
        )
    arns = {one.arn for region, known in trails.items() for one in known if one.of_organization and one.covers(region)}
    return passes(f"{', '.join(sorted(arns))}: all accounts, in {', '.join(trails)}.")
