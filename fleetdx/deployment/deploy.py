"""Deploys fleetdx to an organization: the package, the central stack, the members' StackSets, the accounts they miss.

Every step finds by itself what is there already, so that the same command upgrades, and goes on where one was stopped.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from fleetdx.deployment import document_pin, plan
from fleetdx.deployment.failures import DocumentNotReleased
from fleetdx.deployment.release_bucket import release_bucket_of, settle_release_bucket, upload
from fleetdx.deployment.stack_sets import WantedStackSet
from fleetdx.deployment.stacks import Outcome, WantedStack, delete_stack, outputs_of, settle_stack, stack_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.deployment.document_pin import ReleasedDocument
    from fleetdx.deployment.plan import Role
    from fleetdx.deployment.settings import TemplateName
    from fleetdx.deployment.work import Work


class Uploaded(Protocol):
    """A package as it is uploaded: what is below its prefix, by name, and the layer by its key, where there is one."""

    @property
    def release(self) -> Mapping[str, bytes]:
        """What lies below the prefix."""

    @property
    def layer(self) -> bytes | None:
        """The layer."""

    @property
    def prefix(self) -> str:
        """Where it lies, with its slash."""

    @property
    def layer_key(self) -> str:
        """Where the layer lies; empty without one."""


@dataclass
class Deployed:
    """What came of a deployment: of each stack and StackSet, by name and place, and the central stack's outputs."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    def note(self, name: str, outcome: Outcome) -> None:
        """Note what came of a stack; of one that is brought to its state in two steps, what changed it first."""
        if self.outcomes.get(name, "unchanged") == "unchanged":
            self.outcomes[name] = outcome

    @property
    def is_unchanged(self) -> bool:
        """Whether there was nothing to do."""
        return set(self.outcomes.values()) <= {"unchanged"}


def deploy(
    work: Work, package: Uploaded, templates: Mapping[TemplateName, str], document: ReleasedDocument
) -> Deployed:
    """Bring everything to the package, the templates and the settings, and pin the SSM document to the release's.

    Raises:
        DeploymentFailed: A stack failed, which is named, or the document is not the release's; what was done until
            then stays.
    """
    done, regions = Deployed(), work.regions()
    release, central = _release(work, package, templates["central"])
    parameters = plan.central_parameters(work.settings, work.facts, release)
    pins_itself = document_pin.PARAMETER not in parameters
    if pins_itself:
        parameters[document_pin.PARAMETER] = _pins_meanwhile(work, document)
    _stack(work, done, "hub", work.settings.home_region, WantedStack(plan.CENTRAL, central, parameters))
    stack = stack_named(work.client("hub", "cloudformation"), plan.CENTRAL)
    done.outputs = outputs_of(stack or {})
    member = plan.member_parameters(work.settings, work.facts, done.outputs)
    member_region = plan.member_region_parameters(work.settings, done.outputs)
    _members(work, done, templates, member, member_region)
    for role, region, name in plan.unwanted_stacks(work.settings, regions):
        place = f"{region} of the {role} account"
        if delete_stack(work.client(role, "cloudformation", region), name, place, work.tell):
            done.outcomes[f"{name} in {place}"] = "removed"
    if work.settings.management_account == "included":
        home = work.settings.home_region
        _stack(work, done, "management", home, WantedStack(plan.MEMBER, templates["member"], member))
        for region in work.settings.regions:
            wanted = WantedStack(plan.MEMBER_REGION, templates["member_region"], member_region)
            _stack(work, done, "management", region, wanted)
    if work.settings.events == "control_tower":
        audit = plan.audit_region_parameters(work.settings, done.outputs)
        for region in work.settings.regions:
            _stack(work, done, "audit", region, WantedStack(plan.AUDIT_REGION, templates["audit_region"], audit))
    if pins_itself:
        _pin(work, done, WantedStack(plan.CENTRAL, central, parameters), member_region, document)
    return done


