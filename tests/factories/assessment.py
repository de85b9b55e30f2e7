"""Quizzes with questions."""

import datetime as dt
import io
import itertools
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.models import Collection

from accounts.models import Center, User
from accounts.services.content import open_library
from assessment.enums import QuestionKind
from assessment.models import AnswerFile, Attempt, QuizPage
from assessment.queries.questions import StoredQuestion, stored_questions
from assessment.queries.responses import answered, saved_responses
from assessment.services.answer_files import Device, receive_file
from assessment.services.attempts import start_attempt
from courses.clauses import Clauses
from courses.enums import Shift
from courses.models import Cohort
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory
from tests.factories.courses import CoursePageFactory, EnrollmentFactory
from tests.factories.pages import PageFactory

SECRET_WHY = "لأن-الشرح-سر-قبل-التصحيح"


def option(text: str, *, right: bool = False) -> dict[str, Any]:
    return {"text": text, "is_right": right}


def single(text: str = "ما أول خطوة؟", *, points: int = 1) -> tuple[str, dict[str, Any]]:
    """One right answer: the first of three options."""
    options = [option("أفصل التيار", right=True), option("أفتح اللوحة"), option("أستدعي زميلي")]
    return "single", {"text": text, "options": options, "explanation": SECRET_WHY, "points": points}


def multiple(text: str = "أي العدد عازلة؟", *, points: int = 2) -> tuple[str, dict[str, Any]]:
    """Two right answers, the first two of four options."""
    options = [
        option("مفك اختبار", right=True),
        option("كماشة بمقبض مطاطي", right=True),
        option("مفتاح معدني"),
        option("سلك مكشوف"),
    ]
    return "multiple", {"text": text, "options": options, "explanation": "", "points": points}


def true_false(text: str = "يُقطع التيار قبل الفتح.", *, is_true: bool = True) -> tuple[str, dict[str, Any]]:
    return "true_false", {"text": text, "is_true": is_true, "explanation": SECRET_WHY, "points": 1}


def numeric(text: str = "كم أمبيرًا؟") -> tuple[str, dict[str, Any]]:
    """5 A, or 5000 mA, within 2 %."""
    units = [{"name": "A", "factor": "1"}, {"name": "mA", "factor": "1/1000"}]
    facts = {"value": "5", "tolerance": "2%", "units": units, "is_unit_asked": False, "variables": []}
    return "numeric", {"text": text, "explanation": SECRET_WHY, "points": 1, **facts}


def short_text(text: str = "ما اسم الجهاز؟") -> tuple[str, dict[str, Any]]:
    accepted = ["سر القاطع", "breaker*"]
    return "short_text", {
        "text": text,
        "accepted": accepted,
        "is_exact": False,
        "explanation": SECRET_WHY,
        "points": 1,
    }


def matching(text: str = "لأي غرض كل أداة؟") -> tuple[str, dict[str, Any]]:
    """Three pairs, of which two have one choice, and a choice that belongs to nothing."""
    pairs = [
        {"left": "مفك", "right": "كشف التيار"},
        {"left": "كماشة", "right": "قطع السلك"},
        {"left": "مقص", "right": "قطع السلك"},
    ]
    return "matching", {
        "text": text,
        "pairs": pairs,
        "others": ["لحام"],
        "explanation": SECRET_WHY,
        "points": 1,
    }


def generated(text: str = "الجهد {u} فولت والمقاومة {r} أوم. ما شدة التيار؟") -> tuple[str, dict[str, Any]]:
    """A current of values that each attempt draws."""
    variables = [
        {"name": "u", "low": "110", "high": "٢٤٠", "step": "1"},
        {"name": "r", "low": "2.5", "high": "50", "step": "0.5"},
    ]
    return "numeric", {**numeric(text)[1], "value": "{u} / {r}", "variables": variables, "tolerance": "1%"}


def ordering(text: str = "رتب خطوات فصل التيار.") -> tuple[str, dict[str, Any]]:
    return "ordering", {
        "text": text,
        "items": ["أفصل القاطع", "أعلق لافتة التحذير", "أفحص غياب التيار"],
        "credit": "places",
        "explanation": SECRET_WHY,
        "points": 1,
    }


def fill_in(
    text: str = "قبل العمل يُفصل [[1]]، والجهد [[2]] فولت، ويُلبس [[٣]].",
) -> tuple[str, dict[str, Any]]:
    """A word, a number and a choice."""
    gaps = [
        {"kind": "short_text", "right": ["القاطع", "قاطع التيار"], "wrong": [], "tolerance": "0"},
        {"kind": "numeric", "right": ["220"], "wrong": [], "tolerance": "5"},
        {"kind": "single", "right": ["قفاز عازل"], "wrong": ["خاتم", "ساعة"], "tolerance": "0"},
    ]
    return "fill_in", {"text": text, "gaps": gaps, "explanation": SECRET_WHY, "points": 1}


# No two pictures are of one file.
shades = itertools.cycle(range(256))


def board(center: Center | None = None) -> AbstractDocument:
    """A picture of a board for questions, of the ministry or a center."""
    model = get_document_model()
    root = Collection.get_first_root_node()
    file = io.BytesIO()
    picture = Image.new("RGB", (1200, 800), (232, 238, next(shades)))
    picture.paste("#b03030", (120, 160, 360, 320))
    picture.paste("#3050b0", (720, 400, 960, 640))
    picture.save(file, "PNG")
    document = model.objects.create(
        title="لوحة",
        file=ContentFile(file.getvalue(), "secret-board.png"),
        collection=open_library(center=center) if center else root,
    )
    # As an upload leaves it.
    document.get_file_hash()
    return document


