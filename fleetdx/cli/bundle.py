"""`fleetdx bundle`: publish, approve and roll back the checks that new runs use, and show who did what when."""

from __future__ import annotations

import datetime as dt
import enum
import json
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fleetdx import release_policy, releases
from fleetdx.cli import stacks
from fleetdx.reporting.text import one_line
from fleetdx.signatures import kms_signer

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetdx.cli.deployments import Deployment
    from fleetdx.models import Catalog
    from fleetdx.releases import Actor, Release


class Approval(enum.StrEnum):
    """What a published bundle needs before new runs use it."""

    none = "none"
    second_person = "second_person"


bundle_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Publish, approve and roll back the checks that new runs use. A bundle is named by its content's SHA-256.",
)
Name = Annotated[str, typer.Argument(metavar="BUNDLE", help="Its SHA-256, or the first 8 digits or more.")]
Earlier = Annotated[
    str | None, typer.Argument(metavar="[BUNDLE]", help="Which one; without it, the one that was in effect before.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]


@bundle_app.command()
@stacks.named_by_options
def publish(*, stack: stacks.Stack, json_: AsJson = False) -> None:
    """Publish the checks of this checkout; new runs use them at once, or once a second person has approved them.

    Exit codes: 0 published, 1 error, 2 they are published already.
    """

    def act(deployment: Deployment, actor: Actor) -> Release:
        from tools.bundle import build_bundle  # noqa: PLC0415 - it takes a moment, which --help should not wait for

        bundle = build_bundle()
        catalog = cast("Catalog", bundle.catalog)
        return releases.publish(deployment.data, bundle.sha256, bundle.script, catalog, actor, bundle.parts)

    _acted(stack, act, as_json=json_)


@bundle_app.command()
@stacks.named_by_options
def approve(bundle: Name, *, stack: stacks.Stack, json_: AsJson = False) -> None:
    """Let new runs use a bundle that waits for it; the one who published it cannot.

    Exit codes: 0 approved, 1 error, 2 it does not wait, or you have published it.
    """
    _acted(stack, lambda deployment, actor: releases.approve(deployment.data, bundle, actor), as_json=json_)


@bundle_app.command()
@stacks.named_by_options
def rollback(
    bundle: Earlier = None,
    *,
    stack: stacks.Stack,
    json_: AsJson = False,
) -> None:
    """Let new runs use an earlier bundle again. Runs that are under way keep theirs.

    Exit codes: 0 rolled back, 1 error, 2 there is no such earlier bundle.
    """
    _acted(stack, lambda deployment, actor: releases.rollback(deployment.data, bundle, actor), as_json=json_)


@bundle_app.command()
@stacks.named_by_options
def sign(*, stack: stacks.Stack) -> None:
    """Sign the bundle that new runs use with the key that the policy names: where signing begins, or the key changes.

    Exit codes: 0 signed, 1 error, 2 there is no such bundle or no key.
    """
    with stack.deployment() as deployment:
        actor = _actor(deployment)
        digest = releases.sign_current(deployment.data, actor)
    typer.echo(f"Bundle {digest[:12]} is signed by {actor.signer.key if actor.signer else 'no one'}.")


@bundle_app.command()
@stacks.named_by_options
def policy(
    *,
    approval: Annotated[
        Approval | None, typer.Option(help="What a published bundle needs before new runs use it.")
    ] = None,
    signing_key: Annotated[
        str | None,
        typer.Option(
            metavar="ARN", help='KMS key that signs what takes effect (templates/bundle_key.yaml); "none": no one.'
        ),
    ] = None,
    stack: stacks.Stack,
) -> None:
    """Say whether a second person has to approve what is published, and which key signs it.

    Who may write config/release-policy.json and config/current.json decides
    whether that holds: docs/security.md. What hosts accept is decided by their
    SSM document: docs/operations.md.
    """
    with stack.deployment() as deployment:
        data = deployment.data
        needed = approval.value if approval is not None else release_policy.approval_of(data)
        key = release_policy.signing_key_of(data) if signing_key is None else signing_key
        key = None if key == "none" else key
        release_policy.set_policy(data, needed, key)
    typer.echo(f"From now on a published bundle needs: {needed.replace('_', ' ')}. It is signed by: {key or 'no one'}.")


@bundle_app.command(name="list")
@stacks.named_by_options
def list_(*, stack: stacks.Stack, json_: AsJson = False) -> None:
    """Show what was done with bundles, by whom and when; the last line that took effect is what new runs use."""
    with stack.deployment() as deployment:
        acts, approval = releases.history(deployment.data), release_policy.approval_of(deployment.data)
    if json_:
        typer.echo(json.dumps({"approval": approval, "acts": acts}, ensure_ascii=False, indent=2))
        return
    Console().print(_table(acts, approval))


def _acted(stack: stacks.Stack, act: Callable[[Deployment, Actor], Release], *, as_json: bool) -> None:
    with stack.deployment() as deployment:
        release, asked_as = act(deployment, _actor(deployment)), deployment.asked_as
    typer.echo(json.dumps(release, ensure_ascii=False) if as_json else _sentence(release, asked_as))


def _actor(deployment: Deployment) -> Actor:
    """Who runs this command, by STS's word, and signs with the key that the policy names."""
    session = deployment.session
    arn = session.client("sts").get_caller_identity()["Arn"]
    key = release_policy.signing_key_of(deployment.data)
    # A key may lie in another region than the central stack: its ARN says where.
    signer = kms_signer(session.client("kms", region_name=key.split(":")[3]), key) if key else None
    return releases.Actor(arn, dt.datetime.now(dt.UTC), signer)


def _sentence(release: Release, asked_as: str) -> str:
    name = release["bundle"][:12]
    if not release["takes_effect"]:
        return f"Bundle {name} is published and waits for its approval: fleetdx bundle approve {name}{asked_as}"
    before = f"; until now it was {release['replaces'][:12]}" if release["replaces"] else ""
    return f"New runs use bundle {name}{before}."


def _table(acts: list[Release], approval: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim", title_justify="left")
    table.title = Text(f"Bundles (approval: {approval.replace('_', ' ')})", "bold")
    for column in ("When (UTC)", "What", "Bundle", "Takes effect"):
        table.add_column(column, no_wrap=True)
    table.add_column("By", overflow="fold")
    waits = releases.waiting(acts)
    for act in acts:
        effect = "yes" if act["takes_effect"] else "waits" if waits.get(act["bundle"]) == act else "approved later"
        cells: tuple[Any, ...] = (act["at"], act["action"], act["bundle"][:12], effect, one_line(act["by"]))
        table.add_row(*map(Text, cells))
    return table
