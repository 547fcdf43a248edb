"""Templates, definitions and the names of methods are read as moto reads them, in less time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from moto.cloudformation.models import Stack
from moto.core.utils import method_names_from_class
from moto.ec2.responses import EC2Response
from moto.s3.responses import S3Response
from moto.ssm.responses import SimpleSystemManagerResponse
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser, ASLParserException

from emulator.seams import readings

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
DEFINITION = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}})


@pytest.fixture
def _installed() -> Iterator[None]:
    uninstall = readings.install()
    yield
    uninstall()


@pytest.mark.parametrize("path", sorted((PROJECT / "templates").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_template_says_what_moto_reads_in_it(path: Path) -> None:
    """Every template of ours, with all its tags, is the same to both parsers."""
    text = path.read_text(encoding="utf-8")
    assert readings.read_template(text) == Stack.parse_template(text)


@pytest.mark.parametrize("text", ['{\n\t"Resources": {"Tabs": "are no YAML"}\n}', '{"Resources": {}}'])
def test_a_template_in_json_is_read(text: str) -> None:
    """JSON is a template too, where it is no YAML as well."""
    assert readings.read_template(text) == json.loads(text)


@pytest.mark.usefixtures("_installed")
def test_a_definition_is_parsed_once_and_everybody_has_a_copy() -> None:
    """The second reading shares the parser's tree with the first, but nothing that an execution writes to."""
    (first, tree), (second, same) = (AmazonStateLanguageParser.parse(DEFINITION) for _ in range(2))
    assert same is tree
    assert second is not first
    assert second.states.states["Done"] is not first.states.states["Done"]


@pytest.mark.usefixtures("_installed")
def test_a_malformed_definition_is_refused_each_time() -> None:
    """What could not be parsed is no more remembered than it is accepted."""
    for _ in range(2):
        with pytest.raises(ASLParserException):
            AmazonStateLanguageParser.parse('{"StartAt": "Done", "States": []}')


@pytest.mark.parametrize("service", [EC2Response, S3Response, SimpleSystemManagerResponse])
def test_a_service_has_the_methods_that_moto_lists(service: type) -> None:
    """A name is found where moto finds it: a method, not a property, and not what nobody has."""
    listed, names = method_names_from_class(service), readings.MethodNames(service)
    assert [name for name in dir(service) if name in names] == listed
    assert "launch_a_rocket" not in names
