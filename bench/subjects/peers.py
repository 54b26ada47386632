"""The same bank of modems under other programs; those that are not installed are left out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from bench.aims import Figure
from bench.figures import share_of_ideal
from bench.gammu import Gammu
from bench.options import Options
from bench.peer import Peer, run_peer
from bench.record import Record, UncleanRunError
from bench.smstools import Smstools

PEERS: Final[tuple[Peer, ...]] = (Gammu(), Smstools())

ONE: Final = 12
"""Messages on one modem."""
BANK: Final = 8
MANY: Final = 48
"""Messages over `BANK` modems."""
LINES: Final = 16
SECONDS: Final = 3.0
ROUNDS: Final = 4
"""Messages of each of `LINES` lines at `SECONDS` a message."""


def installed() -> list[Peer]:
    """Return the peers that are there."""
    return [peer for peer in PEERS if peer.installed]


def peers(options: Options) -> list[Figure]:
    """Measure those that are installed, set up as quick as their manuals know."""
    return [figure for peer in installed() for figure in _figures(peer, options)]


def _figures(peer: Peer, options: Options) -> Iterator[Figure]:
    one = _run(peer, options, 1, 4 if options.quick else ONE)
    if one is not None and (interval := one.interval()) is not None:
        yield Figure(key="own-median", value=interval.median_ms, program=peer.program)
        yield Figure(key="own-p99", value=interval.p99_ms, program=peer.program)
    if not options.quick and (bank := _run(peer, options, BANK, MANY)) is not None:
        yield Figure(key="bank-rate", value=bank.per_second(), program=peer.program)
    if isinstance(peer, Smstools):
        yield from _paced(peer, options)


def _paced(peer: Peer, options: Options) -> Iterator[Figure]:
    """Measure 16 slow lines on one spool; gammu-smsd has one for each line."""
    rounds = 2 if options.quick else ROUNDS
    for setting in peer.settings[-1:] if options.quick else peer.settings:
        record = _run(peer, options, LINES, LINES * rounds, SECONDS, setting)
        if record is not None:
            share = share_of_ideal(record.instants, SECONDS) * len(record.instants) / LINES
            note = f"{setting}, {LINES} lines"
            yield Figure(key="paced-share", value=100 * share, program=peer.program, note=note)


def _run(
    peer: Peer,
    options: Options,
    modems: int,
    messages: int,
    latency: float = 0,
    setting: str | None = None,
) -> Record | None:
    setting = setting or peer.settings[-1]
    try:
        return run_peer(peer, setting, options.directory, modems, messages, latency)
    except (AssertionError, UncleanRunError) as error:
        print(f"{peer.program} on {modems} modems left out: {error}", file=sys.stderr)
        return None
