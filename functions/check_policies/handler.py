"""CheckPolicies: does the instance's role have what SSM Agent needs, and if not, what may be done about it?

Raises AccessDenied where the role's policies cannot be read: nothing is attached on a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, NotRequired, TypedDict

from fleetdx import iam
from fleetdx.accounts import enter_member
from fleetdx.entrypoint import entrypoint
from fleetdx.events import InstanceTarget
from fleetdx.instance_events import STATE_CHANGE
from fleetdx.readiness import Action, Conclusion, ConclusionDict
from fleetdx.role_rights import Rights, missing_policies, partition_of, policy_arn, protection_of, rights_of

if TYPE_CHECKING:
    from fleetdx.iam import IamClient

ONLINE = "Online"


class Access(TypedDict):
    """Who we are in the account; its ARN tells the partition."""

    role_arn: str


class Instance(TypedDict):
    """What ResolveInstanceRole found; texts are empty where there is none."""

    profile_arn: str
    role_name: str
    role_arn: str
    ping: str


class Configuration(TypedDict):
    """What the configuration asks for."""

    mode: Literal["report_only", "enforce"]
    why_report_only: str
    required_policies: list[str]
    default_instance_profile: str


class Exemption(TypedDict):
    """What CheckExemption found."""

    configuration: Configuration
    is_quiet: bool
    wants_scan: bool


class Attachment(TypedDict):
    """What an earlier look of this execution may have changed."""

    actions: list[Action]


class Input(InstanceTarget):
    """The instance, its role, and the configuration."""

    access: Access
    instance: Instance
    exemption: Exemption
    attachment: NotRequired[Attachment]


class Output(TypedDict):
    """What is missing. `is_settled`: nothing is, SSM manages the instance, and there is nothing to tell."""

    policies_to_attach: list[str]
    profile_to_associate: str
    is_missing: bool
    is_over: bool
    is_online: bool
    is_settled: bool
    conclusion: ConclusionDict | None


class Found(NamedTuple):
    """What to attach or associate, or the conclusion where nothing is to be done."""

    policies: list[str]
    profile: str
    conclusion: Conclusion | None


def run(event: Input, member_iam: IamClient) -> Output:
    """Compare the role with what is required."""
    found = _found(event, member_iam)
    is_missing = bool(found.policies or found.profile)
    is_ready = found.conclusion is not None and found.conclusion.outcome == "ready"
    is_online = is_ready and event["instance"]["ping"] == ONLINE
    return {
        "policies_to_attach": found.policies,
        "profile_to_associate": found.profile,
        "is_missing": is_missing,
        "is_over": not is_missing and not is_ready,
        "is_online": is_online,
        "is_settled": is_online and not _is_news(event),
        "conclusion": found.conclusion.as_state() if found.conclusion else None,
    }


def _is_news(event: Input) -> bool:
    """Whether something follows although nothing is missing: a message, or the scan of what has just come up."""
    exemption = event["exemption"]
    wants_scan = exemption["wants_scan"] and event["reason"] == STATE_CHANGE
    return not exemption["is_quiet"] or wants_scan or bool(event.get("attachment", {"actions": []})["actions"])


def _found(event: Input, member_iam: IamClient) -> Found:
    instance, configuration = event["instance"], event["exemption"]["configuration"]
    if not instance["profile_arn"]:
        return _without_profile(configuration)
    attached = iam.attached_policies(member_iam, instance["role_name"]) if instance["role_name"] else None
    if attached is None:
        detail = f"{instance['profile_arn']} has no role; no role is put into a profile that others may have made."
        return _reported(Conclusion("reported", "profile_without_role", detail))
    partition = partition_of(event["access"]["role_arn"])
    required = [policy_arn(name, partition, event["account"]) for name in configuration["required_policies"]]
    missing = missing_policies(required, attached)
    if not missing:
        return _reported(Conclusion("ready", "policies_attached", f"{instance['role_arn']} has {', '.join(required)}."))
    if required[0] not in missing:
        return _missing(instance, configuration, missing)
    # The first of the required policies is what makes an instance manageable: for it the same rights count.
    rights = rights_of(iam.policy_documents(member_iam, instance["role_name"], attached))
    return _by_rights(instance, configuration, missing, rights)


def _by_rights(instance: Instance, configuration: Configuration, missing: list[str], rights: Rights) -> Found:
    if rights.standing == "denied":
        return _reported(Conclusion("reported", "rights_denied", f"{instance['role_arn']}: {rights.sentence}."))
    if rights.standing == "unclear":
        return _unclear(instance, rights.sentence)
    if rights.standing == "lacking":
        return _missing(instance, configuration, missing)
    if len(missing) > 1:
        return _missing(instance, configuration, missing[1:])
    detail = f"{instance['role_arn']} has the rights of {missing[0]} by other policies."
    return _reported(Conclusion("ready", "same_rights", detail))


def _reported(conclusion: Conclusion) -> Found:
    return Found([], "", conclusion)


def _without_profile(configuration: Configuration) -> Found:
    default = configuration["default_instance_profile"]
    if default and configuration["mode"] == "enforce":
        return Found([], default, None)
    detail = f"It has no instance profile; {_why_only_reported(configuration, default)}."
    return _reported(Conclusion("reported", "no_instance_profile", detail))


def _unclear(instance: Instance, sentence: str) -> Found:
    """What cannot be judged is settled by the instance itself, where it is Online."""
    detail = f"{instance['role_arn']}: {sentence}."
    if instance["ping"] == ONLINE:
        return _reported(Conclusion("ready", "same_rights", f"{detail} Systems Manager manages the instance."))
    return _reported(Conclusion("reported", "rights_unclear", detail))


def _missing(instance: Instance, configuration: Configuration, missing: list[str]) -> Found:
    protection = protection_of(instance["role_arn"])
    if protection is not None:
        detail = f"{instance['role_arn']} lacks {', '.join(missing)}, and {protection}."
        return _reported(Conclusion("reported", "role_protected", detail))
    if configuration["mode"] == "report_only":
        why = _why_only_reported(configuration, "it")
        return _reported(
            Conclusion("reported", "policies_missing", f"{instance['role_arn']} lacks {', '.join(missing)}; {why}.")
        )
    return Found(missing, "", None)


def _why_only_reported(configuration: Configuration, what: str) -> str:
    if configuration["why_report_only"]:
        return f"it is only reported, because {configuration['why_report_only']}"
    if not what:
        return "the configuration names no default"
    return "the configuration says report_only"


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    member = enter_member(event["account"], event["region"], "read", f"check-policies-{event['instance_id']}")
    return run(event, member.client("iam"))
