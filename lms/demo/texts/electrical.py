"""Residential wiring, with the three videos and the test."""

from courses.enums import Sector
from lms.demo.texts.kinds import (
    Callout,
    CourseText,
    LessonText,
    Picture,
    ProgramText,
    Question,
    QuizText,
    Text,
    Video,
)

SAFETY = LessonText(
    "safety-first",
    ("السلامة قبل كل شيء", "Safety first"),
    (
        Text((
            "<p>أكثر إصابات الكهربائيين تقع في دائرة ظنوا أنها مفصولة. في هذا الدرس تتعلم ترتيبا واحدا لا تغيره أبدا: <b>افصل، اقفل، اختبر، ثم المس.</b></p>",
            "<p>Most injuries of electricians happen on a circuit they believed was dead. This lesson teaches one order you never change: <b>switch off, lock, test, then touch.</b></p>",
        )),
        Video("slides"),
        Callout(
            "safety",
            ("افصل القاطع الرئيسي", "Switch off the main breaker"),
            (
                "<p>وتأكد بجهاز القياس من عدم وجود تيار بين كل طرفين قبل لمس أي سلك.</p>",
                "<p>Then measure between every two conductors before you touch a wire.</p>",
            ),
        ),
        Text((
            "<h3>جهّز قبل أن تبدأ</h3><ul><li>قفازات عازلة حتى 1000 فولت، بلا ثقوب</li><li>حذاء بنعل عازل</li><li>جهاز قياس اختبرته على مصدر معروف</li><li>قفل ولافتة باسمك</li></ul>",
            "<h3>Prepare before you start</h3><ul><li>Gloves rated for 1000 V, without holes</li><li>Shoes with an insulating sole</li><li>A meter you have proved on a known source</li><li>A lock and a tag with your name</li></ul>",
        )),
    ),
)  # fmt: skip
BOARD = LessonText(
    "distribution-board",
    ("لوحة التوزيع وقواطعها", "The distribution board and its breakers"),
    (
        Text((
            "<p>كل دائرة في البيت تبدأ من قاطعها. من يقرأ اللوحة يعرف في دقيقة ما الذي يعمل وما الذي فصل.</p>",
            "<p>Every circuit in a home starts at its breaker. If you can read the board, you know within a minute what is on and what has tripped.</p>",
        )),
        Video("camera"),
        Picture(
            (
                "لوحة توزيع بستة قواطع، خمسة منها موصلة والاحتياطي مفصول",
                "A distribution board with six breakers: five on, the spare off",
            ),
            ("اكتب اسم الدائرة تحت كل قاطع", "Write the name of the circuit under each breaker"),
        ),
        Text((
            "<h3>اختيار القاطع</h3><p>القاطع يحمي السلك لا الجهاز. دائرة المقابس بسلك 2.5 مم² تحميها بقاطع 20 أمبير، ودائرة الإنارة بسلك 1.5 مم² بقاطع 10 أمبير.</p>",
            "<h3>Choosing a breaker</h3><p>A breaker protects the wire, not the appliance. Sockets on 2.5 mm² take a 20 A breaker, lighting on 1.5 mm² takes 10 A.</p>",
        )),
        Callout(
            "tip",
            ("من خبرة الورشة", "From the workshop"),
            (
                "<p>شد مسامير القواطع مرة أخرى بعد أسبوع: النحاس يلين تحت الضغط.</p>",
                "<p>Tighten the screws of the breakers again after a week: copper yields under pressure.</p>",
            ),
        ),
    ),
)  # fmt: skip
TESTER = LessonText(
    "test-screwdriver",
    ("المفك الاختباري وجهاز القياس", "Test screwdriver and meter"),
    (
        Video("phone"),
        Text((
            "<h3>ماذا يقول المفك وماذا لا يقول</h3><ol><li>يضيء عند الطرف الحي.</li><li>لا يثبت أن الدائرة مفصولة: قد تتلف لمبته.</li><li>الحكم الأخير لجهاز القياس بين كل طرفين.</li></ol>",
            "<h3>What the screwdriver tells and what it does not</h3><ol><li>It glows at the live side.</li><li>It never proves that a circuit is dead: its lamp may be broken.</li><li>The meter between every two conductors has the last word.</li></ol>",
        )),
    ),
)  # fmt: skip
COLORS = LessonText(
    "wire-colors",
    ("ألوان الأسلاك ومقاطعها", "Colors and sizes of wires"),
    (
        Text((
            "<p>اللون لغة بين كهربائي وآخر لن يلتقيا. التزم بها ولو كان السلك الآخر أقرب إلى يدك.</p><ul><li>الحي: بني أو أسود أو رمادي</li><li>المحايد: أزرق</li><li>الأرضي: أخضر وأصفر، ولا يستعمل لغير ذلك</li></ul>",
            "<p>Color is a language between electricians who will never meet. Keep to it even when another wire is closer at hand.</p><ul><li>Live: brown, black or gray</li><li>Neutral: blue</li><li>Earth: green and yellow, and nothing else</li></ul>",
        )),
        Callout(
            "note",
            ("احفظها", "Learn it by heart"),
            (
                "<p>1.5 مم² للإنارة، 2.5 مم² للمقابس، 4 مم² للسخان والتكييف.</p>",
                "<p>1.5 mm² for lighting, 2.5 mm² for sockets, 4 mm² for water heater and air conditioner.</p>",
            ),
        ),
    ),
)  # fmt: skip
QUIZ = QuizText(
    "quiz-safe-work",
    ("اختبار: العمل الآمن", "Quiz: safe work"),
    (
        "أربعة أسئلة من الدروس السابقة. تنجح بستين بالمئة، ولك ثلاث محاولات.",
        "Four questions from the lessons before. Sixty percent is a pass, and you have three attempts.",
    ),
    (
        Question(
            "single",
            ("ما أول ما تفعله قبل فتح لوحة التوزيع؟", "What do you do first before opening the board?"),
            (
                (("أفصل القاطع الرئيسي", "Switch off the main breaker"), True),
                (("ألبس القفازات وأبدأ العمل", "Put on gloves and start"), False),
                (("أنظف اللوحة من الغبار", "Dust the board"), False),
            ),
            ("القفازات تحمي من الخطأ، ولا تغني عن الفصل.", "Gloves guard against a mistake; they do not replace switching off."),
        ),
        Question(
            "multiple",
            ("أي الألوان تصلح للطرف الحي؟", "Which colors may a live wire have?"),
            (
                (("بني", "Brown"), True),
                (("أسود", "Black"), True),
                (("أزرق", "Blue"), False),
                (("أخضر وأصفر", "Green and yellow"), False),
            ),
            ("الأزرق للمحايد، والأخضر والأصفر للأرضي وحده.", "Blue is for neutral; green and yellow is for earth alone."),
        ),
        Question(
            "single",
            ("ما مقطع سلك دائرة المقابس؟", "Which size of wire feeds sockets?"),
            (
                (("1.5 مم²", "1.5 mm²"), False),
                (("2.5 مم²", "2.5 mm²"), True),
                (("4 مم²", "4 mm²"), False),
            ),
            ("2.5 مم² مع قاطع 20 أمبير.", "2.5 mm² with a 20 A breaker."),
        ),
        Question(
            "single",
            ("المفك الاختباري لم يضئ. ماذا تستنتج؟", "The test screwdriver does not glow. What follows?"),
            (
                (("الدائرة مفصولة", "The circuit is dead"), False),
                (("لا شيء بعد: أتأكد بجهاز القياس", "Nothing yet: I check with the meter"), True),
            ),
            ("قد تكون لمبة المفك تالفة.", "Its lamp may be broken."),
        ),
    ),
)  # fmt: skip

