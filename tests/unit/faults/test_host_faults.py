"""Breaking and mending hosts of the embedded fleet."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from emulator.faults.hosts.breaking import PROGRAMS, UnknownFault
from emulator.faults.hosts.table import HOST_FAULTS
from emulator.fleet import Fleet
from emulator.hosts.organization import load_organization
from emulator.hosts.roots import this_machine
from tests.faulty_fleet import FAILING, HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.agent.host import Host

README = PROGRAMS.parent / "README.md"


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """Two agents in one account and region, with this machine behind both."""
    made = Fleet(tmp_path / "hosts")
    for instance in load_organization().instances[:2]:
        made.add(instance, this_machine())
    return made


def agents(fleet: Fleet) -> list[Host]:
    account, region, _ = fleet.names()[0].split("/")
    return fleet.hosts(account, region)


def test_the_readme_tells_every_fault() -> None:
    """The room's table has one line a fault, in the words of the code."""
    lines = [line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert lines == [f"| `{name}` | {fault.sentence} |" for name, fault in HOST_FAULTS.items()]


def test_every_fault_is_scanned_in_a_workflow_test() -> None:
    """No fault is without a ledger line that a whole run ends in."""
    assert {*FAILING, *HOSTILE} == set(HOST_FAULTS)


def test_every_program_belongs_to_a_fault() -> None:
    """A fault's programs lie in a folder of its name, each can be run, and nothing else lies there."""
    folders = {folder.name: list(folder.iterdir()) for folder in PROGRAMS.iterdir()}
    assert set(folders) <= set(HOST_FAULTS)
    assert all(os.access(program, os.X_OK) for programs in folders.values() for program in programs)
    changed = {name for name, fault in HOST_FAULTS.items() if fault != type(fault)(fault.sentence)}
    assert changed | set(folders) == set(HOST_FAULTS), "a fault that changes nothing"


@pytest.mark.parametrize("fault", HOST_FAULTS)
def test_a_mended_host_is_what_it_was(fleet: Fleet, fault: str) -> None:
    """A fault changes its host and no other; a second one takes its place; mending undoes both and leaves no file."""
    first, second = agents(fleet)
    fleet.break_host(first.instance_id, "scanner_hangs")
    fleet.break_host(first.instance_id, fault)
    broken = agents(fleet)[0]
    assert broken != first
    assert "scanner_hangs" not in broken.environment["PATH"] or fault == "scanner_hangs"
    assert agents(fleet)[1] == second
    fleet.mend_host(first.instance_id)
    fleet.mend_host(first.instance_id)
    assert agents(fleet) == [first, second]
    assert [path.name for path in (fleet.directory / first.instance_id).iterdir()] == ["run"]


def test_a_liar_is_told_of_its_neighbor(fleet: Fleet) -> None:
    """A hostile host finds the id of an instance beside it in its environment."""
    first, second = agents(fleet)
    fleet.break_host(first.instance_id, "result_under_neighbours_key")
    assert agents(fleet)[0].environment["FAULT_NEIGHBOR"] == second.instance_id


@pytest.mark.parametrize("fault", [name for name, fault in HOST_FAULTS.items() if fault.lacks])
def test_a_host_lacks_what_its_fault_says_and_nothing_else(fleet: Fleet, fault: str) -> None:
    """Without these programs, a host still has everything else that it had."""
    first = agents(fleet)[0]
    fleet.break_host(first.instance_id, fault)
    environment = agents(fleet)[0].environment
    lacking = "".join(f" && ! command -v {program}" for program in HOST_FAULTS[fault].lacks)
    ask = ["/bin/sh", "-c", f"command -v sh && command -v gzip{lacking}"]
    assert subprocess.run(ask, env=environment, capture_output=True, check=False).returncode == 0


def test_an_unknown_fault_breaks_nothing(fleet: Fleet) -> None:
    """A name that is no fault is refused with those that are, and an instance without an agent too."""
    first = agents(fleet)[0]
    with pytest.raises(UnknownFault, match="scanner_hangs"):
        fleet.break_host(first.instance_id, "scanner_dances")
    assert agents(fleet)[0] == first
    with pytest.raises(KeyError, match="i-0"):
        fleet.break_host("i-0", "no_curl")
    with pytest.raises(KeyError, match="i-0"):
        fleet.mend_host("i-0")
