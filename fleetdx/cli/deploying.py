"""What `fleetdx deploy` and `fleetdx remove` do: read the settings, reach the accounts, and leave the rest to AWS."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import botocore.exceptions

from fleetdx.cli import background
from fleetdx.cli.deployments import endpoint_of, exempt_nothing, publish_current
from fleetdx.cli.problems import UsageProblem
from fleetdx.configuration import MalformedDocument
from fleetdx.deployment import removal
from fleetdx.deployment.deploy import deploy as deploy_release
from fleetdx.deployment.failures import DeploymentFailed, remedy_of
from fleetdx.deployment.settings import TEMPLATE_NAMES, DeploymentSettings, TemplateName, read_settings
from fleetdx.deployment.work import work_on
from fleetdx.sessions import KeepingSession
from fleetdx.storage import Bucket
from tools import document_hash
from tools.package import Package, PackageFailed, build_package, release_of, runtime_python

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import boto3

    from fleetdx.deployment.deploy import Deployed
    from fleetdx.deployment.leftovers import Leftover
    from fleetdx.deployment.removal import Removed
    from fleetdx.deployment.stacks import Tell
    from fleetdx.deployment.work import Reach, Work

TEMPLATES: Final = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True)
class Place:
    """Where a command works: what is wanted there, and who reaches it; `endpoint` says where the embedded AWS is."""

    settings: DeploymentSettings
    reach: Reach
    endpoint: Mapping[str, Any] | None


@dataclass(frozen=True)
class Removal:
    """What came of a removal.

    Attributes:
        removed: What went.
        left: What of fleetdx is there still.
        unexpected: What of that was to go.
        looked_at: The accounts that were looked at.
        has_ended: Whether the embedded AWS has ended.
    """

    removed: Removed
    left: list[Leftover]
    unexpected: list[Leftover]
    looked_at: list[str]
    has_ended: bool


@dataclass(frozen=True)
class ProfileReach:
    """Reaches accounts by profiles of the AWS configuration."""

    settings: DeploymentSettings

    @property
    def members(self) -> tuple[str, ...]:
        """None: the settings name no profiles of members."""
        return ()

    def session(self, account: str, region: str) -> boto3.session.Session:
        """A session by the profile that the settings name for an account.

        Raises:
            DeploymentFailed: There is no such profile, or it has no credentials.
        """
        return _session(getattr(self.settings.profiles, account), account, region)


@functools.lru_cache(maxsize=256)
def _session(profile: str, account: str, region: str) -> boto3.session.Session:
    try:
        session = KeepingSession(profile_name=profile, region_name=region)
        has_credentials = session.get_credentials() is not None
    except botocore.exceptions.BotoCoreError as error:
        raise DeploymentFailed(f"/profiles/{account}: {error}; sign in, or name another profile.") from None
    if not has_credentials:
        raise DeploymentFailed(f"/profiles/{account}: {profile} has no credentials; sign in, or name another profile.")
    return session


def templates() -> dict[TemplateName, str]:
    """The text of each template of this checkout."""
    return {name: (TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8") for name in TEMPLATE_NAMES}


def read(text: bytes) -> DeploymentSettings:
    """Read settings.

    Raises:
        UsageProblem: With the JSON pointer of the first fault; nothing was called.
    """
    try:
        return read_settings(text, templates())
    except MalformedDocument as fault:
        raise UsageProblem("--settings", str(fault)) from None


@contextmanager
def refusals_told() -> Iterator[None]:
    """Tell in a sentence what AWS refuses.

    Raises:
        DeploymentFailed: In the place of what botocore or the packaging raised.
    """
    try:
        yield
    except botocore.exceptions.ClientError as error:
        told = error.response["Error"]
        sentence = f"{error.operation_name}: {told['Code']}: {told.get('Message', '')}"
        raise DeploymentFailed(
            f"{sentence.rstrip('. ')}. {remedy_of(sentence)}, and give the same command again."
        ) from error
    except (botocore.exceptions.BotoCoreError, PackageFailed) as error:
        raise DeploymentFailed(str(error)) from error


def deploy(text: bytes | None, directory: Path, tell: Tell, *, aws: bool) -> Deployed:
    """Deploy to AWS, or to the embedded organization, which is started where nobody runs it.

    Raises:
        UsageProblem: The settings are malformed; nothing was started.
        DeploymentFailed: A stack failed, an account is another one, AWS refuses a call, or the package cannot be built.
    """
    settings = read(text) if text is not None else None
    with refusals_told():
        if aws and settings is not None:
            place = Place(settings, ProfileReach(settings), None)
        else:
            if not background.runs(directory):
                tell("The embedded AWS starts in the background")
                background.start(directory)
            place = embedded_place(settings, directory)
        work = work_on(place.settings, place.reach, tell)
        # The embedded runtime is a process that has the libraries.
        package = Package(release_of(), None) if place.endpoint else _package(place.settings, tell)
        done = deploy_release(work, package, templates(), document_hash)
        _publish_checks(work, done.outputs["DataBucket"], tell)
    return done


def remove(text: bytes | None, directory: Path, tell: Tell, *, aws: bool, with_data: bool) -> Removal:
    """Remove from AWS, or from the embedded organization, which then ends; and look what is left.

    Raises:
        UsageProblem: The settings are malformed, or no embedded AWS runs.
        DeploymentFailed: A stack cannot be deleted, an account is another one, or AWS refuses a call.
    """
    settings = read(text) if text is not None else None
    if aws and settings is not None:
        place = Place(settings, ProfileReach(settings), None)
    elif background.runs(directory):
        place = embedded_place(settings, directory)
    else:
        raise UsageProblem("remove", "no embedded AWS runs, so there is nothing to remove; `make deploy` starts one")
    with refusals_told():
        work = work_on(place.settings, place.reach, tell)
        regions = work.regions()
        removed = removal.remove(work, with_data=with_data)
        tell("Looks whether anything is left")
        left = removal.left_of(work, regions)
    unexpected = removal.unexpected(left, with_data=with_data, locked=removed.locked)
    has_ended = place.endpoint is not None and not unexpected and background.end(directory, place.endpoint)
    return Removal(removed, left, unexpected, removal.accounts_of(work), has_ended)


def embedded_place(settings: DeploymentSettings | None, directory: Path) -> Place:
    """The embedded organization as a place to deploy to; without settings, with its own."""
    from emulator import deployment as embedded  # noqa: PLC0415 - it takes a second, which a refusal should not wait for
    from emulator.endpoint import session_with  # noqa: PLC0415 - as above
    from emulator.hosts.organization import load_organization  # noqa: PLC0415 - as above

    told, organization = endpoint_of(directory), load_organization()

    @functools.lru_cache(maxsize=256)
    def session_for(account: str, region: str) -> boto3.session.Session:
        return session_with(told["url"], told["operators"][account], region)

    reach = embedded.EmbeddedReach(organization, session_for)
    if settings is None:
        settings = embedded.settings_of(organization, reach, told["url"])
    else:
        settings = embedded.fitted(settings, organization, reach, told["url"])
    return Place(settings, reach, told)


def _package(settings: DeploymentSettings, tell: Tell) -> Package:
    runtime = settings.options["central"].get("Runtime")
    python = runtime.removeprefix("python") if runtime else runtime_python(templates()["central"])
    tell(f"builds the package for Python {python} on arm64")
    return build_package(python)


def _publish_checks(work: Work, bucket: str, tell: Tell) -> None:
    """Publish this checkout's checks unless they were, and a register that exempts nothing unless there is one."""
    data = Bucket(work.client("hub", "s3"), bucket)
    who = work.client("hub", "sts").get_caller_identity()["Arn"]
    tell(f"checks are published: {publish_current(data, who)[:12]}")
    exempt_nothing(data)
