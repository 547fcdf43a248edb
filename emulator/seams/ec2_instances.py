"""Seam in moto's EC2: instances and images show what a sweep asks them for.

moto 5.2.5 knows neither PlatformDetails nor Operator of an instance, forgets the other metadata options where one is
modified, shows no security group where none was asked for, and knows no public image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from moto.ec2.exceptions import InvalidAMIIdError
from moto.ec2.models.amis import Ami, AmiBackend
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.responses.instances import InstanceResponse

from emulator.hosts.organization import image_id_for
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PUBLISHER: Final = "000000000000"
"""Owner of the public images; on AWS each distribution has an account of its own."""
_METADATA: Final = {
    "http_tokens": "http_tokens",
    "hop_limit": "http_put_response_hop_limit",
    "http_endpoint": "http_endpoint",
    "http_protocol": "http_protocol_ipv6",
    "metadata_tags": "instance_metadata_tags",
}


def install(image_names: Iterable[str]) -> Callable[[], None]:
    """Replace what moto shows; the answer undoes it.

    Args:
        image_names: Public images that every account sees, with ids of their own in each region.
    """
    patches = Patches()
    _describe_instances(patches)
    _describe_images(patches, tuple(dict.fromkeys(image_names)))
    return patches.undo


def _describe_instances(patches: Patches) -> None:
    run, launch = InstanceBackend.run_instances, InstanceResponse.run_instances

    def platform_details(self: Any) -> str:
        return "Windows" if str(self.platform or "").lower() == "windows" else "Linux/UNIX"

    def run_instances(self: Any, *given: Any, **named: Any) -> Any:
        reservation = run(self, *given, **named)
        for instance in reservation.instances:
            # An instance of its own wish has no group: the interface has the VPC's default one.
            instance.security_groups = instance.security_groups or list(instance.nics[0].group_set)
        return reservation

    def launch_instances(self: Any) -> Any:
        answer = launch(self)
        principal = (self._get_param("Operator") or {}).get("Principal")
        for instance in answer.result.instances if principal else ():
            instance.operator = {"Managed": True, "Principal": principal}
        return answer

    patches.add(Instance, "platform_details", property(platform_details))
    patches.add(Instance, "operator", {"Managed": False})
    patches.replace(InstanceBackend, "run_instances", run_instances)
    patches.replace(InstanceResponse, "run_instances", launch_instances)
    patches.replace(InstanceBackend, "modify_instance_metadata_options", _modify_metadata_options)


def _modify_metadata_options(self: Any, instance_id: str, **changed: Any) -> Any:
    """Change what is named, and leave the other options as they are."""
    options = self.get_instance(instance_id).metadata_options
    for name, attribute in _METADATA.items():
        if changed.get(name) is not None:
            setattr(options, attribute, changed[name])
    return options


def _describe_images(patches: Patches, names: tuple[str, ...]) -> None:
    load, describe = AmiBackend._load_amis, AmiBackend.describe_images

    def load_images(self: Any) -> None:
        load(self)
        for name in names:
            image = image_id_for(self.region_name, name)
            platform = "windows" if name.startswith("Windows") else None
            more = {"virtualization_type": "hvm", "architecture": "x86_64", "root_device_type": "ebs"}
            self.amis[image] = Ami(
                self,
                image,
                name=name,
                description=name,
                owner_id=PUBLISHER,
                public=True,
                platform=platform,
                region_name=f"{self.region_name}a",
                **more,
            )

    def describe_images(self: Any, ami_ids: list[str] | None = None, *given: Any, **named: Any) -> Any:
        unknown = [one for one in ami_ids or () if one not in self.amis and one not in self.deleted_amis]
        # EC2 refuses the whole call for one id that it does not know.
        if unknown and all(one.startswith("ami-") for one in ami_ids or ()):
            raise InvalidAMIIdError(unknown)
        return describe(self, ami_ids, *given, **named)

    patches.replace(AmiBackend, "_load_amis", load_images)
    patches.replace(AmiBackend, "describe_images", describe_images)
