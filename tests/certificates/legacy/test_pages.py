"""What a typist, a checker and the public see of paper certificates."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Center, User
from certificates.enums import PaperState
from certificates.models import Credential, LegacyBatch
from tests.certificates.browsers import confirmed, logged_in
from tests.certificates.verification.test_pages import verify_page
from tests.factories.accounts import TraineeFactory
from tests.factories.certificates import credential_type, issued
from tests.factories.certificates_legacy import (
    USUAL,
    batch_in,
    checker,
    compared,
    document,
    entered,
    index_of,
    picture,
    typist,
)
from tests.factories.courses import CohortFactory

NATIONAL = "29001011234567"


@pytest.fixture
def by(center: Center) -> User:
    return typist(center)


@pytest.fixture
def officer(center: Center) -> User:
    return checker(center)


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_typist_uploads_an_index_with_scans_and_sees_the_faults(center: Center, by: User):
    client = logged_in(by)

    answer = client.post(
        reverse("legacy_batches:add"),
        {
            "center": center.pk,
            "type": credential_type().pk,
            "index": upload("أرشيف 1998.csv", index_of({}, {"issued_on": "31/2/1998", "scan": "b.png"})),
            "scans": [upload("a.png", picture()), upload("b.png", picture("red"))],
        },
    )

    batch = LegacyBatch.objects.get()
    page = client.get(reverse("legacy_batches:inspect", args=[batch.pk])).content.decode()
    assert answer.status_code == 302
    assert batch.index_name == "أرشيف 1998.csv"
    assert "ليس تاريخًا" in page
    assert list(batch.papers.values_list("scan_pages", flat=True)) == [1, 1]


@pytest.mark.parametrize(
    ("index", "scan", "words"),
    [
        (b"number,name\n1,x\n", picture(), "لا يوجد في السطر الأول من الفهرس عمود لـ:"),
        (index_of({}), b"MZ", "ليس PDF ولا JPEG ولا PNG. لم يُحفظ شيء."),
        (b"\0\1\2", picture(), "الفهرس ليس ملف CSV"),
    ],
)
def test_what_is_refused_is_said_in_the_form_and_nothing_is_kept(
    center: Center, by: User, index: bytes, scan: bytes, words: str
):
    answer = logged_in(by).post(
        reverse("legacy_batches:add"),
        {
            "center": center.pk,
            "type": credential_type().pk,
            "index": upload("a.csv", index),
            "scans": upload("a.png", scan),
        },
    )

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not LegacyBatch.objects.exists()


def test_scans_come_later_and_strangers_are_named(center: Center, by: User):
    batch = batch_in(center, by=by, scans=[])
    client = logged_in(by)

    answer = client.post(
        reverse("legacy_batches:scans", args=[batch.pk]),
        {"scans": [upload("a.pdf", document()), upload("غريب.png", picture())]},
        follow=True,
    )

    assert "غريب.png" in answer.content.decode()
    assert batch.papers.get().scan_type == "application/pdf"


def test_an_upload_of_nothing_says_so(center: Center, by: User):
    batch = batch_in(center, by=by)

    answer = logged_in(by).post(reverse("legacy_batches:scans", args=[batch.pk]), follow=True)

    assert "اختر ملفًا واحدًا على الأقل" in answer.content.decode()


def test_a_typist_corrects_a_line_next_to_its_scan_and_continues_with_the_next_fault(
    center: Center, by: User
):
    batch = batch_in(center, {"issued_on": "x"}, {"number": "2", "issued_on": "y", "scan": "b.png"}, by=by)
    first, second = batch.papers.all()
    client = logged_in(by)

    page = client.get(reverse("legacy_papers:edit", args=[first.pk])).content.decode()
    answer = client.post(
        reverse("legacy_papers:edit", args=[first.pk]), {**USUAL, "national_number": NATIONAL}
    )

    first.refresh_from_db()
    assert reverse("legacy_papers:scan", args=[first.pk]) in page
    assert first.faults == []
    assert first.last4 == NATIONAL[-4:]
    assert answer.url == reverse("legacy_papers:edit", args=[second.pk])


def test_a_checker_goes_from_line_to_line_and_then_enters_them_all(center: Center, by: User, officer: User):
    batch = batch_in(center, {}, {"number": "2", "scan": "b.png"}, by=by)
    first, second = batch.papers.all()
    client = confirmed(officer)

    after_first, after_second = (
        client.post(reverse("legacy_papers:check", args=[paper.pk]), {"version": paper.version})
        for paper in (first, second)
    )
    client.post(reverse("legacy_batches:enter", args=[batch.pk]))

    assert after_first.url == reverse("legacy_papers:inspect", args=[second.pk])
    assert after_second.url == reverse("legacy_batches:inspect", args=[batch.pk])
    assert Credential.objects.count() == 2


def test_a_checker_sends_a_line_back_with_what_differs(center: Center, officer: User):
    paper = batch_in(center).papers.get()

    logged_in(officer).post(reverse("legacy_papers:send_back", args=[paper.pk]), {"note": "السنة ١٩٩٧"})

    paper.refresh_from_db()
    assert (paper.state, paper.note) == (PaperState.RETURNED, "السنة ١٩٩٧")


def test_a_checker_who_did_not_just_prove_who_they_are_is_asked_for_the_password(
    center: Center, officer: User
):
    batch = batch_in(center)
    compared(batch.papers.get(), by=officer)
    address = reverse("legacy_batches:inspect", args=[batch.pk])

    page = logged_in(officer).get(address).content.decode()
    logged_in(officer).post(reverse("legacy_batches:enter", args=[batch.pk]))

    assert f"{reverse('account_reauthenticate')}?next={address}" in page
    assert reverse("legacy_batches:enter", args=[batch.pk]) not in page
    assert not Credential.objects.exists()


def test_the_typist_has_no_answer_to_give(center: Center, by: User):
    paper = batch_in(center, by=by).papers.get()

    page = logged_in(by).get(reverse("legacy_papers:inspect", args=[paper.pk])).content.decode()
    answer = logged_in(by).post(reverse("legacy_papers:check", args=[paper.pk]))

    assert reverse("legacy_papers:check", args=[paper.pk]) not in page
    assert answer.status_code == 404


def test_all_digits_are_for_the_comparison_and_four_for_everybody_else(
    center: Center, by: User, officer: User
):
    paper = batch_in(center, {"national_number": NATIONAL}, by=by).papers.get()
    address = reverse("legacy_papers:inspect", args=[paper.pk])

    for_the_checker = logged_in(officer).get(address).content.decode()
    for_the_typist = logged_in(by).get(address).content.decode()

    assert NATIONAL in for_the_checker
    assert NATIONAL not in for_the_typist
    assert f"•••• {NATIONAL[-4:]}" in for_the_typist


def test_a_scan_is_shown_as_a_picture_page_by_page(center: Center, officer: User):
    paper = batch_in(center, scans=[("a.pdf", document(2))]).papers.get()
    client, address = logged_in(officer), reverse("legacy_papers:scan", args=[paper.pk])

    pages = [client.get(address, {"page": page}) for page in ("1", "2", "3", "0", "²", "x")]

    assert [page.status_code for page in pages] == [200, 200, 404, 404, 404, 404]
    assert {page["Content-Type"] for page in pages[:2]} == {"image/png"}
    assert pages[0]["X-Content-Type-Options"] == "nosniff"


def test_a_line_without_a_scan_has_no_picture(center: Center, officer: User):
    paper = batch_in(center, scans=[]).papers.get()

    answer = logged_in(officer).get(reverse("legacy_papers:scan", args=[paper.pk]))

    assert answer.status_code == 404


def test_the_public_page_says_that_it_was_entered_from_paper_and_what_it_says(client: Client, center: Center):
    credential = entered(batch_in(center, {"number": "١٢٣/٩٨", "hours": ""}))[0]

    arabic, english = (verify_page(client, credential.code, language) for language in ("ar", "en"))

    assert "أُدخلت من الورق" in arabic
    assert "بعد تحقق شخصين" in arabic
    assert "Entered from paper" in english
    assert "after a two-person check" in english
    assert "This certificate is valid" in english
    for page in (arabic, english):
        assert USUAL["name_ar"] in page
        assert "١٢٣/٩٨" in page
        assert USUAL["program_ar"] in page


def test_the_public_page_of_a_certificate_from_here_speaks_of_no_paper(
    client: Client, credential: Credential
):
    assert "Entered from paper" not in verify_page(client, credential.code, "en")


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


def test_a_holder_finds_the_scan_among_the_own_certificates(center: Center):
    credential = entered(batch_in(center))[0]
    client = logged_in(TraineeFactory(person=credential.holder))

    with translation.override("ar"):
        page = client.get(reverse("certificates:mine")).content.decode()
        answer = client.get(reverse("certificates:download", args=[credential.public_id]))

    assert "تنزيل صورة الشهادة الورقية" in page
    assert BytesIO(b"".join(answer.streaming_content)).read(4) == b"\x89PNG"
    assert answer["Content-Disposition"] == 'attachment; filename="123-98.png"'


def test_the_register_shows_the_scan_and_offers_no_drawing(center: Center, officer: User):
    credential = entered(batch_in(center))[0]

    page = logged_in(officer).get(reverse("credentials:inspect", args=[credential.pk])).content.decode()

    assert credential.artifacts.get().sha256 in page
    assert reverse("legacy_papers:inspect", args=[credential.paper.pk]) in page
    assert reverse("credentials:issue_copy", args=[credential.pk]) not in page
    assert reverse("credentials:revoke", args=[credential.pk]) in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_a_batch_asks_a_constant_number_of_questions(
    rows: int, center: Center, officer: User, django_assert_num_queries: object
):
    batch = batch_in(center, *[{"number": str(n), "scan": f"{n}.png"} for n in range(1, rows + 1)])
    entered(batch)
    client, address = logged_in(officer), reverse("legacy_batches:inspect", args=[batch.pk])
    client.get(address)

    with django_assert_num_queries(BATCH_QUERIES):
        client.get(address)


# The session, the login, its roles and who counts as one hand with it, the row behind the fence, its states and counts, its lines, the site.
BATCH_QUERIES = 22


def test_the_history_shows_who_typed_checked_and_entered(center: Center, by: User, officer: User):
    batch = batch_in(center, by=by)
    entered(batch, by=officer)

    page = logged_in(officer).get(reverse("legacy_batches:history", args=[batch.pk])).content.decode()

    assert str(by) in page
    assert str(officer) in page
