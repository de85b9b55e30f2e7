"""Notices about questions: to their authors when somebody answered, to trainees whose words were hidden or are shown again, or who
cannot write for some days, to instructors once a day how many wait. Without the words.
"""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import memberships_of_all_with
from accounts.services.formatting import format_date
from accounts.services.notices import Letter, send_due
from accounts.services.quiet_hours import QUIET_UNTIL
from courses.enums import ComplaintKind, EnrollmentState, MuteNoticeKind, QuestionNoticeKind
from courses.models import Enrollment, MuteNotice, Question, QuestionNotice, QuestionsWaitingNotice
from courses.queries.complaints import complaint_address
from courses.queries.content import titles_of_units
from courses.queries.holidays import holidays_between, is_working_day
from courses.queries.questions import waiting_questions

ABOUT_ANSWERS = (QuestionNoticeKind.ANSWERED, QuestionNoticeKind.REPLIED)
# Of the title of a lesson.
TITLE_CHARACTERS = 60
READABLE = (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)


def send_question_notices(*, at_most: int = 500) -> int:
    """Send what is due. Returns how many people were written to."""
    note_waiting_questions()
    notices = QuestionNotice.objects.select_related("question__cohort__program", "answer").order_by("pk")
    answered = notices.filter(kind__in=ABOUT_ANSWERS)
    sent = send_due(answered, is_still_true=_is_still_true, letter=_letter, at_most=at_most)
    moderated = notices.exclude(kind__in=ABOUT_ANSWERS)
    sent += send_due(moderated, is_still_true=_is_still_so, letter=_letter_to_writer, at_most=at_most)
    muted = MuteNotice.objects.select_related("muted__cohort__program").order_by("pk")
    sent += send_due(muted, is_still_true=_is_still_muted, letter=_letter_to_muted, at_most=at_most)
    waiting = QuestionsWaitingNotice.objects.select_related("user__person").order_by("pk")
    return sent + send_due(waiting, is_still_true=_still_wait, letter=_letter_to_staff, at_most=at_most)


@transaction.atomic
def note_waiting_questions() -> int:
    """On the morning of a working day, one notice to each instructor of cohorts in which questions wait. Returns how many.

    May be called again: a notice is written once a day. Two statements at the most, however many instructors there are.
    """
    now = timezone.localtime()
    today = now.date()
    if now.time() < QUIET_UNTIL or not is_working_day(today, holidays_between(today, today)):
        return 0
    waiting = waiting_questions(Question.objects.all()).filter(cohort__instructors=OuterRef("pk"))
    teaching = memberships_of_all_with(Act.ANSWER_QUESTIONS).filter(user=OuterRef("pk"))
    told = QuestionsWaitingNotice.objects.filter(user=OuterRef("pk"), day=today)
    instructors = User.objects.filter(Exists(waiting), Exists(teaching), ~Exists(told), is_active=True)
    keys = list(instructors.order_by("pk").values_list("pk", flat=True))
    QuestionsWaitingNotice.objects.bulk_create(
        [QuestionsWaitingNotice(user_id=key, day=today) for key in keys], ignore_conflicts=True
    )
    return len(keys)


def _reader(notice: QuestionNotice) -> Enrollment | None:
    question = notice.question
    return Enrollment.objects.filter(
        cohort=question.cohort_id, person=notice.person_id, state__in=READABLE
    ).first()


def _is_still_true(notice: QuestionNotice) -> bool:
    """Not of what was hidden meanwhile, nor to somebody who left the cohort."""
    if notice.answer is None or notice.answer.is_hidden or notice.question.is_hidden:
        return False
    return _reader(notice) is not None


def _is_still_so(notice: QuestionNotice) -> bool:
    """Whether it is hidden, or shown, as the notice says. It is told to who left the cohort, too."""
    post = notice.answer or notice.question
    return post.is_hidden is (notice.kind == QuestionNoticeKind.HIDDEN)


def _letter(notices: Sequence[QuestionNotice]) -> Letter:
    """Without words of the answer: it may be hidden later, and a mail cannot be taken back."""
    is_answered = any(notice.kind == QuestionNoticeKind.ANSWERED for notice in notices)
    said = _said(notices, is_answered=is_answered)
    cohorts = dict.fromkeys(notice.question.cohort for notice in notices)
    where = "\n".join(f"{cohort.program.title} · {cohort.code}" for cohort in cohorts)
    links = list(dict.fromkeys(_link(notice) for notice in notices))
    read = [gettext("Read it here: %(address)s") % {"address": link} for link in links]
    short = gettext("Your instructor answered your question")
    text = f"{short}: {settings.SITE_URL}{reverse('account_notices')}" if is_answered else ""
    body = "\n\n".join([said, where, *read])
    return Letter(subject=said, body=body, on_site=where, text=text, link=links[-1])


