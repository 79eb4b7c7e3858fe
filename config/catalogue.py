"""The strings that users read, collected from code and templates, and the catalogue of their translations.

In place of makemessages, which needs the gettext programs that a bare system does not have.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

#: Functions that mark a string: how many of their arguments are text, and whether the first is a context.
MARKERS = {
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
    "npgettext_lazy": (3, True),
}
CODE_FOLDERS = (
    "lib",
    "organization",
    "notices",
    "records",
    "liaison",
    "friends",
    "surveys",
    "outreach",
    "issues",
    "meetings",
    "reports",
    "config",
)
LANGUAGE = "en"
chinese = re.compile(r"[\u3400-\u9fff\uff01-\uff5e\u3000-\u303f]")
_literal = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_marked_in_template = re.compile(
    rf"(?<![\w.])({'|'.join(MARKERS)})\(\s*({_literal})(?:,\s*({_literal}))?(?:,\s*({_literal}))?"
)


@dataclass(frozen=True, order=True)
class Text:
    """One entry of a catalogue."""

    msgid: str
    plural: str = ""
    context: str = ""


def text_of(marker: str, literals: list[str]) -> Text:
    count, has_context = MARKERS[marker]
    literals = literals[:count]
    context = literals.pop(0) if has_context else ""
    return Text(literals[0], literals[1] if len(literals) > 1 else "", context)


def marked_in_python(source: str) -> Iterator[tuple[Text, int]]:
    """Marked strings with their lines."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in MARKERS:
            literals = [
                word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)
            ]
            if literals:
                yield text_of(name, literals), node.lineno


def marked_in_template(source: str) -> Iterator[tuple[Text, int]]:
    code = templatize(source)
    for found in _marked_in_template.finditer(code):
        literals = [ast.literal_eval(literal) for literal in found.groups()[1:] if literal]
        yield text_of(found[1], literals), code.count("\n", 0, found.start()) + 1


def marked_in_definitions(source: str) -> Iterator[tuple[Text, int]]:
    """The definitions of figures (reports.definitions), which are the first lines of docstrings: 名称：怎么算。"""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and (words := ast.get_docstring(node)):
            name, colon, text = words.splitlines()[0].partition("：")
            if colon:
                yield Text(name), node.lineno
                yield Text(text), node.lineno


def python_files(root: Path) -> Iterator[Path]:
    for folder in CODE_FOLDERS:
        yield from (path for path in sorted((root / folder).rglob("*.py")) if "migrations" not in path.parts)


def template_files(root: Path) -> Iterator[Path]:
    yield from sorted(path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def marked_texts(root: Path) -> dict[Text, list[tuple[str, int]]]:
    """Every marked string → where it stands."""
    found: dict[Text, list[tuple[str, int]]] = {}
    readers = (
        (marked_in_python, python_files(root)),
        (marked_in_definitions, (path for path in python_files(root) if path.name == "stats.py")),
        (marked_in_template, template_files(root)),
    )
    for read, paths in readers:
        for path in paths:
            for text, line in read(path.read_text(encoding="utf-8")):
                found.setdefault(text, []).append((str(path.relative_to(root)), line))
    return found


def catalogue_path(root: Path) -> Path:
    return root / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def entries(path: Path) -> dict[Text, object]:
    """The catalogue's entries in use, by their text."""
    import polib

    if not path.exists():
        return {}
    found = polib.pofile(str(path))
    return {Text(e.msgid, e.msgid_plural, e.msgctxt or ""): e for e in found if not e.obsolete}


def is_translated(entry) -> bool:
    if entry.fuzzy:
        return False
    return all(entry.msgstr_plural.values()) and bool(entry.msgstr_plural) if entry.msgid_plural else bool(entry.msgstr)


def wants_translation(text: Text) -> bool:
    """What holds no Chinese is the same in both languages, or comes from a package."""
    return bool(chinese.search(text.msgid))


def update(root: Path) -> tuple[int, int]:
    """Brings the catalogue in line with the code: new strings empty, gone ones out. Returns (entries, missing)."""
    import polib

    path = catalogue_path(root)
    known, catalogue = entries(path), polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": LANGUAGE,
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for text, places in sorted(marked_texts(root).items(), key=lambda pair: (pair[1][0], pair[0])):
        if wants_translation(text):
            catalogue.append(known.get(text) or new_entry(text))
            catalogue[-1].occurrences = [(name, "") for name in dict.fromkeys(name for name, _line in places)]
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    return len(catalogue), len(missing(catalogue))


def new_entry(text: Text):
    import polib

    plural = {"msgid_plural": text.plural, "msgstr_plural": {0: "", 1: ""}} if text.plural else {}
    return polib.POEntry(msgid=text.msgid, msgctxt=text.context or None, **plural)


def missing(found: Iterable) -> list[str]:
    return [entry.msgid for entry in found if not is_translated(entry)]
