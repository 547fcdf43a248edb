"""A run is opened once, with a completed request, or refused before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx import keys
from fleetdx.errors import BundleMissing, InvalidRequest, OperatorsUnreadable, RequesterRefused, RunOpen
from fleetdx.run_ids import run_id
from functions.validate_request import handler
from tests.fakes.requesters import JANE, around, prove, rules
from tests.fakes.runs import BUNDLE, CHECKS, PROFILE_NAME, REGION, RUN, publish_bundle
from tests.fakes.s3 import bucket, fake

ARN = f"arn:aws:states:{REGION}:1:execution:scan_fleet:{RUN}"
STACK = handler.Stack([REGION], security_hub=False)
EXECUTION = {"id": ARN, "name": RUN, "started_at": "2026-11-23T02:15:00.123Z"}


def published() -> Any:
    data = bucket()
    publish_bundle(data)
    return data


def validate(data: Any, execution: dict[str, str] | None = None, *, is_running: bool = False, **request: Any) -> Any:
    event: Any = {"request": {"scope": {"organization": True}, **request}, "execution": execution or EXECUTION}
    return handler.run(event, data, STACK, lambda _: is_running, around())


def test_run_is_opened_with_the_completed_request() -> None:
    """What later states need is returned, and the request lies in S3 with its checks resolved."""
    data = published()
    answer = validate(data, checks=["U-02"], dry_run=True)
    assert answer == {
        "run": RUN,
        "bundle": BUNDLE,
        "profile": PROFILE_NAME,
        "dry_run": True,
        "notify": True,
        "requester": ARN,
        "requester_kind": "unproven",
        "started_at": "2026-11-23T02:15:00Z",
        "opening": 0,
        "exports": [],
        "security_hub": False,
    }
    stored = data.get_json(keys.request(RUN))
    assert stored["request"]["checks"] == CHECKS[1:]
    assert stored["request"]["regions"] == [REGION]


@pytest.mark.parametrize(
    ("fields", "exports"),
    [({}, ["xlsx", "csv", "ocsf"]), ({"exports": ["ocsf_full"]}, ["ocsf_full"]), ({"exports": []}, [])],
)
def test_exports_are_those_asked_for(fields: dict[str, Any], exports: list[str]) -> None:
    """Without a word three files are written for other readers; none is a choice too."""
    assert validate(published(), **fields)["exports"] == exports


def test_second_call_opens_the_same_run() -> None:
    """A Retry gives the same answer and the same object."""
    data = published()
    assert validate(data) == validate(data)
    assert fake(data).written.count(keys.request(RUN)) == 2


def test_other_names_give_a_run_id_that_survives_a_retry() -> None:
    """An execution named by hand gets a run id from its start and ARN; another execution gets another."""
    named = {**EXECUTION, "name": "by-hand", "id": ARN + "1"}
    first = run_id(named)  # type: ignore[arg-type]
    assert keys.RUN_PATTERN.match(first)
    assert first.startswith("20261123T021500Z-")
    assert run_id(named) == first  # type: ignore[arg-type]
    assert run_id({**named, "id": ARN + "2"}) != first  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("request_fields", "place"),
    [({"scope": {}}, "/scope"), ({"profile": "quick"}, "/profile"), ({"checks": ["U-99"]}, "/checks/0"),
     ({"regions": ["ap-nowhere-2"]}, "/regions/0"), ({"dry_run": "yes"}, "/dry_run")],
)  # fmt: skip
def test_bad_request_writes_nothing(request_fields: dict[str, Any], place: str) -> None:
    """Schema, catalog and regions are checked before the run is opened."""
    data = published()
    before = list(fake(data).written)
    with pytest.raises(InvalidRequest) as refused:
        validate(data, **request_fields)
    assert refused.value.pointer == place
    assert fake(data).written == before


def resume(data: Any, number: int, running: frozenset[str] = frozenset()) -> Any:
    name = f"{RUN}-resume-{number}"
    execution = {**EXECUTION, "id": ARN.replace(f":{RUN}", f":{name}"), "name": name}
    event: Any = {"request": {"resume": RUN}, "execution": execution}
    return handler.run(event, data, STACK, running.__contains__, around())


def test_a_run_is_opened_again_under_its_own_records() -> None:
    """A resumption has the run's own bundle and requester, a number of its own at each opening, and lifts a stop."""
    data = published()
    opened = validate(data)
    data.put_json(keys.stop_mark(RUN), {"by": "execution", "at": "now"})
    data.put_json(keys.CURRENT_BUNDLE, {"bundle": "another"})
    assert resume(data, 1) == {**opened, "opening": 1}
    assert resume(data, 1) == {**opened, "opening": 1}
    assert resume(data, 2) == {**opened, "opening": 2}
    assert keys.stop_mark(RUN) not in {stored.key for stored in data.keys("")}


def test_an_open_run_is_not_opened_again() -> None:
    """While the execution that works on a run goes on, no other one may."""
    data = published()
    validate(data)
    with pytest.raises(RunOpen, match="has not ended"):
        resume(data, 1, frozenset({ARN}))


