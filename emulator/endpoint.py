"""Sessions whose every client goes to one endpoint, whatever the environment says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.sessions import KeepingSession

if TYPE_CHECKING:
    from emulator.front_door.credentials import SessionArguments


class EndpointSession(KeepingSession):
    """A session that knows its endpoint; botocore itself has no session-wide setting for it but the environment's."""

    def __init__(self, url: str, credentials: SessionArguments, region: str) -> None:
        super().__init__(**credentials, region_name=region)
        self._url = url

    def client(self, *arguments: Any, **named: Any) -> Any:
        """As boto3's, at the endpoint."""
        return super().client(*arguments, **{"endpoint_url": self._url, **named})


def session_with(url: str, credentials: SessionArguments, region: str) -> EndpointSession:
    """A session for credentials as they stand in endpoint.json."""
    return EndpointSession(url, credentials, region)
