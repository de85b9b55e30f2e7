"""Playlists over all runs of the encoder: what ffmpeg listed, joined with EXT-X-DISCONTINUITY where ffmpeg was restarted.

`<variant>.m3u8` holds the whole class (EXT-X-PLAYLIST-TYPE:EVENT, RFC 8216), to go back in and as the recording;
`<variant>-live.m3u8` only its last minute: each viewer's player fetches it every second, for hours.
"""

import datetime as dt
import json
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

from accounts.files import replace_file

PICTURES = ("360p", "180p")
SOUND = "audio"
VARIANTS = (*PICTURES, SOUND)
WINDOW_SEGMENTS = 20
# Names with an underscore are never served.
RUN = "run_{}.json"
LISTED = "{}_{}.m3u8"


@dataclass(slots=True)
class EncoderRun:
    """One ffmpeg over a part of a recording run, from its millisecond `start`; `began_at` is that moment in seconds of 1970."""

    number: int
    recording_run: int
    start: int
    began_at: float
    width: int
    height: int
    # It exited by itself, after reading all its input.
    is_whole: bool = False

    def save(self, folder: Path) -> None:
        replace_file(folder / RUN.format(self.number), json.dumps(asdict(self)))


@dataclass(frozen=True, slots=True)
class Segment:
    name: str
    seconds: float


@dataclass(slots=True)
class Listing:
    """What the runs in `folder` have made so far. Reads again only what has changed."""

    folder: Path
    runs: list[EncoderRun] = field(default_factory=list)
    _read: dict[tuple[str, int], tuple[int, list[Segment]]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> "Listing":
        runs = [EncoderRun(**json.loads(path.read_text())) for path in folder.glob(RUN.format("*"))]
        return cls(folder, sorted(runs, key=lambda run: run.number))

    def begin(
        self, *, recording_run: int, start: int, began_at: float, width: int, height: int
    ) -> EncoderRun:
        run = EncoderRun(len(self.runs) + 1, recording_run, start, began_at, width, height)
        run.save(self.folder)
        self.runs.append(run)
        return run

    def segments(self, variant: str, run: EncoderRun) -> list[Segment]:
        """Listed segments; of pictures only those that every rendition has, until the run ended normally."""
        listed = self._listed(variant, run)
        if variant == SOUND or run.is_whole:
            return listed
        return listed[: min(len(self._listed(one, run)) for one in PICTURES)]

    def end_of(self, run: EncoderRun) -> int:
        """Up to which millisecond of its recording run it is published."""
        seconds = sum(segment.seconds for segment in self.segments(PICTURES[0], run))
        return run.start + round(seconds * 1000)

    @property
    def count(self) -> int:
        return sum(len(self.segments(PICTURES[0], run)) for run in self.runs)

    def _listed(self, variant: str, run: EncoderRun) -> list[Segment]:
        path = self.folder / LISTED.format(variant, run.number)
        try:
            stamp = path.stat().st_mtime_ns
        except FileNotFoundError:
            return []
        known = self._read.get((variant, run.number))
        if known is None or known[0] != stamp:
            known = (stamp, _segments(path.read_text()))
            self._read[variant, run.number] = known
        return known[1]

    def write(self, *, is_finished: bool = False) -> None:
        """Publish what there is. Playlists first, then those that name them."""
        for variant in VARIANTS:
            parts = [(run, self.segments(variant, run)) for run in self.runs]
            parts = [(run, segments) for run, segments in parts if segments]
            whole = _playlist(variant, parts, is_finished=is_finished)
            replace_file(self.folder / f"{variant}.m3u8", whole)
            window = _playlist(variant, parts, window=WINDOW_SEGMENTS, is_finished=is_finished)
            replace_file(self.folder / f"{variant}-live.m3u8", window)
        replace_file(self.folder / "master.m3u8", _master(self.runs[0], ""))
        replace_file(self.folder / "live.m3u8", _master(self.runs[0], "-live"))


def _segments(text: str) -> list[Segment]:
    lines = text.splitlines()
    return [
        Segment(name, float(line.removeprefix("#EXTINF:").split(",")[0]))
        for line, name in pairwise(lines)
        if line.startswith("#EXTINF:")
    ]


def _playlist(
    variant: str, parts: list[tuple[EncoderRun, list[Segment]]], *, window: int = 0, is_finished: bool
) -> str:
    everything = [segment for _run, segments in parts for segment in segments]
    skipped = max(0, len(everything) - window) if window else 0
    longest = max((segment.seconds for segment in everything), default=1.0)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, round(longest))}",
        f"#EXT-X-MEDIA-SEQUENCE:{skipped}",
    ]
    if not window:
        lines.append("#EXT-X-PLAYLIST-TYPE:EVENT")
    body: list[str] = []
    gone = passed = 0
    for index, (run, segments) in enumerate(parts):
        shown = segments[max(0, skipped - passed) :]
        at = run.began_at + sum(segment.seconds for segment in segments[: len(segments) - len(shown)])
        passed += len(segments)
        if not shown:
            gone += 1
            continue
        # A window that begins within a run has lost the EXT-X-DISCONTINUITY before it.
        if index > 0 and len(shown) == len(segments):
            body.append("#EXT-X-DISCONTINUITY")
        elif index > 0:
            gone += 1
        body.append(f'#EXT-X-MAP:URI="{variant}-{run.number}-init.mp4"')
        body.append(
            f"#EXT-X-PROGRAM-DATE-TIME:{dt.datetime.fromtimestamp(at, dt.UTC).isoformat(timespec='milliseconds')}"
        )
        for segment in shown:
            body += [f"#EXTINF:{segment.seconds:.6f},", segment.name]
    if window:
        lines.append(f"#EXT-X-DISCONTINUITY-SEQUENCE:{gone}")
    if is_finished:
        body.append("#EXT-X-ENDLIST")
    return "\n".join([*lines, "#EXT-X-INDEPENDENT-SEGMENTS", *body, ""])


def _master(run: EncoderRun, suffix: str) -> str:
    """Audio has a playlist of its own: players drop an audio-only variant when others have pictures."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for variant, side, bits in (("360p", min(run.width, run.height), 560_000), ("180p", 180, 190_000)):
        scale = side / min(run.width, run.height)
        width, height = (2 * round(length * scale / 2) for length in (run.width, run.height))
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={bits},AVERAGE-BANDWIDTH={bits * 4 // 5},RESOLUTION={width}x{height}"
        )
        lines.append(f"{variant}{suffix}.m3u8")
    return "\n".join([*lines, ""])
