"""Arc welding."""

from courses.enums import Sector
from lms.demo.texts.kinds import Callout, CourseText, LessonText, ProgramText, Text

WELDING = ProgramText(
    slug="arc-welding",
    code="WLD-A1",
    occupation="7212",
    sector=Sector.METAL,
    level="semi_skilled",
    hours=160,
    title=("لحام بالقوس الكهربائي", "Arc welding"),
    summary=(
        "تلحم الصلب الكربوني بالإلكترود المغلف في الوضعين الأرضي والأفقي، وتفحص وصلتك بعينك قبل أن يفحصها غيرك.",
        "Weld carbon steel with covered electrodes in flat and horizontal position, and judge your joint before others do.",
    ),
    skills=(
        "ضبط ماكينة اللحام واختيار الإلكترود\nاللحام في الوضعين الأرضي والأفقي\nفحص الوصلة بالنظر",
        "Set the machine and choose the electrode\nWeld in flat and horizontal position\nInspect a joint by eye",
    ),
    body=(
        "<p>يبدأ البرنامج بالوقاية من الأشعة والأبخرة، ثم ضبط التيار واختيار الإلكترود، ثم ثمانون ساعة لحام في الكبائن.</p>",
        "<p>The program starts with protection from rays and fumes, goes on to current and electrodes, then spends eighty hours in the welding booths.</p>",
    ),
    courses=(
        CourseText(
            "basics",
            ("أساسيات اللحام", "Basics of welding"),
            ("<p>ما تحتاجه قبل إشعال أول قوس.</p>", "<p>What you need before striking the first arc.</p>"),
            (
                LessonText(
                    "protection",
                    ("الوقاية في كابينة اللحام", "Protection in the booth"),
                    (
                        Callout(
                            "safety",
                            ("لا تنظر إلى القوس", "Never look at the arc"),
                            (
                                "<p>ثانية واحدة بلا قناع تكفي لحرق القرنية. درجة العدسة 11 للتيار بين 100 و175 أمبير.</p>",
                                "<p>One second without a mask burns the cornea. Use shade 11 from 100 to 175 A.</p>",
                            ),
                        ),
                        Text((
                            "<ul><li>قناع وقفازات جلد ومريلة</li><li>شفاط يعمل قبل الإشعال</li><li>طفاية على بعد مترين، ولا مواد قابلة للاشتعال</li></ul>",
                            "<ul><li>Mask, leather gloves and apron</li><li>Extraction running before you strike</li><li>An extinguisher within two meters, nothing flammable around</li></ul>",
                        )),
                    ),
                ),
                LessonText(
                    "electrodes",
                    ("الإلكترود وشدة التيار", "Electrode and current"),
                    (
                        Text((
                            "<p>القاعدة الأولى: أربعون أمبير لكل مليمتر من قطر الإلكترود، ثم صحح بالسمع. القوس السليم صوته كصوت القلي.</p>",
                            "<p>First rule: forty amperes for each millimeter of the electrode, then correct by ear. A good arc sounds like frying.</p>",
                        )),
                        Callout(
                            "tip",
                            ("الرطوبة عدو الوصلة", "Damp spoils the joint"),
                            (
                                "<p>جفف إلكترود E7018 ساعتين عند 300 درجة قبل الاستعمال.</p>",
                                "<p>Dry E7018 electrodes for two hours at 300 °C before use.</p>",
                            ),
                        ),
                    ),
                ),
                LessonText(
                    "inspection",
                    ("الفحص بالنظر", "Inspecting by eye"),
                    (
                        Text((
                            "<p>نظف الخبث ثم ابحث عن ثلاثة عيوب: <b>المسامية</b>، و<b>القطع الجانبي</b>، و<b>نقص الانصهار</b>.</p>",
                            "<p>Chip the slag, then look for three defects: <b>porosity</b>, <b>undercut</b> and <b>lack of fusion</b>.</p>",
                        )),
                    ),
                ),
            ),
        ),
    ),
)  # fmt: skip
