"""Which programs a typed query means: its words read with the vocabulary of the catalog, and a query on the index.

A search asks the database a constant number of times however many words it has and programs there are.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import log1p
from operator import add

from django.contrib.postgres.search import SearchQuery, SearchQueryField
from django.db.models import F, FloatField, Func, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Length

from courses.models import ProgramPage
from courses.queries.search_words import Reading, Term, read_query
from courses.words import Word, pairs_in

__all__ = ["Answer", "Reading", "find_programs", "read_query"]

# How much a word counts by where it is: place, text, occupation and skills, title (`ts_rank` reads D, C, B, A).
WEIGHTS = "{0.1, 0.25, 0.5, 1.0}"
# Of a word that has only begun, for which the many words in a text that begin so count together.
BEGUN_WEIGHTS = "{0.02, 0.05, 0.4, 1.0}"
# How much less a word counts than one found as it was typed.
AS_STEM, AS_SYNONYM, AS_OTHER_CORRECTION, AS_BEGINNING = 0.95, 0.9, 0.6, 0.6
# How much two neighbors of the query that are neighbors in a title count beyond their own.
AS_NEIGHBORS = 0.2
# So much better has a program with some of the words to be than any with all: "welding Luxor" on a catalog where a
# plumber in Luxor learns to weld pipes and welders are taught elsewhere.
MUCH_BETTER = 1.5


@dataclass(frozen=True, slots=True)
class Answer:
    """The programs found, the best first. `is_partial`: none has all of the words, or those with some suit much better."""

    programs: QuerySet[ProgramPage]
    is_partial: bool = False


def find_programs(programs: QuerySet[ProgramPage], reading: Reading) -> Answer:
    """The programs that a query means, of `programs`. `reading` has terms. Up to two queries beside that of the answer."""
    terms = reading.terms
    with_all = _best_first(programs, terms, " & ".join(f"({lexemes_of(term)})" for term in terms))
    if len(terms) == 1:
        return Answer(with_all)
    with_some = _best_first(programs, terms, " | ".join(f"({lexemes_of(term)})" for term in terms))
    best = [found.values_list("score", flat=True).first() or 0.0 for found in (with_all, with_some)]
    is_partial = best[0] * MUCH_BETTER < best[1]
    return Answer(with_some if is_partial else with_all, is_partial=is_partial)


def lexemes_of(term: Term) -> str:
    """The query on the index that a program with this term answers."""
    words = " & ".join(f"({' | '.join(_spellings(word, term))})" for word in term.words)
    return " | ".join([*map(_group, term.groups), f"({words})"])


class LexemeQuery(SearchQuery):
    """A query on the index in PostgreSQL's own form, of lexemes that are stemmed already."""

    function = None
    template = "%(expressions)s::tsquery"

    def __init__(self, lexemes: str) -> None:
        Func.__init__(self, Value(lexemes), output_field=SearchQueryField())
        self.invert = False


def _best_first(
    programs: QuerySet[ProgramPage], terms: Sequence[Term], lexemes: str
) -> QuerySet[ProgramPage]:
    score = reduce(add, (_score(term) * Value(_weight(term)) for term in terms))
    words = [(word, _weight(term)) for term in terms for word in term.words]
    for (one, weight), (other, other_weight) in itertools.pairwise(words):
        for pair in pairs_in((one, other)):
            score = score + _rank(_quoted(pair)) * Value(AS_NEIGHBORS * (weight + other_weight) / 2)
    found = programs.filter(search_entry__vector=LexemeQuery(lexemes)).annotate(score=score)
    return found.order_by("-score", Length("title"), "title", "pk")


def _weight(term: Term) -> float:
    """A word of every second program says less than one of three."""
    return 1 / (1 + log1p(term.programs))


def _score(term: Term) -> Combinable:
    """How well a program answers the term: by the best place of the best spelling."""
    parts = [_score_of(word, term) for word in term.words]
    score = reduce(add, parts) / Value(float(len(parts)))
    return (
        Greatest(score, *(_rank(_group(group)) * Value(AS_SYNONYM) for group in term.groups))
        if term.groups
        else score
    )


def _score_of(word: Word, term: Term) -> Combinable:
    less = {word.stem: AS_STEM} | {word.plain: 1.0}
    scores = [_rank(_quoted(form)) * Value(less.get(form, AS_OTHER_CORRECTION)) for form in word.forms]
    if term.may_have_only_begun:
        begun = _rank(f"{_quoted(word.plain)}:*", weights=BEGUN_WEIGHTS)
        scores.append(begun * Value(AS_BEGINNING))
    return Greatest(*scores) if len(scores) > 1 else scores[0]


def _spellings(word: Word, term: Term) -> list[str]:
    forms = [_quoted(form) for form in word.forms]
    return [*forms, f"{_quoted(word.plain)}:*"] if term.may_have_only_begun else forms


def _rank(lexemes: str, *, weights: str = WEIGHTS) -> Func:
    return Func(
        F("search_entry__vector"),
        Value(lexemes),
        template=f"ts_rank('{weights}'::real[], %(expressions)s::tsquery)",
        output_field=FloatField(),
    )


def _group(group: int) -> str:
    """The lexeme of a group of synonyms. No word of a text has a sign in it."""
    return _quoted(f"#{group}")


def _quoted(lexeme: str) -> str:
    """A lexeme of a query on the index. Words hold letters and digits only, so nothing in them needs an escape."""
    return f"'{lexeme}'"
