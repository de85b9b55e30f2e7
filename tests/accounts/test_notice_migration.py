"""Notices to people become notices to their logins, and those of nobody go."""

import pytest

from tests.migrating import migrate_fully, migrate_to

pytestmark = [
    pytest.mark.engines("replays migrations"),
    pytest.mark.django_db(transaction=True),
]


def test_a_waiting_notice_finds_the_login_of_its_person():
    before = migrate_to("accounts", "0008_role_offers")
    try:
        person, alone = (
            before.get_model("accounts", "Person").objects.create(full_name_ar=name, folded_name=name)
            for name in ("منى", "ليلى")
        )
        login = before.get_model("accounts", "User").objects.create(username="mona", person=person)
        notices = before.get_model("accounts", "LoginNotice").objects
        for told in (person, alone):
            notices.create(person=told, kind="new_password")

        after = migrate_to("accounts", "0009_sessions_and_notices_of_logins")

        told = after.get_model("accounts", "LoginNotice").objects.values_list("user", flat=True)
        assert list(told) == [login.pk]
        back = migrate_to("accounts", "0008_role_offers")
        assert back.get_model("accounts", "LoginNotice").objects.get().person_id == person.pk
    finally:
        migrate_fully()
