"""Seam in what moto reads again and again: templates with YAML's parser in C, and a state machine's definition once.

moto parses a definition anew for each execution, which takes a tenth of a second; an instance's event starts one. Here
it is parsed once in a process, whichever embedded AWS it is for. And for each call moto lists every method of the
service, to see whether one of them answers.
"""

from __future__ import annotations

import functools
import inspect
import json
import pickle
from typing import TYPE_CHECKING, Any

import yaml
from moto.cloudformation.models import Stack
from moto.cloudformation.utils import yaml_tag_constructor
from moto.core import responses
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from yaml.parser import ParserError
from yaml.scanner import ScannerError

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable


class TemplateLoader(getattr(yaml, "CLoader", yaml.Loader)):  # type: ignore[misc] # PyYAML may be built without C
    """Reads YAML with CloudFormation's tags."""


TemplateLoader.add_multi_constructor("", yaml_tag_constructor)


def install() -> Callable[[], None]:
    """Replace how templates and definitions are read; the answer undoes it."""
    patches = Patches()
    patches.replace(Stack, "parse_template", staticmethod(read_template))
    patches.replace(AmazonStateLanguageParser, "parse", staticmethod(_copies_of(AmazonStateLanguageParser.parse)))
    patches.replace(responses, "method_names_from_class", MethodNames)
    return patches.undo


class MethodNames:
    """The names of a class's methods, for who asks of one name: AWS services have hundreds, and each call asks."""

    def __init__(self, owner: type) -> None:
        self._owner = owner

    def __contains__(self, name: str) -> bool:
        """Whether moto would list it."""
        return inspect.isfunction(getattr(self._owner, name, None))


def read_template(text: str) -> dict[str, Any]:
    """A template as moto reads it: YAML, else JSON that is no YAML.

    Raises:
        JSONDecodeError: It is neither.
    """
    try:
        template: dict[str, Any] = yaml.load(text, TemplateLoader)  # noqa: S506 - moto's own loader
    except (ParserError, ScannerError):
        template = json.loads(text)
    return template


@functools.cache
def _copies_of(parse: Callable[[str], tuple[Any, Any]]) -> Callable[[str], tuple[Any, Any]]:
    """A definition is parsed once; everybody gets a copy, since an execution writes into its own."""

    @functools.lru_cache(maxsize=32)
    def parsed(definition: str) -> tuple[bytes, Any]:
        program, tree = parse(definition)
        # Reading it back takes a fifth of the time of a deep copy.
        return pickle.dumps(program), tree

    def parse_once(definition: str) -> tuple[Any, Any]:
        program, tree = parsed(definition)
        return pickle.loads(program), tree  # noqa: S301 - written above

    return parse_once
