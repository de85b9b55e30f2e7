"""The program in the sandbox: `program.py <packages> <most pages> <folder> <file>...`.

Renders every page at two widths into the folder and prints one line of JSON a page: names, size in pixels, bytes, text.
For a file it cannot read it prints `refused <reason>` and exits. Only the packages are visible, nothing of the site.
"""

import io
import json
import sys
from pathlib import Path

WIDTHS = (480, 1280)
# The most height of a picture, in widths: a higher one is not legible on a screen.
MOST_HEIGHT = 2.0
MOST_PIXELS = 40_000_000
MOST_CHARACTERS = 1_500
# Lossy WebP, lossless WebP and palette PNG: which one is smallest depends on whether the page is a drawing, text or a photograph.
LOSSY_QUALITY = {480: 58, 1280: 66}
COLORS = 64


class Refused(Exception):
    """The file is not accepted."""


def main() -> None:
    packages, most_pages, folder, *files = sys.argv[1:]
    sys.path.append(packages)
    try:
        pages = pages_of([Path(file) for file in files], int(most_pages))
        for number, (page, text) in enumerate(pages, 1):
            write_fact(draw(page, text, number, Path(folder)))
    except Refused as refused:
        print(f"refused {refused}", flush=True)


def write_fact(facts):
    print(json.dumps(facts), flush=True)


def pages_of(files, most_pages):
    for file in files:
        if file.suffix == ".pdf":
            yield from pages_of_document(file, most_pages)
        else:
            yield picture_of(file), ""


def pages_of_document(file, most_pages):
    import pypdfium2  # noqa: PLC0415 - optional dependency of this process: its folder is an argument

    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        raise Refused("locked" if "password" in str(error).lower() else "broken") from error
    if len(document) > most_pages:
        raise Refused("pages")
    if len(document) == 0:
        raise Refused("broken")
    for page in document:
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise Refused("broken")
        # Rendered once at the larger width; the smaller picture is scaled from it.
        scale = min(WIDTHS[-1] / width, WIDTHS[-1] * MOST_HEIGHT / height)
        if width * scale < 1 or height * scale < 1:
            raise Refused("broken")
        picture = page.render(scale=scale, may_draw_forms=False).to_pil()
        yield picture.convert("RGB"), page.get_textpage().get_text_bounded()
        page.close()


def picture_of(file):
    from PIL import Image, ImageOps  # noqa: PLC0415 - optional dependency of this process: its folder is an argument

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    form = {".png": "PNG", ".jpg": "JPEG", ".webp": "WEBP"}[file.suffix]
    try:
        with Image.open(file, formats=[form]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused("pixels")
            opened.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2))
            turned = ImageOps.exif_transpose(opened)
            if "A" in turned.getbands() or "transparency" in turned.info:
                layers = turned.convert("RGBA")
                paper = Image.new("RGBA", layers.size, "white")
                return Image.alpha_composite(paper, layers).convert("RGB")
            return turned.convert("RGB")
    except Image.DecompressionBombError as error:
        raise Refused("pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("broken") from error


def draw(page, text, number, folder):
    facts = {"text": text_of(text)}
    for width in WIDTHS:
        picture = fitted(page, width)
        data, ending = smallest(picture, width)
        name = f"{number}-{width}.{ending}"
        (folder / name).write_bytes(data)
        facts[str(width)] = {"name": name, "size": picture.size, "bytes": len(data)}
    return facts


def fitted(page, width):
    """The page scaled down to at most `width` wide and twice as high; never enlarged."""
    scale = min(1, width / page.width, width * MOST_HEIGHT / page.height)
    if scale == 1:
        return page
    size = max(1, round(page.width * scale)), max(1, round(page.height * scale))
    return page.resize(size, resample=1, reducing_gap=3.0)


def smallest(picture, width):
    candidates = [
        (encoded(picture, "WEBP", quality=LOSSY_QUALITY[width], method=4), "webp"),
        (encoded(picture.quantize(COLORS, dither=0), "PNG", optimize=True), "png"),
    ]
    # For photographs this format is slow and never the smallest.
    if len(candidates[1][0]) < 3 * len(candidates[0][0]):
        candidates.append((encoded(picture, "WEBP", lossless=True, quality=60, method=4), "webp"))
    return min(candidates, key=lambda candidate: len(candidate[0]))


def encoded(picture, form, **options):
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def text_of(text):
    """The text layer with its line breaks, without other control characters."""
    lines = (" ".join(line.split()) for line in text.replace("\ufffe", "").splitlines())
    joined = "\n".join(line for line in lines if line)
    return joined if len(joined) <= MOST_CHARACTERS else joined[: MOST_CHARACTERS - 1] + "…"


if __name__ == "__main__":
    main()
