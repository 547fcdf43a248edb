"""One service-managed StackSet: brought to template, parameters, units and regions, or deleted with all its stacks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from botocore.exceptions import ClientError

from fleetdx.deployment.failures import DeploymentFailed, remedy_of
from fleetdx.deployment.stacks import SECONDS_BETWEEN_LOOKS, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.deployment.stacks import Tell

ABSENT_CODES: Final = frozenset({"StackSetNotFoundException", "StackSetNotFound"})
GOING_ON: Final = frozenset({"RUNNING", "QUEUED", "STOPPING"})
MOST_TOLD: Final = 5
# Every account is tried, whatever becomes of others; all regions at once.
PREFERENCES: Final[dict[str, Any]] = {
    "RegionConcurrencyType": "PARALLEL",
    "FailureTolerancePercentage": 100,
    "MaxConcurrentPercentage": 100,
}


class WantedStackSet(NamedTuple):
    """A StackSet as it shall be: below which units (`ou-...`, `r-...`), in which regions."""

    name: str
    template: str
    parameters: Mapping[str, str]
    units: tuple[str, ...]
    regions: tuple[str, ...]


class StackSets(NamedTuple):
    """The StackSets of an account and region; `call_as` says for whom it acts, `tell` hears what is going on."""

    client: Any
    call_as: Literal["SELF", "DELEGATED_ADMIN"]
    tell: Tell

    def settle(self, wanted: WantedStackSet) -> Outcome:
        """Create or update it, deploy to what is new, and leave what is no longer wanted.

        Raises:
            DeploymentFailed: A stack of it failed; each is named with its account, region and resource.
        """
        found = self._described(wanted.name)
        if found is None:
            self.tell(f"StackSet {wanted.name}: is created")
            self.client.create_stack_set(
                StackSetName=wanted.name,
                Description="fleetdx, see docs/operations.md",
                PermissionModel="SERVICE_MANAGED",
                AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
                **self._template_of(wanted),
            )
            self._deploy(wanted)
            return "created"
        self._wait_for_others(wanted.name)
        changed = [self._left(wanted, found), self._renewed(wanted, found), self._reached(wanted, found)]
        return "updated" if any(changed) else "unchanged"

    def delete(self, name: str) -> bool:
        """Delete all its stacks and then itself; tells whether there was one.

        Raises:
            DeploymentFailed: A stack cannot be deleted.
        """
        found = self._described(name)
        if found is None:
            return False
        self._wait_for_others(name)
        units, regions = self._targets(name, found)
        if units and regions:
            self._leave(name, units, regions)
        self.tell(f"StackSet {name}: is deleted")
        self.client.delete_stack_set(StackSetName=name, CallAs=self.call_as)
        return True

    def instances(self, name: str) -> list[Mapping[str, Any]]:
        """Its stack instances, as ListStackInstances has them."""
        pages = self.client.get_paginator("list_stack_instances").paginate(StackSetName=name, CallAs=self.call_as)
        return [instance for page in pages for instance in page["Summaries"]]

    def _described(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self.client.describe_stack_set(StackSetName=name, CallAs=self.call_as)["StackSet"]
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT_CODES:
                return None
            raise
        return found

    def _template_of(self, wanted: WantedStackSet) -> dict[str, Any]:
        return {
            "TemplateBody": wanted.template,
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in wanted.parameters.items()],
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            "CallAs": self.call_as,
        }

    def _targets(self, name: str, found: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """The units and regions that a StackSet is deployed to."""
        instances = self.instances(name)
        units = {*found.get("OrganizationalUnitIds", []), *(one["OrganizationalUnitId"] for one in instances)}
        return sorted(units), sorted({*found.get("Regions", []), *(one["Region"] for one in instances)})

    def _left(self, wanted: WantedStackSet, found: Mapping[str, Any]) -> bool:
        units, regions = self._targets(wanted.name, found)
        old_units = [unit for unit in units if unit not in wanted.units]
        old_regions = [region for region in regions if region not in wanted.regions]
        if old_units:
            self._leave(wanted.name, old_units, regions)
        if old_regions and set(units) - set(old_units):
            self._leave(wanted.name, [unit for unit in units if unit not in old_units], old_regions)
        return bool(old_units or old_regions)

    def _renewed(self, wanted: WantedStackSet, found: Mapping[str, Any]) -> bool:
        given = {one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", [])}
        is_same = (found["TemplateBody"], given) == (wanted.template, dict(wanted.parameters))
        if is_same and all(one["Status"] == "CURRENT" for one in self.instances(wanted.name)):
            return False
        self.tell(f"StackSet {wanted.name}: its stacks are updated")
        told = self.client.update_stack_set(
            StackSetName=wanted.name, OperationPreferences=PREFERENCES, **self._template_of(wanted)
        )
        self._wait(wanted.name, told["OperationId"])
        return True

    def _reached(self, wanted: WantedStackSet, found: Mapping[str, Any]) -> bool:
        units, regions = self._targets(wanted.name, found)
        if set(wanted.units) <= set(units) and set(wanted.regions) <= set(regions):
            return False
        self._deploy(wanted)
        return True

    def _deploy(self, wanted: WantedStackSet) -> None:
        places = f"below {', '.join(wanted.units)} in {', '.join(wanted.regions)}"
        self.tell(f"StackSet {wanted.name}: goes to every account {places}")
        told = self.client.create_stack_instances(
            StackSetName=wanted.name,
            DeploymentTargets={"OrganizationalUnitIds": list(wanted.units)},
            Regions=list(wanted.regions),
            OperationPreferences=PREFERENCES,
            CallAs=self.call_as,
        )
        self._wait(wanted.name, told["OperationId"])

    def _leave(self, name: str, units: list[str], regions: list[str]) -> None:
        self.tell(f"StackSet {name}: leaves {', '.join(units)} in {', '.join(regions)}")
        told = self.client.delete_stack_instances(
            StackSetName=name,
            DeploymentTargets={"OrganizationalUnitIds": units},
            Regions=regions,
            RetainStacks=False,
            OperationPreferences=PREFERENCES,
            CallAs=self.call_as,
        )
        self._wait(name, told["OperationId"])

    def _wait_for_others(self, name: str) -> None:
        """An operation that an earlier command has begun ends first: a StackSet has one at a time."""
        pages = self.client.get_paginator("list_stack_set_operations").paginate(StackSetName=name, CallAs=self.call_as)
        for operation in [one for page in pages for one in page["Summaries"] if one["Status"] in GOING_ON]:
            self.tell(f"StackSet {name}: an earlier operation goes on")
            while self._status(name, operation["OperationId"]) in GOING_ON:
                time.sleep(SECONDS_BETWEEN_LOOKS)

    def _status(self, name: str, operation: str) -> str:
        told = self.client.describe_stack_set_operation(StackSetName=name, OperationId=operation, CallAs=self.call_as)
        return str(told["StackSetOperation"]["Status"])

    def _wait(self, name: str, operation: str) -> None:
        done = -1
        while self._status(name, operation) in GOING_ON:
            results = self._results(name, operation)
            ended = sum(result["Status"] not in {"PENDING", "RUNNING"} for result in results)
            if ended != done:
                self.tell(f"StackSet {name}: {ended} of {len(results)} stacks are done")
                done = ended
            time.sleep(SECONDS_BETWEEN_LOOKS)
        failed = [result for result in self._results(name, operation) if result["Status"] in {"FAILED", "CANCELLED"}]
        if failed:
            raise DeploymentFailed(told_failures(name, failed))

    def _results(self, name: str, operation: str) -> list[Mapping[str, Any]]:
        pages = self.client.get_paginator("list_stack_set_operation_results").paginate(
            StackSetName=name, OperationId=operation, CallAs=self.call_as
        )
        return [result for page in pages for result in page["Summaries"]]


def told_failures(name: str, failed: list[Mapping[str, Any]]) -> str:
    """The stacks of a StackSet that failed, each with its place and CloudFormation's reason, and what to do."""
    first = failed[:MOST_TOLD]
    told = [f"{one['Account']}/{one['Region']}: {one.get('StatusReason') or 'no reason'}" for one in first]
    rest = f"; and {len(failed) - MOST_TOLD} more" if len(failed) > MOST_TOLD else ""
    remedy = remedy_of(first[0].get("StatusReason") or "")
    return f"StackSet {name} failed in {'; '.join(told)}{rest}. {remedy}; then give the same command again."
