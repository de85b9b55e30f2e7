"""Properties of the timeline and the chapters of a recording."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from live.broadcast.chapters import SHORTEST_MS, Chapter, chapters_of
from live.broadcast.timeline import Span, Timeline

# Gaps: disconnects, pauses, and a clock that is set back.
steps = st.lists(
    st.tuples(st.integers(min_value=-5_000, max_value=90_000), st.integers(min_value=0, max_value=600_000)),
    min_size=1,
    max_size=12,
)


def laid(pairs: list[tuple[int, int]], *, start: int = 1_800_000_000_000) -> list[Span]:
    """Spans after gaps of the given lengths."""
    spans, at = [], start
    for gap, length in pairs:
        at += gap
        spans.append(Span(at, length))
        at += length
    return spans


lines = steps.map(lambda pairs: Timeline.of(laid(pairs))).filter(lambda line: line.length > 0)


def moment_at(line: Timeline, place: int) -> int:
    """When what is seen at `place` happened."""
    passed = 0
    for span in line.spans:
        if place < passed + span.length:
            return span.began + place - passed
        passed += span.length
    return line.spans[-1].began + line.spans[-1].length


@given(steps)
def test_the_recording_is_as_long_as_its_spans(pairs):
    assert Timeline.of(laid(pairs)).length == sum(length for _, length in pairs)


@given(lines, st.floats(min_value=0, max_value=0.999999))
def test_every_place_of_the_recording_leads_to_its_moment_and_back(line, share):
    place = int(share * line.length)

    assert line.place_of(moment_at(line, place)) == place


@given(lines, st.lists(st.integers(min_value=-100_000, max_value=9_000_000), min_size=2, max_size=2))
def test_what_happened_later_is_never_found_earlier(line, offsets):
    earlier, later = (line.spans[0].began + offset for offset in sorted(offsets))

    assert 0 <= line.place_of(earlier) <= line.place_of(later) <= line.length


@given(lines, st.integers(min_value=-100_000, max_value=9_000_000))
def test_a_moment_in_a_gap_is_found_where_the_picture_goes_on(line, offset):
    moment = line.spans[0].began + offset
    place = line.place_of(moment)

    if place < line.length:
        is_inside = any(span.began <= moment < span.began + span.length for span in line.spans)
        later = [span.began for span in line.spans if span.began > moment]
        assert moment_at(line, place) == (moment if is_inside else later[0])


@given(lines)
def test_a_timeline_is_stored_and_read_unchanged(line):
    assert Timeline.from_json(line.as_json()) == line


def test_two_spans_with_a_gap_between_them():
    line = Timeline.of([Span(1_000_000, 10_000), Span(1_060_000, 5_000)])

    assert [line.place_of(1_000_000 + after) for after in (-5, 0, 4_000, 30_000, 61_000, 99_000)] == [
        0,
        0,
        4_000,
        10_000,
        11_000,
        15_000,
    ]


def test_a_clock_that_was_set_back_does_not_turn_time_around():
    line = Timeline.of([Span(1_000_000, 10_000), Span(1_004_000, 10_000)])

    assert line.length == 20_000
    assert line.place_of(1_009_000) == 9_000
    assert line.place_of(1_012_000) == 12_000


marks = st.lists(st.integers(min_value=0, max_value=700_000), max_size=25).map(
    lambda starts: [Chapter(start, f"slide {number}") for number, start in enumerate(sorted(starts))]
)


@given(marks, st.integers(min_value=1, max_value=600_000))
def test_chapters_begin_at_the_beginning_and_are_never_short(found, length):
    chapters = chapters_of(found, length=length, beginning="beginning")

    starts = [chapter.start for chapter in chapters]
    assert len(chapters) != 1
    assert not starts or starts[0] == 0
    assert all(later - earlier >= SHORTEST_MS for earlier, later in itertools.pairwise(starts))
    assert all(start < length for start in starts)


def test_slides_that_were_paged_through_are_no_chapters():
    shown = [
        Chapter(20_000, "One"),
        Chapter(80_000, "Two"),
        Chapter(82_000, "Three"),
        Chapter(84_000, "Four"),
        Chapter(200_000, "Five"),
    ]

    assert chapters_of(shown, length=300_000, beginning="Beginning") == [
        Chapter(0, "Beginning"),
        Chapter(20_000, "One"),
        Chapter(80_000, "Four"),
        Chapter(200_000, "Five"),
    ]


def test_one_slide_makes_no_chapters():
    assert chapters_of([Chapter(3_000, "One")], length=300_000, beginning="Beginning") == []
