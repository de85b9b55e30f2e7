"""Paper certificates enter the register by two people, completely or not at all."""

import datetime as dt

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import Center
from certificates.enums import BatchState, CredentialState, FileKind, PaperState, Reason, Source, Status
from certificates.errors import ConfirmationNeeded, EnteredFromPaper, NotAllowedHere, NothingChosen
from certificates.legacy.index import IndexRefused
from certificates.legacy.scans import NotAScan
from certificates.models import Credential, LegacyBatch, LegacyPaper, NumberSeries
from certificates.services.legacy import (
    SameIndex,
    SameScanTwice,
    add_scans,
    drop_paper,
    import_index,
    retype_paper,
)
from certificates.services.legacy_checking import enter_papers
from certificates.services.proposing import propose_correction
from certificates.services.statuses import issue_copy
from courses.models import SkillLevel
from tests.certificates.legacy_papers import NATIONAL, stored_files
from tests.factories.certificates import (
    CertificateTemplateFactory,
    credential_type,
    revoke,
)
from tests.factories.certificates_legacy import (
    USUAL,
    batch_in,
    checker,
    compared,
    document,
    entered,
    files,
    index_of,
    picture,
    typist,
)

pytestmark = pytest.mark.usefixtures("no_files_of_other_tests")


def test_an_index_with_its_scans_waits_for_a_second_person(center: Center):
    by = typist(center)

    batch = batch_in(
        center,
        {},
        {"number": "124/98", "scan": "B.PNG"},
        by=by,
        scans=[("a.png", picture()), ("b.png", picture())],
    )

    assert (batch.state, batch.uploaded_by, batch.papers.count()) == (BatchState.OPEN, by, 2)
    assert {paper.state for paper in batch.papers.all()} == {PaperState.TYPED}
    assert [paper.faults for paper in batch.papers.all()] == [[], []]
    assert not Credential.objects.exists()


def test_what_agrees_is_written_into_the_register_as_the_paper_says_it(center: Center):
    SkillLevel.objects.get_or_create(
        code="skilled", defaults={"order": 90, "name_ar": "ماهر", "name_en": "Skilled"}
    )
    by, second = typist(center), checker(center)
    batch = batch_in(
        center,
        {"number": "١٢٣/٩٨", "level": "skilled", "valid_until": "12/5/2031", "national_number": NATIONAL},
        by=by,
        type_code="skill-level",
    )

    credential = entered(batch, by=second)[0]

    paper = batch.papers.get()
    assert (credential.source, credential.proposal, credential.enrollment) == (Source.LEGACY, None, None)
    assert (credential.number, credential.claims["printed_number"]) == ("123/98", "١٢٣/٩٨")
    assert (credential.proposed_by, credential.approved_by) == (by, second)
    assert (credential.issued_on, credential.valid_from) == (dt.date(1998, 5, 13), dt.date(1998, 5, 13))
    assert credential.valid_until == dt.date(2031, 5, 12)
    assert credential.kind == "skill_level"
    assert credential.claims["source"] == "legacy"
    assert credential.claims["identity"] == {"kind": "national_id", "last4": NATIONAL[-4:]}
    assert credential.claims["level"] == "skilled"
    assert credential.claims["hours"] == 240
    assert credential.events.get().status == Status.ISSUED
    assert (credential.artifacts.get().kind, credential.artifacts.get().path) == (FileKind.SCAN, paper.scan)
    assert storages["private"].exists(paper.scan)
    assert not credential.render_jobs.exists()
    assert not NumberSeries.objects.exists()
    assert (paper.state, paper.credential) == (PaperState.ENTERED, credential)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


def test_claims_that_are_not_on_the_paper_are_left_out(center: Center):
    credential = entered(batch_in(center, {"hours": "", "completed_on": ""}))[0]

    assert "hours" not in credential.claims
    assert "completed_on" not in credential.claims
    assert credential.claims["identity"] is None


def test_a_broken_scan_leaves_nothing_behind(center: Center):
    with pytest.raises(NotAScan):
        batch_in(center, {}, {"number": "2", "scan": "b.png"}, scans=[("a.png", picture()), ("b.png", b"MZ")])

    assert not LegacyBatch.objects.exists()
    assert stored_files() == []


def test_a_broken_index_leaves_nothing_behind(center: Center):
    with pytest.raises(IndexRefused):
        import_index(
            center_id=center.pk,
            type_id=credential_type().pk,
            name="index.csv",
            data=index_of({}) + b'"',
            by=typist(center),
        )

    assert not LegacyBatch.objects.exists()


def test_the_same_index_is_not_taken_twice(center: Center):
    batch_in(center)

    with pytest.raises(SameIndex):
        batch_in(center)


def test_only_who_may_propose_there_may_type(center: Center, other_center: Center):
    for stranger in (typist(other_center), checker(center)):
        with pytest.raises(NotAllowedHere):
            batch_in(center, by=stranger)
        with pytest.raises(NotAllowedHere):
            import_index(
                center_id=center.pk, type_id=credential_type().pk, name="index.csv", data=b"", by=stranger
            )


