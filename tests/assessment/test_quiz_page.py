"""Taking a quiz without JavaScript; pages do not contain the answer key."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from assessment.blocks import MultipleChoiceBlock, QuestionBlocks, SingleChoiceBlock
from assessment.models import Attempt, QuizPage
from courses.clauses import Clauses, CountedAttempt, Score
from courses.models import Enrollment
from courses.queries.outline import unit_address
from courses.queries.records import records_of
from courses.services.progress import record_score
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import (
    SECRET_WHY,
    QuizPageFactory,
    multiple,
    option,
    posted_answers,
    quizzed_cohort,
    single,
)
from tests.factories.courses import EnrollmentFactory
from tests.factories.pages import site_of


@pytest.fixture
def quiz(db: None) -> QuizPage:
    quiz = QuizPageFactory()
    catalog = quiz.get_ancestors().get(depth=2)
    site_of(catalog, hostname="localhost")
    return quiz


@pytest.fixture
def enrollment(quiz: QuizPage) -> Enrollment:
    return EnrollmentFactory(person=TraineeFactory().person, cohort=quizzed_cohort(quiz))


@pytest.fixture
def trainee(enrollment: Enrollment) -> User:
    return enrollment.person.user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def started(client: Client, quiz: QuizPage) -> Attempt:
    client.post(reverse("assessment:start", args=[quiz.translation_key]))
    return Attempt.objects.get(state="open")


def form_of(attempt: Attempt, *chosen: tuple[int, ...]) -> dict[str, list[str]]:
    """What the page that asks once more sends."""
    return {"confirmed": ["1"], **posted_answers(attempt, *chosen)}


def address(name: str, attempt: Attempt) -> str:
    return reverse(f"assessment:{name}", args=[attempt.public_id])


def test_a_trainee_takes_the_quiz_with_plain_forms(quiz: QuizPage, trainee: User):
    client = logged_in(trainee)

    front = client.get(quiz.url, follow=True)
    asked = client.post(reverse("assessment:start", args=[quiz.translation_key]), follow=True)
    attempt = Attempt.objects.get()
    result = client.post(address("submit", attempt), form_of(attempt, (0,), (0, 1)), follow=True)

    assert [page.status_code for page in (front, asked, result)] == [200, 200, 200]
    assert asked.content.decode().count('type="radio"') == 3
    assert asked.content.decode().count('type="checkbox"') == 4
    assert SECRET_WHY in result.content.decode()
    assert "verdict--ok" in result.content.decode()
    assert "<script>" not in result.content.decode()


def test_pages_before_marking_disclose_no_answers(quiz: QuizPage, trainee: User):
    client = logged_in(trainee)
    attempt = started(client, quiz)

    pages = [client.get(quiz.url, follow=True), client.get(address("attempt", attempt))]

    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert SECRET_WHY not in html
        assert not re.search(r"is_right|explanation|points|data-right", html)
    # Each option is written alike, but for its own id and text.
    shapes = {
        re.sub(r'value="[^"]*"|<span>.*?</span>|name="[^"]*"', "", label)
        for label in re.findall(r"<label>.*?</label>", pages[1].content.decode())
    }
    assert len(shapes) == 2


def test_a_failed_attempt_shows_explanations_but_no_answers_while_another_is_left(
    quiz: QuizPage, trainee: User
):
    client = logged_in(trainee)

    pages = []
    for _ in range(quiz.attempts_allowed):
        attempt = started(client, quiz)
        sent = client.post(address("submit", attempt), form_of(attempt, (1,), (2,)), follow=True)
        pages.append(sent.content.decode())

    assert all(SECRET_WHY in page for page in pages)
    told = ["badge--ok" in page for page in pages]
    assert told == [False, False, True]


def test_wrong_and_right_answers_do_not_differ_by_color_only(quiz: QuizPage, trainee: User):
    client = logged_in(trainee)
    attempt = started(client, quiz)
    result = client.post(address("submit", attempt), form_of(attempt, (1,), (0, 1)), follow=True)
    page = result.content.decode()

    assert page.count("quiz__option--wrong") == 1
    assert page.count("إجابتك، وهي خطأ") == 1


def test_wrong_options_among_several_answers_are_hidden_while_another_attempt_is_left(
    quiz: QuizPage, trainee: User
):
    client = logged_in(trainee)
    attempt = started(client, quiz)
    result = client.post(address("submit", attempt), form_of(attempt, (1,), (0, 2)), follow=True)
    page = result.content.decode()

    assert page.count("quiz__option--wrong") == 1
    assert page.count("quiz__option--chosen") == 2


def test_foreign_question_ids_are_a_400_with_a_clear_message(quiz: QuizPage, trainee: User):
    client = logged_in(trainee)
    attempt = started(client, quiz)

    response = client.post(
        f"/en{address('submit', attempt).removeprefix('/ar')}",
        {**form_of(attempt, (0,), (0,)), "question-11111111-1111-1111-1111-111111111111": "x"},
    )

    attempt.refresh_from_db()
    html = response.content.decode()
    assert response.status_code == 400
    assert "The answers belong to other questions" in html
    assert html.count(" checked") == 2
    assert attempt.is_open


def test_anothers_attempt_is_404_as_a_missing_one(quiz: QuizPage, trainee: User):
    attempt = started(logged_in(trainee), quiz)
    stranger = logged_in(TraineeFactory())

    seen = [
        stranger.get(address("attempt", attempt)),
        stranger.post(address("submit", attempt), {}),
        stranger.get(reverse("assessment:attempt", args=["11111111-1111-1111-1111-111111111111"])),
        stranger.post(reverse("assessment:start", args=[quiz.translation_key])),
    ]

    attempt.refresh_from_db()
    assert [response.status_code for response in seen] == [404] * 4
    assert attempt.is_open


def test_a_visitor_is_asked_to_log_in(quiz: QuizPage):
    response = Client().post(reverse("assessment:start", args=[quiz.translation_key]))

    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


def test_the_quiz_page_checks_access_like_every_unit(quiz: QuizPage):
    visitor, stranger = Client().get(quiz.url), logged_in(TraineeFactory()).get(quiz.url)

    assert "/accounts/login/" in visitor["Location"]
    assert stranger["Location"] == quiz.get_parent().get_parent().url


def test_a_form_from_another_site_is_refused(quiz: QuizPage, trainee: User):
    attempt = started(logged_in(trainee), quiz)
    client = Client(enforce_csrf_checks=True)
    client.force_login(trainee)

    response = client.post(address("submit", attempt), {})

    assert response.status_code == 403


def test_a_question_needs_the_right_number_of_right_options(db: None):
    wrong = [option("أ"), option("ب")]
    both = [option("أ", right=True), option("ب", right=True)]
    cases = (
        (SingleChoiceBlock(), single()[1], wrong),
        (SingleChoiceBlock(), single()[1], both),
        (MultipleChoiceBlock(), multiple()[1], wrong),
        (SingleChoiceBlock(), single()[1], [option("أ", right=True), option(" أ ")]),
        (SingleChoiceBlock(), single()[1], [option("أ", right=True)]),
        (SingleChoiceBlock(), single()[1], [option("أ", right=True), *(option(str(n)) for n in range(8))]),
    )

    for block, value, options in cases:
        with pytest.raises(ValidationError):
            block.clean(block.to_python({**value, "options": options}))
    for block, value in ((SingleChoiceBlock(), single()[1]), (MultipleChoiceBlock(), multiple()[1])):
        block.clean(block.to_python(value))


def test_a_questions_own_template_never_shows_the_key():
    stream = QuestionBlocks()
    rendered = stream.render(
        stream.to_python([{"type": kind, "value": value} for kind, value in (single(), multiple())])
    )

    assert SECRET_WHY not in rendered
    assert "True" not in rendered
    assert rendered.count('type="radio"') == 3
    assert rendered.count('type="checkbox"') == 4


def test_an_editor_previews_the_questions_without_the_key(quiz: QuizPage):
    response = quiz.make_preview_request()

    html = response.render().content.decode()
    assert "أفصل التيار" in html
    assert SECRET_WHY not in html


def test_the_quiz_is_written_in_the_admin(quiz: QuizPage, superuser: User):
    form = quiz.get_edit_handler().get_form_class()

    assert {"intro", "questions", "pass_percent", "attempts_allowed", "is_required"} <= set(form.base_fields)
    assert logged_in(superuser).get(reverse("wagtailadmin_pages:edit", args=[quiz.pk])).status_code == 200


@pytest.mark.parametrize("attempts", [1, 3])
def test_many_attempts_take_as_many_queries_as_one(
    quiz: QuizPage, trainee: User, attempts: int, rf: RequestFactory, django_assert_num_queries
):
    client = logged_in(trainee)
    for _ in range(attempts):
        attempt = started(client, quiz)
        client.post(address("submit", attempt), form_of(attempt, (1,), (2,)))
    request = rf.get(quiz.url)
    request.user = trainee

    with django_assert_num_queries(9):
        context = quiz.get_context(request)

    assert context["attempts_left"] == quiz.attempts_allowed - attempts


@pytest.mark.parametrize(
    ("attempts", "arabic", "english"),
    [
        ("best", ("أفضل درجة لك", "٩٠٪"), ("Your best score", "90%")),
        ("last", ("آخر درجة لك، وهي التي تُحتسب", "٤٠٪"), ("Your last score, which counts", "40%")),
        ("mean", ("متوسط درجاتك، وهو الذي يُحتسب", "٦٥٪"), ("The mean of your scores, which counts", "65%")),
    ],
)
def test_the_page_shows_the_score_that_counts(
    quiz: QuizPage, attempts: str, arabic: tuple[str, str], english: tuple[str, str]
):
    asks = Clauses(score=Score(95, CountedAttempt(attempts)))
    enrollment = EnrollmentFactory(person=TraineeFactory().person, cohort=quizzed_cohort(quiz, asks=asks))
    for mark in (90, 40):
        record_score(
            enrollment_id=enrollment.pk, unit_key=quiz.translation_key, score=Decimal(mark), passed=False
        )
    client = logged_in(enrollment.person.user)
    address = unit_address(enrollment, quiz.translation_key)

    in_arabic = client.get(address).text
    in_english = client.get(address.replace("/ar/", "/en/")).text

    assert [text for text in arabic if text not in in_arabic] == []
    assert [text for text in english if text not in in_english] == []
    (record,) = records_of([enrollment])[enrollment.pk]
    assert f"{record.score:.0f}%" == english[1]


@pytest.fixture
def raising(quiz: QuizPage) -> Client:
    """A trainee who passed with less than the program asks for, and failed after that."""
    cohort = quizzed_cohort(quiz, asks=Clauses(score=Score(95, CountedAttempt.BEST)))
    client = logged_in(EnrollmentFactory(person=TraineeFactory().person, cohort=cohort).person.user)
    for chosen in [((0,), (0,)), ((1,), (2,))]:
        attempt = started(client, quiz)
        client.post(address("submit", attempt), form_of(attempt, *chosen))
    assert [one.passed for one in Attempt.objects.order_by("number")] == [True, False]
    return client


def test_who_passed_before_reads_that_on_the_result_of_a_later_attempt_that_failed(raising: Client):
    best, failed = Attempt.objects.order_by("number")

    page = raising.get(address("attempt", failed).replace("/ar/", "/en/")).text

    assert "Not passed yet" not in page
    assert "You have passed this test" in page
    assert f"This attempt is below the pass mark. The score that counts is {best.whole_percent}%." in page


def test_the_page_of_a_quiz_says_that_it_is_passed_where_a_better_score_helps(
    raising: Client, quiz: QuizPage
):
    address_of_quiz = unit_address(Enrollment.objects.get(), quiz.translation_key).replace("/ar/", "/en/")
    before = raising.get(address_of_quiz).text
    for _ in range(quiz.attempts_allowed - 2):
        raising.post(address("submit", started(raising, quiz)), {"confirmed": "1"})
    after = raising.get(address_of_quiz).text
    start = reverse("assessment:start", args=[quiz.translation_key]).replace("/ar/", "/en/")
    refused = raising.post(start, follow=True).text

    assert "You passed this quiz" in before
    assert "A better score helps you to complete the program." in before
    assert "You passed this quiz" in after
    assert (
        "No attempt is left to raise your score. Ask your center whether it gives you another one." in after
    )
    assert "No attempts left" not in after
    assert "You have passed this quiz, but no attempt is left to raise your score." in refused
    assert "used every attempt" not in refused


def test_before_handing_in_what_was_marked_for_later_is_listed_and_linked(quiz: QuizPage, trainee: User):
    client = logged_in(trainee)
    attempt = started(client, quiz)
    submit = address("submit", attempt).replace("/ar/", "/en/")

    pages = [
        client.post(submit, {**posted_answers(attempt, (0,), (0, 1)), "flagged": flagged}).text
        for flagged in ("", "1", "0,1,1", "7,x,-1,")
    ]

    back = address("attempt", attempt).replace("/ar/", "/en/")
    assert [[f'href="{back}#question-{number}"' in page for number in (1, 2)] for page in pages] == [
        [False, False],
        [False, True],
        [True, True],
        [False, False],
    ]
    assert "1 question is marked for later" in pages[1]
    assert "2 questions are marked for later" in pages[2]
    assert not any("marked for later" in page for page in (pages[0], pages[3]))
