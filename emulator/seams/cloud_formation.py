"""Seam in moto's CloudFormation: state machines land in the backend that executes, with their substitutions.

And a template that is deployed to hundreds of accounts and regions is parsed once.
"""

from __future__ import annotations

import functools
import json
import pickle
import re
from typing import TYPE_CHECKING, Any

from moto.cloudformation.models import Stack
from moto.s3.models import s3_backends
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

    parse = Stack.parse_template

    @functools.lru_cache(maxsize=32)
    def parsed(template: str) -> bytes:
        return pickle.dumps(parse(template))

    patches = Patches()
    # A stack changes what it has parsed, so that each gets its own copy.
    patches.replace(Stack, "parse_template", staticmethod(lambda template: pickle.loads(parsed(template))))  # noqa: S301 - written above
    patches.replace(StateMachine, "create_from_cloudformation_json", classmethod(create))
    return patches.undo
