"""`fleetdx deploy-check`: whose sessions ask, which questions, and how the answers are told."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from rich.console import Console

from fleetdx.cli.deploy_check_after import after_deploying
from fleetdx.cli.deploy_check_table import print_answers
from fleetdx.cli.problems import EXIT_DONE, EXIT_INCOMPLETE, UsageProblem
from fleetdx.cli.progress import one_line
from fleetdx.configuration import MalformedDocument
from fleetdx.deploy_check.answers import all_is_well, document_of
from fleetdx.deploy_check.before import before
from fleetdx.deploy_check.inquiry import Inquiry
from fleetdx.deploy_check.organization_questions import who_asks
from fleetdx.deploy_check.readings import Asker
from fleetdx.deployment.settings import TEMPLATE_NAMES, DeploymentSettings, Profiles, read_settings
from fleetdx.organizations import management_account
from fleetdx.sessions import KeepingSession
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import boto3

    from fleetdx.cli.deployments import Deployment
    from fleetdx.cli.stacks import AwsOptions, Stack
    from fleetdx.deploy_check.answers import Answer
    from fleetdx.deploy_check.readings import Kind


class Wanted(NamedTuple):
    """Whether what is deployed is asked about, and the instance that is to be scanned then; None chooses one."""

    after: bool
    instance: str | None


def check(stack: Stack, settings: Path | None, wanted: Wanted, *, as_json: bool) -> int:
    """Ask, tell the answers, and return the exit code.

    Args:
        stack: Whom to ask, AWS or the embedded AWS, and how the central stack is called.
        settings: The file of settings; AWS is not asked without.
        wanted: What is asked about.
        as_json: Whether to print one JSON document.
    """
    answers = (
        _ask_embedded(stack, settings, wanted) if stack.aws is None else _ask_aws(stack, stack.aws, settings, wanted)
    )
    if as_json:
        document = document_of(answers, after=wanted.after)
        print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201 - the command's answer
    else:
        print_answers(answers, after=wanted.after)
    return EXIT_DONE if all_is_well(answers) else EXIT_INCOMPLETE


def _ask_embedded(stack: Stack, settings: Path | None, wanted: Wanted) -> list[Answer]:
    with stack.deployment() as deployment:
        inquiry = inquiry_embedded(deployment, _settings(settings) if settings else embedded_settings(deployment))
        return _ask(inquiry, deployment if wanted.after else None, wanted.instance)


def _ask_aws(stack: Stack, aws: AwsOptions, settings: Path | None, wanted: Wanted) -> list[Answer]:
    if settings is None:
        raise UsageProblem("--settings", "say where fleetdx is to be deployed")
    inquiry = _inquiry_aws(_settings(settings), aws)
    if not wanted.after:
        return _ask(inquiry, None, None)
    # The stack that the settings mean, unless an option names another profile or region.
    named = replace(aws, profile=aws.profile or inquiry.settings.profiles.hub, region=aws.region or inquiry.home)
    with replace(stack, aws=named).deployment() as deployment:
        return _ask(inquiry, deployment, wanted.instance)


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
    console = Console(stderr=True)
    with console.status("Asking") as status:
        yield lambda sentence: status.update(one_line(console, sentence))


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


def _inquiry_aws(settings: DeploymentSettings, aws: AwsOptions) -> Inquiry:
    profiles = _profiles(settings.profiles)
    kept: dict[tuple[Kind, str], boto3.session.Session] = {}

    def session_of(kind: Kind, region: str) -> boto3.session.Session | None:
        profile = profiles[kind]
        if profile is not None and (kind, region) not in kept:
            kept[kind, region] = KeepingSession(profile_name=profile, region_name=region)
        return kept.get((kind, region))

    return Inquiry(Asker(session_of), settings, _template("central"), aws.stack_name)


def inquiry_embedded(deployment: Deployment, settings: DeploymentSettings) -> Inquiry:
    """Ask the embedded AWS, whose central account is the audit account, too; names of profiles do not count."""
    hub = deployment.session.client("sts").get_caller_identity()["Account"]
    management = management_account(deployment.session.client("organizations"))
    accounts: dict[Kind, str] = {"hub": hub, "management": management, "audit": hub}
    named, operator = _profiles(settings.profiles), deployment.operator

    def session_of(kind: Kind, region: str) -> boto3.session.Session | None:
        return operator(accounts[kind], region) if operator and named[kind] else None

    return Inquiry(Asker(session_of), settings, _template("central"))


def _profiles(profiles: Profiles) -> dict[Kind, str | None]:
    return {"hub": profiles.hub, "management": profiles.management, "audit": profiles.audit}


def embedded_settings(deployment: Deployment) -> DeploymentSettings:
    """As the embedded organization was deployed: the central account is the audit account, too."""
    hub = deployment.session.client("sts").get_caller_identity()["Account"]
    root = deployment.session.client("organizations").list_roots()["Roots"][0]["Id"]
    options = {"central": {"SecurityHubAccountId": hub}}
    return DeploymentSettings(
        deployment.home_region,
        deployment.regions,
        (root,),
        "included",
        "hub",
        "control_tower",
        "fleetdx-embedded",
        Profiles("hub", "management", "audit"),
        options,  # type: ignore[arg-type]  # a part of the templates is enough
    )
