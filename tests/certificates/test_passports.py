"""A skills passport holds what its holder agreed to show, says so under a signature, and is withdrawn at once."""

import datetime as dt
import hashlib
import json
import re
from pathlib import Path

import jwt
import pymupdf
import pypdfium2
import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import Center, Consent
from accounts.services import register_national_id
from certificates.enums import KeyRole, LinkResult, LookupResult, Reason
from certificates.errors import ConsentMissing, NotYours, PassportsNotReady, TooManyPassports
from certificates.jose import NotAuthentic
from certificates.models import Credential, Passport, ShareLink, SigningKey
from certificates.openbadges.did import did_of, key_url
from certificates.passports.content import SCHEMA_FILE, hours_in, schema_address
from certificates.passports.drawing import PassportPaper, draw_passport
from certificates.passports.signed import FILE_NAME, TYPE, read_passport
from certificates.queries import active_key, seal_trust
from certificates.sealing import Coverage, Verdict, examine
from certificates.services import (
    make_passport,
    make_passport_link,
    revoke,
    withdraw_passport,
    withdraw_passport_consent,
)
from certificates.services.passports import MOST_PASSPORTS_A_DAY, PURPOSE, TEXT_VERSION
from certificates.services.signers import forget_signers
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import completed_enrollment, issued, issued_for
from tests.factories.courses import CohortFactory
from tests.factories.sharing import holder_of, linked, passported, token_of
from typesetting.lint import lint

SITE = "http://localhost:8000"
NAME = "عبد الرحمن محمد لؤي الأشموني"


@pytest.fixture
def credential(center: Center) -> Credential:
    person = PersonFactory(full_name_ar=NAME, full_name_en="Abdelrahman Mohamed Loay El-Ashmouni")
    return issued(CohortFactory(center=center), person=person)


def another_of(credential: Credential, center: Center) -> Credential:
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort, person=credential.holder)
    return issued_for(cohort)


def officer_of(center: Center):
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


def file_of(passport: Passport) -> bytes:
    with storages["private"].open(passport.path) as file:
        return file.read()


def shared_page(token: str) -> "tuple[int, str]":
    answer = Client().get(reverse("certificates:shared", args=[token]))
    return answer.status_code, answer.content.decode()


def published_key() -> SigningKey:
    key = active_key(KeyRole.CREDENTIAL)
    assert key is not None
    return key


# --- Made under consent ------------------------------------------------------------------------------------------


def test_a_holder_reads_agrees_and_gets_a_passport(credential: Credential):
    passported(credential)
    client = Client()
    client.force_login(holder_of(credential))
    with translation.override("ar"):
        text = render_to_string("certificates/passport_consent.html", {"version": TEXT_VERSION})

    form = client.get(reverse("certificates:new_passport")).content.decode()
    answer = client.post(
        reverse("certificates:new_passport"),
        {"credentials": [credential.public_id], "days": 90, "is_agreed": "on"},
    )

    assert re.sub(r"\s+", " ", text).strip() in re.sub(r"\s+", " ", form)
    assert re.search(rf'value="{credential.public_id}"[^>]* checked', form)
    assert "/s/" in answer.content.decode()
    consent = Consent.objects.get(person=credential.holder, purpose=PURPOSE)
    assert (consent.text_version, consent.withdrawn_at) == (TEXT_VERSION, None)
    assert Passport.objects.first().consent == consent


def test_nothing_is_made_without_consent(credential: Credential):
    client = Client()
    client.force_login(holder_of(credential))

    client.post(reverse("certificates:new_passport"), {"credentials": [credential.public_id], "days": 90})
    with pytest.raises(ConsentMissing):
        make_passport(
            holder=credential.holder,
            credential_ids=[credential.pk],
            days=90,
            is_agreed=False,
            by=holder_of(credential),
        )

    assert not Passport.objects.exists()
    assert not Consent.objects.filter(purpose=PURPOSE).exists()


def test_a_changed_consent_text_needs_a_new_version():
    """When this fails, raise TEXT_VERSION with the text: older consents were given to other words."""
    template = Path("templates/certificates/passport_consent.html").read_text()

    assert (TEXT_VERSION, hashlib.sha256(template.encode()).hexdigest()[:16]) == (
        "2026-11",
        "82af48b3c5a89580",
    )


