"""Faults of AWS calls, at the front door: the words in which each service fails, and connections that break.

Sources: the API references of S3, EC2, STS, Systems Manager and Organizations ("Common errors", and each operation's
own).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from emulator.faults.rules import CallFacts, CallFault
from emulator.front_door.messages import Answer, ConnectionLost
from emulator.front_door.refusals import Shape, error_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.faults.rules import FaultBook
    from emulator.front_door.messages import Interceptor, RequestFacts

DEATH_HEADER: Final = "x-embedded-aws-caller-dies"
"""On an answer that its caller does not live to read; emulator/seams/clients.py ends the function."""
_SHAPES: Final[Mapping[str, Shape]] = {
    "s3": "s3",
    "ec2": "ec2",
    "sts": "query",
    "iam": "query",
    "autoscaling": "query",
    "cloudformation": "query",
    "sns": "query",
}
_REFUSALS: Final[Mapping[CallFault, Mapping[str, tuple[str, int]]]] = {
    "throttled": {
        "s3": ("SlowDown", 503),
        "ec2": ("RequestLimitExceeded", 503),
        "sts": ("Throttling", 400),
        "autoscaling": ("Throttling", 400),
        "organizations": ("TooManyRequestsException", 400),
        "": ("ThrottlingException", 400),
    },
    "denied": {
        "s3": ("AccessDenied", 403),
        "ec2": ("UnauthorizedOperation", 403),
        "sts": ("AccessDenied", 403),
        "autoscaling": ("AccessDenied", 403),
        "": ("AccessDeniedException", 400),
    },
    "denied_by_service_control_policy": {
        "s3": ("AccessDenied", 403),
        "ec2": ("UnauthorizedOperation", 403),
        "iam": ("AccessDenied", 403),
        "sts": ("AccessDenied", 403),
        "autoscaling": ("AccessDenied", 403),
        "": ("AccessDeniedException", 400),
    },
    "unavailable": {
        "s3": ("InternalError", 500),
        "ec2": ("InternalError", 500),
        "sts": ("InternalFailure", 500),
        "autoscaling": ("InternalFailure", 500),
        "": ("InternalServerError", 500),
    },
    "clock_skewed": {
        "s3": ("RequestTimeTooSkewed", 403),
        "ec2": ("RequestExpired", 400),
        "sts": ("SignatureDoesNotMatch", 403),
        "autoscaling": ("SignatureDoesNotMatch", 403),
        "": ("InvalidSignatureException", 400),
    },
}
_WORDS: Final[Mapping[CallFault, str]] = {
    # AWS tells this denial from others by these words alone.
    "denied_by_service_control_policy": "not authorized, with an explicit deny in a service control policy",
}
_LISTS: Final = ("Commands", "CommandInvocations", "InstanceInformationList")
_GARBAGE: Final = b"<html>503 \xff"


def interceptor(book: FaultBook) -> Interceptor:
    """What stands between front door and embedded AWS and lets the rules strike."""

    def intercept(facts: RequestFacts, serve: Callable[[], Answer]) -> Answer:
        fault = book.strike(_facts_for_rules(facts))
        if fault is None:
            return serve()
        if fault in _REFUSALS:
            return _refusal(fault, facts)
        return _harmed(fault, facts, serve)

    return intercept


def _facts_for_rules(facts: RequestFacts) -> CallFacts:
    account = facts.caller.account
    if facts.resource.startswith("arn:"):
        account = facts.resource.split(":")[4] or account
    return CallFacts(facts.name, facts.caller.arn, account, facts.region, facts.resource)


def _refusal(fault: Any, facts: RequestFacts) -> Answer:
    words = _REFUSALS[fault]
    code, status = words.get(facts.service, words[""])
    message = f"{_WORDS.get(fault, fault.replace('_', ' '))}: {facts.name} (a fault that was asked for)"
    return error_answer(_SHAPES.get(facts.service, "json"), code, status, message)


def _harmed(fault: Any, facts: RequestFacts, serve: Callable[[], Answer]) -> Answer:
    if fault == "request_lost":
        raise ConnectionLost
    if fault == "caller_dies_before":
        return Answer(500, ((DEATH_HEADER, "before"),))
    if fault == "not_listed_yet" and facts.operation == "GetCommandInvocation":
        return error_answer("json", "InvocationDoesNotExist", 400, "no such invocation yet")
    answer = serve()
    if fault == "answer_lost":
        raise ConnectionLost
    if fault == "caller_dies_after":
        return Answer(answer.status, (*answer.headers, (DEATH_HEADER, "after")), answer.body)
    if fault == "answer_malformed":
        return Answer(answer.status, answer.headers, _GARBAGE)
    if fault == "not_listed_yet":
        return _emptied(answer)
    raise ValueError(f"{fault} is no fault of a call; {facts.name} cannot have it")


def _emptied(answer: Answer) -> Answer:
    """The answer with every list of its first level empty, and no further page."""
    try:
        document: dict[str, Any] = json.loads(answer.body)
    except ValueError:
        return answer
    document = {name: [] if name in _LISTS else value for name, value in document.items() if name != "NextToken"}
    return Answer(answer.status, answer.headers, json.dumps(document).encode())
