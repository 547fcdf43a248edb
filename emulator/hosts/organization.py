"""The embedded organization as data: accounts, regions, and which host stands behind which instance.

Pure: reads `organization.json` and the hosts' descriptions, makes no AWS call and starts nothing. What EC2 and Systems
Manager are to report about an instance is complete here, so that whoever builds the accounts adds no facts of its own.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from emulator.hosts.catalog import host_names, load_host
from emulator.hosts.documents import DocumentError, read_document
from emulator.hosts.roots import this_machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ORGANIZATION_FILE: Final = Path(__file__).parent / "organization.json"
THIS_MACHINE: Final = "this-machine"


class OrganizationError(DocumentError):
    """The organization's file contradicts itself, its schema or the hosts that exist."""


@dataclass(frozen=True)
class Account:
    """One account, as Organizations lists it.

    `organizational_unit` is a path such as `Workloads/Production`; the empty string is the organization's root.
    """

    id: str
    name: str
    email: str
    status: Literal["ACTIVE", "SUSPENDED"]
    organizational_unit: str
    role: Literal["management", "hub", "member"]


@dataclass(frozen=True)
class Instance:
    """One EC2 instance: what EC2 reports, what the agent on it reports, and the host behind it.

    `host` is the name of an example host, `this-machine`, or None where nothing can be scanned (Windows).
    `tags` include Name.
    """

    name: str
    instance_id: str
    account_id: str
    account_name: str
    region: str
    state: Literal["running", "stopped"]
    platform: Literal["Linux", "Windows"]
    platform_name: str
    platform_version: str
    image_id: str
    image_name: str
    host: str | None
    tags: Mapping[str, str]

    @property
    def is_this_machine(self) -> bool:
        """Whether the live machine itself stands behind this instance."""
        return self.host == THIS_MACHINE


@dataclass(frozen=True)
class Organization:
    """The whole organization; `organizational_units` are paths, each parent before its children."""

    management: Account
    hub: Account
    accounts: tuple[Account, ...]
    organizational_units: tuple[str, ...]
    regions: tuple[str, ...]
    instances: tuple[Instance, ...]

    @property
    def members(self) -> tuple[Account, ...]:
        """Every account that is neither the management account nor the hub, suspended ones included."""
        return tuple(account for account in self.accounts if account.role == "member")

    def instances_in(self, account_id: str, region: str) -> tuple[Instance, ...]:
        """Return the instances of one account in one region."""
        return tuple(item for item in self.instances if (item.account_id, item.region) == (account_id, region))


def load_organization(path: Path = ORGANIZATION_FILE) -> Organization:
    """Read and check the organization; the same file gives the same ids on every machine.

    Raises:
        OrganizationError: naming the file, the JSON pointer and what is wrong there.

    """
    try:
        document = read_document(path, "organization")
    except DocumentError as error:
        raise OrganizationError(error.path, error.pointer, error.problem) from error
    _refuse_contradictions(path, document)
    accounts = tuple(Account(**entry) for entry in document["accounts"])
    by_name = {account.name: account for account in accounts}
    return Organization(
        management=next(account for account in accounts if account.role == "management"),
        hub=next(account for account in accounts if account.role == "hub"),
        accounts=accounts,
        organizational_units=tuple(document["organizational_units"]),
        regions=tuple(document["regions"]),
        instances=tuple(_instance(entry, by_name[entry["account"]]) for entry in document["instances"]),
    )


def with_instances(organization: Organization, path: Path, entries: list[dict[str, Any]]) -> Organization:
    """Return the organization with further instances, told as `instances` of organization.json tells them.

    Raises:
        OrganizationError: An entry of `path` names an account, region or host that does not exist, or a name twice.

    """
    by_name = {account.name: account for account in organization.accounts}
    existing = [
        {"account": item.account_name, "region": item.region, "name": item.name} for item in organization.instances
    ]
    known = {
        "accounts": [{"name": account.name, "status": account.status} for account in organization.accounts],
        "regions": list(organization.regions),
    }
    _refuse_faulty_instances(path, {**known, "instances": [*entries, *existing]})
    added = tuple(_instance(entry, by_name[entry["account"]]) for entry in entries)
    return replace(organization, instances=(*organization.instances, *added))


