"""The question bank: what may be asked, what its staff read, and what waits for them.

Nothing of a key is read here for trainees; the pages of staff are behind `Act.VIEW_QUESTIONS`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from accounts.enums import Act, MembershipScope
from accounts.models import Center, Membership, User
from accounts.scoping import acts_held, fenced, may_everywhere
from accounts.scoping.hands import acting_as_shown, done_for, hands_shown, independent
from accounts.services.formatting import format_number
from assessment.bank_words import words_asked
from assessment.bilingual import LANGUAGES, Draft
from assessment.chance import Chance
from assessment.enums import QuestionKind, QuestionState
from assessment.errors import DraftHasFault
from assessment.marking.kinds import question_of
from assessment.marking.question import InvalidQuestion
from assessment.models import Attempt, Question, QuestionVersion
from assessment.models.questions import QuestionQuerySet
from assessment.queries.questions import StoredQuestion, in_language, with_values

CANNOT_BE_MARKED = _("It cannot be marked: look at what is right.")
ALT_MISSING = _("It does not say what its picture shows, for those who cannot see it.")
NOT_WHOLE = _("It is whole in no language.")
SHOWN_LETTERS = 80
MOST_EVENTS = 50
MOST_FOUND = 10_000_000
# What the ministry published, which every center reads that has a bank.
SHARED = Q(quiz_key=None, owner=None, published__isnull=False) & ~Q(state=QuestionState.WITHDRAWN)


def usable_by(center: Center | int | None) -> QuestionQuerySet:
    """As `QuestionQuerySet.usable_by` says."""
    return Question.objects.usable_by(center)


def pool_of(center: Center | int | None, *, tags: Sequence[str], difficulty: int | None) -> QuestionQuerySet:
    """As `QuestionQuerySet.pool_of` says."""
    return Question.objects.pool_of(center, tags=tags, difficulty=difficulty)


def bank_of(user: User | AnonymousUser, rows: QuerySet[Question] | None = None) -> QuerySet[Question]:
    """The questions that `user` reads, with their answers: those of the own centers, and what the ministry published."""
    if rows is None:
        rows = Question.objects.of_the_bank()
    own = fenced(rows, user=user, act=Act.VIEW_QUESTIONS)
    return own | rows.filter(SHARED) if Act.VIEW_QUESTIONS in acts_held(user) else own


def reads_draft(user: User, question: Question) -> bool:
    """Whether `user` reads what is written and not published: not of the ministry's questions, unless they are the own ones."""
    return question.owner_id is not None or may_everywhere(user, Act.VIEW_QUESTIONS)


def searched(rows: QuerySet[Question], typed: str) -> QuerySet[Question]:
    """The rows that have all the words, or words that begin so."""
    words = words_asked(typed)
    if not words:
        return rows
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
    found = Question.objects.of_the_bank().annotate(words=SearchVector("folded", config="simple"))
    # A limit that nothing reaches keeps PostgreSQL from reading all rows by number until enough have a rare word.
    return rows.filter(pk__in=found.filter(words=query).order_by().values("pk")[:MOST_FOUND])


def text_of(question: Question) -> Mapping[str, str]:
    """The text by language: as it is in force, else as it is written. Reads `published`."""
    content = question.published.content if question.published else (question.draft or {})["content"]
    texts: Mapping[str, str] = content["text"]
    return texts


def excerpt_of(question: Question, letters: int = SHOWN_LETTERS) -> str:
    """The first words, in the reader's language where there are any."""
    return Truncator(" ".join(in_language(text_of(question)).split())).chars(letters) or "–"


def languages_missing(content: Mapping[str, Any]) -> list[Any]:
    """The names of the languages in which any text of the content is missing."""
    return [name for language, name in LANGUAGES.items() if _lacks(content, language)]


def _lacks(content: Any, language: str) -> bool:
    if isinstance(content, list):
        return any(_lacks(one, language) for one in content)
    if not isinstance(content, dict):
        return False
    if content and content.keys() <= LANGUAGES.keys():
        return language not in content
    return any(_lacks(one, language) for one in content.values())


def draft_of(question: Question) -> Draft:
    """What is being edited. Raises TypeError for a question of a quiz page, which has none."""
    stored = question.draft
    if stored is None:
        raise TypeError("a question of a quiz is edited on its page")
    return Draft(stored["kind"], stored["content"], stored["key"])


def version_as_draft(version: QuestionVersion) -> Draft:
    return Draft(version.kind, version.content, version.key)


def marked_by(draft: Draft) -> StoredQuestion:
    """A question that is no version yet, as an object that reads and marks responses; generated values are those of one attempt."""
    one = StoredQuestion(
        0,
        0,
        QuestionKind(draft.kind),
        draft.content,
        draft.key,
        question_of(draft.kind, draft.content, draft.key),
    )
    return with_values(one, Chance(0)) if draft.content.get("variables") else one