def _pins_meanwhile(work: Work, document: ReleasedDocument) -> str:
    """The hashes until the members have the release's document; the same as before where they have it already."""
    stack = stack_named(work.client("hub", "cloudformation"), plan.CENTRAL) or {}
    pinned = document_pin.pins_of(stack)
    if not pinned:
        return document_pin.NOTHING
    wanted = plan.member_region_parameters(work.settings, outputs_of(stack))
    coming = document.expected_hash(wanted)
    if text := _rendered_text(work):
        with contextlib.suppress(DocumentNotReleased):
            coming = document.hash_of_rendered(text, wanted)
    return document_pin.pins_meanwhile(coming, pinned)


def _pin(
    work: Work, done: Deployed, central: WantedStack, member_region: Mapping[str, str], document: ReleasedDocument
) -> None:
    """Pin the document by the text that AWS has made of it in the central account, compared with the release.

    Raises:
        DocumentNotReleased: Somebody has changed the document there.
    """
    text = _rendered_text(work)
    if text is None:
        work.tell("the document is not pinned: the central account has none; include its organizational unit")
        return
    try:
        pins = document.hash_of_rendered(text, member_region)
    except DocumentNotReleased as fault:
        name, region = _document_place(work)
        raise DocumentNotReleased(
            f"{name} in {region} of the hub account: {fault}. Somebody has changed the document there; make the "
            "version that CloudFormation has made its default version again (aws ssm update-document-default-version)."
        ) from None
    if pins != central.parameters[document_pin.PARAMETER]:
        pinned = {**central.parameters, document_pin.PARAMETER: pins}
        work.tell(f"commands run the document {pins[:12]} alone")
        _stack(work, done, "hub", work.settings.home_region, central._replace(parameters=pinned))


def _rendered_text(work: Work) -> str | None:
    name, region = _document_place(work)
    return document_pin.rendered_text(work.client("hub", "ssm", region), name)


def _document_place(work: Work) -> tuple[str, str]:
    """Name and region of a document that AWS has made from this release: the central account's own."""
    home, regions = work.settings.home_region, work.settings.regions
    name = work.settings.options["central"].get("DocumentName", document_pin.DEFAULT_NAME)
    return name, home if home in regions else regions[0]


def _release(work: Work, package: Uploaded, central: str) -> tuple[plan.Release, str]:
    """Upload the package and the central template, which is too long for a call; returns both places."""
    s3, region = work.client("hub", "s3"), work.settings.home_region
    bucket = release_bucket_of(work.facts.hub, region)
    settle_release_bucket(s3, bucket, region)
    template_key = f"templates/{hashlib.sha256(central.encode()).hexdigest()}.yaml"
    files = {f"{package.prefix}{name}": content for name, content in package.release.items()}
    files |= {package.layer_key: package.layer} if package.layer is not None else {}
    upload(s3, bucket, {**files, template_key: central.encode()}, work.tell)
    return plan.Release(bucket, package.prefix, package.layer_key), f"{s3.meta.endpoint_url}/{bucket}/{template_key}"


def _stack(work: Work, done: Deployed, role: Role, region: str, wanted: WantedStack) -> None:
    place = f"{region} of the {role} account"
    outcome = settle_stack(work.client(role, "cloudformation", region), wanted, place, work.tell)
    done.note(f"{wanted.name} in {place}", outcome)
    work.tell(f"{wanted.name} in {place}: {outcome}")


def _members(
    work: Work,
    done: Deployed,
    templates: Mapping[TemplateName, str],
    member: Mapping[str, str],
    member_region: Mapping[str, str],
) -> None:
    """The roles once an account, and what each region needs, in every account below the units."""
    settings, sets = work.settings, work.stack_sets()
    for wanted in (
        WantedStackSet(
            plan.MEMBER, templates["member"], member, settings.organizational_units, (settings.home_region,)
        ),
        WantedStackSet(
            plan.MEMBER_REGION,
            templates["member_region"],
            member_region,
            settings.organizational_units,
            settings.regions,
        ),
    ):
        outcome = sets.settle(wanted)
        done.outcomes[f"StackSet {wanted.name}"] = outcome
        work.tell(f"StackSet {wanted.name}: {outcome}")
