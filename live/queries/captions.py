"""The captions of a recording, from what was typed during the class."""

from live.broadcast.timeline import Timeline
from live.enums import EventKind
from live.models import Event

# A caption was said before it was typed.
TYPING_MS = 3_000
# The shortest and the longest time a caption is shown.
READING_MS, LONGEST_MS = 1_500, 7_000
MS_A_CHARACTER = 60


def captions_in(session_id: int, timeline: Timeline) -> list[tuple[int, int, str]]:
    """`(start, end, words)` in milliseconds of the recording, in order and one after the other."""
    said = Event.objects.filter(session_id=session_id, kind=EventKind.CAPTION_SAID).order_by("seq")
    begins = timeline.spans[0].began if timeline.spans else 0
    starts: list[tuple[int, str]] = []
    for event in said:
        moment = int(event.created_at.timestamp() * 1000) - TYPING_MS
        place = timeline.place_of(moment)
        # Captions of a part that was cut away at the beginning are left out.
        if moment >= begins and place < timeline.length:
            starts.append((place, event.payload["text"]))
    captions = []
    for number, (start, words) in enumerate(starts):
        wanted = start + min(LONGEST_MS, READING_MS + MS_A_CHARACTER * len(words))
        following = starts[number + 1][0] if number + 1 < len(starts) else timeline.length
        end = min(wanted, following, timeline.length)
        if end > start:
            captions.append((start, end, words))
    return captions
