"""`make bench BENCH=figures`: the figures of a million enrollments, from the night that records them to the rows behind them.

A database of its own with people, cohorts, classes, attendance and certificates, written by SQL. Measured are the time and memory of
recording a day (first, unchanged, and after a day on which a hundredth changed), each page of figures, and the rows behind each
number, compared with SQL that knows nothing of `insights`. The last line is one JSON object. `ENROLLMENTS=20000` makes it small.
"""

import datetime as dt
import json
import os
import re
import resource
import time
from contextlib import ExitStack
from typing import Any

import django

from scripts.bench_database import new_database

ENROLLMENTS = int(os.environ.get("ENROLLMENTS", "1000000"))
SEATS = 20
CENTERS = 120
PROGRAMS = 40
DATABASE = "mihna_bench_figures"
BOUND_SECONDS = 1.0
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"

# A cohort in each center in turn, over the last five years; one in ten still goes on. Of those that are over, six in ten completed.
FILL = """
INSERT INTO accounts_person (public_id, full_name_ar, full_name_en, folded_name, birth_date, sex, education, language, created_at)
SELECT gen_random_uuid(), 'شخص ' || n, '', 'شخص ' || n, current_date - (6000 + n %% 14000), (ARRAY['male', 'female', 'male', ''])[1 + n %% 4],
    '', 'ar', now()
FROM generate_series(1, %(enrollments)s) n;

INSERT INTO courses_cohort (public_id, program_id, center_id, code, starts_on, ends_on, shift, seats, seats_taken, seats_held,
    seats_reserved, entry, late_entry_days, state, closed_from, close_reason, completion_rule_id)
SELECT gen_random_uuid(), (%(programs)s::bigint[])[1 + n %% %(many_programs)s], (%(centers)s::bigint[])[1 + (n / 7) %% %(many_centers)s],
    'B-' || n, day, day + 60, 'morning', %(seats)s, %(seats)s, 0, 0, 'open', 0,
    CASE WHEN n > %(cohorts)s * 0.9 THEN 'running' ELSE 'closed' END, '', '', %(rule)s
FROM generate_series(1, %(cohorts)s) n,
    LATERAL (SELECT (current_date - 30 - ((%(cohorts)s - n) * 1800 / %(cohorts)s)::int) AS day) start;

INSERT INTO courses_enrollment (public_id, person_id, cohort_id, state, enrolled_at, completed_at, withdrawn_for)
SELECT gen_random_uuid(), person.id, cohort.id,
    CASE WHEN cohort.state = 'running' THEN 'active' ELSE outcome.state END,
    cohort.starts_on - 1,
    CASE WHEN cohort.state = 'closed' AND outcome.state = 'completed' THEN cohort.starts_on + 60 END,
    CASE WHEN cohort.state = 'closed' AND outcome.state = 'withdrawn' THEN (ARRAY['work', 'distance', 'health', 'other'])[1 + person.n %% 4] ELSE '' END
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM accounts_person) person
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS n FROM courses_cohort) cohort ON cohort.n = person.n / %(seats)s
CROSS JOIN LATERAL (SELECT (ARRAY['completed', 'completed', 'completed', 'withdrawn', 'failed', 'completed', 'completed', 'completed',
    'withdrawn', 'failed'])[1 + (person.n * 7 %% 10)::int] AS state) outcome;

INSERT INTO courses_classsession (public_id, cohort_id, kind, title, starts_at, ends_at, cancel_reason, sequence)
SELECT gen_random_uuid(), cohort.id, 'class', 'حصة', cohort.starts_on + n * 7 + time '09:00', cohort.starts_on + n * 7 + time '11:00', '', 0
FROM courses_cohort cohort, generate_series(1, 3) n;

INSERT INTO courses_attendancerecord (session_id, enrollment_id, status, minutes, source, reason, is_current, recorded_at)
SELECT session.id, e.id, (ARRAY['present', 'present', 'late', 'absent', 'present', 'excused'])[1 + ((e.id + session.id) %% 6)::int], 0,
    'trainer', '', TRUE, session.ends_at
FROM courses_enrollment e
JOIN courses_classsession session ON session.cohort_id = e.cohort_id AND session.ends_at < now();
"""

