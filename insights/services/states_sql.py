"""The state of enrollments at the end of a day, in SQL: a million rows are compared without reading them into Python.

Parameters: `after` and `until`, the keys of a batch (the first exclusive); `day`; `end`, the first moment after it;
`zone`. Who is at risk on the day is read from `EnrollmentRisk` (`insights.services.risks`).
"""

# What is true by the records, a row for each enrollment of the batch that was made before the day ended.
STATES = """
batch AS (
    SELECT e.*, cohort.center_id, cohort.program_id,
        -- Completed after the day: still active on it.
        CASE WHEN e.state = 'completed' AND e.completed_at >= %(end)s THEN 'active' ELSE e.state END AS state_then
    FROM courses_enrollment e
    JOIN courses_cohort cohort ON cohort.id = e.cohort_id
    WHERE e.id > %(after)s AND e.id <= %(until)s AND e.enrolled_at < %(end)s
),
-- When an enrollment was in which cohort (courses.queries.transfers.stays_of).
stays AS (
    SELECT e.id AS enrollment_id, e.cohort_id, e.state_then, e.completed_at,
        CASE WHEN e.transferred_at IS NOT NULL
            THEN (SELECT max(t.at) FROM courses_transfer t WHERE t.enrollment_id = e.id) END AS since,
        NULL::timestamptz AS until
    FROM batch e
    UNION ALL
    SELECT e.id, t.from_cohort_id, e.state_then, e.completed_at,
        lag(t.at) OVER (PARTITION BY t.enrollment_id ORDER BY t.at, t.id), t.at
    FROM batch e
    JOIN courses_transfer t ON t.enrollment_id = e.id
    WHERE e.transferred_at IS NOT NULL
),
-- Classes that are over and count: an excused absence does not, nor does a class without a record of a person who had left or completed.
classes AS (
    SELECT stay.enrollment_id, count(*) FILTER (WHERE record.status IN ('present', 'late')) AS attended, count(*) AS held
    FROM stays stay
    JOIN courses_classsession session ON session.cohort_id = stay.cohort_id
        AND session.kind <> 'exam'
        AND session.canceled_at IS NULL AND session.ends_at <= %(end)s
        AND (stay.since IS NULL OR session.starts_at >= stay.since)
        AND (stay.until IS NULL OR session.starts_at < stay.until)
    LEFT JOIN courses_attendancerecord record ON record.session_id = session.id
        AND record.enrollment_id = stay.enrollment_id AND record.is_current
    WHERE record.status IS DISTINCT FROM 'excused'
        AND (record.id IS NOT NULL OR stay.state_then IN ('active', 'failed')
            OR (stay.state_then = 'completed' AND session.starts_at <= stay.completed_at))
    GROUP BY stay.enrollment_id
),
certified AS (
    SELECT DISTINCT c.enrollment_id
    FROM certificates_credential c
    WHERE c.enrollment_id > %(after)s AND c.enrollment_id <= %(until)s
        AND c.state IN ('in_force', 'suspended') AND c.kind IN ('completion', 'skill_level', 'licence')
        AND c.issued_on <= %(day)s
),
facts AS (
    SELECT e.*, coalesce(classes.attended, 0) AS attended, coalesce(classes.held, 0) AS held,
        certified.enrollment_id IS NOT NULL AS is_certified, risk.reason AS risk
    FROM batch e
    LEFT JOIN classes ON classes.enrollment_id = e.id
    LEFT JOIN certified ON certified.enrollment_id = e.id
    LEFT JOIN insights_enrollmentrisk risk ON risk.enrollment_id = e.id AND risk.day = %(day)s
),
states AS (
    SELECT f.id AS enrollment_id, f.cohort_id, center.governorate_id, f.center_id, f.program_id,
        program.occupation_code AS occupation, person.sex,
        CASE
            WHEN person.birth_date IS NULL THEN ''
            WHEN age.years < 18 THEN 'u18'
            WHEN age.years < 25 THEN '18_24'
            WHEN age.years < 35 THEN '25_34'
            WHEN age.years < 45 THEN '35_44'
            ELSE '45_up'
        END AS age_band,
        age.enrolled_on, date_trunc('month', age.enrolled_on)::date AS enrolled_month,
        CASE WHEN f.state_then = 'completed' THEN (f.completed_at AT TIME ZONE %(zone)s)::date END AS completed_on,
        CASE
            WHEN f.state_then = 'completed' AND f.is_certified THEN 'certified'
            WHEN f.state_then = 'active' AND f.risk IS NOT NULL THEN 'at_risk'
            ELSE f.state_then
        END AS stage,
        CASE
            WHEN f.state_then = 'withdrawn' THEN f.withdrawn_for
            WHEN f.state_then = 'active' THEN coalesce(f.risk, '')
            ELSE ''
        END AS reason,
        f.attended, f.held
    FROM facts f
    JOIN accounts_center center ON center.id = f.center_id
    JOIN courses_programpage program ON program.page_ptr_id = f.program_id
    JOIN accounts_person person ON person.id = f.person_id
    CROSS JOIN LATERAL (SELECT (f.enrolled_at AT TIME ZONE %(zone)s)::date AS enrolled_on) day
    CROSS JOIN LATERAL (
        SELECT day.enrolled_on, date_part('year', age(day.enrolled_on, person.birth_date)) AS years
    ) age
)
"""


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column.strip()}" for column in columns.split(","))


