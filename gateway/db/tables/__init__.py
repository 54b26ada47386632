"""The tables, as SQLModel classes. Statements on them are Core; they are nowhere else declared.

Every instant is UTC and aware on the way in and on the way out. States are stored as their words,
so that a person with a database browser can read them.
"""

from __future__ import annotations

from gateway.db.columns import Table
from gateway.db.tables.archive import ARCHIVED, HOT, SHEAVES, Build, Sheaf, both, both_limited
from gateway.db.tables.carriers import Carriage, CarrierReceipt
from gateway.db.tables.lines import Line, LineDay, LineUse, Node, Note, PersonLine
from gateway.db.tables.persons import ConsentRow, Erasure, PersonRow, ScoreRow, TakenEvent
from gateway.db.tables.receiving import Inbound, InboundPart, Outgoing
from gateway.db.tables.sending import (
    Attempt,
    DeliveryCount,
    Job,
    JobCount,
    LaneRow,
    Part,
    Report,
    SpentJob,
)

JOBS = Table.metadata.tables["jobs"]
PARTS = Table.metadata.tables["parts"]
ATTEMPTS = Table.metadata.tables["attempts"]
REPORTS = Table.metadata.tables["reports"]
INBOUND = Table.metadata.tables["inbound"]
INBOUND_PARTS = Table.metadata.tables["inbound_parts"]
OUTBOX = Table.metadata.tables["outbox"]
LINES = Table.metadata.tables["lines"]
LINE_DAYS = Table.metadata.tables["line_days"]
NOTES = Table.metadata.tables["notes"]
SCORES = Table.metadata.tables["scores"]
CONSENT_EVENTS = Table.metadata.tables["consent_events"]
PERSONS = Table.metadata.tables["persons"]
TAKEN_EVENTS = Table.metadata.tables["taken_events"]
ERASURES = Table.metadata.tables["erasures"]
SPENT_JOBS = Table.metadata.tables["spent_jobs"]
DELIVERY_COUNTS = Table.metadata.tables["delivery_counts"]
CARRIAGES = Table.metadata.tables["carriages"]
CARRIER_RECEIPTS = Table.metadata.tables["carrier_receipts"]
LANES = Table.metadata.tables["lanes"]
JOB_COUNTS = Table.metadata.tables["job_counts"]
LINE_USES = Table.metadata.tables["line_uses"]
PERSON_LINES = Table.metadata.tables["person_lines"]
NODES = Table.metadata.tables["nodes"]

__all__ = [
    "ARCHIVED",
    "ATTEMPTS",
    "CARRIAGES",
    "CARRIER_RECEIPTS",
    "CONSENT_EVENTS",
    "DELIVERY_COUNTS",
    "ERASURES",
    "HOT",
    "INBOUND",
    "INBOUND_PARTS",
    "JOBS",
    "JOB_COUNTS",
    "LANES",
    "LINES",
    "LINE_DAYS",
    "LINE_USES",
    "NODES",
    "NOTES",
    "OUTBOX",
    "PARTS",
    "PERSONS",
    "PERSON_LINES",
    "REPORTS",
    "SCORES",
    "SHEAVES",
    "SPENT_JOBS",
    "TAKEN_EVENTS",
    "Attempt",
    "Build",
    "Carriage",
    "CarrierReceipt",
    "ConsentRow",
    "DeliveryCount",
    "Erasure",
    "Inbound",
    "InboundPart",
    "Job",
    "JobCount",
    "LaneRow",
    "Line",
    "LineDay",
    "LineUse",
    "Node",
    "Note",
    "Outgoing",
    "Part",
    "PersonLine",
    "PersonRow",
    "Report",
    "ScoreRow",
    "Sheaf",
    "SpentJob",
    "Table",
    "TakenEvent",
    "both",
    "both_limited",
]
