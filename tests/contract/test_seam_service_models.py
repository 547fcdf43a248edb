"""Service models are read once for everybody in the process, under threads too."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from moto.core import utils

from emulator.seams import service_models
from fleetdx.sessions import shared_loader

if TYPE_CHECKING:
    import pytest


def test_many_threads_read_a_model_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen threads that ask for a model at the same moment get the same one, and it is read once."""
    read, times = utils._load_service_model, []

    def watched(*arguments: str) -> object:
        times.append(threading.get_ident())
        time.sleep(0.05)
        return read(*arguments)

    monkeypatch.setattr(utils, "_load_service_model", watched)
    uninstall = service_models.install()
    try:
        with ThreadPoolExecutor(16) as pool:
            models = list(pool.map(lambda _: utils._load_service_model("sqs", "service-2"), range(16)))
    finally:
        uninstall()
    assert len(times) == 1
    assert all(model is models[0] for model in models)


def test_motos_additions_stay() -> None:
    """Moto's model of S3 says that PreconditionFailed is a 412, which botocore's does not."""
    uninstall = service_models.install()
    try:
        shapes = utils._load_service_model("s3", "service-2")["shapes"]
        plain = shared_loader().load_service_model("s3", "service-2")["shapes"]
    finally:
        uninstall()
    assert shapes["PreconditionFailed"]["error"]["httpStatusCode"] == 412
    assert "PreconditionFailed" not in plain


def test_it_is_put_back() -> None:
    """After the seam is taken out, loader and moto read models as before."""
    before = utils._load_service_model
    service_models.install()()
    assert utils._load_service_model is before
