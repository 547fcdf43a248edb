"""Makes moto serve Run Command truly: commands run on hosts, unknown documents and instances are refused.

What moto 5.2.5 does by itself: SendCommand answers Success at once without running anything, takes documents and
instances that do not exist and any hash of a document, and also hits every instance of the region when no Targets are
given; ListCommandInvocations, CancelCommand, DescribeInstanceInformation, ListResourceComplianceSummaries and service
settings are not there. tests/contract/test_seam_ssm.py fails when that changes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ssm.exceptions import SSMException
from moto.ssm.models import Document, ssm_backends
from moto.ssm.responses import SimpleSystemManagerResponse

from emulator.agent.compliance import resource_compliance_summaries
from emulator.agent.pool import HostPool
from emulator.agent.requests import ApiError
from emulator.agent.service import RunCommand
from emulator.agent.settings import ServiceSettings
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.agent.host import HostRegistry
    from emulator.clock import Clock

_MOST_DOCUMENT_BYTES = 64 * 1024
_REPLACED = ("send_command", "list_commands", "get_command_invocation")
_ADDED = ("list_command_invocations", "cancel_command", "describe_instance_information")
_SETTINGS = ("get_service_setting", "update_service_setting", "reset_service_setting")


def install(
    registry: HostRegistry,
    clock: Clock,
    most_processes: int | None = None,
    settings: ServiceSettings | None = None,
) -> Callable[[], None]:
    """Replace moto's Run Command; the callable returned puts moto's own back and ends every command.

    Args:
        registry: Who has an agent, by account and region; stopped and unmanaged instances are not in it.
        clock: On which delivery timeouts pass.
        most_processes: Hosts at work at once, over all commands; twice the processors by default.
        settings: The service settings of each account and region; none are set by default.
    """
    service = RunCommand(registry, clock, find_document, HostPool(most_processes))
    patches = Patches()
    served = {name: getattr(service, name) for name in _REPLACED}
    served["send_command"] = _of_the_hash_asked_for(service.send_command)
    for name, operation in served.items():
        patches.replace(SimpleSystemManagerResponse, name, _served_by(operation))
    for name in _ADDED:
        patches.add(SimpleSystemManagerResponse, name, _served_by(getattr(service, name)))
    known = settings or ServiceSettings()
    for name in _SETTINGS:
        patches.add(SimpleSystemManagerResponse, name, _served_by(getattr(known, name)))

    def compliance(account: str, region: str, request: Mapping[str, Any]) -> dict[str, Any]:
        return resource_compliance_summaries(registry.hosts(account, region), request)

    patches.add(SimpleSystemManagerResponse, "list_resource_compliance_summaries", _served_by(compliance))
    patches.replace(Document, "create_from_cloudformation_json", _with_json_content())

    def uninstall() -> None:
        patches.undo()
        service.close()

    return uninstall


def find_document(account: str, region: str, name: str, version: str) -> Mapping[str, Any]:
    """The content of a document in moto's own store, by name or ARN.

    Raises:
        ApiError: InvalidDocument, InvalidDocumentVersion or MaxDocumentSizeExceeded.
    """
    content: Mapping[str, Any] = _find_version(account, region, name, version).content_json
    if len(json.dumps(content).encode()) > _MOST_DOCUMENT_BYTES:
        raise ApiError("MaxDocumentSizeExceeded", f"the document {name} exceeds 64 KB")
    return content


def _find_version(account: str, region: str, name: str, version: str) -> Document:
    documents = ssm_backends[account][region]._documents.get(name.rpartition("document/")[2])
    if documents is None:
        raise ApiError("InvalidDocument", f"the document {name} does not exist")
    wanted = {"$DEFAULT": documents.default_version, "$LATEST": documents.latest_version}.get(version, version)
    if wanted not in documents.versions:
        raise ApiError("InvalidDocumentVersion", f"the document {name} has no version {version}")
    found: Document = documents.versions[wanted]
    return found


def _of_the_hash_asked_for(send: Callable[[str, str, Mapping[str, Any]], dict[str, Any]]) -> Callable[..., Any]:
    """SendCommand that refuses a document whose text has another SHA-256 than the caller names, in AWS's words.

    Source of the words: aws-samples/aws-security-reference-architecture-examples, issue 301. That the hash is the
    SHA-256 of the text: of AWS-RunShellScript, as AWS's guide prints it, it is the Hash that DescribeDocument tells.
    """

    def checked(account: str, region: str, request: Mapping[str, Any]) -> dict[str, Any]:
        asked = request.get("DocumentHash")
        if asked is not None:
            kind = str(request.get("DocumentHashType") or "Sha256")
            version = str(request.get("DocumentVersion") or "$DEFAULT")
            document = _find_version(account, region, str(request["DocumentName"]), version)
            if kind != "Sha256" or asked != document.hash:
                raise ApiError("InvalidDocument", f"document hash {asked} does not match {kind}.")
        return send(account, region, request)

    return checked


def _with_json_content() -> Any:
    """Keep a template's Content as JSON text: of the mapping, GetDocument would return what Python prints.

    Without blanks and in the template's order, as CloudFormation's resource handler writes it (Jackson's default).
    """
    original = Document.create_from_cloudformation_json

    def create(_: type[Document], resource_name: str, cloudformation_json: Any, *args: Any, **kwargs: Any) -> Document:
        properties = dict(cloudformation_json["Properties"])
        if not isinstance(properties["Content"], str):
            properties["Content"] = json.dumps(properties["Content"], ensure_ascii=False, separators=(",", ":"))
        created: Document = original(resource_name, {**cloudformation_json, "Properties": properties}, *args, **kwargs)
        return created

    return classmethod(create)


def _served_by(
    operation: Callable[[str, str, Mapping[str, Any]], dict[str, Any] | None],
) -> Callable[..., ActionResult]:
    def served(self: SimpleSystemManagerResponse) -> ActionResult:
        try:
            answer = operation(self.current_account, self.region, json.loads(self.body or "{}"))
        except ApiError as error:
            raise SSMException(error.code, error.message) from error
        return EmptyResult() if answer is None else ActionResult(answer)

    return served
