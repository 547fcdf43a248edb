"""The questions after a deployment: what is there; a dry run and a scan of one instance by the deployed functions."""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx import keys
from fleetdx.cli import runs
from fleetdx.deploy_check import deployed as judges
from fleetdx.deploy_check import deployed_verbs as verbs
from fleetdx.deploy_check.answers import Answer, answered, not_applicable, unanswered
from fleetdx.deploy_check.catalog import QUESTIONS
from fleetdx.deploy_check.event_questions import topic_arn
from fleetdx.deploy_check.event_verbs import subscribed_queues
from fleetdx.deploy_check.readings import Reading, Seen, Unseen, looked, together
from fleetdx.failures import CaughtError, sentence_of
from fleetdx.requests import complete_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fleetdx.cli.deployments import Deployment
    from fleetdx.deploy_check.deployed import EndedRun, Smoke
    from fleetdx.deploy_check.inquiry import Inquiry
    from fleetdx.plan import Plan


class DryRun(NamedTuple):
    """A dry run of the whole organization: how it ended, its plan, and the instances that a scan would take up."""

    ended: EndedRun
    plan: Plan | None
    instances: tuple[str, ...]


def after_deploying(inquiry: Inquiry, deployment: Deployment, instance: str | None) -> Iterator[Answer]:
    """Ask everything about a deployment.

    Args:
        inquiry: The settings, and who asks.
        deployment: What is deployed.
        instance: The instance to scan, as account/region/id or by its id; None chooses one.
    """
    yield _outputs(inquiry, deployment)
    yield from _subscriptions(inquiry, deployment)
    place = inquiry.place("hub")
    entered = looked(QUESTIONS["members_can_be_entered"].rights, lambda: _dry_run(deployment))
    yield answered("members_can_be_entered", place, entered, lambda found: judges.judge_plan(found.ended, found.plan))
    yield _smoke(deployment, place, entered, instance)


def _outputs(inquiry: Inquiry, deployment: Deployment) -> Answer:
    session, rights = deployment.session, QUESTIONS["outputs_are_there"].rights
    machines, events = session.client("stepfunctions"), deployment.events
    looks: dict[str, Callable[[], bool]] = {
        name: functools.partial(verbs.has_machine, machines, arn)
        for name, arn in (
            ("ScanFleetStateMachine", deployment.scan_fleet),
            ("ScanTargetStateMachine", deployment.scan_target),
            ("ScanBatchStateMachine", deployment.scan_batch),
            ("StopScanStateMachine", deployment.stop_scan),
            ("ReportCoverageStateMachine", deployment.report_coverage),
            ("EnsureSsmReadyStateMachine", events.ensure_ssm_ready),
        )
    }
    looks["DataBucket"] = functools.partial(verbs.has_bucket, session.client("s3"), deployment.data_bucket)
    queues = session.client("sqs")
    looks["EventsQueueUrl"] = functools.partial(verbs.has_queue, queues, events.queue)
    looks["EventsDeadLetterQueueUrl"] = functools.partial(verbs.has_queue, queues, events.dead_letter_queue)
    looks["ConfigurationParameter"] = functools.partial(
        verbs.has_parameter, session.client("ssm"), events.configuration
    )
    found = together({name: looked(rights, look) for name, look in looks.items()})
    return answered("outputs_are_there", inquiry.place("hub"), found, judges.judge_outputs)


def _subscriptions(inquiry: Inquiry, deployment: Deployment) -> Iterator[Answer]:
    question = "events_are_subscribed"
    if inquiry.settings.events != "control_tower":
        yield not_applicable(question, "audit", f"The settings let events go another way: {inquiry.settings.events}.")
        return
    queue = looked(
        ("sqs:GetQueueAttributes",),
        lambda: verbs.queue_arn(deployment.session.client("sqs"), deployment.events.queue),
    )
    account = inquiry.account("audit")
    for region in inquiry.settings.regions:
        place = inquiry.place("audit", region)
        if isinstance(account, Unseen):
            yield unanswered(question, place, account)
        elif isinstance(queue, Unseen):
            yield unanswered(question, place, queue)
        else:
            verb = functools.partial(subscribed_queues, arn=topic_arn(inquiry, account.value, region))
            found = inquiry.asker.look("audit", "sns", region, "sns:ListSubscriptionsByTopic", verb)
            judge = functools.partial(judges.judge_subscription, queue.value)
            yield answered(question, place, found, judge)


def _dry_run(deployment: Deployment) -> DryRun:
    ended = _run(deployment, {"scope": {"organization": True}, "dry_run": True})
    if ended.status != "SUCCEEDED":
        return DryRun(ended, None, ())
    data = deployment.data
    plan: Plan = data.get_json(keys.out(ended.run, "plan.json"))
    inventories = [data.get_json(one.key) for one in data.keys(f"{keys.run_prefix(ended.run)}inventory/")]
    return DryRun(ended, plan, judges.scannable(inventories))


def _smoke(deployment: Deployment, place: str, entered: Reading[DryRun], instance: str | None) -> Answer:
    question = "one_instance_is_scanned"
    known = entered.value.instances if isinstance(entered, Seen) else ()
    wanted = instance if instance and "/" in instance else judges.choose(known, instance)
    if wanted is None and isinstance(entered, Unseen):
        return unanswered(question, place, entered)
    if wanted is None:
        told = f"the dry run has not met {instance or 'any instance'} among what can be scanned"
        return unanswered(question, place, Unseen(told))
    chosen = wanted
    found = looked(QUESTIONS[question].rights, lambda: _scan(deployment, chosen))
    return answered(question, chosen, found, judges.judge_smoke)


def _scan(deployment: Deployment, instance: str) -> Smoke:
    ended = _run(deployment, {"scope": {"instances": [instance]}, "exports": [], "force": True})
    if ended.status != "SUCCEEDED":
        return judges.Smoke(ended, None, None, 0)
    data, bare = deployment.data, instance.rpartition("/")[2]
    lines: list[Any] = [
        line for line in data.get_lines(keys.out(ended.run, "ledger.jsonl")) if line["instance"] == bare
    ]
    results = [line for line in data.get_lines(keys.out(ended.run, "results.jsonl")) if line["instance"] == bare]
    status = data.get_json(keys.out(ended.run, "summary.json"))["status"]
    return judges.Smoke(ended, status, lines[0] if lines else None, len(results))


def _run(deployment: Deployment, document: dict[str, Any]) -> EndedRun:
    """Run a request to its end; Ctrl-C stops the run before it stops the command."""
    run = runs.start(deployment, complete_request(document, deployment.regions))
    try:
        for wait in deployment.pace.waits():
            state = runs.status(deployment, run)
            if state["status"] != runs.RUNNING:
                break
            time.sleep(wait)
    except KeyboardInterrupt:
        runs.stop(deployment, run.id)
        raise
    if "error" not in state:
        return judges.EndedRun(run.id, state["status"])
    told = CaughtError(Error=str(state["error"]), Cause=str(state.get("cause") or "no cause is given"))
    return judges.EndedRun(run.id, state["status"], f"{told['Error']}: {sentence_of(told)}")
