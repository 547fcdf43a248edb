"""Run Command's API over the agent stand-in: what it refuses, what it answers. Knows nothing of HTTP nor of moto.

Requests and answers are dicts with AWS's own member names. Sources: botocore's model of the service (names, limits,
patterns, errors) and AWS's user guide; where neither says what happens, the line says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from emulator.agent import requests
from emulator.agent.commands import Command, Order
from emulator.agent.document import InvalidDocumentContentError, InvalidParametersError, parse
from emulator.agent.requests import ApiError

if TYPE_CHECKING:
    from emulator.agent.host import Host, HostRegistry
    from emulator.agent.pool import HostPool
    from emulator.clock import Clock

Request = Mapping[str, Any]
Answer = dict[str, Any]
FindDocument = Callable[[str, str, str, str], Mapping[str, Any]]
"""(account, region, name, version) -> content; raises ApiError InvalidDocument or InvalidDocumentVersion."""


class RunCommand:
    """Systems Manager's Run Command for every account and region of the embedded AWS."""

    def __init__(self, registry: HostRegistry, clock: Clock, find_document: FindDocument, pool: HostPool) -> None:
        self._registry = registry
        self._clock = clock
        self._find_document = find_document
        self._pool = pool
        self._commands: dict[tuple[str, str], dict[str, Command]] = {}

    def close(self) -> None:
        """Stop every command and the pool's threads."""
        for commands in self._commands.values():
            for command in commands.values():
                command.close()
        self._pool.close()

    def send_command(self, account: str, region: str, request: Request) -> Answer:
        """Start a command on up to 50 hosts.

        Raises:
            ApiError: ValidationException, DuplicateInstanceId, InvalidInstanceId, InvalidDocument,
                InvalidDocumentVersion, InvalidParameters or UnsupportedPlatformType.
        """
        requests.check_send_command(request)
        name = str(request["DocumentName"])
        content = self._find_document(account, region, name, str(request.get("DocumentVersion") or "$DEFAULT"))
        hosts = self._named_hosts(account, region, request["InstanceIds"])
        parameters = dict(request.get("Parameters") or {})
        try:
            document = parse(content)
            values = document.bind(parameters)
        except InvalidDocumentContentError as problem:
            raise ApiError("InvalidDocument", str(problem)) from problem
        except InvalidParametersError as problem:
            raise ApiError("InvalidParameters", str(problem)) from problem
        shell_only = all(step.action == "aws:runShellScript" for step in document.steps)
        if shell_only and any(host.platform_type == "Windows" for host in hosts):
            raise ApiError("UnsupportedPlatformType", "the document does not run on Windows")
        order = Order(
            command_id=str(uuid.uuid4()),
            document_name=name,
            document=document,
            parameters=parameters,
            values=values,
            hosts=tuple(hosts),
            comment=str(request.get("Comment") or ""),
            max_concurrency=str(request.get("MaxConcurrency") or "50"),
            max_errors=str(request.get("MaxErrors") or "0"),
            timeout_seconds=int(request.get("TimeoutSeconds") or 3600),
        )
        command = Command(order, self._pool, self._clock, lambda host: self._is_there(account, region, host))
        self._commands.setdefault((account, region), {})[order.command_id] = command
        answer = command.view()  # before it starts: AWS answers Pending
        command.start()
        return {"Command": answer}

    def list_commands(self, account: str, region: str, request: Request) -> Answer:
        """Commands, the newest first."""
        views = [command.view() for command in self._selected(account, region, request)]
        if request.get("InstanceId"):
            views = [view for view in views if request["InstanceId"] in view["InstanceIds"]]
        return requests.page(requests.filtered(views, request), "Commands", request)

    def list_command_invocations(self, account: str, region: str, request: Request) -> Answer:
        """Invocations, with their steps when `Details`; none for a command that is unknown, as on AWS."""
        details = bool(request.get("Details"))
        views = [
            command.invocation_view(instance_id, details=details)
            for command in self._selected(account, region, request)
            for instance_id in command.invocations
            if request.get("InstanceId") in (None, instance_id)
        ]
        return requests.page(requests.filtered(views, request), "CommandInvocations", request)

    def get_command_invocation(self, account: str, region: str, request: Request) -> Answer:
        """One step on one host; its output is empty until it has ended, and never longer than 24,000 characters.

        Raises:
            ApiError: ValidationException, InvocationDoesNotExist, or InvalidPluginName when the document has several
                steps and none, or an unknown one, is named.
        """
        requests.check_plugin_name(request)
        command = self._commands.get((account, region), {}).get(str(request.get("CommandId")))
        if command is None or request.get("InstanceId") not in command.invocations:
            raise ApiError("InvocationDoesNotExist", "the command id and instance id do not match an invocation")
        names = [step.name for step in command.order.document.steps]
        name = request.get("PluginName") or (names[0] if len(names) == 1 else None)
        if name not in names:
            raise ApiError(
                "InvalidPluginName", "the document has no step of that name, or several steps and none named"
            )
        return command.step_view(request["InstanceId"], name)

    def cancel_command(self, account: str, region: str, request: Request) -> None:
        """Stop a command on all of its hosts, or on those named.

        Raises:
            ApiError: InvalidCommandId, or InvalidInstanceId for a host that the command was not sent to.
        """
        command = self._commands.get((account, region), {}).get(str(request.get("CommandId")))
        if command is None:
            raise ApiError("InvalidCommandId", "there is no such command in this account and region")
        instance_ids = list(request.get("InstanceIds") or ())
        if not set(instance_ids) <= set(command.invocations):
            raise ApiError("InvalidInstanceId", "the command was not sent to one of these instances")
        command.cancel(instance_ids)

    def describe_instance_information(self, account: str, region: str, request: Request) -> Answer:
        """The hosts that have an agent, by instance id."""
        requests.check_page_size(request, fewest=5)
        hosts = sorted(self._registry.hosts(account, region), key=lambda host: host.instance_id)
        views = [requests.instance_information(host) for host in hosts]
        return requests.page(requests.filtered_nodes(views, request), "InstanceInformationList", request, size=10)

    def _selected(self, account: str, region: str, request: Request) -> list[Command]:
        requests.check_page_size(request, fewest=1)
        commands = self._commands.get((account, region), {})
        if request.get("CommandId"):
            command = commands.get(str(request["CommandId"]))
            return [command] if command else []
        return list(reversed(commands.values()))

    def _named_hosts(self, account: str, region: str, instance_ids: list[str]) -> list[Host]:
        known = {host.instance_id: host for host in self._registry.hosts(account, region)}
        unknown = [instance_id for instance_id in instance_ids if instance_id not in known]
        if unknown:
            # Whether AWS refuses the whole call for one unknown id is written nowhere; to refuse is the safe guess.
            raise ApiError(
                "InvalidInstanceId", f"Instances [{', '.join(unknown)}] not in a valid state for account {account}"
            )
        return [known[instance_id] for instance_id in instance_ids]

    def _is_there(self, account: str, region: str, host: Host) -> bool:
        return any(known.instance_id == host.instance_id for known in self._registry.hosts(account, region))
