"""Merging two records in a browser: on a phone everything fits, axe finds nothing, and a certificate follows in a transaction of its own."""

import pytest
from django.db import DatabaseError
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person, User
from accounts.services.notes import add_note
from certificates.models import Credential
from tests.browser_pages import DESK, PHONE, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.browser("two tables of the workplace on a phone, in a transaction of its own"),
    pytest.mark.django_db(transaction=True),
]


# The workplace scrolls inside its window: a high one shows the whole page.
HIGH = {"height": 1700}


@pytest.mark.parametrize("viewport", [PHONE | HIGH, DESK | HIGH], ids=["phone", "desk"])
def test_two_records_are_compared_and_merged(
    browser: Browser, live_server: LiveServer, superuser: User, viewport: dict[str, int]
):
    bundle()
    size = "phone" if viewport["width"] == PHONE["width"] else "desk"
    other = issued(CohortFactory()).holder
    kept = PersonFactory(registered_at=other.registered_at)
    name = {"full_name_ar": "زينب عبدالعظيم حسنين محمود", "folded_name": "زينب عبدالعظيم حسنين محمود"}
    Person.objects.filter(pk__in=(kept.pk, other.pk)).update(**name)
    TraineeFactory(person=kept, phone="+201212345678")
    add_note(person_id=other.pk, text="تحتاج خطًا كبيرًا، وتفضّل الحصص الصباحية.", by=superuser)
    page = entered(browser, live_server.url, superuser, viewport=viewport, locale="ar").new_page()

    page.goto(f"{live_server.url}{reverse('person:merge_choose', args=[kept.pk])}")
    keep(page, f"merge-choose-{size}-ar")
    found = findings(page, "main")
    page.get_by_role("link", name="قارن").first.click()
    merge = page.get_by_role("button", name="دمج", exact=True)
    expect(merge).to_be_visible()
    keep(page, f"merge-compare-{size}-ar")
    found += findings(page, "main")
    page.locator("#id_reason").fill("حضرت بالبطاقة")
    merge.click()
    expect(page.get_by_role("heading", name="سجلات مدموجة")).to_be_visible()
    # Without the message, which fades in.
    page.reload()
    keep(page, f"merged-person-{size}-ar")
    found += findings(page, "main")
    page.get_by_role("link", name="تراجع").first.click()
    expect(page.get_by_role("heading", name="ما يعود")).to_be_visible()
    keep(page, f"merge-undo-{size}-ar")
    found += findings(page, "main")

    assert found == []
    assert Credential.objects.get().holder == kept
    assert Person.everyone.get(pk=other.pk).merged_into == kept
    # The merge was another transaction.
    with pytest.raises(DatabaseError, match="never changed"):
        Credential.objects.update(holder=other)
