"""Writes the bill of materials of what ships to Lambda: CycloneDX 1.6 as JSON. Same locks, same bytes.

python -m tools.sbom [--output FILE]

`bill_of_materials` is for whoever builds the layer: with the hashes of the very wheels in it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.licences import licence_of, read_by_hand
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
LOCKED = re.compile(
    r"^([a-z0-9][a-z0-9._-]*)==([^ \\;]+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}[ \\]*\n?)+)", re.MULTILINE
)
HASH = re.compile(r"sha256:([0-9a-f]{64})")
REQUIRED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")


class NotLocked(Exception):
    """An artifact is none that the lock file names."""


class Locked(NamedTuple):
    """A package of the runtime's lock, with the SHA-256 of every file that may be installed for it."""

    name: str
    version: str
    hashes: frozenset[str]


def reference_to(package: Locked) -> str:
    """A package's URL, which is its name within the document too."""
    return f"pkg:pypi/{package.name}@{package.version}"


def runtime_packages() -> list[Locked]:
    """What the runtime's lock names, by name."""
    text = (PROJECT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
    return [Locked(name, version, frozenset(HASH.findall(hashes))) for name, version, hashes in LOCKED.findall(text)]


def bill_of_materials(artifacts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The bill of materials of the functions' zip and the layer.

    Args:
        artifacts: SHA-256 of each file that the layer was made from, by the package's name: then these alone are
            listed, since a Python may need fewer than the lock names. None lists all that it names, without hashes.

    Returns:
        A CycloneDX document. It has no time, and its serial number follows from its content.

    Raises:
        NotLocked: An artifact is of no locked package, or not one of the files that the lock names for it.
    """
    locked, known = runtime_packages(), dict(artifacts or {})
    strange = sorted(set(known) - {one.name for one in locked})
    if strange:
        raise NotLocked(f"{strange[0]} is not in requirements/runtime.lock")
    packages = [one for one in locked if artifacts is None or one.name in known]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = f"{project['name']}@{project['version']}"
    names = {one.name: reference_to(one) for one in packages}
    document = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [_component(one, known.get(one.name)) for one in packages],
        "dependencies": [
            {"ref": own, "dependsOn": _known(project["dependencies"], names)},
            *({"ref": reference_to(one), "dependsOn": _known(_requirements(one.name), names)} for one in packages),
        ],
    }
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return {**document, "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}"}


def as_text(document: Mapping[str, Any]) -> str:
    """The document as it is written to a file."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _component(package: Locked, artifact: str | None) -> dict[str, Any]:
    if artifact is not None and artifact not in package.hashes:
        raise NotLocked(f"{package.name}: no file with SHA-256 {artifact} is in requirements/runtime.lock")
    licence = licence_of(package.name, read_by_hand())
    is_expression = " " in licence
    return {
        "type": "library",
        "bom-ref": reference_to(package),
        "name": package.name,
        "version": package.version,
        "purl": reference_to(package),
        "licenses": [{"expression": licence} if is_expression else {"license": {"id": licence}}],
        **({"hashes": [{"alg": "SHA-256", "content": artifact}]} if artifact else {}),
    }


def _requirements(name: str) -> list[str]:
    """What an installed package requires, its extras left out."""
    return [one for one in importlib.metadata.requires(name) or [] if not re.search(r"\bextra\s*==", one)]


def _known(requirements: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """References of those that the lock names; another is for another Python or system."""
    found = {re.sub(r"[._-]+", "-", match.group(1)).lower() for one in requirements if (match := REQUIRED.match(one))}
    return sorted(names[name] for name in found if name in names)


def main(arguments: list[str] | None = None) -> int:
    """Write the document to a file, or print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--output", type=Path, metavar="FILE", help="the file to write; without it, standard output")
    options = parser.parse_args(arguments)
    text = as_text(bill_of_materials())
    if options.output is None:
        sys.stdout.write(text)
    else:
        options.output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
