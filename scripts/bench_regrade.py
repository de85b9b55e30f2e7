"""`.venv/bin/python -m lms.embedded run -- .venv/bin/python -m scripts.bench_regrade`: a wrong key of one of 40 questions, found after 50,000 attempts.

A database of its own with people, cohorts, attempts and answers, written by SQL. Measured are counting what the corrected key changes, and marking again: seconds, and by
how much the memory of the process grew. What was changed is compared with SQL that knows nothing of marking. The last line is one JSON object.
`ATTEMPTS=2000` makes it small.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

import django

from scripts.bench_database import new_database

ATTEMPTS = int(os.environ.get("ATTEMPTS", "50000"))
QUESTIONS = 40
SEATS = 20
DATABASE = "mihna_bench_regrade"
BOUND_SECONDS = 300
BOUND_MEGABYTES = 300

# What everybody chose: about two thirds right, by a hash of the person and the question.
CHOSEN = """
(SELECT e.id AS enrollment, slot, CASE WHEN hash %% 3 < 2 THEN 1 ELSE 2 + (hash / 3) %% 2 END AS place
FROM courses_enrollment e JOIN courses_cohort c ON c.id = e.cohort_id AND c.code LIKE 'B-%%',
    generate_series(0, %(last)s) slot, LATERAL (SELECT abs(hashint8(e.id * 1000 + slot)::bigint) AS hash) h)
"""

# Who passed has completed.
FILL = """
INSERT INTO accounts_person (public_id, full_name_ar, full_name_en, folded_name, birth_date, sex, education, language, created_at)
SELECT gen_random_uuid(), 'شخص ' || n, '', 'شخص ' || n, current_date - (6000 + n %% 14000), '', '', 'ar', now()
FROM generate_series(1, %(attempts)s) n;

INSERT INTO courses_cohort (public_id, program_id, center_id, code, starts_on, ends_on, shift, seats, seats_taken, seats_held,
    seats_reserved, entry, late_entry_days, state, closed_from, close_reason, completion_rule_id, content_version_id)
SELECT gen_random_uuid(), program_id, center_id, 'B-' || n, starts_on, ends_on, shift, %(seats)s, %(seats)s, 0, 0, entry, 0, 'running', '', '',
    completion_rule_id, content_version_id
FROM courses_cohort, generate_series(1, %(cohorts)s) n WHERE courses_cohort.id = %(cohort)s;

INSERT INTO courses_enrollment (public_id, person_id, cohort_id, state, enrolled_at, withdrawn_for)
SELECT gen_random_uuid(), person.id, cohort.id, 'active', now() - interval '9 days', ''
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM accounts_person WHERE full_name_ar LIKE 'شخص %%') person
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM courses_cohort WHERE code LIKE 'B-%%') cohort ON cohort.n = person.n / %(seats)s;

INSERT INTO assessment_attempt (public_id, enrollment_id, quiz_key, number, title, versions, points, sections, purpose, seed, shuffles_options, pass_percent,
    epoch, holder, factor, granted_seconds, grace_seconds, state, score, passed, started_at, ended_at, ended_by, marked_at)
SELECT gen_random_uuid(), enrollment, %(quiz)s, 1, 'اختبار', %(versions)s, %(points)s, '[]', 'exam', 0, FALSE, 65,
    1, '', 1, 0, 0, 'marked', right_ones * 100.0 / %(questions)s, right_ones * 100 >= 65 * %(questions)s,
    now() - interval '2 hours', now() - interval '1 hour', 'person', now() - interval '1 hour'
FROM (SELECT enrollment, count(*) FILTER (WHERE place = 1) AS right_ones FROM {chosen} chosen GROUP BY enrollment ORDER BY enrollment) marked;

INSERT INTO assessment_answer (attempt_id, slot, response, mark)
SELECT attempt.id, slot, to_jsonb((%(options)s::jsonb) -> slot ->> (place::int - 1)), (place = 1)::int
FROM assessment_attempt attempt JOIN {chosen} chosen ON chosen.enrollment = attempt.enrollment_id WHERE attempt.state = 'marked'
ORDER BY attempt.id, slot;

INSERT INTO courses_unitprogress (enrollment_id, unit_key, watched, buckets_watched, buckets_total, allowed_buckets, allowed_at, position,
    score, scores, passed, opened_at, updated_at, completed_at)
SELECT enrollment_id, quiz_key, '', 0, 0, 0, now(), 0, score, ARRAY[score], passed, started_at, now(), CASE WHEN passed THEN ended_at END
FROM assessment_attempt WHERE state = 'marked';

UPDATE courses_enrollment SET state = 'completed', completed_at = now() - interval '1 hour'
FROM assessment_attempt attempt WHERE attempt.enrollment_id = courses_enrollment.id AND attempt.passed;
"""

# By the right key the second option of the first question is right: who chose the first or the second has another score.
EXPECTED = """
SELECT count(*) FILTER (WHERE place < 3), count(*) FILTER (WHERE place = 2 AND NOT passed AND after >= 65),
    count(*) FILTER (WHERE place = 1 AND passed AND after < 65)
FROM {chosen} chosen JOIN assessment_attempt attempt ON attempt.enrollment_id = chosen.enrollment AND chosen.slot = 0,
    LATERAL (SELECT attempt.score + CASE place WHEN 1 THEN -1 WHEN 2 THEN 1 ELSE 0 END * 100.0 / %(questions)s AS after) a
