"""What printed sheets should look like, as pictures in `golden/`.

After a wanted change of looks, `python -m tests.courses.printing.goldens` draws them again; look at each before committing it.
"""

from collections.abc import Callable
from pathlib import Path

from courses.printing import Label, PrintedColumn, PrintedList, Stamp, draw_labels, draw_list
from tests.typesetting.reading import pixels

FOLDER = Path(__file__).parent / "golden"
NAMES = [
    "أحمد محمد عبد الرحمن السيد الشربيني",
    "منى إبراهيم حسن",
    "Mina Girgis",
    "فاطمة الزهراء عبد المنعم عبد الرحمن محمد عبد الوهاب السيد",
]
FACTS = ["تمديدات كهربائية منزلية", "ELE-H2/CAI-03/1 · ٤ أكتوبر ٢٠٢٦ إلى ٣٠ نوفمبر ٢٠٢٦ · صباحية"]
NUMBER, NAME = PrintedColumn("#", 0), PrintedColumn("الاسم", 4)
SHARED = {"authority": "مركز تدريب شبرا", "foot": "مركز تدريب شبرا · ELE-H2/CAI-03/1", "language": "ar"}


def roster() -> bytes:
    columns = [
        NUMBER,
        NAME,
        PrintedColumn("الرمز", 1.4, is_code=True),
        PrintedColumn("الهاتف", 1.8, is_code=True),
    ]
    rows = [[str(number), name, "7K3M-9Q2X", "01012345678"] for number, name in enumerate(NAMES, 1)]
    return draw_list(PrintedList(title="قائمة المتدربين", facts=FACTS, columns=columns, rows=rows, **SHARED))


def attendance_sheet() -> bytes:
    marks = ["حاضر", "متأخر", "الدقائق إن تأخر", "غائب بعذر", "غائب"]
    columns = [NUMBER, NAME, *(PrintedColumn(mark) for mark in marks), PrintedColumn("التوقيع", 2.4)]
    return draw_list(
        PrintedList(
            title="كشف الحضور",
            facts=["يوم الورشة: تركيب لوحة توزيع", "الأحد ٤ أكتوبر ٢٠٢٦ · ٩:٠٠ ص إلى ١:٠٠ م", FACTS[0]],
            columns=columns,
            rows=[[str(number), name, *[""] * 6] for number, name in enumerate(NAMES * 9, 1)],
            note="توقيع المدرب: ................................",
            stamp=Stamp(
                "7K3M-9Q2X", "https://example.org/admin/classsession/paper/1/?code=7K3M-9Q2X", "رمز الكشف"
            ),
            is_written_on=True,
            **SHARED,
        )
    )


def days_sheet() -> bytes:
    days = [PrintedColumn(f"٢٠٢٦/١٠/{day}\n٩:٠٠ ص إلى ١:٠٠ م\n7K3M-9Q2X", 2) for day in "٤٦٨"]
    return draw_list(
        PrintedList(
            title="كشف الحضور",
            facts=[*FACTS, "ح حاضر · م متأخر، مع الدقائق · ع غائب بعذر · غ غائب"],
            columns=[NUMBER, NAME, *days],
            rows=[[str(number), name, "", "", ""] for number, name in enumerate(NAMES, 1)],
            is_landscape=True,
            is_written_on=True,
            **SHARED,
        )
    )


def labels() -> bytes:
    made = [Label(name, "7K3M-9Q2X", "ELE-H2/CAI-03/1 · مركز تدريب شبرا") for name in NAMES]
    return draw_labels(made, title="ملصقات", language="ar", alt="رمز المتدرب")


GOLDENS: list[Callable[[], bytes]] = [roster, attendance_sheet, days_sheet, labels]


def path_of(golden: Callable[[], bytes]) -> Path:
    return FOLDER / f"{golden.__name__}.png"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for golden in GOLDENS:
        pixels(golden()).save(path_of(golden), optimize=True)


if __name__ == "__main__":
    main()
