"""In a low box marks and signatories shrink to their smallest size, and no further."""

import dataclasses
from typing import Any

from certificates.drawing import CertificateData, Problem, find_problems
from tests.certificates.designs import first_edition, paper
from tests.certificates.drawing.test_drawing import changed, number_of


def test_the_mark_of_a_copy_stays_in_a_low_box_or_is_refused():
    design = first_edition("completion")
    number = number_of(design, "copy_mark")
    place = design["blocks"][number - 1]["place"]
    low = changed(design, number, place={**place, "height": 1.5})
    lower = changed(design, number, place={**place, "height": 3.2})

    assert {finding.problem for finding in find_problems([("copy", of(low))]).problems} == {Problem.OVERFLOW}
    assert find_problems([("copy", of(lower))]).problems == []


def test_a_signatory_in_a_low_box_is_refused_and_never_smaller_than_print_allows():
    design = first_edition("completion")
    number = number_of(design, "signatory")
    place = design["blocks"][number - 1]["place"]
    low = changed(design, number, place={**place, "height": 5})

    assert {finding.problem for finding in find_problems([("usual", of(low))]).problems} == {Problem.OVERFLOW}


def of(design: dict[str, Any]) -> CertificateData:
    return dataclasses.replace(paper("completion", "copy"), design=design)
