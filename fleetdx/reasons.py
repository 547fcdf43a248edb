"""The documented reason codes: of ledger lines, of the ends of mending, and of what becomes of events.

They are kept in reasons.json, which docs/reasons.md is written from. Contract tests hold it against the sources: each
code that anything tells is in it, and nothing else is.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

from fleetdx.models import LedgerKind, LedgerState, LocalizedText

if TYPE_CHECKING:
    from collections.abc import Mapping

UNEXPECTED = "unexpected"
"""The code of whatever no other code stands for; always a gap."""


class Reason(TypedDict):
    """What is known of one reason code."""

    kinds: list[LedgerKind]
    """The kinds of ledger line that carry it; none where mending or events alone tell it."""
    states: list[LedgerState]
    outcomes: NotRequired[list[str]]
    """How an execution of ensure_ssm_ready ends with it, or what becomes of an event."""
    gap: bool
    told_by: list[str]
    """`host/STEP`, `ssm`, `error/ASL_ERROR_NAME`, `function/NAME` or `anything_else`."""
    retried: bool
    """Whether it is tried again without the operator; the ledger carries it only if that did not help."""
    coming: NotRequired[bool]
    """Documented before anything tells it."""
    cause: LocalizedText
    remedy: LocalizedText


@functools.lru_cache(maxsize=1)
def reasons() -> Mapping[str, Reason]:
    """Every documented reason by its code, in the order of the file; read once a process, and not to be changed."""
    text = resources.files("fleetdx").joinpath("reasons.json").read_text(encoding="utf-8")
    return cast("Mapping[str, Reason]", json.loads(text)["reasons"])


def is_documented(code: str) -> bool:
    """Whether a reason code is one of the documented ones."""
    return code in reasons()


def goes_with(code: str, kind: LedgerKind, state: LedgerState) -> bool:
    """Whether a code is documented for this kind of ledger line in this state."""
    return is_documented(code) and kind in reasons()[code]["kinds"] and state in reasons()[code]["states"]


def is_told_by(code: str, teller: str) -> bool:
    """Whether a code is documented as one that this teller tells; see `Reason.told_by`."""
    return is_documented(code) and teller in reasons()[code]["told_by"]
