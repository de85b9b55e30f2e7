"""Draw the pictures of the site that are not vectors, from its mark and its font, in Chromium.

    .venv/bin/python -m scripts.build_pictures

`favicon.ico` for programs that read no page, `touch.png` for the home screens of phones, `share.png` for who the site is
shared with. The results are committed: only a change of the mark or the name needs this.
"""

from base64 import b64encode
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

STATIC = Path(__file__).resolve().parent.parent / "lms" / "static"
ICON_SIZES = [(16, 16), (32, 32), (48, 48)]
TOUCH = 180
SHARED = (1200, 630)
COLORS = 64

SHARE = """<!doctype html><style>
@font-face {{ font-family: Mihna; src: url(data:font/woff2;base64,{font}) }}
body {{ margin: 0; block-size: 630px; display: grid; place-content: center; justify-items: center; gap: 28px;
  background: #094a44; color: #fff; font-family: Mihna; text-align: center; direction: rtl }}
img {{ inline-size: 190px }} h1 {{ margin: 0; font-size: 96px; line-height: 1.2 }} p {{ margin: 0; font-size: 40px; color: #cfe3df }}
</style><img src="data:image/svg+xml;base64,{mark}"><h1>مهنة</h1><p>برامج التدريب المهني المعتمدة</p><p dir="ltr">Vocational training</p>"""
PLAIN = """<!doctype html><style>body {{ margin: 0; background: {ground} }} img {{ display: block; inline-size: 100vw }}</style>
<img src="data:image/svg+xml;base64,{mark}">"""


def drawn(browser: Browser, html: str, size: tuple[int, int]) -> Image.Image:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_content(html)
    page.evaluate("document.fonts.ready")
    picture = Image.open(BytesIO(page.screenshot(omit_background=True)))
    page.close()
    return picture


def base64_of(path: Path) -> str:
    return b64encode(path.read_bytes()).decode()


def build() -> None:
    mark, font = base64_of(STATIC / "img/mark.svg"), base64_of(STATIC / "fonts/mihna-sans-arabic-600.woff2")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        icon = drawn(browser, PLAIN.format(mark=mark, ground="transparent"), ICON_SIZES[-1])
        # A phone cuts the corners itself, and shows black where there is nothing.
        touch = drawn(browser, PLAIN.format(mark=mark, ground="#f2b632"), (TOUCH, TOUCH))
        share = drawn(browser, SHARE.format(mark=mark, font=font), SHARED)
        browser.close()
    icon.save(STATIC / "img/favicon.ico", sizes=ICON_SIZES)
    for name, picture in (("touch", touch), ("share", share)):
        picture.convert("RGB").quantize(COLORS).save(STATIC / f"img/{name}.png", optimize=True)


if __name__ == "__main__":
    build()
