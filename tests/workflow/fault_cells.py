"""Cells of the fault matrix: one call of one function that goes wrong in one way, played and judged."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from emulator.faults.rules import INVOKE, CallFacts, CallFault, Rule
from tests.workflow.recorded_chain import Chain, Objects, Step, another_run, comparable, without_passing
from tools.sources import machines, states_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SUCCESS: Final = "success"
UNSURE: Final = frozenset({SUCCESS, "ServiceUnavailable"})
DIED: Final = frozenset({"Lambda.Unknown"})
OUTCOMES: Final[Mapping[CallFault, frozenset[str]]] = {
    "throttled": frozenset({SUCCESS, "ServiceThrottled"}),
    "denied": frozenset({"AccessDenied", "MemberRoleDenied"}),
    "request_lost": UNSURE,
    "answer_lost": UNSURE,
    "unavailable": UNSURE,
    "answer_malformed": UNSURE,
    "caller_dies_before": DIED,
    "caller_dies_after": DIED,
}
"""What a function's first try may come to: what a client of AWS absorbs, or the class that names the fault."""
REPEATED_BY_THE_CLIENT: Final = frozenset({"throttled", "request_lost", "answer_lost", "unavailable"})
TOLERATED: Final = frozenset({("Notify", "ssm:GetParameter")})
"""Calls that a function does without: a webhook that cannot be read leaves the message unsent and recorded."""


@dataclass(frozen=True)
class Cell:
    """A call of a function and what goes wrong with it.

    Attributes:
        facts: The call, as the undisturbed run of `run` made it.
        run: That run.
        skip: How many calls to the same resource come before.
        number: The how manieth call of its operation it is, from 1.
        fault: What goes wrong.
        lasting: Whether it goes wrong for as long as the function tries.
    """

    facts: CallFacts
    run: str
    skip: int
    number: int
    fault: CallFault
    lasting: bool

    def __str__(self) -> str:
        lasting = " lasting" if self.lasting else ""
        return f"{self.facts.call} {self.number} {self.fault}{lasting}"

    def rule(self, run: str) -> Rule:
        """The rule that brings it about in a run."""
        facts = self.facts
        resource = facts.resource.replace(self.run, run)
        times = None if self.lasting else 1
        return Rule(facts.call, self.fault, "*", facts.account, facts.region, resource, self.skip, times)


class Played(NamedTuple):
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


def cells_of(undisturbed: Played, known: set[CallFacts]) -> Iterator[Cell]:
    """Every call with every fault; where clients of AWS try again, also with one that outlasts them.

    Args:
        undisturbed: How the step goes without a fault.
        known: Calls of other ways through the function, which need no more cells; takes up those of this one.
    """
    run = undisturbed.run
    enough = frozenset(known)
    numbers: Counter[str] = Counter()
    before: Counter[CallFacts] = Counter()
    for facts in undisturbed.first_calls:
        numbers[facts.call] += 1
        nameless = _without_run(facts, run)
        known.add(nameless)
        for fault in OUTCOMES if nameless not in enough else ():
            for lasting in [False, True] if fault in REPEATED_BY_THE_CLIENT else [False]:
                yield Cell(facts, run, before[facts], numbers[facts.call], fault, lasting)
        before[facts] += 1


def _without_run(facts: CallFacts, run: str) -> CallFacts:
    caller, resource = (text.replace(run, "") for text in (facts.caller, facts.resource))
    return dataclasses.replace(facts, caller=caller, resource=resource)


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
    state = next(one for machine in machines().values() for one in states_of(machine) if one.function == function)
    for retrier in state.fields["Retry"]:
        if outcomes[-1] in retrier["ErrorEquals"]:
            return sum(one in retrier["ErrorEquals"] for one in outcomes) <= int(retrier["MaxAttempts"])
    return False


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
    ours, theirs = _told(played), _told(undisturbed)
    unsent = b'"notification":"unsent"'
    if unsent in ours:
        # A message that may not have arrived is told as such: that is all that may differ.
        ours = ours.replace(unsent, b'"notification":"sent"')
    elif played.effects != undisturbed.effects:
        found.append(f"{played.effects} effects instead of {undisturbed.effects}")
    if ours != theirs:
        place = next((index for index, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), len(theirs))
        start = max(0, place - 60)
        found.append(f"ends differently: {ours[start : place + 60]!r} instead of {theirs[start : place + 60]!r}")
    return found


def _told(played: Played) -> bytes:
    """Output and objects as one text."""
    output = json.dumps(played.output, separators=(",", ":")).replace(played.run, "r" * len(played.run))
    objects = sorted(comparable(played.after, played.run).items())
    return b"\n".join(
        [without_passing(output.encode()), *(f"{bucket}/{key} ".encode() + body for (bucket, key), body in objects)]
    )


def _strays(facts: CallFacts, run: str) -> bool:
    """Whether a call writes what is neither its run's nor a history or what a feed has told, which all runs share."""
    writes = facts.call.startswith("s3:") and not re.match("s3:(Get|Head|List)", facts.call)
    _, _, key = facts.resource.removeprefix("/").partition("/")
    its_own = rf"runs/{run}/|results/day=[^/]+/account=\d+/region=[^/]+/{run}-|(ledgers|changes)/{run}\.jsonl\.gz$"
    shared = (
        r"(history|feeds)/[a-z0-9_]+/\d{12}\.jsonl\.gz$|imports/[^/]+/[^/]+\.jsonl\.gz$|history/scores/[0-9a-f]+\.json$"
    )
    return writes and not re.match(f"{its_own}|{shared}", key)
