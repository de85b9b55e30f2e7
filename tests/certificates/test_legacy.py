"""Paper certificates come into the register by two people, and none comes by halves."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, IdentityDocument, Person
from accounts.services import register_national_id
from certificates.enums import (
    BatchState,
    CredentialState,
    Fault,
    FileKind,
    PaperState,
    Reason,
    Source,
    Status,
)
from certificates.errors import (
    ConfirmationNeeded,
    EnteredFromPaper,
    NotAllowedHere,
    NothingChosen,
    OwnRecord,
    ReasonMissing,
)
from certificates.legacy.index import IndexRefused
from certificates.legacy.scans import NotAScan
from certificates.models import Credential, LegacyBatch, LegacyPaper, NumberSeries
from certificates.services import (
    add_scans,
    drop_paper,
    enter_papers,
    import_index,
    issue_copy,
    propose_correction,
    retype_paper,
    revoke,
    send_paper_back,
)
from certificates.services.legacy import NotBeingTyped, SameIndex, SameScanTwice
from certificates.services.legacy_checking import NotToBeChecked, SameTypist, StillWrong, TypedMeanwhile
from courses.models import SkillLevel
from tests.factories.accounts import MembershipFactory, PersonFactory, UserFactory
from tests.factories.certificates import CertificateTemplateFactory, credential_type, issued
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
from tests.factories.courses import CohortFactory

NATIONAL = "29001011234567"


def faults_of(paper: LegacyPaper) -> set[tuple[str, str]]:
    return {(fault["field"], fault["code"]) for fault in paper.faults}


def stored_files() -> list[Path]:
    folder = Path(storages["private"].path("legacy"))
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def no_files_of_other_tests(db: None) -> None:
    for path in stored_files():
        path.unlink()


def known_person(name: str = USUAL["name_ar"], *, center: Center) -> Person:
    person = PersonFactory(full_name_ar=name, registered_at=center)
    register_national_id(person_id=person.pk, number=NATIONAL, by=UserFactory())
    return person


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
    assert (credential.number, credential.facts["printed_number"]) == ("123/98", "١٢٣/٩٨")
    assert (credential.proposed_by, credential.approved_by) == (by, second)
    assert (credential.issued_on, credential.valid_from) == (dt.date(1998, 5, 13), dt.date(1998, 5, 13))
    assert credential.valid_until == dt.date(2031, 5, 12)
    assert credential.kind == "skill_level"
    assert credential.facts["source"] == "legacy"
    assert credential.facts["identity"] == {"kind": "national_id", "last4": NATIONAL[-4:]}
    assert credential.facts["level"] == "skilled"
    assert credential.facts["hours"] == 240
    assert credential.events.get().status == Status.ISSUED
    assert (credential.artifacts.get().kind, credential.artifacts.get().path) == (FileKind.SCAN, paper.scan)
    assert storages["private"].exists(paper.scan)
    assert not credential.render_jobs.exists()
    assert not NumberSeries.objects.exists()
    assert (paper.state, paper.credential) == (PaperState.ENTERED, credential)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


def test_facts_that_the_paper_does_not_say_are_left_out(center: Center):
    credential = entered(batch_in(center, {"hours": "", "completed_on": ""}))[0]

    assert "hours" not in credential.facts
    assert "completed_on" not in credential.facts
    assert credential.facts["identity"] is None


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


def test_faults_stay_with_their_rows_and_are_gone_when_corrected(center: Center):
    by = typist(center)
    batch = batch_in(center, {"issued_on": "31/2/1998", "name_ar": "=محمود حسن"}, by=by)
    paper = batch.papers.get()
    before = faults_of(paper)

    paper = retype_paper(paper_id=paper.pk, cells=USUAL, by=by)

    assert before == {("issued_on", Fault.NO_DATE), ("name_ar", Fault.FORMULA)}
    assert paper.faults == []


def test_a_name_of_three_hundred_letters_is_kept_short_and_named(center: Center):
    paper = batch_in(center, {"name_ar": "م" * 300}).papers.get()

    assert faults_of(paper) == {("name_ar", Fault.TOO_LONG)}
    assert len(paper.typed["name_ar"]) < 200


def test_a_number_that_is_no_national_number_is_named(center: Center):
    paper = batch_in(center, {"national_number": "²9001011234567"}).papers.get()

    assert faults_of(paper) == {("national_number", Fault.NATIONAL_NUMBER)}


def test_a_number_twice_in_one_year_is_named_on_both_rows(center: Center):
    batch = batch_in(
        center,
        {"scan": "a.png"},
        {"number": "١٢٣ / ٩٨", "scan": "b.png"},
        {"issued_on": "1/6/1999", "scan": "c.png"},
    )

    first, second, other_year = batch.papers.all()

    assert faults_of(first) == faults_of(second) == {("number", Fault.TWICE_IN_BATCH)}
    assert first.faults[0]["detail"] == "3"
    assert other_year.faults == []


def test_one_scan_for_two_rows_is_named_on_both(center: Center):
    batch = batch_in(center, {}, {"number": "124/98"})

    assert all(("scan", Fault.SCAN_SHARED) in faults_of(paper) for paper in batch.papers.all())


def test_a_certificate_of_the_register_is_not_entered_twice(center: Center):
    number = entered(batch_in(center))[0].number

    again = batch_in(center, {"hours": "241"}).papers.get()

    assert faults_of(again) == {("number", Fault.IN_REGISTER)}
    assert again.faults[0]["detail"] == number


def test_a_revoked_one_may_be_entered_again_under_another_number(center: Center):
    by = checker(center)
    wrong = entered(batch_in(center), by=by)[0]
    revoke(credential_id=wrong.pk, reason=Reason.ISSUED_IN_ERROR, note="", by=by)

    right = entered(batch_in(center, {"hours": "241"}), by=by)[0]

    assert (wrong.number, right.number) == ("123/98", f"{center.code}:123/98")


def test_a_row_that_waits_in_another_batch_is_named(center: Center):
    batch_in(center)

    again = batch_in(center, {"hours": "241"}).papers.get()

    assert faults_of(again) == {("number", Fault.WAITS_ELSEWHERE)}


def test_centers_that_counted_alike_get_their_code_before_the_number(center: Center, other_center: Center):
    first, second = entered(batch_in(center))[0], entered(batch_in(other_center))[0]

    assert (first.number, second.number) == ("123/98", f"{other_center.code}:123/98")
    assert second.facts["printed_number"] == "123/98"


def test_years_that_counted_alike_get_their_year_too(center: Center):
    batch = batch_in(
        center,
        {"number": "7"},
        {"number": "7", "issued_on": "1/6/1999", "scan": "b.png"},
        {"number": "7", "issued_on": "1/6/2001", "scan": "c.png"},
    )

    numbers = [one.number for one in entered(batch)]

    assert numbers == ["7", f"{center.code}:7", f"{center.code}:2001:7"]


def test_paper_takes_no_number_that_the_series_will_give(center: Center):
    future = f"{center.code}/2026/000001"

    paper = entered(batch_in(center, {"number": future}))[0]
    ours = issued(CohortFactory(center=center))

    assert paper.number == f"{center.code}:{future}"
    assert ours.number.startswith(f"{center.code}/")


def test_a_number_that_was_issued_here_is_named(center: Center):
    ours = issued(CohortFactory(center=center))

    paper = batch_in(center, {"number": ours.number}).papers.get()

    assert faults_of(paper) == {("number", Fault.IN_REGISTER)}


def test_nobody_checks_what_they_typed(center: Center):
    both = typist(center)
    MembershipFactory(user=both, role=RoleName.CERTIFYING_OFFICER, center=center)
    paper = batch_in(center, by=both).papers.get()

    with pytest.raises(SameTypist):
        compared(paper, by=both)


def test_who_corrected_a_row_does_not_check_it_either(center: Center):
    paper = batch_in(center).papers.get()
    both = typist(center)
    MembershipFactory(user=both, role=RoleName.CERTIFYING_OFFICER, center=center)
    retype_paper(paper_id=paper.pk, cells=USUAL, by=both)
    retype_paper(paper_id=paper.pk, cells=USUAL, by=typist(center))

    with pytest.raises(SameTypist):
        compared(paper, by=both)


def test_the_database_holds_the_two_apart_whatever_the_code_does(center: Center):
    paper = batch_in(center).papers.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        LegacyPaper.objects.filter(pk=paper.pk).update(
            state=PaperState.CHECKED, checked_by=paper.typed_by, checked_at=timezone.now()
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


def test_nobody_types_or_checks_about_themselves(center: Center):
    person = known_person(center=center)
    own_typist, own_checker = typist(center), checker(center)
    own_typist.person = own_checker.person = None
    own_typist.save()
    own_checker.person = person
    own_checker.save()
    paper = batch_in(center, {"national_number": NATIONAL}).papers.get()

    with pytest.raises(OwnRecord):
        compared(paper, by=own_checker)


def test_a_row_about_its_typist_is_named(center: Center):
    by = typist(center)
    by.person = known_person(center=center)
    by.save()

    paper = batch_in(center, {"national_number": NATIONAL}, by=by).papers.get()

    assert faults_of(paper) == {("name_ar", Fault.OWN)}


def test_a_row_with_a_fault_cannot_be_checked(center: Center):
    paper = batch_in(center, scans=[]).papers.get()

    with pytest.raises(StillWrong):
        compared(paper, by=checker(center))

    assert faults_of(paper) == {("scan", Fault.NO_SCAN)}


def test_what_is_sent_back_says_why_and_waits_again_once_corrected(center: Center):
    by, second = typist(center), checker(center)
    paper = batch_in(center, by=by).papers.get()

    with pytest.raises(ReasonMissing):
        send_paper_back(paper_id=paper.pk, note=" ", by=second)
    returned = send_paper_back(paper_id=paper.pk, note="السنة ١٩٩٧", by=second)
    with pytest.raises(NotToBeChecked):
        compared(returned, by=second)
    again = retype_paper(
        paper_id=paper.pk, cells={**USUAL, "issued_on": "13/5/1997", "completed_on": ""}, by=by
    )

    assert (returned.state, returned.note) == (PaperState.RETURNED, "السنة ١٩٩٧")
    assert (again.state, again.issued_on) == (PaperState.TYPED, dt.date(1997, 5, 13))


def test_what_was_typed_again_while_it_was_compared_is_not_taken_for_compared(center: Center):
    by = typist(center)
    seen = batch_in(center, by=by).papers.get()
    retype_paper(paper_id=seen.pk, cells={**USUAL, "name_ar": "حسن محمود عبد الله"}, by=by)

    with pytest.raises(TypedMeanwhile):
        compared(seen, by=checker(center))


def test_an_archive_of_litter_is_no_scan(center: Center):
    by = typist(center)
    paper = batch_in(center, by=by).papers.get()
    litter = io.BytesIO()
    with zipfile.ZipFile(litter, "w") as opened:
        opened.writestr("Thumbs.db", b"x")

    with pytest.raises(NotAScan):
        retype_paper(paper_id=paper.pk, cells=USUAL, by=by, file=("a.zip", litter))


def test_what_was_checked_is_not_typed_over(center: Center):
    by, second = typist(center), checker(center)
    paper = batch_in(center, by=by).papers.get()
    compared(paper, by=second)

    with pytest.raises(NotBeingTyped):
        retype_paper(paper_id=paper.pk, cells=USUAL, by=by)
    with pytest.raises(NotBeingTyped):
        drop_paper(paper_id=paper.pk, by=by)
    assert add_scans(batch_id=paper.batch_id, files=files(("a.png", picture("red"))), by=by).unmatched == [
        "a.png"
    ]


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


def test_the_holder_is_found_by_the_national_number(center: Center, other_center: Center):
    person = known_person("محمود حسن عبدالله السيد على", center=other_center)

    credential = entered(batch_in(center, {"national_number": "٢٩٠٠١٠١١٢٣٤٥٦٧"}))[0]

    assert credential.holder == person
    assert credential.facts["name_ar"] == USUAL["name_ar"]


def test_the_holder_is_found_by_four_digits_and_the_same_name_in_the_center(center: Center):
    person = known_person(center=center)

    credential = entered(batch_in(center, {"national_number": NATIONAL[-4:]}))[0]

    assert credential.holder == person


def test_four_digits_alone_find_nobody(center: Center):
    person = known_person("سعيد علي حسين", center=center)

    credential = entered(batch_in(center, {"national_number": NATIONAL[-4:]}))[0]

    assert credential.holder != person


def test_a_number_of_somebody_with_another_name_is_named_and_the_name_is_not(center: Center):
    person = known_person("سعيد علي حسين", center=center)

    paper = batch_in(center, {"national_number": NATIONAL}).papers.get()

    assert faults_of(paper) == {("national_number", Fault.OTHER_NAME)}
    assert person.full_name_ar not in str(paper.faults)


def test_somebody_unknown_is_registered_once_with_their_number(center: Center):
    batch = batch_in(
        center,
        {"national_number": NATIONAL},
        {"national_number": NATIONAL, "number": "9", "program_ar": "خراطة", "scan": "b.png"},
    )

    first, second = entered(batch)

    assert first.holder == second.holder
    assert IdentityDocument.objects.get().person == first.holder
    assert (first.holder.registered_at, first.holder.full_name_ar) == (center, USUAL["name_ar"])


def test_a_national_number_is_kept_sealed_and_only_until_it_is_registered(center: Center):
    paper = batch_in(center, {"national_number": NATIONAL}).papers.get()
    before = bytes(paper.national_number_sealed)

    entered(paper.batch)

    paper.refresh_from_db()
    assert before
    assert NATIONAL.encode() not in before
    assert NATIONAL not in str(paper.typed)
    assert bytes(paper.national_number_sealed) == b""
    assert paper.last4 == NATIONAL[-4:]


def test_an_empty_national_number_keeps_the_one_before(center: Center):
    by = typist(center)
    paper = batch_in(center, {"national_number": NATIONAL}, by=by).papers.get()

    paper = retype_paper(paper_id=paper.pk, cells={**USUAL, "national_number": ""}, by=by)

    assert paper.last4 == NATIONAL[-4:]
    assert bytes(paper.national_number_sealed)


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
