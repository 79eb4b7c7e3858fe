"""Which opinions of a file belong together, and which must not: read for the report of --folds and for --fit alone."""

from __future__ import annotations

import json
from pathlib import Path


class Truth:
    """`clusters.json` beside the file, if there is one, names the clusters that must not be joined."""

    def __init__(self, rows: list[dict], path: Path) -> None:
        self.rows = rows
        self.labels = [({row.get("cluster")} - {None}) | set(row.get("also") or ()) for row in rows]
        self._near = [set(row.get("near") or ()) for row in rows]
        beside = path.with_name("clusters.json")
        clusters = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else []
        self._barred = {
            frozenset((cluster["id"], other["cluster"]))
            for cluster in clusters
            for other in cluster.get("must_not_merge") or ()
        }
        self.clusters = sorted({name for names in self.labels for name in names})

    def together(self, a: int, b: int) -> bool:
        return bool(self.labels[a] & self.labels[b])

    def is_forbidden(self, a: int, b: int) -> bool:
        if self.together(a, b):
            return False
        if self._near[a] & self.labels[b] or self._near[b] & self.labels[a]:
            return True
        return any(frozenset((x, y)) in self._barred for x in self.labels[a] for y in self.labels[b])