def test_nobody_makes_a_passport_of_what_others_hold(center: Center, credential: Credential):
    other = issued(CohortFactory(center=center))

    for holder, chosen in ((credential.holder, [other.pk]), (other.holder, [other.pk])):
        with pytest.raises(NotYours):
            make_passport(
                holder=holder, credential_ids=chosen, days=90, is_agreed=True, by=holder_of(credential)
            )


def test_a_certificate_that_is_not_in_force_is_not_offered(center: Center, credential: Credential):
    revoked = another_of(credential, center)
    revoke(credential_id=revoked.pk, reason=Reason.FRAUD, note="", by=officer_of(center))
    client = Client()
    client.force_login(holder_of(credential))

    form = client.get(reverse("certificates:new_passport")).content.decode()

    assert str(credential.public_id) in form
    assert str(revoked.public_id) not in form


def test_passports_of_a_day_are_bounded(credential: Credential):
    for _number in range(MOST_PASSPORTS_A_DAY):
        passported(credential)

    with pytest.raises(TooManyPassports):
        passported(credential)


def test_without_keys_the_holder_is_told_and_nothing_is_kept(credential: Credential):
    SigningKey.objects.update(retired_at=timezone.now())
    forget_signers()

    with pytest.raises(PassportsNotReady):
        make_passport(
            holder=credential.holder,
            credential_ids=[credential.pk],
            days=90,
            is_agreed=True,
            by=holder_of(credential),
        )

    assert not Consent.objects.filter(purpose=PURPOSE).exists()


# --- What it says and who signed it ------------------------------------------------------------------------------


def test_it_says_what_the_certificates_say(credential: Credential):
    facts = passported(credential).passport.facts

    entry = facts["credentials"][0]
    assert (facts["holder"]["name_ar"], entry["name_ar"]) == (NAME, NAME)
    assert entry["program_ar"] == credential.facts["program_ar"]
    assert entry["isco_08"] == (credential.facts["occupation_code"] or None)
    assert (entry["number"], entry["code"]) == (credential.number, credential.code)
    assert (entry["hours"], facts["hours"]) == (credential.facts["hours"],) * 2


def test_it_never_says_the_identity_number(center: Center):
    person = PersonFactory(full_name_ar=NAME)
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    register_national_id(person_id=person.pk, number="29001011234567", by=manager)
    credential = issued(CohortFactory(center=center), person=person)
    assert credential.facts["identity"]["last4"] == "4567"

    passport = passported(credential).passport

    said = json.dumps(passport.facts)
    with pymupdf.open(stream=file_of(passport)) as document:
        printed = document[0].get_text()
    assert "identity" not in said
    assert "29001011234567" not in said + printed
    assert "••••" not in said + printed


def test_it_has_the_members_of_its_schema_and_no_others(credential: Credential):
    schema = json.loads(SCHEMA_FILE.read_text())

    facts = passported(credential).passport.facts

    served = Client().get(facts["$schema"].removeprefix(SITE))
    assert facts["$schema"] == schema_address(SITE)
    assert json.loads(served.content) == schema
    for value, part in (
        (facts, schema),
        (facts["issuer"], schema["properties"]["issuer"]),
        (facts["holder"], schema["properties"]["holder"]),
        (facts["consent"], schema["properties"]["consent"]),
        (facts["credentials"][0], schema["properties"]["credentials"]["items"]),
    ):
        assert set(value) == set(part["required"]) == set(part["properties"])


def test_hours_of_one_program_count_once():
    entries = [
        {"program_code": "EL-1", "program_ar": "أ", "hours": 240},
        {"program_code": "EL-1", "program_ar": "أ", "hours": 240},
        {"program_code": "PL-2", "program_ar": "ب", "hours": 120},
    ]

    assert hours_in(entries) == 360


