"""What questions show and play, as pages need it. Nothing is signed or fetched here: that happens when it is looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessment.blocks.medium import PICTURE, RECORDING
from assessment.models import Attempt
from assessment.queries.questions import StoredQuestion, in_language
from assessment.recent import Recent
from media_pipeline.queries.ways import WaysToPlay, versions_to_play, ways_of

# The parts of addresses. A recording has as many ways as its renditions allow, and its words.
SHOWN: Final = "picture"
WORDS: Final = "words"
CAPTIONS: Final = "captions-"

type Address = Callable[[int, str], str]

# Versions of recordings that a process remembers.
MOST_KEPT = 1000
_kept: Recent[int, WaysToPlay] = Recent(MOST_KEPT)

_signer = Signer(salt="assessment.media")


@dataclass(frozen=True)
class PictureShown:
    address: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class WayToPlay:
    """One rendition of a recording: `name` is that of the way, and `bytes` what all of it costs."""

    name: str
    bytes: int
    address: str


@dataclass(frozen=True)
class CaptionsShown:
    language: str
    label: str
    address: str


@dataclass(frozen=True)
class RecordingToPlay:
    """`seconds`: its length. `pictures`: none of a sound, else from the lightest."""

    seconds: float
    width: int
    height: int
    pictures: list[WayToPlay]
    sound: WayToPlay | None
    captions: list[CaptionsShown]
    words_address: str

    @property
    def clock(self) -> str:
        minutes, seconds = divmod(round(self.seconds), 60)
        return f"{minutes}:{seconds:02}"


@dataclass(frozen=True)
class MediumShown:
    """A picture, or a recording. Neither where a recording cannot be played now."""

    picture: PictureShown | None = None
    recording: RecordingToPlay | None = None


def media_to_show(contents: Mapping[int, Mapping[str, Any]], address: Address) -> dict[int, MediumShown]:
    """By slot: the media of those contents that have one. `address` gives that of a slot and a part of its medium.

    No query for pictures; for recordings one, and two more for those that this process did not show before.
    """
    media = {slot: content["medium"] for slot, content in contents.items() if content.get("medium")}
    recordings = {one["video"]: one["sha256"] for one in media.values() if one["kind"] == RECORDING}
    ways = _ways(recordings) if recordings else {}
    return {slot: _shown(one, slot, ways, address) for slot, one in media.items()}


def _ways(recordings: Mapping[int, str]) -> dict[int, WaysToPlay]:
    versions = versions_to_play(recordings)
    known = _kept.among(versions.values())
    if missing := set(versions.values()) - known.keys():
        found = ways_of(missing)
        _kept.keep(found)
        known |= found
    return {video: known[version] for video, version in versions.items()}


def media_of_attempt(attempt: Attempt, asked: Sequence[StoredQuestion]) -> dict[int, MediumShown]:
    """By slot, as the person of the attempt opens them."""

    def address(slot: int, part: str) -> str:
        return reverse("assessment:medium", args=[attempt.public_id, slot, part])

    return media_to_show({slot: one.content for slot, one in enumerate(asked)}, address)


def medium_for_staff(content: Mapping[str, Any], user: User) -> MediumShown | None:
    """The medium of a question on a page of staff. Its addresses open for this login, today and tomorrow."""
    medium = content.get("medium")
    if not medium:
        return None
    named = {name: medium[name] for name in ("source", "video", "sha256") if name in medium}
    token = _signer.sign_object({**named, "user": user.pk, "day": timezone.localdate().toordinal()})

    def address(_slot: int, part: str) -> str:
        return reverse("question_medium", args=[token, part])

    return media_to_show({0: content}, address)[0]


def medium_in(token: str, user: Any) -> Mapping[str, Any] | None:
    """What an address of `medium_for_staff` names; None where it is not of this login, or too old."""
    try:
        named: dict[str, Any] = _signer.unsign_object(token)
    except BadSignature:
        return None
    age = timezone.localdate().toordinal() - named["day"]
    return named if named["user"] == user.pk and 0 <= age <= 1 else None


def _shown(
    medium: Mapping[str, Any], slot: int, ways: Mapping[int, WaysToPlay], address: Address
) -> MediumShown:
    if medium["kind"] == PICTURE:
        alt = in_language(medium["alt"])
        return MediumShown(PictureShown(address(slot, SHOWN), medium["width"], medium["height"], alt))
    known = ways.get(medium["video"])
    if known is None:
        return MediumShown()

    def way(name: str) -> WayToPlay:
        return WayToPlay(name, known.bytes_of(name), address(slot, name))

    return MediumShown(
        recording=RecordingToPlay(
            seconds=known.seconds,
            width=known.width,
            height=known.height,
            pictures=[way(name) for name in known.pictures],
            sound=way(known.sound) if known.sound else None,
            captions=[
                CaptionsShown(one.language, one.label, address(slot, f"{CAPTIONS}{one.name}"))
                for one in known.captions
            ],
            words_address=address(slot, WORDS) if known.captions else "",
        )
    )
