"""Seam in moto's CloudFormation: state machines land in the backend that executes, with their substitutions.

What `AWS::NoValue` leaves out of a list is not in it; moto 5.2.5 leaves a null, which is no statement of a policy.
A bucket whose template asks for Object Lock is versioned and locks by its default; moto 5.2.5 would leave both out.
And a template that is deployed to hundreds of accounts and regions is parsed once.
"""

from __future__ import annotations

import functools
import json
import pickle
import re
from typing import TYPE_CHECKING, Any

from moto.cloudformation import parsing
from moto.cloudformation.models import Stack
from moto.s3.models import FakeBucket, s3_backends
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+)\}")


class MissingSubstitution(ValueError):
    """A definition uses `${Name}` and the template gives no such substitution."""


def substitute(definition: str, values: dict[str, str]) -> str:
    """Fill a definition's `${Name}` as CloudFormation does.

    Raises:
        MissingSubstitution: A name has no value; AWS would refuse the definition.
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values:
            raise MissingSubstitution(f"${{{name}}} has no value in DefinitionSubstitutions")
        return json.dumps(str(values[name]))[1:-1]

    return PLACEHOLDER.sub(value, definition)


def definition_of(properties: dict[str, Any], account: str) -> str:
    """A state machine's definition from any of the three forms a template may give it in."""
    if "DefinitionS3Location" in properties:
        location = properties["DefinitionS3Location"]
        bucket = s3_backends[account]["aws"]
        text = bucket.get_object(location["Bucket"], location["Key"]).value.decode()
    elif "DefinitionString" in properties:
        text = properties["DefinitionString"]
    else:
        text = json.dumps(properties["Definition"])
    return substitute(text, properties.get("DefinitionSubstitutions", {}))


def lock_by_default(bucket: FakeBucket, properties: dict[str, Any]) -> None:
    """Make a bucket what its template says of Object Lock; one without a word about it stays as it is.

    Raises:
        KeyError: The template leaves out what AWS asks for: that the bucket is versioned, or the rule's mode or days.
    """
    if "ObjectLockConfiguration" not in properties:
        return
    bucket.versioning_status = properties["VersioningConfiguration"]["Status"]
    bucket.object_lock_enabled = bool(properties["ObjectLockEnabled"])
    retention = properties["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    bucket.default_lock_mode, bucket.default_lock_days = retention["Mode"], int(retention["Days"])


def install() -> Callable[[], None]:
    """Replace how moto creates state machines from templates; the answer undoes it."""

    def create(
        cls: type[StateMachine],  # noqa: ARG001 - a classmethod of moto's
        /,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> StateMachine:
        properties = cloudformation_json["Properties"]
        backend = stepfunctions_parser_backends[account_id][region_name]
        name = properties.get("StateMachineName", resource_name)
        return backend.create_state_machine(name, definition_of(properties, account_id), properties["RoleArn"])

    create_bucket = FakeBucket.create_from_cloudformation_json.__func__

    def create_locking(
        cls: type[FakeBucket],
        /,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **more: Any,
    ) -> FakeBucket:
        bucket: FakeBucket = create_bucket(cls, resource_name, cloudformation_json, account_id, region_name, **more)
        lock_by_default(bucket, cloudformation_json.get("Properties", {}))
        return bucket

    clean = parsing.clean_json

    def without_no_value(resource_json: Any, resources_map: parsing.ResourceMap) -> Any:
        cleaned = clean(resource_json, resources_map)
        return [one for one in cleaned if one is not None] if isinstance(cleaned, list) else cleaned

    parse = Stack.parse_template

    @functools.lru_cache(maxsize=32)
    def parsed(template: str) -> bytes:
        return pickle.dumps(parse(template))

    patches = Patches()
    # A stack changes what it has parsed, so that each gets its own copy.
    patches.replace(Stack, "parse_template", staticmethod(lambda template: pickle.loads(parsed(template))))  # noqa: S301 - written above
    patches.replace(StateMachine, "create_from_cloudformation_json", classmethod(create))
    patches.replace(FakeBucket, "create_from_cloudformation_json", classmethod(create_locking))
    patches.replace(parsing, "clean_json", without_no_value)
    return patches.undo
