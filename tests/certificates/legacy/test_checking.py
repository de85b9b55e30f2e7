"""The person who typed a paper certificate cannot compare it with its scan."""

import datetime as dt
import io
import zipfile

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center
from certificates.enums import Fault, PaperState
from certificates.errors import OwnRecord, ReasonMissing
from certificates.legacy.scans import NotAScan
from certificates.models import LegacyPaper
from certificates.services.legacy import NotBeingTyped, add_scans, drop_paper, retype_paper
from certificates.services.legacy_checking import (
    NotToBeChecked,
    SameTypist,
    StillWrong,
    TypedMeanwhile,
    send_paper_back,
)
from tests.certificates.legacy_papers import NATIONAL, faults_of, known_person
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates_legacy import USUAL, batch_in, checker, compared, files, picture, typist

pytestmark = pytest.mark.usefixtures("no_files_of_other_tests")


def test_a_typist_cannot_check_their_own_lines(center: Center):
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


def test_staff_cannot_type_or_check_their_own_certificate(center: Center):
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
