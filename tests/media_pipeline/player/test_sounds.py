"""A video with two sounds in a real browser: the tone tells which one plays."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from media_pipeline.services.playback import PlaybackSound
from media_pipeline.transcoding.plan import make_plan
from media_pipeline.transcoding.probe import probe
from media_pipeline.transcoding.produce import produce_package
from tests.media_pipeline import clips
from tests.media_pipeline.player.page import Lesson
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser("the sound that a browser plays"), pytest.mark.xdist_group("sounds")]
ARABIC, ENGLISH = 440, 1760
# The loudest frequency that plays now, in Hz; 0 while it is silent.
LISTEN = """async () => {
  const video = document.querySelector("video");
  const context = (window.ear ??= new AudioContext());
  await context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  // A new stream for each film: a captured one ends with its source.
  const stream = video.captureStream();
  const [track] = stream.getAudioTracks();
  if (!track) return 0;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const loudest = bins.indexOf(Math.max(...bins));
  return bins[loudest] < -80 ? 0 : (loudest * context.sampleRate) / analyser.fftSize;
}"""


@pytest.fixture(scope="module")
def bilingual(clip_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = clips.two_sounds(clip_folder / "thirteen-bilingual.mp4", seconds=13)
    folder = tmp_path_factory.mktemp("bilingual")
    plan = make_plan(probe(source, folder=folder, binaries=clips.BINARIES))
    produce_package(source, plan, folder=folder, binaries=clips.BINARIES, on_percent=lambda _: None)
    return folder / "package"


@pytest.fixture
def lesson(browser: Browser, bilingual: Path) -> Iterator[Lesson]:
    lesson = Lesson(browser, bilingual, viewport={"width": 360, "height": 640})
    lesson.sounds = [PlaybackSound(1, "ara", "", ""), PlaybackSound(2, "eng", "", "-2")]
    lesson.open()
    yield lesson
    lesson.page.context.close()


def heard(lesson: Lesson) -> int:
    """The nearer of the two tones."""
    tone = wait_until(lambda: lesson.page.evaluate(LISTEN), page=lesson.page)
    assert min(abs(tone - ARABIC), abs(tone - ENGLISH)) < 20, tone
    return min((ARABIC, ENGLISH), key=lambda known: abs(known - tone))


@pytest.mark.parametrize(
    "quality",
    [
        "auto",
        *(
            pytest.param(name, marks=pytest.mark.browser("another quality", nightly=True))
            for name in ("144p", "144p-low", "audio")
        ),
    ],
)
def test_the_chosen_sound_is_the_one_that_plays_in_every_quality(lesson: Lesson, quality: str):
    lesson.choose(quality)
    lesson.play()
    assert heard(lesson) == ARABIC

    lesson.page.click("[data-settings]")
    before, at = len(lesson.asked), lesson.position
    lesson.page.select_option("[data-sound]", label="الإنجليزية")
    lesson.until(lambda: any(path.endswith("-2.mp4") for path in lesson.asked[before:]))
    lesson.page.wait_for_function("document.querySelector('video').readyState >= 3")

    assert heard(lesson) == ENGLISH
    assert lesson.position >= at
    played_files = {path.split("/")[-1] for path in lesson.asked[before:] if path.endswith(".mp4")}
    assert played_files
    assert all(name.endswith("-2.mp4") for name in played_files), played_files


@pytest.mark.browser("the same choice by another hand", nightly=True)
def test_the_sound_is_chosen_by_keyboard_announced_and_remembered(lesson: Lesson):
    lesson.play()
    lesson.page.locator("[data-settings]").focus()
    lesson.page.keyboard.press("Enter")
    field = lesson.page.get_by_role("combobox", name="صوت الفيديو")
    expect(field).to_be_focused()
    said = field.locator("option").all_inner_texts()
    lesson.page.keyboard.press("ArrowDown")
    expect(field).to_have_value("-2")
    lesson.page.keyboard.press("Escape")
    lesson.page.keyboard.press("s")
    expect(lesson.page.locator("[data-live]")).to_have_text("الصوت: العربية")
    lesson.page.keyboard.press("s")
    expect(lesson.page.locator("[data-live]")).to_have_text("الصوت: الإنجليزية")

    lesson.play()

    assert said == ["العربية", "الإنجليزية"]
    assert heard(lesson) == ENGLISH
    expect(lesson.page.locator("[data-sound]")).to_have_value("-2")


@pytest.mark.browser("the plain film, as in all other tests", nightly=True)
def test_a_video_with_one_sound_has_no_menu_for_it(lesson: Lesson):
    lesson.sounds = []
    lesson.play()
    lesson.page.keyboard.press("s")

    expect(lesson.page.locator("[data-sound]")).to_have_count(0)
    expect(lesson.page.locator("[data-live]")).to_have_text("لهذا الفيديو صوت واحد")
    assert heard(lesson) == ARABIC
