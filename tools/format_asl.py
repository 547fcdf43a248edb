"""Formats state machines: fields in one order, and whatever fits in a line on one line.

    python tools/format_asl.py [--check] [FILE...]

The order is that in which a state works: what it is, what goes in, what comes out, what when it fails, what follows.
The files stay plain JSON; numbers keep their spelling, so that `2.0` stays a float.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
COLUMNS = 110
FIELDS = (
    # what it is
    *("Comment", "Type", "Label", "Mode", "ExecutionType", "Resource", "Variable", "Seconds", "SecondsPath"),
    # what goes in
    *("MaxConcurrency", "InputPath", "ItemReader", "ReaderConfig", "ItemsPath", "ItemSelector", "Parameters"),
    *("ProcessorConfig", "ItemProcessor", "StartAt", "States", "Choices", "Result"),
    # what it answers to, in a retrier or catcher
    *("ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"),
    # what comes out
    *("ResultSelector", "ResultPath", "OutputPath", "ErrorPath", "CausePath"),
    # what when it fails
    *("TimeoutSeconds", "Retry", "Catch"),
    # what follows; a comparison of a Choice stands before it
    *("*", "Default", "Next", "End"),
)
RANKS = {name: rank for rank, name in enumerate(FIELDS)}
FREE = frozenset({"Parameters", "ResultSelector", "ItemSelector", "Result"})
"""Fields whose content is ours, not the language's: it keeps its order."""


def ordered(value: Any, name: str = "") -> Any:
    """Put the fields of a machine, a state and their parts in order; the states themselves stay as written.

    Args:
        value: The machine or a part of it.
        name: The field that holds it.
    """
    if name in FREE:
        return value
    if isinstance(value, list):
        return [ordered(one) for one in value]
    if not isinstance(value, dict):
        return value
    names = value if name == "States" else sorted(value, key=lambda field: RANKS.get(field, RANKS["*"]))
    return {field: ordered(value[field], "" if name == "States" else field) for field in names}


def _flat(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _is_simple(value: Any) -> bool:
    """Whether a value holds no objects; a state is never simple: its fields stand below each other."""
    parts = value.values() if isinstance(value, dict) else value
    nested = (one for part in parts for one in (part if isinstance(part, list) else [part]))
    return not any(isinstance(one, dict | list) for one in nested) and "Type" not in value


def _filled(lines: list[str]) -> list[str]:
    """Join lines as long as they fit; what takes several lines itself stays apart."""
    joined: list[str] = []
    for line in lines:
        together = f"{joined[-1]} {line.lstrip()}" if joined else ""
        if together and "\n" not in together and len(together) <= COLUMNS:
            joined[-1] = together
        else:
            joined.append(line)
    return joined


def laid_out(value: Any, indent: int = 0, before: str = "", after: str = "") -> str:
    """Write a value with what stands before it on its line (a field's name) and after it (a comma)."""
    line = f"{' ' * indent}{before}{_flat(value)}{after}"
    if len(line) <= COLUMNS or not isinstance(value, dict | list) or not value:
        return line
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    names = [f"{_flat(name)}: " for name in value] if isinstance(value, dict) else [""] * len(value)
    parts = list(value.values()) if isinstance(value, dict) else value
    commas = [","] * (len(parts) - 1) + [""]
    inside = [laid_out(part, indent + 2, *rest) for part, *rest in zip(parts, names, commas, strict=True)]
    if _is_simple(value):
        inside = _filled(inside)
    return "\n".join([f"{' ' * indent}{before}{opening}", *inside, f"{' ' * indent}{closing}{after}"])


def formatted(text: str) -> str:
    """Format the text of a state machine.

    Raises:
        ValueError: It is not JSON.
    """
    return laid_out(ordered(json.loads(text))) + "\n"


def main(arguments: list[str]) -> int:
    """Format the files, or with --check name those that are not formatted; the exit status says whether any was."""
    check = "--check" in arguments
    named = [Path(argument) for argument in arguments if argument != "--check"]
    changed = False
    for path in named or sorted((PROJECT / "statemachines").glob("*.asl.json")):
        text = path.read_text(encoding="utf-8")
        wanted = formatted(text)
        if text != wanted:
            changed = True
            print(f"{path}: {'not formatted' if check else 'formatted'}")
            if not check:
                path.write_text(wanted, encoding="utf-8")
    return int(check and changed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
