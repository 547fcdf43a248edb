"""Seams in moto's Step Functions: what it does again and again although the answer is known.

It parses a definition's text anew for each execution, and asks for a child of `.sync` through HTTP until that ends;
Step Functions itself is told of the end. With hundreds of children both cost more than the children's own work.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser, Preprocessor
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.seams.patching import Patches

_DEFINITIONS = 64


def avoid_repeats(patches: Patches) -> None:
    """Replace what repeats itself."""
    _parse_once(patches)
    _ask_when_ended(patches)


def _parse_once(patches: Patches) -> None:
    """The syntax tree is kept; what is evaluated, and holds an execution's state, is made from it each time."""
    parse = AmazonStateLanguageParser.parse

    @functools.lru_cache(maxsize=_DEFINITIONS)
    def tree_of(definition: str) -> Any:
        return parse(definition)[1]

    def parsed(definition: str) -> tuple[Any, Any]:
        tree = tree_of(definition)
        return Preprocessor().visit(tree), tree

    patches.replace(AmazonStateLanguageParser, "parse", staticmethod(parsed))


def _ask_when_ended(patches: Patches) -> None:
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
