"""What may follow the sealed part of a file: time stamps with their evidence, and nothing else."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

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
from certificates.sealing.archive import EvidenceWriter
from tests.certificates.sealing.conftest import NOW, certified
from tests.certificates.sealing.updates import (
    open_update,
    stamped,
    with_sections,
    with_stream_sections,
    written,
)


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
    stranger = LocalTimestamper(certified(other, Algorithm.ES256, "timestamps", timestamps=True), lambda: NOW)
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


def put(update: EvidenceWriter, place: str, key: str, value: generic.PdfObject) -> None:
    """Write an entry of the catalog or of the form."""
    holder = update.root if place == "/Root" else update.root[place]
    holder[generic.NameObject(key)] = value
    update.update_root()


def dictionary(**entries: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({generic.NameObject(f"/{key}"): value for key, value in entries.items()})


TEXT = generic.TextStringObject("FORGED")


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        ("/Root", "/MarkInfo", dictionary()),
        ("/Root", "/Extensions", dictionary(X=dictionary())),
        ("/Root", "/Version", generic.NameObject("/2.0")),
        ("/Root", "/Lang", TEXT),
        ("/Root", "/OpenAction", dictionary(S=generic.NameObject("/URI"), URI=TEXT)),
        ("/AcroForm", "/NeedAppearances", generic.BooleanObject(True)),
        ("/AcroForm", "/DA", TEXT),
        ("/AcroForm", "/DR", dictionary()),
        ("/AcroForm", "/Q", generic.NumberObject(2)),
        ("/AcroForm", "/SigFlags", generic.NumberObject(1)),
    ],
)
def test_the_catalog_and_the_form_stay_as_they_were_sealed(sealed, timestamper, trust, place, key, value):
    update = open_update(sealed)
    put(update, place, key, value)

    pdf = stamped(open_update(written(update)), timestamper)

    assert examine(pdf, trust).verdict is Verdict.ALTERED


def test_metadata_of_a_sealed_document_cannot_change(sealed, timestamper, trust):
    told = open_update(sealed)
    told.set_info(told.add_object(dictionary(Title=TEXT, Author=TEXT)))
    described = open_update(sealed)
    xmp = generic.StreamObject(stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    put(described, "/Root", "/Metadata", described.add_object(xmp))

    verdicts = [examine(stamped(update, timestamper), trust).verdict for update in (told, described)]

    assert verdicts == [Verdict.ALTERED] * 2


def test_the_trailer_of_a_revision_cannot_replace_an_object(sealed, timestamper, trust):
    """No new object: what was sealed as a page becomes what the document says of itself."""
    update = open_update(sealed)
    update.set_info(update.root.raw_get("/Pages"))

    assert examine(stamped(update, timestamper), trust).verdict is Verdict.ALTERED


def test_an_object_that_nothing_names_is_refused(sealed, timestamper, trust):
    update = open_update(sealed)
    update.add_object(generic.StreamObject(stream_data=b"hidden"))

    assert examine(stamped(update, timestamper), trust).verdict is Verdict.ALTERED


def test_a_field_to_fill_in_is_refused(sealed, timestamper, trust):
    update = open_update(sealed)
    append_signature_field(update, SigFieldSpec("Shadow"))

    assert examine(stamped(update, timestamper), trust).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/Rect", generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 200)))),
        ("/Rect", generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 200, 5)))),
        ("/Rect", generic.ArrayObject(map(generic.NumberObject, (0, 0, 300)))),
        ("/TU", TEXT),
        ("/MK", dictionary(CA=TEXT)),
    ],
)
def test_a_time_stamp_that_shows_or_says_something_is_refused(sealed, timestamper, trust, key, value):
    update = open_update(sealed)
    append_signature_field(update, SigFieldSpec("Shadow", on_page=0))
    update.root["/AcroForm"]["/Fields"][-1][generic.NameObject(key)] = value

    assert examine(stamped(update, timestamper, field="Shadow"), trust).verdict is Verdict.ALTERED


def test_a_stray_byte_range_in_the_store_is_refused(sealed, timestamper, trust):
    """Readers that search for signatures would find one that no field names; the same stream without it says nothing."""

    def with_stored(content: bytes) -> bytes:
        update = open_update(sealed)
        stored = update.add_object(generic.StreamObject(stream_data=content))
        store = update.add_object(dictionary(Certs=generic.ArrayObject([stored])))
        put(update, "/Root", "/DSS", store)
        return stamped(update, timestamper)

    verdicts = [
        examine(with_stored(content), trust).verdict for content in (b"nothing", b"/ByteRange [0 1 2 3]")
    ]

    assert verdicts == [Verdict.INTACT, Verdict.ALTERED]
