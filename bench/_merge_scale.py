"""5,000 waiting opinions against 20,000 open issues, in a database that is thrown away."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from issues.matching.thesaurus import Entry
    from issues.models import Category
    from organization.models import Unit

INSIDE = "BENCH_MERGE_INSIDE"
WAITING, ISSUES, BASE_UNITS = 5_000, 20_000, 200
TARGET_SECONDS = 2.0
DAY = dt.date(2026, 3, 16)
SAID = [
    "{place}的{thing}{trouble}",
    "{thing}{trouble}，希望管一管",
    "我们{place}{thing}{trouble}好久了",
    "{thing}，{trouble}",
]


def run() -> None:
    if os.environ.get(INSIDE):
        measure()
        return
    from tests.services import postgresql

    with postgresql() as url, tempfile.TemporaryDirectory() as folder:
        url = url.replace("/yixianqian?", "/postgres?")  # that one is made by pytest
        environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": folder, INSIDE: "1"}
        command = [sys.executable, "manage.py", "bench", "merge", "--scale"]
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)


def measure() -> None:
    from django.core.management import call_command

    from issues.matching import proposed_groups, similar_issues
    from issues.matching.gists import drain_gists
    from issues.matching.suggestions import Voices, reader_for
    from issues.models import Gist, Opinion
    from organization.actors import actors_of

    call_command("migrate", verbosity=0)
    office = fill()
    (actor,) = actors_of(office)
    with phase("read all texts (worker, once)"):
        done = drain_gists(seconds=3600)
    print(f"      {done:,} texts")
    reader = reader_for(actor)
    with phase("unpack and index, first time in a process"):
        _pks, readings = reader.of_opinions(Opinion.objects.waiting())
        voices = Voices(actor, reader, readings)
        voices.proposed(readings[0])
    with phase(f"issues for {WAITING:,} opinions, index built") as spent:
        found = [voices.proposed(reading) for reading in readings]
    print(f"      {sum(best is not None for best in found):,} of them found one")
    with phase("the whole desk: unpacked, indexed, grouped"):
        groups = proposed_groups(actor)
    print(f"      {len(groups):,} groups, {sum(group.issue is not None for group in groups):,} of them with an issue")
    opinion = Opinion.objects.waiting().first()
    with phase("likest issues of one text"):
        similar_issues(actor, opinion.text, category=opinion.category, unit=opinion.unit)
    Gist.objects.filter(opinion=opinion).delete()
    with phase("one correction followed (worker)"):
        drain_gists()
    verdict = "within" if spent[0] <= TARGET_SECONDS else "OVER"
    print(f"{verdict} {TARGET_SECONDS:.0f} s")


@contextmanager
def phase(name: str) -> Iterator[list[float]]:
    """Besides the time that passed the processor time of this process, which a busy machine does not lengthen."""
    spent: list[float] = []
    begin, worked = time.perf_counter(), time.process_time()
    yield spent
    spent.append(time.perf_counter() - begin)
    print(f"{name:44} {spent[0]:7.3f} s   (processor {time.process_time() - worked:7.3f} s)", flush=True)


def fill():
    """One enterprise; what is said is put together from the thesaurus, few things much more often than others."""
    from issues.matching.thesaurus import SHIPPED, parse
    from issues.models import Category, Issue, Merge, Opinion
    from organization.models import Unit
    from organization.roles import Role
    from tests import factories

    chance = random.Random(7)
    company = factories.enterprise("岭北矿业公司")
    places = [factories.unit(company, name=f"第{number}厂") for number in range(1, BASE_UNITS + 1)]
    office = factories.appointment(Role.OFFICE, company).user
    entries = list(parse(SHIPPED.read_text(encoding="utf-8")))
    speaker = Speaker(chance, entries, places, list(Category.objects.all()))
    issues, merged = [], []
    for serial in range(1, ISSUES + 1):
        text, category, unit = speaker.speak()
        issues.append(
            Issue(
                office=company,
                year=DAY.year,
                serial=serial,
                number=f"{company.code}-{serial}",
                title=text[:40],
                wording=f"请研究解决：{text}。",
                category=category,
                unit=unit,
                registered_on=DAY,
                first_answer_due_on=DAY,
                due_on=DAY,
            )
        )
        merged.append(opinion_of(text, category, unit, state="merged"))
    waiting = [opinion_of(*speaker.speak()) for _number in range(WAITING)]
    with phase("fill"):
        Issue.objects.bulk_create(issues, batch_size=2000)
        Opinion.objects.bulk_create([*merged, *waiting], batch_size=2000)
        now = dt.datetime(2026, 3, 16, tzinfo=dt.UTC)
        Merge.objects.bulk_create(
            [
                Merge(opinion=opinion, issue=issue, merged_at=now, merged_by=office)
                for opinion, issue in zip(merged, issues, strict=True)
            ],
            batch_size=2000,
        )
    print(f"{Unit.objects.count()} units, {ISSUES:,} open issues with a voice each, {WAITING:,} waiting opinions")
    return office


def opinion_of(text: str, category: Category, unit: Unit, state: str = "waiting"):
    from issues.models import Opinion

    return Opinion(
        reporter_kind="anonymous", source="letter", text=text, category=category, unit=unit, raised_on=DAY, state=state
    )


class Speaker:
    def __init__(
        self, chance: random.Random, entries: Sequence[Entry], places: Sequence[Unit], categories: Sequence[Category]
    ) -> None:
        self._chance, self._places, self._categories = chance, places, categories
        plain = {entry: [word for word in entry.words if word.isalpha()] for entry in entries}
        self._things = [words for entry, words in plain.items() if entry.kind == "thing" and words]
        self._troubles = [words for entry, words in plain.items() if entry.kind == "trouble" and words]
        self._often = [1 / (rank + 5) for rank in range(len(self._things))]

    def speak(self) -> tuple[str, Category, Unit]:
        (at,) = self._chance.choices(range(len(self._things)), self._often)
        place = self._chance.choice(self._places)
        # A thing has its category and a few troubles of its own.
        trouble = self._troubles[(at * 7 + self._chance.randrange(4)) % len(self._troubles)]
        text = self._chance.choice(SAID).format(
            place=place.name, thing=self._chance.choice(self._things[at]), trouble=self._chance.choice(trouble)
        )
        return text, self._categories[at % len(self._categories)], place
