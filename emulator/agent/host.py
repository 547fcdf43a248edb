"""A host as the agent stand-in sees it: what it reports about itself, and where its /run really lies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import datetime as dt
    import threading
    from collections.abc import Callable, Mapping

    from emulator.agent.document import Document
    from emulator.agent.runner import StepResult, StepStatus

AgentState = Literal["online", "silent", "connection_lost", "goes_offline", "terminated"]
PatchState = Literal["COMPLIANT", "NON_COMPLIANT"]

DEFAULT_AGENT_VERSION = "3.3.987.0"
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The search path of a service on most distributions, hence of a script that the agent runs."""


class Replay(Protocol):
    """What stands for a host's processes where there are none."""

    def seconds_at_work(self, values: Mapping[str, str]) -> float:
        """How long the host works on a document with these values, in seconds of the scaled clock."""

    def run(
        self,
        document: Document,
        host: Host,
        values: Mapping[str, str],
        command_id: str,
        cancelled: threading.Event,
        report: Callable[[StepResult], None],
    ) -> StepStatus:
        """As `run_document`, at once: the host's time is over when this is called."""


@dataclass(frozen=True)
class Host:
    """One node with an agent.

    Attributes:
        instance_id: `i-...` for EC2, `mi-...` for a hybrid node.
        account: Twelve digits.
        region: AWS's name of it.
        run_directory: The real directory that stands for the host's /run.
        platform_type: `Linux`, `Windows` or `MacOS`, as DescribeInstanceInformation has it.
        platform_name: `Amazon Linux`, `Ubuntu`, ...
        platform_version: `2023`, `24.04`, ...
        agent_version: Four numbers with dots.
        agent_state: `online` runs commands; `silent` still counts as online, as a host does that died a moment ago, but
            takes no command; `connection_lost` takes none either, and Systems Manager knows it. `goes_offline` takes a
            command and is never heard of again; `terminated` is still listed, but gone when a command is delivered.
        environment: The environment of the agent's service on that host, from which every script inherits.
        honors_on_failure: Whether the agent stops a document at a failed step that says `onFailure: exit`. Agents
            before 3.0.502 do not, and documents have to be safe under those too: so the default is that it goes on.
        patch_state: What a scan for patches found; None where there was none.
        last_ping_at: When it was last heard of; None: a moment ago.
        replay: What it answers instead of running anything; None for a host whose documents run as real processes.
    """

    instance_id: str
    account: str
    region: str
    run_directory: Path
    platform_type: str = "Linux"
    platform_name: str = "Amazon Linux"
    platform_version: str = "2023"
    agent_version: str = DEFAULT_AGENT_VERSION
    agent_state: AgentState = "online"
    environment: dict[str, str] = field(default_factory=dict)
    honors_on_failure: bool = False
    patch_state: PatchState | None = None
    last_ping_at: dt.datetime | None = None
    replay: Replay | None = None

    @property
    def ping_status(self) -> str:
        """What Systems Manager says of the agent: `Online` or `ConnectionLost`."""
        return "ConnectionLost" if self.agent_state == "connection_lost" else "Online"

    @property
    def answers(self) -> bool:
        """Whether a command for it gets as far as an attempt to deliver it."""
        return self.agent_state not in ("silent", "connection_lost")

    @property
    def is_hybrid(self) -> bool:
        """Whether this is a machine outside EC2 that was activated by hand."""
        return self.instance_id.startswith("mi-")

    def path_of(self, path: str) -> Path:
        """Where a path of the host really lies: below /run in `run_directory`, anything else where it says."""
        try:
            return self.run_directory / PurePosixPath(path).relative_to("/run")
        except ValueError:
            return Path(path)

    def agent_is_at_least(self, version: str) -> bool:
        """Whether the agent is this version or newer."""
        return _numbers(self.agent_version) >= _numbers(version)


class HostRegistry(Protocol):
    """Who has an agent in an account and region; asked anew each time, since hosts come and go."""

    def hosts(self, account: str, region: str) -> list[Host]:
        """The hosts with an agent, connected or not."""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]+", version))
