"""Read a JSON document of this folder and hold it against its JSON Schema.

Shared by the organization and the example hosts, so that a fault in either names its file and the JSON pointer of the
spot in the same words.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
from jsonschema.exceptions import best_match

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMAS = Path(__file__).parent / "schemas"


class DocumentError(ValueError):
    """A document of this folder cannot be used; the message names the file, the spot and what is wrong there."""

    def __init__(self, path: Path, pointer: str, problem: str) -> None:
        """Keep the three parts apart, so that a caller can show the pointer by itself."""
        super().__init__(f"{path}: {pointer or '/'}: {problem}")
        self.path = path
        self.pointer = pointer or "/"
        self.problem = problem


def read_document(path: Path, schema_name: str, schemas: Path = SCHEMAS) -> dict[str, Any]:
    """Return the object in `path`, valid against `<schema_name>.schema.json` of the folder `schemas`.

    Raises:
        DocumentError: the file is missing, no JSON object, or not what the schema allows.

    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DocumentError(path, "", f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise DocumentError(path, "", f"is not JSON: {error}") from error
    schema = json.loads((schemas / f"{schema_name}.schema.json").read_text(encoding="utf-8"))
    fault = best_match(jsonschema.Draft202012Validator(schema).iter_errors(document))
    if fault is not None:
        raise DocumentError(path, json_pointer(fault.absolute_path), fault.message)
    checked: dict[str, Any] = document
    return checked


def json_pointer(parts: Iterable[str | int]) -> str:
    """Return the RFC 6901 pointer of a path of keys and indexes."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
