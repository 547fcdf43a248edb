"""What the seam makes of moto's state machine interpreter; test_moto_alone.py holds what that does by itself."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from emulator.faults.rules import Rule
from emulator.seams import step_functions
from tests.contract.small_cloud import CENTRAL, MEMBER, REGION, StateFailed, ended, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.small_cloud import SmallCloud

WAIT = {"Type": "Wait", "Seconds": 1, "End": True}
DONE = {"Type": "Pass", "End": True}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        yield started


def task(function: str, **fields: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload.$": "$"},
        "OutputPath": "$.Payload",
        **fields,
    }


def map_of(processor: dict[str, Any], mode: str = "INLINE", **fields: Any) -> dict[str, Any]:
    config = {"Mode": mode, **({"ExecutionType": "STANDARD"} if mode == "DISTRIBUTED" else {})}
    item_processor = {"ProcessorConfig": config, "StartAt": "Item", "States": {"Item": processor}}
    return {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": item_processor, "End": True, **fields}


# Time


def test_a_wait_passes_on_the_clock(cloud: SmallCloud) -> None:
    """An hour's Wait takes 3.6 seconds on a clock of factor 0.001, neither none nor an hour."""
    machine = cloud.machine("waits", {"Wait": {**WAIT, "Seconds": 3600}})
    started = time.monotonic()
    assert cloud.run(machine)["status"] == "SUCCEEDED"
    assert 3.6 <= time.monotonic() - started < 15


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/New_York"])
def test_a_wait_until_a_moment_knows_that_it_is_universal_time(
    cloud: SmallCloud, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """An hour ahead takes 3.6 seconds on a clock of factor 0.001, wherever this machine stands."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    ahead = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    machine = cloud.machine(
        f"until-{zone[:4]}",
        {
            "Moment": {"Type": "Pass", "Result": {"until": ahead}, "Next": "Wait"},
            "Wait": {"Type": "Wait", "TimestampPath": "$.until", "End": True},
        },
    )
    started = time.monotonic()
    try:
        assert cloud.run(machine)["status"] == "SUCCEEDED"
    finally:
        monkeypatch.undo()
        time.tzset()
    assert 3.5 <= time.monotonic() - started < 15


def test_retries_wait_on_the_clock_and_stop_after_their_attempts(cloud: SmallCloud) -> None:
    """Six attempts with delays of 100 s and more end in seconds, in the number the retrier allows."""
    calls = []

    def always_throttled(_: dict[str, Any]) -> None:
        calls.append(time.monotonic())
        raise StateFailed("ServiceThrottled")

    cloud.functions["throttled"] = always_throttled
    rule = {"ErrorEquals": ["ServiceThrottled"], "IntervalSeconds": 100, "MaxAttempts": 5, "BackoffRate": 1.0}
    ended = cloud.run(cloud.machine("retries", {"Call": task("throttled", Retry=[rule], End=True)}))
    assert (ended["status"], ended["error"], len(calls)) == ("FAILED", "ServiceThrottled", 6)
    assert 0.5 <= calls[-1] - calls[0] < 15


def test_an_error_is_caught_by_the_name_of_its_class(cloud: SmallCloud) -> None:
    """A function's error type is the name that a Catch matches, with the cause as Lambda's JSON."""

    def refuse(_: dict[str, Any]) -> None:
        raise StateFailed("MemberRoleDenied")

    cloud.functions["refuse"] = refuse
    caught = {"ErrorEquals": ["MemberRoleDenied"], "ResultPath": "$.failure", "Next": "Caught"}
    states = {"Call": task("refuse", Catch=[caught], End=True), "Caught": DONE}
    output = json.loads(cloud.run(cloud.machine("catches", states), {"kept": 1})["output"])
    assert output["kept"] == 1
    assert output["failure"]["Error"] == "MemberRoleDenied"
    assert json.loads(output["failure"]["Cause"])["errorMessage"] == "as the test wants it"


# One machine in another


def starts(machine: str) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": machine, "Name": "child", "Input": {"value.$": "$.value"}},
        "End": True,
    }


def test_a_machine_gets_the_output_of_the_one_it_started_as_json(cloud: SmallCloud) -> None:
    """startExecution.sync:2 waits for the child, and answers in capitals with its output parsed."""
    child = cloud.machine("child", {"Done": {**DONE, "Result": {"answer": 42}, "ResultPath": "$.result"}})
    chosen = {"Status.$": "$.Status", "Output.$": "$.Output", "ExecutionArn.$": "$.ExecutionArn"}
    ended = cloud.run(cloud.machine("parent", {"Start": {**starts(child), "ResultSelector": chosen}}), {"value": 7})
    output = json.loads(ended["output"])
    assert output["Status"] == "SUCCEEDED"
    assert output["Output"] == {"value": 7, "result": {"answer": 42}}
    assert output["ExecutionArn"].endswith(":child:child")


def test_the_failure_of_a_started_machine_fails_its_state(cloud: SmallCloud) -> None:
    """When the child fails, the state that waits for it fails with States.TaskFailed, which a Catch sees."""
    child = cloud.machine("failing", {"Stop": {"Type": "Fail", "Error": "Ours", "Cause": "because"}})
    caught = {"ErrorEquals": ["States.ALL"], "Next": "Caught"}
    parent = cloud.machine("resigned", {"Start": {**starts(child), "Catch": [caught]}, "Caught": DONE})
    output = json.loads(cloud.run(parent, {"value": 1})["output"])
    assert output["Error"] == "States.TaskFailed"
    assert "because" in output["Cause"]


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("throttled", "StepFunctions.ThrottlingException"),
        ("request_lost", "StepFunctions.SdkClientException"),
    ],
)
def test_a_machine_that_cannot_be_started_fails_by_the_name_of_the_sdk(
    cloud: SmallCloud, fault: Any, name: str
) -> None:
    """A Retry matches what the AWS SDK calls it: a class that ends in Exception, once."""
    child = cloud.machine(f"unstarted-{fault}", {"Done": DONE})
    caught = {"ErrorEquals": [name], "Next": "Caught"}
    parent = cloud.machine(f"starting-{fault}", {"Start": {**starts(child), "Catch": [caught]}, "Caught": DONE})
    cloud.faults.add(Rule("states:StartExecution", fault, caller="*assumed-role*", times=None))
    try:
        output = json.loads(cloud.run(parent, {"value": 1})["output"])
    finally:
        cloud.faults.clear()
    assert output["Error"] == name


# Maps


def test_a_distributed_map_reads_its_items_from_s3(cloud: SmallCloud) -> None:
    """A JSON array in S3 gives one child a line, and their outputs come back in the array's order."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="items")
    s3.put_object(Bucket="items", Key="targets.json", Body=json.dumps([{"n": n} for n in range(12)]))
    cloud.functions["double"] = lambda event: {"n": event["n"] * 2}
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": "items", "Key.$": "$.key"},
    }
    distributed = map_of(task("double", End=True), "DISTRIBUTED", ItemReader=reader, MaxConcurrency=4)
    machine = cloud.machine("distributed", {"Map": distributed})
    ended = cloud.run(machine, {"key": "targets.json"})
    assert [one["n"] for one in json.loads(ended["output"])] == [n * 2 for n in range(12)]


