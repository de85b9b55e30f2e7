"""The columns of each kind of list, and what clerks call them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.folding import fold_arabic
from accounts.services.formatting import format_list
from courses.enums import ImportKind
from courses.imports.errors import BY_CODE, HeadingMissing, HeadingTwice, HeadingUnknown, TooManyColumns
from courses.imports.words import EDUCATIONS, PASSED, ROLES, SEXES, SHIFTS, Vocabulary

MOST_COLUMNS = 60
LONGEST_HEADING = 60


@dataclass(frozen=True)
class Column:
    """A column: its name in code, its label, its other names, and an example for the sample file."""

    name: str
    label: str | Promise
    aliases: tuple[str, ...]
    example: str
    longest: int = 160
    # What its cells may say, where that is not plain from the label: the words of a choice, or a form.
    words: Vocabulary | None = None
    form: str | Promise = ""


# In no century: a sample that is imported as it is brings no one.
SAMPLE_NUMBER = "12345678901234"
_DATE = _("a date like 25/3/2004 or 2004-03-25")
_WHOLE = _("a whole number")

_NUMBER = Column(
    "national_number",
    _("national number"),
    ("national number", "national id", "nid", "id number", "الرقم القومي", "رقم قومي", "رقم البطاقة", "الرقم القومى"),
    SAMPLE_NUMBER,
    40,
    form=_("14 digits, in a column of text"),
)  # fmt: skip
_PASSPORT = Column(
    "passport", _("passport number"), ("passport", "passport number", "جواز السفر", "رقم جواز السفر", "رقم الجواز"), "", 40
)  # fmt: skip
_COUNTRY = Column(
    "country",
    _("country of the passport"),
    ("country", "passport country", "country of the passport", "بلد الجواز", "دولة الجواز", "الجنسية"),
    "",
    40,
    form=_("the two letters of its ISO code, e.g. SD"),
)
_NAME = Column(
    "full_name_ar",
    _("full name in Arabic"),
    ("name", "full name", "arabic name", "full name in arabic", "الاسم", "الاسم بالكامل", "الاسم بالعربية", "الاسم الرباعي", "اسم المتدرب"),
    "منى إبراهيم حسن السيد",
)  # fmt: skip

_PHONE = Column(
    "phone",
    _("mobile number"),
    ("phone", "mobile", "mobile number", "phone number", "الهاتف", "رقم الهاتف", "المحمول", "رقم المحمول", "الموبايل", "التليفون"),
    "01012345678",
    40,
    form=_("a mobile number, e.g. 01012345678"),
)  # fmt: skip
_EMAIL = Column(
    "email",
    _("e-mail address"),
    ("email", "e-mail", "e-mail address", "البريد الإلكتروني", "الإيميل"),
    "",
    254,
)
_COHORT = Column(
    "cohort",
    _("code of the cohort"),
    ("cohort", "cohort code", "code of the cohort", "group", "المجموعة", "كود المجموعة", "رمز المجموعة"),
    "",
    30,
)  # fmt: skip

COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = {
    ImportKind.TRAINEES: (
        _NAME,
        _NUMBER,
        _PASSPORT,
        _COUNTRY,
        Column(
            "full_name_en",
            _("full name in Latin letters"),
            ("english name", "latin name", "name in english", "full name in latin letters", "الاسم بالإنجليزية", "الاسم باللاتينية"),
            "Mona Ibrahim Hassan Elsayed",
        ),
        Column("birth_date", _("date of birth"), ("birth date", "date of birth", "born", "dob", "تاريخ الميلاد"), "", 40, form=_DATE),
        Column("sex", _("sex"), ("sex", "gender", "النوع", "الجنس"), "أنثى", 20, words=SEXES),
        Column(
            "governorate",
            _("governorate of residence"),
            ("governorate", "residence", "governorate of residence", "المحافظة", "محافظة الإقامة", "محل الإقامة"),
            "القاهرة",
            60,
            form=_("the name of a governorate of Egypt, in Arabic or English"),
        ),
        Column("education", _("education"), ("education", "qualification", "المؤهل", "المؤهل الدراسي", "التعليم"), "دبلوم فني", 60, words=EDUCATIONS),
        _PHONE,
        _EMAIL,
    ),
    ImportKind.ENROLLMENTS: (
        _NUMBER,
        _PASSPORT,
        _COUNTRY,
        _COHORT,
        _NAME,
    ),
    ImportKind.COHORTS: (
        Column("code", _("code of the cohort"), ("cohort", "cohort code", "code of the cohort", "code", "group", "المجموعة", "كود المجموعة", "رمز المجموعة", "الكود"), "", 30),
        Column("program", _("code of the program"), ("program", "program code", "code of the program", "البرنامج", "كود البرنامج", "رمز البرنامج"), "", 20),
        Column("starts_on", _("starts on"), ("start", "starts", "start date", "starts on", "البداية", "تاريخ البداية", "تاريخ البدء"), "1/2/2027", 40, form=_DATE),
        Column("ends_on", _("ends on"), ("end", "ends", "end date", "ends on", "النهاية", "تاريخ النهاية", "تاريخ الانتهاء"), "30/4/2027", 40, form=_DATE),
        Column("shift", _("shift"), ("shift", "الفترة", "الوردية"), "صباحية", 20, words=SHIFTS),
        Column("seats", _("seats"), ("seats", "places", "المقاعد", "عدد المقاعد"), "20", 10, form=_WHOLE),
        Column("seats_reserved", _("seats reserved for the center"), ("reserved", "seats reserved", "المقاعد المحجوزة", "محجوز للمركز"), "", 10, form=_WHOLE),
        Column("late_entry_days", _("days for replacements"), ("late entry days", "replacement days", "أيام البدلاء"), "", 10, form=_WHOLE),
    ),
    ImportKind.RESULTS: (
        _NUMBER,
        _PASSPORT,
        _COUNTRY,
        _COHORT,
        Column(
            "unit",
            _("unit"),
            ("unit", "test", "quiz", "exam", "الدرس", "الوحدة", "الاختبار", "الامتحان", "عنوان الاختبار", "رقم الاختبار"),
            "1",
            255,
            form=_("the title of the unit in the cohort, or its number among the units"),
        ),
        Column("score", _("score"), ("score", "mark", "percent", "result", "الدرجة", "النسبة", "النسبة المئوية", "النتيجة"), "85", 30, form=_("a percentage from 0 to 100")),
        Column("passed", _("passed"), ("passed", "pass", "outcome", "اجتاز", "الحالة", "ناجح", "ناجح أو راسب"), "ناجح", 20, words=PASSED),
        Column("taken_on", _("taken on"), ("taken on", "date", "test date", "exam date", "date taken", "التاريخ", "تاريخ الاختبار", "تاريخ الامتحان"), "1/3/2027", 40, form=_DATE),
    ),
    ImportKind.STAFF: (
        _NAME,
        _NUMBER,
        _PASSPORT,
        _COUNTRY,
        _PHONE,
        _EMAIL,
        Column("role", _("role"), ("role", "job", "position", "الدور", "الوظيفة", "الصلاحية", "المسمى الوظيفي"), "مدرب", 60, words=ROLES),
        Column(
            "place",
            _("center of the role"),
            ("center", "place", "center code", "code of the center", "المركز", "كود المركز", "رمز المركز", "الجهة", "مكان العمل"),
            "",
            120,
            form=_("the code of a center, the name of a governorate, or “ministry”; the center of the import where it is empty"),
        ),
    ),
}  # fmt: skip
# One of each must be there.
REQUIRED: Mapping[ImportKind, tuple[tuple[str, ...], ...]] = {
    ImportKind.TRAINEES: (("full_name_ar",), ("national_number", "passport")),
    ImportKind.ENROLLMENTS: (("national_number", "passport"), ("cohort",)),
    ImportKind.COHORTS: tuple(
        (name,) for name in ("code", "program", "starts_on", "ends_on", "shift", "seats")
    ),
    ImportKind.STAFF: (("full_name_ar",), ("national_number", "passport"), ("phone", "email"), ("role",)),
    ImportKind.RESULTS: (("national_number", "passport"), ("cohort",), ("unit",), ("score",), ("taken_on",)),
}


def label_of(kind: ImportKind, name: str) -> str:
    """The label of a column; "" for what is about the whole line."""
    return next((str(column.label) for column in COLUMNS[kind] if column.name == name), "")


def _key(heading: str) -> str:
    return fold_arabic(heading[: 2 * LONGEST_HEADING].replace("_", " ").replace("*", ""))


def _known_headings(kind: ImportKind) -> dict[str, str]:
    """The names of columns by how their headings may read: the labels of the samples in both languages, too."""
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            known |= {_key(str(column.label)): column.name for column in COLUMNS[kind]}
    return known | {
        _key(alias): column.name for column in COLUMNS[kind] for alias in (column.name, *column.aliases)
    }


def names_of(kind: ImportKind, headings: Sequence[str]) -> list[str]:
    """The name of each column in the order of the headings, "" for one without a heading.

    Raises `TooManyColumns`, `HeadingTwice`, `HeadingUnknown`, `HeadingMissing`.
    """
    if len(headings) > MOST_COLUMNS:
        raise TooManyColumns(columns=MOST_COLUMNS)
    known = _known_headings(kind)
    names: list[str] = []
    for heading in headings:
        shown = " ".join(heading.split())[:LONGEST_HEADING]
        name = known.get(_key(heading), "")
        if shown and not name:
            raise HeadingUnknown(column=shown)
        if name and name in names:
            raise HeadingTwice(column=shown)
        names.append(name)
    missing = [one for one in REQUIRED[kind] if not set(one) & set(names)]
    if missing:
        raise HeadingMissing(columns=[one[0] for one in missing])
    return names


def sentence(kind: ImportKind, code: str, facts: Mapping[str, Any]) -> str:
    """The words of a kept error in the reader's language; columns are kept by their names."""
    shown = dict(facts)
    if isinstance(columns := shown.get("columns"), list):
        shown["columns"] = format_list([label_of(kind, name) for name in columns])
    return str(BY_CODE[code](**shown))
