"""`make bench BENCH=announcements`: a message to 20,000 and to 200,000 trainees, from the form to the account of who was told.

A database of its own; half of the people have an address for mail, which goes to Django's outbox in memory. Measured are the requests of
the ministry's officer (write, preview, send, the page and the count of a message that is being sent, cancel) and the work of the workers
between them. The message is canceled when half of the people were told, at most 10,000: the account on its page has to be that of SQL. The last line is
one JSON object. `PEOPLE=2000,20000` makes it small.
"""

import json
import os
import tempfile
import time
from contextlib import ExitStack
from typing import Any

import django

from scripts.bench_database import new_database
from scripts.bench_figures import PLAIN_FILES, analyze

PEOPLE = [int(count) for count in os.environ.get("PEOPLE", "20000,200000").split(",")]
SEATS = 20
# A message is canceled when half of the people were told, or so many.
MOST_TOLD = 10_000
DATABASE = "mihna_bench_announcements"
# Of each request, where a message has at most so many receivers.
BOUND_SECONDS, BOUND_PEOPLE = 1.0, 20_000

FILL = """
INSERT INTO accounts_person (public_id, full_name_ar, full_name_en, folded_name, birth_date, sex, education, language, created_at, registered_at_id)
SELECT gen_random_uuid(), 'شخص ' || n, '', 'شخص ' || n, current_date - 8000, 'male', '', 'ar', now(), %(center)s
FROM generate_series(1, %(people)s) n;

INSERT INTO courses_cohort (public_id, program_id, center_id, code, starts_on, ends_on, shift, seats, seats_taken, seats_held,
    seats_reserved, entry, late_entry_days, state, closed_from, close_reason)
SELECT gen_random_uuid(), %(program)s, %(center)s, 'A' || %(center)s || '-' || n, current_date - 10, current_date + 50, 'morning', %(seats)s,
    %(seats)s, 0, 0, 'open', 0, 'running', '', ''
FROM generate_series(1, %(cohorts)s) n;

INSERT INTO courses_enrollment (public_id, person_id, cohort_id, state, enrolled_at, withdrawn_for)
SELECT gen_random_uuid(), person.id, cohort.id, 'active', now(), ''
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM accounts_person WHERE registered_at_id = %(center)s) person
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM courses_cohort WHERE center_id = %(center)s) cohort
    ON cohort.n = person.n / %(seats)s
"""
STATES = """
SELECT state, count(*) FROM courses_announcementnotice WHERE announcement_id = %s GROUP BY state
"""


def fill(people: int) -> Any:
    """The center of so many people, each with a login."""
    from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX  # noqa: PLC0415 - needs the set-up
    from django.db import connection  # noqa: PLC0415 - needs the set-up

    from accounts.models import Person, User  # noqa: PLC0415 - needs the set-up
    from tests.factories.accounts import CenterFactory  # noqa: PLC0415 - needs the set-up
    from tests.factories.courses import CatalogPageFactory, ProgramPageFactory  # noqa: PLC0415 - needs the set-up

    center = CenterFactory()
    program = ProgramPageFactory(parent=CatalogPageFactory(slug=f"programs-of-{center.pk}"))
    facts = {
        "people": people,
        "center": center.pk,
        "program": program.pk,
        "seats": SEATS,
        "cohorts": people // SEATS,
    }
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n\n"):
            cursor.execute(statement.rstrip(";\n"), facts)
    keys = Person.objects.filter(registered_at=center).order_by("pk").values_list("pk", flat=True)
    User.objects.bulk_create(
        (
            User(
                username=f"person-{key}",
                person_id=key,
                email=f"person-{key}@example.org" if key % 2 else None,
                # No one logs in with one.
                password=UNUSABLE_PASSWORD_PREFIX,
            )
            for key in keys
        ),
        batch_size=5000,
    )
    return center


