"""Questions of the bank."""

from typing import Any
from uuid import uuid4

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.bilingual import BankBlocks, Draft, draft_in
from assessment.enums import FileFormat
from assessment.models import Question, QuestionImport
from assessment.services.bank import Labels, publish_question, submit_question, write_question
from assessment.services.freezing import digest_of
from assessment.services.question_imports import upload_questions
from tests.factories.accounts import staff_member
from tests.factories.jobs import job_of
from tests.factories.rows import row_of

LABELS = Labels(tags=["سلامة"], difficulty=2, competence="يعزل الدائرة قبل العمل", occupation="7411")


def both(ar: str, en: str = "") -> dict[str, str]:
    return {"ar": ar, "en": en}


def items(*values: Any) -> list[dict[str, Any]]:
    return [{"type": "item", "value": value, "id": str(uuid4())} for value in values]


def option(ar: str, en: str = "", *, right: bool = False) -> dict[str, Any]:
    return {"text": both(ar, en), "is_right": right}


def rubric() -> list[dict[str, Any]]:
    """One criterion with two levels."""
    levels = items(
        {"text": both("كل الخطوات بترتيبها", "All steps in order"), "earns": 4},
        {"text": both("بلا ترتيب", "In no order"), "earns": 0},
    )
    return items({"text": both("الترتيب", "Order"), "levels": levels})


# A question of each kind of the form, as JSON of its block, in both languages.
TYPED: dict[str, dict[str, Any]] = {
    "single": {
        "text": both("ما أول خطوة؟", "What comes first?"),
        "options": items(
            option("أفصل التيار", "I switch off", right=True),
            option("أفتح اللوحة", "I open the board"),
            option("أستدعي زميلي", "I call a colleague"),
        ),
        "explanation": both("لأن الكهرباء تقتل", "Because electricity kills"),
    },
    "multiple": {
        "text": both("أي العدد معزولة؟", "Which tools are insulated?"),
        "options": items(
            option("مفك اختبار", "Test screwdriver", right=True),
            option("كماشة بمقبض مطاطي", "Pliers with rubber grips", right=True),
            option("سلك مكشوف", "Bare wire"),
        ),
        "explanation": both(""),
    },
    "true_false": {
        "text": both("يُقطع التيار قبل الفتح.", "The current is cut before opening."),
        "is_true": True,
        "explanation": both(""),
    },
    "numeric": {
        "text": both("كم أمبيرًا؟", "How many amperes?"),
        "value": "5",
        "tolerance": "2%",
        "units": items({"name": "A", "factor": "1"}, {"name": "mA", "factor": "1/1000"}),
        "is_unit_asked": False,
        "explanation": both(""),
    },
    "short_text": {
        "text": both("ما اسم الجهاز؟", "What is the device called?"),
        "accepted": items("القاطع", "breaker*"),
        "is_exact": False,
        "explanation": both(""),
    },
    "ordering": {
        "text": both("رتب خطوات فصل التيار.", "Put the steps in order."),
        "items": items(
            both("أفصل القاطع", "Switch off"),
            both("أعلق لافتة", "Hang a tag"),
            both("أفحص غياب التيار", "Test"),
        ),
        "credit": "places",
        "explanation": both(""),
    },
    "fill_in": {
        "text": both(
            "يُفصل [[1]]، والجهد [[2]] فولت، ويُلبس [[3]].", "The [[1]] is cut, [[2]] volt, in [[3]]. What?"
        ),
        "gaps": items(
            {"kind": "short_text", "right": items("القاطع", "breaker"), "options": [], "tolerance": "0"},
            {"kind": "numeric", "right": items("220"), "options": [], "tolerance": "5"},
            {
                "kind": "single",
                "right": [],
                "options": items(option("قفاز", "gloves", right=True), option("خاتم", "a ring")),
                "tolerance": "0",
            },
        ),
        "explanation": both(""),
    },
    "matching": {
        "text": both("لأي غرض كل أداة؟", "What is each tool for?"),
        "pairs": items(
            {"left": both("مفك", "Screwdriver"), "right": both("كشف التيار", "Finding current")},
            {"left": both("كماشة", "Pliers"), "right": both("قطع السلك", "Cutting wire")},
        ),
        "others": items(both("لحام", "Soldering")),
        "explanation": both(""),
    },
    "essay": {
        "text": both("صف خطوات تأمين اللوحة.", "Describe how to make the board safe."),
        "words": 120,
        "rubric": rubric(),
        "is_rubric_shown": True,
        "explanation": both(""),
    },
    "files": {
        "text": both("صوّر التوصيلة.", "Take photos of the wiring."),
        "most": 2,
        "rubric": rubric(),
        "is_rubric_shown": False,
        "explanation": both(""),
    },
}


def typed(kind: str, **parts: Any) -> Any:
    """A value of the form's block, not cleaned yet."""
    return BankBlocks().to_python([{"type": kind, "value": {**TYPED[kind], **parts}}])


def drafted(kind: str = "single", **parts: Any) -> Draft:
    return draft_in(BankBlocks().clean(typed(kind, **parts)))


def question_in(
    center: Center | None, draft: Draft | None = None, *, labels: Labels = LABELS, by: User | None = None
) -> Question:
    """A draft of a center, or of the ministry, written by one of its own people."""
    role = RoleName.INSTRUCTOR if center else RoleName.MINISTRY_OFFICER
    author = by or staff_member(role, center)
    return write_question(owner=center, draft=draft or drafted(), labels=labels, by=author)


def in_review(center: Center | None, draft: Draft | None = None, *, by: User | None = None) -> Question:
    question = question_in(center, draft, by=by)
    return submit_question(question_id=question.pk, by=question.author)


def digest_in(question: Question) -> str:
    """Of the draft, as the page of the review sends it."""
    return digest_of(question.draft["kind"], question.draft["content"], question.draft["key"])


def published_in(
    center: Center | None, draft: Draft | None = None, *, labels: Labels = LABELS, by: User | None = None
) -> Question:
    """A question in force, published by somebody else than its author."""
    question = question_in(center, draft, labels=labels)
    submit_question(question_id=question.pk, by=question.author)
    role = RoleName.CENTER_MANAGER if center else RoleName.MINISTRY_OFFICER
    publisher = by or staff_member(role, center)
    return publish_question(question_id=question.pk, digest=digest_in(question), by=publisher)


def published_by_another(center: Center | None, author: User) -> Question:
    """In force, written by `author`."""
    question = in_review(center, by=author)
    role = RoleName.CENTER_MANAGER if center else RoleName.MINISTRY_OFFICER
    publisher = staff_member(role, center)
    return publish_question(question_id=question.pk, digest=digest_in(question), by=publisher)


@row_of(Question)
def bank_question(center: Center) -> Question:
    """In force, so that it may be chosen, too."""
    return published_in(center)


@row_of(QuestionImport)
@job_of(QuestionImport)
def question_file_in(center: Center) -> QuestionImport:
    """A file that was uploaded and waits for its check."""
    return upload_questions(
        owner=center,
        name="questions.txt",
        chunks=["يُقطع التيار قبل الفتح. {T}\n".encode()],
        file_format=FileFormat.GIFT,
        by=staff_member(RoleName.INSTRUCTOR, center),
    )
