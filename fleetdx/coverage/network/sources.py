"""Where an instance's packets start: its network interfaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.coverage.network.reading import FactMissing, address, number, part, rows, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.coverage.network.boxes import Span
    from fleetdx.coverage.network.reading import Row

LINUX_PORTS: Span = (32768, 60999)
"""From which ports connections start: the kernel's ip_local_port_range by default (Documentation/networking)."""
WINDOWS_PORTS: Span = (49152, 65535)
"""The same of Windows since Server 2008 (IANA's dynamic ports, RFC 6335)."""


class Source(NamedTuple):
    """One interface of an instance.

    Attributes:
        name: The interface's id.
        vpc: Its VPC's.
        subnet: Its subnet's.
        address: Its primary private IPv4 address.
        groups: Ids of its security groups.
        public_address: Its public IPv4 address; empty where it has none.
        ports: From which connections usually start.
    """

    name: str
    vpc: str
    subnet: str
    address: int
    groups: frozenset[str]
    public_address: str
    ports: Span


class OnlyIpv6(Exception):
    """The interface has no IPv4 address."""


def sources_of(instance: Mapping[str, Any]) -> list[Source]:
    """The interfaces of an instance; the first is the primary one, through which the default route leads.

    Raises:
        FactMissing: Something of them is not described.
        OnlyIpv6: One of them has no IPv4 address.
    """
    interfaces = rows(instance, "NetworkInterfaces")
    if not interfaces:
        raise FactMissing(f"{text(instance, 'InstanceId')} has no network interface")
    windows = str(instance.get("Platform") or "").lower() == "windows"
    ordered = sorted(interfaces, key=lambda one: number(part(one, "Attachment"), "DeviceIndex"))
    return [_source(one, WINDOWS_PORTS if windows else LINUX_PORTS) for one in ordered]


def _source(interface: Row, ports: Span) -> Source:
    if not interface.get("PrivateIpAddress") and interface.get("Ipv6Addresses"):
        raise OnlyIpv6(text(interface, "NetworkInterfaceId"))
    return Source(
        name=text(interface, "NetworkInterfaceId"),
        vpc=text(interface, "VpcId"),
        subnet=text(interface, "SubnetId"),
        address=address(interface, "PrivateIpAddress"),
        groups=frozenset(text(group, "GroupId") for group in rows(interface, "Groups")),
        public_address=str(part(interface, "Association").get("PublicIp") or ""),
        ports=ports,
    )