def hotspot(
    text: str = "أين القاطعان؟", *, document: AbstractDocument | None = None
) -> tuple[str, dict[str, Any]]:
    """Two places on a picture of a board."""
    return "hotspot", {
        "text": text,
        "picture": document or board(),
        "alt": "لوحة بمستطيلين أحمر وأزرق",
        "areas": "100 200 300 400\n٦٠٠، ٥٠٠، ٨٠٠، ٨٠٠",
        "instead_text": "ما الذي يفصل التيار؟",
        "instead_options": [option("القاطع", right=True), option("المصباح")],
        "explanation": SECRET_WHY,
        "points": 1,
    }


RUBRIC = [
    {
        "text": "الترتيب",
        "levels": [
            {"text": "سر-كل الخطوات بترتيبها", "earns": 4},
            {"text": "سر-خطوة في غير موضعها", "earns": 2},
            {"text": "سر-بلا ترتيب", "earns": 0},
        ],
    },
    {"text": "السلامة", "levels": [{"text": "سر-ذُكرت", "earns": 2}, {"text": "سر-لم تُذكر", "earns": 0}]},
]


def essay(text: str = "صف خطوات تأمين اللوحة.", *, is_shown: bool = False) -> tuple[str, dict[str, Any]]:
    """A text of about 120 words; the rubric is shown while it is written where asked for."""
    return "essay", {
        "text": text,
        "words": 120,
        "rubric": RUBRIC,
        "is_rubric_shown": is_shown,
        "explanation": SECRET_WHY,
        "points": 6,
    }


def files(text: str = "صوّر التوصيلة من زاويتين.", *, most: int = 2) -> tuple[str, dict[str, Any]]:
    """Photos of work, marked by a rubric that is not shown before."""
    return "files", {
        "text": text,
        "most": most,
        "rubric": RUBRIC,
        "is_rubric_shown": False,
        "explanation": SECRET_WHY,
        "points": 4,
    }


def photo(side: int = 640, *, color: str = "#305090") -> bytes:
    """A JPEG as a phone writes it: with the place, the device, a comment and a thumbnail of its person."""
    picture = Image.effect_noise((side, side * 3 // 4), 40).convert("RGB")
    picture.paste(color, (20, 20, side // 2, side // 2))
    notes = Image.Exif()
    notes[0x010F], notes[0x013B], notes[0x9C9D] = "SECRET-PHONE", "SECRET-ARTIST", "SECRET-AUTHOR"
    notes.get_ifd(0x8825)[1] = "N"
    notes.get_ifd(0x8825)[29] = "SECRET-2026"
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=notes, comment=b"SECRET-COMMENT")
    return file.getvalue()


class QuizPageFactory(PageFactory):
    class Meta:
        model = QuizPage

    title = factory.Sequence(lambda n: f"اختبار {n}")
    slug = factory.Sequence(lambda n: f"quiz-{n}")
    parent = factory.SubFactory(CoursePageFactory)
    questions = factory.LazyFunction(lambda: [single(), multiple()])


PASSING_THE_QUIZ = Clauses(units=True)


def quizzed_cohort(quiz: QuizPage, *, asks: Clauses | None = PASSING_THE_QUIZ) -> Cohort:
    """An open cohort of the quiz's program under a rule; under the one that is there if none is given."""
    clerk = UserFactory()
    program = quiz.get_parent().get_parent()
    if asks:
        set_completion_rule(program_id=program.pk, by=clerk, asks=asks)
    return open_cohort(
        program_id=program.pk,
        center_id=CenterFactory().pk,
        code=f"QUIZ-{quiz.pk}-{program.cohorts.count()}",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.MORNING,
        seats=15,
        by=clerk,
    )


def open_attempt(center: Center) -> tuple[User, Attempt]:
    """A trainee of `center` in the middle of a quiz."""
    quiz = QuizPageFactory()
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=center)
    trainee = TraineeFactory(person=enrollment.person)
    return trainee, start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)


def asked(attempt: Attempt) -> list[StoredQuestion]:
    return stored_questions(attempt.versions)


def saved(attempt: Attempt) -> dict[int, Any]:
    """What is saved of its answers, slot by slot."""
    return answered(saved_responses([attempt])[attempt.pk])


def options_of(attempt: Attempt) -> list[list[str]]:
    """The ids of the options, slot by slot."""
    return [[option["id"] for option in one.content["options"]] for one in asked(attempt)]


def responses_to(attempt: Attempt, *chosen: tuple[int, ...]) -> dict[int, Any]:
    """Responses that choose the options at the given places, slot by slot; a slot without places is left out."""
    responses: dict[int, Any] = {}
    for slot, (one, options, places) in enumerate(
        zip(asked(attempt), options_of(attempt), chosen, strict=False)
    ):
        picked = [options[place] for place in places]
        if picked:
            responses[slot] = picked[0] if one.kind == QuestionKind.SINGLE else picked
    return responses


def posted_answers(attempt: Attempt, *chosen: tuple[int, ...]) -> dict[str, list[str]]:
    """What the form sends for the options at the given places; a question without places is left out."""
    return {
        f"question-{slot}": [options[place] for place in places]
        for slot, (options, places) in enumerate(zip(options_of(attempt), chosen, strict=False))
        if places
    }


def attempt_with_files(center: Center, *, side: int = 80) -> tuple[User, Attempt, AnswerFile]:
    """A trainee of `center` in the middle of a quiz that asks for files, one of which is sent."""
    quiz = QuizPageFactory(questions=[files()])
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=center)
    trainee = TraineeFactory(person=enrollment.person)
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
    file = receive_file(attempt=attempt, slot=0, device=Device("", 1), data=photo(side))
    return trainee, attempt, file
