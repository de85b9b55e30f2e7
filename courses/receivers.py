"""Receivers: pages and centers that changed mark search entries as stale, videos that are ready are pinned. Also the pending action of
taking a seat."""

from typing import Any

from django.dispatch import receiver
from django.urls import Resolver404, resolve
from django.utils.translation import get_language, get_language_from_path, gettext, override
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from accounts.errors import DomainError
from accounts.models import Center, Person, User
from accounts.services.pending_actions import PendingAction, register_pending_action
from accounts.signals import center_changed
from courses.models import Cohort
from courses.queries.programs import program_in_language
from courses.queries.requirements import promised_in
from courses.queries.timetable import weeks_of
from courses.services.content import pin_video
from courses.services.enrollments import check_cohort, enroll
from courses.services.reviews import note_publishing
from courses.services.search_index import mark_above, mark_page, mark_places
from media_pipeline.models import PublishedVersion
from media_pipeline.signals import version_published


@receiver(page_published, dispatch_uid="courses.kept_offline")
def page_came_back(instance: Page, **_kwargs: Any) -> None:
    note_publishing(instance)


@receiver(page_published, dispatch_uid="courses.index_published")
@receiver(page_unpublished, dispatch_uid="courses.index_unpublished")
def page_changed(instance: Page, **_kwargs: Any) -> None:
    mark_page(instance)


@receiver(post_page_move, dispatch_uid="courses.index_moved")
def page_moved(instance: Page, parent_page_before: Page, parent_page_after: Page, **_kwargs: Any) -> None:
    """A program, or part of one that now belongs to another."""
    mark_page(instance)
    if parent_page_before != parent_page_after:
        mark_above(parent_page_before)


@receiver(center_changed, dispatch_uid="courses.index_center")
def places_changed(center: Center, **_kwargs: Any) -> None:
    mark_places(center.pk)


@receiver(version_published, dispatch_uid="courses.pin_video")
def video_ready(version: PublishedVersion, **_kwargs: Any) -> None:
    pin_video(version)


@register_pending_action
def seat_chosen(address: str) -> PendingAction | None:
    """The seat that a visitor chose, while it can be had."""
    try:
        # Both languages of a page lead to the same seat.
        with override(get_language_from_path(address) or get_language()):
            found = resolve(address)
    except Resolver404:
        return None
    if found.view_name != "courses:enroll":
        return None
    cohort = (
        Cohort.objects.select_related("program", "center__governorate", "completion_rule")
        .filter(public_id=found.kwargs["cohort"])
        .first()
    )
    program = program_in_language(cohort.program) if cohort else None
    if cohort is None or program is None:
        return None
    try:
        check_cohort(cohort)
    except DomainError:
        return None

    def take(user: User) -> str:
        enroll(person_id=Person.objects.get(user=user).pk, cohort_id=cohort.pk, by=user)
        return gettext("You have a seat. Your lessons are open.")

    facts = {
        "cohort": cohort,
        "program": program,
        "week": weeks_of([cohort]).get(cohort.pk),
        "promised": promised_in(cohort),
    }
    return PendingAction("courses/seat_chosen.html", facts, take)
