"""The holder of a paper certificate is a known person, or is registered once."""

import pytest

from accounts.models import Center, IdentityDocument
from certificates.enums import Fault
from certificates.services.legacy import retype_paper
from tests.certificates.legacy_papers import NATIONAL, faults_of, known_person
from tests.factories.certificates_legacy import USUAL, batch_in, entered, typist

pytestmark = pytest.mark.usefixtures("no_files_of_other_tests")


def test_the_holder_is_found_by_the_national_number(center: Center, other_center: Center):
    person = known_person("محمود حسن عبدالله السيد على", center=other_center)

    credential = entered(batch_in(center, {"national_number": "٢٩٠٠١٠١١٢٣٤٥٦٧"}))[0]

    assert credential.holder == person
    assert credential.claims["name_ar"] == USUAL["name_ar"]


def test_the_holder_is_found_by_four_digits_and_the_same_name_in_the_center(center: Center):
    person = known_person(center=center)

    credential = entered(batch_in(center, {"national_number": NATIONAL[-4:]}))[0]

    assert credential.holder == person


def test_four_digits_alone_find_no_holder(center: Center):
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
    before = bytes(paper.national_number_encrypted)

    entered(paper.batch)

    paper.refresh_from_db()
    assert before
    assert NATIONAL.encode() not in before
    assert NATIONAL not in str(paper.typed)
    assert bytes(paper.national_number_encrypted) == b""
    assert paper.last4 == NATIONAL[-4:]


def test_an_empty_national_number_keeps_the_one_before(center: Center):
    by = typist(center)
    paper = batch_in(center, {"national_number": NATIONAL}, by=by).papers.get()

    paper = retype_paper(paper_id=paper.pk, cells={**USUAL, "national_number": ""}, by=by)

    assert paper.last4 == NATIONAL[-4:]
    assert bytes(paper.national_number_encrypted)
