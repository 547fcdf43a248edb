"""One resource of a stack: made, changed in place or anew, and removed, by its type."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from moto.awslambda.utils import get_backend as lambda_backend_of
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from emulator.seams.cloud_formation import definition_of, lock_by_default

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaFunction
    from moto.iam.models import Role
    from moto.logs.models import LogGroup
    from moto.s3.models import FakeBucket


class Place(NamedTuple):
    """An account and a region."""

    account: str
    region: str


@dataclass
class Settled:
    """A resource of a stack as it was settled last.

    Attributes:
        logical_id: Its name in the template.
        type: As AWS calls it.
        name: Its physical name, or the one that was drawn for it.
        properties: JSON of its resolved properties, by which a change is seen.
        stays: Whether it stays when the stack goes ("DeletionPolicy: Retain").
        made_by: moto's class for the type; None where moto knows none, and nothing is made.
        resource: What moto made.
    """

    logical_id: str
    type: str
    name: str
    properties: str
    stays: bool
    made_by: Any
    resource: Any = None

    @property
    def physical_id(self) -> str:
        """Its physical id; its logical one where nothing was made."""
        return str(getattr(self.resource, "physical_resource_id", None) or self.logical_id)

    def as_template(self) -> dict[str, Any]:
        """As moto's classes take it; a copy of its own for each that does."""
        return {"Type": self.type, "Properties": json.loads(self.properties)}


def make(wanted: Settled, place: Place, stack_id: str) -> Any:
    """Create a resource."""
    if wanted.made_by is None:
        return None
    more = {"LogicalId": wanted.logical_id, "StackId": stack_id, "ResourceType": wanted.type}
    made = wanted.made_by.create_from_cloudformation_json(wanted.name, wanted.as_template(), *place, **more)
    return _labelled(made, wanted)


def take_over(wanted: Settled, place: Place) -> Any:
    """The resource that exists under that name, for a change set that may import it; None where there is none."""
    found: Any = None
    if wanted.type == "AWS::S3::Bucket":
        found = s3_backends[place.account]["aws"].buckets.get(wanted.name)
    elif wanted.type == "AWS::Logs::LogGroup":
        found = logs_backends[place.account][place.region].groups.get(wanted.name)
    if found is None:
        return None
    return _labelled(_IN_PLACE[wanted.type](found, wanted, place), wanted)


def change(before: Settled, wanted: Settled, place: Place, stack_id: str) -> Any:
    """Change a resource: in place where AWS does so and it matters here, else it is removed and made anew."""
    if before.type == wanted.type and before.name == wanted.name and wanted.type in _IN_PLACE:
        return _labelled(_IN_PLACE[wanted.type](before.resource, wanted, place), wanted)
    if wanted.type == "AWS::Lambda::LayerVersion":
        # Functions use the old version until they know the new one; it goes with the stack.
        return make(wanted, place, stack_id)
    remove(before, place)
    return make(wanted, place, stack_id)


def remove(settled: Settled, place: Place) -> None:
    """Delete a resource; one that is gone already is no failure, as on AWS."""
    if settled.resource is None:
        return
    if settled.type == "AWS::StepFunctions::StateMachine":
        stepfunctions_parser_backends[place.account][place.region].delete_state_machine(settled.resource.arn)
    elif settled.type == "AWS::Lambda::LayerVersion":
        version = settled.resource
        lambda_backend_of(*place).delete_layer_version(version.name, str(version.version))
    elif settled.type == "AWS::IAM::Role":
        _remove_role(settled.resource, place)
    elif settled.type == "AWS::IAM::ManagedPolicy":
        _remove_policy(settled.resource.arn, place)
    elif hasattr(settled.resource, "delete") and settled.type != "AWS::S3::Bucket":
        settled.resource.delete(*place)
    else:
        settled.made_by.delete_from_cloudformation_json(settled.physical_id, settled.as_template(), *place)


def _remove_role(role: Role, place: Place) -> None:
    backend = iam_backends[place.account]["aws"]
    if role.id not in backend.roles:
        return
    for arn in list(role.managed_policies):
        backend.detach_role_policy(arn, role.name)
    type(role).delete_from_cloudformation_json(role.name, {}, *place)


def _remove_policy(arn: str, place: Place) -> None:
    backend = iam_backends[place.account]["aws"]
    for role in [role for role in backend.roles.values() if arn in role.managed_policies]:
        backend.detach_role_policy(arn, role.name)
    backend.delete_policy(arn)


def _labelled(made: Any, wanted: Settled) -> Any:
    made.cf_resource_type, made.logical_resource_id = wanted.type, wanted.logical_id
    return made


def _change_role(role: Role, wanted: Settled, place: Place) -> Role:
    properties, backend = json.loads(wanted.properties), iam_backends[place.account]["aws"]
    role.assume_role_policy_document = json.dumps(properties["AssumeRolePolicyDocument"])
    role.max_session_duration = properties.get("MaxSessionDuration", 3600)
    policies = {policy["PolicyName"]: policy["PolicyDocument"] for policy in properties.get("Policies", [])}
    for name in set(role.policies) - policies.keys():
        role.delete_policy(name)
    for name, document in policies.items():
        role.put_policy(name, document)
    attached = set(properties.get("ManagedPolicyArns", []))
    for arn in set(role.managed_policies) - attached:
        backend.detach_role_policy(arn, role.name)
    for arn in attached - set(role.managed_policies):
        backend.attach_role_policy(arn, role.name)
    return role


def _change_function(function: LambdaFunction, wanted: Settled, _: Place) -> LambdaFunction:
    properties = json.loads(wanted.properties)
    function.update_configuration({"Layers": [], "Environment": {"Variables": {}}, **properties})
    function.update_function_code(properties["Code"])
    return function


def _change_machine(machine: Any, wanted: Settled, place: Place) -> Any:
    properties = json.loads(wanted.properties)
    backend = stepfunctions_parser_backends[place.account][place.region]
    definition = definition_of(properties, place.account)
    return backend.update_state_machine(machine.arn, definition=definition, role_arn=properties["RoleArn"])


def _change_bucket(bucket: FakeBucket, wanted: Settled, _: Place) -> FakeBucket:
    properties = json.loads(wanted.properties)
    bucket.versioning_status = properties.get("VersioningConfiguration", {}).get("Status", bucket.versioning_status)
    lock_by_default(bucket, properties)
    return bucket


def _change_log_group(group: LogGroup, wanted: Settled, _: Place) -> LogGroup:
    group.retention_in_days = json.loads(wanted.properties).get("RetentionInDays")
    return group


def _by_moto(resource: Any, wanted: Settled, place: Place) -> Any:
    return wanted.made_by.update_from_cloudformation_json(resource, wanted.name, wanted.as_template(), *place)


_IN_PLACE = {
    "AWS::IAM::Role": _change_role,
    "AWS::Lambda::Function": _change_function,
    "AWS::Lambda::EventSourceMapping": _by_moto,
    "AWS::StepFunctions::StateMachine": _change_machine,
    "AWS::S3::Bucket": _change_bucket,
    "AWS::Logs::LogGroup": _change_log_group,
    "AWS::SQS::Queue": _by_moto,
}
