"""Questions as they were asked, with their keys, and what regrades change: for those who correct keys."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.urls import reverse
from wagtail.models import Page
from wagtail.permissions import policy_registry

from accounts.enums import Act, MembershipScope
from accounts.models import User
from accounts.scoping import fenced, memberships_of_all_with
from accounts.scoping.hands import done_for, hands_shown
from assessment.enums import AttemptState, KeyRule, QuestionKind, RegradePhase
from assessment.models import (
    Attempt,
    AttemptCorrection,
    KeyCorrection,
    KeyOnPage,
    Question,
    QuestionPicture,
    QuestionVersion,
    Regrade,
    RegradeLine,
)
from assessment.queries.keys_in_words import key_in_words
from assessment.queries.questions import StoredQuestion, in_language
from courses.models import Enrollment
from courses.queries.doubts import in_doubt
from jobs.enums import JobState

# Of a list of names.
MOST_NAMES = 5
MOST_PAGES = 50


@dataclass(frozen=True)
class AskedQuestion:
    """A version of a question with what marks it, in words."""

    version: QuestionVersion
    text: str
    key: list[str]
    correction: KeyCorrection | None


def versions_of_quiz(quiz_key: UUID) -> QuerySet[QuestionVersion]:
    """What was asked in a quiz, the newest version first, with the corrections of the keys."""
    corrections = KeyCorrection.objects.select_related("to_version", "by").order_by("-pk")
    rows = QuestionVersion.objects.filter(question__quiz_key=quiz_key).order_by("question_id", "-pk")
    # Written for a correction, and never asked: it is shown as the key of the one that was.
    return rows.exclude(
        pk__in=Regrade.objects.filter(to_version__isnull=False).values("to_version")
    ).prefetch_related(Prefetch("corrections", corrections))


def asked_question(version: QuestionVersion) -> AskedQuestion:
    correction = next(iter(version.corrections.all()), None)
    return AskedQuestion(version, in_language(version.content["text"]), key_in_words(version), correction)


def rule_in_words(rule: str, to_version: QuestionVersion | StoredQuestion | None) -> list[str]:
    """What marks a question by a correction."""
    return [str(KeyRule(rule).label)] if to_version is None else key_in_words(to_version)


def picture_of(version: QuestionVersion) -> str:
    """The picture of a question about places, for a page of staff; empty where it has none. One query at the most."""
    shown = version.content.get("picture")
    if version.kind != QuestionKind.HOTSPOT or not isinstance(shown, dict):
        return ""
    data = bytes(QuestionPicture.objects.get(source=shown["source"]).data)
    return f"data:image/webp;base64,{b64encode(data).decode()}"


def rows_of(regrade: Regrade, *, only: str) -> QuerySet[Any]:
    """What it changed, or would change, by attempt; `only`: of those who pass no more, who completed, who have a certificate in force."""
    rows: QuerySet[Any] = (
        AttemptCorrection.objects.filter(correction__regrade=regrade)
        if regrade.started_by_id
        else RegradeLine.objects.filter(regrade=regrade)
    )
    match only:
        case "passed":
            rows = rows.filter(to_passed=True, from_passed=False)
        case "failed":
            rows = rows.filter(to_passed=False, from_passed=True)
        case "completed":
            rows = rows.filter(has_completed=True)
        case "documents":
            rows = rows.filter(has_document=True)
    return rows.select_related("attempt__enrollment__person", "attempt__enrollment__cohort__center")


def doubts_after(regrade: Regrade) -> int:
    """How many completions are in doubt of those whose attempts it changed."""
    changed = AttemptCorrection.objects.filter(correction__regrade=regrade)
    return in_doubt(Enrollment.objects.filter(pk__in=changed.values("attempt__enrollment"))).count()


@dataclass(frozen=True)
class MarkedLater:
    """Attempts with a question that have no mark yet: they get it by the key that counts then."""

    awaiting: int
    open: int


def marked_later(version_id: int) -> MarkedLater:
    """How many wait for a person's marks of other questions, and how many are being taken. One query."""
    found = Attempt.objects.filter(
        versions__contains=[version_id], state__in=(AttemptState.AWAITING, AttemptState.OPEN)
    ).aggregate(
        awaiting=Count("pk", filter=Q(state=AttemptState.AWAITING)),
        open=Count("pk", filter=Q(state=AttemptState.OPEN)),
    )
    return MarkedLater(**found)


def regrades_to_start(user: User) -> QuerySet[Regrade]:
    """Those that were counted and that somebody else asked for, the oldest first. Of who corrects keys in the whole ministry."""
    counted = Regrade.objects.filter(phase=RegradePhase.PREVIEW, state=JobState.DONE)
    rows: QuerySet[Regrade] = fenced(counted, user=user, act=Act.CORRECT_CONTENT)
    hands = hands_shown(user)
    own = Q(proposed_by__in=hands) | Q(
        done_for(hands, Act.CORRECT_CONTENT, by="proposed_by", at="proposed_at")
    )
    return rows.exclude(own).order_by("proposed_at", "pk")


def who_else_starts(regrade: Regrade) -> list[str]:
    """The names of others than who asked for it who correct keys in the whole ministry, those who run the site among them. One query."""
    held = memberships_of_all_with(Act.CORRECT_CONTENT).filter(scope=MembershipScope.MINISTRY)
    able = Q(pk__in=held.values("user")) | Q(is_superuser=True, is_active=True)
    others = User.objects.filter(able).exclude(pk=regrade.proposed_by_id)
    return [user.get_full_name() for user in others.order_by("display_name", "pk")[:MOST_NAMES]]


# What is still published with a key that was corrected


def corrections_that_count() -> QuerySet[KeyCorrection]:
    """The newest of each version, without those that put its own key in force again."""
    newest = KeyCorrection.objects.order_by("version_id", "-pk").distinct("version_id").values("pk")
    rows = KeyCorrection.objects.filter(pk__in=newest)
    return rows.exclude(rule=KeyRule.KEY, to_version=F("version"))


def bank_questions_with_old_key() -> QuerySet[Question]:
    """Of the bank: those whose version in force has a key that was corrected."""
    return Question.objects.in_force().filter(published__in=corrections_that_count().values("version"))


def keys_to_change_on_pages(user: User) -> QuerySet[KeyOnPage]:
    """Of pages that `user` may edit, the oldest correction first."""
    pages = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")
    rows = KeyOnPage.objects.filter(page__in=pages.values("pk"))
    return rows.select_related("page", "correction__version").order_by("correction_id", "pk")


@dataclass(frozen=True)
class StillPublished:
    """Where an old key still is. `address` is empty where the reader may not edit it."""

    title: str
    address: str


def still_published(regrade: Regrade, user: User) -> list[StillPublished]:
    """The pages, or the question of the bank, that still ask what was corrected; at most 50. Three queries, and one for each page."""
    correction = KeyCorrection.objects.filter(regrade=regrade).first()
    if correction is None:
        return []
    rows = (
        KeyOnPage.objects.filter(correction=correction).select_related("page").order_by("page__title", "pk")
    )
    found = [StillPublished(row.page.title, _address(row.page, user)) for row in rows[:MOST_PAGES]]
    counts = corrections_that_count().filter(pk=correction.pk)
    in_bank = Question.objects.in_force().filter(published__in=counts.values("version"))
    found += [StillPublished(str(one), reverse("bank:inspect", args=[one.pk])) for one in in_bank]
    return found


def _address(page: Page, user: User) -> str:
    may_edit = page.permissions_for_user(user).can_edit()
    return reverse("wagtailadmin_pages:edit", args=[page.pk]) if may_edit else ""
