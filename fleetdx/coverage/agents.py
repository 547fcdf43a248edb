"""Which images SSM Agent is made for, and how it is installed on them. Pure.

Sources: Systems Manager's guide, "Supported operating systems and machine types" and "Manually installing SSM Agent on
EC2 instances for Linux"; the names of images are those that their publishers give them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

UNSUPPORTED_NAMES = ("freebsd", "openbsd", "netbsd", "pfsense", "opnsense")
"""Systems without Linux, of which the guide's list of operating systems has none."""


class Image(NamedTuple):
    """An AMI: its id, its name, and what it runs on (x86_64 or arm64)."""

    id: str
    name: str
    architecture: str


class _Way(NamedTuple):
    names: re.Pattern[str]
    command: str


_RPM = "sudo {tool} install -y https://s3.{region}.amazonaws.com/amazon-ssm-{region}/latest/linux_{chip}/amazon-ssm-agent.rpm"
_ENABLE = " && sudo systemctl enable --now amazon-ssm-agent"
_WAYS = (
    _Way(re.compile(r"al2023|al2022|amzn2|amazon.?linux"), "sudo yum install -y amazon-ssm-agent" + _ENABLE),
    _Way(re.compile(r"ubuntu"), "sudo snap install amazon-ssm-agent --classic && sudo snap start amazon-ssm-agent"),
    _Way(
        re.compile(r"debian"),
        "curl -fsSLO https://s3.{region}.amazonaws.com/amazon-ssm-{region}/latest/debian_{chip}/amazon-ssm-agent.deb"
        " && sudo dpkg -i amazon-ssm-agent.deb" + _ENABLE,
    ),
    _Way(re.compile(r"centos.*\b7\b|rhel.?7"), _RPM.replace("{tool}", "yum") + _ENABLE),
    _Way(re.compile(r"rhel|red.?hat|rocky|alma|centos|oracle|\bol[89]"), _RPM.replace("{tool}", "dnf") + _ENABLE),
    _Way(re.compile(r"sles|suse"), _RPM.replace("{tool} install -y", "rpm -Uvh") + _ENABLE),
)


def is_supported(image: Image) -> bool:
    """Whether SSM Agent is made for an image, as far as its name tells; an unknown name counts as supported."""
    return not any(name in image.name.lower() for name in UNSUPPORTED_NAMES)


def install_command(image: Image, region: str) -> str | None:
    """How SSM Agent is installed on an image; None where its name does not tell the distribution."""
    for way in _WAYS:
        if way.names.search(image.name.lower()):
            chip = "arm64" if image.architecture == "arm64" else "amd64"
            return way.command.format(region=region, chip=chip)
    return None
