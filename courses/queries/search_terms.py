"""Interprets the words of a query: known words, typing errors, synonyms."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, Value

from courses.models import SearchWord, SynonymGroup
from courses.search_normalization import (
    ARABIC,
    SHORTEST_STEM,
    SHORTEST_TYPO,
    Word,
    deletions_of,
    is_typo_of,
    parts_of,
    phrases_in,
    shape_of,
    whole_of,
    words_to_find,
)
from courses.spellings import retyped, sound_of

# A word of everyday speech may be in several groups of synonyms.
MOST_GROUPS = 5
MOST_CANDIDATES = 500
MOST_CORRECTIONS = 5
# A stem that is shorter is a letter away from too many other words.
SHORTEST_STEM_WITH_TYPO = 5
# So many consonants at least has a word that is known by its sound; one more, unless Arabic was typed in Latin letters.
SHORTEST_SOUND = 3
LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the query, or a phrase that is in a group of synonyms; all words of a phrase have to be there.

    `programs`: in how many pages the word is, 0 for a phrase.
    """

    words: tuple[Word, ...]
    groups: tuple[int, ...] = ()
    may_have_only_begun: bool = False
    programs: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was understood. `corrected` is the query without its typing errors, where it had some. `unknown` are the
    words that no program has; the others are searched for without them.
    """

    terms: tuple[Term, ...]
    corrected: str = ""
    unknown: tuple[str, ...] = ()


def read_query(query: str) -> Reading:
    """Read a typed query: its typing errors corrected by the words of the catalog, its synonyms found. Up to five queries."""
    words = words_to_find(query)
    if not words:
        return Reading(())
    vocabulary = _Vocabulary(words)
    words = vocabulary.split_and_joined([vocabulary.reading_of(word) for word in words])
    corrected = [vocabulary.correction_of(word) or word for word in words]
    if any(map(vocabulary.lacks_content_word, corrected)) and not any(
        map(vocabulary.has_content_word, words)
    ):
        # A guess next to a word of which nothing is known: "scuba diving" means no driving.
        corrected = words
    if not any(map(vocabulary.knows, corrected)) and (other_keys := words_to_find(retyped(query))):
        of_other_keys = _Vocabulary(other_keys)
        if all(map(of_other_keys.knows, other_keys)):
            corrected, vocabulary = other_keys, of_other_keys
    terms = _terms(corrected, vocabulary)
    known = tuple(term for term in terms if term.groups or vocabulary.has(term))
    unknown = tuple(word.written for term in terms if term not in known for word in term.words)
    shown = "" if corrected == words else " ".join(word.written for word in corrected)
    return Reading(known or terms, shown, unknown)


class _Vocabulary:
    """What the catalog knows of the words of a query. Two queries."""

    def __init__(self, words: Sequence[Word]) -> None:
        forms = {form for word in words for form in word.forms}
        forms |= {form for word in words for parts in parts_of(word) for part in parts for form in part.forms}
        forms |= {form for pair in itertools.pairwise(words) for form in whole_of(*pair).forms}
        typed = [word for word in words if len(word.plain) >= SHORTEST_TYPO]
        near = {cut for word in typed for cut in deletions_of((word.plain, word.stem))}
        sounds = {sound for word in words if len(sound := sound_of(word.plain)) >= SHORTEST_SOUND}
        is_near = (
            Q(word__in=forms) | Q(stem__in=forms) | Q(deletions__overlap=list(near)) | Q(sound__in=sounds)
        )
        found = SearchWord.objects.filter(is_near).order_by("-programs", "word")
        self._near = list(found[:MOST_CANDIDATES])
        self._programs: dict[str, int] = {}
        for row in self._near:
            for form in (row.word, row.stem):
                self._programs.setdefault(form, row.programs)
        unmet = {word.plain for word in words} | {word.joined.plain for word in words if word.joined}
        self._begun = _begun(unmet - self._programs.keys())

    def reading_of(self, word: Word) -> Word:
        """The word without a word of one letter that is written into it, or as it is."""
        if word.joined is None or not self.knows(word.joined):
            return replace(word, joined=None)
        # Where either may be meant, both are looked for.
        return word if self.knows(word) else word.joined

    def split_and_joined(self, words: Sequence[Word]) -> list[Word]:
        """The words with unknown ones split into two known ones, or joined with a neighbor to one that is known."""
        read: list[Word] = []
        for word in words:
            if self.knows(word):
                read.append(word)
            elif read and self.knows(whole := whole_of(read[-1], word)):
                read[-1] = whole
            elif self._typos_of(word):
                # A letter is missed more often than a space: "houskeeping" is no house.
                read.append(word)
            else:
                halves = (parts for parts in parts_of(word) if all(map(self.knows, parts)))
                read += next(halves, (word,))
        return read

    def correction_of(self, word: Word) -> Word | None:
        """The most frequent word that is a typing error away from an unknown one, or sounds like it.

        Others that may be meant are joined with it: the words around decide.
        """
        if len(word.plain) < SHORTEST_TYPO or self.knows(word) or word.is_stop_word:
            return None
        for is_meant in (_is_typo, _sounds_alike):
            meant = [near for near in self._near if is_meant(word, near)]
            # The most frequent first, but a wrong dot is the likeliest error.
            meant.sort(
                key=lambda near: (
                    shape_of(near.word) != shape_of(word.plain),
                    len(near.word) != len(word.plain),
                )
            )
            meant = meant[:MOST_CORRECTIONS]
            found: Word | None = None
            for near in reversed(meant):
                found = Word(near.written, near.word, near.stem, joined=found)
            if found:
                return found
        return None

    def _typos_of(self, word: Word) -> list[SearchWord]:
        return [near for near in self._near if len(word.plain) >= SHORTEST_TYPO and _is_typo(word, near)]

    def has_content_word(self, word: Word) -> bool:
        return not word.is_stop_word and self.knows(word)

    def lacks_content_word(self, word: Word) -> bool:
        return not word.is_stop_word and not self.knows(word)

    def has(self, term: Term) -> bool:
        return all(map(self.knows, term.words))

    def programs_with(self, word: Word) -> int:
        return max((self._programs.get(form, 0) for form in word.forms), default=0)

    def knows(self, word: Word) -> bool:
        own = (word.plain, word.stem)
        return not self._programs.keys().isdisjoint(own) or word.plain in self._begun


def _is_typo(word: Word, near: SearchWord) -> bool:
    is_stem = len(near.stem) >= SHORTEST_STEM_WITH_TYPO and is_typo_of(word.stem, near.stem)
    return is_stem or is_typo_of(word.plain, near.word)


def _sounds_alike(word: Word, near: SearchWord) -> bool:
    sound = sound_of(word.plain)
    if sound != near.sound:
        return False
    is_from_latin = not ARABIC.search(word.plain) and ARABIC.search(near.word)
    return len(sound) >= (SHORTEST_SOUND if is_from_latin else SHORTEST_SOUND + 1)


def _begun(words: Collection[str]) -> set[str]:
    """Those of `words` that are the beginning of a word of the catalog."""
    one_each = [
        SearchWord.objects.filter(word__gte=word, word__lt=word + LAST_CHARACTER)
        .order_by()
        .annotate(typed=Value(word))
        .values_list("typed", flat=True)[:1]
        for word in words
        if len(word) >= SHORTEST_STEM - 1
    ]
    if not one_each:
        return set()
    return set(one_each[0].union(*one_each[1:], all=True) if len(one_each) > 1 else one_each[0])


def _terms(words: Sequence[Word], vocabulary: _Vocabulary) -> tuple[Term, ...]:
    """The words as terms; a run of words that is in a group of synonyms is one term, the longest run first.

    Words that say nothing about a trade are left out, unless there are no others.
    """
    meaningful = [word for word in words if not word.is_stop_word]
    terms: dict[int, Term] = {}
    taken: set[int] = set()
    runs = _runs_with_groups(words)
    for (begin, end), groups in sorted(runs.items(), key=lambda run: run[0][0] - run[0][1]):
        run = range(begin, end)
        if taken.isdisjoint(run):
            terms[begin] = Term(tuple(words[begin:end]), tuple(groups[:MOST_GROUPS]))
            taken.update(run)
    for at, word in enumerate(words):
        if at not in taken and (not meaningful or not word.is_stop_word):
            terms[at] = Term((word,))
    return tuple(_with_facts(terms[at], at == len(words) - 1, vocabulary) for at in sorted(terms))


def _runs_with_groups(words: Sequence[Word]) -> dict[tuple[int, int], list[int]]:
    """The groups of synonyms that a run of words is in, by its begin and end. One query."""
    runs = [
        (begin, end, phrase)
        for begin, end, phrase in phrases_in(words)
        if not _is_all_stop_words(words[begin:end])
    ]
    rows = SynonymGroup.objects.filter(phrases__overlap=[phrase for *_run, phrase in runs]).order_by("pk")
    groups = list(rows.values_list("pk", "phrases")) if runs else []
    found: dict[tuple[int, int], list[int]] = {}
    for begin, end, phrase in runs:
        for pk, phrases in groups:
            if phrase in phrases and pk not in found.setdefault((begin, end), []):
                found[begin, end].append(pk)
    return {run: keys for run, keys in found.items() if keys}


def _is_all_stop_words(words: Iterable[Word]) -> bool:
    return all(word.is_stop_word for word in words)


def _with_facts(term: Term, is_last: bool, vocabulary: _Vocabulary) -> Term:  # noqa: FBT001 - read once, above
    """Two letters are a beginning only where the typing ends."""
    if len(term.words) > 1:
        return term
    [word] = term.words
    shortest = SHORTEST_STEM - 1 if is_last else SHORTEST_STEM
    return replace(
        term, may_have_only_begun=len(word.plain) >= shortest, programs=vocabulary.programs_with(word)
    )