# What the pages count, by the records of today instead of by the figures.
INDEPENDENT = """
SELECT count(*), count(*) FILTER (WHERE e.state = 'active'), count(*) FILTER (WHERE e.state = 'completed'),
    count(*) FILTER (WHERE e.state IN ('withdrawn', 'failed'))
FROM courses_enrollment e
JOIN courses_cohort c ON c.id = e.cohort_id
JOIN accounts_person p ON p.id = e.person_id
WHERE e.enrolled_at < %(end)s AND (%(center)s::bigint IS NULL OR c.center_id = %(center)s) AND (%(sex)s::text IS NULL OR p.sex = %(sex)s)
"""


def fill() -> None:
    from django.db import connection  # noqa: PLC0415 - needs the set-up

    from courses.clauses import Clauses  # noqa: PLC0415 - needs the set-up
    from courses.models import CompletionRule  # noqa: PLC0415 - needs the set-up
    from tests.factories.accounts import CenterFactory  # noqa: PLC0415 - needs the set-up
    from tests.factories.courses import CatalogPageFactory, ProgramPageFactory  # noqa: PLC0415 - needs the set-up

    centers = [CenterFactory().pk for _ in range(CENTERS)]
    catalog = CatalogPageFactory()
    programs = [
        ProgramPageFactory(parent=catalog, occupation_code=str(7111 + number % 20)).pk
        for number in range(PROGRAMS)
    ]
    rule = CompletionRule.objects.create(
        program_id=programs[0], version=1, clauses=Clauses(attendance=75).as_list()
    )
    facts: dict[str, Any] = {
        "enrollments": ENROLLMENTS,
        "cohorts": ENROLLMENTS // SEATS,
        "seats": SEATS,
        "centers": centers,
        "many_centers": CENTERS,
        "programs": programs,
        "many_programs": PROGRAMS,
        "rule": rule.pk,
    }
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n\n"):
            cursor.execute(statement.rstrip(";\n"), facts)


def record(day: dt.date) -> tuple[float, Any]:
    """Seconds, and the snapshot."""
    from insights.services.snapshots import request_snapshot, take_snapshot  # noqa: PLC0415 - needs the set-up
    from lms.demo.clock import at  # noqa: PLC0415 - needs the set-up

    night = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(1), tzinfo=dt.UTC)
    with at(night):
        snapshot = request_snapshot(day=day)
        started = time.perf_counter()
        take_snapshot(snapshot_id=snapshot.pk)
        seconds = time.perf_counter() - started
    snapshot.refresh_from_db()
    return seconds, snapshot


def analyze() -> None:
    import psycopg  # noqa: PLC0415 - next to its use

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def open_pages(user: Any) -> tuple[dict[str, float], int]:
    """The best of three openings of each page, in seconds; the most statements."""
    from django.db import connection  # noqa: PLC0415 - needs the set-up
    from django.test import Client  # noqa: PLC0415 - needs the set-up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - needs the set-up
    from django.urls import reverse  # noqa: PLC0415 - needs the set-up

    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    pages = {
        f"by_{cut}": ("figures", {"by": cut})
        for cut in ("governorate", "center", "program", "enrolled_month")
    }
    pages |= {
        "attendance": ("figures_attendance", {"by": "center"}),
        "centers": ("figures_centers", {}),
        "rows": ("figure_rows", {"measure": "dropped"}),
        "rows_of_all": ("figure_rows", {"p": "100"}),
    }
    seconds, statements = {}, 0
    for name, (address, asked) in pages.items():
        times = []
        for _ in range(3):
            with CaptureQueriesContext(connection) as queries:
                started = time.perf_counter()
                response = client.get(reverse(address), asked)
                times.append(time.perf_counter() - started)
            if response.status_code != 200:
                raise SystemExit(f"{address} answered {response.status_code}.")
            statements = max(statements, len(queries))
        seconds[name] = round(min(times), 3)
    return seconds, statements


