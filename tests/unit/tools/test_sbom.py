"""The bill of materials is CycloneDX, names everything that ships, and is the same each time."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tools import sbom
from tools.licences import PINNED
from tools.sbom import NotLocked, as_text, bill_of_materials, reference_to, runtime_packages
from tools.sources import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = runtime_packages()
JINJA2 = next(one for one in PACKAGES if one.name == "jinja2")
VALIDATION = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read())
print(fault if fault is not None else "valid")
"""


def faults(text: str) -> str | None:
    """What CycloneDX's own schema has against a document, unknown fields too; None where nothing."""
    python = PROJECT / ".venv/sbom/bin/python"
    done = subprocess.run([python, "-c", VALIDATION], input=text, check=True, capture_output=True, text=True)
    return None if done.stdout == "valid\n" else done.stdout


def test_it_keeps_cyclonedxs_schema() -> None:
    """The document is valid under the strict schema of version 1.6, with and without hashes of wheels."""
    wheels = {one.name: min(one.hashes) for one in PACKAGES}
    assert faults(as_text(bill_of_materials())) is None
    assert faults(as_text(bill_of_materials(wheels))) is None


def test_the_schema_would_tell() -> None:
    """The validator is no formality: a licence that SPDX does not know is refused."""
    document = bill_of_materials()
    document["components"][0]["licenses"] = [{"license": {"id": "No-Such-Licence"}}]
    assert "No-Such-Licence" in (faults(as_text(document)) or "")


def test_everything_that_the_layer_holds_is_in_it() -> None:
    """Each package of the runtime's lock, by version, with its licence and package URL."""
    text = (PROJECT / "requirements/runtime.lock").read_text(encoding="utf-8")
    components = bill_of_materials()["components"]
    assert [(one["name"], one["version"]) for one in components] == PINNED.findall(text)
    assert all(one["licenses"] and one["purl"].startswith("pkg:pypi/") for one in components)


def test_it_is_the_same_each_time_and_another_where_a_wheel_is() -> None:
    """No time, no chance: same locks, same bytes; its serial number follows from what is in it."""
    first, again = bill_of_materials(), bill_of_materials()
    assert as_text(first) == as_text(again)
    wheels = {one.name: min(one.hashes) for one in PACKAGES}
    others = {**wheels, "jinja2": max(JINJA2.hashes)}
    assert len({one["serialNumber"] for one in (first, bill_of_materials(wheels), bill_of_materials(others))}) == 3
    assert not re.search(r"\d{4}-\d{2}-\d{2}T", as_text(first))


def test_a_layer_is_told_as_it_is() -> None:
    """With the wheels of a layer exactly these are listed, each with its hash; what it lacks nothing refers to."""
    wheel = min(JINJA2.hashes)
    document = bill_of_materials({"jinja2": wheel})
    (component,) = document["components"]
    assert (component["name"], component["hashes"]) == ("jinja2", [{"alg": "SHA-256", "content": wheel}])
    assert {one["ref"]: one["dependsOn"] for one in document["dependencies"]}[reference_to(JINJA2)] == []
    assert faults(as_text(document)) is None


def test_it_says_what_needs_what() -> None:
    """Fleetdx's own requirements hang from it, theirs from them; nothing refers to what is not there."""
    document = bill_of_materials()
    graph = {one["ref"]: one["dependsOn"] for one in document["dependencies"]}
    own = document["metadata"]["component"]["bom-ref"]
    assert {reference.partition("@")[0] for reference in graph[own]} >= {"pkg:pypi/boto3", "pkg:pypi/jinja2"}
    assert [one.partition("@")[0] for one in graph[reference_to(JINJA2)]] == ["pkg:pypi/markupsafe"]
    assert set().union(*graph.values()) <= set(graph)


@pytest.mark.parametrize("artifacts", [{"jinja2": "0" * 64}, {"no-such-package": "0" * 64}])
def test_what_the_lock_does_not_name_is_refused(artifacts: dict[str, str]) -> None:
    """A wheel that nobody has locked does not get a line that says it was."""
    with pytest.raises(NotLocked):
        bill_of_materials(artifacts)


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To a file, or to standard output."""
    assert sbom.main(["--output", str(tmp_path / "sbom.json")]) == 0
    assert json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))["bomFormat"] == "CycloneDX"
    assert sbom.main([]) == 0
    assert capsys.readouterr().out == (tmp_path / "sbom.json").read_text(encoding="utf-8")
