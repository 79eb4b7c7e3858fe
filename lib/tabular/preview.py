"""What the preview page shows of a judged file, as plain data that can be kept beside the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from lib.tabular.cells import ERROR, NEEDS_CHOICE, is_blank, text_of
from lib.tabular.columns import JOINT
from lib.tabular.importer import Importer
from lib.tabular.outcome import CHANGED, NEW, SECOND_CONFIRMATION, UNCHANGED, Outcome, Row
from lib.tabular.returned import returned_cells
from lib.tabular.roster import Choices
from lib.tabular.sheets import Table
from lib.tabular.words import FIELDS, STATUSES, WORDS, sentence

SHOWN_ROWS, SHOWN_CHANGES, SHOWN_UNITS = 300, 100, 600


def view(importer: Importer, tables: Sequence[Table], outcome: Outcome, choices: Choices) -> dict[str, Any]:
    returned = outcome.returned()
    shown = returned[:SHOWN_ROWS]
    cells = cells_of(tables, shown)
    accepted = outcome.accepted()
    told = Counter(word for row in accepted for word in row.why if word not in (NEW, CHANGED, UNCHANGED))
    changes = [row for row in accepted if row.effect == CHANGED]
    return {
        "outcome": outcome.outcome,
        "totals": outcome.totals(),
        "effects": outcome.effects(),
        "about": about(outcome),
        "questions": [question(importer, q, choices) for q in outcome.questions.values()],
        "rows": [row_view(importer, row, cells[row.key], choices) for row in shown],
        "more_rows": max(0, len(returned) - SHOWN_ROWS),
        "changes": [change(row) for row in changes[:SHOWN_CHANGES]],
        "more_changes": max(0, len(changes) - SHOWN_CHANGES),
        "notices": [[str(WORDS.get(word, word)), count] for word, count in told.most_common()],
        "leavers": [importer.person_label(pk) for pk in outcome.missing[:SHOWN_CHANGES]],
        "leaver_count": len(outcome.missing),
        "second": outcome.outcome == SECOND_CONFIRMATION,
        "choices": stored(choices),
    }


def about(outcome: Outcome) -> list[list[str]]:
    """What is worth knowing about the file as a whole, in pairs of heading and text."""
    told = [[_("读取的列"), "、".join(f"{title} ← {place}" for title, place in outcome.columns.items())]]
    if outcome.sheet:
        told.insert(0, [_("工作表"), outcome.sheet])
    if outcome.encoding:
        told.append([_("文字编码"), outcome.encoding])
    if outcome.unmapped:
        told.append([_("没有用到的列"), "、".join(outcome.unmapped)])
    for column in outcome.refused_columns:
        text = _("%(column)s 列（%(title)s）含身份证号，已略过，没有保存。") % column
        told.append([_("身份证号"), text])
    for column in outcome.asked_columns:
        text = _("%(column)s 列（%(title)s）被隐藏，没有读取；需要时请取消隐藏后重新上传。") % column
        told.append([_("隐藏的列"), text])
    if outcome.hidden_sheets:
        names = "、".join(sheet["sheet"] for sheet in outcome.hidden_sheets)
        told.append([_("隐藏的工作表"), _("%s 没有读取。") % names])
    return told


def question(importer: Importer, asked: Any, choices: Choices) -> dict[str, Any]:
    options = [[pk, importer.unit_label(pk)] for pk in asked.options]
    others = [[pk, label] for pk, label in importer.unit_choices(asked.text)[:SHOWN_UNITS] if pk not in asked.options]
    return {
        "text": asked.text,
        "why": str(WORDS.get(asked.why, asked.why)),
        "rows": asked.rows,
        "options": options,
        "others": others,
        "chosen": choices.units.get(asked.text),
    }


def cells_of(tables: Sequence[Table], rows: Sequence[Row]) -> dict[str, list[list[str]]]:
    """Of each row, by its key, titles and what they held: also what a merged cell or “同上” said of it."""
    found = {}
    for number, table in enumerate(tables):
        wanted = {row.row: row for row in rows if row.table == number}
        titles = [title.replace(JOINT, "/") for title in table.titles]
        for record in table.records:
            if row := wanted.get(record.row):
                cells = returned_cells(table, record, row)
                found[row.key] = [[t, text_of(c)] for t, c in zip(titles, cells, strict=True) if not is_blank(c)]
    return found


def row_view(importer: Importer, row: Row, cells: list[list[str]], choices: Choices) -> dict[str, Any]:
    return {
        "key": row.key,
        "row": row.row,
        "status": str(STATUSES[row.status]),
        "is_error": row.status == ERROR,
        "reasons": sentence(row),
        "cells": cells,
        "options": row_options(importer, row) if row.status == NEEDS_CHOICE else [],
        "chosen": chosen(row, choices),
    }


def row_options(importer: Importer, row: Row) -> list[list[str]]:
    options = []
    filled = [offer[0] for name, offer in row.offers.items() if name != "same" and offer]
    if filled:
        options.append(["fill", _("填写 %s 后导入") % "、".join(filled)])
    options += [[f"place:{pk}", _("归入 %s 导入") % importer.unit_label(pk)] for pk in row.places]
    options += [
        [f"same:{pk}", _("就是名册中的 %s") % importer.person_label(int(pk))] for pk in row.offers.get("same", ())
    ]
    if row.unit_id and not ({"duplicate_in_file", "unit_ambiguous"} & set(row.why) and row.twin is None):
        options.append(["take", _("按所示内容导入")])
    options.append(["leave", _("不导入，也不退回")])
    return options


def chosen(row: Row, choices: Choices) -> str:
    for name in ("take", "fill", "leave"):
        if row.key in getattr(choices, name):
            return name
    for name in ("same", "places"):
        if row.key in getattr(choices, name):
            return f"{name.removesuffix('s')}:{getattr(choices, name)[row.key]}"
    return ""


def change(row: Row) -> list[Any]:
    fields = "、".join(str(FIELDS.get(field, field)) for field in row.changed)
    return [row.row, row.values.get("name") or row.values.get("group") or "", fields]


def stored(choices: Choices) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, set) else value for name, value in asdict(choices).items()}


def restored(data: Mapping[str, Any]) -> Choices:
    sets = {name: set(data[name]) for name in ("take", "fill", "leave")}
    return Choices(**{**data, **sets})


def choices_from(post: Mapping[str, str], shown: Mapping[str, Any]) -> Choices:
    """The choices of the page; anything else that was posted is passed over."""
    choices = restored(shown["choices"])
    for number, asked in enumerate(shown["questions"]):
        value = post.get(f"unit-{number}", "")
        choices.units.pop(asked["text"], None)
        if value.isdigit() and len(value) < 18:
            choices.units[asked["text"]] = int(value)
    for row in shown["rows"]:
        choose(
            choices, row["key"], post.get(f"row-{row['key']}", ""), allowed={value for value, _label in row["options"]}
        )
    choices.leavers, choices.second = post.get("leavers") == "on", post.get("second") == "on"
    return choices


def choose(choices: Choices, key: str, value: str, allowed: Sequence[str] | set[str]) -> None:
    for name in ("take", "fill", "leave"):
        getattr(choices, name).discard(key)
    choices.same.pop(key, None)
    choices.places.pop(key, None)
    if value not in allowed:
        return
    kind, _colon, pk = value.partition(":")
    if kind in ("take", "fill", "leave"):
        getattr(choices, kind).add(key)
    elif kind == "same":
        choices.same[key] = int(pk)
        choices.take.add(key)
    else:
        choices.places[key] = int(pk)
