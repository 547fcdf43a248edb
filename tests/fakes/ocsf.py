"""OCSF's own schema of Compliance Findings, from a published library: closed, an unknown field is a fault."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from fleetdx.feeds.ocsf_objects import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator


@functools.lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=VERSION))
    return Draft202012Validator(schema.get_class_schema("compliance_finding", profiles=["cloud"]))


def faults(document: Any) -> list[str]:
    """What OCSF has against a document."""
    return [f"{fault.json_path}: {fault.message}" for fault in _validator().iter_errors(document)]


@functools.lru_cache(maxsize=1)
def objects() -> Any:
    """OCSF's definitions as they are published, with the captions of enumerations."""
    return get_ocsf_schema(version=VERSION)


def miscaptioned(document: Any) -> Iterator[str]:
    """Fields whose words are not the caption that OCSF gives their number, as `severity` of `severity_id`."""
    attributes = objects()["classes"]["compliance_finding"]["attributes"]
    pairs = [(document, attributes)]
    pairs += [(document["compliance"], objects()["objects"]["compliance"]["attributes"])]
    pairs += [(check, objects()["objects"]["check"]["attributes"]) for check in document["compliance"]["checks"]]
    pairs += [(each, objects()["objects"]["resource_details"]["attributes"]) for each in document["resources"]]
    for own, known in pairs:
        for name in [name for name in own if name.endswith("_id") and "enum" in known.get(name, {})]:
            caption = known[name]["enum"][str(own[name])]["caption"]
            words = own[name.removesuffix("_id")] if name != "activity_id" else own["activity_name"]
            if caption not in {words, "Other"}:
                yield f"{name} {own[name]} is {caption}, not {words}"
