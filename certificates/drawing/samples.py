"""Sample certificates for testing a design: a usual one and extreme ones. The people do not exist."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from certificates.codes import LENGTH
from certificates.drawing.certificate_data import CertificateData
from certificates.drawing.design import read_design
from certificates.drawing.grammatical_gender import FEMALE, MALE, NEUTRAL, with_gender
from certificates.drawing.offline_codes import placeholder_offline_url
from certificates.drawing.printed import facts_of

# Arabic, English, and whether it is a test.
_UNITS = (
    ("السلامة والصحة المهنية في ورش اللحام", "Safety and health in welding shops", False),
    ("قراءة الرسومات الهندسية", "Reading engineering drawings", False),
    ("خواص المعادن القابلة للحام", "Properties of weldable metals", False),
    ("تجهيز حواف الوصلات", "Preparing the edges of joints", False),
    ("اختبار الوحدات الأولى", "Test of the first units", True),
    ("ضبط ماكينة اللحام", "Setting up the welding machine", False),
    ("لحام الوضع الأرضي", "Welding in the flat position", False),
    ("لحام الوضع الرأسي", "Welding in the vertical position", False),
    ("عيوب اللحام وطرق الكشف عنها", "Defects of welds and how to find them", False),
    ("الاختبار النهائي", "Final test", True),
)
_LONG_UNITS = (
    (
        "تشخيص أعطال دوائر التحكم الكهربائية في وحدات التبريد المركزي وإصلاحها",
        "Finding and repairing faults in the control circuits of central refrigeration units",
        False,
    ),
    (
        "قياس كفاءة وحدات مناولة الهواء وضبط التدفق وفق المواصفات القياسية",
        "Measuring the efficiency of air handling units and setting the flow to the standard",
        True,
    ),
)


def _units(listed: Sequence[tuple[str, str, bool]]) -> list[dict[str, Any]]:
    """Units done one after another, a week each."""
    return [
        {
            "title_ar": arabic,
            "title_en": english,
            "completed_on": (date(2026, 1, 22) + timedelta(weeks=week)).isoformat(),
            "score": "87.50" if is_test else None,
        }
        for week, (arabic, english, is_test) in enumerate(listed)
    ]


_USUAL: dict[str, Any] = {
    "type_ar": "شهادة إتمام برنامج تدريبي",
    "type_en": "Certificate of completion",
    "name_ar": "أحمد محمد عبد الرحمن الشربيني",
    "name_en": "Ahmed Mohamed Abdelrahman El-Sherbini",
    "identity": {"kind": "national_id", "last4": "1234"},
    "program_ar": "لحام القوس المعدني المحجوب",
    "program_en": "Shielded Metal Arc Welding",
    "program_code": "WLD-101",
    "occupation_code": "7212",
    "level": "L2",
    "level_ar": "المستوى الثاني – عامل ماهر",
    "level_en": "Level 2 – skilled worker",
    "hours": 420,
    "center_ar": "مركز التدريب المهني بشبرا",
    "center_en": "Shubra Vocational Training Center",
    "governorate_ar": "القاهرة",
    "governorate_en": "Cairo",
    "cohort": "CAI-03-2026-WLD-04",
    "starts_on": "2026-01-18",
    "ends_on": "2026-06-25",
    "completed_on": "2026-06-25",
    "basis": "CAI-03/2026/SL-000012",
    "units": _units(_UNITS),
    "attendance_percent": 92,
    "score_percent": "87.50",
    "practice_percent": None,
    "attended_hours": None,
}
_WORST: dict[str, dict[str, Any]] = {
    "usual": {},
    "woman": {"name_ar": "منى السيد عبد الله الشافعي", "name_en": "Mona Elsayed Abdallah Elshafei"},
    # As "usual", whose sex is known.
    "unknown_sex": {},
    "longest_name": {
        "name_ar": "عبد الرحمن عبد المنعم عبد المقصود عبد اللطيف عبد الحميد عبد السميع الشربيني",
        "name_en": "Abdelrahman Abdelmoneim Abdelmaksoud Abdellatif Abdelhamid Abdelsamie El-Sherbini",
    },
    "diacritics": {
        "name_ar": "مُحَمَّدٌ عَبْدُ اللَّهِ إِبْرَاهِيمُ آلُ لُؤْلُؤٍ",
        "name_en": "Muḥammad ʿAbd Allāh Ibrāhīm Āl Luʾluʾ",
        "program_ar": "تَشغيلُ ماكيناتِ التَّحكُّمِ الرَّقميّ",
    },
    "no_latin_name": {"name_en": ""},
    "long_program": {
        "program_ar": "تشغيل وصيانة منظومات التبريد والتكييف المركزي ووحدات مناولة الهواء في المنشآت الصناعية",
        "program_en": "Operation and Maintenance of Central Refrigeration, Air Conditioning and Air Handling Systems",
        "center_ar": "مركز التدريب المهني المتكامل للصناعات الهندسية والكهربائية بمدينة العاشر من رمضان",
        "center_en": "Integrated Vocational Training Center for Engineering Industries, Tenth of Ramadan",
        # More than a page holds.
        "units": _units(_LONG_UNITS * 20),
    },
    "copy": {},
    # As few claims as a program, a center and a person without an identity document can have.
    "fewest_facts": {
        "identity": None,
        "occupation_code": "",
        "level": None,
        "level_ar": "",
        "level_en": "",
        "hours": None,
        "governorate_ar": "",
        "governorate_en": "",
        "basis": "",
        "attendance_percent": None,
        "score_percent": None,
        "attended_hours": None,
    },
}
SAMPLES = tuple(_WORST)

# The others are men. The longest samples are spoken of in the longest words.
_GENDER_OF_SAMPLE = {"woman": FEMALE, "unknown_sex": NEUTRAL, "longest_name": FEMALE, "long_program": NEUTRAL}

# In the widest months: September in English, August in Arabic.
_ISSUED_ON = date(2026, 9, 28)
_COPIED_ON = date(2026, 9, 30)
_LONG_DAY = date(2033, 8, 30)
_ENDS = {"fewest_facts": None, "long_program": _LONG_DAY}


def sample_certificate(
    sample: str, *, design: Mapping[str, Any], site: str, assets: Mapping[str, bytes] | None = None
) -> CertificateData:
    """The data of a sample. `site` is the address that QR codes begin with. Raises KeyError for another name."""
    is_copy, is_long = sample == "copy", sample == "long_program"
    code = "W" * LENGTH if is_long else "7K3M9QXD0109R"
    design = with_gender(design, _GENDER_OF_SAMPLE.get(sample, MALE))
    printed = {fact for block in read_design(design).blocks for fact in facts_of(block)}
    # Statements of attendance have these instead of the hours of the program.
    attended = (
        {"attended_hours": 389, "hours": None}
        if "attended_hours_ar" in printed and "hours_ar" not in printed
        else {}
    )
    claims = {**_USUAL, **attended, **_WORST[sample]}
    number = "ALEX-NORTH-2/2033/SL-000123" if is_long else "CAI-03/2026/SL-000123"
    return CertificateData(
        number=number,
        code=code,
        issued_on=_LONG_DAY if is_long else _ISSUED_ON,
        claims=claims,
        design=design,
        verify_url=f"{site}/v/{code}",
        copy_number=12 if is_copy else None,
        copied_on=_COPIED_ON if is_copy else None,
        valid_from=_LONG_DAY if is_long else _ISSUED_ON,
        valid_until=_ENDS.get(sample, date(2029, 9, 27)),
        offline_url=placeholder_offline_url(claims, code=code, number=number, site=site),
        assets=assets or {},
    )
