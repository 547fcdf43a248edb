"""Which stack a command works on, from the options that every such command has."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fleetdx.cli import deployed, stacks
from fleetdx.cli.pace import AWS_PACE, EMBEDDED_PACE
from fleetdx.cli.problems import AwsRefusal, UsageProblem
from fleetdx.cli.stacks import AwsOptions, Stack, named_by_options, stack_of
from tests.fakes.aws_errors import client_error

if TYPE_CHECKING:
    from pathlib import Path


def test_without_a_word_it_is_the_embedded_aws() -> None:
    """--aws alone makes it the stack that the environment's credentials reach; the other options say which."""
    assert not stack_of().is_deployed
    assert stack_of(aws=True).aws == AwsOptions()
    assert stack_of(aws=True, aws_profile="audit", aws_region="eu-west-1", stack_name="mine").aws == AwsOptions(
        "audit", "eu-west-1", "mine"
    )


@pytest.mark.parametrize("given", [{"aws_profile": "audit"}, {"aws_region": "us-east-1"}, {"stack_name": "mine"}])
def test_which_stack_means_nothing_without_aws(given: dict[str, str]) -> None:
    """Whoever forgot --aws must not scan an example in the belief that it was their organization."""
    with pytest.raises(UsageProblem, match="add --aws"):
        stack_of(**given)


def test_what_only_an_embedded_aws_is_made_of_is_refused_with_aws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by its option's name; a directory that the environment names for all commands is no wish of this one."""
    for option, given in {
        "--root": {"roots": (tmp_path,)},
        "--faults": {"faults": tmp_path},
        "--every-cause": {"every_cause": True},
    }.items():
        with pytest.raises(UsageProblem, match=option):
            stack_of(aws=True).adding(**given)
        assert stack_of().adding(**given).embedded != stack_of().embedded
    with pytest.raises(UsageProblem, match="--emulator-directory"):
        stack_of(aws=True, emulator_directory=tmp_path)
    monkeypatch.setenv(stacks.EMULATOR_DIRECTORY_VARIABLE, str(tmp_path))
    assert stack_of(aws=True, emulator_directory=tmp_path).is_deployed


def test_the_options_can_be_typed_again() -> None:
    """A sentence that tells what to type next names the same stack."""
    assert str(AwsOptions()) == " --aws"
    assert str(AwsOptions("my audit", "eu-west-1", "mine")) == (
        " --aws --aws-profile 'my audit' --aws-region eu-west-1 --stack-name mine"
    )


@pytest.fixture
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with AWS settings, which are there again when a test has ended."""
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)


@pytest.mark.usefixtures("_environment")
def test_aws_settings_count_for_a_deployed_stack_alone() -> None:
    """A profile that is named goes before the environment's; a command of the embedded AWS sees no setting at all."""
    seen: list[str | None] = []

    @named_by_options
    def command(*, stack: Stack) -> None:
        assert stack.embedded
        seen.append(os.environ.get("AWS_PROFILE"))

    command(aws=True)
    command(aws=True, aws_profile="audit")
    command()
    assert seen == ["nobody", "audit", None]


@pytest.mark.usefixtures("_environment")
def test_the_command_gets_a_stack_and_shows_the_options() -> None:
    """What stands in the command's own signature stays; `stack` gives way to the options."""
    got: list[tuple[str, Stack]] = []

    @named_by_options
    def command(name: str, *, stack: Stack) -> None:
        got.append((name, stack))

    command("x", aws=True, aws_profile="audit")
    command("y")
    assert [(name, stack.aws) for name, stack in got] == [("x", AwsOptions("audit")), ("y", None)]
    assert "stack" not in command.__annotations__
    assert {"name", "aws", "aws_profile", "aws_region", "stack_name", "emulator_directory"} <= set(
        command.__annotations__
    )


def test_aws_is_asked_more_seldom_the_longer_it_takes() -> None:
    """The embedded AWS is asked twice a second; AWS after one second at first, after ten in the end."""
    aws = AWS_PACE.waits()
    waited = [next(aws) for _ in range(12)]
    assert waited[:3] == [1.0, 1.5, 2.25]
    assert waited[-1] == 10.0
    assert waited == sorted(waited)
    embedded = EMBEDDED_PACE.waits()
    assert [next(embedded) for _ in range(3)] == [0.5, 0.5, 0.5]


def test_what_aws_refuses_a_deployed_stacks_command_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the command was at; on the embedded AWS it is a fault of ours and stays one."""
    monkeypatch.setattr(deployed, "deployed", lambda _: None)
    with pytest.raises(AwsRefusal, match="have expired"), stack_of(aws=True).deployment():
        raise client_error("ExpiredToken", "GetObject")
