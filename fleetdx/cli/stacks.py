"""Which stack a command works on: one that is deployed on AWS, or the one of the embedded AWS.

The options that say so are here alone. A command names its stack as the parameter `stack` and is wrapped in
`named_by_options` or `read_from_aws`, which put the options into its place.
"""

from __future__ import annotations

import functools
import inspect
import os
import shlex
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fleetdx.cli.problems import UsageProblem
from fleetdx.cli.scan_request import EmbeddedOptions
from fleetdx.cli.surroundings import deployment_for, forget_aws_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fleetdx.cli.deployments import Deployment

STACK_NAME: Final = "fleetdx-central"
DEPLOYED: Final = "A deployed stack"
EMBEDDED: Final = "The embedded AWS"
EMULATOR_DIRECTORY: Final = Path(__file__).parents[2] / ".emulator"
EMULATOR_DIRECTORY_VARIABLE: Final = "FLEETDX_EMULATOR_DIRECTORY"

Aws = Annotated[
    bool,
    typer.Option(
        "--aws",
        help="Work on a deployed stack with your own credentials, not on the embedded AWS.",
        rich_help_panel=DEPLOYED,
    ),
]
AwsProfile = Annotated[
    str | None,
    typer.Option(help="A profile of your AWS configuration; else your environment's.", rich_help_panel=DEPLOYED),
]
AwsRegion = Annotated[
    str | None, typer.Option(help="The region of the central stack; else your profile's.", rich_help_panel=DEPLOYED)
]
StackName = Annotated[str, typer.Option(help="The central stack's name.", rich_help_panel=DEPLOYED)]
EmulatorDirectory = Annotated[
    Path,
    typer.Option(
        help="Where the embedded AWS keeps its disk; one fleetdx at a time runs it, others reach it.",
        envvar=EMULATOR_DIRECTORY_VARIABLE,
        rich_help_panel=EMBEDDED,
    ),
]


@dataclass(frozen=True)
class AwsOptions:
    """Which stack is meant, and whose credentials: of a profile of the AWS configuration, or the environment's."""

    profile: str | None = None
    region: str | None = None
    stack_name: str = STACK_NAME

    def __str__(self) -> str:
        """As they stand on a command line, with a space before each."""
        named = (
            ("--aws-profile", self.profile),
            ("--aws-region", self.region),
            ("--stack-name", None if self.stack_name == STACK_NAME else self.stack_name),
        )
        return " --aws" + "".join(f" {option} {shlex.quote(value)}" for option, value in named if value)


@dataclass(frozen=True)
class Stack:
    """The stack that a command works on.

    Attributes:
        embedded: What the embedded AWS is made of, where that is meant.
        aws: Which deployed stack is meant; None for the embedded AWS.
    """

    embedded: EmbeddedOptions
    aws: AwsOptions | None = None

    @property
    def is_deployed(self) -> bool:
        """Whether it is one on AWS."""
        return self.aws is not None

    def adding(self, *, roots: tuple[Path, ...] = (), faults: Path | None = None, every_cause: bool = False) -> Stack:
        """The same with what only an embedded AWS can be made of.

        Raises:
            UsageProblem: Some of it is given, and a deployed stack is meant.
        """
        _refuse_with_aws(self.is_deployed, {"--root": roots, "--faults": faults, "--every-cause": every_cause})
        return replace(self, embedded=replace(self.embedded, roots=roots, faults=faults, every_cause=every_cause))

    @contextmanager
    def deployment(self) -> Iterator[Deployment]:
        """The deployment to work on; what AWS refuses a command of a deployed one is told as a sentence.

        Raises:
            UsageProblem: It cannot be had as it was named.
            AwsRefusal: AWS has refused a call, or has not answered.
        """
        if self.aws is None:
            with deployment_for(self.embedded) as deployment:
                yield deployment
            return
        # Imported here so that --help and a refused request answer at once.
        from fleetdx.cli.aws_refusals import refusals_told  # noqa: PLC0415 - see above
        from fleetdx.cli.deployed import deployed  # noqa: PLC0415 - see above

        with refusals_told():
            yield deployed(self.aws)


def stack_of(
    *,
    aws: Aws = False,
    aws_profile: AwsProfile = None,
    aws_region: AwsRegion = None,
    stack_name: StackName = STACK_NAME,
    emulator_directory: EmulatorDirectory = EMULATOR_DIRECTORY,
) -> Stack:
    """The stack that the options name; its parameters are the options.

    Raises:
        UsageProblem: Options of a deployed stack and of the embedded AWS stand beside each other.
    """
    embedded = EmbeddedOptions(emulator_directory)
    if aws:
        # What the environment names for all commands is no wish of this one.
        unasked = {EMULATOR_DIRECTORY, Path(os.environ.get(EMULATOR_DIRECTORY_VARIABLE) or EMULATOR_DIRECTORY)}
        _refuse_with_aws(aws, {"--emulator-directory": emulator_directory not in unasked})
        return Stack(embedded, AwsOptions(aws_profile, aws_region, stack_name))
    if aws_profile or aws_region or stack_name != STACK_NAME:
        raise UsageProblem("--aws-profile, --aws-region, --stack-name", "say which deployed stack; add --aws")
    return Stack(embedded)


def _refuse_with_aws(is_deployed: bool, options: dict[str, Any]) -> None:  # noqa: FBT001 - the option
    given = [name for name, value in options.items() if value]
    if is_deployed and given:
        raise UsageProblem(", ".join(given), "is about the embedded AWS; leave it out, or leave out --aws")


def _settle_environment(stack: Stack) -> None:
    """Let the AWS settings of this machine count for a deployed stack alone, before any part of botocore reads them.

    There is no session without them: botocore looks for the profile also where only its list of regions is asked for.
    """
    if stack.aws is None:
        forget_aws_environment()
    elif stack.aws.profile:
        os.environ["AWS_PROFILE"] = stack.aws.profile


def named_by_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name a stack, in the place of its parameter `stack`."""
    return _with_options(command, _OPTIONS)


def read_from_aws(command: Callable[..., None]) -> Callable[..., None]:
    """The same for a command that reads what lies here, and with --aws what a deployed stack has: it starts nothing."""
    return _with_options(command, {name: one for name, one in _OPTIONS.items() if name != "emulator_directory"})


_OPTIONS: Final = dict(inspect.signature(stack_of, eval_str=True).parameters)


def _with_options(command: Callable[..., None], options: dict[str, inspect.Parameter]) -> Callable[..., None]:
    signature = inspect.signature(command, eval_str=True)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "stack"]

    @functools.wraps(command)
    def with_stack(*arguments: Any, **given: Any) -> None:  # noqa: ANN401 - as the command has them
        named = {name: given.pop(name) for name in options if name in given}
        stack = stack_of(**named)
        _settle_environment(stack)
        command(*arguments, **given, stack=stack)

    shown = [*own, *options.values()]
    with_stack.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    with_stack.__annotations__ = {parameter.name: parameter.annotation for parameter in shown}
    return with_stack
