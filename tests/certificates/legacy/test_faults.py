"""Faults in an index of paper certificates are stored with their row."""

import pytest
from django.utils import timezone

from accounts.models import Center
from certificates.enums import Fault, Reason
from certificates.services.legacy import retype_paper
from tests.certificates.legacy_papers import faults_of
from tests.factories.certificates import (
    issued,
    revoke,
)
from tests.factories.certificates_legacy import USUAL, batch_in, checker, entered, typist
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.usefixtures("no_files_of_other_tests")


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
    assert second.claims["printed_number"] == "123/98"


def test_years_that_counted_alike_get_their_year_too(center: Center):
    batch = batch_in(
        center,
        {"number": "7"},
        {"number": "7", "issued_on": "1/6/1999", "scan": "b.png"},
        {"number": "7", "issued_on": "1/6/2001", "scan": "c.png"},
    )

    numbers = [one.number for one in entered(batch)]

    assert numbers == ["7", f"{center.code}:7", f"{center.code}:2001:7"]


@pytest.mark.parametrize("code", ["CAI-77", "CAI/77"])
def test_paper_takes_no_number_that_the_series_will_give(center: Center, code: str):
    center.code = code
    center.save()
    future = f"{code}/{timezone.localdate().year}/000001"

    paper = entered(batch_in(center, {"number": future}))[0]
    ours = issued(CohortFactory(center=center))

    assert paper.number == f"{center.code}:{future}"
    assert ours.number == future


def test_a_number_that_was_issued_here_is_named(center: Center):
    ours = issued(CohortFactory(center=center))

    paper = batch_in(center, {"number": ours.number}).papers.get()

    assert faults_of(paper) == {("number", Fault.IN_REGISTER)}
