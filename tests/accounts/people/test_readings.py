"""Who reads the page of a person is in the audit trail."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center, User
from accounts.services.readings import READ
from tests.factories.accounts import PersonFactory, staff_member

pytestmark = pytest.mark.django_db


def test_who_opens_the_page_of_a_person_is_in_the_trail_once_a_day(
    manager_client: Client, manager: User, center: Center
):
    person = PersonFactory(registered_at=center)
    colleague = Client()
    colleague.force_login(staff_member(RoleName.REGISTRAR, center))
    for client in (manager_client, manager_client, colleague):
        client.get(reverse("person:inspect", args=[person.pk]))

    readings = AuditEntry.objects.filter(action=READ, person=person, center=center)

    assert readings.count() == 2
    assert readings.filter(by=manager).count() == 1


def test_lists_and_refused_pages_note_nothing(manager_client: Client, other_center: Center, center: Center):
    foreign = PersonFactory(registered_at=other_center)
    PersonFactory(registered_at=center)

    manager_client.get(reverse("person:index"))
    answer = manager_client.get(reverse("person:inspect", args=[foreign.pk]))

    assert answer.status_code == 404
    assert not AuditEntry.objects.filter(action=READ).exists()
