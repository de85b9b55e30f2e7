"""Share links: anyone with the link sees the status of the certificates today."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.people import correct_person
from certificates.enums import LinkResult, LookupResult, Reason
from certificates.errors import NotYours, TooManyLinks
from certificates.models import Credential, LinkOpening, ShareLink, SigningKey, Term
from certificates.queries.terms import renewable
from certificates.services.rendering import render_certificate
from certificates.services.sharing import MOST_LINKS, OPENINGS_PER_MINUTE, RETENTION, end_link, make_link
from certificates.services.statuses import issue_copy
from certificates.tasks import purge_lookups
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    completed_enrollment,
    corrected,
    credential_type,
    drawn,
    issued,
    issued_for,
    revoke,
)
from tests.factories.courses import CohortFactory
from tests.factories.sharing import holder_of, linked, token_of

# The address that was tried before, the link with its passport, the certificates with their kinds and successors,
# their events, files and drawings, the line about it, the site and its identity; doubts (five).
SHARED_QUERIES = 15
# The session, the login and its person, the site and its identity, how many links, the links, their certificates.
LINKS_QUERIES = 9


@pytest.fixture
def credential(center: Center) -> Credential:
    credential = issued(CohortFactory(center=center))
    drawn(credential)
    return credential


@pytest.fixture
def holder_client(credential: Credential) -> Client:
    client = Client()
    client.force_login(holder_of(credential))
    return client


def opened(token: str, **address: str) -> "tuple[int, str]":
    answer = Client().get(reverse("certificates:shared", args=[token]), **address)
    return answer.status_code, answer.content.decode()


def grow_old(link: ShareLink, by: dt.timedelta) -> None:
    """Move a link into the past as a whole."""
    ShareLink.objects.filter(pk=link.pk).update(made_at=link.made_at - by, expires_at=link.expires_at - by)


def test_a_holder_makes_a_link_and_an_employer_sees_what_the_public_page_shows(
    holder_client: Client, credential: Credential
):
    form = {"credentials": [credential.public_id], "days": 7}

    page = holder_client.post(reverse("certificates:new_link"), form).content.decode()

    address = re.search(r'href="http://localhost:8000(/s/[\w-]+)"', page)[1]
    shared = Client().get(address, follow=True)
    public = Client().get(reverse("certificates:verify", args=[credential.code])).content.decode()
    claims = re.search(r'<dl class="facts.*?</dl>', public, re.DOTALL)[0]
    assert shared.status_code == 200
    assert claims in shared.content.decode()
    assert f'data-result="{LookupResult.VALID}"' in shared.content.decode()


def test_the_page_is_kept_from_search_engines_caches_and_the_next_site(credential: Credential):
    answer = Client().get(reverse("certificates:shared", args=[token_of(linked(credential))]))

    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]


def test_the_file_of_a_link_is_that_of_its_certificate(center: Center, credential: Credential):
    token = token_of(linked(credential))
    other = issued(CohortFactory(center=center))
    drawn(other)

    own = Client().get(reverse("certificates:shared_certificate", args=[token, credential.public_id]))
    foreign = Client().get(reverse("certificates:shared_certificate", args=[token, other.public_id]))

    assert b"".join(own).startswith(b"%PDF-")
    assert foreign.status_code == 404


def test_only_a_keyed_hash_of_the_secret_is_kept(credential: Credential):
    made = linked(credential)

    token = token_of(made)
    assert len(token) * 6 >= 128
    stored = ShareLink.objects.values().get(pk=made.link.pk)
    assert token not in str(stored)
    assert token_of(linked(credential)) != token


def test_a_link_shows_that_a_certificate_was_revoked(center: Center, credential: Credential):
    token = token_of(linked(credential))
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user

    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)

    status, page = opened(token)
    assert status == 200
    assert f'data-result="{LookupResult.REVOKED}"' in page


def test_an_expired_link_shows_nothing_and_says_so(credential: Credential):
    made = linked(credential, days=1)
    grow_old(made.link, dt.timedelta(days=1))

    status, page = opened(token_of(made))

    assert status == 410
    assert f'data-link="{LinkResult.EXPIRED}"' in page
    assert credential.number not in page
    file = Client().get(
        reverse("certificates:shared_certificate", args=[token_of(made), credential.public_id])
    )
    assert file.status_code == 410


def test_a_holder_ends_a_link_at_once(holder_client: Client, credential: Credential):
    made = linked(credential)

    holder_client.post(reverse("certificates:end_link", args=[made.link.public_id]))

    status, page = opened(token_of(made))
    assert status == 410
    assert f'data-link="{LinkResult.ENDED}"' in page
    assert credential.claims["name_ar"] not in page


def test_guessed_links_get_one_answer_whatever_they_look_like(credential: Credential):
    linked(credential)

    answers = [opened(guess) for guess in ("A" * 32, "b" * 31 + "-", "x", "' OR 1=1")]

    assert {status for status, _page in answers} == {404}
    assert len({len(page) for _status, page in answers}) == 1


def test_a_link_of_another_holder_is_not_found(center: Center, holder_client: Client):
    foreign = linked(issued(CohortFactory(center=center)))

    answers = [
        holder_client.post(reverse("certificates:end_link", args=[link_id]))
        for link_id in (foreign.link.public_id, uuid.uuid4())
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert len(answers[0].content) == len(answers[1].content)
    assert ShareLink.objects.get(pk=foreign.link.pk).ended_at is None


def test_guessing_is_slowed_for_one_client_and_for_no_other(credential: Credential):
    token = token_of(linked(credential))
    for number in range(OPENINGS_PER_MINUTE):
        opened(f"guess-{number}", REMOTE_ADDR="203.0.113.7")

    assert opened(token, REMOTE_ADDR="203.0.113.7")[0] == 429
    assert opened(token, REMOTE_ADDR="203.0.113.8")[0] == 200


def test_the_addresses_of_one_ipv6_network_guess_as_one_client(credential: Credential):
    token = token_of(linked(credential))
    for number in range(OPENINGS_PER_MINUTE):
        opened(f"guess-{number}", REMOTE_ADDR=f"2001:db8:1:2::{number:x}")

    assert opened(token, REMOTE_ADDR="2001:db8:1:2:ffff::1")[0] == 429
    assert opened(token, REMOTE_ADDR="2001:db8:1:3::1")[0] == 200


def test_a_link_to_certificates_of_others_is_refused(center: Center, credential: Credential):
    other = issued(CohortFactory(center=center))

    with pytest.raises(NotYours):
        make_link(
            holder=credential.holder,
            credential_ids=[credential.pk, other.pk],
            days=7,
            by=holder_of(credential),
        )
    with pytest.raises(NotYours):
        make_link(holder=other.holder, credential_ids=[other.pk], days=7, by=holder_of(credential))
    assert not ShareLink.objects.exists()


def test_a_form_does_not_offer_what_others_hold(center: Center, holder_client: Client):
    other = issued(CohortFactory(center=center))

    answer = holder_client.post(
        reverse("certificates:new_link"), {"credentials": [other.public_id], "days": 7}
    )

    assert answer.status_code == 200
    assert not ShareLink.objects.exists()


@pytest.mark.parametrize("days", [0, 2, 31, 10_000])
def test_a_link_lasts_only_as_long_as_is_offered(holder_client: Client, credential: Credential, days: int):
    holder_client.post(
        reverse("certificates:new_link"), {"credentials": [credential.public_id], "days": days}
    )

    assert not ShareLink.objects.exists()


def test_live_links_are_bounded(credential: Credential):
    for _number in range(MOST_LINKS):
        made = linked(credential)

    with pytest.raises(TooManyLinks):
        linked(credential)
    end_link(link_id=made.link.pk, by=holder_of(credential))
    assert linked(credential).link.ended_at is None


def test_the_list_shows_how_often_a_link_was_opened(holder_client: Client, credential: Credential):
    token = token_of(linked(credential))
    for _time in range(3):
        opened(token)
    Client().head(reverse("certificates:shared", args=[token]))

    page = holder_client.get(reverse("certificates:links")).content.decode()

    assert "٣ مرات" in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_links_asks_as_often_for_many_as_for_one(
    holder_client: Client, credential: Credential, number: int, django_assert_num_queries
):
    for _link in range(number):
        linked(credential)
    holder_client.get(reverse("certificates:links"))

    with django_assert_num_queries(LINKS_QUERIES):
        page = holder_client.get(reverse("certificates:links")).content.decode()

    assert page.count("<article") == number


def test_a_shared_page_of_a_site_that_seals_for_practice_says_so(center: Center):
    address = reverse("certificates:shared", args=[token_of(linked(issued(CohortFactory(center=center))))])
    sentence = "هذا الموقع يختم بمفاتيح تجريبية"
    assert sentence in Client().get(address).content.decode()

    SigningKey.objects.filter(is_demo=True).update(retired_at=timezone.now())

    assert sentence not in Client().get(address).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_shared_page_asks_as_often_for_many_certificates_as_for_one(
    center: Center, number: int, django_assert_num_queries
):
    first = issued(CohortFactory(center=center))
    more = [_another_of(first, center) for _number in range(number - 1)]
    address = reverse("certificates:shared", args=[token_of(linked(first, *more))])
    Client().get(address)

    with django_assert_num_queries(SHARED_QUERIES):
        page = Client().get(address).content.decode()

    assert page.count("data-result") == number


def _another_of(credential: Credential, center: Center) -> Credential:
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort, person=credential.holder)
    return issued_for(cohort)


def test_making_and_ending_a_link_is_logged(credential: Credential):
    made = linked(credential)
    end_link(link_id=made.link.pk, by=holder_of(credential))

    entries = ModelLogEntry.objects.filter(
        object_id=str(made.link.pk), action__startswith="certificates.link"
    )
    assert [entry.action for entry in entries.order_by("pk")] == [
        "certificates.link.make",
        "certificates.link.end",
    ]
    assert {entry.user for entry in entries} == {holder_of(credential)}


def test_who_looked_is_forgotten_after_a_year(credential: Credential):
    made = linked(credential)
    opened(token_of(made))
    LinkOpening.objects.update(at=timezone.now() - RETENTION - dt.timedelta(hours=1))
    opened("a guess")

    purge_lookups()

    assert [opening.result for opening in LinkOpening.objects.all()] == [LinkResult.UNKNOWN]


def test_a_link_that_ended_a_year_ago_is_forgotten_with_its_openings(credential: Credential):
    made = linked(credential, days=1)
    opened(token_of(made))
    grow_old(made.link, RETENTION + dt.timedelta(days=2))

    purge_lookups()

    assert not ShareLink.objects.exists()
    assert Credential.objects.filter(pk=credential.pk).exists()


def test_the_wallet_shows_status_and_copies(center: Center, client: Client):
    credential = issued(CohortFactory(center=center))
    client.force_login(holder_of(credential))
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    copy = issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    render_certificate(job_id=credential.render_jobs.get(copy=copy).pk)

    page = client.get(reverse("certificates:mine")).content.decode()

    assert "سارية" in page
    assert reverse("certificates:download_copy", args=[credential.public_id, 1]) in page
    assert f"?certificate={credential.public_id}" in page


@pytest.mark.parametrize(("months", "days", "hint"), [(2, 90, "now"), (36, 90, "from"), (36, 0, "")])
def test_the_wallet_shows_when_to_renew(center: Center, client: Client, months: int, days: int, hint: str):
    today = timezone.localdate()
    type_ = credential_type()
    Term.objects.create(type=type_, months=1, renewable_days=30, since=today - dt.timedelta(days=9))
    Term.objects.create(type=type_, months=months, renewable_days=days, since=today)
    credential = issued(CohortFactory(center=center))
    client.force_login(holder_of(credential))

    with translation.override("en"):
        page = client.get(reverse("certificates:mine")).content.decode()

    assert "In force until" in page
    assert re.findall(r"You can renew it (now|from)", page) == ([hint] if hint else [])
    assert renewable(Credential.objects.all(), day=today).exists() == (hint == "now")


def test_a_wallet_belongs_to_a_person(center: Center, client: Client):
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=center, user__person=None).user)

    assert client.get(reverse("certificates:links")).status_code == 404
    assert client.get(reverse("certificates:passports")).status_code == 404


def test_the_number_of_the_replacement_keeps_its_direction_in_an_arabic_wallet(
    holder_client: Client, credential: Credential, manager: User
):
    correct_person(
        person_id=credential.holder_id, full_name_ar="سعاد إبراهيم علي", full_name_en="Soad Ali", by=manager
    )
    replacement = corrected(credential, by=manager)

    page = holder_client.get("/ar/certificates/").content.decode()

    assert f'<bdi dir="ltr">{replacement.number}</bdi></a>' in page
