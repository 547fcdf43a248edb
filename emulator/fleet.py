"""The hosts behind the embedded instances, and which of them an agent answers for."""

from __future__ import annotations

import dataclasses
import shutil
from typing import TYPE_CHECKING

from emulator.agent.host import Host as AgentHost
from emulator.agent.leftovers import OWNER
from emulator.agent.settings import ServiceSettings
from emulator.faults.hosts.breaking import broken
from emulator.hosts.materialize import materialize
from emulator.hosts.organization import Instance, image_id_for, instance_id_for
from emulator.hosts.roots import Host, host_for_directory, this_machine

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.hosts.organization import Organization


class Fleet:
    """Every agent of the embedded organization; the registry that the SSM seam asks.

    Attributes:
        directory: Where trees and run directories of the hosts lie.
        settings: Systems Manager's settings, which can let an instance without rights of its own register.
        kept_out: Instances from which nothing reaches Systems Manager: without an agent, or without a way to it.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.settings = ServiceSettings()
        self.kept_out: set[str] = set()
        self._agents: dict[tuple[str, str], dict[str, AgentHost]] = {}
        self._healthy: dict[str, AgentHost] = {}

    def add(self, instance: Instance, host: Host) -> None:
        """Put an agent on an instance."""
        # Its own directory for each, since one example host can stand behind several instances.
        run_directory = self.directory / instance.instance_id / "run"
        run_directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        agent = AgentHost(
            instance_id=instance.instance_id,
            account=instance.account_id,
            region=instance.region,
            run_directory=run_directory,
            platform_name=host.platform_name,
            platform_version=host.platform_version,
            environment={**host.environment, OWNER: str(self.directory.parent)},
        )
        self.put(agent)

    def put(self, agent: AgentHost) -> None:
        """Add an agent as it is."""
        self._agents.setdefault((agent.account, agent.region), {})[agent.instance_id] = agent

    def hosts(self, account: str, region: str) -> list[AgentHost]:
        """The hosts with an agent in one account and region."""
        return list(self._agents.get((account, region), {}).values())

    def names(self) -> list[str]:
        """Every instance with an agent, as account/region/id."""
        return [f"{account}/{region}/{name}" for (account, region), agents in self._agents.items() for name in agents]

    def change(self, instance_id: str, **changes: object) -> None:
        """Change an agent, for instance `agent_state="silent"`.

        Raises:
            KeyError: No agent runs on that instance.
        """
        agents = self._beside(instance_id)
        agents[instance_id] = dataclasses.replace(agents[instance_id], **changes)  # type: ignore[arg-type]

    def break_host(self, instance_id: str, fault: str) -> None:
        """Give a host a fault of emulator/faults/hosts/, in place of any that it has, until it is mended.

        Raises:
            KeyError: No agent runs on that instance.
            UnknownFault: There is no fault of that name.
        """
        agents = self._beside(instance_id)
        healthy = self._healthy.get(instance_id, agents[instance_id])
        neighbors = [other for other in agents if other != instance_id]
        agents[instance_id] = broken(healthy, fault, self.directory / instance_id / "programs", neighbors)
        self._healthy[instance_id] = healthy

    def mend_host(self, instance_id: str) -> None:
        """Make a host as it was before it was broken; a healthy one stays as it is.

        Raises:
            KeyError: No agent runs on that instance.
        """
        agents = self._beside(instance_id)
        agents[instance_id] = self._healthy.pop(instance_id, agents[instance_id])
        shutil.rmtree(self.directory / instance_id / "programs", ignore_errors=True)

    def _beside(self, instance_id: str) -> dict[str, AgentHost]:
        """The agents of the account and region that an instance is in, by instance id."""
        for agents in self._agents.values():
            if instance_id in agents:
                return agents
        raise KeyError(instance_id)


def populate(fleet: Fleet, organization: Organization) -> None:
    """Give every running instance with a host behind it an agent on that host."""
    for instance in organization.instances:
        if instance.state != "running" or instance.host is None:
            continue
        if instance.is_this_machine:
            fleet.add(instance, this_machine())
        else:
            fleet.add(instance, materialize(instance.host, fleet.directory / instance.instance_id))


def instance_for_root(organization: Organization, directory: Path) -> tuple[Instance, Host]:
    """An unpacked root as an instance of the first member account in the first region.

    Raises:
        RootError: The directory is no root of a Linux distribution.
    """
    host = host_for_directory(directory)
    account = next(account for account in organization.members if account.status == "ACTIVE")
    region = organization.regions[0]
    instance = Instance(
        name=directory.name or str(directory),
        instance_id=instance_id_for(account.id, region, f"root {host.name}"),
        account_id=account.id,
        account_name=account.name,
        region=region,
        state="running",
        platform="Linux",
        platform_name=host.platform_name,
        platform_version=host.platform_version,
        image_id=image_id_for(region, host.image_name),
        image_name=host.image_name,
        host=host.name,
        tags={"Name": directory.name or str(directory)},
    )
    return instance, host
