"""Validates and stores groups of synonyms."""

import re

from courses.errors import (
    SynonymTooLong,
    SynonymWithoutLetters,
    TooFewSynonyms,
    TooManySynonymGroups,
    TooManySynonyms,
)
from courses.models import SynonymGroup
from courses.search_normalization import WORDS_IN_A_PHRASE, phrase_of

# Beyond these, a search would begin to find everything, and each program would take long to index.
MOST_GROUPS = 1000
MOST_IN_A_GROUP = 60
LONGEST = 60
BETWEEN = re.compile(r"[,،;؛\n\r]+")


def read_synonyms(typed: str) -> dict[str, str]:
    """The names in a typed list by their stems, each once.

    Raises TooFewSynonyms, TooManySynonyms, SynonymTooLong, SynonymWithoutLetters.
    """
    names = [" ".join(name.split()) for name in BETWEEN.split(typed) if name.strip()]
    if len(names) > MOST_IN_A_GROUP:
        raise TooManySynonyms(given=len(names), most=MOST_IN_A_GROUP)
    found: dict[str, str] = {}
    for name in names:
        phrase = phrase_of(name[: LONGEST + 1])
        if len(name) > LONGEST or phrase.count(" ") >= WORDS_IN_A_PHRASE:
            raise SynonymTooLong(word=name[:20], words=WORDS_IN_A_PHRASE, letters=LONGEST)
        if not phrase:
            raise SynonymWithoutLetters(word=name)
        found.setdefault(phrase, name)
    if len(found) < 2:
        raise TooFewSynonyms
    return found


def fill_in(group: SynonymGroup) -> None:
    """Bring the words of a group into their form; the caller saves it. Raises as `read_synonyms`, TooManySynonymGroups."""
    if group.pk is None and SynonymGroup.objects.count() >= MOST_GROUPS:
        raise TooManySynonymGroups(most=MOST_GROUPS)
    names = read_synonyms(group.words)
    group.words = "\n".join(names.values())
    group.phrases = list(names)
