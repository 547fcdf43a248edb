"""One batch of a made-up run, with its buckets, SSM and hosts, as UploadResults meets them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from fleetdx import keys
from fleetdx.batches import command_name
from fleetdx.judging import Sources
from functions.upload_results import handler
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import (
    ACCOUNT,
    PARTS,
    REGION,
    RUN,
    TARGET,
    VERDICTS,
    batch_state,
    digest_line,
    document,
    invocation,
    open_run,
    packed,
    store_inventory,
)
from tests.fakes.s3 import FakeS3, bucket
from tests.fakes.ssm import FakeSsm

if TYPE_CHECKING:
    from fleetdx.batches import BatchState

FIRST = batch_state()
COMMAND = {"id": "command-1", "batch": "0000-00"}
FAILURE = {"Error": "DocumentMissing", "Cause": '{"errorMessage": "no document"}'}
AWAY = {"Status": "TimedOut", "StatusDetails": "DeliveryTimedOut"}


class Scene:
    """One batch of a run: its buckets, SSM and hosts."""

    def __init__(self, number: int = 3, **changes: Any) -> None:
        self.s3 = FakeS3()
        self.data, self.intake = bucket("data", self.s3), bucket("intake", self.s3)
        self.ssm = FakeSsm()
        open_run(self.data, **changes)
        store_inventory(self.data, number)

    def host(
        self,
        number: int,
        body: bytes | None = None,
        batch: str = "0000-00",
        *,
        sends: bool = True,
        command: str = "command-1",
    ) -> None:
        """A host that ran the command, and sent its result or not."""
        sent = body or packed(document(host={"hostname": str(number)}))
        line = digest_line(sent)
        prefix = keys.intake_prefix(RUN, ACCOUNT, REGION, batch)
        if sends:
            self.intake.put(keys.intake_object(prefix, instance_id(number), line.split()[3]), sent)
        self.answers(number, invocation(instance_id(number), line), command)

    def closed(self, number: int, step: str = "Send", command: str = "command-1") -> None:
        """A host that has no way to S3: it tells so in Fetch, or ran all the same and cannot send."""
        reason = "bundle_not_fetched" if step == "Fetch" else "result_not_sent"
        output = "" if step == "Fetch" else digest_line(packed(document(host={"hostname": str(number)})))
        later = {"Verify": "Pending", "Run": "Pending", "Send": "Pending"} if step == "Fetch" else {}
        told = invocation(instance_id(number), output, "Failed", **{**later, step: "Failed"})
        for plugin in told["CommandPlugins"]:
            if plugin["Name"] == step:
                plugin["Output"] = f"fleetdx: {reason}: Nobody answers.\n"
        self.answers(number, told, command)

    def prints(self, number: int, part: int = 0, command: str = "command-1", *, is_read: bool = True) -> None:
        """A host that ran an inline part and printed its result."""
        verdicts = {check: VERDICTS[check] for check in PARTS[part]["checks"]}
        body = packed(document(verdicts, host={"hostname": str(number)}))
        line = digest_line(body, verdicts, bundle=PARTS[part]["bundle"])
        self.answers(number, invocation(instance_id(number), line), command)
        if is_read:
            self.ssm.outputs[command, instance_id(number), "Send"] = base64.b64encode(body).decode()

    def away(self, number: int, command: str = "command-1") -> None:
        """A host that the command did not reach."""
        self.answers(number, AWAY, command)

    def answers(self, number: int, invoked: dict[str, Any], command: str = "command-1") -> None:
        """A host of which SSM tells this and no more."""
        self.ssm.invocations.setdefault(command, []).append({"InstanceId": instance_id(number), **invoked})

    def upload(self, batch: Any = FIRST, *, failure: Any = None, **event: Any) -> Any:
        """Run the function."""
        told = {**batch, "failure": failure} if failure else batch
        sources = Sources(self.data, self.intake, lambda _: self.ssm)  # type: ignore[arg-type, return-value]
        return handler.run({**TARGET, "batch": told, **event}, sources)  # type: ignore[typeddict-item]

    def follows(self, answer: Any, command: str) -> Any:
        """Run the function on the attempt that an answer of it leads to, when its command has ended."""
        batch: BatchState = {name: answer[name] for name in FIRST}  # type: ignore[assignment]
        return self.upload(batch, command={"id": command, "batch": command_name(batch)})

    def states(self, part: str = "0000-00") -> dict[str, tuple[str, str]]:
        """The ledger lines of a part."""
        return {name: (line["state"], line["reason"]) for name, line in self.lines(part).items()}

    def lines(self, part: str = "0000-00") -> dict[str, dict[str, Any]]:
        """The ledger lines of a part, whole."""
        return {line["instance"]: line for line in self.data.get_lines(keys.ledger_part(RUN, ACCOUNT, REGION, part))}

    def results(self, part: str = "0000-00") -> list[dict[str, Any]]:
        """The result lines of a part."""
        return self.data.get_lines(keys.results_part(RUN, ACCOUNT, REGION, part))
