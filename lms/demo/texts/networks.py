"""Network cabling."""

from courses.enums import Sector
from lms.demo.texts.kinds import Callout, CourseText, LessonText, ProgramText, Text

NETWORKS = ProgramText(
    slug="network-cabling",
    code="NET-C1",
    occupation="7422",
    sector=Sector.NETWORKS,
    level="technician",
    hours=80,
    title=("تمديد شبكات المعلومات", "Network cabling"),
    summary=(
        "تمدد كابلات Cat6 والألياف الضوئية في المباني وتوصلها وتختبرها وتسلمها بتقرير قياس.",
        "Run, terminate and test Cat6 and optical fiber in buildings, and hand them over with a test report.",
    ),
    skills=(
        "كبس أطراف كابلات Cat6\nلحام الألياف الضوئية\nقياس الوصلات وكتابة تقريرها",
        "Terminate Cat6 cable\nSplice optical fiber\nTest links and report on them",
    ),
    body=(
        "<p>برنامج مسائي لمن يعمل في الصيانة ويريد شهادة. يشمل التوصيل وفق <b>T568B</b> ولحام الألياف وقراءة تقرير جهاز الاختبار.</p>",
        "<p>An evening program for people in maintenance who want a certificate: wiring to <b>T568B</b>, splicing fiber and reading a tester's report.</p>",
    ),
    courses=(
        CourseText(
            "copper",
            ("الكابلات النحاسية", "Copper cabling"),
            ("<p>من المسار إلى المقبس.</p>", "<p>From the route to the outlet.</p>"),
            (
                LessonText(
                    "routes",
                    ("مسارات الكابلات", "Cable routes"),
                    (
                        Text((
                            "<p>لا يزيد الخط عن 90 مترا، ولا يقل نصف قطر الثني عن أربعة أمثال قطر الكابل، ويبعد 20 سم عن خطوط الكهرباء.</p>",
                            "<p>No run is longer than 90 m, no bend tighter than four times the cable, and power lines stay 20 cm away.</p>",
                        )),
                    ),
                ),
                LessonText(
                    "termination",
                    ("التوصيل وفق T568B", "Terminating to T568B"),
                    (
                        Text((
                            "<ol><li>أبيض برتقالي، برتقالي</li><li>أبيض أخضر، أزرق</li><li>أبيض أزرق، أخضر</li><li>أبيض بني، بني</li></ol>",
                            "<ol><li>White-orange, orange</li><li>White-green, blue</li><li>White-blue, green</li><li>White-brown, brown</li></ol>",
                        )),
                        Callout(
                            "tip",
                            ("لا تفك الجديلة", "Keep the twist"),
                            (
                                "<p>أقل من 13 مم مفكوكة عند المقبس، وإلا رسب الخط في اختبار التداخل.</p>",
                                "<p>Untwist less than 13 mm at the outlet, or the run fails its crosstalk test.</p>",
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
)  # fmt: skip
