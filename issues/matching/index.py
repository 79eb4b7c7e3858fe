"""Readings found again by what they name, so that each is compared with few."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter

from .likeness import Likeness, Rarity, likeness_of
from .reading import Reading

#: Fewer than this are simply all compared.
FEW = 400
#: So many are compared, those first that have most in common.
MOST_COMPARED = 60
#: What more than so many readings say tells none of them apart.
TOO_COMMON = 3000


class Index:
    def __init__(self, readings: Sequence[Reading], rarity: Rarity | None = None) -> None:
        self.readings = readings
        self.rarity = rarity or Rarity(readings)
        self._places: dict[tuple[str, str], list[int]] = defaultdict(list)
        if len(readings) > FEW:
            for place, reading in enumerate(readings):
                for key in keys_of(reading):
                    self._places[key].append(place)

    def like(self, reading: Reading, limit: int) -> list[tuple[int, Likeness]]:
        """Places in the sequence with their likeness, the likeliest first."""
        found = [
            (place, likeness)
            for place in self.candidates(reading)
            if (likeness := likeness_of(reading, self.readings[place], self.rarity))
        ]
        return sorted(found, key=lambda pair: (-pair[1].score, pair[0]))[:limit]

    def candidates(self, reading: Reading) -> Sequence[int]:
        if len(self.readings) <= FEW:
            return range(len(self.readings))
        counts: Counter[int] = Counter()
        for key in keys_of(reading):
            places = self._places.get(key, ())
            if len(places) <= TOO_COMMON:
                counts.update(places)
        return [place for place, _count in sorted(counts.items(), key=itemgetter(1), reverse=True)[:MOST_COMPARED]]


def keys_of(reading: Reading) -> Iterator[tuple[str, str]]:
    """Things with what is wrong with them, with the category and with the place say more than either alone."""
    for name in reading.things:
        yield name, ""
        yield name, reading.place.unit
        for trouble in reading.troubles:
            yield name, trouble
    for trouble in reading.troubles:
        yield trouble, f"{reading.category} {reading.place.unit}"
    for word in reading.words:
        yield word, reading.category
