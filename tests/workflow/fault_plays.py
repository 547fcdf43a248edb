"""Cells of the fault matrix, played and judged."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emulator.faults.rules import INVOKE, CallFacts
from tests.workflow.fault_cells import OUTCOMES, SUCCESS, TOLERATED
from tests.workflow.recorded_chain import Chain, Objects, Step, another_run, comparable, without_passing
from tools.sources import machines, states_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.workflow.fault_cells import Cell


@dataclass
class Played:
    """A step as it went.

    Attributes:
        run: The run that it was played in.
        outcomes: What each try came to.
        output: The last one's output.
        after: What lies in the buckets.
        calls: Every call of every try.
        first_calls: Those of the first try.
        effects: How many effects outside of S3 (commands, messages) the run has had.
    """

    run: str
    outcomes: list[str]
    output: dict[str, Any] | None
    after: Objects
    calls: list[CallFacts]
    first_calls: list[CallFacts]
    effects: int

    @functools.cached_property
    def told(self) -> bytes:
        """Output and objects as one text."""
        output = json.dumps(self.output, separators=(",", ":")).replace(self.run, "r" * len(self.run))
        objects = sorted(comparable(self.after, self.run).items())
        return b"\n".join(
            [without_passing(output.encode()), *(f"{bucket}/{key} ".encode() + body for (bucket, key), body in objects)]
        )


def play(chain: Chain, step: Step, effects: Callable[[str], int], cell: Cell | None = None) -> Played:
    """Play a step in a run of its own, and repeat it as its state's Retry does; the fault ends with the first try."""
    own = step.in_run(another_run(step.run))
    chain.put(own.before)
    faults = chain.cloud.faults
    faults.clear()
    if cell is not None:
        faults.add(cell.rule(own.run))
    outcomes: list[str] = []
    first_calls: list[CallFacts] = []
    with faults.overheard() as heard:
        while not outcomes or _is_repeated(step.function, outcomes):
            invoked = chain.invoke(step.function, own.payload)
            if not outcomes:
                first_calls = _without_invocations(heard)
                assert cell is None or faults.struck()[0][1], f"{cell} did not happen"
                faults.clear()
            outcomes.append(invoked.error or SUCCESS)
    after = chain.objects_of(own.run)
    calls = _without_invocations(heard)
    return Played(own.run, outcomes, invoked.output, after, calls, first_calls, effects(own.run))


def _without_invocations(heard: list[CallFacts]) -> list[CallFacts]:
    return [facts for facts in heard if facts.call != INVOKE]


def _is_repeated(function: str, outcomes: list[str]) -> bool:
    """Whether the Retry of the function's state repeats it after these outcomes."""
    for retrier in _retriers(function):
        if outcomes[-1] in retrier["ErrorEquals"]:
            return sum(one in retrier["ErrorEquals"] for one in outcomes) <= int(retrier["MaxAttempts"])
    return False


@functools.cache
def _retriers(function: str) -> list[dict[str, Any]]:
    state = next(one for machine in machines().values() for one in states_of(machine) if one.function == function)
    found: list[dict[str, Any]] = state.fields["Retry"]
    return found


def problems(step: Step, cell: Cell, played: Played, undisturbed: Played) -> list[str]:
    """What is wrong with a cell, played with its fault and undisturbed; nothing where it has survived."""
    found = []
    first, last = played.outcomes[0], played.outcomes[-1]
    expected = set(OUTCOMES[cell.fault])
    if SUCCESS in expected:
        expected.add(undisturbed.outcomes[0])
    if (step.function, cell.facts.call) in TOLERATED:
        expected.add(SUCCESS)
    if cell.lasting and SUCCESS in expected and (step.function, cell.facts.call) not in TOLERATED:
        expected.remove(SUCCESS)
    if first not in expected:
        found.append(f"the first try comes to {first}")
    if last != SUCCESS and last not in OUTCOMES[cell.fault]:
        found.append(f"after {len(played.outcomes)} tries it comes to {last}")
    if last == SUCCESS:
        found += _differences(played, undisturbed)
    if played.effects > 1:
        found.append(f"{played.effects} effects")
    found += [f"writes {facts.resource}" for facts in played.calls if _strays(facts, played.run)]
    return [f"{step.function}: {cell}: {one} ({' '.join(played.outcomes)})" for one in found]


def _differences(played: Played, undisturbed: Played) -> list[str]:
    found = []
    ours, theirs = played.told, undisturbed.told
    if b':"unsent"' in ours:
        # A message that may not have arrived is told as such: that is all that may differ.
        ours = ours.replace(b':"unsent"', b':"sent"')
    elif played.effects != undisturbed.effects:
        found.append(f"{played.effects} effects instead of {undisturbed.effects}")
    if ours != theirs:
        place = next((index for index, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), len(theirs))
        start = max(0, place - 60)
        found.append(f"ends differently: {ours[start : place + 60]!r} instead of {theirs[start : place + 60]!r}")
    return found


def _strays(facts: CallFacts, run: str) -> bool:
    """Whether a call writes what is neither its run's nor a history or what a feed has told, which all runs share."""
    writes = facts.call.startswith("s3:") and not re.match("s3:(Get|Head|List)", facts.call)
    _, _, key = facts.resource.removeprefix("/").partition("/")
    its_own = rf"runs/{run}/|results/day=[^/]+/account=\d+/region=[^/]+/{run}-|(ledgers|changes)/{run}\.jsonl\.gz$"
    shared = (
        r"(history|feeds)/[a-z0-9_]+(/groups)?/\d{12}\.jsonl\.gz$"
        r"|imports/[^/]+/[^/]+\.jsonl\.gz$|history/scores/[0-9a-f]+\.json$"
    )
    return writes and not re.match(f"{its_own}|{shared}", key)
