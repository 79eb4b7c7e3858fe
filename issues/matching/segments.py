"""Where the words of a sentence begin and end, by the dictionary that comes with rjieba."""

from __future__ import annotations


def tokens_of(text: str, *, guesses: bool = False) -> list[str]:
    """With `guesses` also words that the dictionary does not know, put together by how words are made."""
    # Imported late: the dictionary takes 30 MB, and most processes never need it.
    import rjieba

    return rjieba.cut(text, guesses)


def is_word(text: str) -> bool:
    import rjieba

    return rjieba.has_word(text)


def token_edges(text: str) -> tuple[list[int], frozenset[int]]:
    """Starts and ends of the words."""
    starts, ends, place = [], set(), 0
    for token in tokens_of(text):
        starts.append(place)
        place += len(token)
        ends.add(place)
    return starts, frozenset(ends)
