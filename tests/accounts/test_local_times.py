"""Hours are those of the place, in spreadsheets as on pages: in summer three hours after UTC, in winter two."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.enums import MembershipScope, RoleName
from accounts.models import User
from media_pipeline.models import Video
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory
from tests.factories.media_pipeline import published_video

pytestmark = pytest.mark.django_db

# 23:30 and 00:30 in Cairo: for UTC two hours of one evening.
SUMMER = dt.datetime(2026, 7, 1, 20, 30, tzinfo=dt.UTC)
WINTER = dt.datetime(2026, 12, 1, 22, 30, tzinfo=dt.UTC)
LOCAL = {SUMMER: "2026-07-01 23:30", WINTER: "2026-12-02 00:30"}


def read(client: Client, address: str) -> tuple[str, str]:
    lines = b"".join(client.get(address, {"export": "csv"})).decode("utf-8-sig")
    book = openpyxl.load_workbook(BytesIO(b"".join(client.get(address, {"export": "xlsx"}))))
    return lines, " ".join(str(cell.value) for row in book.active.rows for cell in row)


@pytest.mark.parametrize("moment", [SUMMER, WINTER])
def test_a_list_that_is_exported_has_local_hours(moment: dt.datetime):
    center = CenterFactory()
    video = published_video(center=center)
    Video.objects.filter(pk=video.pk).update(uploaded_at=moment)
    client = Client()
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user)

    lines, cells = read(client, reverse("captions:missing"))

    assert LOCAL[moment] in lines
    assert "+00:00" not in lines
    assert LOCAL[moment] in cells


@pytest.mark.parametrize("moment", [SUMMER, WINTER])
def test_so_has_a_report_of_wagtails_own(moment: dt.datetime):
    boss: User = UserFactory(is_superuser=True)
    membership = MembershipFactory(role=RoleName.AUDITOR, scope=MembershipScope.MINISTRY, center=None)
    ModelLogEntry.objects.log_action(membership, "wagtail.edit", user=boss, timestamp=moment)
    client = Client()
    client.force_login(boss)

    lines, cells = read(client, reverse("wagtailadmin_reports:site_history"))

    assert LOCAL[moment] in lines
    assert LOCAL[moment] in cells
