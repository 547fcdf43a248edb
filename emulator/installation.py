"""Installs every seam of the embedded AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.seams import (
    clients,
    cloud_formation,
    cloud_watch,
    ec2_instances,
    histories,
    iam,
    iam_reports,
    kms,
    lambda_functions,
    network_templates,
    networks,
    organizations,
    readings,
    s3,
    security_hub,
    service_models,
    ssm,
    stacks,
    step_functions,
    sts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from emulator.clock import Clock
    from emulator.fleet import Fleet
    from emulator.functions import FunctionRuntime
    from emulator.hosts.organization import Organization
    from emulator.identities import StateMachineClients


def install_seams(
    directory: Path,
    clock: Clock,
    sessions: sts.RoleSessions,
    hosts: Fleet,
    runtime: FunctionRuntime,
    client_for: StateMachineClients,
    organization: Organization,
    image_names: Iterable[str],
) -> Iterator[Any]:
    """Install the seams one by one, so that what was installed is undone even where a later one fails."""

    def invoke(role_arn: str, name: str, payload: bytes) -> dict[str, Any]:
        function = lambda_functions.function_of(name, organization.hub.id, organization.regions[0])
        lambda_functions.check_invocation(client_for.judge, role_arn, function.function_arn)
        return runtime.answer(function, payload)

    yield service_models.install()
    yield readings.install()
    yield clients.install(clock)
    yield iam.install()
    yield iam_reports.install()
    yield security_hub.install()
    yield sts.install(sessions)
    yield s3.install(directory / "s3")
    yield kms.install()
    yield ssm.install(hosts, clock, settings=hosts.settings)
    yield organizations.install(frozenset({organization.hub.id}))
    yield lambda_functions.install(runtime)
    yield networks.install()
    yield ec2_instances.install(image_names)
    yield cloud_formation.install()
    yield stacks.install()
    yield cloud_watch.install(clock, runtime)
    yield network_templates.install()
    yield histories.install()
    yield step_functions.install(clock, client_for, invoke)
