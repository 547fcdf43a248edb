"""Rules: which call goes wrong, in which way, where and how often.

A rule names a call in AWS's words (`ssm:SendCommand`, `s3:Put*`, `lambda:Invoke`), the fault, and narrows it by caller,
account, region and resource with shell patterns. The first rule that fits a call and is not used up decides.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CallFault = Literal[
    "throttled",
    "denied",
    "denied_by_service_control_policy",
    "unavailable",
    "request_lost",
    "answer_lost",
    "answer_malformed",
    "not_listed_yet",
    "clock_skewed",
    "caller_dies_before",
    "caller_dies_after",
]
InvocationFault = Literal["function_throttled", "function_dies_before", "function_dies_after", "function_times_out"]
Fault = CallFault | InvocationFault

INVOKE: Final = "lambda:Invoke"
INVOCATION_FAULTS: Final[tuple[InvocationFault, ...]] = get_args(InvocationFault)
MEANINGS: Final[Mapping[Fault, str]] = {
    "throttled": "AWS refuses the call for its rate.",
    "denied": "A policy forbids the call.",
    "denied_by_service_control_policy": "A service control policy of the organization forbids the call explicitly.",
    "unavailable": "The service answers with a fault of its own (HTTP 500); nothing has happened.",
    "request_lost": "The connection breaks before the call takes effect.",
    "answer_lost": "The call takes effect and its answer never arrives.",
    "answer_malformed": "The call takes effect and its answer is not what the service's model says.",
    "not_listed_yet": "A list that is eventually consistent does not show its entries yet.",
    "clock_skewed": "The caller's clock is wrong by more than AWS tolerates.",
    "caller_dies_before": "The function that makes the call is killed before the call takes effect.",
    "caller_dies_after": "The function that makes the call is killed when the call has taken effect.",
    "function_throttled": "Lambda refuses the invocation for its rate (Lambda.TooManyRequestsException).",
    "function_dies_before": "The function's process ends before its first line (Lambda.Unknown).",
    "function_dies_after": "The function does everything, and its process ends before it answers (Lambda.Unknown).",
    "function_times_out": "The function does everything, but later than its time limit (Sandbox.Timedout).",
}


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What a rule may look at.

    Attributes:
        call: Service and operation, such as `ssm:SendCommand`; `lambda:Invoke` for an invocation by Step Functions.
        caller: ARN of who calls: a function's session holds the function's name.
        account: The account that the call acts in; of AssumeRole, the role's.
        region: The region of the endpoint.
        resource: For S3 the path (`/bucket/key`), for AssumeRole the role's ARN, for an invocation the function's name,
            for SendCommand the instance ids with commas between; else empty.
    """

    call: str
    caller: str
    account: str
    region: str
    resource: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault. Patterns are those of a shell (`*`, `?`, `[...]`).

    Attributes:
        call: Which call.
        fault: What goes wrong.
        caller: Whose calls.
        account: Calls that act in which account.
        region: In which region.
        resource: On which resource.
        skip: How many calls that fit pass unharmed first.
        times: How many go wrong then; None for all.
        every: Of those, each how-many-th goes wrong: 5 harms a fifth, beginning with the first.
    """

    call: str
    fault: Fault
    caller: str = "*"
    account: str = "*"
    region: str = "*"
    resource: str = "*"
    skip: int = 0
    times: int | None = 1
    every: int = 1

    def fits(self, facts: CallFacts) -> bool:
        """Whether a call is one that this rule means."""
        pairs = (
            (facts.call, self.call),
            (facts.caller, self.caller),
            (facts.account, self.account),
            (facts.region, self.region),
            (facts.resource, self.resource),
        )
        return all(fnmatchcase(value, pattern) for value, pattern in pairs)


class FaultBook:
    """The rules in force, and how often each has struck. Safe under threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fitted: dict[int, int] = {}
        self._struck: dict[int, int] = {}
        self._rules: list[Rule] = []
        self._listeners: list[list[CallFacts]] = []

    def add(self, *rules: Rule) -> None:
        """Put rules in force, after those that are."""
        with self._lock:
            self._rules += rules

    def clear(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._rules.clear()
            self._fitted.clear()
            self._struck.clear()

    def strike(self, facts: CallFacts) -> Fault | None:
        """The fault of a call, None where it is to succeed. Each asking counts as one call."""
        with self._lock:
            for heard in self._listeners:
                heard.append(facts)
            for number, rule in enumerate(self._rules):
                if not rule.fits(facts):
                    continue
                if rule.times is not None and self._struck.get(number, 0) >= rule.times:
                    continue
                before = self._fitted.get(number, 0)
                self._fitted[number] = before + 1
                if before >= rule.skip and (before - rule.skip) % rule.every == 0:
                    self._struck[number] = self._struck.get(number, 0) + 1
                    return rule.fault
        return None

    def struck(self) -> list[tuple[Rule, int]]:
        """Every rule with the number of calls that it has harmed."""
        with self._lock:
            return [(rule, self._struck.get(number, 0)) for number, rule in enumerate(self._rules)]

    @contextmanager
    def overheard(self) -> Iterator[list[CallFacts]]:
        """Every call that is asked about meanwhile, harmed or not, in order: tests learn from it what code calls."""
        heard: list[CallFacts] = []
        with self._lock:
            self._listeners.append(heard)
        try:
            yield heard
        finally:
            with self._lock:
                self._listeners = [one for one in self._listeners if one is not heard]
