"""CheckExemption: is the instance left alone on purpose, and what does the configuration allow?

Fail closed: a configuration that cannot be read allows nothing, exemptions that cannot be read leave every instance
reported, and both are announced once.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, TypedDict

from fleetdx.entrypoint import entrypoint
from fleetdx.events import InstanceTarget
from fleetdx.exemptions import Rules, Subject, Verdict, verdict_on
from fleetdx.operator_documents import Documents, digest_of, read_documents
from fleetdx.organizations import units_above
from fleetdx.readiness import PROBLEMS, Announcement, AnnouncementDict, Conclusion, ConclusionDict
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetdx.configuration import Configuration


class Instance(TypedDict):
    """What ResolveInstanceRole found, as far as exemptions ask for it."""

    role_name: str
    tag_keys: list[str]
    conclusion: ConclusionDict | None


class Input(InstanceTarget):
    """The instance and what it is."""

    instance: Instance


class ConfigurationState(TypedDict):
    """The configuration as later states need it; `why_report_only` is empty where the operator asked for it."""

    mode: Literal["report_only", "enforce"]
    why_report_only: str
    required_policies: list[str]
    default_instance_profile: str
    registration_wait_seconds: int
    notify: Literal["all", "failures", "none"]
    scan_profile: str


class Output(TypedDict):
    """What holds. `is_quiet`: nothing is announced and no earlier problem waits for its end to be told."""

    configuration: ConfigurationState
    announcements: list[AnnouncementDict]
    is_over: bool
    is_quiet: bool
    wants_scan: bool
    conclusion: ConclusionDict | None


def run(event: Input, documents: Documents, units: Callable[[], frozenset[str]], now: dt.datetime) -> Output:
    """Decide from the operator's documents.

    Args:
        event: The instance.
        documents: Configuration and exemptions.
        units: Asks for the organizational units that the account is in.
        now: The moment (UTC).
    """
    configuration, instance = documents.configuration, event["instance"]
    subject = Subject(event["account"], event["instance_id"], instance["role_name"], tuple(instance["tag_keys"]), units)
    rules = Rules(configuration.protected_tag_prefix, configuration.maximum_days)
    verdict = verdict_on(subject, documents.exemptions, rules, now)
    announcements = [*documents.announcements, *_announcements(verdict)]
    why = documents.why_report_only or (verdict.sentence if verdict.standing == "broken" else "")
    is_exempt = verdict.standing == "exempt" and instance["conclusion"] is None
    conclusion = Conclusion("exempt", "exempted", verdict.sentence) if is_exempt else None
    return {
        "configuration": _state(configuration, why),
        "announcements": [{"reason": one.reason, "sentence": one.sentence, "name": one.name} for one in announcements],
        "is_over": is_exempt or instance["conclusion"] is not None,
        "is_quiet": not announcements and event["told"]["outcome"] not in PROBLEMS,
        "wants_scan": configuration.scan_profile is not None,
        "conclusion": conclusion.as_state() if conclusion else None,
    }


def _state(configuration: Configuration, why_report_only: str) -> ConfigurationState:
    return {
        "mode": "report_only" if why_report_only else configuration.mode,
        "why_report_only": why_report_only,
        "required_policies": list(configuration.required_policies),
        "default_instance_profile": configuration.default_instance_profile or "",
        "registration_wait_seconds": configuration.registration_wait_minutes * 60,
        "notify": configuration.notify,
        "scan_profile": configuration.scan_profile or "",
    }


def _announcements(verdict: Verdict) -> list[Announcement]:
    found = [
        Announcement(
            "exemption_expired",
            f"Exemption {entry.id} of {entry.owner} expired at {entry.expires_at:%Y-%m-%dT%H:%M:%SZ}: {entry.reason}",
            f"expired-{entry.id}-{entry.expires_at:%Y%m%dT%H%M%SZ}",
        )
        for entry in verdict.expired
    ]
    if verdict.standing == "broken":
        name = f"broken-{verdict.entry}-{digest_of(verdict.sentence.encode())}"
        sentence = f"{verdict.sentence[0].upper()}{verdict.sentence[1:]}; what it is about is only reported."
        found.append(Announcement("exemption_broken", sentence, name))
    return found


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    documents = read_documents(session.client("ssm"), setting("CONFIGURATION_PARAMETER"), data)
    account = event["account"]
    return run(event, documents, lambda: units_above(session.client("organizations"), account), dt.datetime.now(dt.UTC))
