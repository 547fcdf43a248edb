"""Serve the embedded AWS on loopback: every request verified, counted and told its account before moto sees it."""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any, cast

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from emulator.front_door.connections import Server
from emulator.front_door.refusals import Refused, refusal_answer
from emulator.front_door.signatures import claimed_service, is_presigned
from emulator.front_door.wsgi import (
    ACCOUNT_HEADER,
    form_environ,
    forward,
    post_answer,
    put_environ,
    read_request,
    send,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from emulator.front_door.authenticator import Admitted, Authenticator
    from emulator.front_door.messages import Answer, Interceptor, Request, RequestFacts
    from emulator.front_door.metering import Meter, Source


def embedded_aws() -> WSGIApplication:
    """Build moto's WSGI application with all its services."""
    application: Any = DomainDispatcherApplication(create_backend_app)
    by_host = application.get_backend_for_host
    known: dict[str | None, Any] = {}

    def backend_for_host(host: str | None) -> Any:
        # moto tries two hundred patterns for each request while holding a lock; the answer for a host never changes.
        if host not in known:
            known[host] = by_host(host)
        return known[host]

    application.get_backend_for_host = backend_for_host
    return cast("WSGIApplication", application)


class FrontDoor:
    """A server on 127.0.0.1 in front of the embedded AWS.

    `interceptors` stand one behind the other between the door and the embedded AWS: each sees an admitted request and
    answers it, or lets the next one do so.
    """

    def __init__(
        self,
        authenticator: Authenticator,
        meter: Meter,
        interceptors: Sequence[Interceptor] = (),
        application: WSGIApplication | None = None,
    ) -> None:
        """Put the door in front of `application`; without one, in front of moto with all its services."""
        self._authenticator = authenticator
        self._meter = meter
        self._interceptors = interceptors
        self._application = application or embedded_aws()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, port: int = 0) -> str:
        """Listen on 127.0.0.1 (port 0: any free one) and give the URL; raises OSError when the port is taken."""
        self._server = Server(port, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="front-door", daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{self._server.port}"

    def stop(self) -> None:
        """Stop listening and close every open connection; harmless when not started."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.close_connections()
        self._server = self._thread = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request, as a WSGI application."""
        request = read_request(environ)
        try:
            admitted = self._authenticator.admit(request)
        except Refused as refused:
            service = claimed_service(request)
            self._meter.count_refusal(service, refused.code)
            return send(refusal_answer(refused, service, request), start_response)
        serve = functools.partial(self._serve, admitted, request, environ)
        for interceptor in reversed(self._interceptors):
            serve = functools.partial(interceptor, admitted.facts, serve)
        bytes_out = 0
        try:
            answer = serve()
            bytes_out = len(answer.body)
        finally:  # a call that ends without an answer is a call too
            self._meter.count(
                admitted.facts.name,
                source=_source(admitted.facts),
                bytes_in=len(request.body),
                bytes_out=bytes_out,
            )
        return send(answer, start_response)

    def _serve(self, admitted: Admitted, request: Request, environ: WSGIEnvironment) -> Answer:
        environ[ACCOUNT_HEADER] = admitted.facts.caller.account
        if admitted.posted is None:
            is_query = admitted.facts.service != "s3" and is_presigned(request)
            return forward(self._application, form_environ(environ, request) if is_query else environ)
        stored = forward(self._application, put_environ(environ, admitted.posted))
        return post_answer(stored, admitted.posted, request)


def _source(facts: RequestFacts) -> Source:
    if facts.host_traffic:
        return "hosts"
    return "operator" if facts.caller.role_arn is None else "roles"
