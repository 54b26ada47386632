"""Files, folders and what lies outside of this box."""

from __future__ import annotations

from typing import Any, Final

from gateway.consent.datamap.grounds import BROKER, CARRIER, CONTRACT, NETWORK, ORDERED, SAFETY
from gateway.consent.datamap.holding import Holding, Keep, Kind


def _place(place: str, **facts: Any) -> Holding:
    return Holding(kind=Kind.PLACE, place=place, **facts)


PLACES: Final = (
    _place(
        "database file, -wal, -shm, -journal",
        data="what the tables hold, and for a while what they held",
        purpose="SQLite's own files",
        basis=ORDERED,
        keep=Keep.WORK,
        erased="deleted rows are overwritten (secure_delete), the log is emptied, and where a "
        "byte of the number is still found the file is written anew (VACUUM)",
    ),
    _place(
        "SIM and modem storage",
        data="SMS that came in and were not read yet; drafts and sent copies of others",
        purpose="the network delivers to it; what is read is deleted at once",
        basis=CONTRACT,
        recipients=(NETWORK,),
        keep=Keep.WORK,
        exported="replies",
        erased="every modem that is in service is looked through: what came in is read and "
        "deleted, drafts and sent copies to the number are deleted",
    ),
    _place(
        "MQTT broker",
        data="jobs and statuses in passing, and those of a store that is away",
        purpose="to pass on what stores and gateway say",
        basis=ORDERED,
        recipients=(BROKER,),
        keep=Keep.OUTSIDE,
        erased="nothing of a person is retained; what a store retained against the contract is "
        "looked for and cleared",
    ),
    _place(
        "carrier",
        data="the number and the text of what goes over it",
        purpose="to send what may not go over a SIM",
        basis=ORDERED,
        recipients=(CARRIER,),
        keep=Keep.OUTSIDE,
        erased="ask the carrier (Art. 19): it is a recipient",
    ),
    _place(
        "lake folder",
        data="files of months, and files that are about to take their place",
        purpose="the tables of the lake",
        basis=ORDERED,
        keep=Keep.LAKE,
        erased="files with the person are written anew",
    ),
    _place(
        "traces (trace_dir)",
        data="what modems said, with stand-ins for numbers and words",
        purpose="to find faults of modems",
        basis=SAFETY,
        keep=Keep.TRACES,
        erased="a file in which the number is found after all is deleted",
    ),
    _place(
        "logs",
        purpose="what the gateway did; numbers are masked before they are written",
        keep=Keep.OUTSIDE,
        erased="holds no number; the system's journal ages by its own rules",
    ),
    _place(
        "key file (.key)",
        purpose="makes pseudonyms; who has it can try out numbers",
        keep=Keep.NOTHING,
        erased="kept: the suppression list hangs on it",
    ),
    _place(
        "backups",
        data="what was there when they were made",
        purpose="to come back after a loss",
        basis=SAFETY,
        keep=Keep.OUTSIDE,
        erased="kept no longer than 90 days; when one is put back, the diary has the erasures made "
        "since repeated (docs/backup.md)",
    ),
    _place(
        "diary (.diary)",
        data="pseudonyms of who took something back, and fingerprints of jobs that were sent",
        purpose="that a restored copy sends nothing again, and forgets no STOP and no erasure",
        basis=SAFETY,
        keep=Keep.OUTSIDE,
        erased="kept for 92 days: it is the list of erasures that a restore repeats",
    ),
    _place(
        "memory of the process",
        data="the messages at work, and digests of what a modem gave",
        purpose="to work",
        basis=ORDERED,
        keep=Keep.WORK,
        erased="goes with the work; a digest tells no number",
    ),
    _place(
        "metrics (Prometheus)",
        purpose="counts and times without names",
        keep=Keep.NOTHING,
    ),
    _place(
        "control socket",
        data="what a command asks for, in passing",
        purpose="how commands reach the gateway",
        basis=ORDERED,
        keep=Keep.WORK,
        erased="keeps nothing",
    ),
    _place(
        "models and reports",
        purpose="coefficients and pictures over many persons",
        keep=Keep.NOTHING,
        erased="fitted anew without the person at the next run",
    ),
)