_SPAN_FACTS = """cohort_id, governorate_id, center_id, program_id, occupation, sex, age_band, enrolled_on, enrolled_month, completed_on,
    stage, reason, attended, held"""

# Ends what is not true any more, then writes what is. A batch that was recorded for this day already is left as it is.
RECORD_BATCH = f"""
WITH {STATES},
changed AS (
    SELECT states.*, span.id IS NOT NULL AS is_known
    FROM states
    LEFT JOIN insights_enrollmentspan span ON span.enrollment_id = states.enrollment_id AND span.last_day = '9999-12-31'
    WHERE span.id IS NULL OR (span.first_day < %(day)s AND
        ROW({_of("span", _SPAN_FACTS)}) IS DISTINCT FROM ROW({_of("states", _SPAN_FACTS)}))
),
ended AS (
    UPDATE insights_enrollmentspan span SET last_day = %(day)s - 1
    FROM changed
    WHERE changed.is_known AND span.enrollment_id = changed.enrollment_id AND span.last_day = '9999-12-31'
    RETURNING 1
)
INSERT INTO insights_enrollmentspan (enrollment_id, first_day, last_day, {_SPAN_FACTS})
SELECT enrollment_id, %(day)s, '9999-12-31', {_SPAN_FACTS}
FROM changed
-- The unique index of what is true needs the rows before to be ended first: this reads all of them.
WHERE (SELECT count(*) FROM ended) >= 0
"""  # noqa: S608 - put together from the names above

_KEYS = "governorate_id, center_id, program_id, occupation, sex, age_band, enrolled_month, stage, reason"
_COUNTS = "people, attended, held"

# The same for the figures, all of them at once.
RECORD_FIGURES = f"""
WITH today AS MATERIALIZED (
    SELECT {_KEYS}, count(*)::int AS people, sum(attended)::int AS attended, sum(held)::int AS held
    FROM insights_enrollmentspan
    WHERE last_day = '9999-12-31'
    GROUP BY {_KEYS}
),
-- Read as a whole before anything is written: a search in the index would meet all rows that this statement writes.
before AS MATERIALIZED (
    SELECT id, {_KEYS}, {_COUNTS}
    FROM insights_figuresnapshot
    WHERE last_day = '9999-12-31'
),
compared AS MATERIALIZED (
    SELECT before.id, today.people AS people_now, {_KEYS}, today.attended AS attended_now, today.held AS held_now
    FROM before
    FULL JOIN today USING ({_KEYS}, {_COUNTS})
    WHERE before.id IS NULL OR today.people IS NULL
),
ended AS (
    UPDATE insights_figuresnapshot figure SET last_day = %(day)s - 1
    FROM compared
    WHERE compared.id = figure.id
    RETURNING 1
)
INSERT INTO insights_figuresnapshot (first_day, last_day, people, attended, held, {_KEYS})
SELECT %(day)s, '9999-12-31', people_now, attended_now, held_now, {_KEYS}
FROM compared
WHERE id IS NULL AND (SELECT count(*) FROM ended) >= 0
"""  # noqa: S608 - put together from the names above