def test_a_credential_without_proposal_is_from_paper_or_is_not(center: Center):
    credential = entered(batch_in(center))[0]
    values = {field.attname: getattr(credential, field.attname) for field in Credential._meta.concrete_fields}
    values.update(id=None, public_id="00000000-0000-4000-8000-000000000001", code="X" * 13, number="X")

    with pytest.raises(IntegrityError, match="credential_proposed_unless_legacy"), transaction.atomic():
        Credential.objects.create(**{**values, "source": Source.ISSUED})


def test_where_a_certificate_came_from_never_changes(center: Center):
    credential = entered(batch_in(center))[0]

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(source=Source.ISSUED)


def test_the_register_is_written_only_by_who_just_proved_who_they_are(center: Center):
    second = checker(center)
    batch = batch_in(center)
    compared(batch.papers.get(), by=second)

    for proof in (None, timezone.now() - dt.timedelta(minutes=6)):
        with pytest.raises(ConfirmationNeeded):
            enter_papers(batch_id=batch.pk, by=second, confirmed_at=proof)

    assert not Credential.objects.exists()


def test_everybody_enters_only_what_they_compared_themselves(center: Center):
    batch = batch_in(center)
    compared(batch.papers.get(), by=checker(center))

    with pytest.raises(NothingChosen):
        enter_papers(batch_id=batch.pk, by=checker(center), confirmed_at=timezone.now())


def test_what_the_register_got_meanwhile_goes_back_instead(center: Center):
    second = checker(center)
    batch = batch_in(center, {"number": "5"}, {"number": "6", "scan": "b.png"})
    first, _other = batch.papers.all()
    for paper in batch.papers.all():
        compared(paper, by=second)
    LegacyPaper.objects.filter(pk=first.pk).update(typed={**first.typed, "number": "6"})

    with pytest.raises(NothingChosen):
        enter_papers(batch_id=batch.pk, by=second, confirmed_at=timezone.now())

    assert not Credential.objects.exists()


def test_scans_that_come_later_find_their_rows_and_strangers_are_named(center: Center):
    by = typist(center)
    batch = batch_in(center, {"scan": "شهادة 1.PDF"}, by=by, scans=[])

    taken = add_scans(
        batch_id=batch.pk, files=files(("شهادة 1.pdf", document(2)), ("x.png", picture())), by=by
    )

    paper = batch.papers.get()
    assert (taken.matched, taken.unmatched) == (1, ["x.png"])
    assert (paper.scan_pages, paper.scan_type, paper.faults) == (2, "application/pdf", [])
    assert len(stored_files()) == 1


def test_two_files_of_one_name_are_refused_and_nothing_stays(center: Center):
    by = typist(center)
    batch = batch_in(center, by=by, scans=[])

    with pytest.raises(SameScanTwice):
        add_scans(
            batch_id=batch.pk, files=files(("a.png", picture()), ("A.jpg", picture(kind="JPEG"))), by=by
        )

    assert stored_files() == []
    assert batch.papers.get().scan == ""


def test_a_better_scan_takes_the_place_of_the_first(
    center: Center, django_capture_on_commit_callbacks: object
):
    by = typist(center)
    paper = batch_in(center, by=by).papers.get()
    old = paper.scan

    with django_capture_on_commit_callbacks(execute=True):
        paper = retype_paper(paper_id=paper.pk, cells=USUAL, by=by, file=files(("neu.pdf", document()))[0])

    assert paper.scan.endswith(".pdf")
    assert not storages["private"].exists(old)
    assert storages["private"].exists(paper.scan)


def test_a_row_that_is_no_certificate_is_taken_out_with_its_scan(
    center: Center, django_capture_on_commit_callbacks: object
):
    by = typist(center)
    batch = batch_in(center, {}, {"number": "8", "scan": "b.png"}, by=by)

    with django_capture_on_commit_callbacks(execute=True):
        drop_paper(paper_id=batch.papers.get(number="8").pk, by=by)

    assert batch.papers.get().number == "123/98"
    assert len(stored_files()) == 1


def test_paper_is_neither_copied_nor_corrected_by_drawing(center: Center):
    by = checker(center)
    credential = entered(batch_in(center), by=by)[0]

    with pytest.raises(EnteredFromPaper):
        issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=by)
    with pytest.raises(EnteredFromPaper):
        propose_correction(
            credential_id=credential.pk,
            reason=Reason.NAME_CORRECTED,
            template_id=CertificateTemplateFactory().pk,
            by=typist(center),
        )


def test_paper_is_revoked_like_any_other(center: Center):
    by = checker(center)
    credential = entered(batch_in(center), by=by)[0]

    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=by)

    credential.refresh_from_db()
    assert credential.state == CredentialState.REVOKED