def versions_of(question: Question) -> list[QuestionVersion]:
    """The versions, the newest first, with their `number`, from 1."""
    rows = list(question.versions.order_by("pk"))
    for number, row in enumerate(rows, start=1):
        row.number = number  # type: ignore[attr-defined]
    return rows[::-1]


def events_of(question: Question) -> QuerySet[ModelLogEntry]:
    """What was done to the question and by whom, the newest first."""
    entries = ModelLogEntry.objects.for_instance(question).select_related("user")
    return entries.order_by("-timestamp", "-pk")[:MOST_EVENTS]


def numbers_of_versions(keys: Collection[str]) -> dict[str, str]:
    """The number of each version within its question, from 1, by its key as text. One query."""
    until = QuestionVersion.objects.filter(question=OuterRef("question"), pk__lte=OuterRef("pk")).order_by()
    count = until.values("question").annotate(count=Count("pk")).values("count")
    rows = QuestionVersion.objects.filter(pk__in=keys).annotate(number=Subquery(count))
    return {str(key): format_number(number) for key, number in rows.values_list("pk", "number")}


def attempts_asking(versions: Sequence[QuestionVersion]) -> QuerySet[Attempt]:
    """The attempts in which any of the versions was asked."""
    return Attempt.objects.filter(versions__overlap=[version.pk for version in versions])


def written_by(hands: Collection[int]) -> Q:
    """What one of these logins wrote or wrote last, or a deputy of theirs at that time: they do not decide about it."""
    act = Act.WRITE_QUESTIONS
    return (
        Q(author__in=hands)
        | Q(changed_by__in=hands)
        | Q(done_for(hands, act, by="author", at="written_at"))
        | Q(done_for(hands, act, by="changed_by", at="changed_at"))
    )


def reviews_waiting_for(user: User) -> QuerySet[Question]:
    """What `user` may publish and is expected to, the oldest first: written by others.

    The questions of a center go to its own people; the ministry is asked where there is no one else than who wrote them.
    """
    under_review = Question.objects.of_the_bank().filter(state=QuestionState.REVIEW)
    rows: QuerySet[Question] = fenced(under_review, user=user, act=Act.PUBLISH_QUESTIONS)
    rows = rows.exclude(written_by(hands_shown(user))).order_by("submitted_at", "pk")
    if may_everywhere(user, Act.PUBLISH_QUESTIONS):
        rows = rows.filter(Q(owner=None) | ~_has_own_publisher())
    return rows


def _has_own_publisher() -> Exists:
    """Whether somebody of the center, or its governorate, may publish what two others wrote: an independent second person."""
    held = Membership.objects.current().able_to(Act.PUBLISH_QUESTIONS)
    place = Q(scope=MembershipScope.CENTER, center=OuterRef("owner")) | Q(
        scope=MembershipScope.GOVERNORATE, governorate=OuterRef("owner__governorate")
    )
    return Exists(independent(held.filter(place), "author", "changed_by"))


def drafts_of(user: User) -> QuerySet[Question]:
    """What `user` wrote, or wrote last, and has not submitted, the oldest first; without what was sent back and has to be changed."""
    rows = Question.objects.of_the_bank().filter(state=QuestionState.DRAFT, sent_back="")
    hands = acting_as_shown(user)
    mine = rows.filter(Q(author__in=hands) | Q(changed_by__in=hands))
    return fenced(mine, user=user, act=Act.WRITE_QUESTIONS).order_by("pk")


def fault_in(draft: Draft) -> DraftHasFault | None:
    """Why a draft is not ready for a review: reviewers have nothing to decide about yet."""
    try:
        question_of(*draft)
    except InvalidQuestion:
        return DraftHasFault(fault=str(CANNOT_BE_MARKED))
    if draft.kind == QuestionKind.HOTSPOT and not draft.content.get("alt"):
        return DraftHasFault(fault=str(ALT_MISSING))
    # Of what is there in no language, that of the other one cannot be shown.
    if len(languages_missing({name: part for name, part in draft.content.items() if name != "alt"})) == len(
        LANGUAGES
    ):
        return DraftHasFault(fault=str(NOT_WHOLE))
    return None


def sent_back_to(user: User) -> QuerySet[Question]:
    """What a reviewer sent back to `user`, who wrote it."""
    rows = Question.objects.of_the_bank().filter(state=QuestionState.DRAFT).exclude(sent_back="")
    hands = acting_as_shown(user)
    mine = rows.filter(Q(author__in=hands) | Q(changed_by__in=hands))
    return fenced(mine, user=user, act=Act.WRITE_QUESTIONS).order_by("pk")
