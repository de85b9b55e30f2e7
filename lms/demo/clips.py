"""Three lesson videos as instructors upload them: a screen recording, a camera video, a vertical phone video.

Made once by ffmpeg and kept; the same video on every machine.
"""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lms.demo.slides import Slide, board_picture, encoded, phone_picture, slide_picture
from media_pipeline.transcoding.binaries import find_binaries

SLIDE_SECONDS = 4.8
SLIDES = (
    Slide("قواعد السلامة قبل العمل", ("افصل القاطع الرئيسي", "علّق لافتة: ممنوع التشغيل", "اختبر ثم المس")),
    Slide(
        "أدوات الوقاية الشخصية",
        ("قفازات عازلة حتى 1000 فولت", "حذاء عازل ونظارة واقية", "لا خواتم ولا ساعات"),
    ),
    Slide("الأسلاك وألوانها", ("الحي: بني أو أسود أو رمادي", "المحايد: أزرق", "الأرضي: أخضر وأصفر")),
    Slide("مقاطع الأسلاك", ("1.5 مم² لدوائر الإنارة", "2.5 مم² لدوائر المقابس", "4 مم² للسخان والتكييف")),
    Slide("خطوات الفصل الآمن", ("أبلغ من في المكان", "افصل واقفل بالقفل", "تأكد بجهاز القياس")),
)
# One note a slide, so that the ear hears the change too.
NOTES = (262, 294, 330, 349, 392)

# The ffmpeg of the wheel is built without zlib and reads no PNG.
STILL = "BMP"
SCREEN_CODEC = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "24", "-pix_fmt", "yuv420p")
FILM_CODEC = ("-c:v", "libx264", "-preset", "ultrafast", "-b:v", "2500k", "-pix_fmt", "yuv420p")
SOUND_CODEC = ("-c:a", "aac", "-b:a", "96k", "-ar", "44100")
HELD_BY_HAND = "x='(iw-ow)/2+{far}*sin(t*0.7)+7*sin(t*9.1)':y='(ih-oh)/2+{near}*sin(t*0.5)+6*sin(t*11.3)'"


@dataclass(frozen=True)
class Clip:
    """A video with its titles and its captions by language, as WebVTT."""

    path: Path
    title_ar: str
    title_en: str
    captions: dict[str, str] = field(default_factory=dict)


