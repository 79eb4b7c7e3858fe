"""Cleaners of the plain columns about a person: name, gender, membership, employment, post, employee number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from lib.names import name_key
from lib.surnames import COMPOUND_SURNAMES
from lib.tabular.cells import (
    ACCEPTED,
    ERROR,
    NEEDS_CHOICE,
    Cleaned,
    Cleaner,
    broken,
    compact,
    is_nothing,
    text_of,
    visible,
)

DOT_SIGNS = "·•‧∙⋅・･．.●"
# The hundred most frequent surnames and some more: only to tell two people in one cell from one long name.
FREQUENT_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
SUSPECT = frozenset(
    [
        "测试",
        "test",
        "某某",
        "某某某",
        "无名",
        "待定",
        "示例",
        "样例",
        "例",
        "张三",
        "李四",
        "王五",
        "xxx",
        "xx",
        "新人",
    ]
)

_simple = re.compile(r"[\u4e00-\u9fa5]{2,3}")
_sex = re.compile(r"[(\[（【〔]\s*(男|女)(?:性|同志)?\s*[)\]）】〕]$")
_sex_bare = re.compile(r"(?<=[\u4e00-\u9fff]{2})[-/ 　](男|女)$")
_blanks = re.compile(r"\s+")
_several = re.compile(r"[、,，;；/／&\n]|(?<=[\u4e00-\u9fff]{2})(?:和|及)(?=[\u4e00-\u9fff]{2})")
_dots = re.compile(f"[{re.escape(DOT_SIGNS)}]")
_dot_only_end = re.compile(f"^[{re.escape(DOT_SIGNS)}]+|[{re.escape(DOT_SIGNS)}]+$")
_rare = re.compile("[\u3400-\u4dbf\ue000-\uf8ff\U00020000-\U0003ffff\U000f0000-\U0010ffff]")
_number_before = re.compile(r"^\d+[.、]\s*(?=[\u3400-\u9fff])")

GENDERS = {
    "男": "男",
    "女": "女",
    "男性": "男",
    "女性": "女",
    "m": "男",
    "f": "女",
    "male": "男",
    "female": "女",
    "男士": "男",
    "女士": "女",
}
YES = frozenset(["是", "有", "已入会", "已入", "会员", "工会会员", "y", "yes", "true", "1", "入会"])
NO = frozenset(["否", "无", "未入会", "未入", "非会员", "不是", "n", "no", "false", "0"])
YES_MARKS, NO_MARKS = (
    frozenset(["√", "✓", "✔", "☑", "v", "对", "●", "○√"]),
    frozenset(["×", "✗", "✕", "✘", "x", "☒", "□", "错"]),
)
_EMPLOYMENT_WORDS = {
    "正式职工": "正式 正式工 在册 在册职工 正式员工 合同制 合同工 合同制职工 合同制员工 在编 固定工 全民工 主业 在岗",
    "劳务派遣": "派遣 派遣工 派遣制 劳务派遣工 劳务派遣人员 劳派",
    "劳务外包": "外包 业务外包 外包工 劳务外包工 外协 外委",
    "返聘": "退休返聘 返聘人员 返聘工",
    "快递员": "快递 快递小哥",
    "外卖配送员": "外卖 骑手 外卖骑手 配送员 外卖员",
    "网约车司机": "网约车 网约车驾驶员",
    "货车司机": "货运司机 货车驾驶员",
    "其他新就业形态": "新就业形态 新业态 其他新业态",
}
EMPLOYMENT = {word: name for name, words in _EMPLOYMENT_WORDS.items() for word in (name, *words.split())}


def clean_name_cell(cell: Any) -> Cleaned:
    """Display name and matching key; the gender in brackets behind it goes to ``gender_in_name``."""
    if isinstance(cell, str) and _simple.fullmatch(cell) and cell not in SUSPECT:
        return Cleaned({"name": cell, "name_key": cell})
    if fault := broken(cell):
        return Cleaned({}, ERROR, (fault,))
    raw = text_of(cell)
    text = visible(raw)
    if not text or is_nothing(text):
        return Cleaned({}, ERROR, ("name_missing",))
    why: list[str] = []
    if len(text) != len(raw.strip()):
        why.append("name_zero_width")
    text, values = _number_before.sub("", text), {}
    sex = _sex.search(text) or _sex_bare.search(text)
    if sex:
        values["gender_in_name"] = sex[1]
        text = text[: sex.start()].rstrip()
        why.append("name_suffix_gender")
    if _names_two(text):
        return Cleaned({}, ERROR, ("two_people_in_cell",))
    name = _without_blanks(text)
    if (name != raw.strip() and _blanks.search(raw.strip().replace("\u200b", ""))) or raw != raw.strip():
        why.append("name_spaces")
    trimmed = _dot_only_end.sub("", name) or name
    if not any(character.isalpha() for character in trimmed):
        return Cleaned({}, ERROR, ("name_missing",))
    if len(trimmed) > 60:
        return Cleaned({}, ERROR, ("text_too_long",))
    if _dots.search(trimmed):
        why.append("name_dot")
    if _rare.search(trimmed):
        why.append("name_rare")
    if (
        trimmed.lower() in SUSPECT
        or any(c.isdigit() for c in trimmed)
        or len(trimmed) < 2
        or re.search("[()（）]", trimmed)
    ):
        why.append("name_suspect")
    return Cleaned({"name": trimmed, "name_key": name_key(trimmed), **values}, ACCEPTED, tuple(why))


def _names_two(text: str) -> bool:
    parts = [part for part in (compact(p) for p in _several.split(text)) if part]
    if len(parts) > 1 and all(len(part) >= 2 for part in parts):
        return True
    words = text.split()
    return (
        len(words) == 2
        and all(2 <= len(word) <= 3 and word[0] in FREQUENT_SURNAMES for word in words)
        and words[0] not in COMPOUND_SURNAMES
    )


def _without_blanks(text: str) -> str:
    """Blanks inside a Chinese name only align a column; between Latin words they belong to the name."""
    return re.sub(r"(?<=[^\x00-\u024f])\s+|\s+(?=[^\x00-\u024f])", "", _blanks.sub(" ", text))


def clean_gender(cell: Any) -> Cleaned:
    if cell == "男" or cell == "女":
        return Cleaned({"gender": cell})
    if fault := broken(cell):
        return Cleaned({}, ERROR, (fault,))
    text = compact(text_of(cell)).lower()
    if not text or text in ("不详", "/", "-", "—", "无"):
        return Cleaned({"gender": None}, ACCEPTED, ("gender_missing",))
    gender = GENDERS.get(text)
    if gender:
        return Cleaned({"gender": gender})
    return Cleaned({"gender": None}, NEEDS_CHOICE, ("gender_unknown",))


def clean_member(cell: Any) -> Cleaned:
    if isinstance(cell, bool):
        return Cleaned({"member": cell}, ACCEPTED, ("member_mark",))
    if fault := broken(cell):
        return Cleaned({}, ERROR, (fault,))
    text = compact(text_of(cell)).lower()
    if text in YES:
        return Cleaned({"member": True})
    if text in NO:
        return Cleaned({"member": False})
    if text in YES_MARKS or text in NO_MARKS:
        return Cleaned({"member": text in YES_MARKS}, ACCEPTED, ("member_mark",))
    if is_nothing(text):
        return Cleaned({"member": None}, ACCEPTED, ("member_missing",))
    return Cleaned({"member": None}, NEEDS_CHOICE, ("member_unknown",))


def line_cleaner(field: str, longest: int = 40) -> Cleaner:
    """A short text that is taken as it is, without what cannot be seen."""

    def clean(cell: Any) -> Cleaned:
        if fault := broken(cell):
            return Cleaned({}, ERROR, (fault,))
        text = " ".join(visible(text_of(cell)).split())
        if len(text) > longest:
            return Cleaned({}, ERROR, ("text_too_long",))
        return Cleaned({field: None if is_nothing(text) else text})

    return clean


def choice_cleaner(field: str, answers: Mapping[str, Any], unknown: str) -> Cleaner:
    """A cell that holds one of a few words; ``answers`` by the word without blanks."""

    def clean(cell: Any) -> Cleaned:
        if fault := broken(cell):
            return Cleaned({}, ERROR, (fault,))
        text = compact(text_of(cell))
        if is_nothing(text):
            return Cleaned({field: None})
        if text not in answers:
            return Cleaned({field: None}, NEEDS_CHOICE, (unknown,))
        return Cleaned({field: answers[text]})

    return clean


def number_cleaner(field: str) -> Cleaner:
    """A count of people: a whole number, not negative."""

    def clean(cell: Any) -> Cleaned:
        if fault := broken(cell):
            return Cleaned({}, ERROR, (fault,))
        text = compact(text_of(cell)).replace(",", "")
        if is_nothing(text):
            return Cleaned({field: None})
        if not re.fullmatch(r"\d{1,9}(\.0+)?", text):
            return Cleaned({}, ERROR, ("number_invalid",))
        return Cleaned({field: int(float(text))})

    return clean


clean_employment = choice_cleaner("employment", EMPLOYMENT, "employment_unknown")


def clean_employee_no(cell: Any) -> Cleaned:
    """Letters and digits in one width; leading zeros stay when the cell is text."""
    if type(cell) is str and cell.isascii() and cell.isalnum() and 4 < len(cell) <= 32:
        return Cleaned({"employee_no": cell.upper()})
    if fault := broken(cell):
        return Cleaned({}, ERROR, (fault,))
    text = unicodedata.normalize("NFKC", visible(text_of(cell))).lstrip("'").upper()
    text = "".join(text.split())
    if is_nothing(text):
        return Cleaned({"employee_no": None})
    if re.fullmatch(r"\d+\.0", text):
        text = text[:-2]
    if len(text) > 32:
        return Cleaned({}, ERROR, ("text_too_long",))
    return Cleaned({"employee_no": text})
