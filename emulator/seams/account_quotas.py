"""Seams in how an account tells its limits: Lambda's GetAccountSettings, and Service Quotas' list for Step Functions.

moto 5.2.5 has neither.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from moto.awslambda import urls
from moto.awslambda.responses import LambdaResponse
from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.responses import ServiceQuotasResponse

from emulator.account_state import LAMBDA_DEFAULT
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.account_state import AccountState

PATH: Final = r"{0}/(?P<api_version>[^/]+)/account-settings/?$"
NAME: Final = "Open executions"
"""Made up after the words of the guide; AWS's pages tell neither its name nor its code in Service Quotas."""


def install(state: AccountState) -> Callable[[], None]:
    """Answer by the state; the answer undoes it."""

    def get_account_settings(self: LambdaResponse) -> str:
        every = state.concurrency.get(self.current_account, LAMBDA_DEFAULT)
        free = every - state.reserved.get(self.current_account, 0)
        limit = {"ConcurrentExecutions": every, "UnreservedConcurrentExecutions": free}
        return json.dumps({"AccountLimit": limit, "AccountUsage": {}})

    def list_service_quotas(self: ServiceQuotasResponse) -> str:
        if json.loads(self.body).get("ServiceCode") != "states":
            raise NoSuchResource
        quotas: list[dict[str, Any]] = [{"QuotaName": "Registered state machines", "Value": 100_000.0}]
        if state.open_executions is not None:
            quotas.append({"QuotaName": NAME, "Value": state.open_executions})
        return json.dumps({"Quotas": [{"ServiceCode": "states", **quota} for quota in quotas]})

    patches = Patches()
    patches.replace(urls, "url_paths", {**urls.url_paths, PATH: LambdaResponse.dispatch})
    patches.add(LambdaResponse, "get_account_settings", get_account_settings)
    patches.add(ServiceQuotasResponse, "list_service_quotas", list_service_quotas)
    return patches.undo
