"""Verification of the PDF of a skills passport: genuine, and not reported as a certificate."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center
from certificates.codes import display_code
from certificates.enums import LookupResult, LookupVia, Reason
from certificates.models import Credential, Lookup, Passport
from certificates.services.keys import mark_compromised
from certificates.services.passports import withdraw_passport
from tests.certificates.passport_data import NAME, file_of, held_in
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import revoke
from tests.factories.sharing import passported


@pytest.fixture
def passport(center: Center) -> Passport:
    return passported(held_in(center)).passport


def dropped(pdf: bytes, *, language: str = "en") -> tuple[str, str]:
    """The verdict and the page about a file."""
    file = SimpleUploadedFile("passport.pdf", pdf, "application/pdf")
    page = Client().post(f"/{language}/verify/file/", {"file": file}).content.decode()
    return page.partition('data-verdict="')[2].partition('"')[0], page


def test_a_passport_is_genuine_and_the_page_explains_where_to_see_the_status_today(passport: Passport):
    verdict, page = dropped(file_of(passport))

    assert verdict == "passport"
    assert "This skills passport is genuine" in page
    assert "scan the square on it" in page
    assert "Do not rely" not in page
    # The file has the name of the holder; the page does not show it.
    assert NAME not in page
    assert [(one.result, one.via, one.code) for one in Lookup.objects.all()] == [
        (LookupResult.VALID, LookupVia.FILE, "")
    ]


def test_a_passport_whose_certificate_was_revoked_is_not_called_good(passport: Passport):
    credential = Credential.objects.get()
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)

    _verdict, page = dropped(file_of(passport))

    assert "not all in it is in force" in page
    assert "This skills passport is genuine</" not in page
    assert display_code(credential.code) in page
    assert "revoked" in page.partition("The certificates in it today")[2]


def test_a_withdrawn_passport_is_ours_and_no_longer_good(passport: Passport):
    withdraw_passport(passport_id=passport.pk, by=passport.made_by)

    verdict, page = dropped(file_of(passport))

    assert verdict == "passport"
    assert "This skills passport was withdrawn" in page
    assert "This skills passport is genuine" not in page


def test_a_passport_is_good_until_its_last_moment(passport: Passport, monkeypatch: pytest.MonkeyPatch):
    now = passport.expires_at + dt.timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: now)

    _verdict, page = dropped(file_of(passport))

    assert "This skills passport has expired" in page
    assert Lookup.objects.get().result == LookupResult.EXPIRED


def test_a_changed_passport_is_altered(passport: Passport):
    pdf = bytearray(file_of(passport))
    pdf[len(pdf) // 2] ^= 1

    verdict, _page = dropped(bytes(pdf))

    assert verdict == "altered"


def test_a_registered_passport_is_genuine_after_its_key_was_compromised(passport: Passport):
    mark_compromised(key_id=passport.key_id, since=timezone.now(), by=None)

    verdict, _page = dropped(file_of(passport))

    assert verdict == "passport"


def test_the_answer_about_a_passport_is_in_arabic(passport: Passport):
    _verdict, page = dropped(file_of(passport), language="ar")

    assert "جواز المهارات هذا أصلي" in page