@pytest.mark.parametrize(("bucket", "body"), [("no-such-bucket", b""), ("unreadable", b"no JSON")])
def test_an_unreadable_list_of_items_is_read_again(cloud: SmallCloud, bucket: str, body: bytes) -> None:
    """Without its list a Distributed Map fails as States.ItemReaderFailed, by which it is repeated and caught."""
    if body:
        cloud.client("s3").create_bucket(Bucket=bucket)
        cloud.client("s3").put_object(Bucket=bucket, Key="targets.json", Body=body)
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": bucket, "Key": "targets.json"},
    }
    failed = ["States.ItemReaderFailed"]
    again = {"ErrorEquals": failed, "IntervalSeconds": 1, "MaxAttempts": 2}
    distributed = map_of(
        DONE, "DISTRIBUTED", ItemReader=reader, Retry=[again], Catch=[{"ErrorEquals": failed, "Next": "Caught"}]
    )
    machine = cloud.machine(f"of-{bucket}", {"Map": distributed, "Caught": DONE})
    with cloud.faults.overheard() as heard:
        output = json.loads(cloud.run(machine)["output"])
    assert output["Error"] == "States.ItemReaderFailed"
    assert [facts.call for facts in heard].count("s3:GetObject") == 3


def test_a_long_map_with_one_worker_ends(cloud: SmallCloud) -> None:
    """An inline Map works through 1,500 items one after the other and keeps their order."""
    machine = cloud.machine("long", {"Map": map_of(DONE)})
    ended = cloud.run(machine, list(range(1500)))
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"]) == list(range(1500))


