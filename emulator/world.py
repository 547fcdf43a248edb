"""Builds the embedded organization: accounts, organizational units and EC2 instances, with the same ids every time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import moto.ec2.models.instances as ec2_instances
from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random
from moto.organizations.models import OrganizationsBackend, organizations_backends

from emulator.formation.stack_sets import TRUSTED_SERVICE
from emulator.hosts.catalog import host_names, load_host
from emulator.seams.organizations import create_account

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emulator.hosts.organization import Account, Instance, Organization

RANDOM_SEED = 20_261_123
INSTANCE_TYPE = "t3.small"
FREEBSD_IMAGE = "FreeBSD 14.3-RELEASE-amd64 UFS"
UBUNTU_22_IMAGE = "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20251015"
MORE_IMAGES = (FREEBSD_IMAGE, UBUNTU_22_IMAGE)
"""Public images that no example host stands for."""


def build_organization(organization: Organization) -> None:
    """Create the organization and its accounts in moto; a suspended account is closed, as its holder would do it."""
    mock_random.seed(RANDOM_SEED)
    management = organizations_backends[organization.management.id]["aws"]
    management.create_organization(organization.regions[0], FeatureSet="ALL")
    # moto names the management account itself.
    management.accounts[0].name = organization.management.name
    management.enable_aws_service_access(ServicePrincipal=TRUSTED_SERVICE)
    units = _build_units(management, organization.organizational_units)
    for account in organization.accounts:
        if account.role != "management":
            _build_account(management, account, units)


def _build_units(management: OrganizationsBackend, paths: tuple[str, ...]) -> dict[str, str]:
    units = {"": management.ou[0].id}
    for path in paths:
        parent, _, name = path.rpartition("/")
        made = management.create_organizational_unit(ParentId=units[parent], Name=name)
        units[path] = made["OrganizationalUnit"]["Id"]
    return units


def _build_account(management: OrganizationsBackend, account: Account, units: dict[str, str]) -> None:
    create_account(management, account.id, account.name, account.email)
    if account.organizational_unit:
        management.move_account(
            AccountId=account.id,
            SourceParentId=units[""],
            DestinationParentId=units[account.organizational_unit],
        )
    if account.status == "SUSPENDED":
        management.close_account(AccountId=account.id)


def image_names(instances: Iterable[Instance]) -> tuple[str, ...]:
    """The public images of the embedded EC2: those of all example hosts, of these instances, and a few more."""
    names = [load_host(name).image_name for name in host_names()]
    return tuple(dict.fromkeys((*names, *(instance.image_name for instance in instances), *MORE_IMAGES)))


def build_instances(instances: tuple[Instance, ...]) -> None:
    """Create the EC2 instances in moto under their own ids."""
    for instance in instances:
        backend = ec2_backends[instance.account_id][instance.region]
        with mock.patch.object(ec2_instances, "random_instance_id", lambda one=instance: one.instance_id):
            reservation = backend.run_instances(
                image_id=instance.image_id,
                count=1,
                user_data=b"",
                security_group_names=[],
                instance_type=INSTANCE_TYPE,
                is_instance_type_default=False,
                tags={"instance": dict(instance.tags)},
            )
        made = reservation.instances[0]
        if instance.platform == "Windows":
            made.platform = "windows"
        if instance.state == "stopped":
            backend.stop_instances([made.id])
