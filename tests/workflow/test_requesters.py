"""Who asks is proven by AWS and stands in the records; how wide, the rules say; and the two roles of people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.cli import coverage, runs, scan
from fleetdx.cli.coverage import CoverageOptions, CoveragePresentation
from fleetdx.cli.presentation import Presentation
from fleetdx.cli.problems import EXIT_DONE, EXIT_USAGE
from fleetdx.cli.proving import FUNCTION, proof_of
from fleetdx.requests import complete_request
from tests.console_server import served
from tests.embedded import Embedded, embedded, wait_until
from tests.leaks import WholeRun, issued_in, leaks, places_to_search
from tests.people import as_role, reading_pages, start_scheduled, write_rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleetdx.cli.deployments import Deployment

HOST = "hot-wallet-signer-1"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture(autouse=True)
def _no_rules(aws: Embedded) -> Iterator[None]:
    """Every test begins without rules."""
    yield
    aws.deployment.data.delete(keys.OPERATORS)


@pytest.fixture(scope="module")
def jane(aws: Embedded) -> Deployment:
    return as_role(aws, "fleetdx-operator", "jane.doe@example.com")


@pytest.fixture(scope="module")
def viewer(aws: Embedded) -> Deployment:
    return as_role(aws, "fleetdx-viewer", "auditor")


def arn_of(deployment: Deployment) -> str:
    return str(deployment.session.client("sts").get_caller_identity()["Arn"])


def one_host(aws: Embedded) -> dict[str, Any]:
    return {"instances": [aws.instance_named(HOST)[0]]}


def request_of(aws: Embedded, scope: dict[str, Any], **fields: Any) -> Any:
    return complete_request({"scope": scope, "checks": ["U-01"], "exports": [], **fields}, aws.deployment.regions)


def records(aws: Embedded) -> list[str]:
    """Everything of runs but the histories that the command line saves of whatever failed."""
    return [one.key for one in aws.deployment.data.keys(keys.RUNS) if "/executions/" not in one.key]


def failed(aws: Embedded, run: runs.Run) -> tuple[str, str]:
    """Error and cause of an execution that was refused, after its first state."""
    wait_until(lambda: runs.status(aws.deployment, run)["status"] != runs.RUNNING, "it does not end")
    ended = runs.status(aws.deployment, run)
    assert ended["status"] == "FAILED"
    return ended["error"], ended["cause"]


def test_a_scan_names_the_person_who_asked_for_it(aws: Embedded, jane: Deployment, tmp_path: Path) -> None:
    """By the session of the role that was taken: in ledger, summary and report; and nothing of the proof stays."""
    refused = aws.cloud.metrics()["aws_calls"]["refused"]
    code = scan.scan(jane, request_of(aws, one_host(aws)), Presentation(tmp_path))
    assert code in {EXIT_DONE, 4}
    directory = (tmp_path / "latest").resolve()
    summary = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    person = arn_of(jane)
    assert person.endswith(":assumed-role/fleetdx-operator/jane.doe@example.com")
    assert (summary["requester"], summary["requester_kind"]) == (person, "proven")
    lines = [json.loads(line) for line in (directory / "ledger.jsonl").read_bytes().splitlines()]
    assert {line["requester"] for line in lines} == {person}
    assert person in (directory / "report.html").read_text(encoding="utf-8")
    whole = WholeRun(aws, None, tmp_path)  # type: ignore[arg-type]
    assert leaks(places_to_search(whole), issued_in(whole)) == []
    assert aws.cloud.metrics()["aws_calls"]["refused"] == refused


def test_an_execution_that_nobody_has_proven_says_so(aws: Embedded) -> None:
    """Started as in AWS's own console: the execution stands there, whatever its name and input say."""
    name = runs.new_run_id()
    states = aws.deployment.session.client("stepfunctions")
    execution = states.start_execution(
        stateMachineArn=aws.deployment.scan_fleet,
        name=name,
        input=json.dumps({"scope": one_host(aws), "checks": ["U-01"], "exports": []}),
    )["executionArn"]
    ended = aws.ended(runs.Run(name, execution))
    assert (ended.summary["requester"], ended.summary["requester_kind"]) == (execution, "unproven")
    report = aws.deployment.data.get(keys.out(name, "report.html")).decode()
    assert f"not proven; execution {execution}" in report


