"""The embedded Lambda: runs handlers in this process, each with the environment and identity of its own function.

Lambda gives a function its settings and credentials as environment variables of its process. Here many functions share
one process, so `os.environ` answers with the variables of the invocation that asks.
"""

from __future__ import annotations

import contextvars
import importlib
import io
import json
import logging
import os
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulator.faults.invocations import DIED, loss_of
from emulator.faults.rules import INVOKE, CallFacts, FaultBook
from emulator.function_metering import FunctionMeter, FunctionUsage
from emulator.seams.clients import CallerDied
from fleetdx.log import FUNCTION_LOGGERS, JsonFormatter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from moto.awslambda.models import LambdaFunction

MAXIMUM_PAYLOAD = 6_291_456  # bytes; Lambda's quota for synchronous invocations


class InvocationEnvironment(MutableMapping[str, str]):
    """`os.environ` as each invocation sees it; code outside of invocations sees the process's own."""

    def __init__(self, process: MutableMapping[str, str]) -> None:
        self.process = process
        self.current: contextvars.ContextVar[MutableMapping[str, str] | None] = contextvars.ContextVar(
            "environment", default=None
        )

    def _variables(self) -> MutableMapping[str, str]:
        current = self.current.get()
        return self.process if current is None else current

    def __getitem__(self, name: str) -> str:
        return self._variables()[name]

    def __setitem__(self, name: str, value: str) -> None:
        self._variables()[name] = value

    def __delitem__(self, name: str) -> None:
        del self._variables()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables())

    def __len__(self) -> int:
        return len(self._variables())

    def copy(self) -> dict[str, str]:
        """As os.environ.copy."""
        return dict(self._variables())


@contextmanager
def separate_environments() -> Iterator[InvocationEnvironment]:
    """Put an InvocationEnvironment in the place of os.environ while the embedded AWS runs."""
    process = os.environ
    environment = InvocationEnvironment(process)
    os.environ = environment  # type: ignore[assignment]  # noqa: B003 - replaced as a whole on purpose
    try:
        yield environment
    finally:
        os.environ = process  # noqa: B003 - see above


class KeptLog(logging.Handler):
    """Keeps what functions log, in memory and in a file, as CloudWatch Logs would.

    Attributes:
        lines: Every line.
        bytes_by_logger: How much each of the loggers has written, by its name.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []
        self.bytes_by_logger: Counter[str] = Counter()
        self._file = path.open("w", encoding="utf-8", buffering=1)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        line = self.format(record)
        self.lines.append(line)
        self.bytes_by_logger[record.name] += len(line.encode()) + 1
        self._file.write(f"{line}\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


@contextmanager
def kept_log(path: Path) -> Iterator[KeptLog]:
    """Keep the functions' log in a file instead of on standard error, while the embedded AWS runs."""
    parent = logging.getLogger(FUNCTION_LOGGERS)
    log, before, propagate = KeptLog(path), parent.handlers[:], parent.propagate
    parent.handlers, parent.propagate = [log], False
    try:
        yield log
    finally:
        parent.handlers, parent.propagate = before, propagate
        log.close()


@dataclass
class FunctionRuntime:
    """Invokes functions and keeps what they logged.

    Attributes:
        environment: The separated environment.
        credentials_for: Environment variables with the credentials of an execution role, by its ARN.
        endpoint: What AWS_ENDPOINT_URL is in a function.
        invocations: How often each function was invoked.
        log: What functions logged; tests search it for secrets.
        faults: What is to go wrong with invocations.
        meter: What invocations cost.
    """

    environment: InvocationEnvironment
    credentials_for: Callable[[str], dict[str, str]]
    endpoint: str
    log: KeptLog
    faults: FaultBook = field(default_factory=FaultBook)
    invocations: dict[str, int] = field(default_factory=dict)
    meter: FunctionMeter = field(default_factory=FunctionMeter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def invoke(self, function: LambdaFunction, event: dict[str, Any]) -> tuple[str, bool, str]:
        """Run a function once.

        Returns:
            Its answer as JSON, whether it failed, and its log. A failure is told as Lambda does: errorType (the class's
            name), errorMessage and stackTrace.
        """
        with self._lock:
            self.invocations[function.function_name] = self.invocations.get(function.function_name, 0) + 1
        loss = loss_of(self.faults.strike(_facts_of(function)))
        if loss is not None and not loss.has_run:
            self.meter.count(function.function_name, function.memory_size, failed=True, seconds=None)
            return loss.answer(), True, ""
        variables = {
            **function.environment_vars,
            **self.credentials_for(function.role),
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_ENDPOINT_URL": self.endpoint,
        }
        started = time.monotonic()
        answer = contextvars.copy_context().run(self._run, function.handler, event, variables)
        if loss is not None:
            answer = loss.answer(), True, ""
        seconds = time.monotonic() - started
        self.meter.count(function.function_name, function.memory_size, failed=answer[1], seconds=seconds)
        return answer

    def usage(self) -> dict[str, FunctionUsage]:
        """What every function that was invoked cost so far, by its name."""
        written = self.log.bytes_by_logger
        return self.meter.snapshot({_function_of(logger): count for logger, count in written.items()})

    def answer(self, function: LambdaFunction, payload: bytes) -> dict[str, Any]:
        """Run a function and answer as boto3's Lambda client does."""
        text, failed, _ = self.invoke(function, json.loads(payload))
        answer: dict[str, Any] = {
            "StatusCode": 200,
            "ExecutedVersion": "$LATEST",
            "Payload": io.BytesIO(text.encode()),
        }
        return {**answer, "FunctionError": "Unhandled"} if failed else answer

    def _run(self, handler: str, event: dict[str, Any], variables: dict[str, str]) -> tuple[str, bool, str]:
        self.environment.current.set(variables)
        module, _, name = handler.rpartition(".")
        try:
            answer = getattr(importlib.import_module(module), name)(json.loads(json.dumps(event)), None)
            text, failed = json.dumps(answer), False
        except CallerDied:
            text, failed = DIED.answer(), True
        except Exception as error:  # noqa: BLE001 - Lambda's runtime catches whatever a handler raises
            told = {
                "errorMessage": str(error),
                "errorType": type(error).__name__,
                "stackTrace": traceback.format_tb(error.__traceback__)[-3:],
            }
            text, failed = json.dumps(told), True
        if len(text) > MAXIMUM_PAYLOAD:
            told = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": "response over 6 MB"}
            return json.dumps(told), True, ""
        return text, failed, ""


def _function_of(logger: str) -> str:
    """The function that a logger belongs to: loggers are named after the folder of functions/."""
    return f"fleetdx-{logger.rpartition('.')[2].replace('_', '-')}"


def _facts_of(function: LambdaFunction) -> CallFacts:
    """An invocation as rules see it; Step Functions is its only caller here."""
    account = function.function_arn.split(":")[4]
    return CallFacts(INVOKE, "states.amazonaws.com", account, function.region, function.function_name)
