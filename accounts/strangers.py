"""Wrong tries on addresses that nobody here has. They wait like known ones, else the wait would tell who has an account."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime

from accounts.domain import seconds_to_wait, wait_after
from accounts.secrets import token_hash


class Strangers:
    """Counts in memory, by a hash of the address; the ones that were tried longest ago are forgotten first."""

    def __init__(self, most: int = 2000) -> None:
        self._most = most
        self._tries: OrderedDict[str, tuple[int, datetime | None]] = OrderedDict()
        self._lock = threading.Lock()

    def seconds_to_wait(self, email: str, at: datetime) -> int:
        with self._lock:
            return seconds_to_wait(self._tries.get(token_hash(email), (0, None))[1], at)

    def note_wrong_try(self, email: str, at: datetime) -> None:
        with self._lock:
            tries = self._tries.pop(token_hash(email), (0, None))[0] + 1
            wait = wait_after(tries)
            self._tries[token_hash(email)] = (tries, at + wait if wait else None)
            while len(self._tries) > self._most:
                self._tries.popitem(last=False)


strangers = Strangers()
