"""Names and free text: cleaned for storing, reduced to a key for matching, read as pinyin for search."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lib.surnames import COMPOUND_SURNAMES, SECOND_READINGS, SURNAMES

ZERO_WIDTH_JOINER = "\u200d"
# Zero-width space and non-joiner, word joiner, soft hyphen, byte-order mark, and what turns the direction of text.
INVISIBLE = "\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
# C0 without tab and line ends, delete and C1, and halves of a pair that no encoding can carry.
CONTROL = "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f"
SURROGATES = "\ud800-\udfff"

_dropped = re.compile(f"[{INVISIBLE}{CONTROL}{SURROGATES}]")
_refused = re.compile(f"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f{SURROGATES}]")
# A joiner is part of the text only inside an emoji (families, professions): between two symbols.
_symbols = "\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
_stray_joiner = re.compile(f"(?<![{_symbols}]){ZERO_WIDTH_JOINER}|{ZERO_WIDTH_JOINER}(?![{_symbols}])")
_line_ends = re.compile("\r\n?|\u0085|\u2028|\u2029")
_blanks = re.compile(r"[^\S\n]+")
_dots = re.compile("[·•‧∙⋅・･．.。●]")
_sex_suffix = re.compile(r"[(\[（【](?:男|女)[)\]）】]$")
_latin = re.compile(r"[^a-z0-9]+")

DOT = "·"


def clean_text(text: str) -> str:
    """Prose as it is stored: nothing invisible, ordinary blanks and line ends, nothing at either end.

    The characters themselves stay as they were typed: rare hanzi, emoji, full-width signs.
    """
    text = _line_ends.sub("\n", text)
    text = _stray_joiner.sub("", _dropped.sub("", text))
    text = _blanks.sub(" ", text)
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def clean_name(name: str) -> str:
    """A name or other single line as it is stored: ``clean_text`` without joiners and line ends.

    The blank that clerks put into two-character names to align a column (张　三) is dropped.
    """
    text = " ".join(clean_text(name).replace(ZERO_WIDTH_JOINER, "").split())
    return re.sub(r"(?<=[^\x00-\u024f]) (?=[^\x00-\u024f])", "", text)


def name_key(name: str) -> str:
    """What two spellings of one name have in common; equal keys are a hint and never a match by themselves."""
    text = unicodedata.normalize("NFKC", clean_name(name)).casefold()
    text = _sex_suffix.sub("", text)
    text = _dots.sub(DOT, text).strip(DOT)
    return "".join(text.split())


def refuse_control_characters(value: str) -> None:
    """Form validator. NUL ends a string in the database driver; the others come from broken copies."""
    if _refused.search(value):
        raise ValidationError(_("文字里有无法识别的控制字符，请删去后重新输入。"), code="control_characters")


class LineField(forms.CharField):
    """One line of text, cleaned with ``clean_name``."""

    default_validators = [refuse_control_characters]

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return text if not text or _refused.search(text) else clean_name(text)


class ProseField(forms.CharField):
    """Several lines of text, cleaned with ``clean_text``."""

    widget = forms.Textarea
    default_validators = [refuse_control_characters]

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return text if not text or _refused.search(text) else clean_text(text)


def pinyin(name: str) -> str:
    """A person's name without tones and blanks: 单雄信 is ``shanxiongxin``."""
    return "".join(_syllables(name_key(name)))


def initials(name: str) -> str:
    """The first letters: 单雄信 is ``sxx``."""
    return "".join(syllable[0] for syllable in _syllables(name_key(name)))


def search_text(name: str) -> str:
    """What the search column stores: pinyin and initials, in both readings of a surname that has two."""
    return search_text_of(name_key(name))


def search_text_of(key: str) -> str:
    """The same where the key is known already."""
    syllables = _syllables(key)
    words = ["".join(syllables), "".join(syllable[0] for syllable in syllables)]
    second = SECOND_READINGS.get(key[:1])
    if second and DOT not in key:
        words += [second + "".join(syllables[1:]), second[0] + "".join(s[0] for s in syllables[1:])]
    return " ".join(dict.fromkeys(word for word in words if word))


def text_search(text: str) -> str:
    """The same for a unit or a title."""
    syllables = _read(name_key(text))
    return " ".join(filter(None, ["".join(syllables), "".join(syllable[0] for syllable in syllables)]))


def _syllables(key: str) -> tuple[str, ...]:
    """Surnames by their own table, since as surnames many characters are read otherwise (单 is shan).

    A name with a dot is transcribed from another language and begins with no Chinese surname.
    """
    if DOT in key:
        return _read(key)
    if len(key) > 2 and key[:2] in COMPOUND_SURNAMES:
        return (*COMPOUND_SURNAMES[key[:2]], *_read(key[2:]))
    if key[:1] in SURNAMES:
        return (SURNAMES[key[:1]], *_read(key[1:]))
    return _read(key)


# Given names repeat: in a roster of 100,000 the cache answers nine times out of ten.
@lru_cache(maxsize=100_000)
def _read(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    # Imported late: pypinyin takes half a second and 50 MB, and most processes never need it.
    from pypinyin import lazy_pinyin

    syllables = (_latin.sub("", syllable.lower().replace("ü", "v")) for syllable in lazy_pinyin(text, v_to_u=False))
    return tuple(syllable for syllable in syllables if syllable)
