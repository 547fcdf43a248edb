"""Every fault of a host by its name: what it is, and what of the host it changes.

A fault whose name is a folder of `programs/` puts that folder's programs before the host's own; that is all that a
hostile host is made of here. What they answer is no business of the agent stand-in, which runs what the host has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.agent.host import AgentState

CLOSED_PORT = "http://127.0.0.1:9"
"""Discard's port: nobody listens there, so that a connection is refused at once."""


@dataclass(frozen=True)
class HostFault:
    """One fault.

    Attributes:
        sentence: What the host does.
        agent_state: What becomes of its agent.
        environment: Variables of the agent's service.
        lacks: Programs that are not installed.
    """

    sentence: str
    agent_state: AgentState = "online"
    environment: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()


HOST_FAULTS: Mapping[str, HostFault] = {
    "scanner_crashes": HostFault("The scanner dies of a segmentation fault."),
    "scanner_hangs": HostFault("The scanner ignores polite signals and never ends."),
    "scanner_prints_10_mb": HostFault("The scanner prints 10 MB on each of its two streams before the result."),
    "scanner_leaves_child": HostFault("The scanner starts a process in a session of its own that wants to outlive it."),
    "scanner_fills_directory": HostFault("The scanner writes file after file into its private directory."),
    "no_curl": HostFault("curl is not installed, GNU wget or python3 is.", lacks=("curl",)),
    "no_download_tool": HostFault("None of curl, wget and python3 is installed.", lacks=("curl", "wget", "python3")),
    "no_path_to_s3": HostFault(
        "The way to S3 leads through a proxy that refuses every connection.",
        environment={"http_proxy": CLOSED_PORT, "https_proxy": CLOSED_PORT},
    ),
    "bundle_changed": HostFault("What it fetches is not the published bundle: a line was added."),
    "clock_ahead": HostFault("The host's clock is a day ahead."),
    "agent_silent": HostFault("SSM believes the agent to be online, but it takes no command.", "silent"),
    "agent_goes_offline": HostFault("The agent takes the command, and nothing more is ever heard.", "goes_offline"),
    "connection_lost": HostFault("SSM knows that the agent has lost its connection.", "connection_lost"),
    "terminated_before_delivery": HostFault("The instance is gone before its command is delivered.", "terminated"),
    "result_differs_from_hash": HostFault("It sends another body under the announced key, and under its own hash."),
    "result_under_neighbours_key": HostFault("It sends its result under another instance of the same batch."),
    "second_result": HostFault("It sends a second result beside the announced one."),
    "floods_intake": HostFault("It sends 200 more objects under its batch's prefix."),
    "gzip_bomb": HostFault("Its result has under 1 MB, and 200 MB when it is expanded."),
    "digest_lies": HostFault("The verdicts of its digest are the opposite of those of its result."),
    "digest_of_other_profile": HostFault("Its digest names a profile that nobody asked for."),
    "digest_forged_lines": HostFault("It tells several digests, and reasons between them."),
    "reason_invented": HostFault("Its step Run fails with a reason code that says it was verified."),
    "evidence_hostile": HostFault(
        "Its evidence holds control characters, terminal escapes, markup, formulas, right-to-left marks and 1 MB lines."
    ),
}