def test_what_was_never_opened_cannot_be_resumed() -> None:
    """A run without a request is told at its pointer; so is what is no run, and a field beside it."""
    for request, place in (
        ({"resume": RUN}, "/resume"),
        ({"resume": "x"}, "/resume"),
        ({"resume": RUN, "tags": {}}, ""),
    ):
        with pytest.raises(InvalidRequest) as refused:
            handler.run({"request": request, "execution": EXECUTION}, published(), STACK, lambda _: False, around())  # type: ignore[typeddict-item]
        assert refused.value.pointer == place


def test_the_whole_organization_is_scanned_once_at_a_time() -> None:
    """A second run of the whole organization is refused while the first goes on, unless it is forced or narrower."""
    data = published()
    validate(data)
    other = {**EXECUTION, "id": ARN + "9", "name": "20261123T021600Z-3fa9c2"}

    def second(is_running: bool, **request: Any) -> Any:  # noqa: FBT001 - what Step Functions says
        event: Any = {"request": {"scope": {"organization": True}, **request}, "execution": other}
        return handler.run(event, data, STACK, lambda _: is_running, around())

    with pytest.raises(RunOpen, match=RUN):
        second(is_running=True)
    assert not list(data.keys(keys.run_prefix(other["name"])))
    assert second(is_running=True, dry_run=True)["run"] == other["name"]
    assert second(is_running=True, scope={"accounts": ["111122223333"]})["run"] == other["name"]
    assert second(is_running=True, force=True)["run"] == other["name"]
    with pytest.raises(RunOpen, match=other["name"]):
        validate(data, execution={**EXECUTION, "id": ARN + "8"}, is_running=True)


def test_a_dead_run_does_not_hold_the_organization() -> None:
    """A run whose execution has ended, however it did, leaves the organization to the next one."""
    data = published()
    validate(data)
    assert validate(data, execution={**EXECUTION, "id": ARN + "9", "name": "20261123T021600Z-3fa9c2"})["opening"] == 0


def test_nothing_published_is_told() -> None:
    """Without a bundle there is nothing to scan with."""
    with pytest.raises(BundleMissing):
        validate(bucket())


def test_security_hub_is_told_where_the_stack_says_so() -> None:
    """Not by default, never of a dry run, and by a resumed run as when it was opened."""
    told = handler.Stack([REGION], security_hub=True)

    def opened(data: Any, stack: handler.Stack, **request: Any) -> bool:
        event: Any = {"request": request, "execution": EXECUTION}
        return handler.run(event, data, stack, lambda _: False, around())["security_hub"]

    everything = {"scope": {"organization": True}}
    data = published()
    assert opened(published(), STACK, **everything) is False
    assert opened(published(), told, **everything, dry_run=True) is False
    assert opened(data, told, **everything) is True
    assert opened(data, STACK, resume=RUN) is True


EVERYTHING = {"scope": {"organization": True}}


def test_who_has_proven_to_ask_is_the_requester() -> None:
    """The record of the proof counts for its own execution and its own input alone."""
    data = published()
    prove(data, EXECUTION, EVERYTHING)
    opened = validate(data)
    assert (opened["requester"], opened["requester_kind"]) == (JANE, "proven")
    assert data.get_json(keys.request(RUN))["requester"] == JANE
    assert data.get_json(keys.opening(RUN, 0))["requester"] == {"kind": "proven", "arn": JANE}
    other = published()
    prove(other, EXECUTION, {"scope": {"accounts": ["111122223333"]}})
    assert validate(other)["requester_kind"] == "unproven"


def test_a_scope_outside_the_rules_opens_nothing() -> None:
    """Neither the proven who may ask for less, nor the unproven where there are rules; and nothing is written."""
    data = published()
    rules(data, {"scope": {"accounts": ["111122223333"]}})
    with pytest.raises(RequesterRefused, match="no rule"):
        validate(data)
    prove(data, EXECUTION, EVERYTHING)
    before = list(fake(data).written)
    with pytest.raises(RequesterRefused, match="rule-0 allows 111122223333, not the whole organization"):
        validate(data)
    assert fake(data).written == before
    rules(data, {})
    assert validate(data)["requester"] == JANE


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"schema": 1, "operators": [], "operators": []}', b"\xff"])
def test_rules_that_cannot_be_read_let_nobody_in(text: bytes) -> None:
    """Fail closed: also who has proven to be somebody."""
    data = published()
    prove(data, EXECUTION, EVERYTHING)
    data.put(keys.OPERATORS, text)
    with pytest.raises(OperatorsUnreadable, match=r"config/operators\.json cannot be read"):
        validate(data)


def test_who_resumes_is_judged_and_written_down() -> None:
    """The run's own scope counts; who asked first stays the run's requester."""
    data = published()
    prove(data, EXECUTION, EVERYTHING)
    opened = validate(data)
    rules(data, {"requesters": ["unproven"], "scope": {"accounts": ["111122223333"]}})
    with pytest.raises(RequesterRefused, match="not the whole organization"):
        resume(data, 1)
    rules(data, {"requesters": ["unproven"]})
    resumed = resume(data, 2)
    assert (resumed["requester"], resumed["opening"]) == (opened["requester"], 1)
    assert data.get_json(keys.opening(RUN, 1))["requester"]["kind"] == "unproven"
