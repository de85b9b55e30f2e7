"""The pages on which a key is corrected, and what the trainee reads of it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessment.enums import AttemptState, EndedBy, KeyRule
from assessment.errors import SameKey
from assessment.models import Attempt, KeyCorrection, QuestionVersion, Regrade
from assessment.queries.regrades import MarkedLater
from assessment.services.regrades import work_on_regrade
from courses.models import Cohort
from tests.factories.assessment import (
    QuizPageFactory,
    fill_in,
    hotspot,
    matching,
    multiple,
    numeric,
    options_of,
    ordering,
    quizzed_cohort,
    short_text,
    single,
    true_false,
)
from tests.factories.regrades import WHY, begun, counted, officer, regraded, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return officer()


@pytest.fixture
def staff(client: Client, by: User) -> Client:
    client.force_login(by)
    return client


@pytest.fixture
def cohort() -> Cohort:
    return quizzed_cohort(QuizPageFactory(questions=[single(), single("والثانية؟")]))


def proposed(staff: Client, version: int, **typed: Any) -> QuestionVersion:
    """What the form makes of what is typed: the question with the other key."""
    address = reverse("regrade:propose", args=[version])
    assert staff.get(address).status_code == 200
    response = staff.post(address, {"rule": "key", "reason": WHY, **typed})
    assert response.status_code == 302, response.context["form"].errors
    to_version = Regrade.objects.latest("pk").to_version
    assert to_version is not None
    return to_version


def test_a_key_is_proposed_read_and_started_from_the_pages(staff: Client, cohort: Cohort):
    attempt = taken(cohort, (1,), (0,))
    version = attempt.versions[0]
    listed = staff.get(reverse("regrade:questions", args=[attempt.quiz_key]))
    proposed(staff, version, right=[options_of(attempt)[0][1]])
    regrade = Regrade.objects.get()
    index = staff.get(reverse("regrade:index"))
    waiting = staff.get(reverse("regrade:inspect", args=[regrade.pk]))
    work_on_regrade(regrade_id=regrade.pk)
    own_page = staff.get(reverse("regrade:inspect", args=[regrade.pk]))
    refused = staff.post(reverse("regrade:start", args=[regrade.pk]), follow=True)
    staff.force_login(officer())
    page = staff.get(reverse("regrade:inspect", args=[regrade.pk]))

    started = staff.post(reverse("regrade:start", args=[regrade.pk]), follow=True)
    work_on_regrade(regrade_id=regrade.pk)
    done = staff.get(reverse("regrade:inspect", args=[regrade.pk]), {"only": "passed"})

    assert reverse("regrade:propose", args=[version]) in listed.content.decode()
    assert reverse("regrade:inspect", args=[regrade.pk]) in index.content.decode()
    assert waiting.context["progress"]["is_live"]
    assert reverse("regrade:start", args=[regrade.pk]) not in own_page.content.decode()
    assert "طلبت هذا التصحيح" in refused.content.decode()
    assert reverse("regrade:start", args=[regrade.pk]) in page.content.decode()
    assert started.status_code == done.status_code == 200
    assert [row.attempt for row in done.context["page"]] == [attempt]
    assert KeyCorrection.objects.count() == 1


def test_each_kind_has_a_form_for_its_key(staff: Client):
    kinds = (single, multiple, true_false, numeric, short_text, matching)
    attempt, _trainee = begun(quizzed_cohort(QuizPageFactory(questions=[kind() for kind in kinds])))
    versions = QuestionVersion.objects.in_bulk(attempt.versions)
    one, several, truth, number, word, pairs = (versions[key] for key in attempt.versions)
    options = [[option["id"] for option in version.content["options"]] for version in (one, several, truth)]
    choices = [choice["id"] for choice in pairs.content["choices"]]
    other = {**pairs.key["pairs"]}
    other["1"] = next(choice for choice in choices if choice != other["1"])

    keys = [
        proposed(staff, one.pk, right=options[0][1:]).key["weights"],
        proposed(staff, several.pk, right=options[1][:3]).key["weights"],
        proposed(
            staff, truth.pk, right=[option for option in options[2] if option not in truth.key["weights"]]
        ).key["weights"],
        proposed(staff, number.pk, value="6", tolerance="0.5").key["answers"],
        proposed(staff, word.pk, accepted="سر القاطع\n\n  قاطع  ").key["accepted"],
        proposed(staff, pairs.pk, **{f"pair-{stem}": choice for stem, choice in other.items()}).key["pairs"],
    ]

    assert keys == [
        dict.fromkeys(options[0][1:], "1"),
        {**dict.fromkeys(options[1][:3], "1/3"), options[1][3]: "-1"},
        {next(option for option in options[2] if option not in truth.key["weights"]): "1"},
        [{"value": "6", "tolerance": "0.5"}],
        [{"text": "سر القاطع"}, {"text": "قاطع"}],
        other,
    ]


def test_orders_gaps_and_places_have_a_form_for_their_key(staff: Client):
    kinds = (ordering, fill_in, hotspot)
    attempt, _trainee = begun(quizzed_cohort(QuizPageFactory(questions=[kind() for kind in kinds])))
    steps, text, places = (QuestionVersion.objects.get(pk=pk) for pk in attempt.versions)
    order = list(reversed(steps.key["order"]))
    gaps = text.key["gaps"]
    gloves, ring, *_others = [one["id"] for one in text.content["gaps"][2]["content"]["options"]]
    options = [one["id"] for one in places.content["instead"]["content"]["options"]]
    filled = {
        "gap-1-accepted": "المفتاح",
        "gap-2-value": "230",
        "gap-2-tolerance": "10",
        "gap-3-right": [ring],
    }
    areas = "0 0 200 200\n500 500 40"

    ordered = proposed(staff, steps.pk, **{f"place-{place}": one for place, one in enumerate(order, 1)}).key
    completed = proposed(staff, text.pk, **filled).key["gaps"]
    drawn = proposed(staff, places.pk, areas=areas, **{"instead-right": options[1:2]}).key
    page = staff.get(reverse("regrade:inspect", args=[Regrade.objects.latest("pk").pk]))

    assert (ordered["order"], ordered["credit"]) == (order, steps.key["credit"])
    assert completed["1"]["key"]["accepted"] == [{"text": "المفتاح"}]
    assert completed["2"]["key"]["answers"][0] == {"value": "230", "tolerance": "10"}
    assert completed["3"]["key"]["weights"][ring] == "1"
    assert gloves not in completed["3"]["key"]["weights"]
    assert set(completed) == set(gaps)
    assert drawn["areas"] == [{"rectangle": [0, 0, 200, 200]}, {"circle": [500, 500, 40]}]
    assert drawn["instead"]["weights"] == {options[1]: "1"}
    assert "500 500 40" in page.text


@pytest.mark.parametrize("kind", [ordering, fill_in, hotspot])
def test_the_form_shows_such_a_key_as_it_is(staff: Client, kind: Any):
    attempt, _trainee = begun(quizzed_cohort(QuizPageFactory(questions=[kind()])))
    [version] = QuestionVersion.objects.filter(pk__in=attempt.versions)
    form = staff.get(reverse("regrade:propose", args=[version.pk])).context["form"]
    typed = {name: form[name].initial for name in form.fields if form[name].initial is not None}

    # Sent as it is shown, it is the key in force.
    sent = staff.post(reverse("regrade:propose", args=[version.pk]), {**typed, "rule": "key", "reason": WHY})

    assert sent.status_code == 200
    assert str(SameKey()) in sent.context["form"].non_field_errors()


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (ordering, {"place-1": "1", "place-2": "1", "place-3": "2"}),
        (fill_in, {"gap-1-accepted": ""}),
        (hotspot, {"areas": "1 2 3 4 5"}),
        (hotspot, {"areas": "0 0 200 200"}),
        (hotspot, {"areas": "x\ny"}),
    ],
)
def test_such_a_key_that_marks_nothing_is_refused(staff: Client, kind: Any, typed: dict[str, str]):
    attempt, _trainee = begun(quizzed_cohort(QuizPageFactory(questions=[kind()])))
    address = reverse("regrade:propose", args=[attempt.versions[0]])

    response = staff.post(address, {"rule": "key", "reason": WHY, **typed})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Regrade.objects.exists()


@pytest.mark.parametrize("typed", [{"right": []}, {"right": ["x"]}, {"rule": "other"}, {"reason": " "}])
def test_what_marks_nothing_is_refused_on_the_page(staff: Client, cohort: Cohort, typed: dict[str, Any]):
    attempt = taken(cohort, (1,), (0,))
    sent = {"rule": "key", "reason": WHY, "right": options_of(attempt)[0][1:2], **typed}

    response = staff.post(reverse("regrade:propose", args=[attempt.versions[0]]), sent)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Regrade.objects.exists()


def test_the_page_takes_as_many_statements_for_three_attempts_as_for_one(
    staff: Client, cohort: Cohort, by: User
):
    def statements(people: int, slot: int) -> int:
        for _person in range(people):
            attempt = taken(cohort, (1,), (1,))
        regrade = counted(attempt.versions[slot], KeyRule.EVERYBODY, by=by)
        address = reverse("regrade:inspect", args=[regrade.pk])
        staff.get(address)
        with CaptureQueriesContext(connection) as queries:
            staff.get(address)
        return len(queries)

    assert statements(1, 0) == statements(2, 1)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (KeyRule.KEY, "كان مفتاح إجابته خاطئًا"),
        (KeyRule.EVERYBODY, "وأخذ الجميع درجته"),
        (KeyRule.NO_ONE, "ولا يُحتسب لأحد"),
    ],
)
def test_the_result_says_what_was_corrected(
    client: Client, cohort: Cohort, by: User, rule: KeyRule, said: str
):
    attempt = taken(cohort, (1,), (0,))
    key = {"weights": {options_of(attempt)[0][1]: "1"}} if rule == KeyRule.KEY else None
    regraded(attempt.versions[0], rule, key=key, by=by)
    client.force_login(User.objects.get(person=attempt.enrollment.person))

    page = client.get(reverse("assessment:attempt", args=[attempt.public_id])).content.decode()

    assert said in page
    assert "صُححت نتيجتك" in page
    assert Attempt.objects.get().passed


def test_who_asked_reads_who_else_may_start_it_and_whether_there_is_no_one(
    staff: Client, cohort: Cohort, by: User
):
    attempt = taken(cohort, (1,), (0,))
    regrade = counted(attempt.versions[0], KeyRule.EVERYBODY, by=by)
    address = reverse("regrade:inspect", args=[regrade.pk])

    alone = staff.get(address)
    colleague = officer()
    with_colleague = staff.get(address)

    assert (alone.context["others"], alone.context["waits_for_another"]) == ("", True)
    assert with_colleague.context["others"] == colleague.get_full_name()
    assert colleague.get_full_name() in with_colleague.content.decode()


def test_the_preview_says_how_many_attempts_are_marked_later(staff: Client, cohort: Cohort, by: User):
    waits, _trainee = begun(cohort)
    Attempt.objects.filter(pk=waits.pk).update(
        state=AttemptState.AWAITING, ended_at=timezone.now(), ended_by=EndedBy.PERSON
    )
    begun(cohort)
    marked = taken(cohort, (1,), (0,))
    regrade = counted(marked.versions[0], KeyRule.EVERYBODY, by=by)

    page = staff.get(reverse("regrade:inspect", args=[regrade.pk]))

    assert (regrade.asked, page.context["later"]) == (1, MarkedLater(awaiting=1, open=1))
    assert "تنتظر محاولة واحدة أخرى" in page.content.decode()
