"""``shopbell send``: queues one message as a store would, and follows it on request."""

from __future__ import annotations

import secrets
from json import loads
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
    purpose: Annotated[Purpose, typer.Option()],
    text: Annotated[str | None, typer.Option(help="What is sent; or give --template.")] = None,
    template: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the store's templates.")
    ] = None,
    var: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A value of the template; JSON, or a text."),
    ] = None,
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
    job: dict[str, Any] = {
        "id": id or f"cli-{secrets.token_hex(6)}",
        "to": to,
        **_words(text, template, var or []),
        "purpose": purpose.value,
        "report": report,
        **{key: value for key, value in optional.items() if value is not None},
    }
    taken = run_async(queue_job(settings, store, job))
    if not wait:
        _print_taken(store, taken, json=json)
        return
    raise typer.Exit(run_async(_follow(settings.database.address, store, taken, json=json)))


def _words(text: str | None, template: str | None, given: list[str]) -> dict[str, Any]:
    """Return what the job says, or what is to say it."""
    words = {"text": text, "template": template, "vars": dict(map(_value, given)) or None}
    return {name: value for name, value in words.items() if value is not None}


def _value(given: str) -> tuple[str, Any]:
    """Read ``NAME=VALUE``; the value is what JSON reads, else the text as it stands."""
    name, equals, value = given.partition("=")
    if not (name and equals):
        raise typer.BadParameter(f"{given!r} is no value; write one such as order_id=1001")
    try:
        read = loads(value)
    except ValueError:
        return name, value
    # With a fraction it is an amount, whose zeros count.
    return name, value if isinstance(read, float) or read is None else read


async def queue_job(settings: Settings, store: str, job: dict[str, Any]) -> str:
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
