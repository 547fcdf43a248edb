"""Seams in moto's ASL interpreter: what it leaves out, or answers wrongly without a word.

Each is named in emulator/FIDELITY.md and has a contract test that fails when a moto upgrade changes it.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib
import pkgutil
import uuid
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import botocore.loaders
import botocore.model
import moto.stepfunctions.parser.asl.component as components
from moto.core.responses import ActionResult
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service,
    state_task_service_callback,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function import timestamp, wait_function
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event import event_manager
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped
from moto.stepfunctions.parser.asl.utils import boto_client, json_path
from moto.stepfunctions.parser.backend import execution_worker
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from emulator.seams.patching import Patches
from emulator.seams.step_functions_children import ask_when_ended
from emulator.seams.step_functions_failures import name_failures

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.clock import Clock

MAXIMUM_HISTORY_EVENTS = 25_000
"""Step Functions' hard quota on the history of a Standard execution (its service quotas page)."""
SYNC_POLL_SECONDS = 0.3


def install(
    clock: Clock,
    client_for: Callable[[str, str, str], Any],
    invoke: Callable[[str, str, bytes], dict[str, Any]],
) -> Callable[[], None]:
    """Replace what has to be replaced; the answer undoes it.

    Args:
        clock: Wait and Retry wait on it.
        client_for: Makes a boto3 client from role ARN, service and region.
        invoke: Invokes a Lambda function, as a role, by name or ARN, with a payload; answers as boto3's client does.
    """
    patches = Patches()
    _route_accounts(patches, client_for)
    _invoke_directly(patches, invoke)
    _restore_normalization(patches)
    _scale_time(patches, clock)
    _limit_history(patches)
    _iterate_without_recursion(patches)
    _name_executions(patches)
    _stop_for_a_reason(patches)
    name_failures(patches)
    ask_when_ended(patches)
    patches.replace(json_path, "parse", functools.lru_cache(maxsize=1_024)(json_path.parse))
    return patches.undo


def _route_accounts(patches: Patches, client_for: Callable[[str, str, str], Any]) -> None:
    """A task acts as its state machine's role; moto acts as the default account, whoever the machine belongs to."""

    def boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        if state_credentials is None:
            raise RuntimeError(f"moto asks for a {service} client without saying for which role")
        return client_for(state_credentials.role_arn, service, region)

    original = boto_client.boto_client_for
    patches.replace(boto_client, "boto_client_for", boto_client_for)
    for found in pkgutil.walk_packages(components.__path__, f"{components.__name__}."):
        module = importlib.import_module(found.name)
        if getattr(module, "boto_client_for", None) is original:
            patches.replace(module, "boto_client_for", boto_client_for)


def _invoke_directly(patches: Patches, invoke: Callable[[str, str, bytes], dict[str, Any]]) -> None:
    """Call the function in this process instead of through HTTP and back."""

    def invoke_function(parameters: dict[str, Any], region: str, state_credentials: Any) -> dict[str, Any]:  # noqa: ARG001 - moto's own signature
        answer = invoke(state_credentials.role_arn, parameters["FunctionName"], parameters.get("Payload") or b"{}")
        answer["Payload"] = lambda_eval_utils._from_payload(answer["Payload"])
        return answer

    patches.replace(lambda_eval_utils, "_invoke_lambda_function", invoke_function)


@functools.lru_cache(maxsize=8)
def _service_model(service: str) -> botocore.model.ServiceModel:
    loader = botocore.loaders.Loader()
    return botocore.model.ServiceModel(loader.load_service_model(service, "service-2"), service)


def _restore_normalization(patches: Patches) -> None:
    """startExecution.sync:2 needs the parameters' and the answer's case changed; moto has emptied both functions."""

    def operation(task: Any, service: str | None, action: str | None) -> botocore.model.OperationModel:
        model = _service_model(task._get_boto_service_name(service))
        wanted = task._get_boto_service_action(action).replace("_", "")
        name = next(name for name in model.operation_names if name.lower() == wanted)
        return model.operation_model(name)

    def parameters_to_boto(
        self: Any,
        parameters: dict[str, Any],
        boto_service_name: str | None = None,
        service_action_name: str | None = None,
    ) -> None:
        shape = operation(self, boto_service_name, service_action_name).input_shape
        if shape is not None:
            self._to_boto_request(parameters, shape)

    def response_from_boto(
        self: Any, response: Any, boto_service_name: str | None = None, service_action_name: str | None = None
    ) -> None:
        shape = operation(self, boto_service_name, service_action_name).output_shape
        if shape is not None:
            self._from_boto_response(response, shape)

    patches.replace(state_task_service.StateTaskService, "_normalise_parameters", parameters_to_boto)
    patches.replace(state_task_service.StateTaskService, "_normalise_response", response_from_boto)


