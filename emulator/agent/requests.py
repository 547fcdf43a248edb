"""What Run Command's API checks in a request, and how its lists are filtered and cut into pages.

Limits and patterns are those of botocore's model of the service.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.agent.host import Host

_MOST_INSTANCES = 50
_MOST_A_PAGE = 50
_LONGEST_COMMENT = 100
_SHORTEST_STEP = 4
_TIMEOUTS = range(30, 2_592_001)
_PATTERNS = {
    "DocumentName": r"[a-zA-Z0-9_\-.:/]{3,128}",
    "MaxConcurrency": r"([1-9][0-9]{0,6}|[1-9][0-9]%|[1-9]%|100%)",
    "MaxErrors": r"([1-9][0-9]{0,6}|0|[1-9][0-9]%|[0-9]%|100%)",
}
_INSTANCE_ID = re.compile(r"i-(\w{8}|\w{17})|mi-\w{17}")

Views = list[dict[str, Any]]
Request = Mapping[str, Any]


class ApiError(Exception):
    """An error that the API answers with: AWS's name of it, and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def check_send_command(request: Request) -> None:
    """Refuse what SendCommand's model refuses.

    Raises:
        ApiError: ValidationException, DuplicateInstanceId or InvalidInstanceId.
    """
    instance_ids = list(request.get("InstanceIds") or ())
    if request.get("Targets"):
        raise ApiError("ValidationException", "the embedded Systems Manager takes InstanceIds, not Targets")
    if not 1 <= len(instance_ids) <= _MOST_INSTANCES:
        raise ApiError("ValidationException", f"instanceIds must have from 1 to {_MOST_INSTANCES} members")
    if len(set(instance_ids)) != len(instance_ids):
        raise ApiError("DuplicateInstanceId", "an instance id is given twice")
    if not all(_INSTANCE_ID.fullmatch(instance_id) for instance_id in instance_ids):
        raise ApiError("InvalidInstanceId", "an instance id is not well formed")
    for member, pattern in _PATTERNS.items():
        value = request.get(member)
        if not re.fullmatch(pattern, str(value)) and (value is not None or member == "DocumentName"):
            raise ApiError("ValidationException", f"{member} must match {pattern}")
    if len(str(request.get("Comment") or "")) > _LONGEST_COMMENT:
        raise ApiError("ValidationException", f"comment must have at most {_LONGEST_COMMENT} characters")
    timeout = request.get("TimeoutSeconds")
    if timeout is not None and int(timeout) not in _TIMEOUTS:
        raise ApiError("ValidationException", "timeoutSeconds must be from 30 to 2592000")


def check_plugin_name(request: Request) -> None:
    """Refuse a PluginName that GetCommandInvocation's model refuses.

    Raises:
        ApiError: ValidationException.
    """
    name = request.get("PluginName")
    if name is not None and len(str(name)) < _SHORTEST_STEP:
        raise ApiError("ValidationException", f"pluginName must have at least {_SHORTEST_STEP} characters")


def check_page_size(request: Request, fewest: int) -> None:
    """Refuse a page that is too small or too large.

    Raises:
        ApiError: ValidationException.
    """
    size = request.get("MaxResults")
    if size is not None and not fewest <= int(size) <= _MOST_A_PAGE:
        raise ApiError("ValidationException", f"maxResults must be from {fewest} to {_MOST_A_PAGE}")


def page(views: Views, member: str, request: Request, size: int = _MOST_A_PAGE) -> dict[str, Any]:
    """Cut one page out of a list.

    Raises:
        ApiError: InvalidNextToken.
    """
    size = int(request.get("MaxResults") or size)
    token = str(request.get("NextToken") or "0")
    if not token.isdecimal():
        raise ApiError("InvalidNextToken", "the token is not one that was given out")
    begin = int(token)
    answer: dict[str, Any] = {member: views[begin : begin + size]}
    if begin + size < len(views):
        answer["NextToken"] = str(begin + size)
    return answer


def filtered(views: Views, request: Request) -> Views:
    """Apply `Filters` of ListCommands and ListCommandInvocations.

    Raises:
        ApiError: InvalidFilterKey.
    """
    for condition in request.get("Filters") or ():
        keep = _command_filter(condition["key"], condition["value"])
        views = [view for view in views if keep(view)]
    return views


def filtered_nodes(views: Views, request: Request) -> Views:
    """Apply both kinds of filters that DescribeInstanceInformation takes.

    Raises:
        ApiError: InvalidFilterKey.
    """
    conditions: list[tuple[str, Sequence[str]]] = [
        (item["Key"], item["Values"]) for item in request.get("Filters") or ()
    ]
    conditions += [(item["key"], item["valueSet"]) for item in request.get("InstanceInformationFilterList") or ()]
    members = {"InstanceIds": "InstanceId", "PlatformTypes": "PlatformType"}
    for key, values in conditions:
        if key not in ("InstanceIds", "PlatformTypes", "PingStatus", "ResourceType", "AgentVersion"):
            raise ApiError("InvalidFilterKey", f"{key} is not a filter key that is known here")
        views = [view for view in views if view[members.get(key, key)] in values]
    return views


def instance_information(host: Host) -> dict[str, Any]:
    """A host as DescribeInstanceInformation shows it."""
    return {
        "InstanceId": host.instance_id,
        "PingStatus": host.ping_status,
        "LastPingDateTime": host.last_ping_at or dt.datetime.now(dt.UTC),
        "AgentVersion": host.agent_version,
        "IsLatestVersion": False,
        "PlatformType": host.platform_type,
        "PlatformName": host.platform_name,
        "PlatformVersion": host.platform_version,
        "ResourceType": "ManagedInstance" if host.is_hybrid else "EC2Instance",
    }


def _command_filter(key: str, value: str) -> Callable[[Mapping[str, Any]], bool]:
    if key in ("InvokedAfter", "InvokedBefore"):
        moment = dt.datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        if key == "InvokedAfter":
            return lambda view: bool(view["RequestedDateTime"] >= moment)
        return lambda view: bool(view["RequestedDateTime"] < moment)
    if key in ("Status", "DocumentName"):
        return lambda view: bool(view[key] == value)
    raise ApiError("InvalidFilterKey", f"{key} is not a filter key that is known here")
