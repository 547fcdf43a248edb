"""Structured logs: one JSON object a line, bound to the run and the target that a function works on.

Only what is bound or passed is logged; events are never logged whole, because a mistake there would print signatures.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

FUNCTION_LOGGERS = "fleetdx.functions"
BOUND_KEYS = ("run", "account", "region", "batch")


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object with time, level, function, message and the bound facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Render the record; an exception is named by class and text, without a traceback of its values."""
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
        return json.dumps(line, ensure_ascii=False)


def logger_for(function: str) -> logging.Logger:
    """The logger of one function, writing JSON lines to standard error (Lambda sends them to CloudWatch Logs).

    Their common parent gets its handler on first use, unless whoever runs the functions has given it one already.
    """
    parent = logging.getLogger(FUNCTION_LOGGERS)
    if not parent.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter())
        parent.addHandler(handler)
        parent.propagate = False
    parent.setLevel(logging.INFO)
    return parent.getChild(function)


def facts_of(event: object) -> dict[str, Any]:
    """The few facts of an event that may be logged: run, account, region and batch."""
    if not isinstance(event, dict):
        return {}
    return {key: event[key] for key in BOUND_KEYS if isinstance(event.get(key), str | int)}
