"""Invalidates cached pages and rows when rows that visitors read change.

Connected to signals of models, not of the domain, so that every way of writing a row counts. Saving a draft invalidates,
too, which costs little.
"""

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from accounts.models import Center, Governorate, User, VisualIdentity
from accounts.signals import center_changed
from courses.models import ClassSession, Cohort, CompletionRule, SkillLevel
from insights.models import PublicQuarter
from live.models import LiveSession
from lms.generations import invalidate_after_commit
from media_pipeline.models import Video

SHOWN = (
    Page, PageViewRestriction, Site, Locale, get_image_model(), VisualIdentity, Center, Governorate, SkillLevel, Cohort,
    CompletionRule, ClassSession, LiveSession, Video, User, PublicQuarter,
)  # fmt: skip
GONE = (*SHOWN, get_image_model().get_rendition_model())
# Of rows that are written often: the fields that visitors see.
SEEN = {
    User: frozenset({"display_name", "is_active"}),
    LiveSession: frozenset({"state"}),
    Video: frozenset({"published"}),
}


def row_saved(
    instance: Model, *, created: bool, update_fields: frozenset[str] | None, **_kwargs: Any
) -> None:
    seen = SEEN.get(type(instance))
    # A new one of these is not shown before it is named by another row.
    if seen and (created or (update_fields is not None and not seen & update_fields)):
        return
    invalidate_after_commit()


def row_deleted(**_kwargs: Any) -> None:
    invalidate_after_commit()


# By sender, kinds of pages among them: a receiver of deletions of all models would make Django fetch the rows that it deletes.
for model in apps.get_models():
    if issubclass(model, SHOWN):
        post_save.connect(row_saved, sender=model, dispatch_uid="lms.forget_pages_saved")
    if issubclass(model, GONE):
        post_delete.connect(row_deleted, sender=model, dispatch_uid="lms.forget_pages_deleted")


@receiver(m2m_changed, sender=Cohort.instructors.through, dispatch_uid="lms.forget_pages_taught")
@receiver(page_published, dispatch_uid="lms.forget_pages_published")
@receiver(page_unpublished, dispatch_uid="lms.forget_pages_unpublished")
@receiver(post_page_move, dispatch_uid="lms.forget_pages_moved")
@receiver(center_changed, dispatch_uid="lms.forget_pages_center")
def shown_otherwise(**_kwargs: Any) -> None:
    invalidate_after_commit()
