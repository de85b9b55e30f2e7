"""Where a row is not edited but acted on, its name leads to its page; the act is a button there and in the menu of the row."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import MembershipScope, RoleName
from accounts.models import Membership, User
from courses.enums import EnrollmentState
from courses.models import Enrollment
from tests.factories.accounts import CenterFactory, MembershipFactory
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db


def member(role: RoleName, **place) -> Client:
    client = Client()
    client.force_login(MembershipFactory(role=role, **place).user)
    return client


def ministry() -> Client:
    return member(RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None)


def enrollment_row() -> Enrollment:
    return EnrollmentFactory()


def membership_row() -> Membership:
    return MembershipFactory(role=RoleName.REGISTRAR, center=CenterFactory())


def login_row() -> User:
    return membership_row().user


ROWS = [("enrollment", enrollment_row), ("membership", membership_row), ("user", login_row)]


@pytest.mark.parametrize(("viewset", "row"), ROWS)
def test_a_name_in_the_list_opens_the_page_of_the_row(viewset, row):
    row = row()
    page, form = (reverse(f"{viewset}:{verb}", args=[row.pk]) for verb in ("inspect", "edit"))

    answer = ministry().get(reverse(f"{viewset}:index"))

    html = answer.content.decode()
    assert f'<a href="{page}">' in " ".join(html.split())
    # The menu of the row has the act.
    assert html.count(form) == 1


@pytest.mark.parametrize(("viewset", "row"), ROWS)
def test_the_act_is_a_button_on_the_page_and_no_crumb_leads_to_it(viewset, row):
    row = row()
    form = reverse(f"{viewset}:edit", args=[row.pk])

    answer = ministry().get(reverse(f"{viewset}:inspect", args=[row.pk]))

    assert form in [button.url for button in answer.context["header_buttons"]]
    assert form not in [item["url"] for item in answer.context["breadcrumbs_items"]]


@pytest.mark.parametrize(
    "state", [EnrollmentState.COMPLETED, EnrollmentState.WITHDRAWN, EnrollmentState.FAILED]
)
def test_an_enrollment_that_has_ended_is_not_withdrawn(state: EnrollmentState):
    row = EnrollmentFactory(
        state=state, completed_at=timezone.now() if state == EnrollmentState.COMPLETED else None
    )
    registrar = member(RoleName.REGISTRAR, center=row.cohort.center)
    form = reverse("enrollment:edit", args=[row.pk])

    pages = [
        registrar.get(reverse("enrollment:index")),
        registrar.get(reverse("enrollment:inspect", args=[row.pk])),
    ]
    opened = registrar.get(form)

    assert all(form not in page.content.decode() for page in pages)
    assert opened.headers["Location"] == reverse("enrollment:inspect", args=[row.pk])


def test_a_role_that_has_ended_is_not_ended_again():
    row = membership_row()
    Membership.objects.filter(pk=row.pk).update(
        since=timezone.localdate().replace(year=2020), until=timezone.localdate().replace(year=2021)
    )

    page = ministry().get(reverse("membership:inspect", args=[row.pk])).content.decode()

    assert reverse("membership:edit", args=[row.pk]) not in page
