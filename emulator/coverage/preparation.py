"""Adds an instance for every cause and reason of a coverage sweep to a running embedded AWS."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import moto.ec2.models.instances as ec2_instances
from moto.ec2.models import ec2_backends

from emulator.agent.settings import DEFAULT_HOST_MANAGEMENT
from emulator.coverage import findings, network_faults, rights
from emulator.coverage.specimens import FURTHER_SPECIMENS, SPECIMENS, Specimen
from emulator.events.registration import described
from emulator.events.shapes import Place
from emulator.hosts.catalog import load_host
from emulator.hosts.materialize import materialize
from emulator.hosts.organization import image_id_for, instance_id_for
from emulator.networks import Network, build_network
from emulator.world import INSTANCE_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.cloud import EmbeddedAws

EXPECTED: Final = "ExpectedCoverage"
EXPECTED_DISAGREEMENT: Final = "ExpectedDisagreement"
"""Tags that say what a sweep is to find: cause and reason, and how it differs from Security Hub's word."""
MANAGEMENT_ROLE: Final = "service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole"
OLD_AGENT: Final = "2.2.619.0"
"""Before 2.3.68.0, with which Session Manager began."""
SILENT_SINCE: Final = dt.timedelta(days=3)
RUNNING_FOR: Final = dt.timedelta(days=12)
EXEMPTIONS: Final = "config/exemptions.json"


def prepare(cloud: EmbeddedAws) -> Mapping[str, str]:
    """Add one instance for each cause and reason, and a few more of some; `cause/reason` gives `account/region/id`.

    To be called once, before anybody follows instances: what is launched here is no event. The tags of each instance
    say what a sweep is to find of it, those of the further ones too.
    """
    return Preparation(cloud).run()


