"""Checks JSON files: that they are JSON without a key given twice, and that schemas are JSON Schemas.

python -m tools.json_files FILE...
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

SCHEMA_SUFFIX = ".schema.json"


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key} is given twice")
        found[key] = value
    return found


def problem_of(path: Path) -> str | None:
    """What is wrong with a file, or None."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_doubles)
        if path.name.endswith(SCHEMA_SUFFIX):
            Draft202012Validator.check_schema(document)
    except (ValueError, SchemaError) as problem:
        return str(problem).splitlines()[0]
    return None


def main(arguments: list[str]) -> int:
    """Check the files; the exit status says whether any is wrong."""
    found = {name: problem for name in arguments if (problem := problem_of(Path(name)))}
    for name, problem in found.items():
        print(f"{name}: {problem}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
