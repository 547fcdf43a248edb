"""Service-managed StackSets: a stack in each account below the units, in each region, and for accounts that join later.

After "Create StackSets with service-managed permissions" and "Enable or disable automatic deployments" in the guide of
CloudFormation. The management account never gets a stack, whatever unit is named; nor does a suspended account.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from moto.cloudformation.exceptions import StackSetNotEmpty, StackSetNotFoundException, ValidationError
from moto.cloudformation.models import cloudformation_backends
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.organizations.models import organizations_backends

from emulator.formation.stacks import carry_out, check_parameters, take_down

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from moto.cloudformation.models import Stack
    from moto.organizations.models import OrganizationsBackend

TRUSTED_SERVICE: Final = "member.org.stacksets.cloudformation.amazonaws.com"
WAYS_TO_FAIL: Final = ("ROLLBACK", "FAILED")


@dataclass
class StackInstance:
    """One account and region of a StackSet, its stack and how that ended; `unit` is the target it belongs to."""

    account: str
    region: str
    unit: str
    stack: Stack
    status: str = "CURRENT"
    reason: str = ""

    def summary(self, stack_set: StackSet) -> dict[str, Any]:
        """As ListStackInstances has it."""
        detailed = "SUCCEEDED" if self.status == "CURRENT" else "FAILED"
        return {
            "StackSetId": stack_set.identifier,
            "Region": self.region,
            "Account": self.account,
            "StackId": self.stack.stack_id,
            "Status": self.status,
            "StatusReason": self.reason,
            "StackInstanceStatus": {"DetailedStatus": detailed},
            "OrganizationalUnitId": self.unit,
        }


@dataclass
class Operation:
    """One operation; `results` are the account-regions that it went over."""

    identifier: str
    action: str
    status: str
    results: list[dict[str, Any]]
    at: Any = field(default_factory=utcnow)


@dataclass
class StackSet:
    """A StackSet of one owner in one region; `targets` are the regions that each unit has been given."""

    name: str
    identifier: str
    owner: str
    region: str
    template: str
    parameters: dict[str, str]
    description: str | None
    deploys_automatically: bool
    targets: dict[str, list[str]] = field(default_factory=dict)
    instances: dict[tuple[str, str], StackInstance] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)
    status: str = "ACTIVE"

    def organization(self) -> OrganizationsBackend:
        """The organization of its owner."""
        management, partition = organizations_backends.master_accounts.get(self.owner, (self.owner, "aws"))
        return organizations_backends[management][partition]

    def described(self) -> dict[str, Any]:
        """As DescribeStackSet has it."""
        return {
            "StackSetName": self.name,
            "StackSetId": self.identifier,
            "StackSetARN": f"arn:aws:cloudformation:{self.region}:{self.owner}:stackset/{self.identifier}",
            "Description": self.description,
            "Status": self.status,
            "TemplateBody": self.template,
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()],
            "PermissionModel": "SERVICE_MANAGED",
            "AutoDeployment": {"Enabled": self.deploys_automatically, "RetainStacksOnAccountRemoval": False},
            "OrganizationalUnitIds": list(self.targets),
            "Regions": sorted({region for regions in self.targets.values() for region in regions}),
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }


class StackSets:
    """Every StackSet of the embedded AWS, by owner, region and name."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str, str], StackSet] = {}

    def create(self, stack_set: StackSet) -> None:
        """Create an empty one.

        Raises:
            ValidationError: The owner may not, the parameters are none of the template's, or there is one already.
        """
        check_owner(stack_set)
        check_parameters(stack_set.template, stack_set.parameters)
        key = (stack_set.owner, stack_set.region, stack_set.name)
        if key in self._all:
            raise ValidationError(message=f"StackSet {stack_set.name} already exists")
        self._all[key] = stack_set

    def named(self, owner: str, region: str, name: str) -> StackSet:
        """Find one.

        Raises:
            StackSetNotFoundException: There is none.
        """
        found = self._all.get((owner, region, name.partition(":")[0]))
        if found is None:
            raise StackSetNotFoundException(name)
        return found

    def of(self, owner: str, region: str) -> list[StackSet]:
        """Those of an owner in a region."""
        return [one for (account, place, _), one in self._all.items() if (account, place) == (owner, region)]

    def delete(self, owner: str, region: str, name: str) -> None:
        """Delete an empty one.

        Raises:
            StackSetNotEmpty: It has stack instances.
        """
        found = self.named(owner, region, name)
        if found.instances:
            raise StackSetNotEmpty
        del self._all[owner, region, found.name]

    def follow(self, account: str) -> None:
        """Deploy to an account that has moved or joined, where a StackSet does so by itself; leave where it left."""
        for stack_set in self._all.values():
            if not stack_set.deploys_automatically:
                continue
            wanted = {place: unit for place, unit in places_of(stack_set) if place[0] == account}
            gone = [place for place in stack_set.instances if place[0] == account and place not in wanted]
            run(stack_set, "DELETE", gone, functools.partial(_remove, stack_set))
            _add_new(stack_set, wanted)


def check_owner(stack_set: StackSet) -> None:
    """Refuse an account that can have no service-managed StackSets.

    Raises:
        ValidationError: The organization trusts no StackSets, or the account is neither its management account nor a
            delegated administrator of StackSets.
    """
    organization = stack_set.organization()
    if TRUSTED_SERVICE not in {one["ServicePrincipal"] for one in organization.services}:
        raise ValidationError(message="You must enable organizations access to operate a service managed stack set")
    delegated = {admin.account.id for admin in organization.admins if TRUSTED_SERVICE in admin.services}
    if stack_set.owner not in {organization.account_id, *delegated}:
        raise ValidationError(message="Account used is not a delegated administrator")