def compare(user: Any, day: dt.date) -> list[str]:
    """Where figures, their rows and the records do not agree."""
    from django.db import connection  # noqa: PLC0415 - needs the set-up

    from accounts.models import Center  # noqa: PLC0415 - needs the set-up
    from insights.enums import Measure  # noqa: PLC0415 - needs the set-up
    from insights.queries.asking import Asked  # noqa: PLC0415 - needs the set-up
    from insights.queries.figures import figures_for, totals_of  # noqa: PLC0415 - needs the set-up
    from insights.queries.rows import rows_for  # noqa: PLC0415 - needs the set-up
    from insights.services.snapshots import end_of  # noqa: PLC0415 - needs the set-up

    measures = (Measure.ENROLLED, Measure.ACTIVE, Measure.COMPLETED, Measure.DROPPED)
    faults = []
    for center in (None, *Center.objects.values_list("pk", flat=True)[:3]):
        for sex in (None, "female"):
            asked = Asked(day=day, center=center, sex=sex)
            shown = totals_of(figures_for(user, asked)).people
            with connection.cursor() as cursor:
                cursor.execute(INDEPENDENT, {"center": center, "sex": sex, "end": end_of(day)})
                told = cursor.fetchone()
            for measure, people in zip(measures, told, strict=True):
                rows = rows_for(user, asked, measure).count()
                if not shown[measure] == rows == people:
                    faults.append(
                        f"{center} {sex} {measure}: {shown[measure]}, rows {rows}, records {people}"
                    )
    return faults


def export(user: Any) -> dict[str, Any]:
    """The rows of everyone as CSV."""
    from django.test import Client  # noqa: PLC0415 - needs the set-up
    from django.urls import reverse  # noqa: PLC0415 - needs the set-up

    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    before, started, lines = peak_megabytes(), time.perf_counter(), -1
    response: Any = client.get(reverse("figure_rows"), {"export": "csv"})
    for part in response.streaming_content:
        lines += part.count(b"\n")
    refused = client.get(reverse("figure_rows"), {"export": "xlsx"})
    return {
        "rows": lines,
        "seconds": round(time.perf_counter() - started, 1),
        "grew_mb": round(peak_megabytes() - before),
        "xlsx_refused": refused.status_code == 302,
    }


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def database_megabytes() -> float:
    from django.db import connection  # noqa: PLC0415 - needs the set-up

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname IN ('insights_enrollmentspan', 'insights_figuresnapshot')"
        )
        return float(cursor.fetchone()[0]) / 1_000_000


def measure() -> dict[str, Any]:
    """Django has to be set up."""
    from django.conf import settings  # noqa: PLC0415 - needs the set-up
    from django.core.management import call_command  # noqa: PLC0415 - needs the set-up
    from django.db import connection  # noqa: PLC0415 - needs the set-up
    from django.test import override_settings  # noqa: PLC0415 - needs the set-up
    from django.utils import timezone  # noqa: PLC0415 - needs the set-up

    from accounts.enums import RoleName  # noqa: PLC0415 - needs the set-up
    from insights.models import FigureSnapshot  # noqa: PLC0415 - needs the set-up
    from tests.factories.accounts import staff_member  # noqa: PLC0415 - needs the set-up

    call_command("migrate", interactive=False, verbosity=0)
    started = time.perf_counter()
    fill()
    analyze()
    filled = time.perf_counter() - started
    print(f"filled in {filled:.0f} s")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    before = peak_megabytes()
    first, snapshot = record(yesterday - dt.timedelta(days=2))
    print(f"first day: {first:.1f} s, {snapshot.enrollments} enrollments, {snapshot.changed} changed")
    analyze()
    same, snapshot = record(yesterday - dt.timedelta(days=1))
    print(f"a day later: {same:.1f} s, {snapshot.changed} changed")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE courses_enrollment SET state = 'withdrawn', withdrawn_for = 'work' WHERE state = 'active' AND id %% 10 = 0",
            [],
        )
        moved = cursor.rowcount
    changed, snapshot = record(yesterday)
    print(f"after {moved} left: {changed:.1f} s, {snapshot.changed} changed")
    grown = peak_megabytes() - before
    user = staff_member(RoleName.AUDITOR)
    # Names of files without the list of their hashes, which servers make.
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
    with override_settings(STORAGES=storages):
        seconds, statements = open_pages(user)
        exported = export(user)
    print(re.sub(r"[{}'\"]", "", json.dumps(seconds)))
    return {
        "enrollments": snapshot.enrollments,
        "snapshot_first_s": round(first, 1),
        "snapshot_same_s": round(same, 1),
        "snapshot_changed_s": round(changed, 1),
        "changed": snapshot.changed,
        "snapshot_grew_mb": round(grown),
        "figures": FigureSnapshot.objects.count(),
        "tables_mb": round(database_megabytes()),
        "pages_s": seconds,
        "most_statements": statements,
        "export": exported,
        "faults": compare(user, yesterday),
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
    if found["faults"] or max(found["pages_s"].values()) > BOUND_SECONDS:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
