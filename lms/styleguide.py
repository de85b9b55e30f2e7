"""Sample data of the style guide, in the language of the page: real cases of the trade, the long ones too."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.utils.translation import get_language

from lms.navigation import NavigationItem


def say(ar: str, en: str) -> str:
    return ar if get_language() == "ar" else en


class SampleForm(forms.Form):
    """One field of every kind, sent and refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=say("الاسم كما في البطاقة", "Name as on the identity card"),
            help_text=say("أربعة أسماء على الأقل.", "At least four names."),
        )
        self.fields["phone"] = forms.CharField(
            label=say("رقم المحمول", "Mobile number"),
            widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
            error_messages={"required": say("اكتب رقم المحمول.", "Write the mobile number.")},
        )
        self.fields["center"] = forms.ChoiceField(
            label=say("المركز", "Center"),
            required=False,
            choices=[
                ("1", say("مركز تدريب شبرا – القاهرة", "Shubra training center – Cairo")),
                ("2", say("وحدة متنقلة – بني سويف", "Mobile unit – Beni Suef")),
            ],
        )
        self.fields["period"] = forms.ChoiceField(
            label=say("الفترة", "Time of day"),
            widget=forms.RadioSelect,
            initial="m",
            choices=[
                ("m", say("صباحية ٩–١", "Morning, 9 to 1")),
                ("e", say("مسائية ٤–٨", "Evening, 4 to 8")),
            ],
        )
        self.fields["note"] = forms.CharField(
            label=say("ملاحظات", "Notes"), required=False, widget=forms.Textarea({"rows": 3})
        )
        self.fields["consent"] = forms.BooleanField(
            label=say("قرأت شروط الالتحاق وأوافق عليها", "I have read and accept the terms of enrollment")
        )