def instance_id_for(account_id: str, region: str, name: str) -> str:
    """Return the same well-formed instance id for the same place and name, on every machine."""
    return "i-" + _hex17(f"instance/{account_id}/{region}/{name}")


def image_id_for(region: str, image_name: str) -> str:
    """Return the AMI id of an image in a region; as on AWS, one image has another id in each region."""
    return "ami-" + _hex17(f"image/{region}/{image_name}")


def _hex17(text: str) -> str:
    """Return the 17 hexadecimal digits that AWS ids have, derived from a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:17]


def _instance(entry: dict[str, Any], account: Account) -> Instance:
    """Return one instance with all that depends on its host and its place."""
    platform, facts = _platform(entry)
    return Instance(
        name=entry["name"],
        instance_id=instance_id_for(account.id, entry["region"], entry["name"]),
        account_id=account.id,
        account_name=account.name,
        region=entry["region"],
        state=entry["state"],
        platform=platform,
        platform_name=facts["platform_name"],
        platform_version=facts["platform_version"],
        image_id=image_id_for(entry["region"], facts["image_name"]),
        image_name=facts["image_name"],
        host=entry.get("host"),
        tags={"Name": entry["name"], **entry["tags"]},
    )


def _platform(entry: dict[str, Any]) -> tuple[Literal["Linux", "Windows"], Mapping[str, str]]:
    """Return the platform type and the three facts that depend on the host behind the instance."""
    if "windows" in entry:
        return "Windows", entry["windows"]
    host = this_machine() if entry["host"] == THIS_MACHINE else load_host(entry["host"])
    return "Linux", {
        "platform_name": host.platform_name,
        "platform_version": host.platform_version,
        "image_name": host.image_name,
    }


def _refuse_contradictions(path: Path, document: dict[str, Any]) -> None:
    """Raise for what a schema cannot say: references that lead nowhere, and things that must be unique."""
    for index, unit in enumerate(document["organizational_units"]):
        parent = unit.rpartition("/")[0]
        if parent and parent not in document["organizational_units"][:index]:
            raise OrganizationError(path, f"/organizational_units/{index}", f"{parent!r} must stand before {unit!r}")
    _refuse_faulty_accounts(path, document["accounts"], document["organizational_units"])
    _refuse_faulty_instances(path, document)


def _refuse_faulty_accounts(path: Path, accounts: list[dict[str, Any]], units: list[str]) -> None:
    """Raise for accounts that are not distinct, lack a leading role, or stand in an unknown unit."""
    for field in ("id", "name", "email"):
        _refuse_repetition(path, f"/accounts/*/{field}", (account[field] for account in accounts))
    for role in ("management", "hub"):
        if sum(account["role"] == role and account["status"] == "ACTIVE" for account in accounts) != 1:
            raise OrganizationError(path, "/accounts", f"exactly one active account must have the role {role!r}")
    for index, account in enumerate(accounts):
        if account["organizational_unit"] not in ("", *units):
            problem = f"there is no organizational unit {account['organizational_unit']!r}"
            raise OrganizationError(path, f"/accounts/{index}/organizational_unit", problem)


def _refuse_faulty_instances(path: Path, document: dict[str, Any]) -> None:
    """Raise for instances whose account, region or host does not exist, or that cannot be told apart."""
    active = {account["name"] for account in document["accounts"] if account["status"] == "ACTIVE"}
    known = {"account": active, "region": set(document["regions"]), "host": {THIS_MACHINE, *host_names()}}
    for index, instance in enumerate(document["instances"]):
        for field, values in known.items():
            if field in instance and instance[field] not in values:
                problem = f"{instance[field]!r} is not one of {', '.join(sorted(values))}"
                raise OrganizationError(path, f"/instances/{index}/{field}", problem)
    places = ((item["account"], item["region"], item["name"]) for item in document["instances"])
    _refuse_repetition(path, "/instances", places)


def _refuse_repetition(path: Path, pointer: str, values: Iterable[object]) -> None:
    """Raise if one of the values occurs twice."""
    value, count = max(Counter(values).items(), key=lambda pair: pair[1], default=(None, 0))
    if count > 1:
        raise OrganizationError(path, pointer, f"{value!r} occurs {count} times")