def _scale_time(patches: Patches, clock: Clock) -> None:
    """Wait and Retry wait on the clock; .sync asks more often than every half second."""

    def wait_interval(self: Any, env: Any, wait_seconds: float) -> None:  # noqa: ARG001 - moto's own signature
        deadline = clock.deadline(wait_seconds)
        while env.is_running() and not deadline.passed():
            env.program_state_event.wait(deadline.remaining())

    class ScaledTime:
        """Stands for the module `time` in the retrier."""

        sleep = staticmethod(clock.sleep)

    class UniversalTime(dt.datetime):
        """Stands for the class `datetime` where a Timestamp, which is UTC, is set against the machine's local time."""

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return dt.datetime.now(tz or dt.UTC).replace(microsecond=0, tzinfo=tz)

    patches.replace(timestamp, "datetime", SimpleNamespace(datetime=UniversalTime))
    patches.replace(wait_function.WaitFunction, "_wait_interval", wait_interval)
    patches.replace(retrier_decl, "time", ScaledTime)
    patches.replace(state_task_service_callback, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", SYNC_POLL_SECONDS)


def _limit_history(patches: Patches) -> None:
    """Fail an execution whose history reaches AWS's hard quota; moto lets it grow for ever."""
    make_environment = execution_worker.ExecutionWorker._get_evaluation_environment
    add_event = event_manager.EventManager.add_event

    def environment(self: Any) -> Any:
        made = make_environment(self)
        made.event_manager.root_environment = made
        return made

    def counted(self: Any, *arguments: Any, **named: Any) -> int:
        number: int = add_event(self, *arguments, **named)
        if number == MAXIMUM_HISTORY_EVENTS:
            cause = f"The execution reached the maximum number of history events ({MAXIMUM_HISTORY_EVENTS})."
            self.root_environment.set_error({"error": "States.Runtime", "cause": cause})
        return number

    patches.replace(execution_worker.ExecutionWorker, "_get_evaluation_environment", environment)
    patches.replace(event_manager.EventManager, "add_event", counted)


def _iterate_without_recursion(patches: Patches) -> None:
    """Work through a Map's items in a loop: moto calls itself for each and hangs beyond about 900."""

    def eval_pool(self: Any, job: Any, worker_frame: Any) -> None:
        while job is not None:
            job_frame = worker_frame.open_inner_frame()
            self._eval_job(env=job_frame, job=job)
            worker_frame.close_frame(job_frame)
            stopped = isinstance(job.job_output, Exception) or self.stopped()
            following = None if stopped else self._job_pool.next_job()
            if following is None:
                if not stopped:
                    context = worker_frame.event_history_context
                    context.source_event_id = job_frame.event_history_context.last_published_event_id
                # The frame closes before the job: Map states wait for jobs, not for workers.
                self._env.close_frame(worker_frame)
            self._job_pool.close_job(job)
            if following is None:
                return
            job = following
        self._env.close_frame(worker_frame)

    patches.replace(iteration_worker.IterationWorker, "_eval_pool", eval_pool)


def _name_executions(patches: Patches) -> None:
    """An execution without a name gets a UUID, as on AWS; moto's ARN would end in `:None`."""
    start = StepFunctionsParserBackend.start_execution

    def named(self: Any, state_machine_arn: str, name: str | None = None, *rest: Any, **more: Any) -> Any:
        return start(self, state_machine_arn, name or str(uuid.uuid4()), *rest, **more)

    patches.replace(StepFunctionsParserBackend, "start_execution", named)


def _stop_for_a_reason(patches: Patches) -> None:
    """StopExecution's error and cause are kept, and what was stopped is ABORTED; moto drops both and may say FAILED."""
    set_error = Environment.set_error
    reflect = BaseExecutionWorkerCommunication._reflect_execution_status

    def stop_execution(self: Any) -> ActionResult:
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        moment = dt.datetime.now(dt.UTC)
        execution.stop(stop_date=moment, error=self._get_param("error"), cause=self._get_param("cause"))
        return ActionResult({"stopDate": moment})

    def set_error_unless_stopped(self: Any, error: Any) -> None:
        if not isinstance(self.program_state(), ProgramStopped):
            set_error(self, error)

    def reflect_with_reason(self: Any) -> None:
        reflect(self)
        state = self.execution.exec_worker.env.program_state()
        if isinstance(state, ProgramStopped):
            self.execution.error, self.execution.cause = state.error, state.cause

    patches.replace(StepFunctionResponse, "stop_execution", stop_execution)
    patches.replace(Environment, "set_error", set_error_unless_stopped)
    patches.replace(BaseExecutionWorkerCommunication, "_reflect_execution_status", reflect_with_reason)
