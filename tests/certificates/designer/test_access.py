"""Access to the designer: officers of the ministry, but no staff of a center or governorate."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import MembershipScope, RoleName
from accounts.models import User
from certificates.models import CertificateTemplate
from tests.certificates.designer.test_designer import EDIT, body_of, installed, posted
from tests.factories.accounts import GovernorateFactory, MembershipFactory
from tests.factories.certificates import officer_of_the_ministry

pytestmark = pytest.mark.django_db
VIEWS = "wagtailsnippets_certificates_certificatetemplate"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def addresses(template: CertificateTemplate) -> list[str]:
    return [
        reverse(f"{VIEWS}:list"),
        reverse(f"{VIEWS}:add"),
        *(
            reverse(f"{VIEWS}:{name}", args=[template.pk])
            for name in ("edit", "copy", "delete", "history", "unpublish", "usage")
        ),
        reverse("wagtailimages_chooser:choose"),
    ]


def test_a_ministry_officer_opens_every_page_of_the_designer():
    template = installed("completion")
    officer = client_of(officer_of_the_ministry())

    answers = {address: officer.get(address).status_code for address in addresses(template)}

    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize(("live", "state"), [(True, "نشط"), (False, "مسودة")])
def test_the_list_says_in_arabic_which_templates_are_published(live: bool, state: str):
    installed("completion", live=live)

    page = client_of(officer_of_the_ministry()).get(
        reverse(f"{VIEWS}:list"), headers={"accept-language": "ar"}
    )

    row = page.content.decode().split("شهادة إتمام برنامج تدريبي")[-1].split("</tr>")[0]
    assert not {"True", "False"} & set(row.split())
    assert state in row


def test_a_ministry_officer_previews_and_publishes():
    template = installed("completion", live=False)
    officer = client_of(officer_of_the_ministry())
    data = posted(template, body_of("completion"))

    preview = officer.post(reverse(f"{VIEWS}:preview_on_edit", args=[template.pk]), data)
    shown = officer.get(reverse(EDIT, args=[template.pk]))
    published = officer.post(reverse(EDIT, args=[template.pk]), {**data, "action-publish": "action-publish"})

    assert preview.json() == {"is_valid": True, "is_available": True}
    assert 'value="action-publish"' in shown.content.decode()
    assert published.status_code == 302
    template.refresh_from_db()
    assert template.live


@pytest.mark.parametrize("role", [role for role in RoleName if role != RoleName.MINISTRY_OFFICER])
def test_no_other_role_reaches_the_designer(role: RoleName):
    template = installed("completion")
    member = client_of(MembershipFactory(role=role).user)

    for address in addresses(template)[:-2]:
        assert member.get(address).status_code == 302, address
    assert (
        member.post(reverse(EDIT, args=[template.pk]), posted(template, body_of("completion"))).status_code
        == 302
    )


def test_an_officer_of_one_governorate_designs_nothing():
    template = installed("completion")
    local = MembershipFactory(
        role=RoleName.MINISTRY_OFFICER,
        center=None,
        scope=MembershipScope.GOVERNORATE,
        governorate=GovernorateFactory(),
    )

    assert client_of(local.user).get(reverse(EDIT, args=[template.pk])).status_code == 302
