"""What the demo's store was told, counted. Pure: statuses in, numbers out."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.domain.states import FINAL, JobState

SHOWN: Final = 8
"""Last statuses that are kept to show."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One status, short."""

    at: str
    id: str
    state: str
    modem: str
    reason: str


OF_FLOWS: Final = "flow."
"""What the ids of the jobs begin with that flows make of a store's events."""


class Tally:
    """Counts jobs by the states they reached, all in all and by modem."""

    def __init__(self) -> None:
        self.events = 0
        """That were published."""
        self.published: set[str] = set()
        self.rejected: dict[str, str] = {}
        """The reason by the job's id."""
        self.last: deque[Told] = deque(maxlen=SHOWN)
        self._reached: dict[JobState, set[str]] = {state: set() for state in JobState}
        self._modem: dict[str, str] = {}

    def publish(self, job: str) -> None:
        """Count a job that was published."""
        self.published.add(job)

    def tell(self, status: Mapping[str, Any]) -> None:
        """Count a status; the same one again changes nothing."""
        job, state = str(status["id"]), JobState(status["state"])
        self._reached[state].add(job)
        if status.get("modem"):
            self._modem[job] = str(status["modem"])
        self.last.append(
            Told(
                at=str(status["at"])[11:19],
                id=job,
                state=state,
                modem=status.get("modem") or "",
                reason=status.get("reason") or "",
            )
        )

    def reject(self, rejection: Mapping[str, Any]) -> None:
        """Count a job that was refused."""
        self.rejected[str(rejection["id"])] = str(rejection["error"]["message"])

    def count(self, state: JobState) -> int:
        """Return how many of the store's own jobs have been in a state."""
        return sum(not job.startswith(OF_FLOWS) for job in self._reached[state])

    def count_of_flows(self, state: JobState) -> int:
        """Return how many jobs of flows have been in a state."""
        return len(self._reached[state]) - self.count(state)

    def by_modem(self, state: JobState) -> Counter[str]:
        """Return how many jobs of each modem have been in a state."""
        return Counter(self._modem[job] for job in self._reached[state] if job in self._modem)

    @property
    def unanswered(self) -> set[str]:
        """The jobs that were neither accepted nor rejected yet."""
        return self.published - self._reached[JobState.ACCEPTED] - set(self.rejected)

    @property
    def open(self) -> int:
        """How many jobs have not come to their end."""
        ended = set(self.rejected).union(*(self._reached[state] for state in FINAL))
        return len(self.published - ended)

    def __str__(self) -> str:
        """The line that sums it up."""
        shown = (JobState.ACCEPTED, JobState.SENT, JobState.DELIVERED)
        rare = [state for state in JobState if state not in shown and self.count(state)]
        words = [f"published {len(self.published)}"]
        words += [f"{state} {self.count(state)}" for state in (*shown, *rare)]
        if self.rejected:
            words.append(f"rejected {len(self.rejected)}")
        return ", ".join(words)

    @property
    def flows(self) -> str:
        """The line that sums up what the gateway sent by itself, because of events."""
        shown = (JobState.ACCEPTED, JobState.SENT, JobState.DELIVERED)
        words = [f"{state} {self.count_of_flows(state)}" for state in shown]
        return ", ".join([f"events {self.events}", *words])