def test_one_failed_item_fails_the_map(cloud: SmallCloud) -> None:
    """Without a Catch of its own, an item's failure ends the Map with the item's error."""

    def odd_only(event: dict[str, Any]) -> dict[str, Any]:
        if event["n"] % 2 == 0:
            raise StateFailed("Even")
        return event

    cloud.functions["odd_only"] = odd_only
    ended = cloud.run(cloud.machine("strict", {"Map": map_of(task("odd_only", End=True))}), [{"n": 1}, {"n": 2}])
    assert (ended["status"], ended["error"]) == ("FAILED", "Even")


# Quotas and names


def test_a_history_of_25000_events_ends_the_execution(cloud: SmallCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """An execution that reaches the quota on its history fails, where moto's would go on for ever."""
    assert step_functions.MAXIMUM_HISTORY_EVENTS == 25_000
    monkeypatch.setattr(step_functions, "MAXIMUM_HISTORY_EVENTS", 200)
    states = {"Again": {"Type": "Pass", "Next": "Wait"}, "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Again"}}
    ended = cloud.run(cloud.machine("endless", states))
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert "history events (200)" in ended["cause"]


def test_an_execution_without_a_name_gets_one(cloud: SmallCloud) -> None:
    """Two executions without a name have different ones; a given name is kept and cannot be used for another input."""
    machine = cloud.machine("named", {"Done": DONE})
    names = {cloud.run(machine)["name"], cloud.run(machine)["name"]}
    assert len(names) == 2
    assert "None" not in names
    assert cloud.run(machine, name="mine")["name"] == "mine"
    states = cloud.client("stepfunctions")
    with pytest.raises(states.exceptions.ExecutionAlreadyExists):
        states.start_execution(stateMachineArn=machine, name="mine", input='{"other": 1}')


# Accounts


def writes(name: str) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ssm:putParameter",
        "Parameters": {"Name": name, "Value": "written", "Type": "String"},
        "End": True,
    }


def test_a_machine_acts_in_its_own_account_as_its_own_role(cloud: SmallCloud) -> None:
    """A machine of account B writes into account B and nowhere else."""
    machine = cloud.machine("writer", {"Write": writes("here")}, account=MEMBER)
    assert cloud.run(machine, account=MEMBER)["status"] == "SUCCEEDED"
    assert cloud.client("ssm", MEMBER).get_parameter(Name="here")["Parameter"]["Value"] == "written"
    central = cloud.client("ssm", CENTRAL)
    with pytest.raises(central.exceptions.ParameterNotFound):
        central.get_parameter(Name="here")


def test_a_machine_invokes_what_its_role_may_invoke(cloud: SmallCloud) -> None:
    """Without lambda:InvokeFunction on the function its state fails, in the word of Step Functions."""
    cloud.functions["known"] = lambda event: event
    machine = cloud.machine("invoker", {"Call": task("known", End=True)})
    assert cloud.run(machine)["status"] == "SUCCEEDED"
    other = f"arn:aws:lambda:{REGION}:{CENTRAL}:function:other"
    allowed = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": other}
    cloud.client("iam").put_role_policy(
        RoleName="invoker-role",
        PolicyName="all",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )
    failed = cloud.run(machine)
    assert (failed["status"], failed["error"]) == ("FAILED", "Lambda.AWSLambdaException")


# Stop


@pytest.mark.parametrize(
    "state", [{**WAIT, "Seconds": 100_000}, map_of({**WAIT, "Seconds": 100_000})], ids=["state", "map"]
)
def test_a_stopped_execution_says_why(cloud: SmallCloud, state: dict[str, Any]) -> None:
    """StopExecution ends an execution as ABORTED with the error and cause it was given, also inside of a Map."""
    machine = cloud.machine(f"stops-{state['Type'].lower()}", {"State": state})
    client = cloud.client("stepfunctions")
    arn = client.start_execution(stateMachineArn=machine, input="[1, 2]")["executionArn"]
    time.sleep(0.3)
    client.stop_execution(executionArn=arn, error="RunStopped", cause="stopped by operator")
    told = ended(client, arn)
    assert (told["status"], told["error"], told["cause"]) == ("ABORTED", "RunStopped", "stopped by operator")
    client.stop_execution(executionArn=arn, error="Again", cause="again")
    assert client.describe_execution(executionArn=arn)["error"] == "RunStopped"
