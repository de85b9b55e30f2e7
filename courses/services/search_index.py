"""The index of the catalog's search: marked stale with each change, made again by a task.

A mark is a row in the transaction that changes the program, so no change is lost with a message: a periodic task finds it.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from wagtail.models import Page

from courses.models import Cohort, ProgramPage, ProgramSearchEntry, SearchWord, StaleSearchEntry, SynonymGroup
from courses.queries.search_texts import lexemes_of, synonym_phrases, texts_of
from courses.search_normalization import LONGEST_WORD, deletions_of, phrase_of, stem_of
from courses.spellings import sound_of
from jobs.dispatching import dispatch

# Programs of one transaction: a second or two.
BATCH = 100
WORDS_AT_ONCE = 2000
# Of PostgreSQL's advisory locks: one process at a time counts the words.
LOCK = 7_274_321
# Words shorter than this are not corrected, so nothing looks for what is left of them.
SHORTEST_TO_DELETE_FROM = 3


def mark_programs(keys: Iterable[UUID]) -> None:
    """Have the programs with these translation keys indexed again after the transaction."""
    marks = [StaleSearchEntry(translation_key=key) for key in sorted(set(keys))]
    if marks:
        StaleSearchEntry.objects.bulk_create(marks)
        dispatch("courses.tasks.index_programs")


def mark_cohort(cohort: Cohort) -> None:
    mark_programs(ProgramPage.objects.filter(pk=cohort.program_id).values_list("translation_key", flat=True))


def mark_page(page: Page) -> None:
    """Mark the program that is this page or above it, and those that are below."""
    below = ProgramPage.objects.filter(path__startswith=page.path)
    mark_programs(below.values_list("translation_key", flat=True))
    mark_above(page)


def mark_above(page: Page) -> None:
    """Mark the program that is this page or above it."""
    above = ProgramPage.objects.filter(path__in=[page.path, *_paths_above(page)])
    mark_programs(above.values_list("translation_key", flat=True))


def mark_places(center_id: int) -> None:
    cohorts = Cohort.objects.filter(center=center_id)
    mark_programs(cohorts.order_by().values_list("program__translation_key", flat=True).distinct())


def mark_level(code: str) -> None:
    mark_programs(ProgramPage.objects.filter(level=code).values_list("translation_key", flat=True))


def mark_all() -> None:
    mark_programs(ProgramPage.objects.values_list("translation_key", flat=True))


def index_programs() -> int:
    """Index every program that is marked, a batch in a transaction. Returns how many; 0 while another process does it."""
    _read_groups(SynonymGroup.objects.filter(phrases=[]))
    indexed, words = 0, set[str]()
    while batch := _index_batch(words):
        indexed += batch
    if words:
        _count(words)
    return indexed


def index_all() -> int:
    """Index every program again: what a day ended or a lost mark left behind is right afterwards."""
    # A new release may find other stems.
    _read_groups(SynonymGroup.objects.all())
    mark_all()
    indexed = index_programs()
    # The words of a deleted program went with it, uncounted.
    _count(set(SearchWord.objects.values_list("word", flat=True)))
    return indexed


def _read_groups(groups: QuerySet[SynonymGroup]) -> None:
    read = list(groups)
    for group in read:
        group.phrases = list(dict.fromkeys(map(phrase_of, group.words.splitlines())))
    SynonymGroup.objects.bulk_update(read, ["phrases"])


@transaction.atomic
def _index_batch(words: set[str]) -> int:
    """Index some of the programs that are marked and add the words they had and have. Returns how many programs."""
    if not _is_alone():
        return 0
    keys = StaleSearchEntry.objects.order_by("translation_key").values_list("translation_key", flat=True)
    stale = list(keys.distinct()[:BATCH])
    if not stale:
        return 0
    # Marks that come from now on are of changes that may not be seen below: they stay.
    StaleSearchEntry.objects.filter(translation_key__in=stale).delete()
    before = ProgramSearchEntry.objects.filter(page__translation_key__in=stale)
    words.update(word for known in before.values_list("words", flat=True) for word in known)
    entries = _entries_of(stale)
    before.exclude(page__in=[entry.page_id for entry in entries]).delete()
    ProgramSearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["page"], update_fields=["vector", "words"]
    )
    words.update(word for entry in entries for word in entry.words)
    return len(stale)


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _entries_of(keys: Collection[UUID]) -> list[ProgramSearchEntry]:
    synonyms = synonym_phrases()
    entries = []
    for texts in texts_of(keys).values():
        lexemes = lexemes_of(texts.by_weight, synonyms)
        entries += [
            ProgramSearchEntry(page=page, vector=lexemes.vector, words=lexemes.words) for page in texts.pages
        ]
    return entries


@transaction.atomic
def _count(words: Collection[str]) -> None:
    """Bring the vocabulary up to date for these words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(
            """
            SELECT pair.key, min(pair.value), count(*)
            FROM courses_programsearchentry entry, jsonb_each_text(entry.words) pair
            WHERE entry.words ?| %(words)s AND pair.key = ANY(%(words)s)
            GROUP BY pair.key
            """,
            {"words": list(words)},
        )
        counted = cursor.fetchall()
    SearchWord.objects.filter(word__in=words).exclude(word__in=[word for word, *_ in counted]).delete()
    SearchWord.objects.bulk_create(
        [_search_word(*row) for row in sorted(counted)],
        batch_size=WORDS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["written", "stem", "sound", "programs", "deletions"],
    )


def _search_word(word: str, written: str, programs: int) -> SearchWord:
    stem = stem_of(word)
    long_enough = [form for form in (word, stem) if len(form) >= SHORTEST_TO_DELETE_FROM]
    return SearchWord(
        word=word,
        written=written[:LONGEST_WORD],
        stem=stem,
        sound=sound_of(word),
        programs=programs,
        deletions=deletions_of(dict.fromkeys(long_enough)),
    )


def _paths_above(page: Page) -> list[str]:
    return [page.path[: page.steplen * depth] for depth in range(1, page.depth)]
