"""Seam in how moto's Step Functions waits for a child of `.sync`: by asking through HTTP, again and again.

Step Functions itself is told of the end. With hundreds of children asking costs more than the children's own work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.seams.patching import Patches


def ask_when_ended(patches: Patches) -> None:
    """A child is asked for through the API when it has ended, as its parent's role; until then it is looked at here."""
    build = StateTaskServiceSfn._build_sync2_resolver

    def resolver(self: Any, env: Any, **given: Any) -> Callable[[], Any]:
        child = str(env.stack[-1]["ExecutionArn"])
        ask = build(self, env=env, **given)
        return lambda: None if _runs(child) else ask()

    patches.replace(StateTaskServiceSfn, "_build_sync2_resolver", resolver)


def _runs(execution: str) -> bool:
    region, account = execution.split(":")[3:5]
    found = stepfunctions_parser_backends[account][region].describe_execution(execution)
    return bool(found.exec_status == ExecutionStatus.RUNNING)