def places_of(stack_set: StackSet) -> Iterator[tuple[tuple[str, str], str]]:
    """The account-regions that a StackSet's targets mean now, each with its unit; the management account is none."""
    organization = stack_set.organization()
    for unit, regions in stack_set.targets.items():
        for account in _accounts_below(organization, unit):
            for region in regions:
                yield (account, region), unit


def _accounts_below(organization: OrganizationsBackend, unit: str) -> Iterator[str]:
    for account in organization.accounts:
        if account.parent_id == unit and account.id != organization.account_id and account.status == "ACTIVE":
            yield account.id
    for child in organization.ou:
        if child.parent_id == unit:
            yield from _accounts_below(organization, child.id)


def create_instances(stack_set: StackSet, units: Iterable[str], regions: Iterable[str]) -> Operation:
    """Deploy to units; what is there already stays as it is.

    Raises:
        ValidationError: The organization has no such unit.
    """
    organization = stack_set.organization()
    for unit in units:
        if unit not in {one.id for one in organization.ou}:
            raise ValidationError(message=f"Organizational unit {unit} does not exist")
        known = stack_set.targets.setdefault(unit, [])
        known += [region for region in regions if region not in known]
    wanted = dict(places_of(stack_set))
    return _add_new(stack_set, wanted)


def update(stack_set: StackSet, template: str | None, parameters: Mapping[str, str]) -> Operation:
    """Change template and parameters of every stack; those that failed before are tried again."""
    check_parameters(template or stack_set.template, parameters)
    stack_set.template, stack_set.parameters = template or stack_set.template, dict(parameters)
    return run(stack_set, "UPDATE", list(stack_set.instances), lambda place: _renew(stack_set, place))


def delete_instances(stack_set: StackSet, units: Iterable[str], regions: Iterable[str]) -> Operation:
    """Delete the stacks below units in regions."""
    chosen, places = set(units), set(regions)
    for unit in chosen & stack_set.targets.keys():
        stack_set.targets[unit] = [region for region in stack_set.targets[unit] if region not in places]
        if not stack_set.targets[unit]:
            del stack_set.targets[unit]
    gone = [place for place, one in stack_set.instances.items() if one.unit in chosen and place[1] in places]
    return run(stack_set, "DELETE", gone, lambda place: _remove(stack_set, place))


def run(
    stack_set: StackSet, action: str, places: list[tuple[str, str]], act: Callable[[tuple[str, str]], StackInstance]
) -> Operation:
    """Do something at each place, and keep what came of it as an operation."""
    results = []
    for place in places:
        done = act(place)
        failed = done.status != "CURRENT"
        results.append(
            {
                "Account": place[0],
                "Region": place[1],
                "Status": "FAILED" if failed else "SUCCEEDED",
                "StatusReason": done.reason,
                "OrganizationalUnitId": done.unit,
            }
        )
    status = "FAILED" if any(result["Status"] == "FAILED" for result in results) else "SUCCEEDED"
    operation = Operation(str(mock_random.uuid4()), action, status, results)
    stack_set.operations[operation.identifier] = operation
    return operation


def _add_new(stack_set: StackSet, wanted: Mapping[tuple[str, str], str]) -> Operation:
    new = [place for place in wanted if place not in stack_set.instances]
    return run(stack_set, "CREATE", new, lambda place: _add(stack_set, place, wanted[place]))


def _add(stack_set: StackSet, place: tuple[str, str], unit: str) -> StackInstance:
    backend = cloudformation_backends[place[0]][place[1]]
    name = f"StackSet-{stack_set.name}-{mock_random.uuid4()}"
    stack = backend.create_stack(name, stack_set.template, dict(stack_set.parameters))
    made = StackInstance(*place, unit, stack)
    stack_set.instances[place] = made
    return _judged(made)


def _renew(stack_set: StackSet, place: tuple[str, str]) -> StackInstance:
    instance = stack_set.instances[place]
    if instance.stack.status.startswith(WAYS_TO_FAIL):
        take_down(cloudformation_backends[place[0]][place[1]], instance.stack)
        return _add(stack_set, place, instance.unit)
    carry_out(instance.stack, stack_set.template, stack_set.parameters)
    return _judged(instance)


def _remove(stack_set: StackSet, place: tuple[str, str]) -> StackInstance:
    instance = stack_set.instances[place]
    take_down(cloudformation_backends[place[0]][place[1]], instance.stack)
    if instance.stack.status == "DELETE_FAILED":
        instance.status, instance.reason = "INOPERABLE", _why(instance.stack)
        return instance
    del stack_set.instances[place]
    return instance


def _judged(instance: StackInstance) -> StackInstance:
    failed = "ROLLBACK" in instance.stack.status or "FAILED" in instance.stack.status
    instance.status = "OUTDATED" if failed else "CURRENT"
    instance.reason = _why(instance.stack) if failed else ""
    return instance


def _why(stack: Stack) -> str:
    """The first resource of a stack that failed, and why."""
    for event in reversed(stack.events):
        if event.resource_status.endswith("_FAILED") and event.resource_type != "AWS::CloudFormation::Stack":
            named = f"ResourceLogicalId:{event.logical_resource_id}, ResourceType:{event.resource_type}"
            return f"{named}, ResourceStatusReason:{event.resource_status_reason}."
    return str(getattr(stack, "stack_status_reason", ""))
