"""SSM Agent's distributions, by the names that publishers give their images."""

from __future__ import annotations

import pytest

from fleetdx.coverage.agents import Image, install_command, is_supported

REGION = "ap-northeast-2"


@pytest.mark.parametrize(
    ("name", "architecture", "begins", "holds"),
    [
        ("al2023-ami-2023.9.20261110.0-kernel-6.12-x86_64", "x86_64", "sudo yum install", "amazon-ssm-agent"),
        ("amzn2-ami-kernel-5.10-hvm-2.0.20261101.0-arm64-gp2", "arm64", "sudo yum install", "amazon-ssm-agent"),
        ("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261101", "x86_64", "sudo snap", "--classic"),
        ("debian-12-amd64-20261101-1922", "x86_64", "curl", "/debian_amd64/amazon-ssm-agent.deb"),
        (
            "RHEL-9.6.0_HVM-20261001-x86_64-0-Hourly2-GP3",
            "x86_64",
            "sudo dnf",
            f"amazon-ssm-{REGION}/latest/linux_amd64",
        ),
        ("Rocky-9-EC2-Base-9.6-20261101.0.aarch64", "arm64", "sudo dnf", "/linux_arm64/"),
        ("CentOS Linux 7 x86_64 HVM EBS", "x86_64", "sudo yum", "/linux_amd64/"),
        ("suse-sles-15-sp7-v20261101-hvm-ssd-x86_64", "x86_64", "sudo rpm", "/linux_amd64/"),
    ],
)
def test_each_distribution_has_its_own_command(name: str, architecture: str, begins: str, holds: str) -> None:
    """The package manager, the region's own bucket and the processor are those of the image."""
    command = install_command(Image("ami-1", name, architecture), REGION)
    assert command is not None
    assert command.startswith(begins)
    assert holds in command


def test_an_unknown_name_gets_no_command_and_counts_as_supported() -> None:
    """An image of one's own says nothing of its distribution, and nothing is guessed."""
    image = Image("ami-1", "golden-image-47", "x86_64")
    assert install_command(image, REGION) is None
    assert is_supported(image)


def test_systems_without_linux_are_not_supported() -> None:
    """FreeBSD has no agent."""
    assert not is_supported(Image("ami-1", "FreeBSD 14.1-RELEASE-amd64 UFS", "x86_64"))
