"""What a message costs the database does not grow with the people on record."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import ContactKind
from accounts.models import Contact
from tests.accounts.deliveries.conftest import PHONE
from tests.factories.accounts import PersonFactory


@pytest.mark.django_db
def test_the_number_of_a_person_is_read_from_the_contacts_of_that_person_alone():
    """One query for the person or the guardian joins everyone's contacts with everyone: 50,000 times 50,000 rows."""
    person = PersonFactory(guardian=PersonFactory())
    Contact.objects.create(person=person, kind=ContactKind.PHONE, value=PHONE)

    with CaptureQueriesContext(connection) as asked:
        [found] = Contact.objects.reaching(person.pk)

    assert found.value == PHONE
    [query] = asked.captured_queries
    assert "JOIN" not in query["sql"]
