"""``shopbell send``: queues one message as a store would, and follows it on request."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.loop import run_async
from gateway.cli.options import DEFAULT_CONFIG, Config, Json
from gateway.cli.output import print_json, print_line, remark
from gateway.domain.purpose import Purpose

if TYPE_CHECKING:
    from gateway.settings import Settings

Instant = Annotated[
    str | None, typer.Option(metavar="INSTANT", help="RFC 3339, as 2026-11-23T09:30:00Z.")
]


def send(
    store: Annotated[str, typer.Option(help="The store in whose name.")],
    to: Annotated[str, typer.Option(metavar="NUMBER", help="E.164, or national of the store.")],
    text: Annotated[str, typer.Option()],
    purpose: Annotated[Purpose, typer.Option()],
    id: Annotated[str | None, typer.Option(help="Default: a random one.")] = None,  # noqa: A002
    send_at: Instant = None,
    expires_at: Instant = None,
    report: Annotated[bool, typer.Option(help="Ask for a delivery report.")] = True,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it to its end.")] = False,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Queue one message as a store would."""
    from gateway.settings import load

    settings = load(config)
    optional = {"send_at": send_at, "expires_at": expires_at}
    job = {
        "id": id or f"cli-{secrets.token_hex(6)}",
        "to": to,
        "text": text,
        "purpose": purpose.value,
        "report": report,
        **{key: value for key, value in optional.items() if value is not None},
    }
    taken = run_async(_queue(settings, store, job))
    if not wait:
        _print_taken(store, taken, json=json)
        return
    raise typer.Exit(run_async(_follow(settings.database.address, store, taken, json=json)))


async def _queue(settings: Settings, store: str, job: dict[str, Any]) -> str:
    """Hand the job to the gateway that runs, else put it into its database; return its id."""
    from gateway.control import NoGatewayError, ask, socket_path

    try:
        answer = await ask(socket_path(settings.database.beside), "send", store=store, **job)
    except NoGatewayError:
        taken = await _keep(settings, store, job)
        remark("no gateway runs; the message waits for one")
        return taken
    return str(answer["id"])


async def _keep(settings: Settings, store: str, job: dict[str, Any]) -> str:
    """Put the job into the database of a gateway that does not run; return its id."""
    from gateway.app import offline_admission
    from gateway.control.desk import submit_job

    async with offline_admission(settings) as (admission, _database):
        return await submit_job(admission, store, job)


def _print_taken(store: str, job: str, *, json: bool) -> None:
    if json:
        print_json({"store": store, "id": job, "state": "accepted"})
    else:
        print_line(f"{store} {job} accepted")


async def _follow(url: str, store: str, job: str, *, json: bool) -> int:
    """Tell each state of a job until its last; return the exit code."""
    from gateway.cli.following import follow
    from gateway.cli.messages import as_json
    from gateway.domain.states import JobState

    async for listed in follow(url, store, job):
        last = listed
        if not json:
            reason = f": {listed.reason}" if listed.reason else ""
            print_line(f"{store} {job} {listed.state}{reason}")
    if json:
        print_json(as_json(last))
    if last.state in (JobState.SENT, JobState.DELIVERED):
        return 0
    remark(f"{store} {job} was not delivered: {last.reason or last.state}")
    return 1
