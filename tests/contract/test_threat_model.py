"""The threat model of docs/security.md names tests that exist, and leaves nobody out; and the tests that it lacked."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import NamedTuple

import pytest

from emulator.front_door.globs import glob_matches
from tests.granted import granted
from tools.sources import PROJECT

ATTACKERS = ("instance", "member account", "central function", "bucket", "event spoofer", "operator")
TEST = re.compile(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`")
NOT_STOPPED = "**Not stopped.**"
WRITES = re.compile(r"s3:(Put|Delete|Restore|Replicate)|s3:\*|kms:")
DECISIVE = [
    "${DataBucket.Arn}/scripts/" + "0" * 64,
    "${DataBucket.Arn}/config/current.json",
    "${DataBucket.Arn}/config/bundles/x.json",
    "${DataBucket.Arn}/config/bundles/x.signatures.json",
    "${DataBucket.Arn}/config/release-policy.json",
    "${DataBucket.Arn}/config/exemptions.json",
    "${DataBucket.Arn}/config/windows.json",
]
"""What hosts run, what says so, and who is left out."""


RECORD = "${DataBucket.Arn}/runs/20261127T000000Z-abcdef/claims/commands/x"


class Threat(NamedTuple):
    """One line of the table."""

    attacker: str
    attempt: str
    answer: str
    shown: str


def threats() -> list[Threat]:
    """The lines of the section "Threat model"."""
    text = (PROJECT / "docs/security.md").read_text(encoding="utf-8")
    section = text.split("\n## Threat model\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip().strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [Threat(*(cell.strip() for cell in row)) for row in rows if row[0].strip() not in {"who", "---"}]


THREATS = threats()
each_threat = pytest.mark.parametrize("threat", THREATS, ids=[f"{one.attacker}: {one.attempt[:40]}" for one in THREATS])


@cache
def named_tests(path: str) -> set[str]:
    """The functions of a file that pytest takes for tests."""
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_attacker_is_in_it() -> None:
    """Each of the six that a review asks for has lines of its own, and no other has."""
    assert {threat.attacker for threat in THREATS} == set(ATTACKERS)


@each_threat
def test_what_stops_an_attempt_is_shown_by_a_test(threat: Threat) -> None:
    """Each line names a test that exists; or it says that the attempt is not stopped."""
    named = TEST.findall(threat.shown)
    assert bool(named) is (NOT_STOPPED not in threat.answer)
    for path, name in named:
        assert name in named_tests(path), f"{path} has no {name}"


@each_threat
def test_whoever_reads_it_learns_something(threat: Threat) -> None:
    """No cell is empty, and what is not a test's name is not passed off as one."""
    assert all(threat)
    assert "test_" not in TEST.sub("", threat.shown)


@pytest.mark.parametrize("key", DECISIVE)
def test_no_role_of_the_stacks_writes_what_hosts_run(key: str) -> None:
    """Neither functions nor machines, signers or member roles may write bundle, pointer, signatures or registers."""
    writers = [one for one in granted() if WRITES.match(one.action) and glob_matches(one.resource, key)]
    assert writers == []


def test_the_search_for_writers_finds_those_of_results() -> None:
    """The same search finds who writes a run's records, so that an empty answer means something."""
    writers = {one.role for one in granted() if WRITES.match(one.action) and glob_matches(one.resource, RECORD)}
    assert {"SendCommandRole", "UploadResultsRole", "BuildReportRole"} <= writers


def test_no_role_of_the_stacks_signs_or_changes_documents_or_functions() -> None:
    """What would make a bundle or a document count is nobody's of ours, whatever the resource."""
    forbidden = re.compile(
        r"kms:|ssm:(Create|Update|Delete|Modify)|lambda:(Update|Create|Add)|cloudformation:|iam:(Put|Create)"
    )
    assert [one for one in granted() if forbidden.match(one.action)] == []
