"""How the bank is searched: by whole words and their beginnings, with or without the Arabic article, in any spelling. Independent of Django."""

import re
from collections.abc import Iterable, Iterator

from accounts.folding import fold_arabic

_WORD = re.compile(r"\w+")
# Articles, alone and after one-letter words that are written into the next one.
_ARTICLES = ("ال", "وال", "بال", "كال", "فال", "لل")
# Letters that have to be left of a word without its article.
_LEAST_LEFT = 3
LONGEST_QUERY = 200
MOST_WORDS = 10


def words_to_find(texts: Iterable[str]) -> str:
    """What a question is found by: each word once, folded, and without its article, too."""
    return " ".join(
        dict.fromkeys(form for text in texts for word in _words(text) for form in (word, _bare(word)))
    )


def words_asked(typed: str) -> list[str]:
    """The beginnings of words that are looked for. Letters and digits alone: they are written into a query of PostgreSQL."""
    return list(dict.fromkeys(_bare(word) for word in _words(typed[:LONGEST_QUERY])))[:MOST_WORDS]


def _words(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(fold_arabic(text).replace("_", " ")) if word)


def _bare(word: str) -> str:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= _LEAST_LEFT:
            return word.removeprefix(article)
    return word
