"""House plumbing."""

from courses.enums import Sector
from lms.demo.texts.kinds import Callout, CourseText, LessonText, ProgramText, Text

PLUMBING = ProgramText(
    slug="house-plumbing",
    code="PLB-A1",
    occupation="7126",
    sector=Sector.BUILDING,
    level="semi_skilled",
    hours=120,
    title=("سباكة المنازل", "House plumbing"),
    summary=(
        "تمدد مواسير المياه والصرف في شقة، وتركب الأدوات الصحية، وتختبر الشبكة بالضغط قبل التسليم.",
        "Run water and drain pipes in a flat, fit the fixtures, and test the system under pressure before you hand it over.",
    ),
    skills=(
        "قطع مواسير PPR ووصلها بالحرارة\nتركيب الأحواض والخلاطات\nاختبار الشبكة بالضغط",
        "Cut and fuse PPR pipe\nFit basins and mixers\nTest a system under pressure",
    ),
    body=(
        "<p>ثلثا الوقت في الورشة: كل متدرب يمدد شبكة حمام كامل ويختبرها ثم يفكها.</p>",
        "<p>Two thirds of the time are in the workshop: each trainee runs the pipes of a bathroom, tests them and takes them apart.</p>",
    ),
    courses=(
        CourseText(
            "basics",
            ("أساسيات السباكة", "Basics of plumbing"),
            ("<p>من الرسم إلى أول وصلة.</p>", "<p>From the drawing to the first joint.</p>"),
            (
                LessonText(
                    "slopes",
                    ("ميول الصرف", "Slopes of drains"),
                    (
                        Text((
                            "<p>ميل ماسورة الصرف قطر 4 بوصات سنتيمتران لكل متر: أقل من ذلك يسدها، وأكثر منه يسبق الماء فيها الرواسب.</p>",
                            "<p>A four-inch drain falls two centimeters a meter: less and it clogs, more and the water runs ahead of the solids.</p>",
                        )),
                        Callout(
                            "safety",
                            ("اللقمة عند 260 درجة", "The die is at 260 °C"),
                            (
                                "<p>البس القفازات، وثبت الماكينة، ولا تلف الماسورة بعد الوصل: انتظر أربع ثوان ثم اتركها تبرد.</p>",
                                "<p>Wear gloves, clamp the machine, and do not turn the pipe after joining: hold it for four seconds, then let it cool.</p>",
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
)  # fmt: skip
