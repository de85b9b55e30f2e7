"""Which pages ask a question of the bank by themselves, from Wagtail's reference index and from drafts."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex

from accounts.enums import Act
from accounts.models import ContentOwner, User
from accounts.scoping import centers_where, may_everywhere
from assessment.models import Question, QuizPage

MOST_PAGES = 50


@dataclass(frozen=True)
class AskedOn:
    """A page that asks a question by itself. `address` is empty where the reader may not edit it."""

    title: str
    is_published: bool
    address: str


def pages_asking(question: Question, user: User) -> list[AskedOn]:
    """The quiz pages that name the question, published or as they were written last, by title; at most 50.

    Of them those of the ministry, and of centers whose bank `user` reads. Six queries for any number.
    """
    named = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(Question),
        to_object_id=str(question.pk),
    )
    keys = {int(key) for key in named.values_list("object_id", flat=True)}
    # The index has what is published; a draft is JSON in its revision.
    in_draft = Q(latest_revision__content__questions__regex=rf'"question": {question.pk}[,}}]')
    rows = list(QuizPage.objects.filter(Q(pk__in=keys) | in_draft).order_by("title", "pk")[:MOST_PAGES])
    owners = _owners(rows)
    reads_all = may_everywhere(user, Act.VIEW_QUESTIONS)
    read = set() if reads_all else {center.pk for center in centers_where(user, Act.VIEW_QUESTIONS)}
    shown = [row for row in rows if reads_all or owners[row.pk] is None or owners[row.pk] in read]
    return [AskedOn(row.title, row.live, _address(row, user)) for row in shown]


def _address(page: Page, user: User) -> str:
    may_edit = page.permissions_for_user(user).can_edit()
    return reverse("wagtailadmin_pages:edit", args=[page.pk]) if may_edit else ""


def _owners(pages: list[QuizPage]) -> dict[int, int | None]:
    """The keys of the centers that write the pages, by the keys of these; None for the ministry. Two queries."""
    step = Page.steplen
    above = {page.pk: [page.path[:end] for end in range(step, len(page.path) + 1, step)] for page in pages}
    paths = {path for those in above.values() for path in those}
    keys = dict(Page.objects.filter(path__in=paths).values_list("path", "translation_key"))
    owners = dict(
        ContentOwner.objects.filter(translation_key__in=keys.values()).values_list(
            "translation_key", "center"
        )
    )
    return {
        pk: next((owners[keys[path]] for path in those if keys[path] in owners), None)
        for pk, those in above.items()
    }
