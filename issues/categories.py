"""Proposing a category from the words of an opinion, the same here as in static/js/opinion_cards.js."""

from __future__ import annotations

from collections.abc import Iterable

from .models import Category


def keywords_of(category: Category) -> list[str]:
    return category.keywords.split()


def propose(text: str, categories: Iterable[Category]) -> Category | None:
    """The category with the most letters of its keywords in the text; of equals the first in the vocabulary's order."""
    best, most = None, 0
    for category in categories:
        letters = sum(len(word) for word in keywords_of(category) if word in text)
        if letters > most:
            best, most = category, letters
    return best
