"""Seams in moto's CloudFormation: stacks, change sets and service-managed StackSets behave as emulator/formation/ says.

moto 5.2.5 loses outputs and resources on updates, compares neither parameters nor conditions, never rolls back, has no
deployment to nested units and none that is automatic, and updates no stack of a StackSet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.awslambda.models import LayerVersion
from moto.cloudformation import models
from moto.cloudformation.models import ChangeSet, CloudFormationBackend, Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.organizations.models import FakeDelegatedAdministrator, OrganizationsBackend
from moto.s3.models import s3_backends

from emulator.formation import stack_sets
from emulator.formation.stack_sets import StackSet, StackSets
from emulator.formation.stacks import NOTHING_TO_DO, carry_out, changes_of, check_parameters, map_of, take_down
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.formation.settling import SettlingMap


def install() -> Callable[[], None]:
    """Let stacks and StackSets behave as AWS's; the answer undoes it."""
    patches = Patches()
    _replace_stacks(patches)
    _replace_change_sets(patches)
    known = StackSets()
    _replace_stack_sets(patches, known)
    _follow_accounts(patches, known)
    return patches.undo


def _replace_stacks(patches: Patches) -> None:
    def create(self: CloudFormationBackend, name: str, template: str, parameters: dict[str, Any], **more: Any) -> Stack:
        check_parameters(template, parameters)
        if any(stack.name == name for stack in self.stacks.values()):
            raise models.AlreadyExistsException(f"Stack {name} already exists")
        told = {key: more.get(key) for key in ("notification_arns", "tags", "role_arn")}
        identifier = models.generate_stack_id(name, self.region_name, self.account_id)
        # Empty at first: moto would make what outputs refer to before anybody watches.
        made = Stack(
            identifier, name, {}, {}, self.account_id, self.region_name, cross_stack_resources=self.exports, **told
        )
        self.stacks[identifier] = made
        carry_out(made, template, parameters)
        self.exports.update({export.name: export for export in made.exports})
        return made

    def resource_map(self: Stack) -> SettlingMap:
        return map_of(self, self.template_dict, self.parameters)

    def update(
        self: Stack, template: str, _role: str | None = None, parameters: Any = None, _tags: Any = None, **__: Any
    ) -> None:
        check_parameters(template, parameters or {})
        carry_out(self, template, parameters or {})

    def delete(self: CloudFormationBackend, name_or_stack_id: str) -> None:
        for stack in [one for one in self.stacks.values() if name_or_stack_id in (one.name, one.stack_id)]:
            take_down(self, stack)

    def template_at(self: CloudFormationResponse, url: str) -> str:
        # By path, as the embedded S3 is reached; whoever may call CloudFormation may read it here.
        bucket, _, key = url.split("://", 1)[1].split("/", 1)[1].partition("/")
        for backends in s3_backends.values():
            found = (
                backends[self.partition].get_object(bucket, key) if bucket in backends[self.partition].buckets else None
            )
            if found is not None:
                return str(found.value.decode())
        raise models.ValidationError(message=f"S3 error: Access Denied: {url}")

    # What a template's Ref to a layer gives.
    patches.add(LayerVersion, "physical_resource_id", property(lambda self: self.arn))
    patches.replace(CloudFormationBackend, "create_stack", create)
    patches.replace(CloudFormationBackend, "delete_stack", delete)
    patches.replace(Stack, "_create_resource_map", resource_map)
    patches.replace(Stack, "update", update)
    patches.replace(CloudFormationResponse, "_get_stack_from_s3_url", template_at)
    patches.replace(CloudFormationResponse, "_validate_different_update", lambda *_: None)


def _replace_change_sets(patches: Patches) -> None:
    def parse(self: ChangeSet) -> None:
        self.template_dict = Stack.parse_template(self.template)

    def diff(self: ChangeSet) -> Any:
        check_parameters(self.template, self.parameters)
        return changes_of(self.stack, self.template_dict, self.parameters)

    create_change_set = CloudFormationBackend.create_change_set

    def create(self: CloudFormationBackend, **given: Any) -> tuple[str, str]:
        identifier, stack = create_change_set(self, **given)
        made = self.change_sets[identifier]
        same_outputs = made.stack.template_dict.get("Outputs") == made.template_dict.get("Outputs")
        if made.change_set_type == "UPDATE" and not made.changes and same_outputs:
            made.status, made.execution_status, made.status_reason = "FAILED", "UNAVAILABLE", NOTHING_TO_DO
        else:
            made.status, made.execution_status, made.status_reason = "CREATE_COMPLETE", "AVAILABLE", None
        return identifier, stack

    respond = CloudFormationResponse.create_change_set

    def create_importing(self: CloudFormationResponse) -> ActionResult:
        answer = respond(self)
        made = self.cloudformation_backend.change_sets[answer.result["Id"]]
        made.imports = bool(self._get_bool_param("ImportExistingResources", if_none=False))
        return answer

    def execute(self: CloudFormationBackend, change_set_name: str, stack_name: str | None = None) -> None:  # noqa: ARG001 - moto's
        chosen = self.describe_change_set(change_set_name)
        if chosen.execution_status != "AVAILABLE":
            raise models.ValidationError(message=f"ChangeSet [{change_set_name}] cannot be executed")
        chosen.execution_status = "EXECUTE_COMPLETE"
        carry_out(self.stacks[chosen.stack_id], chosen.template, chosen.parameters, imports=chosen.imports)

    patches.replace(ChangeSet, "_parse_template", parse)
    patches.replace(ChangeSet, "diff", diff)
    patches.replace(CloudFormationBackend, "create_change_set", create)
    patches.replace(CloudFormationBackend, "execute_change_set", execute)
    patches.replace(CloudFormationResponse, "create_change_set", create_importing)


