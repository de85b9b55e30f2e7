"""What pages should look like, as small pictures in `golden/`.

After a wanted change of looks, `python -m tests.typesetting.goldens` draws them again; look at each before committing it.
"""

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.typesetting.reading import pixels
from tests.typesetting.samples import whole_document
from tests.typesetting.strings import VOWELLED
from typesetting import (
    NASKH,
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    Align,
    Column,
    Document,
    Style,
    drawing,
    set_line,
    set_table,
    without_harakat,
    wrap,
)

FOLDER = Path(__file__).parent / "golden"


def name() -> bytes:
    return _lines([without_harakat(VOWELLED[0])], Style(NASKH_BOLD, size=28))


def vowelled_name() -> bytes:
    return _lines(VOWELLED, Style(NASKH, size=28))


def vowelled_label() -> bytes:
    return _lines(VOWELLED, Style(SANS, size=22))


def mixed_lines() -> bytes:
    texts = [
        "دورة AutoCAD (2D) متقدم – المستوى [3]",
        "الرقم CTR-2026-000123 (نسخة)",
        "تاريخ الإصدار ٢٠٢٦/١١/٢٤",
        "Ahmed (أحمد) <b>2026</b>",
        "می‌خواهم کتاب مـــحـــمـــد بڢب",
    ]
    return _lines(texts, Style(SANS, size=16))


def paragraph() -> bytes:
    text = (
        "تشهد وزارة العمل بأن المتدرب المذكور قد أتم بنجاح برنامج «لحام القوس المعدني Gas Tungsten Arc Welding» "
        "بواقع 420 ساعة تدريبية من ٢٠٢٦/١/١ إلى ٢٠٢٦/٦/٣٠."
    )
    document = Document(title="title")
    page = document.new_page((280, 110))
    page.draw_lines(wrap(text, Style(NASKH, size=13), width=260), 10, 100, width=260)
    return document.finish()


def table() -> bytes:
    label = Style(SANS, size=9, color=(0.35, 0.35, 0.35))
    columns = [
        Column(70, label),
        Column(150, Style(SANS_BOLD, size=10)),
        Column(80, Style(SANS, size=9), Align.END),
    ]
    rows = [
        ["الاسم", "أحمد محمد عبد الرحمن السيد الشربيني", "Ahmed Elsherbini"],
        ["الرقم القومي", "٢٩٠٠١٠١١٢٣٤٥٦٧", "CAI-03"],
        ["البرنامج", "لحام القوس المعدني (TIG)", "Level 3 (TIG)"],
    ]
    document = Document(title="title")
    page = document.new_page((320, 120))
    page.draw_table(set_table(columns, rows), 10, 112)
    return document.finish()


def artwork() -> bytes:
    ornament = drawing(
        100, 100, lambda canvas: [canvas.circle(50, 50, radius) for radius in range(10, 50, 8)]
    )
    document = Document(title="title")
    page = document.new_page((200, 100))
    page.place(ornament, 5, 5, width=90, height=90)
    page.draw_qr("https://example.org/c/7K3M9QXD0109R", 105, 5, size=90, alt="رمز التحقق")
    return document.finish()


def _lines(texts: list[str], style: Style) -> bytes:
    lines = [set_line(text, style) for text in texts]
    width = max(line.width for line in lines)
    document = Document(title="title")
    height = len(lines) * style.size * style.leading
    page = document.new_page((width + 20, height + 20))
    page.draw_lines(lines, 10, height + 10, width=width)
    return document.finish()


def whole_page() -> bytes:
    return whole_document(watermark="DEMO / نموذج تجريبي")


GOLDENS: list[Callable[[], bytes]] = [
    name,
    vowelled_name,
    vowelled_label,
    mixed_lines,
    paragraph,
    table,
    artwork,
    whole_page,
]


def path_of(golden: Callable[[], bytes]) -> Path:
    return FOLDER / f"{golden.__name__}.png"


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of the dark pixels of the first picture that the other shows differently by a quarter or more."""
    pairs = list(zip(one.tobytes(), other.tobytes(), strict=True))
    dark = sum(gray < 192 for gray, _ in pairs)
    return sum(abs(a - b) > 64 for a, b in pairs) / dark


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for golden in GOLDENS:
        pixels(golden()).save(path_of(golden), optimize=True)


if __name__ == "__main__":
    main()
