"""How much of a step's output Systems Manager shows.

Source: aws/amazon-ssm-agent, agent/framework/processor/executer/iohandler: 24,000 of standard output, 8,000 of standard
error, and 2,500 of both together (what ListCommandInvocations shows). The agent counts bytes.
"""

from __future__ import annotations

_STDOUT_LIMIT = 24_000
_STDERR_LIMIT = 8_000
_COMBINED_LIMIT = 2_500
_CUT = "--output truncated--"
_STDOUT_CUT = "\n---Output truncated---"
_STDERR_CUT = "\n---Error truncated----"
_SEPARATOR = "\n----------ERROR-------\n"


def stdout(text: str) -> str:
    """Standard output as GetCommandInvocation shows it."""
    return _prefix(text, _STDOUT_LIMIT)


def stderr(text: str) -> str:
    """Standard error as GetCommandInvocation shows it."""
    return _prefix(text, _STDERR_LIMIT)


def combined(out: str, err: str) -> str:
    """Both streams as the Output of a plugin in ListCommandInvocations shows them."""
    out_bytes, err_bytes = out.encode(), err.encode()
    separator = _SEPARATOR if err else ""
    space = _COMBINED_LIMIT - len(separator)
    if len(out_bytes) + len(err_bytes) < space:
        return out + separator + err
    if len(out_bytes) > space // 2 and len(err_bytes) > space // 2:
        half = (space - len(_STDOUT_CUT) - len(_STDERR_CUT)) // 2
        return _text(out_bytes[:half]) + _STDOUT_CUT + separator + _text(err_bytes[:half]) + _STDERR_CUT
    if len(out_bytes) < space // 2:
        return out + separator + _text(err_bytes[: space - len(_STDERR_CUT) - len(out_bytes)]) + _STDERR_CUT
    return _text(out_bytes[: space - len(_STDOUT_CUT) - len(err_bytes)]) + _STDOUT_CUT + separator + err


def _prefix(text: str, limit: int) -> str:
    encoded = text.encode()
    return text if len(encoded) < limit else _text(encoded[: limit - len(_CUT)]) + _CUT


def _text(encoded: bytes) -> str:
    return encoded.decode("utf-8", "ignore")
