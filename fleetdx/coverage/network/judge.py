"""Whether an instance reaches Systems Manager, from what EC2 describes alone. Pure; never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.coverage.network.elsewhere import way_elsewhere
from fleetdx.coverage.network.endpoints import way_by_endpoint
from fleetdx.coverage.network.facts import SERVICES
from fleetdx.coverage.network.internet import way_to_internet
from fleetdx.coverage.network.names import endpoints_for, resolver_of
from fleetdx.coverage.network.reading import FactMissing, flag, known, rows, text
from fleetdx.coverage.network.routes import UnreadablePrefixList
from fleetdx.coverage.network.servers import hears_questions
from fleetdx.coverage.network.sources import OnlyIpv6, sources_of
from fleetdx.coverage.network.verdicts import agreed, all_needed, blocked, reachable, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fleetdx.coverage.network.facts import NetworkFacts
    from fleetdx.coverage.network.names import Resolver
    from fleetdx.coverage.network.reading import Row
    from fleetdx.coverage.network.sources import Source
    from fleetdx.coverage.network.verdicts import Reachability


class _Place(NamedTuple):
    """An instance's place in its network, and what is the same for every service.

    Attributes:
        facts: What is known.
        sources: Its interfaces.
        resolver: Who answers its questions.
        endpoints: Service to its endpoints in the VPC, the one with private DNS first.
        public: The way to the internet.
        elsewhere: The way to endpoints in other networks; None where there is none.
    """

    facts: NetworkFacts
    sources: Sequence[Source]
    resolver: Resolver
    endpoints: Mapping[str, Sequence[Row]]
    public: Reachability
    elsewhere: Reachability | None


def judge(instance: Mapping[str, Any], facts: NetworkFacts, region: str) -> Reachability:
    """Whether an instance reaches both `ssm` and `ssmmessages` of its region over HTTPS.

    Private hosted zones, Route 53 profiles and the Resolver's rules are not seen from EC2. A name is taken to mean what
    the VPC's own endpoints and DNS say; where that leads nowhere and another network is reachable, the answer is
    unknown.

    Args:
        instance: As DescribeInstances gives it.
        facts: Gathered for it, and maybe for others.
        region: Its region.
    """
    try:
        return _judge(instance, facts, region)
    except FactMissing as error:
        return unknown("facts_missing", f"It cannot be judged: {error}.")
    except UnreadablePrefixList as error:
        return unknown("prefix_list", str(error))
    except OnlyIpv6 as error:
        return unknown("ipv6_only", f"{error} has no IPv4 address; ways over IPv6 are not judged.")


def _judge(instance: Mapping[str, Any], facts: NetworkFacts, region: str) -> Reachability:
    if not facts.are_things:
        raise FactMissing("EC2 described something odd")
    sources = sources_of(instance)
    vpc = sources[0].vpc
    owner, here = known(facts.vpcs, vpc).get("OwnerId"), rows(instance, "NetworkInterfaces")[0].get("OwnerId")
    if owner and here and owner != here:
        sentence = f"{vpc} is shared by account {owner}, whose endpoints and gateways are not seen from here."
        return unknown("shared_endpoint", sentence)
    resolver = resolver_of(facts, vpc)
    if resolver.is_amazon and not resolver.answers:
        return blocked("dns_off", f"{vpc} has EnableDnsSupport off: Amazon's DNS server answers nothing there.")
    place = _Place(
        facts,
        sources,
        resolver,
        {service: endpoints_for(facts, vpc, service, region) for service in SERVICES},
        way_to_internet(facts, sources[0]),
        way_elsewhere(facts, sources[0]),
    )
    verdicts = [_to_service(place, service) for service in SERVICES]
    verdict = all_needed(verdicts)
    if verdict.standing != "reachable":
        return verdict
    return reachable("; ".join(f"{service} {one.detail}" for service, one in zip(SERVICES, verdicts, strict=True)))


def _to_service(place: _Place, service: str) -> Reachability:
    if not place.resolver.is_amazon:
        return _by_another_server(place, service)
    holder = _holder_of_name(place, service)
    if holder is None or not place.resolver.knows_private:
        return _by_public_name(place, service)
    way = way_by_endpoint(place.facts, place.sources, holder, service)
    if way.reason == "endpoint_not_available" and place.public.standing != "blocked":
        # Whether an endpoint that is not available holds its name is not told.
        return agreed([way, place.public])
    return way


def _holder_of_name(place: _Place, service: str) -> Row | None:
    """The endpoint whose private DNS takes the service's name for the whole VPC."""
    found = place.endpoints[service]
    return found[0] if found and flag(found[0], "PrivateDnsEnabled") else None


def _by_public_name(place: _Place, service: str) -> Reachability:
    if place.public.standing != "blocked":
        return place.public
    return place.elsewhere or _why_not_private(place, service) or place.public


def _why_not_private(place: _Place, service: str) -> Reachability | None:
    """What keeps an instance without a way to the internet from using endpoints, where it was meant to."""
    if place.public.reason != "no_path":
        return None
    vpc = place.sources[0].vpc
    for endpoint in place.endpoints[service]:
        name = text(endpoint, "VpcEndpointId")
        if flag(endpoint, "PrivateDnsEnabled"):
            sentence = f"{vpc} has EnableDnsHostnames off: the private DNS of {name} does not count."
            return blocked("dns_off", sentence)
        return blocked("private_dns_off", f"{name} has private DNS off: the name of {service} means the internet.")
    if any(place.endpoints.values()):
        return blocked("endpoint_missing", f"{vpc} has no endpoint for {service}, and no way to the internet.")
    return None


def _by_another_server(place: _Place, service: str) -> Reachability:
    """Another server may give the name either meaning: known only where it makes no difference."""
    ways = [way_by_endpoint(place.facts, place.sources, one, service) for one in place.endpoints[service]]
    verdict = agreed([*ways, place.public])
    if verdict.standing == "blocked":
        return place.elsewhere or (verdict if ways else _why_not_private(place, service) or verdict)
    source = place.sources[0]
    if verdict.standing == "reachable" and any(
        hears_questions(place.facts, source, server) for server in place.resolver.servers
    ):
        return verdict
    named = ", ".join(place.resolver.servers) or "no DNS server"
    sentence = f"{place.resolver.options} of {source.vpc} names {named}, whose answers are not known."
    return unknown("custom_dns", sentence)
