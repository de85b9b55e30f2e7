"""What an employer, a holder and staff see."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services import fold_names
from certificates.codes import ALPHABET, check_symbol, display_code
from certificates.drawing import design_digest
from certificates.enums import CredentialState, LookupResult, ProposalState, Reason, RowState
from certificates.models import ApiClient, Credential, CredentialType, Lookup, Proposal, ProposalRow, Term
from certificates.services import revoke
from certificates.services.verification import LOOKUPS_PER_MINUTE
from certificates.tasks import forget_lookups
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory, UserFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    completed_enrollment,
    credential_type,
    drawn,
    issued,
    issued_for,
    moved,
    proposed,
)
from tests.factories.courses import CohortFactory

# The session, the login and its person, the site and its identity, how many, the list, its files and their jobs, what
# happened, terms, cards and copies.
MINE_QUERIES = 13


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


@pytest.fixture
def officer(center: Center) -> User:
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def confirmed(user: User) -> Client:
    """A browser whose user has just typed the password."""
    user.set_password("a long password of the officer")
    user.save()
    client = logged_in(user)
    client.post(reverse("account_reauthenticate"), {"password": "a long password of the officer"})
    return client


def shown_design(proposal: Proposal) -> str:
    """What the page of the decision sends back of the draft that it showed."""
    return design_digest(proposal.template.design())


def verify_page(client: Client, code: str, language: str = "ar") -> str:
    with translation.override(language):
        url = reverse("certificates:verify", args=[code])
    return client.get(url).content.decode()


def test_a_valid_certificate_is_told_in_arabic_and_english(client: Client, credential: Credential):
    arabic, english = (verify_page(client, credential.code, language) for language in ("ar", "en"))

    assert "شهادة صحيحة وسارية" in arabic
    assert "This certificate is valid" in english
    for page in (arabic, english):
        assert credential.facts["name_ar"] in page
        assert credential.facts["name_en"] in page
        assert credential.number in page


def test_the_qr_code_leads_to_the_page_and_search_engines_stay_out(client: Client, credential: Credential):
    response = client.get(f"/v/{credential.code}", follow=True)

    assert response.status_code == 200
    assert credential.number in response.content.decode()
    assert "noindex" in response["X-Robots-Tag"]


def test_a_typed_code_is_found_however_it_is_spelled(client: Client, credential: Credential):
    typed = display_code(credential.code).lower().translate(str.maketrans("123456789", "١٢٣٤٥٦٧٨٩"))

    response = client.get("/ar/verify/", {"code": typed}, follow=True)

    assert credential.number in response.content.decode()


def test_a_revoked_certificate_tells_its_reason_but_not_the_note(
    client: Client, credential: Credential, officer: User
):
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="سر داخلي", by=officer)

    page = verify_page(client, credential.code, "en")

    assert "This certificate was revoked" in page
    assert "obtained by fraud" in page
    assert "سر داخلي" not in page


def test_a_tampered_code_is_an_answer_and_names_nobody(client: Client, credential: Credential):
    tampered = (
        credential.code[:3] + next(s for s in ALPHABET if s != credential.code[3]) + credential.code[4:]
    )

    page = verify_page(client, tampered, "en")

    assert "This is not a certificate code" in page
    assert credential.facts["name_ar"] not in page


def test_a_well_formed_code_of_no_certificate_is_unknown(client: Client, credential: Credential):
    page = verify_page(client, "1" * 12 + check_symbol("1" * 12), "en")

    assert "No certificate has this code" in page


def test_every_lookup_is_noted_without_the_address(client: Client, credential: Credential):
    verify_page(client, credential.code)
    verify_page(client, "XX")

    assert list(Lookup.objects.order_by("pk").values_list("code", "result")) == [
        (credential.code, LookupResult.VALID),
        ("", LookupResult.MALFORMED),
    ]
    assert not Lookup.objects.filter(client_hash__contains="127.0.0.1").exists()


def test_lookups_are_forgotten_after_a_year(client: Client, credential: Credential):
    verify_page(client, credential.code)
    verify_page(client, credential.code)
    old, recent = Lookup.objects.order_by("pk")
    Lookup.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=366))

    forget_lookups()

    assert list(Lookup.objects.all()) == [recent]


def test_guessing_codes_ends_in_429(client: Client, credential: Credential):
    verify_page(client, credential.code)
    one = Lookup.objects.get()
    Lookup.objects.bulk_create(
        Lookup(result=one.result, at=timezone.now(), client_hash=one.client_hash)
        for _number in range(LOOKUPS_PER_MINUTE)
    )

    response = client.get(reverse("certificates:verify", args=[credential.code]))

    assert response.status_code == 429
    assert credential.facts["name_ar"] not in response.content.decode()
    Lookup.objects.update(at=timezone.now() - dt.timedelta(minutes=2))
    assert client.get(reverse("certificates:verify", args=[credential.code])).status_code == 200


def test_a_holder_downloads_the_own_certificate(credential: Credential):
    drawn(credential)
    holder = TraineeFactory(person=credential.enrollment.person)

    response = logged_in(holder).get(reverse("certificates:download", args=[credential.public_id]))

    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_for_anybody_else_the_file_does_not_exist(credential: Credential, other_center: Center):
    drawn(credential)
    url = reverse("certificates:download", args=[credential.public_id])
    outsiders = [
        TraineeFactory(),
        UserFactory(),
        MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user,
    ]

    assert [logged_in(one).get(url).status_code for one in outsiders] == [404, 404, 404]
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_holder_s_list_asks_a_constant_number_of_questions(
    rows: int, db: None, django_assert_num_queries: object
):
    holder = TraineeFactory()
    for _number in range(rows):
        drawn(issued(person=holder.person))
    client = logged_in(holder)
    client.get(reverse("certificates:mine"))

    with django_assert_num_queries(MINE_QUERIES):
        page = client.get(reverse("certificates:mine")).content.decode()

    assert page.count("data-share=") == rows


def test_a_manager_proposes_and_an_officer_approves_in_the_admin(
    center: Center, manager_client: Client, officer: User
):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    template = CertificateTemplateFactory()

    manager_client.post(
        reverse("proposals:add"), {"cohort": cohort.pk, "type": credential_type().pk, "template": template.pk}
    )
    proposal = Proposal.objects.get()
    page = logged_in(officer).get(reverse("proposals:inspect", args=[proposal.pk])).content.decode()
    confirmed(officer).post(
        reverse("proposals:approve", args=[proposal.pk]), {"shown_design": shown_design(proposal)}
    )

    proposal.refresh_from_db()
    assert cohort.enrollments.get().person.full_name_ar in page
    assert proposal.state == ProposalState.APPROVED
    assert Credential.objects.get().approved_by == officer


def test_an_officer_who_did_not_just_prove_who_they_are_is_asked_for_the_password(
    center: Center, officer: User
):
    proposal = proposed(CohortFactory(center=center))
    address = reverse("proposals:inspect", args=[proposal.pk])

    page = logged_in(officer).get(address).content.decode()
    logged_in(officer).post(reverse("proposals:approve", args=[proposal.pk]))

    assert f"{reverse('account_reauthenticate')}?next={address}" in page
    assert not Credential.objects.exists()


def test_an_officer_approves_some_and_sends_the_others_back_with_a_reason(center: Center, officer: User):
    proposal = proposed(CohortFactory(center=center), people=3)
    first, second, third = proposal.rows.all()

    confirmed(officer).post(
        reverse("proposals:approve", args=[proposal.pk]),
        {
            "left_out": [second.pk],
            "note": "تنقصه صورة البطاقة",
            "shown_design": shown_design(proposal),
        },
    )

    second.refresh_from_db()
    assert {one.holder_id for one in Credential.objects.all()} == {first.person_id, third.person_id}
    assert (second.state, second.note) == (RowState.RETURNED, "تنقصه صورة البطاقة")


@pytest.mark.parametrize("posted", [{"note": "a\0b"}, {"left_out": "9" * 5000}, {"left_out": "x"}])
def test_what_no_form_of_ours_sends_approves_nothing_and_breaks_nothing(
    center: Center, officer: User, posted: dict[str, str]
):
    proposal = proposed(CohortFactory(center=center), people=2)
    left_out = {"left_out": proposal.rows.first().pk}

    answer = confirmed(officer).post(
        reverse("proposals:approve", args=[proposal.pk]),
        left_out | {"shown_design": shown_design(proposal)} | posted,
    )

    assert answer.status_code == 302
    assert not Credential.objects.exists()


def test_a_manager_has_no_approve_button_and_no_approve_address(center: Center, manager_client: Client):
    proposal = proposed(CohortFactory(center=center))

    page = manager_client.get(reverse("proposals:inspect", args=[proposal.pk])).content.decode()
    response = manager_client.post(reverse("proposals:approve", args=[proposal.pk]))

    assert reverse("proposals:approve", args=[proposal.pk]) not in page
    assert response.status_code == 404
    assert not Credential.objects.exists()


@pytest.mark.parametrize(
    "typed", ["أسامة إبراهيم", "اسامه ابراهيم", "osama", "{number}", "{code}", "{printed}"]
)
def test_staff_find_a_certificate_by_name_number_and_code(center: Center, manager_client: Client, typed: str):
    names = {"full_name_ar": "أسامة إبراهيم مصطفى", "full_name_en": "Osama Ibrahim"}
    person = PersonFactory(**names, folded_name=fold_names(*names.values()))
    credential = issued(CohortFactory(center=center), person=person)
    other = issued(CohortFactory(center=center))
    code = credential.code
    typed = typed.format(number=credential.number, code=code, printed=display_code(code).lower())

    page = manager_client.get(reverse("credentials:index"), {"q": typed}).content.decode()

    assert [reverse("credentials:inspect", args=[one.pk]) in page for one in (credential, other)] == [
        True,
        False,
    ]


def test_an_officer_revokes_in_the_admin(credential: Credential, officer: User):
    url = reverse("credentials:revoke", args=[credential.pk])
    client = confirmed(officer)

    client.post(url, {"reason": "made_up", "note": ""})
    credential.refresh_from_db()
    before = credential.state
    client.post(url, {"reason": Reason.ISSUED_IN_ERROR, "note": "خطأ"})

    credential.refresh_from_db()
    assert before == CredentialState.IN_FORCE
    assert credential.state == CredentialState.REVOKED


@pytest.mark.parametrize("act", ["revoke", "suspend", "reinstate", "issue_copy"])
def test_an_act_that_is_not_taken_back_asks_first_who_it_is(credential: Credential, officer: User, act: str):
    page = reverse("credentials:inspect", args=[credential.pk])
    officer.set_password("a long password of the officer")
    officer.save()
    client = logged_in(officer)

    asked = client.post(
        reverse(f"credentials:{act}", args=[credential.pk]), {"reason": Reason.ISSUED_IN_ERROR, "note": "خطأ"}
    )
    back = client.post(
        asked["Location"], {"password": "a long password of the officer", "next": page}, follow=True
    )

    credential.refresh_from_db()
    assert credential.state == CredentialState.IN_FORCE
    assert not credential.copies.exists()
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert (back.redirect_chain, back.status_code) == ([(page, 302)], 200)
    assert "تأكدنا" in back.content.decode()


def test_a_proof_that_is_too_old_counts_no_more(credential: Credential, officer: User, settings: Settings):
    client = confirmed(officer)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

    client.post(
        reverse("credentials:revoke", args=[credential.pk]), {"reason": Reason.ISSUED_IN_ERROR, "note": "خطأ"}
    )

    credential.refresh_from_db()
    assert credential.state == CredentialState.IN_FORCE


def test_keys_of_the_api_are_made_and_ended_after_a_proof(officer: User):
    superuser = UserFactory(is_superuser=True)
    client = logged_in(superuser)
    typed = {"name": "بوابة العمل", "scopes": ["verify"], "codes_per_minute": 60}

    asked = client.get(reverse("api_clients:add"))["Location"]
    client.post(reverse("api_clients:add"), typed)

    assert asked == f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('api_clients:add')})}"
    assert not ApiClient.objects.exists()


def test_a_manager_proposes_a_licence_on_a_skill_level_certificate_and_its_renewal(
    center: Center, manager_client: Client
):
    skill = credential_type("skill-level", identity_document=False)
    credential_type("licence", completed=False, basis=skill)
    Term.objects.create(type=skill, months=1, renewable_days=90, since=timezone.localdate())
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    held = issued_for(cohort, type_code="skill-level")
    template = CertificateTemplateFactory().pk
    licence = CredentialType.objects.get(code="licence").pk

    page = manager_client.get(reverse("credentials:inspect", args=[held.pk])).content.decode()
    manager_client.post(
        reverse("credentials:follow", args=[held.pk]), {"type": licence, "template": template}
    )
    manager_client.post(reverse("credentials:renew", args=[held.pk]), {"template": template})

    for name in ("follow", "renew"):
        assert reverse(f"credentials:{name}", args=[held.pk]) in page
    assert {row.basis or row.renews for row in ProposalRow.objects.exclude(proposal=held.proposal)} == {held}
    assert Proposal.objects.filter(type=licence).count() == 1


def test_the_page_of_a_certificate_that_ended_still_offers_its_renewal_and_nothing_that_stands_on_it(
    center: Center, manager_client: Client
):
    skill = credential_type("skill-level", identity_document=False)
    credential_type("licence", completed=False, basis=skill)
    Term.objects.create(type=skill, months=1, renewable_days=90, since=timezone.localdate())
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    ended = moved(issued_for(cohort, type_code="skill-level"), timezone.localdate() - dt.timedelta(days=1))

    page = manager_client.get(reverse("credentials:inspect", args=[ended.pk])).content.decode()

    assert reverse("credentials:renew", args=[ended.pk]) in page
    assert reverse("credentials:follow", args=[ended.pk]) not in page


def test_nothing_follows_from_a_certificate_that_no_kind_stands_on(
    credential: Credential, manager_client: Client
):
    page = manager_client.get(reverse("credentials:inspect", args=[credential.pk])).content.decode()
    manager_client.post(
        reverse("credentials:follow", args=[credential.pk]), {"type": credential.type_id, "template": ""}
    )

    assert reverse("credentials:follow", args=[credential.pk]) not in page
    assert reverse("credentials:renew", args=[credential.pk]) not in page
    assert Proposal.objects.count() == 1