def test_the_signed_form_verifies_with_pyjwt(credential: Credential):
    passport = passported(credential).passport
    key = published_key()

    claims = jwt.decode(
        passport.token,
        key.public_key,
        algorithms=["ES256"],
        issuer=did_of(SITE),
        options={"require": ["exp", "iat"]},
    )

    head = jwt.get_unverified_header(passport.token)
    assert (head["alg"], head["typ"]) == ("ES256", TYPE)
    assert head["kid"] == key_url(did_of(SITE), key.key_id)
    assert claims["credentials"] == passport.facts["credentials"]
    assert claims["jti"] == f"urn:uuid:{passport.public_id}"


def test_a_changed_signed_form_is_refused(credential: Credential):
    token = passported(credential).passport.token
    key = published_key()
    head, payload, signature = token.split(".")
    changed = payload[:40] + ("A" if payload[40] != "A" else "B") + payload[41:]

    for forged in (
        f"{head}.{changed}.{signature}",
        f"{head}.{payload}.{signature[:-4]}AAAA",
        f"{head}.{payload}.",
    ):
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(forged, key.public_key, algorithms=["ES256"])


def test_our_reader_takes_only_passports_of_published_keys(credential: Credential):
    passport = passported(credential).passport
    key = published_key()
    public_key = key.loaded_public_key()
    kid = key_url(did_of(SITE), key.key_id)

    assert read_passport(passport.token, keys={kid: public_key}) == passport.facts
    with pytest.raises(NotAuthentic):
        read_passport(passport.token, keys={})


# --- The paper ---------------------------------------------------------------------------------------------------


def test_the_paper_is_sealed_and_carries_its_content(credential: Credential):
    passport = passported(credential).passport

    pdf = file_of(passport)

    assert (hashlib.sha256(pdf).hexdigest(), len(pdf)) == (passport.sha256, passport.size)
    reading = examine(pdf, seal_trust())
    assert lint(pdf) == []
    assert (reading.verdict, reading.coverage) == (Verdict.INTACT, Coverage.WHOLE_FILE)
    with pymupdf.open(stream=pdf) as document:
        attached = json.loads(document.embfile_get(0))
        assert document.embfile_names() == [FILE_NAME]
    assert attached["passport"] == passport.facts
    assert attached["jws"] == passport.token


@pytest.mark.parametrize("reader", ["pdfium", "mupdf"])
def test_arabic_names_are_read_back_from_the_paper(credential: Credential, reader: str):
    pdf = file_of(passported(credential).passport)

    if reader == "pdfium":
        text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    else:
        with pymupdf.open(stream=pdf) as document:
            text = document[0].get_text()
    assert NAME in text.splitlines()
    assert credential.holder.full_name_en in text.splitlines()
    assert credential.number in text


def test_many_certificates_take_several_pages(credential: Credential):
    facts = passported(credential).passport.facts
    (entry,) = facts["credentials"]
    entries = [{**entry, "number": f"CAI-03/2026/{number:06d}"} for number in range(40)]
    paper = PassportPaper(
        content={**facts, "credentials": entries}, file=b"{}", share_address=SITE, seal_size=4000
    )

    pdf = draw_passport(paper)

    pages = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert len(pages) > 1
    assert [one["number"] for one in entries if one["number"] not in text] == []
    assert lint(pdf) == []


def test_the_same_passport_gives_the_same_bytes(credential: Credential):
    facts = passported(credential).passport.facts
    paper = PassportPaper(content=facts, file=b"{}", share_address=SITE, seal_size=4000)

    assert draw_passport(paper) == draw_passport(paper)


# --- Shared, standing of today, withdrawn ------------------------------------------------------------------------


def test_its_page_tells_the_standing_of_today_and_the_snapshot_stays(center: Center, credential: Credential):
    made = passported(credential)
    before = (made.passport.facts, made.passport.sha256)

    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer_of(center))

    status, page = shared_page(token_of(made.link))
    assert status == 200
    assert f'data-result="{LookupResult.REVOKED}"' in page
    passport = Passport.objects.get(pk=made.passport.pk)
    assert (passport.facts, passport.sha256) == before
    assert passport.facts["credentials"][0]["standing"] == LookupResult.VALID
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

    for change in ({"facts": {}}, {"token": "x"}, {"expires_at": timezone.now() + dt.timedelta(days=999)}):
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
    with django_assert_num_queries(7):
        page = client.get(reverse("certificates:passports")).content.decode()

    assert page.count("<article") == number
