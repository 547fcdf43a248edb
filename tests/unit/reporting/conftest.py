from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.reporting.summary import build_summary

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture(scope="session")
def example() -> ModuleType:
    """The module with the example run; loaded from its file, because test folders are not packages."""
    spec = importlib.util.spec_from_file_location("example_run", Path(__file__).with_name("example_run.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def summary(example: Any) -> dict[str, Any]:
    """The example run's summary."""
    return build_summary(example.facts(), example.ledger(), example.results(), example.catalog(), example.strays())
