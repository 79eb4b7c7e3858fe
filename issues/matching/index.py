"""Readings found again by what they name, so that each is compared with few."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from heapq import nlargest

from .likeness import Likeness, Rarity, likeness_of
from .reading import Reading

#: Fewer than this are simply all compared.
FEW = 400
#: So many are compared, those first that have most in common.
MOST_COMPARED = 60
MOST_PROPOSED = 12
#: What more than so many readings say tells none of them apart.
TOO_COMMON = 3000
#: The width of one level in Place.unit.
LEVEL = 6

Key = tuple[str, ...]


class Index:
    def __init__(self, readings: Sequence[Reading], rarity: Rarity | None = None) -> None:
        self.readings = readings
        self.rarity = rarity or Rarity(readings)

    def like(self, reading: Reading, limit: int) -> list[tuple[int, Likeness]]:
        """Places in the sequence with their likeness, the likeliest first."""
        return self._compared(reading, self._common(keys_of(reading), MOST_COMPARED, "_known"))[:limit]

    def proposed(self, reading: Reading) -> list[tuple[int, Likeness]]:
        """Those alone that may be offered as one matter with it, the likeliest first."""
        places = self._common(asked_matters(reading), MOST_PROPOSED, "_matters")
        return [found for found in self._compared(reading, places) if found[1].is_proposed]

    def _compared(self, reading: Reading, places: Iterable[int]) -> list[tuple[int, Likeness]]:
        found = [
            (place, likeness)
            for place in places
            if (likeness := likeness_of(reading, self.readings[place], self.rarity))
        ]
        return sorted(found, key=lambda pair: (-pair[1].score, pair[0]))

    def _common(self, keys: Iterable[Key], most: int, register: str) -> Iterable[int]:
        if len(self.readings) <= FEW:
            return range(len(self.readings))
        places = getattr(self, register)
        counts: Counter[int] = Counter()
        for key in keys:
            if (found := places.get(key)) and len(found) <= TOO_COMMON:
                counts.update(found)
        return nlargest(most, counts, key=counts.__getitem__)

    @cached_property
    def _known(self) -> dict[Key, list[int]]:
        return registered(self.readings, keys_of)

    @cached_property
    def _matters(self) -> dict[Key, list[int]]:
        return registered(self.readings, matters_of)


def registered(readings: Sequence[Reading], keys: Callable[[Reading], Iterable[Key]]) -> dict[Key, list[int]]:
    places: dict[Key, list[int]] = defaultdict(list)
    for place, reading in enumerate(readings):
        for key in keys(reading):
            places[key].append(place)
    return places


def keys_of(reading: Reading) -> Iterator[Key]:
    """Things with what is wrong with them, with the category and with the place say more than either alone."""
    for name in reading.things:
        yield name, ""
        yield name, reading.place.unit
        for trouble in reading.troubles:
            yield name, trouble
    for trouble in reading.troubles:
        yield trouble, reading.category, reading.place.unit
    for word in reading.words:
        yield word, reading.category


def matters_of(reading: Reading) -> Iterator[Key]:
    """What `is_one_matter` asks for: the same thing here, or one that the company manages with the same trouble."""
    place = reading.place.unit
    for name in reading.things:
        yield name, place, reading.category
    for trouble in reading.troubles:
        yield trouble, place, reading.category
    for word in reading.words:
        yield word, place, reading.category
    for _whole, name in reading.leaves:
        if name in reading.wide:
            for trouble in reading.troubles:
                yield name, trouble, reading.category, reading.place.company


def asked_matters(reading: Reading) -> Iterator[Key]:
    """What stands for a larger unit stands for this one too."""
    yield from matters_of(reading)
    path = reading.place.unit
    for end in range(LEVEL, len(path), LEVEL):
        for name in reading.things:
            yield name, path[:end], reading.category
