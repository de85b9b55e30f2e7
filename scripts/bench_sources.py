"""Videos for benchmarks, the same on every machine: a minute as a camera gives it and a minute of a recorded screen."""

import os
import random
import subprocess
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from media_pipeline.transcoding.binaries import Binaries

SECONDS = int(os.environ.get("SECONDS", "60"))
WORDS = [
    "cable",
    "panel",
    "switch",
    "load",
    "phase",
    "neutral",
    "earth",
    "breaker",
    "meter",
    "torque",
    "clamp",
    "conduit",
    "voltage",
    "current",
]


def speech(seconds: int) -> str:
    """Syllables of noise with pauses between sentences, as a source of ffmpeg."""
    return (
        f"anoisesrc=color=pink:seed=3:amplitude=0.4:duration={seconds}:sample_rate=48000,"
        "volume='if(lt(mod(t,5),4),0.4+0.4*sin(2*PI*4*t),0.01)':eval=frame,aformat=channel_layouts=stereo"
    )


def camera(folder: Path, binaries: Binaries, *, seconds: int = SECONDS, height: int = 1080) -> Path:
    """25 pictures a second and 16 Mbit/s: a workbench before an unsteady hand, and a sensor's noise."""
    target = folder / "camera.mp4"
    bench, hands = folder / "bench.png", folder / "hands.png"
    k = height / 1080
    _draw_surface(bench, (round(2240 * k), round(1260 * k)), seed=7)
    _draw_surface(hands, (round(640 * k), round(480 * k)), seed=9)
    scene = (
        f"[0:v]crop={round(1920 * k)}:{height}:'{k}*(160+120*sin(t/2.3)+9*sin(t*5.1))':"
        f"'{k}*(90+70*cos(t/3.1)+7*sin(t*6.3))'[bench];"
        f"[bench][1:v]overlay=x='{k}*(640+420*sin(t*0.8))':y='{k}*(300+220*cos(t*1.1))',"
        "format=yuv420p,noise=all_seed=11:alls=4:allf=t[film]"
    )
    pictures = []
    for picture in (bench, hands):
        pictures += ["-loop", "1", "-framerate", "25", "-t", str(seconds), "-i", str(picture)]
    rate = ("-b:v", "16M", "-maxrate", "20M", "-bufsize", "20M")
    return _record(target, [*pictures, "-filter_complex", scene, "-map", "[film]"], binaries, rate, seconds)


def screencast(folder: Path, binaries: Binaries) -> Path:
    """1080p at 30 pictures a second: a page of text that is read, scrolled and read on, with a moving pointer."""
    target = folder / "screencast.mp4"
    page, pointer = folder / "page.png", folder / "pointer.png"
    _draw_page(page)
    _draw_pointer(pointer)
    # Every 6 s the page moves up by 560 points within 0.8 s.
    scroll = "560*(floor(t/6)+clip((mod(t,6)-5.2)/0.8,0,1))"
    scene = (
        f"[0:v]crop=1920:1080:0:'{scroll}'[page];"
        "[page][1:v]overlay=x='900+500*sin(t*0.9)*lt(mod(t,4),1.5)':y='500+260*cos(t*0.7)*lt(mod(t,4),1.5)',"
        "format=yuv420p[film]"
    )
    pictures = []
    for picture in (page, pointer):
        pictures += ["-loop", "1", "-framerate", "30", "-t", str(SECONDS), "-i", str(picture)]
    return _record(
        target, [*pictures, "-filter_complex", scene, "-map", "[film]"], binaries, ("-crf", "18"), SECONDS
    )


def _record(
    target: Path, picture: list[str], binaries: Binaries, rate: tuple[str, ...], seconds: int
) -> Path:
    inputs = picture.count("-i")
    argv = [str(binaries.ffmpeg), "-v", "error", "-y", *picture]
    at = argv.index("-filter_complex")
    argv[at:at] = ["-f", "lavfi", "-t", str(seconds), "-i", speech(seconds)]
    argv += ["-map", f"{inputs}:a", "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast"]
    argv += [*rate, "-g", "250", "-c:a", "aac", "-b:a", "128k", str(target)]
    subprocess.run(argv, check=True)
    return target


def _draw_surface(target: Path, size: tuple[int, int], *, seed: int) -> None:
    """Light, shade and grain at every scale, as surfaces have them: random pictures of many sizes, laid over."""
    chance = random.Random(seed)  # noqa: S311  # the same surface every time
    surface = Image.new("RGB", size, (128, 120, 110))
    for cells in (4, 9, 24, 70, 200, 640):
        width, height = cells, max(2, cells * size[1] // size[0])
        grain = Image.frombytes("RGB", (width, height), chance.randbytes(width * height * 3))
        surface = Image.blend(surface, grain.resize(size, Image.Resampling.BICUBIC), 0.28)
    surface.save(target)


def _draw_page(target: Path) -> None:
    chance = random.Random(5)  # noqa: S311  # the same text every time
    page = Image.new("RGB", (1920, 7400), "white")
    pen = ImageDraw.Draw(page)
    small, large = ImageFont.load_default(22), ImageFont.load_default(40)
    for top in range(0, 7400, 560):
        pen.rectangle((0, top, 1920, top + 60), fill=(32, 74, 135))
        pen.text((40, top + 8), f"Lesson {top // 560 + 1}", fill="white", font=large)
        for line in range(15):
            words = " ".join(chance.choice(WORDS) for _ in range(18))
            pen.text((60, top + 80 + line * 31), words, fill=(20, 20, 20), font=small)
        pen.rectangle((1500, top + 90, 1860, top + 330), outline=(200, 60, 40), width=4)
    page.save(target)


def _draw_pointer(target: Path) -> None:
    pointer = Image.new("RGBA", (32, 48), (0, 0, 0, 0))
    ImageDraw.Draw(pointer).polygon([(0, 0), (0, 40), (10, 31), (24, 31)], fill="black", outline="white")
    pointer.save(target)
