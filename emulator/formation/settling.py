"""A template's resources, brought from what a stack has to what it shall have, each before whoever refers to it.

moto 5.2.5 loses a resource that it cannot update, ignores conditions and parameters when it compares, and neither rolls
back nor says which resource failed.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from moto.cloudformation import parsing
from moto.cloudformation.parsing import ResourceMap
from moto.ec2.models import ec2_backends
from moto.ec2.models.core import TaggedEC2Resource

from emulator.formation import resources
from emulator.formation.resources import Place, Settled

if TYPE_CHECKING:
    from collections.abc import Mapping

Action = Literal["Add", "Modify", "Remove"]


class ResourceFailed(RuntimeError):
    """AWS would refuse a resource of a stack; the text is why."""

    def __init__(self, wanted: Settled, why: str) -> None:
        super().__init__(why)
        self.wanted = wanted


class Step(NamedTuple):
    """What was, or would be, done to a resource; `before` and `after` are None where there is none."""

    action: Action
    before: Settled | None
    after: Settled | None

    @property
    def subject(self) -> Settled:
        """The resource that it is about."""
        found = self.after or self.before
        assert found is not None
        return found


class SettlingMap(ResourceMap):  # type: ignore[misc]  # moto's is untyped
    """The resources of a stack, each settled when it is first looked at.

    Attributes:
        before: What the stack has, by logical id.
        settled: What it has by now.
        steps: What was done, in its order.
        imports: Whether a resource that exists is taken over.
        preview: Whether nothing is really done.
    """

    def __init__(
        self,
        *given: Any,
        before: Mapping[str, Settled] | None = None,
        imports: bool = False,
        preview: bool = False,
        **named: Any,
    ) -> None:
        super().__init__(*given, **named)
        self.before = before or {}
        self.settled: dict[str, Settled] = {}
        self.steps: list[Step] = []
        self.imports = imports
        self.preview = preview
        self.place = Place(self._account_id, self._region_name)

    def __getitem__(self, key: str) -> Any:
        if key in self._parsed_resources:
            return self._parsed_resources[key]
        described = self._resource_json_map[key]
        condition = described.get("Condition")
        if condition and not self.lazy_condition_map[condition]:
            return None
        resource = self._settle(self._resolved(key, described))
        if resource is not None:
            self._parsed_resources[key] = resource
        return resource

    def settle(self) -> None:
        """Settle every resource, then remove what the stack no longer has.

        Raises:
            ResourceFailed: At the first that AWS would refuse; `steps` says what was done until then.
        """
        for name in self._ResourceMap__get_resources_in_dependency_order():
            resource = self[name]
            if isinstance(resource, TaggedEC2Resource) and not self.preview:
                self._tag(name, resource)
        for name in reversed([name for name in self.before if name not in self.settled]):
            old = self.before[name]
            self.steps.append(Step("Remove", old, None))
            if not self.preview and not old.stays:
                self._carefully(old, lambda gone=old: resources.remove(gone, self.place))

    def undo(self) -> None:
        """Bring everything back to what it was before; what cannot be brought back stays as it is."""
        for step in reversed(self.steps):
            if step.action == "Add" and step.after is not None:
                resources.remove(step.after, self.place)
            elif step.before is not None and step.after is not None:
                restored = resources.change(step.after, step.before, self.place, self.stack_id)
                step.before.resource = restored

    def _resolved(self, key: str, described: dict[str, Any]) -> Settled:
        kind = described["Type"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made_by = parsing.resource_class_from_type(kind)
        properties = parsing.clean_json(described.get("Properties", {}), self) or {}
        named = parsing.resource_name_property_from_type(kind) if made_by is not None else None
        old = self.before.get(key)
        name = properties.get(named) if named else None
        if name is None:
            is_same = old is not None and old.type == kind
            drawn = old.name if is_same and old is not None else None
            name = drawn or parsing.generate_resource_name(kind, self["AWS::StackName"], key)
        text = json.dumps(properties, default=str)
        return Settled(key, kind, name, text, described.get("DeletionPolicy") == "Retain", made_by)

    def _settle(self, wanted: Settled) -> Any:
        old = self.before.get(wanted.logical_id)
        if old is not None and (old.type, old.properties) == (wanted.type, wanted.properties):
            self.settled[wanted.logical_id] = replace(old, stays=wanted.stays)
            return old.resource
        if self.preview:
            wanted.resource = _Expected(wanted.logical_id, old.resource if old and old.name == wanted.name else None)
        elif old is None:
            wanted.resource = self._carefully(wanted, lambda: self._made(wanted))
        else:
            wanted.resource = self._carefully(wanted, lambda: resources.change(old, wanted, self.place, self.stack_id))
        self.settled[wanted.logical_id] = wanted
        self.steps.append(Step("Add" if old is None else "Modify", old, wanted))
        return wanted.resource

    def _made(self, wanted: Settled) -> Any:
        found = resources.take_over(wanted, self.place) if self.imports else None
        return found if found is not None else resources.make(wanted, self.place, self.stack_id)

    def _carefully(self, wanted: Settled, act: Any) -> Any:
        try:
            return act()
        except ResourceFailed:
            raise
        except Exception as error:
            raise ResourceFailed(wanted, str(getattr(error, "message", None) or error)) from error

    def _tag(self, name: str, resource: TaggedEC2Resource) -> None:
        told = {"stack-name": self["AWS::StackName"], "stack-id": self["AWS::StackId"], "logical-id": name}
        tags = {**self.tags, **{f"aws:cloudformation:{key}": value for key, value in told.items()}}
        ec2_backends[self.place.account][self.place.region].create_tags([resource.physical_resource_id], tags)


class _Expected:
    """What a resource of a change set will be: what refers to it changes where it is another one than before."""

    def __init__(self, logical_id: str, before: Any) -> None:
        self.logical_resource_id = logical_id
        self.before = before
        known = getattr(before, "physical_resource_id", None)
        self.physical_resource_id = known or f"(of {logical_id}, known after the change)"

    def get_cfn_attribute(self, attribute: str) -> Any:
        """As before, where it stays the same resource."""
        if self.before is not None:
            return self.before.get_cfn_attribute(attribute)
        return f"({attribute} of {self.logical_resource_id}, known after the change)"