def make_clips(folder: Path, report: Callable[[str], None]) -> dict[str, Clip]:
    """Make the videos that are not in `folder` yet: "slides", "camera" and "phone"."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = {}
    for name, film, title_ar, title_en, captions in (
        ("slides", _film_slides, "السلامة قبل كل شيء", "Safety first", SLIDES_SAID),
        (
            "camera",
            _film_board,
            "جولة داخل لوحة التوزيع",
            "A look inside the distribution board",
            CAMERA_SAID,
        ),
        ("phone", _film_phone, "استعمال المفك الاختباري", "Using the test screwdriver", PHONE_SAID),
    ):
        path = folder / f"{name}.mp4"
        if not path.exists():
            # Atomic: a file that Ctrl-C truncated must not count as made.
            part = folder / f"{name}.part.mp4"
            film(folder, part)
            part.replace(path)
            for still in folder.glob("*.bmp"):
                still.unlink()
            report(f"filmed {path.name}, {path.stat().st_size / 1e6:.1f} MB")
        clips[name] = Clip(path, title_ar, title_en, _webvtt(captions))
    return clips


def _film_slides(folder: Path, target: Path) -> None:
    argv: list[str] = []
    for number, slide in enumerate(SLIDES, start=1):
        still = folder / f"slide-{number}.bmp"
        still.write_bytes(encoded(slide_picture(slide, number, len(SLIDES)), STILL))
        argv += ["-loop", "1", "-framerate", "10", "-t", str(SLIDE_SECONDS), "-i", str(still)]
    joined = "".join(f"[{number}:v]" for number in range(len(SLIDES)))
    sound = ";".join(f"{_voice(note, SLIDE_SECONDS)}[a{index}]" for index, note in enumerate(NOTES))
    heard = "".join(f"[a{index}]" for index in range(len(NOTES)))
    count = len(SLIDES)
    graph = f"{joined}concat=n={count}:v=1:a=0[v];{sound};{heard}concat=n={count}:v=0:a=1[a]"
    _ffmpeg(
        *argv,
        "-filter_complex",
        graph,
        "-map",
        "[v]",
        "-map",
        "[a]",
        *SCREEN_CODEC,
        *SOUND_CODEC,
        str(target),
    )


def _film_board(folder: Path, target: Path) -> None:
    still = folder / "board.bmp"
    still.write_bytes(encoded(board_picture(1680, 945), STILL))
    moving = f"crop=1280:720:{HELD_BY_HAND.format(far=150, near=80)},noise=alls=6:allf=t"
    _film_still(still, moving, seconds=20, note=220, target=target)


def _film_phone(folder: Path, target: Path) -> None:
    still, lying = folder / "phone.bmp", folder / "phone.lying.mp4"
    still.write_bytes(encoded(phone_picture(), STILL))
    # As phones do it: the sensor's landscape picture, and a note that it is to be turned.
    moving = f"crop=720:1280:{HELD_BY_HAND.format(far=60, near=120)},noise=alls=5:allf=t,transpose=2"
    _film_still(still, moving, seconds=15, note=247, target=lying)
    _ffmpeg("-display_rotation", "270", "-i", str(lying), "-c", "copy", str(target))
    lying.unlink()


def _film_still(still: Path, moving: str, *, seconds: int, note: int, target: Path) -> None:
    graph = f"[0:v]{moving}[v];{_voice(note, seconds)},aformat=sample_rates=44100[a]"
    picture = ("-loop", "1", "-framerate", "15", "-t", str(seconds), "-i", str(still))
    maps = ("-map", "[v]", "-map", "[a]")
    _ffmpeg(*picture, "-filter_complex", graph, *maps, *FILM_CODEC, *SOUND_CODEC, "-shortest", str(target))


def _voice(note: int, seconds: float) -> str:
    """A humming voice: three harmonics that rise and fall about four times a second, as syllables do."""
    hum = "+".join(
        f"{level}*sin(2*PI*{note * harmonic}*t)" for harmonic, level in ((1, 0.14), (2, 0.07), (3, 0.03))
    )
    syllables = f"(0.35+0.65*abs(sin(PI*2*t)))*min(1,8*t)*min(1,8*({seconds}-t))"
    return f"aevalsrc='({hum})*{syllables}':s=44100:d={seconds}"


def _ffmpeg(*argv: str) -> None:
    # Bit-exact: the file names no version and no clock.
    command = [str(find_binaries().ffmpeg), "-nostdin", "-y", "-v", "error", *argv[:-1]]
    subprocess.run([*command, "-fflags", "+bitexact", argv[-1]], check=True, timeout=120)


Said = tuple[tuple[int, int, str, str], ...]

SLIDES_SAID: Said = (
    (0, 4, "قبل أي عمل: افصل القاطع الرئيسي، وعلّق لافتة، ثم اختبر.", "Before any work: switch off, tag, then test."),
    (5, 9, "البس القفازات العازلة والحذاء، واخلع الخواتم والساعة.", "Wear gloves and boots; take off rings and watch."),
    (10, 14, "البني حي، والأزرق محايد، والأخضر والأصفر أرضي.", "Brown is live, blue is neutral, green-yellow is earth."),
    (15, 19, "واحد ونصف للإنارة، واثنان ونصف للمقابس، وأربعة للسخان.", "1.5 for lighting, 2.5 for sockets, 4 for the heater."),
    (20, 23, "أبلغ من حولك، وافصل، واقفل، ثم تأكد بجهاز القياس.", "Tell people, switch off, lock, then measure."),
)  # fmt: skip
CAMERA_SAID: Said = (
    (0, 6, "هذه لوحة التوزيع: قاطع لكل دائرة، واسمها مكتوب تحته.", "The board: one breaker for each circuit, named below."),
    (7, 13, "ذراع القاطع إلى أعلى يعني أن الدائرة تعمل.", "A lever that points up means the circuit is on."),
    (14, 19, "القاطع الاحتياطي مفصول دائما حتى تضاف دائرة جديدة.", "The spare stays off until a circuit is added."),
)  # fmt: skip
PHONE_SAID: Said = (
    (0, 7, "ضع طرف المفك في الفتحة، وإصبعك على قاعدته المعدنية.", "Tip in the slot, finger on the metal cap."),
    (8, 14, "إذا أضاءت اللمبة فهذا هو الطرف الحي.", "If the lamp glows, this is the live side."),
)  # fmt: skip


def _webvtt(said: Said) -> dict[str, str]:
    def cues(language: int) -> str:
        return "".join(f"\n00:{cue[0]:02}.000 --> 00:{cue[1]:02}.000\n{cue[2 + language]}\n" for cue in said)

    return {"ar": f"WEBVTT\n{cues(0)}", "en": f"WEBVTT\n{cues(1)}"}
