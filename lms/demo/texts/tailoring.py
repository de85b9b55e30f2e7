"""Tailoring."""

from courses.enums import Sector
from lms.demo.texts.kinds import Callout, CourseText, LessonText, ProgramText, Text

TAILORING = ProgramText(
    slug="tailoring",
    code="TAI-B1",
    occupation="7531",
    sector=Sector.GARMENTS,
    level="semi_skilled",
    hours=90,
    title=("خياطة وتفصيل الملابس", "Tailoring and dressmaking"),
    summary=(
        "تأخذ المقاسات وترسم الباترون وتخيط قطعة كاملة على الماكينة الصناعية. البرنامج يصل إلى القرى بالوحدة المتنقلة.",
        "Take measurements, draft a pattern and sew a whole garment on an industrial machine. The mobile unit brings the program to villages.",
    ),
    skills=(
        "أخذ المقاسات\nرسم الباترون وقص القماش\nخياطة قطعة كاملة على الماكينة الصناعية",
        "Take measurements\nDraft a pattern and cut fabric\nSew a whole garment on an industrial machine",
    ),
    body=(
        "<p>تسعون ساعة في عربة مجهزة بثماني ماكينات. يخرج كل متدرب بثلاث قطع خاطها بنفسه وبدفتر مقاسات.</p>",
        "<p>Ninety hours in a truck with eight machines. Every trainee leaves with three garments of their own and a book of measurements.</p>",
    ),
    courses=(
        CourseText(
            "pattern",
            ("من المقاس إلى الباترون", "From measurement to pattern"),
            ("<p>القماش يقص مرة واحدة، فقس مرتين.</p>", "<p>Cloth is cut once, so measure twice.</p>"),
            (
                LessonText(
                    "measuring",
                    ("أخذ المقاسات", "Taking measurements"),
                    (
                        Text((
                            "<p>الشريط ملاصق غير مشدود، والزبون واقف في وضعه الطبيعي. اكتب المقاس فورا ولا تعتمد على الذاكرة.</p>",
                            "<p>The tape lies close but not tight, and the customer is standing as usual. Write each measure down at once.</p>",
                        )),
                    ),
                ),
                LessonText(
                    "drafting",
                    ("رسم الباترون الأساسي", "Drafting the basic pattern"),
                    (
                        Text((
                            "<p>ابدأ بالمستطيل: نصف دوران الصدر عرضا وطول الظهر ارتفاعا، ثم خط الإبط عند نصف الطول.</p>",
                            "<p>Start with a rectangle: half the chest wide and the back length high, then the armhole line at half the height.</p>",
                        )),
                        Callout(
                            "note",
                            ("سماحية الخياطة", "Seam allowance"),
                            ("<p>1.5 سم للجوانب و4 سم للذيل.</p>", "<p>1.5 cm at the sides and 4 cm at the hem.</p>"),
                        ),
                    ),
                ),
            ),
        ),
        CourseText(
            "machine",
            ("الماكينة الصناعية", "The industrial machine"),
            ("<p>سرعة أكبر تحتاج يدا أهدأ.</p>", "<p>More speed needs a calmer hand.</p>"),
            (
                LessonText(
                    "threading",
                    ("لضم الماكينة وضبط الشد", "Threading and tension"),
                    (
                        Callout(
                            "safety",
                            ("أطفئ المحرك قبل اللضم", "Motor off before threading"),
                            ("<p>وأبعد قدمك عن الدواسة.</p>", "<p>And keep your foot off the pedal.</p>"),
                        ),
                        Text((
                            "<p>الغرزة المتزنة عقدتها في وسط القماش. إن ظهر خيط المكوك من أعلى فخفف شد الخيط العلوي.</p>",
                            "<p>A balanced stitch locks inside the cloth. If the bobbin thread shows on top, loosen the upper tension.</p>",
                        )),
                    ),
                ),
            ),
        ),
    ),
)  # fmt: skip