def _said(notices: Sequence[QuestionNotice], *, is_answered: bool) -> str:
    """With the lesson, where it is one."""
    titles = titles_of_units([str(notice.question.unit_key) for notice in notices])
    if len(titles) != 1:
        if is_answered:
            return gettext("Your instructor answered your question")
        return gettext("A fellow trainee wrote to your question")
    unit = Truncator(next(iter(titles.values()))).chars(TITLE_CHARACTERS)
    if is_answered:
        return gettext("Your instructor answered your question under “%(unit)s”") % {"unit": unit}
    return gettext("A fellow trainee wrote to your question under “%(unit)s”") % {"unit": unit}


def _letter_to_writer(notices: Sequence[QuestionNotice]) -> Letter:
    """With the reason, and without who hid it: the answer to that is the center's."""
    links = list(dict.fromkeys(_link(notice) for notice in notices))
    said = [_sentence(notice) for notice in notices]
    read = [gettext("Read it here: %(address)s") % {"address": link} for link in links]
    subject = {
        QuestionNoticeKind.HIDDEN: gettext("Something that you wrote under a lesson was hidden"),
        QuestionNoticeKind.RESTORED: gettext("What you wrote under a lesson is shown again"),
    }[QuestionNoticeKind(notices[-1].kind)]
    return Letter(subject, "\n\n".join([*said, *read]), link=links[-1], on_site="\n\n".join(said))


def _sentence(notice: QuestionNotice) -> str:
    if notice.kind == QuestionNoticeKind.RESTORED:
        if notice.answer_id:
            return gettext("Your answer under a lesson is shown to all again.")
        return gettext("Your question under a lesson is shown to all again.")
    said = (
        gettext(
            "Your answer under a lesson was hidden: only you see it now. Reason: %(reason)s. If you think that this is wrong, "
            "ask your instructor."
        )
        if notice.answer_id
        else gettext(
            "Your question under a lesson was hidden: only you see it now. Reason: %(reason)s. If you think that this is wrong, "
            "ask your instructor."
        )
    )
    return said % {"reason": notice.reason.rstrip(".")}


def _link(notice: QuestionNotice) -> str:
    reader, question = _reader(notice), notice.question
    # Of a hidden question, others do not see the answers either.
    if reader is None or (question.is_hidden and question.person_id != notice.person_id):
        return f"{settings.SITE_URL}{reverse('courses:my_learning')}"
    path = reverse("courses:question", args=[reader.public_id, question.public_id])
    return f"{settings.SITE_URL}{path}"


def _is_still_muted(notice: MuteNotice) -> bool:
    """Whether the days are not over by themselves. That it ended before is told in any case."""
    return notice.kind == MuteNoticeKind.UNMUTED or notice.muted.until >= timezone.localdate()


def _letter_to_muted(notices: Sequence[MuteNotice]) -> Letter:
    """With the reason and where to complain, and without who decided it: a complaint is not made to the one it is about."""
    newest = notices[-1]
    where = f"{newest.muted.cohort.program.title} · {newest.muted.cohort.code}"
    if newest.kind == MuteNoticeKind.UNMUTED:
        said = gettext("You may write under the lessons of your cohort again")
        link = f"{settings.SITE_URL}{reverse('courses:my_learning')}"
        return Letter(said, "\n\n".join([said + ".", where, link]), link=link, on_site=where)
    until = format_date(newest.muted.until)
    said = gettext("You cannot write under the lessons of your cohort until the end of %(until)s") % {
        "until": until
    }
    reason = gettext("The reason: %(reason)s. You can read everything as before.") % {
        "reason": newest.muted.reason.rstrip(".")
    }
    link = f"{settings.SITE_URL}{complaint_address(newest.muted.cohort, ComplaintKind.QUESTIONS)}"
    wrong = gettext("If you think that this is wrong, ask at your center, or complain here: %(address)s") % {
        "address": link
    }
    # Its button leads there.
    on_site = gettext("If you think that this is wrong, ask at your center, or complain.")
    return Letter(
        said,
        "\n\n".join([said + ".", reason, where, wrong]),
        link=link,
        on_site=f"{reason} {where}\n\n{on_site}",
    )


def _own_waiting(notice: QuestionsWaitingNotice) -> dict[str, object]:
    own = waiting_questions(Question.objects.filter(cohort__instructors=notice.user_id)).order_by()
    return own.aggregate(count=Count("pk"), oldest=Min("waiting_since"))


def _still_wait(notice: QuestionsWaitingNotice) -> bool:
    return bool(_own_waiting(notice)["count"])


def _letter_to_staff(notices: Sequence[QuestionsWaitingNotice]) -> Letter:
    found = _own_waiting(notices[-1])
    count, oldest = int(str(found["count"])), found["oldest"]
    subject = ngettext(
        "%(count)s question of your trainees waits for an answer",
        "%(count)s questions of your trainees wait for an answer",
        count,
    ) % {"count": count}
    link = f"{settings.SITE_URL}{reverse('question:index')}?waiting=true"
    parts = [subject]
    if isinstance(oldest, dt.datetime):
        since = ngettext("It waits since %(date)s.", "The oldest one waits since %(date)s.", count)
        parts.append(since % {"date": format_date(oldest)})
    body = gettext("Answer them here: %(address)s") % {"address": link}
    return Letter(subject, "\n\n".join([*parts, body]), link=link, on_site=". ".join(parts))
