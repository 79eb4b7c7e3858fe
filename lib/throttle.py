"""So many in so much time, counted in the cache: for doors that stand open to everybody.

Two requests at the very same moment may count as one; the limits leave room for that.
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from lib.encryption import blind_index


@dataclass(frozen=True)
class Throttle:
    name: str
    most: int
    seconds: int

    def wait(self, whose: str = "") -> int:
        """Seconds until the next may come; 0 where it may come now."""
        if cache.get(self._place(whose), 0) < self.most:
            return 0
        return self.seconds - int(time.time()) % self.seconds

    def count(self, whose: str = "") -> None:
        place = self._place(whose)
        # Not cache.incr, which gives the entry the cache's own life.
        cache.set(place, cache.get(place, 0) + 1, self.seconds)

    def _place(self, whose: str) -> str:
        """By a digest: the cache is a table, and whose address it was is nobody's business."""
        return f"throttle:{self.name}:{int(time.time()) // self.seconds}:{blind_index(whose)}"


def whence(request: HttpRequest) -> str:
    """The visitor's address; of an IPv6 one the network, in which everybody has 2^64 addresses to choose from."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address
