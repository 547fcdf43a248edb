"""What a synthetic host can do wrong, and what has to become of it in the ledger of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.agent.host import AgentState

Conduct = Literal[
    "sound",
    "no_path_to_s3",
    "scanner_hangs",
    "result_differs_from_hash",
    "result_under_neighbours_key",
    "digest_garbled",
    "digest_lies",
]
"""How the host itself behaves; the names are those of emulator/faults/hosts/, where there are such."""


class Wrong(NamedTuple):
    """A host that is not well.

    Attributes:
        state: Its ledger state in the end.
        reason: Its reason code there.
        conduct: What its scan does.
        agent_state: What its agent does.
        strays: Objects that it leaves in the intake and that are no instance's.
    """

    state: str
    reason: str
    conduct: Conduct = "sound"
    agent_state: AgentState = "online"
    strays: int = 0


WRONGS: Final[Mapping[str, Wrong]] = {
    "terminated_before_delivery": Wrong("scan_failed", "undeliverable", agent_state="terminated"),
    "agent_silent": Wrong("scan_failed", "delivery_timed_out", agent_state="silent"),
    "agent_goes_offline": Wrong("scan_failed", "delivery_timed_out", agent_state="goes_offline"),
    "connection_lost": Wrong("not_managed", "agent_not_reporting", agent_state="connection_lost"),
    # Unless S3 alone is asked for, it goes on inline.
    "no_path_to_s3": Wrong("scanned", "verified", "no_path_to_s3"),
    "scanner_hangs": Wrong("scan_failed", "scanner_timed_out", "scanner_hangs"),
    "result_differs_from_hash": Wrong("scanned", "evidence_not_received", "result_differs_from_hash", strays=1),
    "result_under_neighbours_key": Wrong("scanned", "evidence_not_received", "result_under_neighbours_key", strays=1),
    "digest_garbled": Wrong("scan_failed", "bad_digest", "digest_garbled", strays=1),
    "digest_lies": Wrong("scan_failed", "result_contradicts_digest", "digest_lies"),
}
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "terminated": ("terminated_before_delivery",),
    "offline": ("agent_silent", "agent_goes_offline", "connection_lost"),
    "closed": ("no_path_to_s3",),
    "hanging": ("scanner_hangs",),
    "hostile": ("result_differs_from_hash", "result_under_neighbours_key", "digest_garbled", "digest_lies"),
}
"""What a fault mix gives shares of; the instances of a kind take turns with its wrongs."""
