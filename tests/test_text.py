"""Every string that a user reads is marked, and has its English; every page renders in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from config import catalogue
from config.catalogue import Text, chinese
from organization.enums import Language
from organization.roles import Role
from tests.access import objects
from tests.access.world import AccessWorld, build_access_world
from tests.addresses import own_addresses
from tests.client import StrictClient

from .architecture import ROOT

pytestmark = pytest.mark.once

#: Folders and modules in which Chinese stands unmarked, and why.
CHINESE_MODULES = {
    "lib": "the calendar, names and pinyin; the words of rosters are marked where users read them",
    "config/settings": "the names of the product and of its languages",
    "config/supervisor.py": "speaks to the terminal, in both languages at once",
    "friends/imports": "the words that rosters are written in",
    "friends/management": "speaks to the terminal",
    "issues/discretion": "reads what workers say",
    "issues/matching": "reads what workers say",
    "issues/paper_slips.py": "the forms on paper, Chinese always",
    "issues/selection.py": "the document of the ten best cases, Chinese always",
    "liaison/imports": "the words that rosters are written in",
    "organization/imports": "the words that rosters are written in",
    "records/downloads.py": "the notes of a workbook, Chinese always",
    "reports/demo": "the demonstration: names and stories",
    "reports/management": "speaks to the terminal",
    "reports/workbook": "the monthly workbook, Chinese always",
}
#: Chinese that is right in both languages, and why.
CHINESE_ALWAYS = {
    # A language is called by its own name.
    "organization/enums.py": {"中文"},
    # A way of typing a date.
    "lib/fields.py": {"%Y年%m月%d日"},
    # What the number of a supervision begins with.
    "issues/services/urging.py": {"督"},
}
#: Sheets for offices and workers, Chinese whatever the reader's language.
ON_PAPER = {"issues:dept_slip", "issues:dispatch_slip", "issues:door_poster"}
#: Punctuation between two values is no text.
_word = re.compile(r"[\u3400-\u9fff]")
_quoted = re.compile(r"“[^”]*”")
#: Translations that list what must be typed into a Chinese table.
CHINESE_IN_ENGLISH = {"单位类别请填：总工会、区级工会、街道、企业、基层单位、车间、班组、职能部门"}
#: Names of the access world that are words of the interface too.
DATA_LIKE_WORDS = {"组长"}
#: `%(month)s月%(kind)s` would find half of what people write.
FEW_LETTERS = 3
_comments = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", re.DOTALL)
_translated = re.compile(
    r"\{%\s*(?:blocktranslate|blocktrans)\b.*?\{%\s*(?:endblocktranslate|endblocktrans)\s*%\}", re.DOTALL
)
_tags = re.compile(r"\{%\s*(?:translate|trans)\s.*?%\}", re.DOTALL)
_marked_constant = re.compile(r"""_\(\s*(?:"[^"]*"|'[^']*')\s*\)""")


def unmarked_in_template(source: str) -> list[str]:
    """Chinese outside the translation tags, line by line."""
    for pattern in (_comments, _translated, _marked_constant, _tags):
        source = pattern.sub(lambda found: "\n" * found[0].count("\n"), source)
    return [line.strip() for line in source.splitlines() if _word.search(line)]


def unmarked_templates(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {line}"
        for path in catalogue.template_files(root)
        for line in unmarked_in_template(path.read_text(encoding="utf-8"))
        if not line.endswith("中文</button>")
    ]


def docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def unmarked_in_python(source: str) -> list[str]:
    """Chinese strings that no marker wraps."""
    tree = ast.parse(source)
    fine = {id(node) for node in docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in catalogue.MARKERS:
                fine |= {id(word) for word in node.args}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in fine
        and _word.search(node.value)
    ]


def is_chinese_always(name: Path) -> bool:
    return any(name.is_relative_to(place) for place in CHINESE_MODULES)


def unmarked_modules(root: Path) -> list[str]:
    found = []
    for path in catalogue.python_files(root):
        name = path.relative_to(root)
        if is_chinese_always(name):
            continue
        fine = CHINESE_ALWAYS.get(str(name), set())
        found += [
            f"{name}: {text}" for text in unmarked_in_python(path.read_text(encoding="utf-8")) if text not in fine
        ]
    return found


#: They translate when they are called.
TRANSLATED_AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What a module runs when it is imported: its bodies and those of its classes, of functions the defaults alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            outside = [*child.args.defaults, *filter(None, child.args.kw_defaults)]
            for part in [*outside, *getattr(child, "decorator_list", ())]:
                yield part
                yield from run_at_import(part)
        else:
            yield child
            yield from run_at_import(child)


