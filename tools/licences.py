"""Writes docs/licences.md: the licence of everything that a lock file names, and whether what ships may ship.

python -m tools.licences [--check]

A Python package's licence is what its own metadata say, as SPDX has it; where they say nothing exact, it was read in
the licence's text (requirements/licences.json). An npm package's is in console/package-lock.json.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from tools.markdown import table, write_or_check
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from email.message import Message

PAGE = PROJECT / "docs" / "licences.md"
REQUIREMENTS = PROJECT / "requirements"
ALLOWED = frozenset({"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0"})
"""What the layer and the console's page may carry: licences that ask for a notice and nothing else."""
LOCKS = {"runtime": "runtime.lock", "local": "local.lock", "tests": "dev.lock"}
"""Each lock by who uses it; a package belongs to the first that names it."""
APART = {"checkov": ("checkov.lock", "checkov"), "one test": ("sbom.lock", "sbom")}
"""Locks of virtual environments of their own, with their directories in ours: other versions, other tables."""
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ \\;]+)", re.MULTILINE)
SPDX = {
    "apache": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    **{name.lower(): name for name in (*ALLOWED, "MPL-2.0")},
}
"""What metadata call a licence, in lower case. "BSD License" is not in it: there are two."""
NO_NAME = frozenset({"", "unknown"})
INTRODUCTION = """\
# Licences

`make format` writes this page from the lock files, the metadata of what they install, and
[licences.json](../requirements/licences.json) for what those leave open; a static check keeps it true. What ships, in
the Lambda layer or to the browser, has one of these licences, and a test fails for any other:
{allowed}.

fleetdx itself is under the [Apache License 2.0](../LICENSE). `.venv/bin/python -m tools.sbom` writes the bill of
materials of the layer (CycloneDX 1.6).
"""


class LicenceUnknown(Exception):
    """A package's licence is written nowhere that this program reads; the message says where to write it."""


class Package(NamedTuple):
    """A locked package: its name and version, the SPDX expression of its licence, and who uses it."""

    name: str
    version: str
    licence: str
    used_by: str


def python_packages() -> list[Package]:
    """Every package of the Python locks, each under the first room that names it."""
    found: dict[str, Package] = {}
    for room, lock in LOCKS.items():
        for name, version in PINNED.findall((REQUIREMENTS / lock).read_text(encoding="utf-8")):
            if name not in found:
                found[name] = Package(name, version, licence_of(name, read_by_hand()), room)
    return list(found.values())


def places_apart() -> list[list[str]]:
    """Where each virtual environment apart keeps its packages."""
    return [_places(directory) for _, directory in APART.values()]


def _places(directory: str) -> list[str]:
    return [str(place) for place in Path(sys.prefix).glob(f"{directory}/lib/python3*/site-packages")]


def packages_apart() -> list[Package]:
    """Every package of the virtual environments apart."""
    by_hand = read_by_hand()
    return [
        Package(name, version, licence_of(name, by_hand, _places(directory)), room)
        for room, (lock, directory) in APART.items()
        for name, version in PINNED.findall((REQUIREMENTS / lock).read_text(encoding="utf-8"))
    ]


def npm_packages() -> list[Package]:
    """Every package of the console's lock: `page` goes to the browser, `page's tests` does not."""
    lock = json.loads((PROJECT / "console" / "package-lock.json").read_text(encoding="utf-8"))
    return [
        Package(path.rpartition("node_modules/")[2], one["version"], one["license"], _npm_room(one))
        for path, one in lock["packages"].items()
        if path
    ]


def _npm_room(entry: Mapping[str, object]) -> str:
    return "page's tests" if entry.get("dev") else "page"


def ships(package: Package) -> bool:
    """Whether it leaves this machine: in the Lambda layer, or to a browser."""
    return package.used_by in {"runtime", "page"}


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression can be kept with the allowed licences: all parts of an AND, one of an OR."""
    parts = [part.strip(" ()") for part in re.split(r"\bAND\b", expression)]
    return all(any(one.strip(" ()") in ALLOWED for one in re.split(r"\bOR\b", part)) for part in parts)


def read_by_hand() -> dict[str, str]:
    """What was read in licence texts, by the package's name."""
    entries = json.loads((REQUIREMENTS / "licences.json").read_text(encoding="utf-8"))
    return {name: entry["licence"] for name, entry in entries.items()}


def licence_of(name: str, by_hand: Mapping[str, str], places: Sequence[str] | None = None) -> str:
    """The SPDX expression of an installed package.

    Args:
        name: The package's.
        by_hand: What was read in licence texts.
        places: Directories where it is installed; None: this program's own.

    Raises:
        LicenceUnknown: Neither its metadata nor the register say it.
    """
    context = importlib.metadata.DistributionFinder.Context
    where = context(name=name) if places is None else context(name=name, path=list(places))
    found = next(iter(importlib.metadata.MetadataPathFinder.find_distributions(where)), None)
    # The type promises less than every Python's metadata are: a message.
    told = licence_in(cast("Message", found.metadata)) if found else None
    licence = told or by_hand.get(name)
    if licence is None:
        raise LicenceUnknown(f"{name}: read its licence's text and write it into requirements/licences.json")
    return licence


def licence_in(metadata: Message) -> str | None:
    """What a package's own metadata say, where it is exact: an SPDX expression, a name, or a classifier."""
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    name = str(metadata.get("License") or "").strip().lower()
    if name not in NO_NAME:
        return SPDX.get(name)
    classifiers = {
        one.rpartition(" :: ")[2] for one in metadata.get_all("Classifier") or [] if one.startswith("License")
    }
    told = {SPDX.get(text.lower()) for text in classifiers - {"DFSG approved"}}
    return told.pop() if len(told) == 1 else None


def page(tables: Mapping[str, Iterable[Package]]) -> str:
    """The page, with a table under each title."""
    lines = [INTRODUCTION.format(allowed=", ".join(sorted(ALLOWED)))]
    for title, packages in tables.items():
        rows = sorted((not ships(one), one.used_by, one.name, one.version, one.licence) for one in packages)
        lines += [
            f"## {title}",
            "",
            *table(
                ("package", "version", "licence", "used by"),
                [
                    (name, version, licence, f"**{room}**, ships" if not rests else room)
                    for rests, room, name, version, licence in rows
                ],
            ),
        ]
    return "\n".join(lines).rstrip() + "\n"


def pages() -> dict[Path, str]:
    """The page by its path."""
    return {PAGE: page({"Python": python_packages(), "Python, apart": packages_apart(), "npm": npm_packages()})}


if __name__ == "__main__":
    sys.exit(write_or_check(pages(), sys.argv[1:]))
