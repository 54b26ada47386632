"""Only who has time steps back: the thread that says so, and none beside it."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

from gateway.domain.modesty import be_modest


def importance() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_a_thread_that_is_modest_makes_no_other_so() -> None:
    before = importance()
    with ThreadPoolExecutor(1) as modest, ThreadPoolExecutor(1) as other:
        modest.submit(be_modest, before + 3).result()
        assert modest.submit(importance).result() == before + 3
        assert other.submit(importance).result() == before
    assert importance() == before