def timed(act: Any, *arguments: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    result = act(*arguments)
    return round(time.perf_counter() - started, 3), result


def announce(people: int, user: Any) -> dict[str, Any]:
    """The way of one message."""
    from django.core import mail  # noqa: PLC0415 - needs the set-up
    from django.db import connection  # noqa: PLC0415 - needs the set-up
    from django.test import Client  # noqa: PLC0415 - needs the set-up
    from django.urls import reverse  # noqa: PLC0415 - needs the set-up

    from courses.enums import AnnouncementScope  # noqa: PLC0415 - needs the set-up
    from courses.models import Announcement  # noqa: PLC0415 - needs the set-up
    from courses.queries.announcements import account_of  # noqa: PLC0415 - needs the set-up
    from courses.services.announcements import note_recipients, send_announcements  # noqa: PLC0415 - needs the set-up

    center = fill(people)
    analyze()
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    written = {
        "scope": AnnouncementScope.CENTER,
        "center": center.pk,
        "subject_ar": "غدًا عطلة",
        "body_ar": "لا حصص غدًا في المركز.",
    }
    seconds: dict[str, float] = {}
    seconds["write"], answer = timed(client.post, reverse("announcement:add"), written)
    if answer.status_code != 302:
        raise SystemExit(f"The form answered {answer.status_code}.")
    message = Announcement.objects.latest("pk")
    page = reverse("announcement:inspect", args=[message.pk])
    seconds["preview"], _answer = timed(client.get, page)
    seconds["send"], _answer = timed(client.post, reverse("announcement:send", args=[message.pk]))
    message.refresh_from_db()
    noting = time.perf_counter()
    while note_recipients(job_id=message.job.pk) is None:
        seconds["page while noted"], _answer = timed(client.get, page)
    noted = time.perf_counter() - noting
    enough, sending, told = min(people // 2, MOST_TOLD), time.perf_counter(), 0
    while told < enough:
        send_announcements()
        told = message.notices.exclude(state="waiting").count()
    sent = time.perf_counter() - sending
    seconds["page while sent"], _answer = timed(client.get, page)
    progress = reverse("announcement:progress", args=[message.pk])
    seconds["progress"], answer = timed(client.get, progress)
    percent = answer.json()["percent"]
    seconds["cancel"], _answer = timed(client.post, reverse("announcement:cancel", args=[message.pk]))
    while send_announcements() or message.notices.filter(state="waiting").exists():
        pass
    seconds["page when canceled"], _answer = timed(client.get, page)
    message.refresh_from_db()
    account = account_of(message)
    with connection.cursor() as cursor:
        cursor.execute(STATES, [message.pk])
        by_sql = dict(cursor.fetchall())
    mailed = len(mail.outbox)
    mail.outbox.clear()
    counted = account.handed_over + account.on_site_only + account.stopped + account.not_noted
    faults = [
        fault
        for fault, is_so in {
            "counts of the page are not those of SQL": account.by_state != by_sql,
            "somebody is in no count": counted + account.failed + account.unreached != people,
            "letters are not those of the account": mailed != account.handed_over,
            # A page that is not finished shows at most 99.
            "the progress is not that of the account": percent != min(99, told * 100 // people),
        }.items()
        if is_so
    ]
    return {
        "people": people,
        "seconds": seconds,
        "noted_a_second": round(people / noted),
        "told": told,
        "told_a_second": round(told / sent),
        "percent_when_canceled": percent,
        "by_state": by_sql,
        "mailed": mailed,
        "faults": faults,
    }


def measure() -> list[dict[str, Any]]:
    """Django has to be set up."""
    from django.conf import settings  # noqa: PLC0415 - needs the set-up
    from django.core.management import call_command  # noqa: PLC0415 - needs the set-up
    from django.test.utils import override_settings, setup_test_environment  # noqa: PLC0415 - needs the set-up

    from accounts.enums import RoleName  # noqa: PLC0415 - needs the set-up
    from tests.factories.accounts import staff_member  # noqa: PLC0415 - needs the set-up

    call_command("migrate", interactive=False, verbosity=0)
    # Mail goes to the outbox in memory.
    setup_test_environment()
    user = staff_member(RoleName.MINISTRY_OFFICER)
    # Names of files without the list of their hashes, which servers make.
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_FILES}}
    with override_settings(STORAGES=storages):
        return [announce(people, user) for people in PEOPLE]


def main() -> None:
    with ExitStack() as stack:
        stack.enter_context(new_database(DATABASE))
        # The broker of files, which has no workers here.
        os.environ["VAR_DIR"] = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["REDIS_URL"] = ""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
        django.setup()
        found = measure()
        from django.db import connections  # noqa: PLC0415 - needs the set-up

        connections.close_all()
    print(json.dumps(found))
    slow = [
        one for one in found if one["people"] <= BOUND_PEOPLE and max(one["seconds"].values()) > BOUND_SECONDS
    ]
    if slow or any(one["faults"] for one in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
