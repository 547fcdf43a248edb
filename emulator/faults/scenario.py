"""A scenario: a file that says what goes wrong on the embedded AWS, for `fleetdx scan --faults FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from emulator.events.courier import Disorder
from emulator.faults.hosts.table import HOST_FAULTS
from emulator.faults.rules import INVOCATION_FAULTS, INVOKE, MEANINGS, Rule
from emulator.hosts.documents import DocumentError, read_document
from emulator.hosts.organization import with_instances

if TYPE_CHECKING:
    from emulator.hosts.organization import Organization

SCHEMAS: Final = Path(__file__).parent


class FaultFileError(DocumentError):
    """The file is no scenario: it breaks its schema, or names a fault or a place that does not exist."""


class BrokenHost(NamedTuple):
    """An instance that is added, and the way its host is broken."""

    instance: dict[str, Any]
    fault: str


class Scenario(NamedTuple):
    """What goes wrong: rules for calls and functions, broken hosts, and how events arrive."""

    path: Path
    rules: tuple[Rule, ...]
    hosts: tuple[BrokenHost, ...]
    disorder: Disorder = Disorder()

    def organization(self, organization: Organization) -> Organization:
        """The organization with the instances that the scenario adds.

        Raises:
            FaultFileError: One of them stands in an account, in a region or on a host that does not exist.
        """
        try:
            return with_instances(organization, self.path, [host.instance for host in self.hosts])
        except DocumentError as error:
            raise FaultFileError(self.path, error.pointer.replace("/instances", "/hosts", 1), error.problem) from error

    def broken(self, organization: Organization) -> dict[str, str]:
        """Which instances of that organization are broken, and how: instance id to fault."""
        places = {(item.account_name, item.region, item.name): item.instance_id for item in organization.instances}
        return {
            places[host.instance["account"], host.instance["region"], host.instance["name"]]: host.fault
            for host in self.hosts
        }


def read_scenario(path: Path) -> Scenario:
    """Read and check a scenario, a JSON file that scenario.schema.json describes.

    Raises:
        FaultFileError: With the JSON pointer of the fault.
    """
    try:
        document = read_document(path, "scenario", SCHEMAS)
    except DocumentError as error:
        raise FaultFileError(error.path, error.pointer, error.problem) from error
    rules = [_rule(path, number, entry) for number, entry in enumerate(document.get("rules", []))]
    hosts = [_host(path, number, entry) for number, entry in enumerate(document.get("hosts", []))]
    return Scenario(path, tuple(rules), tuple(hosts), Disorder(**document.get("events", {})))


def _rule(path: Path, number: int, entry: dict[str, Any]) -> Rule:
    fault, place = entry["fault"], f"/rules/{number}/fault"
    if fault not in MEANINGS:
        raise FaultFileError(path, place, f"{fault!r} is not one of {', '.join(MEANINGS)}")
    if (entry["call"] == INVOKE) != (fault in INVOCATION_FAULTS):
        raise FaultFileError(
            path, place, f"{fault} is a fault of {'functions' if fault in INVOCATION_FAULTS else 'calls'}"
        )
    return Rule(**{name: value for name, value in entry.items() if name != "comment"})


def _host(path: Path, number: int, entry: dict[str, Any]) -> BrokenHost:
    fault = entry["fault"]
    if fault not in HOST_FAULTS:
        raise FaultFileError(
            path, f"/hosts/{number}/fault", f"{fault!r} is not one of {', '.join(sorted(HOST_FAULTS))}"
        )
    instance = {
        "name": entry.get("name", fault.replace("_", "-")),
        "account": entry["account"],
        "region": entry["region"],
        "state": "running",
        "host": entry["host"],
        "tags": {"Fault": fault},
    }
    return BrokenHost(instance, fault)