def test_a_proof_of_another_execution_is_worth_nothing(aws: Embedded, jane: Deployment) -> None:
    """Handed in for another execution, STS refuses it; so it does one whose input was changed."""
    name, other = runs.new_run_id(), runs.new_run_id()
    arn = f"{aws.deployment.scan_fleet.replace(':stateMachine:', ':execution:')}:"
    proof = proof_of(jane.session, f"{arn}{name}", {"scope": one_host(aws)})
    for stolen in ({**proof, "execution": f"{arn}{other}"}, {**proof, "request_sha256": "0" * 64}):
        answer = aws.deployment.session.client("lambda").invoke(
            FunctionName=FUNCTION, Payload=json.dumps(stolen).encode()
        )
        told = json.loads(answer["Payload"].read())
        assert told["errorType"] == "RequesterNotProven"
        assert told["errorMessage"] == "STS refuses the signature: SignatureDoesNotMatch"
    assert not list(aws.deployment.data.keys(keys.requester(other)))


def test_a_scope_outside_the_rules_is_refused(
    aws: Embedded, jane: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the rule and what it allows; nothing is started, and what the rule allows is scanned."""
    account = aws.instance_named(HOST)[0].split("/")[0]
    write_rules(aws, {"scope": {"accounts": [account]}, "maximum_instances": 1})
    before = records(aws)
    assert scan.scan(jane, request_of(aws, {"organization": True}), Presentation(tmp_path)) == EXIT_USAGE
    told = capsys.readouterr().err
    assert "RequesterRefused" in told
    assert "rule rule-0 allows scans of instances that are named one by one, at most 1" in told
    assert records(aws) == before
    ended = aws.ended(runs.start(jane, request_of(aws, one_host(aws))))
    assert ended.summary["requester"] == arn_of(jane)


def test_units_are_looked_up(aws: Embedded, jane: Deployment) -> None:
    """A rule of a unit allows the accounts below it, and no other."""
    organizations = aws.deployment.session.client("organizations")
    account = aws.instance_named(HOST)[0].split("/")[0]
    unit = organizations.list_parents(ChildId=account)["Parents"][0]["Id"]
    write_rules(aws, {"scope": {"organizational_units": [unit]}})
    ended = aws.ended(runs.start(jane, request_of(aws, one_host(aws))))
    assert ended.status == "SUCCEEDED"
    outside = aws.cloud.organization.hub.id
    error, cause = failed(aws, runs.start(jane, request_of(aws, {"accounts": [outside]})))
    assert error == "RequesterRefused"
    assert f"allows {unit}, not {outside}" in cause


def test_rules_that_cannot_be_read_let_nobody_in(aws: Embedded, jane: Deployment) -> None:
    """The place of the fault is told; until it is mended, nobody scans, stops or sweeps."""
    aws.deployment.data.put(keys.OPERATORS, b'{"schema": 1, "operators": [{"id": "X"}]}')
    error, cause = failed(aws, runs.start(jane, request_of(aws, one_host(aws))))
    assert (error, "/operators/0/requesters: is required" in cause) == ("OperatorsUnreadable", True)


def test_who_is_not_proven_is_refused_where_there_are_rules(aws: Embedded) -> None:
    """Unless a rule says of the unproven what they may."""
    write_rules(aws, {})

    def started() -> runs.Run:
        name = runs.new_run_id()
        execution = aws.deployment.session.client("stepfunctions").start_execution(
            stateMachineArn=aws.deployment.scan_fleet,
            name=name,
            input=json.dumps({"scope": one_host(aws), "checks": ["U-01"], "exports": []}),
        )["executionArn"]
        return runs.Run(name, execution)

    error, cause = failed(aws, started())
    assert (error, "(unproven) may not ask for this" in cause) == ("RequesterRefused", True)
    write_rules(aws, {"requesters": ["unproven"], "instances_only": True})
    assert aws.ended(started()).status == "SUCCEEDED"


def test_who_resumes_and_who_stops_is_told(aws: Embedded, jane: Deployment) -> None:
    """A run of Jane's is stopped and resumed by somebody else, whom a rule lets; the report names both."""
    host, instance = aws.instance_named(HOST)
    joe = as_role(aws, "fleetdx-operator", "joe")
    aws.cloud.fleet.change(instance, agent_state="silent")
    try:
        run = runs.start(jane, request_of(aws, {"instances": [host]}))
        wait_until(lambda: aws.deployment.data.directory(keys.run_prefix(run.id)).objects != [], "it is not opened")
        write_rules(aws, {"requesters": [arn_of(joe)]})
        error, cause = failed(aws, runs.stop(joe, run.id))
        assert (error, "allows no stop of runs of others" in cause) == ("RequesterRefused", True)
        write_rules(aws, {"requesters": [arn_of(joe)], "may_stop": True})
        stopped = aws.ended(runs.stop(joe, run.id))
    finally:
        aws.cloud.fleet.change(instance, agent_state="online")
    assert stopped.summary["requester"] == arn_of(jane)
    assert stopped.summary["stopped_by"] == {"kind": "proven", "arn": arn_of(joe)}
    resumed = aws.ended(runs.resume(joe, run.id))
    assert resumed.summary["requester"] == arn_of(jane)
    assert resumed.summary["resumed_by"] == [{"kind": "proven", "arn": arn_of(joe)}]
    report = aws.deployment.data.get(keys.out(run.id, "report.html")).decode()
    assert f"{arn_of(jane)}; resumed by {arn_of(joe)}" in report


def test_a_sweep_names_its_person_and_mends_by_a_rule_alone(aws: Embedded, jane: Deployment, tmp_path: Path) -> None:
    """As `fleetdx coverage` starts it."""
    account = aws.instance_named(HOST)[0].split("/")[0]
    told = CoveragePresentation(tmp_path, as_json=False, language="en", fails_on_unmanaged=False)
    for mend, code in ((True, EXIT_USAGE), (False, EXIT_DONE)):
        write_rules(aws, {})
        request = coverage.request_of(CoverageOptions(accounts=(account,), mend=mend), aws.deployment.regions)
        assert coverage.cover(jane, request, told) == code
    summary = json.loads((tmp_path / "coverage/latest/summary.json").read_text(encoding="utf-8"))
    assert (summary["requester"], summary["requester_kind"]) == (arn_of(jane), "proven")
    assert arn_of(jane) in (tmp_path / "coverage/latest/coverage.html").read_text(encoding="utf-8")


def test_a_viewer_starts_nothing(aws: Embedded, viewer: Deployment) -> None:
    """Neither with a proof nor without, neither a scan nor its stop nor a sweep; nor does it write."""
    with pytest.raises(ClientError, match="AccessDenied.*fleetdx-prove-requester"):
        runs.start(viewer, request_of(aws, one_host(aws)))
    states = viewer.session.client("stepfunctions")
    for machine in (viewer.scan_fleet, viewer.stop_scan, viewer.report_coverage, viewer.events.ensure_ssm_ready):
        with pytest.raises(ClientError, match="AccessDenied"):
            states.start_execution(stateMachineArn=machine, input="{}")
    with pytest.raises(ClientError, match="AccessDenied"):
        viewer.data.put("runs/x/metrics.json", b"{}")


def test_an_operator_starts_what_people_start_and_names_nobody(aws: Embedded, jane: Deployment) -> None:
    """Not mending by hand, not what schedules start, and no record of who asks but by his own proof."""
    states = jane.session.client("stepfunctions")
    for machine in (jane.events.ensure_ssm_ready, start_scheduled(aws), jane.scan_target, jane.scan_batch):
        with pytest.raises(ClientError, match="AccessDenied"):
            states.start_execution(stateMachineArn=machine, input="{}")
    for key in (keys.requester("x"), keys.OPERATORS, keys.CURRENT_BUNDLE, "runs/x/request.json", "runs/x/summary.json"):
        with pytest.raises(ClientError, match="AccessDenied"):
            jane.data.put(key, b"{}")
    with pytest.raises(ClientError, match="AccessDenied"):
        jane.data.get(keys.requester("x"))


def test_a_viewer_reads_every_page_and_a_person_starts_from_the_console(
    aws: Embedded, jane: Deployment, viewer: Deployment
) -> None:
    """The console over the viewer's role shows everything; over the operator's it also starts."""
    with served(jane) as console:
        started = console.ask("/api/runs", {"request": {"scope": one_host(aws), "checks": ["U-01"], "exports": []}})
        assert started.status == 201, started.document
        run = started.document["run"]
        ended = aws.ended(runs.Run(run, started.document["execution"]))
        assert ended.summary["requester"] == arn_of(jane)
    refused = dict(aws.cloud.metrics()["aws_calls"]["refused"])
    with served(viewer) as console:
        pages = reading_pages(console, run, one_host(aws)["instances"][0])
        assert {page: status for page in pages if (status := console.ask(page).status) != 200} == {}
        link = console.ask(f"/api/runs/{run}/files/report.html/link", {})
        assert link.status < 300, link.document
    assert aws.cloud.metrics()["aws_calls"]["refused"] == refused