class _Answers:
    """What the front of CloudFormation answers of StackSets; each takes the response that asks."""

    def __init__(self, known: StackSets) -> None:
        self._known = known

    def create_stack_set(self, asked: Any) -> ActionResult:
        if asked._get_param("PermissionModel") != "SERVICE_MANAGED":
            raise models.ValidationError(message="The embedded AWS has service-managed StackSets alone.")
        name = asked._get_param("StackSetName")
        made = StackSet(
            name,
            models.generate_stackset_id(name),
            asked.current_account,
            asked.region,
            asked._get_param("TemplateBody"),
            _parameters(asked),
            asked._get_param("Description"),
            bool(asked._get_params().get("AutoDeployment", {}).get("Enabled")),
        )
        self._known.create(made)
        return ActionResult({"StackSetId": made.identifier})

    def describe_stack_set(self, asked: Any) -> ActionResult:
        return ActionResult({"StackSet": self._wanted(asked).described()})

    def list_stack_sets(self, asked: Any) -> ActionResult:
        found = self._known.of(asked.current_account, asked.region)
        named = [{"StackSetName": one.name, "StackSetId": one.identifier, "Status": one.status} for one in found]
        return ActionResult({"Summaries": named})

    def update_stack_set(self, asked: Any) -> ActionResult:
        template = asked._get_param("TemplateBody")
        return _begun(stack_sets.update(self._wanted(asked), template, _parameters(asked)))

    def delete_stack_set(self, asked: Any) -> EmptyResult:
        self._known.delete(asked.current_account, asked.region, asked._get_param("StackSetName"))
        return EmptyResult()

    def create_stack_instances(self, asked: Any) -> ActionResult:
        return _begun(stack_sets.create_instances(self._wanted(asked), *_targets(asked)))

    def delete_stack_instances(self, asked: Any) -> ActionResult:
        return _begun(stack_sets.delete_instances(self._wanted(asked), *_targets(asked)))

    def list_stack_instances(self, asked: Any) -> ActionResult:
        chosen = self._wanted(asked)
        return ActionResult({"Summaries": [one.summary(chosen) for one in chosen.instances.values()]})

    def list_stack_set_operations(self, asked: Any) -> ActionResult:
        return ActionResult({"Summaries": [_told(one) for one in self._wanted(asked).operations.values()]})

    def describe_stack_set_operation(self, asked: Any) -> ActionResult:
        return ActionResult({"StackSetOperation": _told(self._operation(asked))})

    def list_stack_set_operation_results(self, asked: Any) -> ActionResult:
        return ActionResult({"Summaries": self._operation(asked).results})

    def _wanted(self, asked: Any) -> StackSet:
        return self._known.named(asked.current_account, asked.region, asked._get_param("StackSetName"))

    def _operation(self, asked: Any) -> stack_sets.Operation:
        return self._wanted(asked).operations[asked._get_param("OperationId")]


def _parameters(asked: Any) -> dict[str, str]:
    return {one["ParameterKey"]: one["ParameterValue"] for one in asked._get_param("Parameters", [])}


def _targets(asked: Any) -> tuple[list[str], list[str]]:
    units = asked._get_params().get("DeploymentTargets", {}).get("OrganizationalUnitIds", [])
    if not units:
        raise models.ValidationError(message="OrganizationalUnitIds are required")
    return units, asked._get_param("Regions", [])


def _begun(done: stack_sets.Operation) -> ActionResult:
    return ActionResult({"OperationId": done.identifier})


def _told(one: stack_sets.Operation) -> dict[str, Any]:
    times = {"CreationTimestamp": one.at, "EndTimestamp": one.at}
    return {"OperationId": one.identifier, "Action": one.action, "Status": one.status, **times}


def _asking(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """As a method of a response, which is what it is given."""
    return lambda asked: answer(asked)  # noqa: PLW0108 - a bound method would not be given it


def _replace_stack_sets(patches: Patches, known: StackSets) -> None:
    answers = _Answers(known)
    for name in vars(_Answers):
        if not name.startswith("_"):
            patches.replace(CloudFormationResponse, name, _asking(getattr(answers, name)))
    transformers = {
        name: how
        for name, how in CloudFormationResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER.items()
        if not name.startswith("DescribeStackSetOutput")
    }
    patches.replace(CloudFormationResponse, "RESPONSE_KEY_PATH_TO_TRANSFORMER", transformers)


def _follow_accounts(patches: Patches, known: StackSets) -> None:
    services = [*FakeDelegatedAdministrator.SUPPORTED_SERVICES, stack_sets.TRUSTED_SERVICE]
    patches.replace(FakeDelegatedAdministrator, "SUPPORTED_SERVICES", services)
    move_account, remove_account = (
        OrganizationsBackend.move_account,
        OrganizationsBackend.remove_account_from_organization,
    )

    create_account = OrganizationsBackend.create_account

    def create(self: OrganizationsBackend, **given: Any) -> Any:
        answer = create_account(self, **given)
        known.follow(answer["CreateAccountStatus"]["AccountId"])
        return answer

    def move(self: OrganizationsBackend, **given: Any) -> Any:
        answer = move_account(self, **given)
        known.follow(given["AccountId"])
        return answer

    def remove(self: OrganizationsBackend, **given: Any) -> Any:
        answer = remove_account(self, **given)
        known.follow(given["AccountId"])
        return answer

    patches.replace(OrganizationsBackend, "create_account", create)
    patches.replace(OrganizationsBackend, "move_account", move)
    patches.replace(OrganizationsBackend, "remove_account_from_organization", remove)
