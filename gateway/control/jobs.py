"""Jobs in lots, and taken back: as a store publishes them, with an answer for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.control.server import Operation
from gateway.db import Database
from gateway.db.jobs import find_jobs
from gateway.dispatch import Admission, CancelRequest
from gateway.domain.errors import RejectedError
from gateway.domain.ids import STORE_NAME, JobId, StoreName
from gateway.domain.job import JobRequest
from gateway.domain.states import JobState
from gateway.mqtt.document import json_type
from gateway.mqtt.faults import Fault
from gateway.mqtt.model import validate
from gateway.mqtt.payloads import CancelPayload, read_job

LOT: Final = 500
"""Jobs in one transaction: some tens of milliseconds, for which nothing else is committed."""


class JobDesk:
    """Takes jobs and cancels as if their stores had published them."""

    def __init__(self, admission: Admission, database: Database) -> None:
        self._admission = admission
        self._database = database

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name.

        ``jobs``: fields ``store`` and ``jobs``, a list; returns ``{"outcomes"}``, see `submit`.
        ``cancel``: fields ``store`` and ``id``; returns ``{"id", "state": "cancelled"}``.
        """
        return {"jobs": self._jobs, "cancel": self._cancel}

    async def _jobs(self, fields: Mapping[str, Any]) -> object:
        store, jobs = _read_store(fields.get("store")), fields.get("jobs")
        if not isinstance(jobs, list) or not 0 < len(jobs) <= LOT:
            reason = f"jobs must be an array of 1 to {LOT} jobs"
            raise RejectedError(Fault.INVALID_VALUE, reason, field="jobs")
        return {"outcomes": await self.submit(store, jobs)}

    async def _cancel(self, fields: Mapping[str, Any]) -> object:
        store = _read_store(fields.get("store"))
        job = JobId(validate(CancelPayload, {"id": fields.get("id")}).id)
        [refused] = await self._admission.admit([CancelRequest(store=store, id=job)])
        if refused is not None:
            raise refused
        return {"id": job, "state": JobState.CANCELLED}

    async def submit(self, store: StoreName, jobs: Sequence[object]) -> list[Mapping[str, Any]]:
        """Take jobs, each for itself; return for each its id, its state and why it was refused.

        Args:
            store: in whose name.
            jobs: JSON objects, as `gateway.mqtt.document` has them.

        Raises:
            StorageError: none of them could be kept.
        """
        read = [_read(store, job) for job in jobs]
        entries = [one for one in read if isinstance(one, JobRequest)]
        refused = iter(await self._admission.admit(entries) if entries else ())
        verdicts = [next(refused) if isinstance(one, JobRequest) else one for one in read]
        states = await self._states(store, entries)
        return [
            _outcome(one.id if isinstance(one, JobRequest) else one.job, verdict, states)
            for one, verdict in zip(read, verdicts, strict=True)
        ]

    async def _states(
        self, store: StoreName, entries: Sequence[JobRequest]
    ) -> Mapping[JobId, JobState]:
        names = [(store, one.id) for one in entries]
        found = await self._database.read(lambda c: find_jobs(c, names)) if names else {}
        return {job: record.state for (_, job), record in found.items()}


def _read_store(name: object) -> StoreName:
    if not isinstance(name, str) or not STORE_NAME.match(name):
        raise RejectedError("unknown_store", "this gateway has no such store", field="store")
    return StoreName(name)


def _read(store: StoreName, job: object) -> JobRequest | RejectedError:
    if not isinstance(job, dict):
        return RejectedError(Fault.WRONG_TYPE, f"a job must be an object, not {json_type(job)}")
    try:
        return read_job(store, job)
    except RejectedError as error:
        return error


def _outcome(
    job: str | None, error: RejectedError | None, states: Mapping[JobId, JobState]
) -> Mapping[str, Any]:
    if error is None and job is not None:
        return {"id": job, "state": states.get(JobId(job), JobState.ACCEPTED), "error": None}
    assert error is not None  # noqa: S101 -- what has no id was refused
    told = {"code": str(error.code), "message": str(error), "field": error.field}
    return {"id": job, "state": None, "error": told}
