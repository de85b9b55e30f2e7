"""Pages: drafts of the reader, and drafts that wait for the reader's decision."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, WorkflowState
from wagtail.permissions import policy_registry

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_since
from courses.models.reviews import TakenOffline
from courses.queries.reviews import WaitingReview, reviews_waiting_for

_STATES = {
    WorkflowState.STATUS_IN_PROGRESS: gettext_lazy("waits for its review"),
    WorkflowState.STATUS_NEEDS_CHANGES: gettext_lazy("returned: read the comment"),
}


class OwnDrafts(Work):
    """What the reader wrote last and is not published, returned drafts before the others."""

    name = "drafts"
    title = gettext_lazy("Your drafts")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})
    act = Act.EDIT_CONTENT
    order = 50

    def rows(self, user: User) -> QuerySet[Page]:
        states = WorkflowState.objects.filter(object_id=Cast(OuterRef("pk"), CharField()))
        states = states.filter(base_content_type=OuterRef("latest_revision__base_content_type"))
        pages = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")
        return (
            pages.filter(has_unpublished_changes=True, latest_revision__user=user)
            .annotate(
                review=Subquery(states.order_by("-created_at", "-pk").values("status")[:1]),
                is_returned=Q(review=WorkflowState.STATUS_NEEDS_CHANGES),
            )
            .order_by("-is_returned", "latest_revision_created_at", "pk")
        )

    def line(self, row: Any) -> WorkItem:
        return WorkItem(
            row.draft_title,
            reverse("wagtailadmin_pages:edit", args=[row.pk]),
            str(_STATES.get(row.review, _("not submitted"))),
            format_since(row.latest_revision_created_at),
        )


class Reviews(Work):
    name = "reviews"
    title = gettext_lazy("Drafts waiting for your review")
    roles = frozenset({RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})
    act = Act.PUBLISH_CONTENT
    order = 25

    def rows(self, user: User) -> Sequence[WaitingReview]:
        return reviews_waiting_for(user)

    def line(self, row: WaitingReview) -> WorkItem:
        owner = row.owner or _("The ministry")
        return WorkItem(
            row.title,
            reverse("content_review", args=[row.state.pk]),
            " · ".join(str(part) for part in (row.submitted_by, owner) if part),
            format_since(row.since),
        )


class KeptOffline(Work):
    """Pages of the center that the ministry took offline: it publishes them again, after a change."""

    name = "kept-offline"
    title = gettext_lazy("Pages that the ministry took offline")
    help = gettext_lazy("Read why, change the draft and submit it. The ministry reviews it.")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER})
    act = Act.EDIT_CONTENT
    order = 26

    def rows(self, user: User) -> QuerySet[Page]:
        kept = TakenOffline.objects.filter(translation_key=OuterRef("translation_key"), published_at=None)
        pages = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")
        kept_reason, since = kept.values("reason")[:1], kept.values("at")[:1]
        pages = pages.annotate(kept_reason=Subquery(kept_reason), kept_since=Subquery(since))
        return pages.filter(kept_reason__isnull=False).order_by("kept_since", "pk")

    def line(self, row: Any) -> WorkItem:
        return WorkItem(
            row.draft_title,
            reverse("wagtailadmin_pages:edit", args=[row.pk]),
            row.kept_reason,
            format_since(row.kept_since),
        )
