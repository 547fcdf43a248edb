"""Reading a command document, checking values, filling them in."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.agent.document import InvalidDocumentContentError, InvalidParametersError, parse, pattern_problem


def content(**changed: Any) -> dict[str, Any]:
    return {
        "schemaVersion": "2.2",
        "parameters": {
            "Word": {"type": "String", "allowedPattern": "^[a-z]+$", "minChars": 2, "maxChars": 5},
            "Size": {"type": "String", "allowedValues": ["small", "large"], "default": "small"},
        },
        "mainSteps": [
            {
                "name": "Say",
                "action": "aws:runShellScript",
                "inputs": {
                    "runCommand": ["echo '{{Word}}' {{ Size }}", "echo {{Other}}"],
                    "timeoutSeconds": "{{Word}}",
                },
            }
        ],
    } | changed


def test_fills_values_in_as_the_agent_does() -> None:
    """Blanks inside the braces do not matter; a name that is no parameter stays as it is."""
    document = parse(content())
    (step,) = document.filled(document.bind({"Word": ["hello"]}))
    assert step.script == "echo 'hello' small\necho {{Other}}\n"
    assert step.inputs["timeoutSeconds"] == "hello"


def test_fills_one_parameter_after_the_other() -> None:
    """Like the agent's, a value that names a later parameter is replaced in turn: patterns have to rule braces out."""
    (step,) = parse(content()).filled({"Word": "{{Size}}", "Size": "large"})
    assert step.script.startswith("echo 'large' large\n")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Word is required"),
        ({"Word": ["hello"], "Wrod": ["x"]}, "no parameter Wrod"),
        ({"Word": ["hello", "again"]}, "takes one value"),
        ({"Word": []}, "takes one value"),
        ({"Word": ["h"]}, "Word is not allowed"),
        ({"Word": ["helloo"]}, "Word is not allowed"),
        ({"Word": ["HELLO"]}, "Word is not allowed"),
        ({"Word": ["hello"], "Size": ["huge"]}, "Size is not allowed"),
    ],
)
def test_refuses_values_as_the_service_does(values: dict[str, list[str]], words: str) -> None:
    """What is missing, unknown or not allowed is named."""
    with pytest.raises(InvalidParametersError, match=words):
        parse(content()).bind(values)


@pytest.mark.parametrize(
    "changed",
    [
        {"schemaVersion": "1.2"},
        {"mainSteps": []},
        {"mainSteps": content()["mainSteps"] * 2},
        {"mainSteps": [{"name": "Say", "inputs": {}}]},
        {"parameters": {"Words": {"type": "StringList"}}},
        {"parameters": {"Word": {"type": "String", "allowedPattern": "^(?!x)a$"}}},
    ],
)
def test_refuses_a_document_it_cannot_run(changed: dict[str, Any]) -> None:
    """A document that is not schema 2.2, has no or unclear steps, or unknown parameters, is refused."""
    with pytest.raises(InvalidDocumentContentError):
        parse(content(**changed))


@pytest.mark.parametrize(
    "pattern", ["(?=a)", "(?<!a)b", r"(a)\1", "a{1,1001}", "a{2000}", "a{1001,}", "a++", "(?i)a", "(", "[z-a]"]
)
def test_knows_what_re2_does_not_compile(pattern: str) -> None:
    """A pattern that Java takes and the agent does not would only fail on the hosts: it is refused here."""
    assert pattern_problem(pattern)


@pytest.mark.parametrize("pattern", ["", "^a{0,1000}$", "^(?:a|b)+$", r"^[a-z]+\.x$"])
def test_takes_plain_patterns(pattern: str) -> None:
    """What both engines know is taken."""
    assert pattern_problem(pattern) is None