def translated_at_import(source: str) -> list[int]:
    """Lines on which a module translates before there is a reader: he is then shown the first one's language."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in TRANSLATED_AT_ONCE
    }
    calls = [node for node in run_at_import(tree) if isinstance(node, ast.Call)]
    return [
        call.lineno
        for call in calls
        if (isinstance(call.func, ast.Name) and call.func.id in names)
        or (isinstance(call.func, ast.Attribute) and call.func.attr in TRANSLATED_AT_ONCE)
    ]


def untranslated(root: Path) -> list[str]:
    """Marked strings without an English entry, or with an empty or fuzzy one."""
    known = catalogue.entries(catalogue.catalogue_path(root))
    return sorted(
        f"{text.msgid} ({places[0][0]})"
        for text, places in catalogue.marked_texts(root).items()
        if catalogue.wants_translation(text) and (text not in known or not catalogue.is_translated(known[text]))
    )


_any_place = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+(?::\w+)?\}")
_place = re.compile(r"%\((\w+)\)|(?<!%)%([sd])|\{(\w+)(?::\w+)?\}")


def places_of(text: str) -> list[str]:
    return sorted({name or letter or field for name, letter, field in _place.findall(text)})


def lost_places(root: Path) -> list[str]:
    """Translations in which a value went missing or has another name."""
    wrong = []
    for text, entry in catalogue.entries(catalogue.catalogue_path(root)).items():
        for english in entry.msgstr_plural.values() if text.plural else [entry.msgstr]:
            if english and places_of(english) != places_of(text.msgid):
                wrong.append(text.msgid)
    return wrong


def chinese_translations(root: Path) -> list[str]:
    """English that is not: Chinese words belong into it only between quotation marks, as what must be typed."""
    known = catalogue.entries(catalogue.catalogue_path(root)).items()
    english = {text.msgid: [*entry.msgstr_plural.values(), entry.msgstr] for text, entry in known}
    return [
        msgid
        for msgid, words in english.items()
        if msgid not in CHINESE_IN_ENGLISH and any(_word.search(_quoted.sub("", word)) for word in words)
    ]


def test_templates_hold_no_chinese_outside_the_translation_tags():
    assert unmarked_templates(ROOT) == []


def test_modules_that_users_read_hold_no_unmarked_chinese():
    assert unmarked_modules(ROOT) == []


def test_no_module_translates_when_it_is_imported():
    """At module and class level only the lazy functions; what a default message says is up to who reads it."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in catalogue.python_files(ROOT)
        for line in translated_at_import(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_scripts_hold_no_words_of_their_own():
    """They take what they show from the page."""
    found = []
    for path in sorted((ROOT / "static" / "js").glob("*.js")):
        code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found += [f"{path.name}: {line.strip()}" for line in code.splitlines() if chinese.search(line)]
    assert found == []


def test_every_marked_string_has_its_english():
    assert untranslated(ROOT) == []
    assert lost_places(ROOT) == []
    assert chinese_translations(ROOT) == []


def test_nothing_in_the_catalogue_is_left_over():
    used = set(catalogue.marked_texts(ROOT))
    assert [text.msgid for text in catalogue.entries(catalogue.catalogue_path(ROOT)) if text not in used] == []


class WordReader(HTMLParser):
    """What a page shows: texts, and the attributes that are read aloud or seen."""

    SHOWN = {"title", "placeholder", "aria-label", "alt", "data-label", "data-announce"}

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [value.strip() for name, value in attrs if name in self.SHOWN and value]

    def handle_data(self, data: str) -> None:
        self.words.append(" ".join(data.split()))


@cache
def source_words() -> re.Pattern[str]:
    """Every marked Chinese string, with anything at its places; those that are hardly more than places left out."""
    patterns = []
    for text in {text for entry in catalogue.marked_texts(ROOT) for text in (entry.msgid, entry.plural)}:
        parts = _any_place.split(text)
        if _word.search(text) and (len(parts) == 1 or sum(map(len, parts)) > FEW_LETTERS):
            patterns.append(".+?".join(map(re.escape, parts)))
    return re.compile("|".join(sorted(patterns)))


def left_in_chinese(page: str) -> list[str]:
    """Words of the interface that an English page still says in Chinese. What is Chinese otherwise is data."""
    reader = WordReader()
    reader.feed(page)
    return [
        word
        for word in reader.words
        if _word.search(word) and word not in DATA_LIKE_WORDS and source_words().fullmatch(word)
    ]


@pytest.fixture
def world() -> AccessWorld:
    return build_access_world()


def pages_of(client: StrictClient, world: AccessWorld) -> Iterator[tuple[str, str]]:
    """Address and text of every page that the client can open: those of the menu, and those of the first thread."""
    for address in own_addresses():
        values = {}
        if address.arguments:
            subject = objects.subject_of(address)
            if subject is None:
                continue
            values = objects.arguments_for(address, subject.row(world.threads["own"]))
        response = client.get(address.url(**values))
        if not response.streaming and b"<!doctype html>" in response.content[:50]:
            yield address.name, response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", Language)
def test_every_page_renders_in_both_languages(world, language):
    shown = "en" if language == Language.ENGLISH else "zh-CN"
    seen, chinese_left = 0, []
    for role in Role:
        client = world.client(role)
        account = world.actor(role).user
        account.language = language
        account.save(update_fields=["language"])
        for name, page in pages_of(client, world):
            assert f'<html lang="{shown}"' in page, name
            seen += 1
            if language == Language.ENGLISH and name not in ON_PAPER:
                chinese_left += [f"{name}: {word}" for word in left_in_chinese(page)]
    assert seen > len(Role)
    assert sorted(set(chinese_left)) == []


# The planted violations.


def test_chinese_outside_the_tags_is_found():
    source = """{# 说明 #}{% translate "保存" %}{% blocktranslate trimmed %}共 {{ n }} 条{% endblocktranslate %}
    {% include "x.html" with label=_("返回") %}<p title="标题">{{ n }} 条</p>"""
    assert len(unmarked_in_template(source)) == 1


def test_an_unmarked_string_in_a_module_is_found():
    source = 'def act():\n    """说明"""\n    messages.success(request, "已保存")\n    return _("好")\n'
    assert unmarked_in_python(source) == ["已保存"]


def test_a_translation_at_import_is_found():
    source = """
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy, ngettext
LABEL = translation.gettext("标题")
class NotOpen(Refused):
    default_message = _("不行")
    LATER = gettext_lazy("以后"), lambda: _("那时")
    def text(self, word=ngettext("一", "二", 1)):
        return _("可以")
"""
    assert translated_at_import(source) == [4, 6, 8]


def test_a_page_that_kept_its_chinese_is_found():
    page = """<h1>Issues</h1><p>张三</p><button title="保存">保存</button><p>第 2 页，共 3 页</p>"""
    assert left_in_chinese(page) == ["保存", "保存", "第 2 页，共 3 页"]


def test_chinese_in_a_translation_is_found(tmp_path):
    root = plant(tmp_path, '\nmsgid "保存"\nmsgstr "保存"\n\nmsgid "请填“是”"\nmsgstr "Enter “是” (yes)"\n')
    assert chinese_translations(root) == ["保存"]


def test_every_kind_of_place_is_compared():
    assert places_of("%(n)s 条，{count} 件，%s") == places_of("%s, {count:02}, %(n)d") == ["count", "n", "s"]


def plant(folder: Path, catalogue_text: str) -> Path:
    (folder / "templates").mkdir()
    (folder / "templates" / "a.html").write_text(
        '{% translate "保存" %}{% blocktranslate count n=n %}{{ n }} 条{% plural %}{{ n }} 条{% endblocktranslate %}',
        encoding="utf-8",
    )
    (folder / "issues").mkdir()
    (folder / "issues" / "forms.py").write_text('label = _("编号 %(n)s " "号")\n', encoding="utf-8")
    path = catalogue.catalogue_path(folder)
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n' + catalogue_text, encoding="utf-8"
    )
    return folder


