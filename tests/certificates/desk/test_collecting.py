"""Printed certificates: recorded, told to their holders, and handed out once."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from accounts.enums import DocumentKind, NoticeState, RoleName
from accounts.models import Center, User
from certificates import errors
from certificates.enums import NoticeKind, Reason
from certificates.models import Collection, Credential, Notice, Printout
from certificates.services.collecting import Representative, hand_out, undo_collection
from certificates.services.notices import deliver_notices
from certificates.services.printing import record_printed, spoil_printout
from certificates.services.rendering import render_certificate
from certificates.services.statuses import issue_copy, suspend
from tests.factories.accounts import CenterFactory, TraineeFactory, staff_member
from tests.factories.certificates import credential_in
from tests.factories.printed_certificates import BROTHER, collected, drawn_in, printed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(center: Center) -> User:
    return staff_member(RoleName.REGISTRAR, center)


@pytest.fixture
def printout(center: Center) -> Printout:
    return printed_in(center)


def notice(credential: Credential, kind: NoticeKind) -> Notice:
    return Notice.objects.get(credential=credential, kind=kind)


def test_what_is_recorded_as_printed_is_told_once_and_waits(center: Center, registrar: User):
    credential = drawn_in(center)

    (printout,) = record_printed(proposal_id=credential.proposal_id, by=registrar)
    with pytest.raises(errors.NothingToPrint):
        record_printed(proposal_id=credential.proposal_id, by=registrar)

    assert notice(credential, NoticeKind.PRINTED).state == NoticeState.WAITING
    assert list(Printout.objects.waiting()) == [printout]


def test_what_is_not_drawn_cannot_have_been_printed(center: Center, registrar: User):
    credential = credential_in(center)

    with pytest.raises(errors.NothingToPrint):
        record_printed(proposal_id=credential.proposal_id, by=registrar)
    with pytest.raises(errors.NotDrawnYet):
        hand_out(
            credential_id=credential.pk,
            copy_number=None,
            document_kind=DocumentKind.NATIONAL_ID,
            representative=None,
            by=registrar,
        )


def test_a_paper_is_collected_once(printout: Printout):
    collected(printout)

    assert not Printout.objects.waiting().exists()
    with pytest.raises(errors.WasCollected):
        collected(printout, BROTHER)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO certificates_collection (printout_id, by_holder, document_kind, name, document_last4,"
            " authority, collected_at, by_id, undo_reason) SELECT printout_id, by_holder, document_kind, name,"
            " document_last4, authority, collected_at, by_id, '' FROM certificates_collection"
        )


def test_a_representative_is_named_and_the_holder_is_told(client: Client, printout: Printout):
    credential = printout.credential

    with pytest.raises(errors.RepresentativeIncomplete):
        collected(printout, Representative("محمود", "12", "توكيل"))
    collection = collected(printout, BROTHER)
    deliver_notices()
    client.force_login(TraineeFactory(person=credential.holder))
    page = client.get(reverse("certificates:mine")).text

    assert (collection.document_last4, collection.who) == ("4412", BROTHER.name)
    assert notice(credential, NoticeKind.COLLECTED).state != NoticeState.DROPPED
    # It was collected before the message was sent that it can be.
    assert notice(credential, NoticeKind.PRINTED).state == NoticeState.DROPPED
    assert BROTHER.name in page


def test_a_collection_is_undone_with_a_reason_and_the_paper_waits_again(printout: Printout, registrar: User):
    collection = collected(printout)

    with pytest.raises(errors.ReasonMissing):
        undo_collection(collection_id=collection.pk, reason="", by=registrar)
    undo_collection(collection_id=collection.pk, reason="شخص آخر", by=registrar)
    with pytest.raises(errors.WasUndone):
        undo_collection(collection_id=collection.pk, reason="شخص آخر", by=registrar)
    again = collected(printout)

    assert list(Collection.objects.order_by("pk")) == [collection, again]
    with pytest.raises(DatabaseError, match="only undone once"), connection.cursor() as cursor:
        cursor.execute("UPDATE certificates_collection SET by_holder = false, name = 'x', authority = 'y'")


def test_spoiled_paper_is_not_handed_out_and_printed_again(printout: Printout, registrar: User):
    spoil_printout(printout_id=printout.pk, reason="حبر", by=registrar)

    deliver_notices()
    (again,) = record_printed(proposal_id=printout.credential.proposal_id, by=registrar)
    collected(again)

    assert notice(printout.credential, NoticeKind.PRINTED).state == NoticeState.WAITING
    with pytest.raises(errors.WasCollected):
        spoil_printout(printout_id=again.pk, reason="حبر", by=registrar)
    with pytest.raises(DatabaseError, match="spoiled"), connection.cursor() as cursor:
        cursor.execute("UPDATE certificates_collection SET printout_id = printout_id WHERE false")
        cursor.execute(
            "INSERT INTO certificates_collection (printout_id, by_holder, document_kind, name, document_last4,"
            f" authority, collected_at, by_id, undo_reason) SELECT {printout.pk}, by_holder, document_kind, name,"
            " document_last4, authority, collected_at, by_id, '' FROM certificates_collection"
        )


def test_a_copy_is_handed_out_as_a_paper_of_its_own(center: Center, printout: Printout, registrar: User):
    collected(printout)
    officer = staff_member(RoleName.CERTIFYING_OFFICER, center)
    copy = issue_copy(credential_id=printout.credential_id, reason=Reason.LOST, by=officer)
    render_certificate(job_id=copy.render_jobs.get().pk)

    collection = hand_out(
        credential_id=printout.credential_id,
        copy_number=1,
        document_kind=DocumentKind.PASSPORT,
        representative=None,
        by=registrar,
    )

    assert collection.printout.copy == copy


def test_what_is_not_in_force_is_not_handed_out(center: Center, printout: Printout):
    officer = staff_member(RoleName.CERTIFYING_OFFICER, center)
    suspend(credential_id=printout.credential_id, reason=Reason.UNDER_INVESTIGATION, note="", by=officer)

    with pytest.raises(errors.NotInForce):
        collected(printout)


def test_no_one_hands_out_their_own_certificate_nor_one_of_another_center(
    printout: Printout, registrar: User
):
    def take(by: User) -> None:
        hand_out(
            credential_id=printout.credential_id,
            copy_number=None,
            document_kind=DocumentKind.NATIONAL_ID,
            representative=None,
            by=by,
        )

    registrar.person = printout.credential.holder
    registrar.save()

    with pytest.raises(errors.OwnRecord):
        take(registrar)
    with pytest.raises(errors.NotAllowedHere):
        take(staff_member(RoleName.REGISTRAR, CenterFactory()))
    with pytest.raises(DatabaseError, match="their own"):
        Collection.objects.create(
            printout=printout, by_holder=True, document_kind=DocumentKind.NATIONAL_ID, by=registrar
        )


def test_a_name_that_was_typed_for_a_representative_is_not_ignored(
    client: Client, printout: Printout, registrar: User
):
    client.force_login(registrar)
    page = reverse("credentials:hand_out", args=[printout.credential_id])
    typed = {"paper": "0", "document_kind": "national_id", "is_compared": "on", "name": "سعاد علي حسن"}

    for who in ({}, {"who": "holder"}):
        client.post(page, typed | who)

    assert not Collection.objects.exists()


def test_the_desk_hands_out_on_the_page_of_the_certificate(
    client: Client, printout: Printout, registrar: User
):
    client.force_login(registrar)
    certificate = reverse("credentials:inspect", args=[printout.credential_id])
    page = reverse("credentials:hand_out", args=[printout.credential_id])

    assert page in client.get(certificate).text
    client.post(page, {"paper": "0", "who": "holder", "document_kind": "national_id", "is_compared": "on"})

    collection = Collection.objects.get()
    assert (collection.by, collection.by_holder) == (registrar, True)
    assert page not in client.get(certificate).text
    for name, row in (("collected", collection), ("printouts", printout)):
        assert client.get(reverse(f"{name}:inspect", args=[row.pk])).status_code == 200
