"""What ships may ship: each licence is known, allowed where it has to be, and the page says so."""

from __future__ import annotations

import json
from email.message import Message
from typing import Any

import pytest
from license_expression import get_spdx_licensing  # type: ignore[import-untyped]

from tools import licences
from tools.licences import LicenceUnknown, Package, is_allowed, licence_in, licence_of, ships
from tools.sources import PROJECT

SPDX = get_spdx_licensing()
PACKAGES = [*licences.python_packages(), *licences.packages_apart(), *licences.npm_packages()]


@pytest.mark.parametrize("package", PACKAGES, ids=[f"{one.used_by}: {one.name}" for one in PACKAGES])
def test_every_locked_package_has_a_licence_that_spdx_knows(package: Package) -> None:
    """Each has a valid SPDX expression, and what ships one that is allowed."""
    assert SPDX.validate(package.licence).errors == []
    assert is_allowed(package.licence) or not ships(package)


def test_what_ships_is_what_the_locks_of_layer_and_page_say() -> None:
    """The layer's lock and what npm calls no dev dependency ship, all of them and nothing else."""
    text = (PROJECT / "requirements/runtime.lock").read_text(encoding="utf-8")
    npm = json.loads((PROJECT / "console/package-lock.json").read_text(encoding="utf-8"))["packages"]
    page = {path.rpartition("node_modules/")[2] for path, one in npm.items() if path and not one.get("dev")}
    shipped = {one.name for one in PACKAGES if ships(one)}
    assert shipped == {name for name, _ in licences.PINNED.findall(text)} | page


def test_the_page_is_what_the_locks_say() -> None:
    """docs/licences.md is current."""
    (page,) = licences.pages().items()
    assert page[0].read_text(encoding="utf-8") == page[1]


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MIT AND PSF-2.0", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GPL-3.0-or-later OR MIT", True),
        ("(GPL-3.0-only OR MIT) AND ISC", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND GPL-3.0-only", False),
        ("MPL-2.0", False),
        ("", False),
    ],
)
def test_an_expression_is_allowed_as_a_whole(expression: str, *, allowed: bool) -> None:
    """Of alternatives one is enough; of what holds together everything has to be allowed."""
    assert is_allowed(expression) is allowed


def metadata(**fields: Any) -> Message:
    found = Message()
    for name, value in fields.items():
        found[name.replace("_", "-")] = value
    return found


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"License_Expression": "MIT-0", "License": "GPL"}, "MIT-0"),
        ({"License": "Apache License 2.0"}, "Apache-2.0"),
        ({"License": "UNKNOWN", "Classifier": "License :: OSI Approved :: ISC License (ISCL)"}, "ISC"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, None),
        ({"License": "Dual License", "Classifier": "License :: OSI Approved :: Apache Software License"}, None),
        ({}, None),
    ],
)
def test_metadata_count_where_they_are_exact(fields: dict[str, str], told: str | None) -> None:
    """An expression, a known name, or a single classifier; "BSD" and "dual" are read by hand."""
    assert licence_in(metadata(**fields)) == told


def test_an_unknown_licence_stops_the_page() -> None:
    """A package of which nobody knows the licence is named with the file to write it into."""
    with pytest.raises(LicenceUnknown, match=r"no-such-package.*licences\.json"):
        licence_of("no-such-package", {})


@pytest.mark.parametrize("name", licences.read_by_hand())
def test_what_was_read_by_hand_is_needed(name: str) -> None:
    """An entry whose package says its licence by itself, or is locked no more, is taken out."""
    assert name in {one.name for one in PACKAGES}
    unknown = 0
    for places in (None, *licences.places_apart()):
        try:
            licence_of(name, {}, places)
        except LicenceUnknown:
            unknown += 1
    assert unknown > 0
