"""Lists of codes, the badge, and the pages of replaced and renewed certificates."""

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import RoleName
from accounts.models import Center
from accounts.services.formatting import format_datetime
from accounts.services.people import correct_person
from certificates.codes import check_symbol, display_code
from certificates.enums import LookupVia, Reason
from certificates.models import Credential, Lookup, SigningKey
from certificates.services.deciding import approve
from certificates.services.list_verification import MOST_CODES, codes_in
from certificates.services.proposing import propose_correction
from certificates.services.rate_limits import RATE_LIMITS
from tests.courses.seats.clock import at
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    issued,
    revoke,
)
from tests.factories.courses import CohortFactory

ADDRESS = "/en/verify/list/"
UNKNOWN = "1" * 12 + check_symbol("1" * 12)


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


def revoked(center: Center) -> Credential:
    credential = issued(CohortFactory(center=center))
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    return credential


def asked(client: Client, text: str, **more: object) -> str:
    return client.post(ADDRESS, {"codes": text, **more}).content.decode()


def test_pasted_codes_are_answered_in_their_order(client: Client, credential: Credential, center: Center):
    ended = revoked(center)

    page = asked(client, f"{display_code(ended.code)}\n{UNKNOWN}\nnonsense\n{credential.code.lower()}")

    places = [page.index(words) for words in ("revoked", "no such certificate", "not a certificate code")]
    assert places == sorted(places)
    assert credential.number in page
    assert ended.number in page


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_a_file_of_any_spreadsheet_is_read_whatever_the_column(
    client: Client, credential: Credential, encoding: str
):
    text = f'الاسم;رمز التحقق\r\n"أحمد علي";"{display_code(credential.code)}"\r\n'
    file = SimpleUploadedFile("list.csv", text.encode(encoding), "text/csv")

    page = client.post(ADDRESS, {"file": file}).content.decode()

    assert credential.number in page


def test_an_address_counts_as_its_code_and_a_heading_as_nothing(credential: Credential):
    text = f"Code,Name\nhttps://v.example.org/v/{credential.code}#abc,Ali\n\n,,\n{credential.code}\n"

    assert codes_in(text) == [credential.code, credential.code]


def test_the_answer_file_holds_every_line_and_no_formula(client: Client, credential: Credential):
    response = client.post(ADDRESS, {"codes": f"=HYPERLINK(1)\n@x\n+1\n-2\n{credential.code}", "as": "csv"})

    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)", "'@x", "'+1", "'-2", credential.code]
    assert credential.number in rows[-1]
    assert "attachment" in response["Content-Disposition"]


def test_a_list_asks_as_often_for_many_as_for_one(client: Client, center: Center):
    codes = [issued(CohortFactory(center=center)).code for _number in range(3)]
    asked(client, codes[0])

    counts = []
    for text in (codes[0], "\n".join(codes)):
        with CaptureQueriesContext(connection) as queries:
            asked(client, text)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "at least one code"),
        ("\n".join(["x"] * (MOST_CODES + 1)), "more than 500 certificates"),
        ("x," * 260_000, "500,000"),
    ],
)
def test_an_empty_or_endless_list_is_refused_in_words(client: Client, db: None, text: str, words: str):
    response = client.post(ADDRESS, {"codes": text})

    assert response.status_code == 422
    assert words in response.content.decode().replace("500000", "500,000")
    assert Lookup.objects.get().via == LookupVia.LIST


def test_a_client_whose_lists_are_refused_is_told_when_to_retry(client: Client, db: None):
    client.post(ADDRESS, {"codes": ""})
    one = Lookup.objects.get()
    Lookup.objects.bulk_create(
        Lookup(result=one.result, via=LookupVia.LIST, at=timezone.now(), client_hash=one.client_hash)
        for _number in range(RATE_LIMITS[LookupVia.LIST].lookups)
    )

    response = client.post(ADDRESS, {"codes": "x\n" * 249_000})

    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 3600


