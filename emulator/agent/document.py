"""SSM command documents, schema 2.2: what they hold, which values they take, what a step reads once values are in.

Sources: the agent's own code (aws/amazon-ssm-agent, agent/framework/docparser) and the API's model. The API checks
`allowedPattern` with Java's regular expressions, the agent again with RE2; a value has to pass both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_MOST_REPEATS = 1000  # RE2 compiles no pattern that repeats something more often
_NOT_IN_RE2 = re.compile(
    r"\(\?(?!:)|\\[1-9]|[*+?}]\+"
)  # look-around, inline flags, back references, possessive repeats


class InvalidDocumentContentError(ValueError):
    """The document is not one that Run Command could run; the message says why."""


class InvalidParametersError(ValueError):
    """A value is missing, not asked for, or not allowed; the message names the parameter, never the value."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a document, of type String.

    Attributes:
        name: What the text calls it.
        default: Its value when the caller gives none; None when it is required.
        allowed_pattern: Regular expression the value has to match; empty for none.
        allowed_values: The only values it takes; empty for any.
        most_chars: `maxChars`.
        fewest_chars: `minChars`.
    """

    name: str
    default: str | None = None
    allowed_pattern: str = ""
    allowed_values: tuple[str, ...] = ()
    most_chars: int | None = None
    fewest_chars: int = 0

    def accepted_by_api(self, value: str) -> bool:
        """Whether the service takes the value: Java's `$` also matches before a last line end, as Python's does."""
        if self.most_chars is not None and len(value) > self.most_chars:
            return False
        if len(value) < self.fewest_chars or (self.allowed_values and value not in self.allowed_values):
            return False
        return re.search(self.allowed_pattern, value) is not None

    def accepted_by_agent(self, value: str) -> bool:
        """Whether the agent takes it too: RE2's `$` matches at the very end only."""
        return re.search(re.sub(r"(?<!\\)\$$", r"\\Z", self.allowed_pattern), value) is not None


@dataclass(frozen=True)
class Step:
    """One step: its name, its plugin, what the plugin is given, and on which hosts it runs."""

    name: str
    action: str
    inputs: Mapping[str, Any]
    precondition: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def script(self) -> str:
        """The shell text, as the agent writes it to its file."""
        return "\n".join(str(line) for line in self.inputs.get("runCommand", ())) + "\n"


@dataclass(frozen=True)
class Document:
    """A parsed document."""

    parameters: Mapping[str, Parameter]
    steps: tuple[Step, ...]

    def bind(self, values: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Check the caller's values as SendCommand does, and add defaults.

        Raises:
            InvalidParametersError: A value is missing, of an unknown name, given more than once, or not allowed.
        """
        unknown = sorted(set(values) - set(self.parameters))
        if unknown:
            raise InvalidParametersError(f"the document has no parameter {', '.join(unknown)}")
        return {name: _bound(parameter, values.get(name)) for name, parameter in self.parameters.items()}

    def refused_by_agent(self, values: Mapping[str, str]) -> list[str]:
        """Names of the parameters whose values the agent's own check refuses."""
        return [name for name, value in values.items() if not self.parameters[name].accepted_by_agent(value)]

    def filled(self, values: Mapping[str, str]) -> tuple[Step, ...]:
        """The steps with every `{{ name }}` in their inputs replaced."""
        return tuple(
            Step(step.name, step.action, _replaced(step.inputs, values), step.precondition) for step in self.steps
        )


def parse(content: Mapping[str, Any]) -> Document:
    """Read a document's content.

    Raises:
        InvalidDocumentContentError: It is not of schema 2.2, has no steps, or a pattern that RE2 cannot compile.
    """
    if str(content.get("schemaVersion")) != "2.2":
        raise InvalidDocumentContentError(f"schemaVersion is {content.get('schemaVersion')}, not 2.2")
    steps = tuple(_step(raw) for raw in content.get("mainSteps", ()))
    if not steps or len({step.name for step in steps}) != len(steps):
        raise InvalidDocumentContentError("a document has steps, each with a name of its own")
    parameters = {name: _parameter(name, raw) for name, raw in content.get("parameters", {}).items()}
    return Document(parameters, steps)


def pattern_problem(pattern: str) -> str | None:
    """Why RE2 would not compile the pattern, as far as is checked here; None when it would.

    Checked: look-around, back references, inline flags, possessive repeats, repeats above 1,000 (nested ones multiply).
    """
    if _NOT_IN_RE2.search(pattern):
        return "it uses something that RE2 does not know"
    most = [int(count or 0) for pair in re.findall(r"\{([0-9]+)(?:,([0-9]*))?\}", pattern) for count in pair]
    if any(count > _MOST_REPEATS for count in most):
        return f"it repeats something more than {_MOST_REPEATS} times"
    try:
        re.compile(pattern)
    except re.error as problem:
        return str(problem)
    return None


def _step(raw: Mapping[str, Any]) -> Step:
    try:
        return Step(raw["name"], raw["action"], raw["inputs"], raw.get("precondition", {}))
    except KeyError as missing:
        raise InvalidDocumentContentError(f"a step has no {missing}") from missing


def _parameter(name: str, raw: Mapping[str, Any]) -> Parameter:
    if raw.get("type") != "String":
        raise InvalidDocumentContentError(f"parameter {name} is of type {raw.get('type')}; only String is known here")
    pattern = str(raw.get("allowedPattern", ""))
    problem = pattern_problem(pattern)
    if problem:
        raise InvalidDocumentContentError(f"the pattern of parameter {name} is not valid: {problem}")
    return Parameter(
        name=name,
        default=raw.get("default"),
        allowed_pattern=pattern,
        allowed_values=tuple(raw.get("allowedValues", ())),
        most_chars=int(raw["maxChars"]) if "maxChars" in raw else None,
        fewest_chars=int(raw.get("minChars", 0)),
    )


def _bound(parameter: Parameter, given: Sequence[str] | None) -> str:
    if given is None:
        if parameter.default is None:
            raise InvalidParametersError(f"parameter {parameter.name} is required")
        return parameter.default
    if len(given) != 1:
        raise InvalidParametersError(f"parameter {parameter.name} takes one value, not {len(given)}")
    if not parameter.accepted_by_api(given[0]):
        raise InvalidParametersError(f"the value of parameter {parameter.name} is not allowed")
    return given[0]


def _replaced(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        # One parameter after the other, as the agent does it: a value that held {{Other}} would be replaced in turn.
        for name, text in values.items():
            value = text.join(re.split(r"\{\{\s*" + re.escape(name) + r"\s*\}\}", value))
        return value
    if isinstance(value, Mapping):
        return {key: _replaced(item, values) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(item, values) for item in value]
    return value
