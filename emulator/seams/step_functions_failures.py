"""Seams in moto's ASL interpreter: what Step Functions calls the failures of services that it asks by itself.

A Retry or Catch matches names, so a wrong name is another way through the machine. Sources: "Error names" in the Step
Functions guide for States.ItemReaderFailed; `StepFunctions.` before the class of the AWS SDK for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.stepfunctions.parser.api import HistoryEventType, MapRunFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.item_reader_decl import ItemReader
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

if TYPE_CHECKING:
    from emulator.seams.patching import Patches


def name_failures(patches: Patches) -> None:
    """Replace what names these failures."""
    _of_started_executions(patches)
    _of_item_readers(patches)


def _of_started_executions(patches: Patches) -> None:
    """A class of the SDK ends in Exception once, where moto says it twice; what never arrived is SdkClientException."""
    from_error = StateTaskServiceSfn._from_error

    def from_error_named_once(self: Any, env: Any, ex: Exception) -> Any:
        if isinstance(ex, BotoCoreError):
            unanswered = {"HTTPStatusCode": 0, "RequestId": "null"}
            response: Any = {"Error": {"Code": "SdkClient", "Message": str(ex)}, "ResponseMetadata": unanswered}
            ex = ClientError(response, "StartExecution")
        elif isinstance(ex, ClientError):
            told = ex.response["Error"]
            response = {**ex.response, "Error": {**told, "Code": told["Code"].removesuffix("Exception")}}
            ex = ClientError(response, ex.operation_name)
        return from_error(self, env, ex)

    patches.replace(StateTaskServiceSfn, "_from_error", from_error_named_once)


def _of_item_readers(patches: Patches) -> None:
    """A list that cannot be read, or is no JSON, is States.ItemReaderFailed; moto calls it States.Runtime."""
    read = ItemReader._eval_body

    def read_or_fail(self: Any, env: Any) -> None:
        try:
            read(self, env)
        except (ClientError, BotoCoreError, ValueError) as error:
            name = StatesErrorName(typ=StatesErrorNameType.StatesItemReaderFailed)
            told = MapRunFailedEventDetails(error=name.error_name, cause=str(error))
            details = EventDetails(mapRunFailedEventDetails=told)
            raise FailureEventException(FailureEvent(env, name, HistoryEventType.TaskFailed, details)) from error

    patches.replace(ItemReader, "_eval_body", read_or_fail)
