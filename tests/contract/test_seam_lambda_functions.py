"""Functions of the embedded Lambda: handlers in this process, each with its own environment and identity."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
import types
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from emulator import functions
from emulator.seams import lambda_functions
from fleetdx.sessions import own_session
from tests.contract.small_cloud import CENTRAL, REGION, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.small_cloud import SmallCloud

MODULE = "handlers_of_a_contract_test"


class OurError(Exception):
    """Raised by a handler of this test."""


class Runtime:
    """The runtime with functions made for this test; `together` lets two invocations meet."""

    def __init__(self, cloud: SmallCloud, runtime: functions.FunctionRuntime) -> None:
        self.cloud = cloud
        self.runtime = runtime
        self.together = threading.Barrier(2, timeout=20)
        self.module = types.ModuleType(MODULE)
        self.clients = cloud.client("lambda")

    def function(self, name: str, handler: Any, **variables: str) -> str:
        setattr(self.module, name, handler)
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as content:
            content.writestr("empty.py", "")
        self.clients.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self.cloud.role(f"{name}-role"),
            Handler=f"{MODULE}.{name}",
            Code={"ZipFile": archive.getvalue()},
            Environment={"Variables": variables},
        )
        return name

    def call(self, name: str, payload: Any = None) -> tuple[dict[str, Any], str | None]:
        answer = self.clients.invoke(FunctionName=name, Payload=json.dumps(payload or {}))
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    directory = tmp_path_factory.mktemp("cloud")
    with (
        small_cloud(directory) as cloud,
        functions.separate_environments() as environment,
        functions.kept_log(directory / "functions.log") as log,
    ):

        def credentials_for(role: str) -> dict[str, str]:
            minted = cloud.sessions.mint_for_role(role, "lambda")
            found: dict[str, str] = minted.for_environment()
            return found

        runtime = functions.FunctionRuntime(environment, credentials_for, cloud.url, log)
        uninstall = lambda_functions.install(runtime)
        made = Runtime(cloud, runtime)
        sys.modules[MODULE] = made.module
        yield made
        del sys.modules[MODULE]
        uninstall()


def test_a_function_sees_its_own_environment(aws: Runtime) -> None:
    """Two invocations at the same moment each see their function's variables, name and region, and not each other's."""

    def handler(event: dict[str, Any], context: object) -> dict[str, str | None]:
        aws.together.wait()
        names = ("COLOR", "AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION", "AWS_ENDPOINT_URL", "HOME")
        return {name: os.environ.get(name) for name in names}

    answers: dict[str, Any] = {}
    threads = []
    for color in ("red", "green"):
        name = aws.function(f"paint-{color}".replace("-", "_"), handler, COLOR=color)
        threads.append(threading.Thread(target=lambda one=name: answers.update({one: aws.call(one)[0]})))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for color in ("red", "green"):
        assert answers[f"paint_{color}"] == {
            "COLOR": color,
            "AWS_LAMBDA_FUNCTION_NAME": f"paint_{color}",
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": aws.cloud.url,
            "HOME": None,
        }
    assert "COLOR" not in os.environ


def test_a_function_acts_as_its_role(aws: Runtime) -> None:
    """The credentials in a function's environment are those of its execution role."""

    def handler(event: dict[str, Any], context: object) -> dict[str, str]:
        return {"arn": own_session().client("sts").get_caller_identity()["Arn"]}

    answer, error = aws.call(aws.function("who", handler))
    assert error is None
    assert answer["arn"].startswith(f"arn:aws:sts::{CENTRAL}:assumed-role/who-role/")


def test_a_failure_is_told_by_the_class_of_the_error(aws: Runtime) -> None:
    """What a handler raises arrives as errorType, errorMessage and stackTrace; moto calls it Handled, AWS Unhandled."""

    def handler(event: dict[str, Any], context: object) -> None:
        raise OurError("because")

    answer, error = aws.call(aws.function("fails", handler))
    assert error == "Handled"
    assert (answer["errorType"], answer["errorMessage"]) == ("OurError", "because")
    assert answer["stackTrace"]
    function = lambda_functions.function_of("fails", CENTRAL, REGION)
    assert aws.runtime.answer(function, b"{}")["FunctionError"] == "Unhandled"


def test_an_answer_beyond_6_mb_is_refused(aws: Runtime) -> None:
    """A function that returns more than Lambda passes on fails, as it would on AWS."""
    answer, error = aws.call(aws.function("talks", lambda *_: "x" * 6_291_456))
    assert error is not None
    assert answer["errorType"] == "Function.ResponseSizeTooLarge"


def test_an_event_arrives_as_json_and_as_a_copy(aws: Runtime) -> None:
    """A handler that changes its event changes nobody else's, and every invocation is counted."""

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
        event["seen"] = True
        return event

    name = aws.function("changes", handler)
    payload = {"한글": [1, 2.5, None]}
    assert aws.call(name, payload) == ({**payload, "seen": True}, None)
    assert "seen" not in payload
    assert aws.runtime.invocations[name] == 1


def test_a_function_is_found_by_name_and_by_arn(aws: Runtime) -> None:
    """An ARN's own account and region count before the defaults."""
    name = aws.function("found", lambda *_: {})
    by_name = lambda_functions.function_of(name, CENTRAL, REGION)
    assert lambda_functions.function_of(by_name.function_arn, "999999999999", "eu-west-1") is by_name
