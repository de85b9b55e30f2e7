"""What may follow the sealed part of a file: time stamps with their evidence, and nothing else."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from pyhanko.pdf_utils import generic

from certificates.sealing import (
    Algorithm,
    Coverage,
    LocalTimestamper,
    Verdict,
    add_long_term,
    examine,
    new_authority,
    new_private_key,
)
from certificates.sealing.additions import MOST_REVISIONS
from tests.certificates.sealing.conftest import NOW, certified
from tests.certificates.sealing.updates import open_update, stamped, with_sections, with_stream_sections


def calls_of(work: Callable[[], Any], *, within: str = "") -> int:
    """How many Python functions a piece of work calls (in files so named): its cost, whatever else the machine does."""
    count = 0

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call" and within in frame.f_code.co_filename

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("sections", [100, 400])
@pytest.mark.parametrize("chained", [with_sections, with_stream_sections], ids=["tables", "streams"])
def test_a_chain_of_sections_costs_less_than_an_archive(sealed, timestamper, trust, chained, sections):
    archived = add_long_term(sealed, timestamper=timestamper, trust=trust)
    pdf = stamped(open_update(chained(sealed, sections)), timestamper)

    verdicts: list[Verdict] = []
    calls = calls_of(lambda: verdicts.append(examine(pdf, trust).verdict))

    assert verdicts == [Verdict.ALTERED]
    assert calls < calls_of(lambda: examine(archived, trust))


def test_a_few_sections_more_than_there_are_time_stamps_in_the_years_are_refused(sealed, timestamper, trust):
    """Sections that are streams, so that no word in the file counts them."""
    pdf = stamped(open_update(with_stream_sections(sealed, MOST_REVISIONS)), timestamper)

    compared = calls_of(lambda: examine(pdf, trust), within="diff_analysis")

    assert examine(pdf, trust).verdict is Verdict.ALTERED
    assert compared == 0


def test_nothing_is_compared_for_the_time_stamp_of_a_stranger(sealed, timestamper, trust):
    other = new_authority(private_key=new_private_key(Algorithm.ES256), now=NOW)
    stranger = LocalTimestamper(certified(other, Algorithm.ES256, "stamps", stamps=True), lambda: NOW)
    ours = add_long_term(sealed, timestamper=timestamper, trust=trust)
    theirs = stamped(open_update(sealed), stranger)

    compared = [
        calls_of(lambda pdf=pdf: examine(pdf, trust), within="diff_analysis") for pdf in (ours, theirs)
    ]

    assert compared[0] > 0
    assert compared[1] == 0


def test_changes_after_the_seal_are_refused_even_when_stamped(sealed, timestamper, trust):
    """A picture over the name, added as an update, with a good time stamp over it all: a shadow attack."""
    update = open_update(sealed)
    page = update.root["/Pages"]["/Kids"][0]
    page["/Contents"] = update.add_object(generic.StreamObject(stream_data=b"0 0 300 200 re f"))
    update.update_container(page)

    reading = examine(stamped(update, timestamper), trust)

    assert (reading.verdict, reading.coverage) == (Verdict.ALTERED, Coverage.PARTIAL)