"""


def fill() -> tuple[int, dict[str, Any], tuple[int, ...]]:
    """The version with the wrong key, the right one, and how many attempts that changes: scores, to a pass, to none."""
    from django.db import connection  # noqa: PLC0415 - needs the set-up

    from assessment.services.attempts import start_attempt  # noqa: PLC0415 - needs the set-up
    from tests.factories.accounts import TraineeFactory  # noqa: PLC0415 - needs the set-up
    from tests.factories.assessment import (  # noqa: PLC0415 - needs the set-up
        QuizPageFactory,
        options_of,
        quizzed_cohort,
        single,
    )
    from tests.factories.courses import EnrollmentFactory  # noqa: PLC0415 - needs the set-up

    quiz = QuizPageFactory(questions=[single(f"سؤال {number}") for number in range(QUESTIONS)])
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    trainee = TraineeFactory(person=enrollment.person)
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
    options = options_of(attempt)
    facts = {
        "attempts": ATTEMPTS,
        "seats": SEATS,
        "cohorts": -(-ATTEMPTS // SEATS),
        "cohort": enrollment.cohort_id,
        "last": QUESTIONS - 1,
        "questions": QUESTIONS,
        "quiz": quiz.translation_key,
        "versions": attempt.versions,
        "points": attempt.points,
        "options": json.dumps(options),
    }
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n\n"):
            cursor.execute(statement.rstrip(";\n").replace("{chosen}", CHOSEN), facts)
        cursor.execute(EXPECTED.replace("{chosen}", CHOSEN), facts)
        expected = cursor.fetchone()
    return attempt.versions[0], {"weights": {options[0][1]: "1"}}, expected


def analyze() -> None:
    import psycopg  # noqa: PLC0415 - next to its use

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


WORK = """
import json, pathlib, sys, time, django; django.setup()
from assessment.services.regrades import work_on_regrade
from assessment.models import Regrade
Regrade.objects.get(pk=int(sys.argv[1]))
def peak():
    # Not of `getrusage`: that has the peak of the process that started this one.
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
before, started = peak(), time.perf_counter()
while work_on_regrade(regrade_id=int(sys.argv[1])) is None:
    pass
seconds = time.perf_counter() - started
print(json.dumps([seconds, time.process_time(), peak() - before]))
"""


def worked(regrade_id: int) -> tuple[Any, float, float]:
    """The regrade when its work is done, the seconds that took, and by how much the memory of the process that did it, a new one, grew."""
    from assessment.models import Regrade  # noqa: PLC0415 - needs the set-up

    command = [sys.executable, "-c", WORK, str(regrade_id)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, processor, megabytes = json.loads(done.stdout.splitlines()[-1])
    print(f"{seconds:.1f} s, {processor:.1f} s of a processor, {megabytes:.0f} MB more")
    return Regrade.objects.get(pk=regrade_id), seconds, megabytes


def measure() -> dict[str, Any]:
    """Django has to be set up."""
    from django.core.management import call_command  # noqa: PLC0415 - needs the set-up

    from assessment.enums import KeyRule  # noqa: PLC0415 - needs the set-up
    from assessment.services.regrades import propose_regrade, start_regrade  # noqa: PLC0415 - needs the set-up
    from courses.enums import EnrollmentState  # noqa: PLC0415 - needs the set-up
    from courses.models import Enrollment  # noqa: PLC0415 - needs the set-up
    from tests.factories.regrades import officer  # noqa: PLC0415 - needs the set-up

    call_command("migrate", interactive=False, verbosity=0)
    started = time.perf_counter()
    version, key, expected = fill()
    analyze()
    print(f"filled in {time.perf_counter() - started:.0f} s")
    by = officer()
    completed = Enrollment.objects.filter(state=EnrollmentState.COMPLETED)
    those = set(completed.values_list("pk", flat=True))
    proposed = propose_regrade(version_id=version, rule=KeyRule.KEY, key=key, reason="خطأ", by=by)
    counted, counted_s, _megabytes = worked(proposed.pk)
    told = (counted.changed, counted.now_passed, counted.now_failed)
    print(f"counted in {counted_s:.1f} s: {told}")
    start_regrade(regrade_id=counted.pk, by=officer())
    done, regrade_s, megabytes = worked(counted.pk)
    wrote = (done.changed, done.now_passed, done.now_failed)
    return {
        "attempts": done.asked,
        "changed": done.changed,
        "count_s": round(counted_s, 1),
        "regrade_s": round(regrade_s, 1),
        "grew_mb": round(megabytes),
        "uncompleted": len(those - set(completed.values_list("pk", flat=True))),
        "faults": [list(one) for one in (told, wrote) if one != expected],
    }


def main() -> None:
    with ExitStack() as stack:
        stack.enter_context(new_database(DATABASE))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
        django.setup()
        found = measure()
        from django.db import connections  # noqa: PLC0415 - needs the set-up

        connections.close_all()
    print(json.dumps(found))
    is_slow = found["regrade_s"] > BOUND_SECONDS or found["grew_mb"] > BOUND_MEGABYTES
    if found["faults"] or found["uncompleted"] or is_slow:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
