"""The link of a skills passport shows the status of today, and ends when the passport is withdrawn."""

import datetime as dt
import hashlib
import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import Center, Consent
from certificates.enums import LinkResult, LookupResult, Reason
from certificates.errors import NotYours
from certificates.models import Credential, Passport, ShareLink
from certificates.services.passports import PURPOSE, withdraw_passport, withdraw_passport_consent
from certificates.services.sharing import make_passport_link
from tests.certificates.passport_data import NAME, file_of, held_in, officer_of, shared_page
from tests.database_owner import trigger_disabled
from tests.factories.certificates import built_in_template, issued, revoke
from tests.factories.courses import CohortFactory
from tests.factories.sharing import holder_of, linked, passported, token_of


@pytest.fixture
def credential(center: Center) -> Credential:
    return held_in(center)


def test_its_page_shows_the_status_of_today_and_the_snapshot_does_not_change(
    center: Center, credential: Credential
):
    made = passported(credential)
    before = (made.passport.claims, made.passport.sha256)

    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer_of(center))

    status, page = shared_page(token_of(made.link))
    assert status == 200
    assert f'data-result="{LookupResult.REVOKED}"' in page
    passport = Passport.objects.get(pk=made.passport.pk)
    assert (passport.claims, passport.sha256) == before
    assert passport.claims["credentials"][0]["standing"] == LookupResult.VALID
    assert hashlib.sha256(file_of(passport)).hexdigest() == passport.sha256


def test_its_page_gives_both_files(credential: Credential):
    made = passported(credential)
    token = token_of(made.link)

    pdf, data = (
        Client().get(reverse("certificates:shared_passport", args=[token, form])) for form in ("pdf", "json")
    )

    assert b"".join(pdf) == file_of(made.passport)
    assert json.loads(data.content)["jws"] == made.passport.token
    assert "noindex" in data["X-Robots-Tag"]


def test_a_link_to_certificates_gives_no_passport(credential: Credential):
    passported(credential)
    token = token_of(linked(credential))

    assert Client().get(reverse("certificates:shared_passport", args=[token, "pdf"])).status_code == 404


def test_withdrawn_consent_ends_every_passport_and_link_and_the_page_says_so(credential: Credential):
    first, second = passported(credential), passported(credential)
    further = make_passport_link(passport_id=first.passport.pk, days=1, by=holder_of(credential))
    of_certificate = linked(credential)
    client = Client()
    client.force_login(holder_of(credential))

    client.post(reverse("certificates:withdraw_consent"))

    for link in (first.link, second.link, further):
        status, page = shared_page(token_of(link))
        assert status == 410
        assert f'data-link="{LinkResult.WITHDRAWN}"' in page
        assert NAME not in page
        file = Client().get(reverse("certificates:shared_passport", args=[token_of(link), "pdf"]))
        assert file.status_code == 410
    assert Consent.objects.get(purpose=PURPOSE).withdrawn_at is not None
    assert shared_page(token_of(of_certificate))[0] == 200


def test_consent_withdrawn_elsewhere_is_withdrawn_here(credential: Credential):
    made = passported(credential)

    Consent.objects.filter(purpose=PURPOSE).update(withdrawn_at=timezone.now())

    assert shared_page(token_of(made.link))[0] == 410


def test_one_passport_is_withdrawn_and_another_stays(credential: Credential):
    first, second = passported(credential), passported(credential)

    withdraw_passport(passport_id=first.passport.pk, by=holder_of(credential))

    assert shared_page(token_of(first.link))[0] == 410
    assert shared_page(token_of(second.link))[0] == 200


def test_a_link_ends_with_its_passport_at_the_latest(credential: Credential):
    made = passported(credential, days=30)
    link = make_passport_link(passport_id=made.passport.pk, days=30, by=holder_of(credential)).link

    assert link.expires_at <= made.passport.expires_at
    assert made.link.link.expires_at == made.passport.expires_at
    assert made.passport.expires_at - made.passport.made_at == dt.timedelta(days=30)


def test_only_the_holder_withdraws(center: Center, credential: Credential):
    made = passported(credential)
    stranger = holder_of(issued(CohortFactory(center=center)))

    with pytest.raises(NotYours):
        withdraw_passport(passport_id=made.passport.pk, by=stranger)
    with pytest.raises(NotYours):
        withdraw_passport_consent(holder=credential.holder, by=stranger)
    assert shared_page(token_of(made.link))[0] == 200


def test_a_passport_is_never_changed_nor_deleted(credential: Credential):
    passport = passported(credential).passport

    for change in ({"claims": {}}, {"token": "x"}, {"expires_at": timezone.now() + dt.timedelta(days=999)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Passport.objects.filter(pk=passport.pk).update(**change)
    withdraw_passport(passport_id=passport.pk, by=holder_of(credential))
    with pytest.raises(IntegrityError), transaction.atomic():
        Passport.objects.filter(pk=passport.pk).update(withdrawn_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShareLink.objects.all().delete()
        Passport.objects.filter(pk=passport.pk).delete()


def test_making_and_withdrawing_is_logged(credential: Credential):
    passport = passported(credential).passport
    withdraw_passport(passport_id=passport.pk, by=holder_of(credential))

    entries = ModelLogEntry.objects.filter(
        object_id=str(passport.pk), action__startswith="certificates.passport"
    )
    assert [entry.action for entry in entries.order_by("pk")] == [
        "certificates.passport.make",
        "certificates.passport.withdraw",
    ]
    assert entries.order_by("pk")[0].data["certificates"] == [credential.number]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_passports_asks_as_often_for_many_as_for_one(
    credential: Credential, number: int, django_assert_num_queries
):
    for _passport in range(number):
        passported(credential)
    client = Client()
    client.force_login(holder_of(credential))
    client.get(reverse("certificates:passports"))

    # The session, the login and its person, the site and its identity, how many, the list.
    with django_assert_num_queries(8):
        page = client.get(reverse("certificates:passports")).content.decode()

    assert page.count("<article") == number


def test_the_page_of_a_passport_shows_no_document_no_mark_and_no_attendance(credential: Credential):
    """As its consent says; a link to the certificate itself shows what is printed."""
    claims = {
        **credential.claims,
        "identity": {"kind": "national_id", "last4": "7719"},
        "score_percent": "83.25",
    }
    with trigger_disabled(Credential._meta.db_table):
        Credential.objects.filter(pk=credential.pk).update(
            claims={**claims, "attendance_percent": "91.75"}, design=built_in_template("supplement").design()
        )
    credential.refresh_from_db()
    secrets = ("7719", "83.25", "83٫25", "٨٣٫٢٥", "91.75", "٩١٫٧٥")

    _status, of_passport = shared_page(token_of(passported(credential).link))
    _status, of_link = shared_page(token_of(linked(credential)))

    assert [secret for secret in secrets if secret in of_passport] == []
    assert [secret for secret in secrets if secret in of_link] != []
