"""Texts that have broken certificate software before."""

from typesetting import NASKH, SANS, Align, Direction, Document, Style, Typeface, set_line

ARABIC = [
    "عبد الرحمن",
    "أحمد محمد عبد الرحمن السيد الشربيني",
    "لا إله إلا الله",
    "الإسلام والآلات لأجل الأمل",
    "مـــحـــمـــد",
    "می‌خواهم کتاب",
    "گچپژ ک ی",
    "الله عبد الله لله بالله",
    "آلاء الآلاء لألأ للأجيال",
    "مـحـمـد بن عـبـد الـلـه",
    "ؤئءأإآىة لا لأ لإ لآ",
    "محمد بن عبد العزيز بن عبد الرحمن بن فيصل بن تركي بن عبد الله بن محمد بن سعود بن مقرن",
]
# Numbers and marks between letters: exact where a reader knows the bidirectional algorithm.
NUMBERED = [
    "٢٠٢٦/١١/٢٤",
    "شارع ١٢٣ مبنى ٤٥",
    "رقم 420 ساعة",
    "محمد عبد العزيز، المركز؛ هل؟",
]
BRACKETED = "المملكة: (مركز المعادي) [أ] «ب» – {ج}"
VOWELLED = [
    "أَحْمَدُ مُحَمَّدٌ عَبْدُ الرَّحْمَٰنِ",
    "لَا إِلَٰهَ إِلَّا اللَّهُ",
    "شَرْبِينِيّ",
]
KORANIC = ["ٱلرَّحْمَٰنُ ٱلرَّحِيمُ", "بِسْمِ ٱللَّهِ"]
MIXED = [
    BRACKETED,
    "دورة AutoCAD (2D) متقدم – المستوى [3]",
    "الرقم CTR-2026-000123 (نسخة)",
    "Ahmed Mohamed (أحمد محمد) 2026",
    "تاريخ الإصدار ٢٠٢٦/١١/٢٤ الساعة ١٠:٣٠",
    "office affine AVATAR To",
    "<b>أحمد</b>",
    '<img src="/etc/hostname">',
    "ۀ بۀ بۂ بۓ",
]
TYPEFACES = [NASKH, SANS]


def page_of(
    text: str, typeface: Typeface = NASKH, *, language: str = "ar", direction: Direction = Direction.RTL
) -> bytes:
    """A document of one page with the text as its only line."""
    line = set_line(text, Style(typeface, size=24))
    made = Document(title="title", language=language, direction=direction)
    margin = 20
    page = made.new_page((line.width + 2 * margin, 80))
    page.draw_line(line, page.width / 2, 30, Align.CENTER)
    return made.finish()
