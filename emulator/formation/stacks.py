"""A stack's life: created, changed, rolled back where a resource fails, deleted; with events that name the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Change, Event, Stack

from emulator.formation import resources
from emulator.formation.settling import ResourceFailed, SettlingMap
from fleetdx.deployment.template_parameters import fault_of, parameters_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.cloudformation.models import CloudFormationBackend

    from emulator.formation.resources import Settled

WORDS: Final = {"Add": "CREATE", "Modify": "UPDATE", "Remove": "DELETE"}
NOTHING_TO_DO: Final = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


def check_parameters(template: str, given: Mapping[str, str]) -> None:
    """Refuse parameters that a template does not declare, or that break what it says of them.

    Raises:
        ValidationError: As CloudFormation does, before anything is made.
    """
    declared = parameters_of(template)
    unknown = sorted(given.keys() - declared.keys())
    if declared and unknown:
        raise ValidationError(message=f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    for name, parameter in declared.items():
        if name in given and fault_of(parameter, str(given[name])) is not None:
            raise ValidationError(
                message=f"Parameter {name} failed to satisfy constraint: {fault_of(parameter, str(given[name]))}"
            )
        if name not in given and parameter.default is None:
            raise ValidationError(message=f"Parameters: [{name}] must have values")


def map_of(
    stack: Stack,
    template: dict[str, Any],
    parameters: Mapping[str, str],
    *,
    imports: bool = False,
    preview: bool = False,
) -> SettlingMap:
    """The resources of a stack by a template and parameters, from what it has now on."""
    before = getattr(stack.resource_map, "settled", {}) if getattr(stack, "resource_map", None) else {}
    made = SettlingMap(
        stack.stack_id,
        stack.name,
        dict(parameters),
        stack.tags,
        account_id=stack.account_id,
        region_name=stack.region_name,
        template=template,
        cross_stack_resources=stack.cross_stack_resources,
        before=before,
        imports=imports,
        preview=preview,
    )
    made.load()
    return made


def changes_of(stack: Stack, template: dict[str, Any], parameters: Mapping[str, str]) -> list[Change]:
    """What a change set of that template and these parameters would do."""
    planned = map_of(stack, template, parameters, preview=True)
    planned.settle()
    return [Change(step.action, step.subject.logical_id, step.subject.type) for step in planned.steps]


def carry_out(stack: Stack, template: str, parameters: Mapping[str, str], *, imports: bool = False) -> None:
    """Bring a stack to a template and parameters; where a resource fails, back to what it was.

    The stack's status and events tell how it ended.
    """
    is_new = not getattr(stack.resource_map, "settled", None)
    word = "CREATE" if is_new else "UPDATE"
    parsed = Stack.parse_template(template)
    wanted = map_of(stack, parsed, parameters, imports=imports)
    stack.status = f"{word}_IN_PROGRESS"
    stack._add_stack_event(stack.status, resource_status_reason="User Initiated")
    try:
        wanted.settle()
    except ResourceFailed as failed:
        _tell_steps(stack, wanted)
        _tell(stack, failed.wanted, f"{word}_FAILED", str(failed))
        _roll_back(stack, wanted, failed, is_new=is_new)
        return
    _tell_steps(stack, wanted)
    stack.template, stack.template_dict = template, parsed
    stack.parameters, stack.resource_map = dict(parameters), wanted
    stack.description = parsed.get("Description")
    stack.output_map = stack._create_output_map()
    _end(stack, f"{word}_COMPLETE", "")


def take_down(backend: CloudFormationBackend, stack: Stack) -> None:
    """Delete a stack's resources, the last one first, and the stack if all of them went."""
    stack._add_stack_event("DELETE_IN_PROGRESS", resource_status_reason="User Initiated")
    settled: dict[str, Settled] = getattr(stack.resource_map, "settled", {})
    place = resources.Place(stack.account_id, stack.region_name)
    for one in reversed(list(settled.values())):
        if one.stays:
            _tell(stack, one, "DELETE_SKIPPED", "")
            continue
        try:
            resources.remove(one, place)
        except Exception as error:  # noqa: BLE001 - whatever a backend refuses is told as the resource's failure
            why = str(getattr(error, "message", None) or error)
            _tell(stack, one, "DELETE_FAILED", why)
            _end(stack, "DELETE_FAILED", f"The following resource(s) failed to delete: [{one.logical_id}].")
            return
        del settled[one.logical_id]
        _tell(stack, one, "DELETE_COMPLETE", "")
    for export in stack.exports:
        backend.exports.pop(export.name, None)
    _end(stack, "DELETE_COMPLETE", "")
    backend.stacks.pop(stack.stack_id, None)
    backend.deleted_stacks[stack.stack_id] = stack


def _roll_back(stack: Stack, wanted: SettlingMap, failed: ResourceFailed, *, is_new: bool) -> None:
    wanted.undo()
    name = failed.wanted.logical_id
    if is_new:
        _end(stack, "ROLLBACK_COMPLETE", f"The following resource(s) failed to create: [{name}].")
        return
    for key, settled in stack.resource_map.settled.items():
        if settled.resource is not None:
            stack.resource_map._parsed_resources[key] = settled.resource
    _end(stack, "UPDATE_ROLLBACK_COMPLETE", f"The following resource(s) failed to update: [{name}].")


def _tell_steps(stack: Stack, done: SettlingMap) -> None:
    for step in done.steps:
        kept = step.action == "Remove" and step.subject.stays
        _tell(stack, step.subject, "DELETE_SKIPPED" if kept else f"{WORDS[step.action]}_COMPLETE", "")


def _tell(stack: Stack, settled: Settled, status: str, why: str) -> None:
    stack.events.append(
        Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=settled.logical_id,
            physical_resource_id=settled.physical_id,
            resource_type=settled.type,
            resource_status=status,
            resource_status_reason=why,
            resource_properties=None,
        )
    )


def _end(stack: Stack, status: str, why: str) -> None:
    stack.status, stack.stack_status_reason = status, why
    stack._add_stack_event(status, resource_status_reason=why)
