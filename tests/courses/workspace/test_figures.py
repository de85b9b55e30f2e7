"""Every figure of a workspace is the count of its rows, what `evidence_of_all` says, and what SQL says."""

import pytest
from django.db import connection

from courses.enums import EnrollmentState, Risk
from courses.models import Cohort, Enrollment
from courses.queries.evidence import evidence_of_all
from courses.queries.outline import progress_percent
from courses.queries.progress import progress_of
from courses.queries.workspace.figures import figures_of
from courses.queries.workspace.roster import ANY, NOTHING, RosterFilter, found
from courses.queries.workspace.trainees import trainees_of
from courses.queries.workspace.workspace import OF_A_COHORT
from tests.courses.workspace.worlds import great_cohort

# Without `courses.queries`: from the tables alone. Units and sessions of the cohort, people who did not leave.
BY_SQL = """
WITH people AS (SELECT id FROM courses_enrollment WHERE cohort_id = %(cohort)s AND state <> 'withdrawn'),
units AS (
  SELECT (unit ->> 'unit')::uuid AS key
  FROM courses_cohort c JOIN courses_contentversion v ON v.id = c.content_version_id,
       jsonb_array_elements(v.units) unit
  WHERE c.id = %(cohort)s AND (unit ->> 'required')::boolean
),
held AS (
  SELECT r.status
  FROM people p
  JOIN courses_classsession s ON s.cohort_id = %(cohort)s AND s.canceled_at IS NULL AND s.ends_at <= now()
  LEFT JOIN courses_attendancerecord r ON r.session_id = s.id AND r.enrollment_id = p.id AND r.is_current
)
SELECT
  (SELECT count(*) FROM people),
  (SELECT count(*) FILTER (WHERE status IN ('present', 'late')) * 100
          / nullif(count(*) FILTER (WHERE status IS DISTINCT FROM 'excused'), 0) FROM held),
  (SELECT floor(avg(percent)) FROM (
     SELECT sum(CASE WHEN u.completed_at IS NOT NULL THEN 100
                     WHEN u.buckets_total > 0 THEN u.buckets_watched * 100 / u.buckets_total
                     ELSE 0 END) / count(*) AS percent
     FROM people p CROSS JOIN units
     LEFT JOIN courses_unitprogress u ON u.enrollment_id = p.id AND u.unit_key = units.key
     GROUP BY p.id) AS of_people),
  (SELECT count(DISTINCT p.id) FROM people p JOIN courses_unitprogress u ON u.enrollment_id = p.id
     WHERE u.passed IS FALSE AND cardinality(u.scores) > 1)
"""


@pytest.fixture
def cohort(db: None) -> Cohort:
    made = great_cohort(people=12, units=11, sessions=6)
    return Cohort.objects.select_related(*OF_A_COHORT).get(pk=made.pk)


def test_the_evidence_of_the_workspace_is_that_of_every_other_page(cohort: Cohort):
    enrollments = list(
        Enrollment.objects.filter(cohort=cohort).select_related(*(f"cohort__{n}" for n in OF_A_COHORT))
    )

    expected = evidence_of_all(
        {row: row.cohort.completion_rule for row in enrollments}, progress_of(enrollments)
    )

    assert {trainee.pk: trainee.evidence for trainee in trainees_of(cohort)} == expected


def test_the_figures_are_those_of_the_tables(cohort: Cohort):
    figures = figures_of(trainees_of(cohort))

    with connection.cursor() as cursor:
        cursor.execute(BY_SQL, {"cohort": cohort.pk})
        counted = cursor.fetchone()

    assert counted == (figures.people, figures.attendance, figures.progress, figures.risks[Risk.FAILED])
    assert figures.people == cohort.seats_taken


def test_staff_read_the_progress_that_the_trainee_reads(cohort: Cohort):
    trainees = trainees_of(cohort)

    assert any(trainee.progress_percent != trainee.evidence.units.done * 100 // 11 for trainee in trainees)
    for trainee in trainees:
        assert trainee.progress_percent == progress_percent(trainee.enrollment)


def test_each_figure_is_the_count_of_the_rows_to_which_it_leads(cohort: Cohort):
    trainees = trainees_of(cohort)
    figures = figures_of(trainees)

    def rows(**asked: str) -> int:
        return len(found(trainees, RosterFilter(**asked)))

    assert figures.people == rows()
    assert figures.at_risk == rows(risk=ANY) > 0
    assert figures.ready == rows(missing=NOTHING)
    assert figures.risks == {risk: rows(risk=risk) for risk in Risk if rows(risk=risk)}
    assert rows(state=EnrollmentState.WITHDRAWN) == len(trainees) - figures.people > 0


@pytest.mark.parametrize("sort", ["name", "attendance", "progress", "score", "seen"])
def test_a_roster_turned_round_names_the_same_people(cohort: Cohort, sort: str):
    trainees = trainees_of(cohort)

    up, down = (found(trainees, RosterFilter(sort=f"{sign}{sort}")) for sign in ("", "-"))

    assert {one.pk for one in up} == {one.pk for one in down}
    assert len(up) == len(down)
