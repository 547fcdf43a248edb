"""Seam in botocore: its clients' retries wait on the scaled clock, and a function can be killed in the midst of a call.

Without it a throttle that lasts would take real minutes, whatever the clock says of every other wait. And functions
make clients by the thousand: what does not depend on whose client it is, is made once.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import botocore.endpoint
import botocore.hooks
import botocore.useragent
from botocore.client import ClientCreator
from botocore.endpoint_provider import RuleSet
from botocore.hooks import EVENT_ALIASES, EventAliaser, NodeList
from botocore.httpsession import URLLib3Session
from botocore.retries import bucket

from emulator.faults.calls import DEATH_HEADER
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.clock import Clock


class _Shared(NamedTuple):
    """What is the same for all clients of this process, whichever embedded AWS they ask.

    Attributes:
        classes: The class of a service's clients.
        rules: Endpoint rules as they were read and as they were parsed, by the id of the former.
        names: Names of events, translated.
    """

    classes: dict[str, Any]
    rules: dict[int, tuple[Any, dict[str, Any]]]
    names: dict[str, str]


@functools.lru_cache(maxsize=1)
def _shared() -> _Shared:
    return _Shared({}, {}, {})


class CallerDied(BaseException):
    """The function's process has ended here; no `except Exception` of a handler sees it, as none would on AWS."""


def install(clock: Clock) -> Callable[[], None]:
    """Scale the waits of botocore's retries and of its adaptive pacing; the answer undoes it."""
    patches = Patches()
    _scale_waits(patches, clock)
    _let_callers_die(patches)
    _share_names_of_events(patches)
    _share_words_of_user_agents(patches)
    _share_classes_and_rules(patches)
    _copy_handlers_quickly(patches)
    return patches.undo


def _scale_waits(patches: Patches, clock: Clock) -> None:
    token_bucket: Any = bucket.TokenBucket  # botocore has no types of its own
    real_time, sleep_amount = bucket.Clock.current_time, token_bucket._sleep_amount

    class ScaledTime:
        """Stands for the module `time` where botocore waits before it tries again."""

        sleep = staticmethod(clock.sleep)

    def current_time(self: Any) -> float:
        return float(real_time(self)) / (clock.factor or 1.0)

    def scaled_sleep_amount(self: Any, amount: float) -> float:
        return clock.real_seconds(sleep_amount(self, amount))

    patches.replace(botocore.endpoint, "time", ScaledTime)
    patches.replace(bucket.Clock, "current_time", current_time)
    patches.replace(token_bucket, "_sleep_amount", scaled_sleep_amount)


def _let_callers_die(patches: Patches) -> None:
    send = URLLib3Session.send

    def send_or_die(self: Any, request: Any) -> Any:
        response = send(self, request)
        if DEATH_HEADER in response.headers:
            raise CallerDied
        return response

    patches.replace(URLLib3Session, "send", send_or_die)


def _share_names_of_events(patches: Patches) -> None:
    """A name of an event is translated once for all sessions: functions make many, each has hundreds of events."""
    aliaser: Any = EventAliaser  # botocore has no types of its own
    translate = aliaser._alias_event_name
    known = _shared().names

    def translate_once(self: Any, event_name: str) -> str:
        if self._event_aliases != EVENT_ALIASES:
            return str(translate(self, event_name))
        if event_name not in known:
            known[event_name] = translate(self, event_name)
        return known[event_name]

    patches.replace(aliaser, "_alias_event_name", translate_once)


def _share_words_of_user_agents(patches: Patches) -> None:
    """Each call builds its User-Agent anew, twice, of the same few words: a word is looked through once."""
    agents: Any = botocore.useragent  # botocore has no types of its own
    clean = functools.lru_cache(maxsize=1_024)(agents.sanitize_user_agent_string_component)
    patches.replace(agents, "sanitize_user_agent_string_component", clean)


def _share_classes_and_rules(patches: Patches) -> None:
    """A service's class of clients, its endpoint rules, and what a handler takes, are the same for every session."""
    creator: Any = ClientCreator  # botocore has no types of its own
    create_class, parse_rules = creator._create_client_class, RuleSet.__init__
    accepts_keywords = botocore.hooks.accepts_kwargs
    shared = _shared()

    def class_of(self: Any, service_name: str, service_model: Any) -> Any:
        if service_name not in shared.classes:
            shared.classes[service_name] = create_class(self, service_name, service_model)
        return shared.classes[service_name]

    def parsed_rules(self: Any, *, rules: Any, **given: Any) -> None:
        # The shared loader gives the same object each time; kept beside its parsed form, its id stays its own.
        if id(rules) not in shared.rules:
            parse_rules(self, rules=rules, **given)
            shared.rules[id(rules)] = (rules, dict(vars(self)))
        vars(self).update(shared.rules[id(rules)][1])

    @functools.lru_cache(maxsize=1_024)
    def takes_keywords(function: Any) -> bool:
        return bool(accepts_keywords(function))

    patches.replace(creator, "_create_client_class", class_of)
    patches.replace(RuleSet, "__init__", parsed_rules)
    # Of a method only its function is kept: a client must not live on for the handlers that it has registered.
    patches.replace(botocore.hooks, "accepts_kwargs", lambda one: takes_keywords(getattr(one, "__func__", one)))


def _copy_handlers_quickly(patches: Patches) -> None:
    """Every client begins with a copy of its session's handlers, hundreds of lists, which botocore makes by `copy`."""
    hooks: Any = botocore.hooks  # botocore has no types of its own

    def copied(self: Any, node: Any) -> Any:
        made = {}
        for key, value in node.items():
            if isinstance(value, NodeList):
                made[key] = tuple.__new__(NodeList, (value.first[:], value.middle[:], value.last[:]))
            else:
                made[key] = copied(self, value) if isinstance(value, dict) else value
        return made

    patches.replace(hooks._PrefixTrie, "_recursive_copy", copied)
