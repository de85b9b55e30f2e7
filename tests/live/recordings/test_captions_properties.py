"""Properties of the captions of a recording, whenever they were typed."""

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from live.queries.captions import READING_MS, TYPING_MS, captions_of
from tests.live.broadcast.test_timeline import lines

# When each was typed, as shares of the class from the first picture to the last: also in gaps, at once, or by a clock that was set back.
shares = st.lists(st.floats(min_value=0, max_value=0.999999), min_size=1, max_size=30)


def typed_on_air(line, shares) -> list[tuple[int, str]]:
    on_air, last = line.spans[0].began, line.spans[-1]
    seconds = last.began + last.length - on_air
    return [(on_air + int(share * seconds), str(number)) for number, share in enumerate(shares)]


@given(lines, shares)
def test_every_caption_typed_on_air_is_in_the_recording_in_order_and_by_itself(line, shares):
    assume(len(shares) <= line.length)

    captions = captions_of(typed_on_air(line, shares), line, is_beginning_cut=False)

    assert [words for _, _, words in captions] == [str(number) for number in range(len(shares))]
    assert captions[0][0] >= 0
    assert captions[-1][1] <= line.length
    assert all(end <= following for (_, end, _), (following, _, _) in pairwise(captions))


@given(lines, shares)
def test_every_caption_can_be_read_where_the_recording_has_time_for_all(line, shares):
    assume(len(shares) * READING_MS <= line.length)

    captions = captions_of(typed_on_air(line, shares), line, is_beginning_cut=False)

    assert all(end - start >= READING_MS for start, end, _ in captions)


@given(lines, st.floats(min_value=0, max_value=0.999999))
def test_one_caption_is_shown_where_its_words_were_said(line, share):
    assume(line.length >= READING_MS)
    [(moment, words)] = typed_on_air(line, [share])

    [(start, _, _)] = captions_of([(moment, words)], line, is_beginning_cut=False)

    assert start == min(line.place_of(moment - TYPING_MS), line.length - READING_MS)
