"""The operator's routes are read strictly, and say by account and unit alone whom a message is about."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from fleetdx.configuration import MalformedDocument
from fleetdx.notification_routes import Route, accounts_of, read_routes
from fleetdx.owner_notifications import routes_in
from tests.fakes.s3 import bucket
from tools.sources import template

ONE, TWO, THREE, UNIT = "111122223333", "444455556666", "777788889999", "ou-ab12-cd34ef56"
ROUTE: dict[str, Any] = {"id": "payments", "webhook_parameter": "/fleetdx/slack/payments", "accounts": [ONE]}


def document(*routes: dict[str, Any]) -> bytes:
    kept = [{name: value for name, value in {**ROUTE, **route}.items() if value is not None} for route in routes]
    return json.dumps({"schema": 1, "routes": kept}).encode()


def test_a_document_is_read_as_it_stands() -> None:
    """A route names its accounts or units, the parameter with its webhook, and maybe a language."""
    text = document({}, {"id": "trading", "accounts": None, "organizational_units": [UNIT], "language": "ko"})
    assert read_routes(text) == [
        Route("payments", "/fleetdx/slack/payments", frozenset({ONE}), (), None),
        Route("trading", "/fleetdx/slack/payments", frozenset(), (UNIT,), "ko"),
    ]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"accounts": None}, "/routes/0"),
        ({"accounts": []}, "/routes/0/accounts"),
        ({"accounts": ["payments"]}, "/routes/0/accounts/0"),
        ({"tags": {"owner": "payments"}}, "/routes/0/tags"),
        ({"webhook_parameter": "/fleetdx/configuration"}, "/routes/0/webhook_parameter"),
        ({"webhook_parameter": "/fleetdx/slack/../configuration"}, "/routes/0/webhook_parameter"),
        ({"webhook_parameter": "https://hooks.slack.com/services/T/B/x"}, "/routes/0/webhook_parameter"),
        ({"id": "Payments/1"}, "/routes/0/id"),
        ({"language": "fr"}, "/routes/0/language"),
    ],
)
def test_what_breaks_the_schema_is_named_by_its_place(fields: dict[str, Any], place: str) -> None:
    """No tag, no address of a webhook, no parameter outside of the one path."""
    with pytest.raises(MalformedDocument, match=f"^{place}"):
        read_routes(document(fields))


def test_a_name_stands_once() -> None:
    """Claims are by it: a second route of the same name would never be told."""
    with pytest.raises(MalformedDocument, match="^/routes/1/id: payments stands twice"):
        read_routes(document({}, {}))


def test_a_route_is_about_its_accounts_and_those_below_its_units() -> None:
    """As far as the run has looked at them; an account that left a unit since is nobody's."""
    route = Route("payments", "/fleetdx/slack/payments", frozenset({ONE, THREE}), (UNIT,), None)
    below = {UNIT: frozenset({TWO, THREE})}
    assert accounts_of(route, frozenset({ONE, TWO}), below.__getitem__) == {ONE, TWO}
    assert accounts_of(route, frozenset({"000011112222"}), below.__getitem__) == frozenset()


@pytest.mark.parametrize(
    ("body", "told"), [(None, ""), (b"{", "no owner is told"), (document({"id": ""}), "/routes/0/id")]
)
def test_what_cannot_be_read_tells_no_owner(body: bytes | None, told: str) -> None:
    """That there is no document is no fault; a fault is told by its place."""
    data = bucket()
    if body is not None:
        data.put("config/notification-routes.json", body)
    routes, unreadable = routes_in(data)
    assert routes == []
    assert told in unreadable
    assert bool(unreadable) == bool(told)


def test_notify_may_read_parameters_below_one_path_alone() -> None:
    """Whatever the document names, its role reads no other secret; each name that the schema allows lies there."""
    role = template("central.yaml")["Resources"]["NotifyRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    allowed = [
        one["Resource"]["Fn::Sub"].rpartition(":parameter")[2]
        for one in role["Statement"]
        if one.get("Action") == "ssm:GetParameter"
    ]
    assert allowed == ["/fleetdx/slack/*"]
    (route,) = read_routes(document({"webhook_parameter": "/fleetdx/slack/A.b_c-1"}))
    assert fnmatchcase(route.webhook_parameter, allowed[0])
