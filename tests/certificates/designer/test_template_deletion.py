"""A template that something was proposed with stays."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from certificates.models import CertificateTemplate
from tests.factories.certificates import CertificateTemplateFactory, proposed
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db


def deleted(template: CertificateTemplate, by: User) -> str:
    """What the page says after the button was pressed."""
    client = Client()
    client.force_login(by)
    url = reverse("wagtailsnippets_certificates_certificatetemplate:delete", args=[template.pk])
    response = client.post(url, follow=True, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_a_template_of_a_proposal_stays_and_the_page_says_why(superuser: User):
    template = proposed(CohortFactory()).template

    assert "Unpublish it" in deleted(template, superuser)
    assert CertificateTemplate.objects.filter(pk=template.pk).exists()


def test_an_unused_template_can_be_deleted(superuser: User):
    template = CertificateTemplateFactory()

    deleted(template, superuser)

    assert not CertificateTemplate.objects.filter(pk=template.pk).exists()
