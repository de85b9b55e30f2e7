"""Scheduled publishing of pages and certificate templates."""

import logging
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Page, Revision

from accounts.errors import DomainError

logger = logging.getLogger(__name__)


def publish_due() -> int:
    """Publish every revision that is due and unpublish what has expired, each in its own transaction.

    A refused one loses its scheduled time, so that it is a draft again, and its history has the reason. Returns how many were
    published or taken back.
    """
    now = timezone.now()
    changed = sum(
        _take_back(model, pk)
        for model in _models_with_drafts()
        for pk in list(
            model._default_manager.filter(live=True, expire_at__lt=now).values_list("pk", flat=True)
        )
    )
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    return changed + sum(_publish(pk) for pk in list(due.values_list("pk", flat=True)))


def _models_with_drafts() -> list[Any]:
    drafts = [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *drafts]


def _take_back(model: Any, pk: object) -> bool:
    try:
        with transaction.atomic():
            row: Any = (
                model._default_manager.select_for_update(of=("self",), skip_locked=True)
                .filter(pk=pk, live=True)
                .first()
            )
            if row is None:
                return False
            row.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    except Exception:
        logger.exception("%s %s has expired and was not taken back.", model._meta.label, pk)
        return False
    return True


def _publish(pk: int) -> bool:
    """Whether a revision was published. Another error than a refusal leaves it for the next round."""
    try:
        with transaction.atomic():
            waiting = Revision.objects.select_for_update(of=("self",), skip_locked=True)
            revision = waiting.filter(pk=pk, approved_go_live_at__isnull=False).first()
            if revision is None:
                return False
            revision.publish(log_action="wagtail.publish.scheduled")
    except DomainError as refusal:
        logger.warning("Revision %s was not published at its hour: %s", pk, refusal)
        _make_draft_again(pk, refusal)
        return False
    except Exception:
        logger.exception("Revision %s was not published at its hour.", pk)
        return False
    return True


@transaction.atomic
def _make_draft_again(pk: int, refusal: DomainError) -> None:
    revision = Revision.objects.select_for_update().get(pk=pk)
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    row = revision.content_object
    log(row, "lms.publish.refused", data={"why": str(refusal)}, revision=revision, title=str(row))
