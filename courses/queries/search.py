"""Finds and ranks the programs that match a typed query.

A search asks the database a constant number of times however many words it has and programs there are.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from courses.models import ProgramPage
from courses.queries.search_terms import Reading, Term, read_query
from courses.search_normalization import Word, pairs_in

__all__ = ["Answer", "Reading", "find_programs", "read_query"]

# How much a word counts by where it is: place, text, occupation and skills, title (`ts_rank` reads D, C, B, A).
WEIGHTS = "{0.1, 0.25, 0.5, 1.0}"
# Of a word that has only begun, for which the many words in a text that begin so count together.
BEGUN_WEIGHTS = "{0.02, 0.05, 0.4, 1.0}"
# How much less a word counts than one found as it was typed.
AS_STEM, AS_SYNONYM, AS_OTHER_CORRECTION, AS_BEGINNING = 0.95, 0.9, 0.6, 0.6
# What a word adds that is there as typed: a text may have many of its synonyms, and "dressmaking" is first of all what is called so.
AS_TYPED = 0.12
# How much two neighbors of the query that are neighbors in a title count beyond their own.
AS_NEIGHBORS = 0.2
# So much better has a program with some of the words to be than any with all: "welding Luxor" on a catalog where a
# plumber in Luxor learns to weld pipes and welders are taught elsewhere.
MUCH_BETTER = 1.5
# Everything that has any of the words, ranked in one pass. Adding nothing to the vector has it read from the table once, not
# for every spelling of every word.
FIND = """
SELECT found.page_id, {score} AS score, found.vector @@ %s::tsquery AS has_all
FROM (
    SELECT entry.page_id, entry.vector || ''::tsvector AS vector
    FROM courses_programsearchentry entry
    WHERE entry.vector @@ %s::tsquery AND entry.page_id IN ({programs})
    OFFSET 0
) found JOIN wagtailcore_page page ON page.id = found.page_id
ORDER BY score DESC, length(page.title), page.title, page.id
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """The keys of the programs found, the best first. `is_partial`: none has all of the words, or those with some suit much
    better.
    """

    programs: list[int]
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL and what goes into its places."""

    text: str
    values: tuple[Any, ...] = ()

    def times(self, factor: float) -> "Sql":
        return Sql(f"{self.text} * %s", (*self.values, factor))


def find_programs(programs: QuerySet[ProgramPage], reading: Reading) -> Answer:
    """The programs that a query means, of `programs`. `reading` has terms. One query."""
    terms = reading.terms
    chosen, chosen_values = programs.order_by().values("pk").query.sql_with_params()
    score = _score(terms)
    # Only SQL of our own and Django's is put together; what was typed goes into its places.
    statement = FIND.format(score=score.text, programs=chosen)
    every, some = (sign.join(f"({lexemes_of(term)})" for term in terms) for sign in (" & ", " | "))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*score.values, every, some, *chosen_values])
        rows = cursor.fetchall()
    with_all = [(page, score) for page, score, has_all in rows if has_all]
    best = with_all[0][1] if with_all else 0.0
    if rows and best * MUCH_BETTER < rows[0][1]:
        return Answer([page for page, *_ in rows], is_partial=len(terms) > 1)
    return Answer([page for page, _score in with_all])


def lexemes_of(term: Term) -> str:
    """The query on the index that a program with this term answers."""
    words = " & ".join(f"({' | '.join(_spellings(word, term))})" for word in term.words)
    return " | ".join([*map(_group, term.groups), f"({words})"])


def _score(terms: Sequence[Term]) -> Sql:
    parts = [_score_of_term(term).times(_weight(term)) for term in terms]
    words = [(word, _weight(term)) for term in terms for word in term.words]
    for (one, weight), (other, other_weight) in itertools.pairwise(words):
        share = AS_NEIGHBORS * (weight + other_weight) / 2
        parts += [_rank(_quoted(pair)).times(share) for pair in pairs_in((one, other))]
    return _together(" + ", parts)


def _weight(term: Term) -> float:
    """A word of every second program says less than one of three."""
    return 1 / (1 + log1p(term.programs))


def _score_of_term(term: Term) -> Sql:
    """How well a program answers the term: by the best place of the best spelling."""
    parts = [_score_of_word(word, term) for word in term.words]
    score = _together(" + ", parts).times(1 / len(parts))
    if not term.groups:
        return score
    best = _best([score, *(_rank(_group(group)).times(AS_SYNONYM) for group in term.groups)])
    return _together(" + ", [best, score.times(AS_TYPED)])


def _score_of_word(word: Word, term: Term) -> Sql:
    less = {word.stem: AS_STEM} | {word.plain: 1.0}
    scores = [_rank(_quoted(form)).times(less.get(form, AS_OTHER_CORRECTION)) for form in word.forms]
    if term.may_have_only_begun:
        scores.append(_rank(f"{_quoted(word.plain)}:*", weights=BEGUN_WEIGHTS).times(AS_BEGINNING))
    return _best(scores)


def _spellings(word: Word, term: Term) -> list[str]:
    forms = [_quoted(form) for form in word.forms]
    return [*forms, f"{_quoted(word.plain)}:*"] if term.may_have_only_begun else forms


def _rank(lexemes: str, *, weights: str = WEIGHTS) -> Sql:
    return Sql(f"ts_rank('{weights}'::real[], found.vector, %s::tsquery)", (lexemes,))


def _best(parts: Sequence[Sql]) -> Sql:
    joined = _together(", ", parts)
    return Sql(f"greatest{joined.text}", joined.values)


def _together(sign: str, parts: Sequence[Sql]) -> Sql:
    values = tuple(value for part in parts for value in part.values)
    return Sql(f"({sign.join(part.text for part in parts)})", values)


def _group(group: int) -> str:
    """The lexeme of a group of synonyms. No word of a text has a sign in it."""
    return _quoted(f"#{group}")


def _quoted(lexeme: str) -> str:
    """A lexeme of a query on the index. Words hold letters and digits only, so nothing in them needs an escape."""
    return f"'{lexeme}'"
