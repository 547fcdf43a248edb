"""Cells of the fault matrix: one call of one function that goes wrong in one way."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emulator.faults.rules import CallFacts, CallFault, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
DEATHS: Final = frozenset({"caller_dies_before", "caller_dies_after"})
READING: Final = ("Get", "List", "Head", "Describe")
"""How AWS names what changes nothing."""
SPEAKING: Final = frozenset({"Notify"})
"""Functions that have an effect between two calls: they post to Slack, which no call of AWS's tells of."""
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


def cells_of(function: str, run: str, calls: Iterable[CallFacts], known: set[CallFacts]) -> Iterator[Cell]:
    """Every call with every fault; where clients of AWS try again, also with one that outlasts them.

    Two faults that nobody can tell from each other are one cell:

    - Of a reading call the request may be lost or the answer: the client sees the same, and so does AWS.
    - What a function leaves that dies is what it had written by then. It calls one after the other, so it may die in as
      many ways as there are states that its calls make: before the first call, and after each that is no reading one.

    Args:
        function: Its name.
        run: A run of it in which nothing goes wrong.
        calls: Those of its first try in that run.
        known: Calls of other ways through the function, which need no more cells; takes up those of this one.
    """
    enough = frozenset(known)
    numbers: Counter[str] = Counter()
    before: Counter[CallFacts] = Counter()
    deaths, speaks = _Deaths(), function in SPEAKING
    for facts in calls:
        numbers[facts.call] += 1
        nameless = _without_run(facts, run)
        known.add(nameless)
        is_new = nameless not in enough
        found = [*_faults_of_call(facts), *deaths.new("caller_dies_before")] if is_new else []
        if speaks or not _reads(facts):
            deaths.go_on()
        found += deaths.new("caller_dies_after") if is_new else []
        if speaks:
            deaths.go_on()
        for fault in found:
            for lasting in [False, True] if fault in REPEATED_BY_THE_CLIENT else [False]:
                yield Cell(facts, run, before[facts], numbers[facts.call], fault, lasting)
        before[facts] += 1


def _faults_of_call(facts: CallFacts) -> list[CallFault]:
    """What may go wrong with a call while its function lives."""
    twins = {"answer_lost"} if _reads(facts) else set()
    return [fault for fault in OUTCOMES if fault not in DEATHS | twins]


def _reads(facts: CallFacts) -> bool:
    return facts.call.partition(":")[2].startswith(READING)


class _Deaths:
    """The deaths of one way through a function: one for each state that it can leave."""

    def __init__(self) -> None:
        self._state = 0
        self._tried: set[int] = set()

    def new(self, fault: CallFault) -> list[CallFault]:
        """A death in the present state; none where one has left it already."""
        if self._state in self._tried:
            return []
        self._tried.add(self._state)
        return [fault]

    def go_on(self) -> None:
        """Something changes."""
        self._state += 1


def _without_run(facts: CallFacts, run: str) -> CallFacts:
    caller, resource = (text.replace(run, "") for text in (facts.caller, facts.resource))
    return dataclasses.replace(facts, caller=caller, resource=resource)
