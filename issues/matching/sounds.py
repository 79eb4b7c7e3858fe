"""How a text sounds, as far as dictation and pinyin keyboards mix it up."""

from __future__ import annotations

import re
from functools import lru_cache

#: Tones are not typed, and half of the country does not tell these apart.
_MIXED_UP = re.compile(r"^(z|c|s)h|(?<=[ei]n)g$")


def sounds_of(text: str) -> tuple[str, ...]:
    """One sound per sign, so that places agree; other signs stand for themselves."""
    return tuple(map(_sound, text))


@lru_cache(maxsize=20_000)
def _sound(sign: str) -> str:
    if not "\u3400" <= sign <= "\u9fff":
        return sign.lower()
    # Imported late: pypinyin takes half a second and 50 MB, and most processes never need it.
    from pypinyin import Style, pinyin

    return _MIXED_UP.sub(lambda found: found[1] or "", pinyin(sign, style=Style.NORMAL)[0][0])
