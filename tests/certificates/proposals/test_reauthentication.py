"""After reauthentication, the form has the typed text again, and has to be submitted once more."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Center, User
from certificates.drawing import design_digest
from certificates.enums import CredentialState, Reason, RowState
from certificates.models import Credential
from tests.certificates.browsers import confirmed, logged_in
from tests.factories.certificates import issued, proposed
from tests.factories.courses import CohortFactory

PASSWORD = "a long password of the officer"
NOTE = "بلاغ من صاحب العمل"
FINAL = "لا رجعة فيه"


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


@pytest.fixture
def asked(officer: User) -> Client:
    """A browser whose user has to reauthenticate."""
    officer.set_password(PASSWORD)
    officer.save()
    return logged_in(officer)


def suspend(client: Client, credential: Credential) -> str:
    """Submit a suspension; returns the address of the reauthentication page."""
    typed = {"reason": Reason.UNDER_INVESTIGATION, "note": NOTE}
    return client.post(reverse("credentials:suspend", args=[credential.pk]), typed)["Location"]


def pass_minutes(client: Client, minutes: int) -> None:
    session = client.session
    session["typed-for-an-act"]["at"] -= 60 * minutes
    session.save()


def prove(client: Client, page: str) -> str:
    return client.post(
        reverse("account_reauthenticate"), {"password": PASSWORD, "next": page}, follow=True
    ).text


def test_a_suspension_typed_before_the_proof_waits_for_another_press(credential: Credential, asked: Client):
    page = reverse("credentials:inspect", args=[credential.pk])

    suspend(asked, credential)
    back = prove(asked, page)

    credential.refresh_from_db()
    assert credential.state == CredentialState.IN_FORCE
    assert f'value="{Reason.UNDER_INVESTIGATION}" selected' in back
    assert NOTE in back
    assert '<details class="act w-mt-8" open' in back
    assert "لم ينفذ شيء بعد" in back
    suspend(asked, credential)
    credential.refresh_from_db()
    assert credential.state == CredentialState.SUSPENDED
    assert NOTE not in asked.get(page).context["reinstatement_form"].initial.values()


def test_what_was_typed_is_of_its_user_and_of_five_minutes(
    credential: Credential, asked: Client, superuser: User
):
    page = reverse("credentials:inspect", args=[credential.pk])

    suspend(asked, credential)
    in_time = asked.get(page).context["suspension_form"].initial
    suspend(asked, credential)
    pass_minutes(asked, 6)
    late = asked.get(page).context["suspension_form"].initial
    suspend(asked, credential)
    asked.force_login(superuser)
    of_another = asked.get(page).context["suspension_form"].initial

    assert (late, of_another) == ({}, {})
    assert in_time["note"] == NOTE


def test_the_page_says_that_an_act_is_final_where_it_is(credential: Credential, asked: Client):
    page = reverse("credentials:inspect", args=[credential.pk])

    suspension = asked.get(suspend(asked, credential)).text
    revocation = asked.get(
        asked.post(reverse("credentials:revoke", args=[credential.pk]), {"reason": "x"})["Location"]
    ).text
    nothing_posted = asked.get(reverse("account_reauthenticate"), {"next": page + "?other"}).text

    assert [FINAL in text for text in (suspension, revocation, nothing_posted)] == [False, True, False]


def test_whom_an_officer_left_out_before_the_proof_is_still_left_out(center: Center, asked: Client):
    proposal = proposed(CohortFactory(center=center), people=2)
    row = proposal.rows.filter(state=RowState.ELIGIBLE).first()
    typed = {
        "left_out": row.pk,
        "note": NOTE,
        "shown_design": design_digest(proposal.template.design()),
    }

    asked.post(reverse("proposals:approve", args=[proposal.pk]), typed)
    back = prove(asked, reverse("proposals:inspect", args=[proposal.pk]))

    assert not Credential.objects.exists()
    assert f'name="left_out" value="{row.pk}" checked' in back
    assert f'value="{escape(NOTE)}"' in back


def test_a_refused_revocation_comes_back_with_its_note(credential: Credential, officer: User):
    client = confirmed(officer)

    client.post(reverse("credentials:revoke", args=[credential.pk]), {"reason": "", "note": NOTE})

    form = client.get(reverse("credentials:inspect", args=[credential.pk])).context["revocation_form"]
    assert form.initial["note"] == NOTE