class Preparation:
    """Makes the instances one by one, and what they share once."""

    def __init__(self, cloud: EmbeddedAws) -> None:
        self._cloud = cloud
        self._accounts = {account.name: account.id for account in cloud.organization.accounts}
        self._clients: dict[tuple[Place, str], Any] = {}
        self._networks: dict[tuple[Place, str], Network] = {}

    def run(self) -> dict[str, str]:
        """Make all of them."""
        findings.enable_security_hub(self._cloud)
        self._give_profiles_to_known_instances()
        made = {specimen.key: self._make(specimen) for specimen in SPECIMENS}
        for specimen in FURTHER_SPECIMENS:
            self._make(specimen)
        self._switch_default_host_management_on(made["default_host_management/online"])
        management = Place(self._cloud.organization.management.id, self._cloud.home_region)
        denied = made["blocked_by_policy/denied_by_organization"].partition("/")[0]
        rights.deny_registration(self._client(management, "organizations"), denied)
        self._exempt(made["exempt/exempted"])
        account, region, instance = made["managed/online"].split("/")
        findings.record_others(Place(account, region), instance)
        return made

    def _client(self, place: Place, service: str) -> Any:
        """Kept: to make a client takes longer than most calls."""
        if (place, service) not in self._clients:
            session: Any = self._cloud.operator_session(*place)
            self._clients[place, service] = session.client(service)
        return self._clients[place, service]

    def _give_profiles_to_known_instances(self) -> None:
        """Those of the organization's file have agents: here they also have what an agent needs."""
        managed = {name.rpartition("/")[2] for name in self._cloud.fleet.names()}
        states = ("COMPLIANT", "NON_COMPLIANT")
        for number, instance in enumerate(self._cloud.organization.instances):
            place = Place(instance.account_id, instance.region)
            if instance.instance_id in managed:
                name = rights.profile(self._client(place, "iam"), "managed")
                self._client(place, "ec2").associate_iam_instance_profile(
                    IamInstanceProfile={"Name": name}, InstanceId=instance.instance_id
                )
                self._cloud.fleet.change(instance.instance_id, patch_state=states[number % len(states)])
            findings.record(place, instance.instance_id, "PASSED" if instance.instance_id in managed else "FAILED")

    def _make(self, specimen: Specimen) -> str:
        place = Place(self._accounts[specimen.account], self._cloud.organization.regions[specimen.region])
        ec2 = self._client(place, "ec2")
        network = self._network(ec2, specimen, place)
        instance = instance_id_for(*place, f"prepared {specimen.label}")
        image = specimen.image or load_host(specimen.host).image_name
        request = {
            **_request(specimen, network, image_id_for(place.region, image)),
            **_profile_of(rights.profile(self._client(place, "iam"), specimen.rights)),
        }
        with mock.patch.object(ec2_instances, "random_instance_id", return_value=instance):
            ec2.run_instances(**request)
        if not specimen.is_new:
            # An agent that may still come up is not silent.
            ec2_backends[place.account][place.region].get_instance(instance).launch_time -= RUNNING_FOR
        network_faults.change(ec2, network, specimen.fault, place)
        if specimen.fault == "ipv6_only":
            network_faults.change_interface(instance, place)
        if specimen.state == "stopped":
            ec2.stop_instances(InstanceIds=[instance])
        self._settle_agent(specimen, place, instance)
        findings.record(place, instance, specimen.finding)
        return f"{place.account}/{place.region}/{instance}"

    def _network(self, ec2: Any, specimen: Specimen, place: Place) -> Network:
        """One working network of each kind in each place; one of its own for whoever's network is to be changed."""
        if specimen.fault:
            return build_network(ec2, specimen.network, place.region)
        known = (place, specimen.network)
        if known not in self._networks:
            self._networks[known] = build_network(ec2, specimen.network, place.region)
        return self._networks[known]

    def _settle_agent(self, specimen: Specimen, place: Place, instance: str) -> None:
        fleet = self._cloud.fleet
        if specimen.agent == "absent":
            fleet.kept_out.add(instance)
        if specimen.agent in ("absent", "refused"):
            return
        host = load_host(specimen.host)
        found = ec2_backends[place.account][place.region].get_instance(instance)
        fleet.add(described(place, found, host), materialize(host.name, fleet.directory / instance))
        changes: dict[str, Any] = {"patch_state": specimen.patch_state}
        if specimen.agent == "old":
            changes["agent_version"] = OLD_AGENT
        elif specimen.agent == "connection_lost":
            changes |= {"agent_state": "connection_lost", "last_ping_at": dt.datetime.now(dt.UTC) - SILENT_SINCE}
        fleet.change(instance, **changes)

    def _switch_default_host_management_on(self, name: str) -> None:
        account, region, _ = name.split("/")
        ssm = self._client(Place(account, region), "ssm")
        ssm.update_service_setting(SettingId=DEFAULT_HOST_MANAGEMENT, SettingValue=MANAGEMENT_ROLE)

    def _exempt(self, name: str) -> None:
        now = dt.datetime.now(dt.UTC)
        entry = {
            "id": "prepared-exemption",
            "scope": {"instance_id": name.rpartition("/")[2]},
            "owner": "owner@example.com",
            "approver": "approver@example.com",
            "reason": "Its vendor manages it by other means until the contract ends.",
            "approved_at": _moment(now - dt.timedelta(days=1)),
            "expires_at": _moment(now + dt.timedelta(days=60)),
        }
        body = json.dumps({"schema": 1, "exemptions": [entry]}).encode()
        s3 = self._cloud.hub_session().client("s3")
        s3.put_object(Bucket=self._cloud.central.data_bucket, Key=EXEMPTIONS, Body=body)


def _request(specimen: Specimen, network: Network, image: str) -> dict[str, Any]:
    """RunInstances of one instance, without its profile."""
    tags = {
        "Name": specimen.label,
        EXPECTED: specimen.key,
        **({EXPECTED_DISAGREEMENT: specimen.disagreement} if specimen.disagreement else {}),
        **dict(specimen.tags),
    }
    interface = {
        "DeviceIndex": 0,
        "SubnetId": network.subnet,
        "Groups": [network.security_group],
        "AssociatePublicIpAddress": network.kind == "public" and specimen.fault != "public_address_missing",
    }
    return {
        "ImageId": image,
        "InstanceType": INSTANCE_TYPE,
        "MinCount": 1,
        "MaxCount": 1,
        "NetworkInterfaces": [interface],
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": specimen.metadata},
        "TagSpecifications": [
            {"ResourceType": "instance", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        ],
        **({"Operator": {"Principal": specimen.operator}} if specimen.operator else {}),
    }


def _profile_of(name: str | None) -> dict[str, Any]:
    return {"IamInstanceProfile": {"Name": name}} if name else {}


def _moment(at: dt.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
