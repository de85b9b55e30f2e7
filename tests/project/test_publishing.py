"""Scheduled pages are published when due, and a refused one does not block others."""

import datetime as dt
import logging

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from certificates.models import CertificateTemplate
from lms.publishing import publish_due
from tests.factories.certificates import CertificateTemplateFactory
from tests.factories.courses import ProgramPageFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def waiting(*, due: bool = True, **fields: str) -> CertificateTemplate:
    """A draft with an hour to be published at."""
    template = CertificateTemplateFactory(live=False, **fields)
    revision = template.save_revision()
    at = timezone.now()
    revision.approved_go_live_at = at - HOUR if due else at + HOUR
    revision.save(update_fields=["approved_go_live_at"])
    return template


def is_live(template: CertificateTemplate) -> bool:
    template.refresh_from_db()
    return bool(template.live)


def test_a_template_is_published_when_its_hour_has_come():
    due, later = waiting(), waiting(due=False)

    assert publish_due() == 1
    assert is_live(due)
    assert not is_live(later)
    assert publish_due() == 0


def test_one_that_is_refused_becomes_a_draft_again_and_says_why(caplog: pytest.LogCaptureFixture):
    refused, good = waiting(signatory_ar=""), waiting()

    with caplog.at_level(logging.WARNING, logger="lms.publishing"):
        assert publish_due() == 1

    assert is_live(good)
    assert not is_live(refused)
    assert not refused.revisions.filter(approved_go_live_at__isnull=False).exists()
    entry = ModelLogEntry.objects.get(action="lms.publish.refused")
    assert entry.data["why"] in entry.formatter.format_message(entry)
    assert "was not published at its hour" in caplog.text
    assert publish_due() == 0


def test_a_page_is_published_at_its_hour_and_taken_back_at_its_end():
    page = ProgramPageFactory(live=False)
    revision = page.save_revision()
    revision.approved_go_live_at = timezone.now() - HOUR
    revision.save(update_fields=["approved_go_live_at"])
    publish_due()
    page.refresh_from_db()
    assert page.live

    type(page).objects.filter(pk=page.pk).update(expire_at=timezone.now() - HOUR)
    publish_due()

    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)
