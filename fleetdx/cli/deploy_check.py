"""`fleetdx deploy-check`: whose sessions ask, which questions, and how the answers are told."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import ProfileNotFound
from rich.console import Console

from fleetdx.cli.deploy_check_after import after_deploying
from fleetdx.cli.deploy_check_table import print_answers
from fleetdx.cli.deployed import AwsOptions, deployed
from fleetdx.cli.problems import EXIT_DONE, EXIT_INCOMPLETE, UsageProblem
from fleetdx.cli.surroundings import deployment_for, forget_aws_environment
from fleetdx.configuration import MalformedDocument
from fleetdx.deploy_check.answers import all_is_well, document_of
from fleetdx.deploy_check.before import before
from fleetdx.deploy_check.inquiry import Inquiry
from fleetdx.deploy_check.organization_questions import who_asks
from fleetdx.deploy_check.readings import Asker
from fleetdx.deployment.settings import TEMPLATE_NAMES, DeploymentSettings, Profiles, read_settings
from fleetdx.organizations import management_account, tree
from fleetdx.sessions import KeepingSession
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import boto3

    from fleetdx.cli.deployments import Deployment
    from fleetdx.cli.scan_request import EmbeddedOptions
    from fleetdx.deploy_check.answers import Answer
    from fleetdx.deploy_check.readings import Kind


@dataclass(frozen=True)
class CheckOptions:
    """What was typed: the file of settings, the instance to scan, and the deployed stack that is meant."""

    settings: Path | None
    instance: str | None
    aws: AwsOptions


def check(wanted: CheckOptions, embedded: EmbeddedOptions | None, *, after: bool, as_json: bool) -> int:
    """Ask, tell the answers, and return the exit code.

    Args:
        wanted: The options.
        embedded: The embedded AWS that is asked; None asks AWS.
        after: Whether to ask about what is deployed.
        as_json: Whether to print one JSON document.
    """
    if embedded is not None:
        forget_aws_environment()
        with deployment_for(embedded) as deployment:
            inquiry = _inquiry_embedded(deployment, wanted)
            answers = _ask(inquiry, deployment if after else None, wanted.instance)
    else:
        inquiry = _inquiry_aws(wanted)
        answers = _ask(inquiry, _deployed(inquiry, wanted.aws) if after else None, wanted.instance)
    if as_json:
        document = document_of(answers, after=after)
        print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201 - the command's answer
    else:
        print_answers(answers, after=after)
    return EXIT_DONE if all_is_well(answers) else EXIT_INCOMPLETE


def _ask(inquiry: Inquiry, deployment: Deployment | None, instance: str | None) -> list[Answer]:
    answers: list[Answer] = []
    with _told() as tell:
        for answer in before(inquiry) if deployment is None else _after(inquiry, deployment, instance):
            answers.append(answer)
            tell(f"{len(answers)} answers; the last: {answer.question}")
    return answers


def _after(inquiry: Inquiry, deployment: Deployment, instance: str | None) -> Iterator[Answer]:
    yield from who_asks(inquiry)
    yield from after_deploying(inquiry, deployment, instance)


@contextmanager
def _told() -> Iterator[Callable[[str], None]]:
    with Console(stderr=True).status("Asking") as status:
        yield status.update


def _settings(path: Path) -> DeploymentSettings:
    templates = {name: _template(name) for name in TEMPLATE_NAMES}
    try:
        return read_settings(path.read_bytes(), templates)
    except OSError as error:
        raise UsageProblem("--settings", f"{path} cannot be read: {error.strerror}") from None
    except MalformedDocument as error:
        raise UsageProblem("--settings", f"{path}: {error}") from None


def _template(name: Literal["central", "member", "member_region", "audit_region"]) -> str:
    return (PROJECT / "templates" / f"{name}.yaml").read_text(encoding="utf-8")


def _inquiry_aws(wanted: CheckOptions) -> Inquiry:
    if wanted.settings is None:
        raise UsageProblem("--settings", "say where fleetdx is to be deployed")
    settings = _settings(wanted.settings)
    profiles = _profiles(settings.profiles)
    kept: dict[tuple[Kind, str], boto3.session.Session] = {}

    def session_of(kind: Kind, region: str) -> boto3.session.Session | None:
        profile = profiles[kind]
        if profile is not None and (kind, region) not in kept:
            kept[kind, region] = KeepingSession(profile_name=profile, region_name=region)
        return kept.get((kind, region))

    return Inquiry(Asker(session_of), settings, _template("central"), wanted.aws.stack_name)


def _deployed(inquiry: Inquiry, aws: AwsOptions) -> Deployment:
    """The stack that the settings mean, unless an option names another profile or region."""
    profile = aws.profile or inquiry.settings.profiles.hub
    return deployed(AwsOptions(profile, aws.region or inquiry.home, aws.stack_name))


def _inquiry_embedded(deployment: Deployment, wanted: CheckOptions) -> Inquiry:
    settings = _settings(wanted.settings) if wanted.settings else _embedded_settings(deployment)
    profiles, operator = _profiles(settings.profiles), deployment.operator

    def session_of(kind: Kind, region: str) -> boto3.session.Session | None:
        account = profiles[kind]
        if account is None:
            return None
        try:
            return operator(account, region) if operator else None
        except (KeyError, StopIteration):
            raise ProfileNotFound(profile=account) from None

    return Inquiry(Asker(session_of), settings, _template("central"))


def _profiles(profiles: Profiles) -> dict[Kind, str | None]:
    return {"hub": profiles.hub, "management": profiles.management, "audit": profiles.audit}


def _embedded_settings(deployment: Deployment) -> DeploymentSettings:
    """As the embedded organization was deployed: the central account is the audit account, too."""
    organizations = deployment.session.client("organizations")
    hub = deployment.session.client("sts").get_caller_identity()["Account"]
    profiles = Profiles(hub, management_account(organizations), hub)
    root = tree(organizations).id
    options = {"central": {"SecurityHubAccountId": hub}}
    return DeploymentSettings(
        deployment.home_region,
        deployment.regions,
        (root,),
        "included",
        "hub",
        "control_tower",
        "fleetdx-embedded",
        profiles,
        options,  # type: ignore[arg-type]  # a part of the templates is enough
    )