def test_a_missing_a_fuzzy_and_a_maimed_translation_are_found(tmp_path):
    root = plant(
        tmp_path,
        '\n#, fuzzy\nmsgid "保存"\nmsgstr "Save"\n\nmsgid "编号 %(n)s 号"\nmsgstr "No. %(number)s"\n',
    )
    assert [line.split(" (")[0] for line in untranslated(root)] == ["%(n)s 条", "保存"]
    assert lost_places(root) == ["编号 %(n)s 号"]


def test_update_keeps_what_is_translated_and_drops_what_is_gone(tmp_path):
    root = plant(tmp_path, '\nmsgid "保存"\nmsgstr "Save"\n\nmsgid "没有了"\nmsgstr "gone"\n')
    assert catalogue.update(root) == (3, 2)
    known = catalogue.entries(catalogue.catalogue_path(root))
    assert known[Text("保存")].msgstr == "Save"
    assert Text("没有了") not in known


def test_the_extraction_reads_what_django_reads():
    source = '{% translate "保存" as x %}{{ _("返回")|default:_("无") }}{% translate "开" context "门" %}'
    assert "pgettext" in templatize(source)
    assert {text for text, _line in catalogue.marked_in_template(source)} == {
        Text("保存"),
        Text("返回"),
        Text("无"),
        Text("开", context="门"),
    }
