"""Read the scanner's tree: checks, profiles and what a profile compiles to."""

from __future__ import annotations

import functools
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource

PROJECT = Path(__file__).resolve().parent.parent
DEFAULT_SOURCE = PROJECT / "scan_scripts"
SCHEMAS = PROJECT / "fleetdx" / "schemas"

Profile = dict[str, Any]


class MetadataError(Exception):
    """A check.json or a profile is malformed; the message names the file and the fault."""


@dataclass(frozen=True)
class Check:
    """One check's folder.

    Attributes:
        area: The folder above it, for example `files`.
        body: The text of check.sh.
        metadata: The content of check.json.
    """

    area: str
    body: str
    metadata: dict[str, Any]


def read_checks(source: Path) -> dict[str, Check]:
    """Read every checks/<area>/<name>/, by name in sorted order.

    Raises:
        MetadataError: A file is missing or breaks fleetdx/schemas/check.schema.json, or a name is used twice.
    """
    checks: dict[str, Check] = {}
    for folder in sorted(path for path in (source / "checks").glob("*/*") if path.is_dir()):
        path = folder / "check.json"
        metadata = _read_json(path, "check.schema.json")
        if metadata["id"] != folder.name or metadata["category"] != folder.parent.name:
            raise MetadataError(f"{path}: id and category must be the folders' names, {folder.name} and its parent")
        if folder.name in checks:
            raise MetadataError(f"{path}: another area has a check of this name")
        body = read_text(folder / "check.sh")
        if f"check_{folder.name}()" not in body:
            raise MetadataError(f"{folder / 'check.sh'}: it does not define check_{folder.name}")
        checks[folder.name] = Check(folder.parent.name, body, metadata)
    return dict(sorted(checks.items()))


def read_profiles(source: Path, checks: dict[str, Check]) -> dict[str, Profile]:
    """Read every profiles/*.json, by name in sorted order, each with all that it extends.

    Raises:
        MetadataError: A profile breaks fleetdx/schemas/profile.schema.json, extends one that is not there or
            itself, names an unknown check or parameter, or lists an item or a check twice.
    """
    written = {path: _read_json(path, "profile.schema.json") for path in sorted((source / "profiles").glob("*.json"))}
    profiles = {}
    for path, own in written.items():
        if own["id"] != path.stem:
            raise MetadataError(f"{path}: /id must be the file's name, {path.stem}")
        profile = _extended(path, written)
        names = checks_in_order(profile)
        items = [item["item"] for item in own.get("items", [])]
        repeated = [name for name, n in Counter([*names, *items]).items() if n > 1]
        unknown = [name for name in names if name not in checks]
        known = {key for name in names if name in checks for key in checks[name].metadata["parameters"]}
        for fault, found in (
            ("listed twice", repeated),
            ("no such check", unknown),
            ("a parameter of none of its checks", sorted(set(profile["parameters"]) - known)),
        ):
            if found:
                raise MetadataError(f"{path}: {fault}: {', '.join(found)}")
        profiles[path.stem] = profile
    return profiles


def _extended(path: Path, written: dict[Path, Profile], above: tuple[Path, ...] = ()) -> Profile:
    """Join a profile with what it extends: its own limits, parameters and items take the place of the other's."""
    own = written[path]
    if "extends" not in own:
        return own
    base_path = path.with_name(f"{own['extends']}.json")
    if base_path not in written or base_path in (path, *above):
        raise MetadataError(f"{path}: /extends: there is no such profile, or it extends this one: {own['extends']}")
    base = _extended(base_path, written, (path, *above))
    items = {item["item"]: item for item in (*base["items"], *own.get("items", []))}
    return {
        **base,
        **own,
        "limits": base["limits"] | own.get("limits", {}),
        "parameters": base["parameters"] | own.get("parameters", {}),
        "items": list(items.values()),
    }


def checks_in_order(profile: Profile) -> list[str]:
    """List a profile's checks in the order of the digest's letters."""
    return [name for item in profile["items"] for name in item["checks"]]


def profile_table(profile: Profile, checks: dict[str, Check]) -> str:
    """Compile a profile to the tab-separated lines that the scanner works from.

    The scanner's own `compile_profile` makes the same lines with awk; a test compares the two.
    """
    lines = [f"edition\t{profile['edition']}", f"title\t{profile['title']['en']}\t{profile['title']['ko']}"]
    lines += [f"limit\t{name}\t{value}" for name, value in profile["limits"].items()]
    for item in profile["items"]:
        for name in item["checks"]:
            data = checks[name].metadata
            gates = "\t".join(json.dumps(data[gate]) for gate in ("needs_root", "needs_live", "needs_walk"))
            lines.append(f"item\t{item['item']}\t{item['importance']}\t{name}")
            lines.append(f"check\t{name}\t{checks[name].area}\t{data['severity']}\t{gates}\t{data['title']['en']}")
            for key, parameter in data["parameters"].items():
                value = profile["parameters"].get(key, parameter["default"])
                lines.append(f"parameter\t{name}\t{key}\t{value}")
    return "".join(f"{line}\n" for line in lines)


def korean_titles(checks: dict[str, Check]) -> str:
    """Each check with its title in Korean; from the tree the scanner's `titles_in_korean` gives the same lines."""
    return "".join(f"{name}\t{check.metadata['title']['ko']}\n" for name, check in checks.items())


def read_text(path: Path) -> str:
    """Read a UTF-8 file of the tree; MetadataError when it is missing or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MetadataError(f"{path}: {error}") from error


def _read_json(path: Path, schema_name: str) -> dict[str, Any]:
    """Read a JSON file that must follow one of the project's schemas."""
    try:
        document = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise MetadataError(f"{path}: {error}") from error
    fault = best_match(_validator(schema_name).iter_errors(document))
    if fault is not None:
        pointer = "".join(f"/{part}" for part in fault.absolute_path)
        raise MetadataError(f"{path}: {pointer or '/'}: {fault.message}")
    return dict(document)


@functools.cache
def _validator(schema_name: str) -> Draft202012Validator:
    """What validates against one of the project's schemas; making it costs more than reading a check does."""
    schemas = {name: json.loads(read_text(SCHEMAS / name)) for name in ("check.schema.json", "profile.schema.json")}
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    return Draft202012Validator(schemas[schema_name], registry=registry)