@pytest.mark.parametrize("line", ["x", ",,;\t", "\u00a0", '" ",'])
def test_of_an_endless_list_little_is_read_and_of_empty_lines_nothing(line: str):
    found = codes_in(f"{line}\n" * 60_000 + "last")

    assert found == (["x"] * (MOST_CODES + 2) if line == "x" else ["last"])


def test_a_list_counts_by_its_codes_and_says_when_to_retry(client: Client, credential: Credential):
    asked(client, credential.code)
    one = Lookup.objects.get()
    Lookup.objects.bulk_create(
        Lookup(result=one.result, via=LookupVia.LIST, at=timezone.now(), client_hash=one.client_hash)
        for _number in range(RATE_LIMITS[LookupVia.LIST].lookups - 10)
    )

    fits, too_many = (client.post(ADDRESS, {"codes": "\n".join(["x"] * count)}) for count in (5, 50))

    assert fits.status_code == 200
    assert too_many.status_code == 429
    assert 1 <= int(too_many["Retry-After"]) <= 3600
    assert client.get(f"/en/verify/{credential.code}/").status_code == 200


def test_the_badge_shows_the_state_of_today_and_no_name(
    client: Client, credential: Credential, center: Center
):
    url = f"/en/verify/{credential.code}/badge.svg"

    before = client.get(url)
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    after = client.get(url)

    assert "valid" in before.content.decode()
    assert "revoked" in after.content.decode()
    assert before["Content-Type"] == "image/svg+xml"
    assert before["Cache-Control"] == "public, max-age=300"
    assert before["Cross-Origin-Resource-Policy"] == "cross-origin"
    for name in (credential.claims["name_ar"], credential.claims["name_en"]):
        assert name not in before.content.decode()


def test_the_badge_says_when_it_was_drawn_by_the_clock_of_the_site(client: Client, credential: Credential):
    moment = timezone.now() + dt.timedelta(days=1)

    with at(moment):
        drawn = client.get(f"/en/verify/{credential.code}/badge.svg").content.decode()

    with override("en"):
        assert format_datetime(moment) in drawn


def test_a_badge_is_no_way_to_guess_codes(client: Client, credential: Credential):
    client.get(f"/en/verify/{credential.code}/badge.svg")
    shown = Lookup.objects.count()

    answers = [client.get(f"/en/verify/{UNKNOWN}/badge.svg").status_code for _number in range(31)]

    assert shown == 0
    assert answers == [404] * 30 + [429]


def test_the_page_offers_a_snippet_of_the_badge(client: Client, credential: Credential):
    page = client.get(f"/ar/verify/{credential.code}/").content.decode()

    assert f"/ar/verify/{credential.code}/badge.svg" in page
    assert "&lt;a href=" in page


def test_after_a_correction_both_pages_tell_the_truth_and_lead_to_each_other(
    client: Client, credential: Credential, center: Center
):
    before = dict(credential.claims)
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    correct_person(person_id=credential.holder_id, full_name_en="Corrected Name", by=manager)
    proposal = propose_correction(
        credential_id=credential.pk,
        template_id=CertificateTemplateFactory().pk,
        reason=Reason.NAME_CORRECTED,
        by=manager,
    )
    [new] = approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    old_page, new_page = (client.get(f"/en/verify/{one.code}/").content.decode() for one in (credential, new))

    credential.refresh_from_db()
    assert credential.claims == before
    assert "This certificate was replaced" in old_page
    assert "the name had to be corrected" in old_page
    assert f'href="/en/verify/{new.code}/"' in old_page
    assert "This certificate is valid" in new_page
    assert f'href="/en/verify/{credential.code}/"' in new_page
    assert "This one replaces" in new_page


def test_demo_keys_are_named_on_every_page(
    client: Client, credential: Credential, demo_keys: list[SigningKey]
):
    pages = [f"/en/verify/{credential.code}/", "/en/verify/", ADDRESS, "/verify/offline/en/"]

    assert [url for url in pages if "For practice only" not in client.get(url).content.decode()] == []
    SigningKey.objects.update(retired_at=timezone.now())
    assert "For practice only" not in client.get(pages[0]).content.decode()
