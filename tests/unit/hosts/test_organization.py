"""The embedded organization is complete, the same everywhere, and refused when its file contradicts itself."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from emulator.hosts.catalog import host_names
from emulator.hosts.organization import (
    ORGANIZATION_FILE,
    OrganizationError,
    image_id_for,
    instance_id_for,
    load_organization,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def document() -> dict[str, Any]:
    """The shipped organization, to be spoiled."""
    loaded: dict[str, Any] = json.loads(ORGANIZATION_FILE.read_text())
    return copy.deepcopy(loaded)


def test_shipped_organization_is_what_the_first_scan_needs() -> None:
    """One management account, one hub, three active members, one suspended, two regions, fifteen instances."""
    organization = load_organization()
    assert (organization.management.name, organization.hub.name) == ("management", "security-tooling")
    assert [account.name for account in organization.members if account.status == "ACTIVE"] == [
        "trading-production",
        "wallet-production",
        "exchange-staging",
    ]
    assert sum(account.status == "SUSPENDED" for account in organization.accounts) == 1
    assert organization.regions == ("ap-northeast-2", "us-east-1")
    assert len(organization.instances) == 15


def test_every_example_host_runs_somewhere() -> None:
    """Each example host stands behind one running instance, beside one stopped, one Windows and this machine."""
    instances = load_organization().instances
    running = Counter(item.host for item in instances if item.state == "running")
    assert running == Counter([*host_names(), "this-machine", None])
    assert [item.platform for item in instances if item.host is None] == ["Windows"]
    assert sum(item.state == "stopped" for item in instances) == 1
    assert sum(item.is_this_machine for item in instances) == 1


def test_instances_carry_what_ec2_and_the_agent_report() -> None:
    """Ids are well-formed and unique, an image has one id a region, and tags include the name."""
    instances = load_organization().instances
    assert all(re.fullmatch("i-[0-9a-f]{17}", item.instance_id) for item in instances)
    assert len({item.instance_id for item in instances}) == len(instances)
    images = {(item.region, item.image_name): item.image_id for item in instances}
    assert len(set(images.values())) == len(images)
    assert all(re.fullmatch("ami-[0-9a-f]{17}", image) for image in images.values())
    assert all(item.tags["Name"] == item.name and item.tags["Environment"] for item in instances)
    assert all(item.platform_name and item.platform_version for item in instances)


def test_ids_never_change() -> None:
    """Ids are derived from place and name alone, so that links to yesterday's report still mean the same instance."""
    assert instance_id_for("333333333333", "ap-northeast-2", "matching-engine-1") == "i-72871cbcc4fd4c48a"
    assert image_id_for("us-east-1", "debian-12") != image_id_for("ap-northeast-2", "debian-12")


def test_instances_are_found_by_account_and_region() -> None:
    """An account's instances in a region are just those; the wallet account has none in the second region."""
    organization = load_organization()
    wallet = next(account for account in organization.members if account.name == "wallet-production")
    assert {item.account_id for item in organization.instances_in(wallet.id, "ap-northeast-2")} == {wallet.id}
    assert organization.instances_in(wallet.id, "us-east-1") == ()


def _set(*keys: Any) -> Callable[[Any], None]:
    """Return a function that sets the value at a path of keys: the last of `keys` is the value."""
    *path, last, value = keys

    def spoil(document: Any) -> None:
        for key in path:
            document = document[key]
        document[last] = value

    return spoil


def _delete(*keys: Any) -> Callable[[Any], None]:
    """Return a function that deletes what stands at a path of keys."""
    *path, last = keys

    def spoil(document: Any) -> None:
        for key in path:
            document = document[key]
        del document[last]

    return spoil


FAULTS: list[tuple[Callable[[Any], None], str, str]] = [
    (_delete("regions"), "/", "'regions' is a required property"),
    (_set("schema", 2), "/schema", "1 was expected"),
    (_set("colour", "red"), "/", "'colour' was unexpected"),
    (_set("regions", []), "/regions", "should be non-empty"),
    (_set("regions", 0, "seoul"), "/regions/0", "does not match"),
    (_set("organizational_units", 1, "Workloads/Production/Korea"), "/organizational_units/1", "must stand before"),
    (_set("accounts", 2, "id", "33333"), "/accounts/2/id", "does not match"),
    (_set("accounts", 2, "id", 333333333333), "/accounts/2/id", "is not of type 'string'"),
    (_set("accounts", 2, "id", "111111111111"), "/accounts/*/id", "occurs 2 times"),
    (_set("accounts", 2, "name", "management"), "/accounts/*/name", "occurs 2 times"),
    (_set("accounts", 2, "status", "CLOSED"), "/accounts/2/status", "is not one of"),
    (_set("accounts", 2, "role", "hub"), "/accounts", "exactly one active account must have the role 'hub'"),
    (_set("accounts", 0, "status", "SUSPENDED"), "/accounts", "must have the role 'management'"),
    (
        _set("accounts", 2, "organizational_unit", "Nowhere"),
        "/accounts/2/organizational_unit",
        "no organizational unit",
    ),
    (_set("instances", 0, "account", "nobody"), "/instances/0/account", "'nobody' is not one of"),
    (_set("instances", 0, "account", "nft-market-closed"), "/instances/0/account", "is not one of"),
    (_set("instances", 0, "region", "eu-west-1"), "/instances/0/region", "'eu-west-1' is not one of"),
    (_set("instances", 0, "host", "gentoo_default"), "/instances/0/host", "'gentoo_default' is not one of"),
    (_set("instances", 0, "host", "../../etc"), "/instances/0/host", "does not match"),
    (_set("instances", 0, "state", "terminated"), "/instances/0/state", "is not one of"),
    (_set("instances", 0, "tags", "Name", "x"), "/instances/0/tags", "does not match"),
    (_set("instances", 0, "tags", "aws:own", "x"), "/instances/0/tags", "does not match"),
    (_delete("instances", 0, "host"), "/instances/0", "is not valid under any"),
    (_set("instances", 1, "name", "matching-engine-1"), "/instances", "occurs 2 times"),
]


@pytest.mark.parametrize(("spoil", "pointer", "problem"), FAULTS, ids=[f"{f[1]} {f[2]}" for f in FAULTS])
def test_contradictions_are_refused(
    document: dict[str, Any], tmp_path: Path, spoil: Callable[[Any], None], pointer: str, problem: str
) -> None:
    """A spoiled organization is refused with its file, the pointer of the fault and what is wrong there."""
    spoil(document)
    path = tmp_path / "organization.json"
    path.write_text(json.dumps(document))
    with pytest.raises(OrganizationError, match=re.escape(problem)) as caught:
        load_organization(path)
    assert caught.value.pointer == pointer
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"[" * 100_000])
def test_what_is_no_organization_is_refused(tmp_path: Path, content: bytes) -> None:
    """Text that is no JSON object, however broken, gives the same kind of error."""
    path = tmp_path / "organization.json"
    path.write_bytes(content)
    with pytest.raises(OrganizationError):
        load_organization(path)


def test_missing_file_is_told(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(OrganizationError, match="cannot be read"):
        load_organization(tmp_path / "nowhere.json")
