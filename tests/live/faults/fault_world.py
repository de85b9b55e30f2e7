"""`python -m tests.live.fault_world COUNT`: an empty database becomes a class going on with COUNT logged-in trainees.

Prints {"session", "ticket_path", "logins": [session cookie, ...]}.
"""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - needs the app registry
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from tests.factories.accounts import TraineeFactory  # noqa: E402
from tests.factories.courses import EnrollmentFactory  # noqa: E402
from tests.factories.live import OpenLiveSessionFactory  # noqa: E402


def login(session) -> str:
    user = TraineeFactory()
    EnrollmentFactory(person=user.person, cohort=session.class_session.cohort)
    browser = Client()
    browser.force_login(user)
    return browser.cookies["sessionid"].value


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    session = OpenLiveSessionFactory(class_session__cohort__seats=1000)
    print(
        json.dumps(
            {
                "session": session.pk,
                "ticket_path": reverse("live:ticket", args=[session.class_session.public_id]),
                "logins": [login(session) for _ in range(int(sys.argv[1]))],
            }
        )
    )
