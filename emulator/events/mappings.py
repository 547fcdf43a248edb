"""Lambda's pollers: what a queue holds is given to the functions that are mapped to it."""

from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from moto.awslambda.models import lambda_backends
from moto.sqs.exceptions import ReceiptHandleIsInvalid
from moto.sqs.models import sqs_backends

from emulator.events.shapes import sqs_event
from emulator.front_door.asked import Need
from emulator.seams.lambda_functions import function_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulator.front_door.judge import Judge

NEEDED_TO_POLL: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
"""Source: "Execution role permissions" for queues in the Lambda developer guide."""
_LOG = logging.getLogger(__name__)
LOOK_EVERY_SECONDS: Final = 0.05
MOST_CONCURRENT: Final = 5
MOST_HIDDEN_SECONDS: Final = 43_200
"""SQS hides no message for longer."""


class Pollers:
    """Looks at every enabled mapping in turn, and runs a batch a thread.

    A batch that the function does not answer for stays in the queue, hidden for its visibility timeout from then on;
    of one that it answers with batchItemFailures only those do. The queue's own redrive policy does the rest.
    """

    def __init__(
        self,
        invoke: Callable[[str, dict[str, Any]], tuple[str, bool]],
        judge: Judge,
        count: Callable[[str], None],
    ) -> None:
        """Invoke functions with `invoke`: ARN and event give the answer's JSON, and whether it failed.

        `count` is told of each request to a queue. Looks at an empty one are not: AWS's pollers wait for twenty
        seconds in each, these for none.
        """
        self._invoke = invoke
        self._judge = judge
        self._count = count
        self._closed = threading.Event()
        self._free = threading.Semaphore(MOST_CONCURRENT)
        self._lock = threading.Lock()
        self._under_way = 0
        self._pool = ThreadPoolExecutor(MOST_CONCURRENT, thread_name_prefix="poller")
        self._thread = threading.Thread(target=self._run, name="pollers", daemon=True)
        self._thread.start()

    @property
    def under_way(self) -> int:
        """How many batches functions are at work on."""
        return self._under_way

    def close(self) -> None:
        """Take no further batch, and wait for those under way."""
        self._closed.set()
        self._thread.join()
        self._pool.shutdown()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                took = sum(self._poll(mapping) for mapping in _mappings()) > 0
            except Exception:  # noqa: BLE001 - as a poller that goes on, whatever one round met
                _LOG.exception("polling failed")
                took = False
            if not took:
                self._closed.wait(LOOK_EVERY_SECONDS)

    def _poll(self, mapping: Any) -> bool:
        if not self._free.acquire(blocking=False):
            return False
        region, account, name = mapping.event_source_arn.split(":")[3:6]
        backend = sqs_backends[account][region]
        queue = backend.queues.get(name) if self._may_poll(mapping) else None
        # A function's own time is real: it must not race the visibility timeout, which passes on the scaled clock.
        messages = queue and backend.receive_message(name, min(mapping.batch_size, 10), 0, MOST_HIDDEN_SECONDS)
        if not messages:
            self._free.release()
            return False
        self._count("sqs:ReceiveMessage")
        with self._lock:
            self._under_way += 1
        self._pool.submit(self._process, mapping, backend, name, messages)
        return True

    def _may_poll(self, mapping: Any) -> bool:
        """Whether the function's role lets the poller work; AWS refuses to make a mapping without all of these."""
        role = function_of(mapping.function_arn, "", "").role
        given = [self._judge.allows(role, Need(action, mapping.event_source_arn)) for action in NEEDED_TO_POLL]
        return all(given)

    def _process(self, mapping: Any, backend: Any, name: str, messages: list[Any]) -> None:
        try:
            answer, failed = self._invoke(mapping.function_arn, sqs_event(mapping.event_source_arn, messages))
            kept = {message.id for message in messages} if failed else _failures(mapping, answer)
            if len(kept) < len(messages):
                self._count("sqs:DeleteMessageBatch")
            for message in messages:
                if message.id in kept:
                    backend.change_message_visibility(
                        name, message.receipt_handle, backend.queues[name].visibility_timeout
                    )
                else:
                    _delete(backend, name, message.receipt_handle)
        finally:
            with self._lock:
                self._under_way -= 1
            self._free.release()


def waiting_messages() -> int:
    """How many messages are in queues that a function is mapped to, hidden ones included."""
    sources = {mapping.event_source_arn for mapping in _mappings()}
    places = [source.split(":")[3:6] for source in sources]
    return sum(len(sqs_backends[account][region].queues[name]._messages) for region, account, name in places)


def _mappings() -> Iterator[Any]:
    for account in list(lambda_backends):
        for region in list(lambda_backends[account]):
            for mapping in list(lambda_backends[account][region]._event_source_mappings.values()):
                if mapping.enabled and mapping.event_source_arn.split(":")[2] == "sqs":
                    yield mapping


def _failures(mapping: Any, answer: str) -> set[str]:
    """Which messages the function gives back; without ReportBatchItemFailures its answer means nothing."""
    if "ReportBatchItemFailures" not in (mapping.function_response_types or ()):
        return set()
    told = json.loads(answer)
    failures = told.get("batchItemFailures") if isinstance(told, dict) else None
    return {failure["itemIdentifier"] for failure in failures or ()}


def _delete(backend: Any, name: str, receipt_handle: str) -> None:
    try:
        backend.delete_message(name, receipt_handle)
    except ReceiptHandleIsInvalid:
        _LOG.info("a message of %s became visible again before it was deleted", name)
