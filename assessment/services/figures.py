"""Figures that are calculated outside of a request and kept, and questions that stay as they are in spite of them."""

from django.db import connection, transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.errors import ReasonMissing
from accounts.models import User
from accounts.scoping.hands import acting_as
from assessment.analysis.taken import LEAST
from assessment.errors import NothingNegative, NotItsAuthor
from assessment.models import ItemAnalysis, ItemFigures, KeptVersion, Question
from assessment.queries.bank import written_by
from assessment.queries.figures import as_rows, calculated, reliability_as_json
from assessment.queries.first_attempts import Scope
from assessment.queries.negative import negative_figures_of
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import fenced, finish
from jobs.services.recovery import restart
from jobs.services.working import work_on

LONGEST_REASON = 200
# Of the bank, at a time: those that wait longest come first. More would keep other work of the queue waiting.
MOST_AT_A_TIME = 20


@transaction.atomic
def request_analysis(scope: Scope) -> ItemAnalysis:
    """Have the figures of a scope calculated, again where they were. One that waits or runs is left alone."""
    analysis, is_new = ItemAnalysis.objects.get_or_create(**scope.fields)
    if is_new:
        dispatch_jobs(ItemAnalysis, [analysis.pk])
        return analysis
    held = ItemAnalysis.objects.select_for_update(of=("self",)).get(pk=analysis.pk)
    if not held.is_open:
        restart(ItemAnalysis, [held.pk])
        held.refresh_from_db()
    return held


def work_on_analysis(*, analysis_id: int) -> ItemAnalysis | None:
    """Calculate and keep. None if it is done, failed, or leased by another worker."""
    return work_on(ItemAnalysis, analysis_id, _work)


def _work(analysis: ItemAnalysis) -> ItemAnalysis:
    figures = calculated(Scope.of(analysis))
    with transaction.atomic():
        held = fenced(analysis)
        held.items.all().delete()
        ItemFigures.objects.bulk_create(as_rows(figures, held))
        return finish(
            held,
            as_of=figures.as_of,
            first_attempts=figures.n,
            reliability=reliability_as_json(figures),
        )


def analyze_bank(*, at_most: int = MOST_AT_A_TIME) -> int:
    """Have the questions of the bank analyzed of which attempts were marked since, each for its owner. Returns how many.

    Of a center's question the attempts of that center, of the ministry's those of all.
    """
    scopes = [Scope(question=question, center=owner) for question, owner in _to_analyze(at_most)]
    for scope in scopes:
        request_analysis(scope)
    return len(scopes)


# What was asked often enough, and marked, or marked again, since it was analyzed last; that of which this is longest ago first.
_TO_ANALYZE = """
SELECT question.id, question.owner_id
FROM assessment_question question
LEFT JOIN assessment_itemanalysis analysis ON analysis.question_id = question.id
    AND analysis.center_id IS NOT DISTINCT FROM question.owner_id
    AND analysis.program_id IS NULL AND analysis.cohort_id IS NULL AND analysis.year IS NULL
WHERE question.quiz_key IS NULL AND question.published_id IS NOT NULL AND question.state <> 'withdrawn'
    AND (analysis.state IS NULL OR analysis.state NOT IN ('waiting', 'running', 'failed'))
    AND (analysis.as_of IS NULL OR EXISTS (
        SELECT 1 FROM assessment_attempt attempt
        WHERE attempt.versions @> ARRAY[question.published_id] AND attempt.marked_at >= analysis.as_of
    ) OR EXISTS (
        SELECT 1 FROM assessment_attemptcorrection correction
        JOIN assessment_attempt attempt ON attempt.id = correction.attempt_id
        WHERE correction.at >= analysis.as_of AND attempt.versions @> ARRAY[question.published_id]
    ))
    AND (SELECT count(*) FROM (
        SELECT 1 FROM assessment_attempt attempt
        WHERE attempt.versions @> ARRAY[question.published_id] AND attempt.state = 'marked' AND attempt.number = 1
        LIMIT %(least)s
    ) asked) = %(least)s
ORDER BY analysis.as_of NULLS FIRST, question.id
LIMIT %(most)s
"""


def _to_analyze(at_most: int) -> list[tuple[int, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_TO_ANALYZE, {"least": LEAST, "most": at_most})
        return list(cursor.fetchall())


@transaction.atomic
def keep_question(*, question_id: int, reason: str, by: User) -> KeptVersion:
    """Say that the version in force stays, though those who know more get it wrong more often. It waits for its author no longer.

    Raises `ReasonMissing`, `NotItsAuthor`, `NothingNegative`.
    """
    question = Question.objects.of_the_bank().select_for_update(of=("self",)).get(pk=question_id)
    tidied = " ".join(reason.split())[:LONGEST_REASON]
    if not tidied:
        raise ReasonMissing
    if not Question.objects.filter(written_by(acting_as(by)), pk=question.pk).exists():
        raise NotItsAuthor
    figures = negative_figures_of(question)
    if figures is None or figures.discrimination is None:
        raise NothingNegative
    kept = KeptVersion.objects.create(
        version_id=figures.version_id,
        discrimination=figures.discrimination,
        n=figures.n,
        reason=tidied,
        by=by,
        at=timezone.now(),
    )
    facts = {
        "version": figures.version_id,
        "discrimination": f"{figures.discrimination:.2f}",
        "reason": tidied,
    }
    log(question, "assessment.question.keep", user=by, data=facts)
    return kept
