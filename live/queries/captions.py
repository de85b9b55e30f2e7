"""The captions of a recording, from what was typed during the class."""

from collections.abc import Iterable

from live.broadcast.timeline import Timeline
from live.enums import EventKind
from live.models import Event

# A caption was said before it was typed.
TYPING_MS = 3_000
# The shortest and the longest time a caption is shown.
READING_MS, LONGEST_MS = 1_500, 7_000
MS_A_CHARACTER = 60


def captions_in(session_id: int, timeline: Timeline, *, is_beginning_cut: bool) -> list[tuple[int, int, str]]:
    """`captions_of` what was typed in a class."""
    events = Event.objects.filter(session_id=session_id, kind=EventKind.CAPTION_SAID).order_by("seq")
    typed = [(int(event.created_at.timestamp() * 1000), event.payload["text"]) for event in events]
    return captions_of(typed, timeline, is_beginning_cut=is_beginning_cut)


def captions_of(
    typed: Iterable[tuple[int, str]], timeline: Timeline, *, is_beginning_cut: bool
) -> list[tuple[int, int, str]]:
    """`(start, end, words)` in milliseconds of the recording, in order and one after the other.

    `typed` has the moment and the words of each. Captions of one place (a gap, the beginning) follow one another from
    there, each for READING_MS at least; where the recording is too short for that, all get the same share of it.
    """
    on_air = timeline.spans[0].began if timeline.spans else 0
    # Nothing is said before a class goes on air, but in a part of it the first words typed are of what was cut away.
    first = on_air + TYPING_MS if is_beginning_cut else on_air
    places = [
        (place, words)
        for moment, words in typed
        if moment >= first and (place := timeline.place_of(moment - TYPING_MS)) < timeline.length
    ]
    shortest = min(READING_MS, timeline.length // max(1, len(places)))
    starts: list[int] = []
    for number, (place, _) in enumerate(places):
        earliest = starts[-1] + shortest if starts else 0
        latest = timeline.length - shortest * (len(places) - number)
        starts.append(min(max(place, earliest), latest))
    captions = []
    followings = [*starts, timeline.length][1:]
    for start, following, (_, words) in zip(starts, followings, places, strict=True):
        end = min(start + min(LONGEST_MS, READING_MS + MS_A_CHARACTER * len(words)), following)
        # A cue without a duration would make the whole file invalid.
        if end > start:
            captions.append((start, end, words))
    return captions