class SampleFilters(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"] = forms.CharField(label=say("كلمة", "Word"), required=False)
        self.fields["sector"] = forms.ChoiceField(
            label=say("القطاع", "Sector"),
            required=False,
            choices=[("", say("كل القطاعات", "All sectors")), ("e", say("كهرباء", "Electricity"))],
        )
        self.fields["level"] = forms.ChoiceField(
            label=say("المستوى", "Level"), required=False, choices=[("", say("كل المستويات", "All levels"))]
        )


@dataclass(frozen=True, slots=True)
class Seats:
    text: str
    label: str
    tone: str
    icon: str


def samples() -> dict[str, Any]:
    """The context of the style guide."""
    sent = SampleForm(
        {"name": say("محمد عبد الرحمن الشربيني", "Mohamed El-Sherbini"), "period": "m"}, auto_id="s_%s"
    )
    sent.is_valid()
    page_obj = Paginator(range(240), 20).get_page(4)
    return {
        "form": sent,
        "filters": SampleFilters(auto_id="f_%s"),
        "applied": [{"label": say("كهرباء", "Electricity"), "href": "?"}],
        "messages": [
            Message(
                constants.SUCCESS,
                say(
                    "قُبل طلبك. مكانك محفوظ حتى الخميس.",
                    "Your application is accepted. Your seat is kept until Thursday.",
                ),
            ),
            Message(
                constants.ERROR,
                say(
                    "لم يُرفع الملف: الصورة أكبر من ١٠ م.ب. صوّرها بدقة أقل ثم أعد الرفع.",
                    "The file was not sent: the picture is over 10 MB. Take it at a lower size and send it again.",
                ),
            ),
        ],
        "steps": [
            {
                "state": "done",
                "title": say("الحضور ٨١٪", "Attendance 81%"),
                "note": say("المطلوب ٧٥٪", "75% needed"),
            },
            {
                "state": "now",
                "count": 4,
                "title": say("دروس متبقية", "lessons left"),
                "href": "#",
                "action": say("عرض", "Show"),
            },
            {
                "state": "now",
                "count": 1,
                "title": say("اختبار نظري", "theory test"),
                "note": say("الأحد ١٠:٠٠", "Sunday 10:00"),
                "badge": say("بعد ٣ أيام", "In 3 days"),
            },
            {
                "state": "problem",
                "title": say("صورة البطاقة غير واضحة", "The picture of your card is not clear"),
                "href": "#",
                "action": say("أعد الرفع", "Send again"),
            },
            {
                "state": "todo",
                "title": say("اختبار عملي: تركيب لوحة", "Practical test: mounting a board"),
                "aside": say("يحدده المركز", "Set by the center"),
            },
        ],
        "columns": [
            say("المركز", "Center"),
            say("البداية", "Starts"),
            say("الفترة", "Time"),
            say("المقاعد", "Seats"),
            "",
        ],
        "rows": [
            [
                name,
                {"label": say("البداية", "Starts"), "text": start},
                {"label": say("الفترة", "Time"), "text": period},
                seats,
                {"label": "", "text": act, "href": "#"},
            ]
            for name, start, period, seats, act in (
                (
                    say("شبرا – القاهرة", "Shubra – Cairo"),
                    say("٣ يناير", "3 January"),
                    say("صباحية", "Morning"),
                    Seats(say("٤ من ١٥", "4 of 15"), say("المقاعد", "Seats"), "warn", "clock"),
                    say("قدّم", "Apply"),
                ),
                (
                    say("طنطا – الغربية", "Tanta – Gharbia"),
                    say("١٠ يناير", "10 January"),
                    say("مسائية", "Evening"),
                    Seats(say("١١ من ١٥", "11 of 15"), say("المقاعد", "Seats"), "ok", "check"),
                    say("قدّم", "Apply"),
                ),
                (
                    say("وحدة متنقلة – بني سويف", "Mobile unit – Beni Suef"),
                    say("١٧ يناير", "17 January"),
                    say("صباحية", "Morning"),
                    Seats(
                        say("قائمة انتظار: ٢٣", "Waiting list: 23"), say("المقاعد", "Seats"), "bad", "person"
                    ),
                    say("انضم للقائمة", "Join the list"),
                ),
            )
        ],
        "card_badges": [
            {"label": say("كهرباء", "Electricity"), "tone": "accent"},
            {"label": say("المستوى الثاني", "Level 2"), "tone": "accent"},
            {"label": say("مقاعد متاحة", "Seats free"), "tone": "ok", "icon": "check"},
        ],
        "card_foot": [
            say("١٢٠ ساعة", "120 hours"),
            say("٦ أسابيع", "6 weeks"),
            say("٢١٠ م.ب صوتًا", "210 MB as sound"),
        ],
        "weeks": [say(ar, en) for ar, en in zip("١٢٣٤٥٦", "123456", strict=True)],
        "sample_places": [
            NavigationItem("#", say("تعلُّمي", "My learning"), "learning", is_current=True),
            NavigationItem("#", say("البرامج", "Programs"), "programs", is_current=False),
            NavigationItem("#", say("البث المباشر", "Live classes"), "live", is_current=False),
            NavigationItem("#", say("شهاداتي", "My certificates"), "certificate", is_current=False),
        ],
        "tabs": [
            {"label": say("الدروس", "Lessons"), "href": "#", "is_current": True, "count": 12},
            {"label": say("الجلسات", "Sessions"), "href": "#", "count": 3},
            {"label": say("الحضور", "Attendance"), "href": "#"},
            {"label": say("الدرجات", "Marks"), "href": "#"},
        ],
        "trail": [
            {"title": say("البرامج", "Programs"), "url": "#"},
            {"title": say("تمديدات كهربائية منزلية", "Home electrical wiring"), "url": "#"},
            {"title": say("توصيل لوحة التوزيع", "Wiring the distribution board")},
        ],
        "facts": [
            {
                "term": say("الاسم كما طُبع", "Name as printed"),
                "value": "محمد عبد الرحمن الشربيني",
                "dir": "rtl",
                "lang": "ar",
            },
            {
                "term": say("بالإنجليزية", "In English"),
                "value": "Mohamed Abdelrahman El-Sherbini",
                "dir": "ltr",
                "lang": "en",
            },
            {"term": say("البرنامج", "Program"), "value": say("لحام قوس كهربائي", "Arc welding")},
            {"term": say("الساعات", "Hours"), "value": say("٤٢٠", "420")},
            {"term": say("الرقم", "Number"), "value": "CAI-03/2026/000007", "dir": "ltr"},
        ],
        "qualities": [
            {
                "value": "audio",
                "label": say("صوت وشرائح", "Sound and slides"),
                "size": say("٢ م.ب", "2 MB"),
                "note": say("يُحسب كاملًا لشهادتك", "Counts fully for your certificate"),
            },
            {
                "value": "240",
                "label": say("فيديو ٢٤٠", "Video 240"),
                "size": say("١١ م.ب", "11 MB"),
                "note": say("مناسب لشبكتك الآن", "Fits your line now"),
                "is_chosen": True,
            },
            {"value": "480", "label": say("فيديو ٤٨٠", "Video 480"), "size": say("٣٤ م.ب", "34 MB")},
        ],
        "attendance": [
            (say(ar, en), number)
            for ar, en, number in (
                ("أسبوع ١", "Week 1", 92),
                ("أسبوع ٢", "Week 2", 88),
                ("أسبوع ٣", "Week 3", 71),
                ("أسبوع ٤", "Week 4", 84),
                ("أسبوع ٥", "Week 5", 90),
            )
        ],
        "low_week": say("أسبوع ٣", "Week 3"),
        "now": datetime(2026, 11, 24, 10, 12, tzinfo=UTC),
        "page_obj": page_obj,
        "page_numbers": list(page_obj.paginator.get_elided_page_range(4, on_each_side=1, on_ends=1)),
        "colors": (
            ("ink", "paper"),
            ("ink-soft", "paper"),
            ("accent", "card"),
            ("on-accent", "accent"),
            ("on-accent-soft", "accent-soft"),
            ("on-bar", "bar"),
            ("on-tape", "tape"),
            ("on-tape-soft", "tape-soft"),
            ("ok", "ok-soft"),
            ("bad", "bad-soft"),
        ),
        "say": {
            "resume": say("أكمل: توصيل لوحة التوزيع", "Continue: wiring the distribution board"),
            "save": say("نزّل الدرس · ١١ م.ب", "Download the lesson · 11 MB"),
            "later": say("ليس الآن", "Not now"),
            "withdraw": say("انسحب من البرنامج", "Leave the program"),
            "sending": say("يُرسل…", "Sending…"),
            "title": say("تمديدات كهربائية منزلية", "Home electrical wiring"),
            "summary": say(
                "تتعلم قراءة المخططات، وتمديد الدوائر وحمايتها، وتركيب لوحة توزيع كاملة في ورشة مجهزة.",
                "Read diagrams, lay and protect circuits, and mount a whole distribution board in an equipped workshop.",
            ),
            "until": say("حتى ١٥ ديسمبر", "Until 15 December"),
            "costs": say(
                "الدرس ٨ دقائق · صوت فقط ٢ م.ب · فيديو ١١ م.ب", "8 minutes · sound only 2 MB · video 11 MB"
            ),
            "budget": say("باقة البيانات هذا الشهر", "Your data this month"),
            "missing": say("ما ينقصك للشهادة", "What your certificate still needs"),
            "left": say("أنجزت ٦٢٪ · بقي ٩ ساعات و٤ دروس", "62% done · 9 hours and 4 lessons left"),
            "all_done": say("اكتمل البرنامج", "The program is complete"),
            "data": say("باقة البيانات: ٣١٠ من ٥٠٠ م.ب", "Data this month: 310 of 500 MB"),
            "weeks": say("الأسبوع ٤ من ٦", "Week 4 of 6"),
            "measuring": say("نقيس الفيديو", "Measuring the video"),
            "active": say("نشط", "Active"),
            "waiting": say("في الانتظار", "Waiting"),
            "revoked": say("ملغاة", "Revoked"),
            "group": say("مجموعة ٣ · مركز شبرا", "Group 3 · Shubra center"),
            "dates": say("المواعيد القادمة", "Coming dates"),
            "empty": say("لا شهادات بعد", "No certificates yet"),
            "empty_text": say(
                "تصلك شهادتك هنا يوم يعتمدها المركز. ما يلزمك قبلها مكتوب في صفحة كل برنامج.",
                "Your certificate arrives here the day your center approves it. What it takes is written on the page of each program.",
            ),
            "to_learning": say("اذهب إلى تعلُّمي", "Go to my learning"),
            "ask": say("تنسحب من البرنامج؟", "Leave the program?"),
            "ask_text": say(
                "يذهب مكانك إلى أول من في قائمة الانتظار. ما تعلمته يبقى محفوظًا.",
                "Your seat goes to the first in the waiting list. What you learned stays recorded.",
            ),
            "file": say("صورة البطاقة من الوجهين", "Both sides of the identity card"),
            "file_help": say("صورة أو PDF حتى ١٠ م.ب.", "A picture or PDF up to 10 MB."),
            "sent": say("٦٫٢ من ١٠ م.ب", "6.2 of 10 MB"),
            "time_left": say("بقي نحو ٤٠ ثانية", "About 40 seconds left"),
            "parts": say("أقسام البرنامج", "Parts of the program"),
            "instructor": say("م. هالة فوزي", "Eng. Hala Fawzy"),
            "instructor_role": say("المدرّبة", "Instructor"),
            "instructor_line": say(
                "افصلوا القاطع الرئيسي أولًا، ثم اختبروا بالمفك.",
                "Switch the main breaker off first, then test with the screwdriver.",
            ),
            "own_line": say("هل يكفي سلك ٢ مم للفرن؟", "Is a 2 mm wire enough for the oven?"),
            "me": say("أنت", "You"),
            "certificate": say("شهادة إتمام", "Certificate of completion"),
            "issued": say("٢٤ نوفمبر ٢٠٢٦", "24 November 2026"),
            "valid": say("سارية", "Valid"),
            "verdict": say("شهادة صحيحة وسارية", "A true and valid certificate"),
            "verdict_text": say(
                "صدرت من سجل الوزارة ولم تتغير. آخر تحقق: الآن.",
                "Issued from the ministry's register and unchanged. Checked just now.",
            ),
            "revoked_title": say("شهادة أُلغيت", "A revoked certificate"),
            "revoked_text": say(
                "ألغاها المركز في ٣ ديسمبر ٢٠٢٦. السبب: خطأ في الاسم، وصدرت بدلها شهادة صحيحة.",
                "Revoked by the center on 3 December 2026. Reason: a wrong name; a right one was issued instead.",
            ),
            "chart": say("الحضور في كل أسبوع (٪)", "Attendance each week (%)"),
            "filter": say("تصفية البرامج", "Filter the programs"),
            "safety": say("قبل أن تلمس أي سلك", "Before you touch any wire"),
            "safety_text": say(
                "افصل القاطع الرئيسي، وتأكد بالمفك الاختباري من عدم وجود تيار.",
                "Switch the main breaker off and check with a tester that there is no current.",
            ),
            "tools": say("جهّز أدواتك", "Have your tools ready"),
            "tools_text": say(
                "مفك اختبار، قشّارة أسلاك، شريط قياس.", "Tester, wire stripper, measuring tape."
            ),
            "failed": say("لم يكتمل تحويل الفيديو", "The video was not converted"),
            "failed_text": say(
                "الملف الأصلي محفوظ ولم يتغير. الصوت فيه تالف بعد الدقيقة ١٢؛ ارفع نسخة أخرى أو أعد المحاولة.",
                "The original is safe and unchanged. Its sound is damaged after minute 12; send another copy or try again.",
            ),
            "retry": say("أعد المحاولة", "Try again"),
            "published": say("نُشر الدرس", "The lesson is published"),
            "published_text": say("يراه الآن ٢٤ متدربًا في مجموعة ٣.", "24 trainees of group 3 see it now."),
            "quality": say("كيف تشاهد؟", "How will you watch?"),
        },
    }
