"""Systems Manager's service settings of each account and region; only that of Default Host Management is known."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from emulator.agent.requests import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_HOST_MANAGEMENT: Final = "/ssm/managed-instance/default-ec2-instance-management-role"
OFF: Final = "$None"
"""The setting's value where it was never set ("Managing EC2 instances automatically with Default Host Management")."""
_BEGINNING: Final = dt.datetime(2023, 2, 17, tzinfo=dt.UTC)

Answer = dict[str, Any]


class ServiceSettings:
    """Who has set what, by account and region."""

    def __init__(self) -> None:
        self._roles: dict[tuple[str, str], tuple[str, dt.datetime]] = {}

    def default_host_management(self, account: str, region: str) -> str | None:
        """The role that instances without rights of their own get; None where that is off."""
        return self._roles.get((account, region), (None, _BEGINNING))[0]

    def get_service_setting(self, account: str, region: str, request: Mapping[str, Any]) -> Answer:
        """The setting as it is.

        Raises:
            ApiError: ServiceSettingNotFound.
        """
        _check(request)
        role, changed = self._roles.get((account, region), (OFF, _BEGINNING))
        is_set = (account, region) in self._roles
        setting = {
            "SettingId": DEFAULT_HOST_MANAGEMENT,
            "SettingValue": role,
            "LastModifiedDate": changed,
            "LastModifiedUser": f"arn:aws:iam::{account}:user/operator" if is_set else "System",
            "ARN": f"arn:aws:ssm:{region}:{account}:servicesetting{DEFAULT_HOST_MANAGEMENT}",
            "Status": "Customized" if is_set else "Default",
        }
        return {"ServiceSetting": setting}

    def update_service_setting(self, account: str, region: str, request: Mapping[str, Any]) -> Answer:
        """Set it; to switch it off again is to reset it.

        Raises:
            ApiError: ServiceSettingNotFound.
        """
        _check(request)
        self._roles[account, region] = (str(request["SettingValue"]), dt.datetime.now(dt.UTC))
        return {}

    def reset_service_setting(self, account: str, region: str, request: Mapping[str, Any]) -> Answer:
        """Put it back to what it was at first, and answer that.

        Raises:
            ApiError: ServiceSettingNotFound.
        """
        _check(request)
        self._roles.pop((account, region), None)
        return self.get_service_setting(account, region, request)


def _check(request: Mapping[str, Any]) -> None:
    # Its ARN names it too.
    if str(request.get("SettingId")).rpartition("servicesetting")[2] != DEFAULT_HOST_MANAGEMENT:
        raise ApiError("ServiceSettingNotFound", f"{request.get('SettingId')} is no setting that is known here")
