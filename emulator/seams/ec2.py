"""Seam in moto's EC2: what happens to instances and their profiles is told to EventBridge.

moto 5.2.5 emits nothing, and leaves the old profile on an instance whose association is replaced.
"""

from __future__ import annotations

import contextvars
import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from moto.ec2.models.iam_instance_profile import IamInstanceProfileAssociationBackend as Associations
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.responses.instances import InstanceResponse

from emulator.events.shapes import Association, Place, association_call, state_change
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulator.events.shapes import Event

STATE_SECONDS: Final = 1.0
START_SECONDS: Final = 15.0
RECORD_SECONDS: Final = 60.0
"""Until a call's CloudTrail record is an event. AWS states no figure; minutes are usual."""

# A launch associates the profile that it names and an end takes it away, without a call that CloudTrail could record.
_of_itself: contextvars.ContextVar[bool] = contextvars.ContextVar("of_itself", default=False)


def install(emit: Callable[[Event, float], None], started: Callable[[Place, str], None]) -> Callable[[], None]:
    """Tell what happens from now on; the answer undoes it.

    Args:
        emit: Puts an event on its default bus some seconds later.
        started: Is told of an instance that runs from now on.
    """
    patches = Patches()
    _tell_states(patches, emit, started)
    _tell_associations(patches, emit)
    return patches.undo


@contextmanager
def _untold_associations() -> Iterator[None]:
    token = _of_itself.set(True)
    try:
        yield
    finally:
        _of_itself.reset(token)


def _place(backend: Any) -> Place:
    return Place(backend.account_id, backend.region_name)


def _tell_states(patches: Patches, emit: Callable[[Event, float], None], started: Callable[[Place, str], None]) -> None:
    run, start = InstanceBackend.run_instances, InstanceBackend.start_instances
    stop, terminate = InstanceBackend.stop_instances, InstanceBackend.terminate_instances
    launch = InstanceResponse.run_instances

    def tell(backend: Any, instance_id: str, *states: str) -> None:
        at = dt.datetime.now(dt.UTC)
        for number, state in enumerate(states):
            seconds = STATE_SECONDS if number == 0 else START_SECONDS
            emit(state_change(_place(backend), instance_id, state, at, backend.partition), seconds)
        if "running" in states:
            started(_place(backend), instance_id)

    def run_instances(self: Any, *given: Any, **named: Any) -> Any:
        reservation = run(self, *given, **named)
        for instance in reservation.instances:
            tell(self, instance.id, "pending", "running")
        return reservation

    def changing(original: Any, *states: str) -> Any:
        def change(self: Any, *given: Any, **named: Any) -> Any:
            with _untold_associations():
                changed = original(self, *given, **named)
            for instance, _ in changed:
                tell(self, instance.id, *states)
            return changed

        return change

    def launch_instances(self: InstanceResponse) -> Any:
        with _untold_associations():
            return launch(self)

    patches.replace(InstanceBackend, "run_instances", run_instances)
    patches.replace(InstanceBackend, "start_instances", changing(start, "pending", "running"))
    patches.replace(InstanceBackend, "stop_instances", changing(stop, "stopping", "stopped"))
    patches.replace(InstanceBackend, "terminate_instances", changing(terminate, "shutting-down", "terminated"))
    patches.replace(InstanceResponse, "run_instances", launch_instances)


def _tell_associations(patches: Patches, emit: Callable[[Event, float], None]) -> None:
    associate = Associations.associate_iam_instance_profile
    disassociate = Associations.disassociate_iam_instance_profile
    replace = Associations.replace_iam_instance_profile_association

    def tell(backend: Any, name: str, request: dict[str, Any], made: Any, state: str) -> None:
        if _of_itself.get():
            return
        association = Association(made.association_id, made.instance_id, made.iam_instance_profile.arn, state)
        at = dt.datetime.now(dt.UTC)
        emit(association_call(_place(backend), name, request, association, at), RECORD_SECONDS)

    def associate_profile(
        self: Any,
        instance_id: str,
        iam_instance_profile_name: str | None = None,
        iam_instance_profile_arn: str | None = None,
    ) -> Any:
        made = associate(self, instance_id, iam_instance_profile_name, iam_instance_profile_arn)
        profile = _profile(iam_instance_profile_name, iam_instance_profile_arn)
        request = {"InstanceId": instance_id, "IamInstanceProfile": profile}
        tell(self, "AssociateIamInstanceProfile", request, made, "associating")
        return made

    def disassociate_profile(self: Any, association_id: str) -> Any:
        ended = disassociate(self, association_id)
        tell(self, "DisassociateIamInstanceProfile", {"AssociationId": association_id}, ended, "disassociating")
        return ended

    def replace_profile(
        self: Any,
        association_id: str,
        iam_instance_profile_name: str | None = None,
        iam_instance_profile_arn: str | None = None,
    ) -> Any:
        changed = replace(self, association_id, iam_instance_profile_name, iam_instance_profile_arn)
        told = {"Arn": changed.iam_instance_profile.arn, "Id": association_id}
        self.modify_instance_attribute(changed.instance_id, "iam_instance_profile", told)
        profile = _profile(iam_instance_profile_name, iam_instance_profile_arn)
        request = {"AssociationId": association_id, "IamInstanceProfile": profile}
        tell(self, "ReplaceIamInstanceProfileAssociation", request, changed, "associating")
        return changed

    patches.replace(Associations, "associate_iam_instance_profile", associate_profile)
    patches.replace(Associations, "disassociate_iam_instance_profile", disassociate_profile)
    patches.replace(Associations, "replace_iam_instance_profile_association", replace_profile)


def _profile(name: str | None, arn: str | None) -> dict[str, str]:
    """As the caller gave it: by name, by ARN, or both."""
    return {**({"Name": name} if name else {}), **({"Arn": arn} if arn else {})}
