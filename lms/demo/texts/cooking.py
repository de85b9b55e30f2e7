"""Professional cooking."""

from courses.enums import Sector
from lms.demo.texts.kinds import Callout, CourseText, LessonText, ProgramText, Text

COOKING = ProgramText(
    slug="professional-cooking",
    code="COK-B1",
    occupation="5120",
    sector=Sector.SERVICES,
    level="semi_skilled",
    hours=140,
    title=("أساسيات الطهي المهني", "Basics of professional cooking"),
    summary=(
        "تعمل في مطبخ فندق أو مطعم: نظافة الغذاء، والتقطيع، والمرق والصوص، وطبق كامل في وقته.",
        "Work in the kitchen of a hotel or restaurant: food hygiene, knife work, stocks and sauces, a whole dish on time.",
    ),
    skills=(
        "حفظ الطعام في درجات حرارة آمنة\nالتقطيع بالأشكال المعروفة\nتحضير المرق والصوص الأساسي",
        "Keep food at safe temperatures\nCut the standard shapes\nMake stock and the basic sauces",
    ),
    body=(
        "<p>ينتهي البرنامج بأسبوع خدمة حقيقية في مطعم المركز.</p>",
        "<p>The program ends with a week of real service in the restaurant of the center.</p>",
    ),
    courses=(
        CourseText(
            "basics",
            ("قبل أن تشعل الموقد", "Before you light the stove"),
            ("<p>النظافة ثم السكين.</p>", "<p>Hygiene first, then the knife.</p>"),
            (
                LessonText(
                    "hygiene",
                    ("منطقة الخطر", "The danger zone"),
                    (
                        Text((
                            "<p>بين 5 و60 درجة تتكاثر البكتيريا: الساخن يبقى فوق 60، والبارد تحت 5، وما بقي بينهما ساعتين يرمى.</p>",
                            "<p>Bacteria grow between 5 and 60 °C: keep hot food above 60 and cold food below 5; what was in between for two hours is thrown away.</p>",
                        )),
                        Callout(
                            "safety",
                            ("أصابعك إلى الداخل", "Fingers curled in"),
                            (
                                "<p>مفاصل الأصابع دليل النصل، ولوح التقطيع فوق فوطة مبللة حتى لا ينزلق.</p>",
                                "<p>Your knuckles guide the blade, and the board lies on a damp cloth so that it does not slip.</p>",
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
)  # fmt: skip
