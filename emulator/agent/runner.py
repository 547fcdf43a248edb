"""The agent's way through a document on one host: which steps run, what becomes of a failed one, what is reported.

Source: aws/amazon-ssm-agent, agent/framework/runpluginutil, agent/contracts/aggregator.go, agent/plugins/pluginutil.
Absent here: exit code 194, by which a script asks the agent for a reboot.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from emulator.agent import output
from emulator.agent.host import DEFAULT_PATH, Host
from emulator.agent.process import STOPPED_EXIT_CODE, run_script

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Mapping

    from emulator.agent.document import Document, Step

StepStatus = Literal["Success", "Failed", "TimedOut", "Cancelled", "Skipped"]

_SHELL_PLUGIN = "aws:runShellScript"
_EXIT_AS_SUCCESS = 168
_EXIT_AS_FAILURE = 169
_SKIPPED_AFTER = "Further document steps will be skipped."
_COMMAND_ID_SINCE = "3.0.284.0"
_DEFAULT_TIME_LIMIT = 3600
_TIME_LIMITS = range(5, 172_801)


@dataclass(frozen=True)
class StepResult:
    """What the agent reports of one step; times are UTC."""

    name: str
    status: StepStatus
    exit_code: int
    stdout: str
    stderr: str
    output: str
    started_at: dt.datetime
    finished_at: dt.datetime


def run_document(
    document: Document,
    host: Host,
    values: Mapping[str, str],
    command_id: str,
    cancelled: threading.Event,
    report: Callable[[StepResult], None],
) -> StepStatus:
    """Run a document on a host, hand each step's result to `report`, and return the status of the whole."""
    refused = document.refused_by_agent(values)
    if refused:
        now = _now()
        report(StepResult(document.steps[0].name, "Failed", 1, "", f"invalid parameter {refused[0]}", "", now, now))
        return "Failed"
    results: list[StepResult] = []
    stopped = False
    for step in document.filled(values):
        result = _skipped(step, _after_exit(step)) if stopped else None
        result = result or _run_step(step, host, _environment(host, command_id), cancelled)
        results.append(result)
        report(result)
        stopped = stopped or (host.honors_on_failure and _ends_document(step, result))
    return overall_status(result.status for result in results)


def overall_status(statuses: Iterable[StepStatus]) -> StepStatus:
    """The agent's order of precedence: Failed, TimedOut, Cancelled, Success; a skipped step is a success."""
    seen = set(statuses)
    ranked: tuple[StepStatus, ...] = ("Failed", "TimedOut", "Cancelled")
    return next((status for status in ranked if status in seen), "Success")


def time_limit(given: object) -> int:
    """Seconds a step may take: what is not a number from 5 to 172,800 counts as 3,600, as in the agent."""
    try:
        seconds = int(float(str(given)))
    except ValueError:
        return _DEFAULT_TIME_LIMIT
    return seconds if seconds in _TIME_LIMITS else _DEFAULT_TIME_LIMIT


def _environment(host: Host, command_id: str) -> dict[str, str]:
    """What a script finds in its environment: its service's and what the agent adds. Nothing of this process."""
    environment = {
        "PATH": DEFAULT_PATH,
        **host.environment,
        "AWS_SSM_INSTANCE_ID": host.instance_id,
        "AWS_SSM_REGION_NAME": host.region,
        "AWS_SSM_PLATFORM_NAME": host.platform_name,
        "AWS_SSM_PLATFORM_VERSION": host.platform_version,
    }
    if host.agent_is_at_least(_COMMAND_ID_SINCE):
        environment["SSM_COMMAND_ID"] = command_id
    return environment


def _run_step(step: Step, host: Host, environment: Mapping[str, str], cancelled: threading.Event) -> StepResult:
    if step.action != _SHELL_PLUGIN or host.platform_type == "Windows":
        return _skipped(
            step, f"Step execution skipped due to unsupported plugin: {step.action}. Step name: {step.name}"
        )
    unmet = _unmet_precondition(step, host)
    if unmet:
        return _skipped(
            step, f"Step execution skipped due to unsatisfied preconditions: '{unmet}'. Step name: {step.name}"
        )
    started_at = _now()
    if cancelled.is_set():
        return StepResult(step.name, "Cancelled", 1, "", "", "", started_at, started_at)
    directory = host.path_of(str(step.inputs.get("workingDirectory") or "/"))
    limit = time_limit(step.inputs.get("timeoutSeconds"))
    finished = run_script(step.script, directory, environment, limit, cancelled)
    status = _status(finished.exit_code, cancelled)
    stderr = finished.stderr
    if status == "Failed" and finished.problem:
        stderr += ("\n" if stderr else "") + f"failed to run commands: {finished.problem}"
    combined = output.combined(output.stdout(finished.stdout), output.stderr(stderr))
    stdout = finished.stdout
    if host.honors_on_failure:
        status, stdout, stderr = _with_exit_condition(step, status, finished.exit_code, stdout, stderr)
    return StepResult(
        step.name,
        status,
        finished.exit_code,
        output.stdout(stdout),
        output.stderr(stderr),
        combined,
        started_at,
        _now(),
    )


def _status(exit_code: int, cancelled: threading.Event) -> StepStatus:
    if exit_code == 0:
        return "Success"
    if exit_code == STOPPED_EXIT_CODE:  # also when the script itself ended with 137: the agent cannot tell
        return "Cancelled" if cancelled.is_set() else "TimedOut"
    return "Failed"


def _unmet_precondition(step: Step, host: Host) -> str:
    """The precondition on the platform's type that the host does not meet, in the agent's words; empty when it does."""
    arguments = list(step.precondition.get("StringEquals", ()))
    if "platformType" not in arguments:
        return ""
    wanted = next((argument for argument in arguments if argument != "platformType"), "")
    return "" if wanted.lower() == host.platform_type.lower() else f'"StringEquals": [{", ".join(arguments)}]'


def _with_exit_condition(
    step: Step, status: StepStatus, exit_code: int, stdout: str, stderr: str
) -> tuple[StepStatus, str, str]:
    """What an agent that knows exit conditions makes of a step's end."""
    if exit_code == _EXIT_AS_SUCCESS:
        note = "\nStep exited with code 168. Therefore, marking step as succeeded. " + _SKIPPED_AFTER
        return "Success", stdout + note, ""
    if exit_code == _EXIT_AS_FAILURE:
        note = "\nStep exited with code 169. Therefore, marking step as Failed. " + _SKIPPED_AFTER
        return "Failed", stdout + note, stderr + note
    if status == "Failed" and step.inputs.get("onFailure") in ("exit", "successAndExit"):
        note = "\nStep was found to have onFailure property. " + _SKIPPED_AFTER
        as_success = step.inputs["onFailure"] == "successAndExit"
        return "Success" if as_success else "Failed", stdout + note, stderr + note
    return status, stdout, stderr


def _ends_document(step: Step, result: StepResult) -> bool:
    """Whether later steps are skipped. A step that timed out does not end a document: only a failed one does."""
    if result.exit_code in (_EXIT_AS_SUCCESS, _EXIT_AS_FAILURE):
        return True
    modifier = step.inputs.get("onFailure")
    if result.status == "Failed":
        return bool(modifier == "exit")
    return bool(modifier == "successAndExit" and result.exit_code != 0 and result.status == "Success")


def _after_exit(step: Step) -> str:
    return f"Plugin with name {step.action} and id {step.name} skipped due to prior step with an exit condition"


def _skipped(step: Step, why: str) -> StepResult:
    now = _now()
    return StepResult(step.name, "Skipped", 0, "", "", why, now, now)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
