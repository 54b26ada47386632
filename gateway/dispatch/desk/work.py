"""What a line is given: a job that is its own now, and the parts of it to hand over."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.db.jobs import JobRecord
from gateway.db.parts import PartRecord
from gateway.dispatch.settling import Holder


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A claimed job and the parts of it that are to be handed over."""

    holder: Holder
    job: JobRecord
    parts: list[PartRecord]
