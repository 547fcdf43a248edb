"""When an agent registers with Systems Manager: as soon as it finds that its instance's role lets it.

It learns its role from the instance's metadata service; where that role does not let it, the role of Default Host
Management Configuration does, if the account has one in that region ("Managing EC2 instances automatically with Default
Host Management Configuration", Systems Manager user guide). Whether there is an agent, and a way for it to Systems
Manager, is not judged here: who launches an instance without them says so (Fleet.kept_out).

On EC2 the agent tries when it starts, and after a refusal again in 5 minutes, then after twice as long each time, up to
an hour (the agent's source, core/app/credentialrefresher/credentialrefresher_deps.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from emulator.front_door.limits import simulate_role
from emulator.hosts.catalog import host_names, load_host
from emulator.hosts.materialize import materialize
from emulator.hosts.organization import Instance, image_id_for

if TYPE_CHECKING:
    from emulator.events.courier import Courier
    from emulator.events.shapes import Place
    from emulator.fleet import Fleet
    from emulator.hosts.catalog import HostDefinition

FIRST_TRY_SECONDS: Final = 60.0
REFUSED_SECONDS: Final = 300.0
MOST_REFUSED_SECONDS: Final = 3600.0
NEEDED_ACTION: Final = "ssm:UpdateInstanceInformation"
USUAL_HOST: Final = "amazon_linux_2023_default"
"""What stands behind an instance whose image belongs to no example host."""


class Registration:
    """Follows every instance that starts, until its agent has registered or the instance is gone."""

    def __init__(self, fleet: Fleet, courier: Courier) -> None:
        self._fleet = fleet
        self._courier = courier

    def instance_started(self, place: Place, instance_id: str) -> None:
        """The agent on an instance starts."""
        self._courier.carry(lambda: self._try(place, instance_id, REFUSED_SECONDS), FIRST_TRY_SECONDS, is_event=False)

    def _try(self, place: Place, instance_id: str, again_after: float) -> None:
        found = ec2_backends[place.account][place.region].get_instance_by_id(instance_id)
        if found is None or found.state != "running" or found.platform == "windows":
            return
        if any(instance_id == agent.instance_id for agent in self._fleet.hosts(*place)):
            return
        if instance_id not in self._fleet.kept_out and may_register(self._fleet, place, found):
            host = host_of_image(place.region, found.image_id)
            directory = self._fleet.directory / instance_id
            self._fleet.add(described(place, found, host), materialize(host.name, directory))
            return
        next_after = min(again_after * 2, MOST_REFUSED_SECONDS)
        self._courier.carry(lambda: self._try(place, instance_id, next_after), again_after, is_event=False)


def may_register(fleet: Fleet, place: Place, instance: Any) -> bool:
    """Whether an instance has credentials with which its agent can register."""
    if instance.metadata_options.http_endpoint != "enabled":
        return False
    return role_lets(place, instance) or fleet.settings.default_host_management(*place) is not None


def role_lets(place: Place, instance: Any) -> bool:
    """Whether the role in an instance's profile allows what an agent needs to register, and nothing above denies it."""
    association = ec2_backends[place.account][place.region].iam_instance_profile_associations.get(instance.id)
    if association is None:
        return False
    profile = association.iam_instance_profile
    # Looked up again: the profile's role can have changed since.
    known = next(
        (
            one
            for one in iam_backends[place.account][profile.partition].instance_profiles.values()
            if one.arn == profile.arn
        ),
        None,
    )
    roles = known.roles if known is not None else []
    return any(simulate_role(role.arn, NEEDED_ACTION).decision == "allowed" for role in roles)


def host_of_image(region: str, image_id: str) -> HostDefinition:
    """The example host that an image stands for."""
    for name in host_names():
        host = load_host(name)
        if image_id_for(region, host.image_name) == image_id:
            return host
    return load_host(USUAL_HOST)


def described(place: Place, instance: Any, host: HostDefinition) -> Instance:
    """An instance that was launched here, as the fleet knows those of the organization's file."""
    tags = {tag["key"]: tag["value"] for tag in instance.get_tags()}
    return Instance(
        name=tags.get("Name", instance.id),
        instance_id=instance.id,
        account_id=place.account,
        account_name=place.account,
        region=place.region,
        state="running",
        platform="Linux",
        platform_name=host.platform_name,
        platform_version=host.platform_version,
        image_id=instance.image_id,
        image_name=host.image_name,
        host=host.name,
        tags=tags,
    )
