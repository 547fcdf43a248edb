"""The scan request's JSON Schema in the language of whoever fills in the form. Pure, but for the texts' file."""

from __future__ import annotations

import copy
import functools
import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from fleetdx.requests import request_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.models import Language

TEXTS: Final = ("title", "description")


def schema_in(language: Language) -> dict[str, Any]:
    """The schema with its titles and descriptions in a language; a text that is not translated stays English."""
    schema = copy.deepcopy(request_schema())
    if language == "en":
        return schema
    known = translations()
    for pointer, holder, name in texts_of(schema):
        holder[name] = known.get(pointer, holder[name])
    return schema


@functools.lru_cache(maxsize=1)
def translations() -> dict[str, str]:
    """The Korean texts by the JSON pointers of the English ones."""
    text = resources.files("console").joinpath("texts/scan_request.ko.json").read_text(encoding="utf-8")
    known: dict[str, str] = json.loads(text)
    return known


def texts_of(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every title and description: its JSON pointer, the object that holds it, and its name there."""
    for name in TEXTS:
        if isinstance(schema.get(name), str):
            yield f"{path}/{name}", schema, name
    for field, inside in schema.get("properties", {}).items():
        yield from texts_of(inside, f"{path}/properties/{field}")
    if isinstance(schema.get("items"), dict):
        yield from texts_of(schema["items"], f"{path}/items")
