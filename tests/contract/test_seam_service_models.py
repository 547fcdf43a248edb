"""Service models are read once for everybody in the process, under threads too."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from moto.core import utils

from emulator.seams import service_models
from fleetdx.sessions import shared_loader

if TYPE_CHECKING:
    import pytest


def test_many_threads_read_a_model_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen threads that ask for a model at the same moment get the same one, read by one reader at a time."""
    loader, at_once, most = shared_loader(), 0, 0
    read, guard = loader.load_service_model, threading.Lock()

    def watched(*arguments: str) -> object:
        nonlocal at_once, most
        with guard:
            at_once += 1
            most = max(most, at_once)
        try:
            return read(*arguments)
        finally:
            with guard:
                at_once -= 1

    monkeypatch.setattr(loader, "load_service_model", watched)
    uninstall = service_models.install()
    try:
        with ThreadPoolExecutor(16) as pool:
            models = list(pool.map(lambda _: utils._load_service_model("sqs", "service-2"), range(16)))
    finally:
        uninstall()
    assert most == 1
    assert all(model is models[0] for model in models)


def test_it_is_put_back() -> None:
    """After the seam is taken out, loader and moto read models as before."""
    before = utils._load_service_model
    service_models.install()()
    assert utils._load_service_model is before
