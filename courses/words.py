"""The words of a search: folded, and free of the Arabic article that clings to them.

Free of Django. "الكهرباء" and "كهرباء" must find each other; a stemmer that does more would find too much.
"""

import re

from accounts.services import fold_arabic

# The article, alone or behind "and", "with", "like", "so", "for", as folded text spells them.
ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
SHORTEST_STEM = 3
LONGEST_QUERY = 80
WORD = re.compile(r"\w+")


def words_to_index(text: str) -> str:
    """The words of `text`, each also without its article.

    >>> words_to_index("تمديدات الكهرباء") -> "تمديدات الكهرباء كهرباء"
    """
    words = WORD.findall(fold_arabic(text))
    return " ".join(spelling for word in words for spelling in dict.fromkeys((word, _without_article(word))))


def words_to_find(query: str) -> str:
    """The words of a typed query as they stand in the index; empty where it holds no word."""
    return " ".join(_without_article(word) for word in WORD.findall(fold_arabic(query[:LONGEST_QUERY])))


def _without_article(word: str) -> str:
    for article in ARTICLES:
        stem = word.removeprefix(article)
        if stem != word and len(stem) >= SHORTEST_STEM:
            return stem
    return word
