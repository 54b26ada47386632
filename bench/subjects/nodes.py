"""Two nodes on one PostgreSQL against one: each with lines of its own, all on this one machine.

Once with lines that take half a second, so that lines and not the two cores are the limit, as with
real sticks on real boxes; and once without latency, where nodes, server, broker and simulator share
the cores and more nodes cannot make more of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from bench.aims import Figure
from bench.harness import House, Postgres, Process
from bench.house import house, network_log, plug_in, publisher, shopbell, unplug
from bench.options import Options
from bench.record import read_record

LINES: Final = 16
"""Of each node."""
LATENCY: Final = 0.5
SECONDS: Final = 10
"""How long the lines are at work where they are the limit."""
MESSAGES: Final = 1500
"""For each node, where they are not."""
SLOWEST: Final = 20


def nodes(options: Options) -> list[Figure]:
    """Measure one node, then two, and compare."""
    slow = options.many(int(LINES * SECONDS / LATENCY), LINES * 4)
    fast = options.many(MESSAGES, LINES * 8)
    one, two = (_rate(options, count, slow, LATENCY) for count in (1, 2))
    alone, both = (_rate(options, count, fast, 0) for count in (1, 2))
    return [
        Figure(
            key="nodes-lines",
            value=two / one,
            note=f"{one:.1f} and {two:.1f} messages/s, {LINES} lines each at {LATENCY} s a message",
        ),
        Figure(
            key="nodes-cores", value=both / alone, note=f"{alone:.0f} and {both:.0f} messages/s"
        ),
        Figure(key="nodes-one", value=alone, note=f"{LINES} lines"),
    ]


def _rate(options: Options, count: int, messages: int, latency: float) -> float:
    """Return the messages a second of so many nodes, each with so many messages to send."""
    total = count * messages
    patience = options.patience(total, SLOWEST) + total * latency / LINES
    with _cluster(options, count, latency) as built, publisher(built, total) as store:
        store.when("accepted", patience)
        plug_in(built)
        store.when("delivered", patience)
        return read_record(network_log(built), total).steady_per_second()


@contextmanager
def _cluster(options: Options, count: int, latency: float) -> Iterator[House]:
    """Keep nodes on a private server, their modems unplugged."""
    with ExitStack() as stack:
        server = Postgres(durable=True)
        stack.callback(server.close)
        built = stack.enter_context(house(options.directory, count * LINES, latency))
        unplug(built)
        url = server.url(server.create())
        for number in range(count):
            node = _start(built, url, number)
            stack.callback(node.close)
        yield built


def _start(built: House, url: str, number: int) -> Process:
    """Start a node with its share of the modems; the first one makes the tables."""
    config = _configuration(built.config, url, number)
    node = shopbell(built, config, f"node-{number}")
    node.wait_line("ready", 60)
    return node


def _configuration(written: Path, url: str, number: int) -> Path:
    head, *modems = written.read_text().split("[[modem]]\n")
    own = modems[number * LINES : (number + 1) * LINES]
    head = head.replace('node = "box-1"', f'node = "box-{number + 1}"')
    shared = f'url = "{url}"\nkey_file = "{written.with_name("shared.key")}"'
    head = head.replace('url = "sqlite:///shopbell.db"', shared)
    config = written.with_name(f"node{number}.toml")
    config.write_text("[[modem]]\n".join([head, *own]))
    return config
