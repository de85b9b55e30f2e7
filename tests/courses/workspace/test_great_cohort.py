"""A cohort of 500 people, 60 units and 40 sessions."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.courses.workspace.worlds import great_cohort
from tests.factories.accounts import holder_of_every_role

pytestmark = pytest.mark.engines("writes 50,000 rows of progress and attendance", nightly=True)


# Of the whole page, with what every page of the workplace asks for its session, its login, its roles and its menu.
MOST_STATEMENTS = 15


def test_it_is_shown_with_as_many_statements_as_a_small_one(client: Client, remembering: None):
    small, great = (great_cohort(people=n, units=60, sessions=40) for n in (5, 500))
    client.force_login(holder_of_every_role(None))

    def asked_by(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    for name in ("people", "progress", "sessions", "risks"):
        of_small, of_great = (asked_by(reverse(f"cohort:{name}", args=[one.pk])) for one in (small, great))

        assert of_great == of_small
        assert of_great <= MOST_STATEMENTS
