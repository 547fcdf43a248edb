"""What commands do before their work: no AWS setting of this machine counts, outputs can be written, AWS is there."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from fleetdx.cli.problems import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fleetdx.cli.deployments import Deployment
    from fleetdx.cli.scan_request import EmbeddedOptions


def probe(output: Path) -> None:
    """Find out before a scan, not after it, that its outputs cannot be written.

    Raises:
        UsageProblem: The directory cannot be made or written to.
    """
    try:
        existing = next(place for place in (output, *output.absolute().parents) if place.exists())
        with tempfile.TemporaryFile(dir=existing):
            pass
        if (output / "latest").exists() and not (output / "latest").is_symlink():
            raise UsageProblem("--output", f"{output / 'latest'} is in the way: it is no link of ours; move it")
    except OSError as error:
        raise UsageProblem("--output", f"{output} cannot be written to: {error.strerror}") from None


def forget_aws_environment() -> None:
    """Take every AWS setting out of the environment: the embedded AWS must neither use nor trip over them."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)


@contextmanager
def deployment_for(embedded: EmbeddedOptions) -> Iterator[Deployment]:
    """The deployment that a command works on, with a word while it starts."""
    # Imported here so that --help and a refused request answer at once.
    from fleetdx.cli.deployments import embedded_deployment  # noqa: PLC0415 - see above

    with ExitStack() as stack:
        with Console(stderr=True).status("Starting the embedded AWS"):
            deployment = stack.enter_context(embedded_deployment(embedded))
        yield deployment