ELECTRICAL = ProgramText(
    slug="residential-wiring",
    code="ELE-H2",
    occupation="7411",
    sector=Sector.ELECTRICITY,
    level="skilled",
    hours=120,
    title=("تمديدات كهربائية منزلية", "Residential wiring"),
    summary=(
        "تتعلم تمديد الدوائر الكهربائية في البيت وحمايتها وتركيب لوحة توزيع كاملة، وتعمل بأمان من أول يوم.",
        "Learn to run and protect the circuits of a home and to fit a complete distribution board, safely from day one.",
    ),
    skills=(
        "تمديد المواسير والأسلاك\nتركيب المفاتيح والبرايز\nتجميع لوحة توزيع واختبارها",
        "Run conduits and wires\nFit switches and sockets\nAssemble and test a distribution board",
    ),
    body=(
        "<p>برنامج عملي لمن يريد أن يعمل كهربائيا في المباني السكنية. ثلث الوقت في الدروس المصورة، وثلثاه في الورشة على حوائط تدريب.</p><p><b>بعد البرنامج</b> تقرأ مخطط شقة، وتحسب الأحمال، وتمدد الدوائر، وتختبرها قبل التسليم.</p>",
        "<p>A practical program for those who want to work as electricians in homes. A third of the time is filmed lessons, two thirds are workshop days on training walls.</p><p><b>Afterwards</b> you read the plan of a flat, work out loads, run circuits and test them before handing over.</p>",
    ),
    courses=(
        CourseText(
            "safe-work",
            ("العمل الآمن ولوحة التوزيع", "Safe work and the distribution board"),
            ("<p>ابدأ من هنا: لا ورشة قبل هذه الدروس.</p>", "<p>Start here: no workshop before these lessons.</p>"),
            (SAFETY, BOARD, TESTER, COLORS, QUIZ),
        ),
    ),
    score=60,
)  # fmt: skip
