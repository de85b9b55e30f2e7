"""`.venv/bin/python -m lms.embedded run -- .venv/bin/python -m scripts.bench_item_figures`: figures of 40 questions after 50,000 first attempts.

A database of its own, as `bench_regrade` fills it. Measured are: the figures of a test by a job, those of one question over all tests, what a page asks before it shows kept
figures, and comparing the papers of a sitting of 200 people; seconds, and by how much the memory of the process grew. The discrimination is compared with that of PostgreSQL's
`corr`. The last line is one JSON object. `ATTEMPTS=2000` makes it small.
"""

import json
import os
import random
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

import django

from scripts.bench_database import new_database
from scripts.bench_regrade import analyze, fill

DATABASE = "mihna_bench_items"
BOUND_SECONDS = 120
BOUND_MEGABYTES = 400
BOUND_PAGE_SECONDS = 1
PEOPLE = 200

# By the database, from nothing but marks: the share of each person on the question and on the rest of their paper.
EXPECTED = """
SELECT corr(mark, rest) FROM (
    SELECT attempt_id, sum(mark) FILTER (WHERE slot = 0) AS mark, sum(mark) FILTER (WHERE slot > 0) AS rest
    FROM assessment_answer GROUP BY attempt_id) paper
"""

WORK = """
import json, pathlib, sys, time, django; django.setup()
from assessment.services.figures import work_on_analysis
from assessment.models import ItemAnalysis
ItemAnalysis.objects.get(pk=int(sys.argv[1]))
def peak():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
before, started = peak(), time.perf_counter()
done = work_on_analysis(analysis_id=int(sys.argv[1]))
first = done.items.earliest("version_id")
print(json.dumps([time.perf_counter() - started, peak() - before, done.first_attempts, first.discrimination]))
"""


def worked(analysis: Any) -> list[Any]:
    """Seconds, megabytes, first attempts and the discrimination of the first question, of a process of its own."""
    command = [sys.executable, "-c", WORK, str(analysis.pk)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def seconds_of_a_sitting() -> float:
    """Papers of 200 people who work alone on 40 questions."""
    from assessment.analysis.similarity import Answers, similarities  # noqa: PLC0415 - needs the set-up
    from assessment.analysis.taken import Slot, Taken  # noqa: PLC0415 - needs the set-up

    chance = random.Random(1)  # noqa: S311 - made-up papers
    papers = [
        Taken(
            person,
            1,
            [
                Slot(item, 1, 1, "a") if chance.random() < 0.5 else Slot(item, 1, 0, chance.choice("bcd"))
                for item in range(40)
            ],
        )
        for person in range(PEOPLE)
    ]
    started = time.perf_counter()
    similarities(papers, Answers(papers))
    return time.perf_counter() - started


def measure() -> dict[str, Any]:
    """Django has to be set up."""
    from django.core.management import call_command  # noqa: PLC0415 - needs the set-up
    from django.db import connection  # noqa: PLC0415 - needs the set-up

    from assessment.models import Attempt, QuestionVersion  # noqa: PLC0415 - needs the set-up
    from assessment.queries.figures import figures_for_a_page  # noqa: PLC0415 - needs the set-up
    from assessment.queries.first_attempts import Scope  # noqa: PLC0415 - needs the set-up
    from assessment.services.figures import request_analysis  # noqa: PLC0415 - needs the set-up

    call_command("migrate", interactive=False, verbosity=0)
    version, _key, _expected = fill()
    analyze()
    quiz_key = Attempt.objects.values_list("quiz_key", flat=True)[0]
    test = Scope(quiz_key=quiz_key)
    question = Scope(question=QuestionVersion.objects.get(pk=version).question_id)
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED)
        (expected,) = cursor.fetchone()
    found: dict[str, Any] = {"faults": []}
    for name, scope in (("test", test), ("question", question)):
        seconds, megabytes, first_attempts, discrimination = worked(request_analysis(scope))
        found |= {f"{name}_s": round(seconds, 1), f"{name}_mb": round(megabytes), "attempts": first_attempts}
        if abs(discrimination - expected) > 1e-9:
            found["faults"].append([name, discrimination, expected])
        print(f"{name}: {seconds:.1f} s, {megabytes:.0f} MB more")
        started = time.perf_counter()
        figures_for_a_page(scope)
        found[f"page_of_{name}_s"] = round(time.perf_counter() - started, 2)
    return found | {"sitting_s": round(seconds_of_a_sitting(), 2)}


def main() -> None:
    with ExitStack() as stack:
        stack.enter_context(new_database(DATABASE))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
        django.setup()
        found = measure()
        from django.db import connections  # noqa: PLC0415 - needs the set-up

        connections.close_all()
    print(json.dumps(found))
    is_slow = (
        max(found["test_s"], found["question_s"]) > BOUND_SECONDS
        or max(found["page_of_test_s"], found["page_of_question_s"]) > BOUND_PAGE_SECONDS
    )
    if found["faults"] or is_slow or max(found["test_mb"], found["question_mb"]) > BOUND_MEGABYTES:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
