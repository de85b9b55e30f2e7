"""Many first attempts at once, written as rows: what the services would write takes a second for each thirty."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import Center, Person
from assessment.enums import AttemptState, EndedBy
from assessment.models import Answer, Attempt, ItemAnalysis, ItemFigures, Question, QuestionVersion
from assessment.queries.first_attempts import Scope
from assessment.services.figures import request_analysis, work_on_analysis
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment
from tests.factories.accounts import CenterFactory, PersonFactory
from tests.factories.assessment import open_attempt
from tests.factories.jobs import job_of
from tests.factories.rows import row_of

# What one person answered, slot by slot, and the share that it earned.
type Given = tuple[Any, Decimal | int]


def people(number: int, center: Center | None = None) -> list[Person]:
    center = center or CenterFactory()
    rows = (PersonFactory.build(registered_at=center) for _person in range(number))
    return list(Person.objects.bulk_create(rows))


def marked_papers(
    cohort: Cohort,
    quiz_key: UUID,
    versions: Sequence[int],
    papers: Sequence[Sequence[Given]],
    *,
    points: Sequence[int] = (),
    by: Sequence[Person] = (),
    **facts: Any,
) -> list[Attempt]:
    """Marked first attempts, each with its own person of the cohort; a second apart, in their order."""
    now = timezone.now()
    persons = list(by) or people(len(papers), cohort.center)
    enrollments = Enrollment.objects.bulk_create(
        Enrollment(person=person, cohort=cohort, state=EnrollmentState.ACTIVE, enrolled_at=now)
        for person in persons
    )
    weights = list(points or [1] * len(versions))
    attempts = Attempt.objects.bulk_create(
        Attempt(
            **{
                "public_id": uuid4(),
                "enrollment": enrollment,
                "quiz_key": quiz_key,
                "number": 1,
                "title": "اختبار",
                "versions": list(versions),
                "points": weights,
                "pass_percent": 60,
                "state": AttemptState.MARKED,
                "score": _score(paper, weights),
                "passed": _score(paper, weights) >= 60,
                "started_at": now - dt.timedelta(hours=1) + dt.timedelta(seconds=place),
                "ended_at": now - dt.timedelta(minutes=5),
                "ended_by": EndedBy.PERSON,
                "marked_at": now - dt.timedelta(minutes=5),
                **facts,
            }
        )
        for place, (enrollment, paper) in enumerate(zip(enrollments, papers, strict=True))
    )
    Answer.objects.bulk_create(
        Answer(attempt=attempt, slot=slot, response=response, mark=mark)
        for attempt, paper in zip(attempts, papers, strict=True)
        for slot, (response, mark) in enumerate(paper)
    )
    return list(attempts)


def _score(paper: Sequence[Given], weights: Sequence[int]) -> Decimal:
    earned = sum(Decimal(mark) * weight for (_response, mark), weight in zip(paper, weights, strict=True))
    return (earned * 100 / sum(weights)).quantize(Decimal("0.01"))


def chosen_paper(versions: Sequence[QuestionVersion], places: Sequence[int | None]) -> list[Given]:
    """Answers to questions with one right answer: the option at each place, and nothing at None."""
    return [_chosen(version, place) for version, place in zip(versions, places, strict=True)]


def _chosen(version: QuestionVersion, place: int | None) -> Given:
    if place is None:
        return None, 0
    option = version.content["options"][place]["id"]
    return option, int(version.key["weights"].get(option, "0") == "1")


def planted_places(number: int, *, wrong: int, slots: int = 6) -> list[list[int]]:
    """Of `number` people the first ones know most. Right is option 0; the question at `wrong` has a wrong key: those who know choose option 1."""
    papers = []
    for person in range(number):
        known = slots - person * (slots + 1) // number
        places = [0 if slot < known else 1 + (person + slot) % 2 for slot in range(slots)]
        places[wrong] = 1 if person < number // 2 else 0
        papers.append(places)
    return papers


def figures_in(question: Question, discrimination: float, *, n: int = 40, **facts: Any) -> ItemFigures:
    """Kept figures of the version in force, of the attempts of its owner."""
    analysis, _is_new = ItemAnalysis.objects.get_or_create(
        **Scope(question=question.pk, center=question.owner_id).fields,
        defaults={"state": "done", "finished_at": timezone.now(), "as_of": timezone.now()},
    )
    return ItemFigures.objects.create(
        **{
            "analysis": analysis,
            "version": question.published,
            "n": n,
            "discrimination": discrimination,
            "facility": 0.4,
            "deviation": 0.4,
            "index": discrimination,
            **facts,
        }
    )


@job_of(ItemAnalysis)
def analysis_to_be_made(center: Center) -> ItemAnalysis:
    _trainee, attempt = open_attempt(center)
    return request_analysis(Scope(quiz_key=attempt.quiz_key, center=center.pk))


@row_of(ItemAnalysis)
def analysis_of_a_center(center: Center) -> ItemAnalysis:
    """It is done."""
    done = work_on_analysis(analysis_id=analysis_to_be_made(center).pk)
    assert done is not None
    return done
