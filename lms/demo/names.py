"""The names of the trainees: four parts as in Egyptian documents, with their Latin spelling."""

import datetime as dt
import random
from dataclasses import dataclass

from accounts.enums import Education, Sex

Name = tuple[str, str]

WOMEN: tuple[Name, ...] = (
    ("منى", "Mona"), ("هبة", "Heba"), ("أسماء", "Asmaa"), ("نورهان", "Nourhan"), ("شيماء", "Shaimaa"),
    ("رحمة", "Rahma"), ("دعاء", "Doaa"), ("إيمان", "Eman"), ("سلمى", "Salma"), ("آية", "Aya"), ("مريم", "Mariam"),
    ("فاطمة", "Fatma"), ("ياسمين", "Yasmine"), ("إسراء", "Israa"),
)  # fmt: skip
MEN: tuple[Name, ...] = (
    ("محمود", "Mahmoud"), ("كريم", "Karim"), ("مصطفى", "Mostafa"), ("أحمد", "Ahmed"), ("يوسف", "Youssef"),
    ("عمر", "Omar"), ("إبراهيم", "Ibrahim"), ("حسام", "Hossam"), ("طارق", "Tarek"), ("علاء", "Alaa"), ("مينا", "Mina"),
    ("خالد", "Khaled"), ("سامح", "Sameh"), ("رامي", "Ramy"), ("وائل", "Wael"), ("شريف", "Sherif"),
)  # fmt: skip
FATHERS: tuple[Name, ...] = (
    ("عبد الرحمن", "Abdelrahman"), ("حسن", "Hassan"), ("السيد", "Elsayed"), ("محمد", "Mohamed"), ("سعيد", "Saeed"),
    ("جمال", "Gamal"), ("عبد الله", "Abdallah"), ("فتحي", "Fathy"), ("رمضان", "Ramadan"), ("صلاح", "Salah"),
    ("عادل", "Adel"), ("أشرف", "Ashraf"), ("نبيل", "Nabil"), ("ممدوح", "Mamdouh"), ("عبد الحميد", "Abdelhamid"),
)  # fmt: skip
FAMILIES: tuple[Name, ...] = (
    ("الشافعي", "Elshafei"), ("منصور", "Mansour"), ("البدري", "Elbadry"), ("غنيم", "Ghoneim"), ("الجندي", "Elgendy"),
    ("سليم", "Selim"), ("الطنطاوي", "Eltantawy"), ("عيسى", "Eissa"), ("حجازي", "Hegazy"), ("الفقي", "Elfeky"),
    ("شلبي", "Shalaby"), ("عوض", "Awad"), ("زهران", "Zahran"), ("القاضي", "Elkady"), ("درويش", "Darwish"),
)  # fmt: skip

# Where the trainees of each center live, by the codes inside the national number.
NEIGHBORHOODS = {
    "CAI-03": ("01", "14", "21"), "GHR-01": ("16", "15", "17"), "BNS-M2": ("22", "23", "24"), "ALX-02": ("02", "18", "33"),
    "ASN-01": ("28", "29", "27"),
}  # fmt: skip
# In turn; the last trainees are those of the centers far from Cairo.
CENTERS = ("CAI-03", "CAI-03", "GHR-01", "BNS-M2")
FAR_CENTERS = ("ALX-02", "ASN-01")
NEAR = 36
EDUCATION = (
    Education.SECONDARY, Education.PREPARATORY, Education.HIGHER, Education.SECONDARY, Education.PRIMARY,
    Education.SECONDARY, Education.NONE,
)  # fmt: skip


@dataclass(frozen=True)
class Trainee:
    """One row of the roster. `residence` is a governorate's code inside the national number."""

    name_ar: str
    name_en: str
    sex: Sex
    birth_date: dt.date
    residence: str
    education: Education
    center: str
    login: str = ""
    # Four digits of the national number; none where the card has not been copied yet.
    serial: int | None = None
    passport: tuple[str, str] | None = None
    guardian: str = ""


def roster(today: dt.date) -> list[Trainee]:
    """Forty-eight trainees, the same ones on every day; only the minor is always sixteen."""
    return [*_named(today), *_chained(NEAR + 8)]


def _named(today: dt.date) -> list[Trainee]:
    sixteen = today.replace(year=today.year - 16, day=1) - dt.timedelta(days=95)
    return [
        Trainee(
            "أمينة سعيد عبد الحميد منصور", "Amina Saeed Abdelhamid Mansour", Sex.FEMALE, dt.date(2003, 5, 14),
            "01", Education.SECONDARY, "CAI-03", login="trainee01", serial=134,
        ),
        Trainee(
            "حسن إبراهيم محمد غنيم", "Hassan Ibrahim Mohamed Ghoneim", Sex.MALE, dt.date(1998, 11, 2),
            "14", Education.SECONDARY, "CAI-03", login="trainee02", serial=271,
        ),
        Trainee(
            "عثمان آدم الطيب بشير", "Osman Adam Eltayeb Bashir", Sex.MALE, dt.date(1995, 3, 20),
            "21", Education.HIGHER, "CAI-03", login="trainee03", passport=("P04471829", "SD"),
        ),
        Trainee(
            "زياد محمود رمضان شلبي", "Ziad Mahmoud Ramadan Shalaby", Sex.MALE, sixteen,
            "16", Education.PREPARATORY, "GHR-01", login="trainee04", guardian="محمود رمضان فتحي شلبي",
        ),
    ]  # fmt: skip


def _chained(count: int) -> list[Trainee]:
    chance = random.Random(1446)  # noqa: S311 - the same people on every machine, no secret
    trainees = []
    for number in range(count):
        sex = Sex.FEMALE if number % 5 in {1, 3} else Sex.MALE
        own = (WOMEN if sex == Sex.FEMALE else MEN)[number // 2 % 14]
        father, grandfather = chance.sample(FATHERS, 2)
        parts = (own, father, grandfather, FAMILIES[number % len(FAMILIES)])
        center = CENTERS[number % len(CENTERS)] if number < NEAR else FAR_CENTERS[number % len(FAR_CENTERS)]
        trainees.append(
            Trainee(
                name_ar=" ".join(arabic for arabic, _latin in parts),
                name_en=" ".join(latin for _arabic, latin in parts),
                sex=sex,
                birth_date=dt.date(1980, 1, 1) + dt.timedelta(days=chance.randrange(28 * 365)),
                residence=chance.choice(NEIGHBORHOODS[center]),
                education=EDUCATION[number % len(EDUCATION)],
                center=center,
                login=f"trainee{number + 5:02}"
                if number >= NEAR or (number % 2 == 0 and number < 34)
                else "",
                serial=400 + number * 7 if number % 4 != 3 else None,
            )
        )
    return trainees
