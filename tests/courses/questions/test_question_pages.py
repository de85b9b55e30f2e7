"""The pages of questions: of trainees under a lesson, and of staff."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.digits import latin_digits
from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.erasures import erase_person
from accounts.services.formatting import format_date
from accounts.services.merging import merge_people
from accounts.services.personal_data import personal_data
from courses.enums import CohortState
from courses.models import Answer, Cohort, Enrollment, MutedTrainee, Question, QuestionNotice
from courses.queries.outline import unit_address
from courses.services.enrollments import withdraw
from courses.services.question_moderation import hide_post, mute_trainee, report_post
from courses.services.questions import answer_as_staff, answer_as_trainee
from tests.factories.accounts import PersonFactory, UserFactory, staff_member
from tests.factories.courses import CohortFactory
from tests.factories.questions import WORDS, learner, question_by, running_cohort, unit_of, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def arabic():
    with override("ar"):
        yield


@pytest.fixture
def cohort(center: Center) -> Cohort:
    return running_cohort(center)


@pytest.fixture
def asker(cohort: Cohort) -> Enrollment:
    return learner(cohort)


@pytest.fixture
def colleague(cohort: Cohort) -> Enrollment:
    return learner(cohort, name="علي محمود سالم حسن")


@pytest.fixture
def instructor(cohort: Cohort, center: Center) -> User:
    user = staff_member(RoleName.INSTRUCTOR, center)
    cohort.instructors.add(user)
    return user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def list_of(enrollment: Enrollment) -> str:
    return reverse("courses:unit_questions", args=[enrollment.public_id, unit_of(enrollment.cohort)])


def page_of(enrollment: Enrollment, question: Question) -> str:
    return reverse("courses:question", args=[enrollment.public_id, question.public_id])


def main_of(client: Client, url: str) -> str:
    return str(BeautifulSoup(client.get(url).content, "html.parser").main)


def test_a_trainee_asks_under_a_lesson_and_colleagues_read_it_with_the_first_name(
    asker: Enrollment, colleague: Enrollment
):
    client, reader = logged_in(user_of(asker)), logged_in(user_of(colleague))

    answer = client.post(list_of(asker), {"text": WORDS})
    question = Question.objects.get()
    lesson = client.get(unit_address(asker, unit_of(asker.cohort))).content.decode()
    read = main_of(reader, list_of(colleague))

    assert answer.url == page_of(asker, question)
    assert "الأسئلة (١)" in lesson
    assert "منى" in read
    assert "إبراهيم" not in read


@pytest.mark.parametrize("place", ["list", "thread"])
def test_no_page_of_a_colleague_tells_who_asked_without_a_name(
    asker: Enrollment, colleague: Enrollment, place: str
):
    question = question_by(asker, is_anonymous=True)
    answer_as_trainee(question_id=question.pk, enrollment_id=asker.pk, text="أقصد اللوحة الفرعية")
    url = list_of(colleague) if place == "list" else page_of(colleague, question)

    page = logged_in(user_of(colleague)).get(url).content.decode()

    assert "منى" not in page
    assert str(asker.public_id) not in page
    assert "متدرب" in page


def test_words_are_shown_as_text(asker: Enrollment, colleague: Enrollment):
    question = question_by(asker, "<script>alert(1)</script> https://example.org")

    page = main_of(logged_in(user_of(colleague)), page_of(colleague, question))

    assert "&lt;script&gt;" in page
    assert 'href="https://example.org"' not in page


def test_the_pages_are_for_trainees_of_the_cohort_as_long_as_they_are(
    asker: Enrollment, colleague: Enrollment, center: Center
):
    question = question_by(asker)
    other = learner(CohortFactory(program=asker.cohort.program, content_version=asker.cohort.content_version))
    clients = {one: logged_in(user_of(one)) for one in (asker, colleague, other)}

    of_another_cohort = clients[other].get(page_of(other, question)).status_code
    by_anothers_enrollment = clients[colleague].get(page_of(asker, question)).status_code
    visitor = Client().get(list_of(asker))
    withdraw(enrollment_id=colleague.pk, reason="سفر", by=UserFactory())
    after = [
        clients[colleague].get(url).status_code for url in (list_of(colleague), page_of(colleague, question))
    ]

    assert (of_another_cohort, by_anothers_enrollment, after) == (404, 404, [404, 404])
    assert visitor.url == f"{reverse('account_login')}?next={list_of(asker)}"


def test_a_closed_cohort_is_read_only(asker: Enrollment):
    question = question_by(asker)
    Cohort.objects.update(state=CohortState.CLOSED)
    client = logged_in(user_of(asker))

    page = main_of(client, page_of(asker, question))
    client.post(page_of(asker, question), {"act": "answer", "text": "شكرًا"})

    assert WORDS in page
    assert "<textarea" not in page
    assert not Answer.objects.exists()


def test_every_act_of_the_page_of_a_question(asker: Enrollment, colleague: Enrollment):
    question = question_by(asker)
    own, other = logged_in(user_of(asker)), logged_in(user_of(colleague))

    own.post(page_of(asker, question), {"act": "change", "text": "سؤال أوضح"})
    other.post(page_of(colleague, question), {"act": "answer", "text": "رد"})
    reply = Answer.objects.get()
    other.post(page_of(colleague, question), {"act": "change_answer", "answer": reply.pk, "text": "رد أوضح"})
    own.post(page_of(asker, question), {"act": "report", "answer": reply.pk, "reason": "إعلان"})
    own.post(page_of(asker, question), {"act": "solved"})
    refused = main_of(own, page_of(asker, question))
    own.post(page_of(asker, question), {"act": "remove"})
    strange = own.post(page_of(asker, question), {"act": "hide"}).status_code
    forms = [own.get(page_of(asker, question), {"act": act}).status_code for act in ("report", "x", "answer")]

    question.refresh_from_db()
    reply.refresh_from_db()
    assert (question.text, reply.text, question.waiting_since) == ("سؤال أوضح", "رد أوضح", None)
    assert question.reports.get().answer == reply
    assert "لم يُحلّ بعد" in refused
    assert (strange, forms) == (404, [200, 200, 200])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("place", "statements"), [("list", 12), ("thread", 12), ("staff_list", 13), ("staff", 17)]
)
def test_a_page_takes_as_many_statements_for_three_rows_as_for_one(
    asker: Enrollment, colleague: Enrollment, instructor: User, place: str, statements: int, rows: int
):
    questions = [question_by(asker) for _number in range(rows)]
    for _number in range(rows):
        answer_as_trainee(question_id=questions[0].pk, enrollment_id=colleague.pk, text="رد")
    urls = {
        "list": list_of(colleague),
        "thread": page_of(colleague, questions[0]),
        "staff_list": reverse("question:index"),
        "staff": reverse("question:inspect", args=[questions[0].pk]),
    }
    client = logged_in(instructor if place.startswith("staff") else user_of(colleague))
    client.get(urls[place])

    with CaptureQueriesContext(connection) as asked:
        client.get(urls[place])

    assert len(asked) == statements


def test_the_field_below_the_own_question_is_for_what_one_adds(asker: Enrollment, colleague: Enrollment):
    question = question_by(asker)

    labels = [
        logged_in(user_of(one)).get(page_of(one, question)).context["form"]["text"].label
        for one in (asker, colleague)
    ]

    assert labels == ["ما تضيفه", "إجابتك"]


def test_a_hidden_question_does_not_wait_for_an_answer(asker: Enrollment, instructor: User):
    question = question_by(asker)
    client = logged_in(user_of(asker))
    before = main_of(client, page_of(asker, question))

    hide_post(question_id=question.pk, answer_id=None, reason="إعلان", by=instructor)
    after = main_of(client, page_of(asker, question)) + main_of(client, list_of(asker))

    assert "ينتظر الإجابة" in before
    assert "ينتظر الإجابة" not in after


def test_staff_answer_mark_hide_show_share_and_mute(
    asker: Enrollment, colleague: Enrollment, instructor: User
):
    question = question_by(asker)
    reply = answer_as_trainee(question_id=question.pk, enrollment_id=colleague.pk, text="رد")
    client = logged_in(instructor)

    def post(name: str, query: str = "", **typed: object) -> None:
        answer = client.post(reverse(f"question:{name}", args=[question.pk]) + query, typed)
        assert answer.status_code == 302, (name, answer.content.decode())

    post("accept", answer=reply.pk)
    post("share")
    post("stop_sharing")
    post("answer", text="إضافة")
    post("hide", f"?answer={reply.pk}", reason="إعلان")
    post("restore", answer=reply.pk)
    post("mute", f"?answer={reply.pk}", until=timezone.localdate().isoformat(), reason="سب")
    muted = MutedTrainee.objects.get()
    post("unmute", answer=reply.pk)
    page = client.get(reverse("question:inspect", args=[question.pk])).content.decode()

    reply.refresh_from_db()
    assert not reply.is_hidden
    assert muted.person == colleague.person
    assert "إضافة" in page
    assert str(asker.person) in page


def test_a_muted_trainee_is_offered_to_read_and_staff_read_until_when(asker: Enrollment, instructor: User):
    question = question_by(asker)
    until = timezone.localdate() + dt.timedelta(days=3)

    said = logged_in(instructor).post(
        reverse("question:mute", args=[question.pk]),
        {"until": until.isoformat(), "reason": "سب"},
        follow=True,
    )
    listed = main_of(logged_in(user_of(asker)), list_of(asker))

    assert latin_digits(format_date(until)) in latin_digits(str(*said.context["messages"]))
    assert "اقرأ" in listed
    assert "وأجب" not in listed


def test_the_page_of_staff_says_until_when_why_and_by_whom_somebody_is_muted(
    asker: Enrollment, colleague: Enrollment, instructor: User
):
    question = question_by(asker)
    answer_as_trainee(question_id=question.pk, enrollment_id=colleague.pk, text="رد")
    until = timezone.localdate() + dt.timedelta(days=3)
    for one, reason in ((asker, "سب"), (colleague, "إعلانات")):
        mute_trainee(
            cohort_id=asker.cohort_id, person_id=one.person_id, until=until, reason=reason, by=instructor
        )
    client, address = logged_in(instructor), reverse("question:inspect", args=[question.pk])

    page = BeautifulSoup(client.get(address).content, "html.parser").select_one("main").get_text(" ")
    hide_post(question_id=question.pk, answer_id=None, reason="إعلان", by=instructor)
    hidden = BeautifulSoup(client.get(address).content, "html.parser").select_one("main").get_text(" ")

    assert latin_digits(page).count(latin_digits(format_date(until))) == 2
    assert all(word in page for word in ("سب", "إعلانات", str(instructor), "ينتظر منذ"))
    assert "ينتظر منذ" not in hidden


def test_lists_filter_what_waits_and_what_is_reported(
    asker: Enrollment, colleague: Enrollment, instructor: User
):
    waiting, answered = question_by(asker, "سؤال منتظر"), question_by(asker, "سؤال مجاب")
    answer_as_staff(question_id=answered.pk, text="نعم", is_answer=True, by=instructor)
    logged_in(user_of(colleague)).post(page_of(colleague, answered), {"act": "report", "reason": "سب"})
    client = logged_in(instructor)

    found = {
        name: client.get(reverse("question:index"), {name: "true"}).content.decode()
        for name in ("waiting", "reported")
    }

    assert ("سؤال منتظر" in found["waiting"], "سؤال مجاب" in found["waiting"]) == (True, False)
    assert ("سؤال منتظر" in found["reported"], "سؤال مجاب" in found["reported"]) == (False, True)
    assert waiting.pk


def test_the_data_of_a_person_have_the_questions_and_an_erasure_takes_the_words(
    asker: Enrollment, colleague: Enrollment
):
    alone, discussed = question_by(asker), question_by(asker, "سؤال خاص")
    kept = answer_as_trainee(question_id=discussed.pk, enrollment_id=colleague.pk, text="رد زميل")
    own = answer_as_trainee(question_id=discussed.pk, enrollment_id=asker.pk, text="إضافة خاصة")
    person = asker.person
    file = "".join(personal_data(person))
    Enrollment.objects.filter(person=person).update(state="failed")

    erase_person(person_id=person.pk, reason="طلب المحو", by=None)

    assert "سؤال خاص" in file
    assert "إضافة خاصة" in file
    assert not Question.objects.filter(pk=alone.pk).exists()
    assert list(Question.objects.values_list("text", "is_anonymous")) == [("", True)]
    assert [Answer.objects.get(pk=pk).text for pk in (kept.pk, own.pk)] == ["رد زميل", ""]


def test_questions_go_with_the_record_that_is_kept(asker: Enrollment, colleague: Enrollment, center: Center):
    question = question_by(asker)
    answer_as_trainee(question_id=question.pk, enrollment_id=colleague.pk, text="رد")
    kept = PersonFactory(registered_at=center)
    report_post(question_id=question.pk, answer_id=None, enrollment_id=colleague.pk, reason="سب")
    registrar = staff_member(RoleName.REGISTRAR, center)

    for person in (asker.person, colleague.person):
        User.objects.filter(person=person).delete()
    merge_people(keep_id=kept.pk, duplicate_id=asker.person_id, reason="سجلان", by=registrar)

    question.refresh_from_db()
    assert question.person == kept
    assert QuestionNotice.objects.get().person == kept
    assert question.answers.get().person == colleague.person
