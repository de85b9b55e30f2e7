"""Numbered sheets: each is used once, and nothing is printed on a sheet that the center does not have."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django.fixtures import Settings

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, User
from certificates import errors
from certificates.enums import SheetState
from certificates.models import Printout, Proposal, Sheet
from certificates.queries.security_paper import centers_short_of_paper, free_sheets
from certificates.services.printing import record_one_printed, record_printed, spoil_printout
from certificates.services.security_paper import deliver_sheets, end_sheet, recall_delivery
from tests.factories.accounts import CenterFactory, MembershipFactory, staff_member
from tests.factories.certificates import approved, drawn, proposed
from tests.factories.courses import CohortFactory
from tests.factories.printed_certificates import collected
from tests.factories.security_paper import sheets_in

pytestmark = pytest.mark.django_db

NOT_DELIVERED = (
    "INSERT INTO certificates_sheet (delivery_id, prefix, number, state, reason)"
    " SELECT max(id), 'AB', 500, 'free', '' FROM certificates_sheetdelivery"
)


@pytest.fixture
def registrar(center: Center) -> User:
    return staff_member(RoleName.REGISTRAR, center)


@pytest.fixture
def proposal(center: Center) -> Proposal:
    """Three drawn certificates of a kind that is printed on security paper, and ten sheets from AB000101 on."""
    proposal = proposed(CohortFactory(center=center), people=3)
    proposal.type.needs_security_paper = True
    proposal.type.save()
    for credential in approved(proposal):
        drawn(credential)
    sheets_in(center, 101, 110)
    return proposal


def sheets_of(printed: list[Printout]) -> list[int]:
    return [printout.sheet.number for printout in printed if printout.sheet]


def states() -> dict[int, str]:
    return dict(Sheet.objects.exclude(state=SheetState.FREE).values_list("number", "state"))


def test_a_print_run_takes_the_sheets_in_the_order_of_names_and_passes_over_what_is_gone(
    proposal: Proposal, registrar: User
):
    gone = Sheet.objects.get(number=103)
    end_sheet(sheet_id=gone.pk, state=SheetState.MISSING, reason="لم تصل", by=registrar)

    printed = record_printed(proposal_id=proposal.pk, first_sheet="ab ١٠٢", by=registrar)

    names = [printout.credential.holder.folded_name for printout in printed]
    assert names == sorted(names)
    assert sheets_of(printed) == [102, 104, 105]
    assert states() == {102: "used", 103: "missing", 104: "used", 105: "used"}


def test_no_sheet_is_used_twice_nor_one_that_the_center_does_not_have(proposal: Proposal, registrar: User):
    sheets_in(CenterFactory(), 201, 210)
    record_printed(proposal_id=proposal.pk, first_sheet="AB000101", count=1, by=registrar)

    for wrong, error in (
        ("", errors.SheetMissing),
        ("AB", errors.SheetUnreadable),
        ("AB000101", errors.SheetNotFree),
        ("AB000111", errors.SheetNotFree),
        ("AB000201", errors.SheetNotFree),
        ("AB000110", errors.NotEnoughPaper),
    ):
        with pytest.raises(error):
            record_printed(proposal_id=proposal.pk, first_sheet=wrong, by=registrar)

    assert states() == {101: "used"}


def test_a_spoiled_certificate_is_printed_again_on_another_sheet(
    client: Client, proposal: Proposal, registrar: User
):
    first, *_others = record_printed(proposal_id=proposal.pk, first_sheet="AB101", by=registrar)
    credential = first.credential

    with pytest.raises(errors.NothingToPrint):
        record_one_printed(credential_id=credential.pk, copy_number=None, sheet="AB104", by=registrar)
    spoil_printout(printout_id=first.pk, reason="حبر", by=registrar)
    with pytest.raises(errors.NotPrinted):
        collected(Printout(credential=credential))
    again = record_one_printed(credential_id=credential.pk, copy_number=None, sheet="AB104", by=registrar)
    collected(again)
    client.force_login(registrar)
    page = client.get(reverse("credentials:inspect", args=[credential.pk])).text

    assert states()[101] == SheetState.SPOILED
    assert "AB000101" in page
    assert "AB000104" in page


def test_the_public_page_names_the_sheet_where_the_kind_says_so(
    client: Client, proposal: Proposal, registrar: User
):
    (printout, *_others) = record_printed(proposal_id=proposal.pk, first_sheet="AB101", by=registrar)
    page = reverse("certificates:verify", args=[printout.credential.code])

    silent = client.get(page).text
    proposal.type.shows_sheet = True
    proposal.type.save()

    assert "AB000101" not in silent
    assert "AB000101" in client.get(page).text


def test_a_delivery_that_was_recorded_by_mistake_is_taken_back_and_its_numbers_go_to_another_center(
    client: Client, center: Center
):
    delivery, other = sheets_in(center, 101, 110), CenterFactory()
    page = reverse("sheet_deliveries:recall", args=[delivery.pk])
    client.force_login(delivery.by)

    shown = client.get(reverse("sheet_deliveries:inspect", args=[delivery.pk])).text
    client.post(page, {"reason": "لمركز آخر"})
    again = sheets_in(other, 101, 110)

    assert page in shown
    assert not free_sheets(center).exists()
    assert free_sheets(other).count() == 10
    with pytest.raises(errors.DeliveryInUse):
        recall_delivery(delivery_id=delivery.pk, reason="مرة أخرى", by=delivery.by)
    end_sheet(
        sheet_id=again.sheets.all()[0].pk,
        state=SheetState.MISSING,
        reason="ضاعت",
        by=staff_member(RoleName.REGISTRAR, other),
    )
    with pytest.raises(errors.DeliveryInUse):
        recall_delivery(delivery_id=again.pk, reason="متأخر", by=again.by)


def test_numbers_that_are_reversed_or_too_many_are_refused_in_a_sentence(client: Client, center: Center):
    ministry = MembershipFactory(
        role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None
    ).user
    client.force_login(ministry)
    typed = {"center": center.pk, "prefix": "AB", "received_on": timezone.localdate(), "received_by": "أ"}

    for first, last in ((20, 11), (1, 900_000)):
        page = client.post(reverse("sheet_deliveries:add"), typed | {"first": first, "last": last})

        assert "لا يسبق آخر رقم أول رقم" in page.text
        assert "sheet_delivery" not in page.context["form"].errors.as_text()


def test_a_number_is_in_one_delivery_and_only_the_ministry_assigns(center: Center, registrar: User):
    delivery = sheets_in(center, 101, 110)

    with pytest.raises(errors.SheetsDelivered):
        sheets_in(CenterFactory(), 110, 120)
    with pytest.raises(errors.SheetsDelivered) as refused:
        sheets_in(CenterFactory(), 99, 102)
    assert str(refused.value.facts["sheet"]) == str(delivery.sheets.get(number=101))
    with pytest.raises(errors.TooManySheets):
        sheets_in(center, 120, 111)
    with pytest.raises(errors.TooManySheets):
        sheets_in(center, 1000, 900_000)
    with pytest.raises(errors.NotAllowedHere):
        deliver_sheets(
            center=center, prefix="", first=1, last=2, received_on=delivery.received_on, received_by="أ", by=registrar
        )  # fmt: skip

    assert Sheet.objects.count() == 10


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE certificates_sheet SET state = 'free' WHERE state = 'used'", "used once"),
        ("UPDATE certificates_sheet SET number = 999 WHERE number = 109", "used once"),
        ("DELETE FROM certificates_sheet", "never changed"),
        ("UPDATE certificates_sheetdelivery SET last = 999", "never changed"),
        (
            NOT_DELIVERED,
            "not delivered",
        ),
        ("UPDATE certificates_printout SET sheet_id = NULL", "only spoiled"),
    ],
)
def test_the_database_keeps_the_sheets(proposal: Proposal, registrar: User, statement: str, refusal: str):
    record_printed(proposal_id=proposal.pk, first_sheet="AB101", by=registrar)

    with pytest.raises(DatabaseError, match=refusal), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_pages_record_a_print_run_and_count_what_is_left(
    client: Client, proposal: Proposal, registrar: User
):
    client.force_login(registrar)
    page = reverse("proposals:printed", args=[proposal.pk])

    assert "AB000101" in client.get(page).text
    client.post(page, {"count": "2", "first_sheet": "AB000101"})
    client.post(
        reverse("sheets:end", args=[Sheet.objects.get(number=110).pk]), {"state": "spoiled", "reason": "ماء"}
    )
    listed = client.get(reverse("sheet_deliveries:index")).context["object_list"]

    assert [(row.free, row.used, row.spoiled, row.missing) for row in listed] == [(7, 2, 1, 0)]


def test_numbers_are_read_from_left_to_right_on_one_line(client: Client, center: Center, registrar: User):
    delivery = sheets_in(center, 101, 103)
    client.force_login(registrar)

    pages = [client.get(reverse(f"{name}:index")).text for name in ("sheet_deliveries", "sheets")]

    for page, number in zip(pages, (delivery.label, delivery.label.split()[0]), strict=True):
        assert f'<bdi dir="ltr" class="w-whitespace-nowrap">{number}</bdi>' in page


def test_a_list_is_called_as_in_the_menu_and_a_filter_by_what_is_chosen(
    client: Client, center: Center, registrar: User
):
    delivery = sheets_in(center, 101, 103)
    client.force_login(registrar)

    with override("ar"):
        listed = client.get(reverse("sheet_deliveries:index"))
        page = client.get(reverse("sheet_deliveries:inspect", args=[delivery.pk]))
        sheets = client.get(reverse("sheets:index"))

        title = str(listed.context["view"].get_page_title())
        crumbs = [str(item["label"]) for item in page.context["breadcrumbs_items"]]
        label = str(sheets.context["filters"].form.fields["delivery__center"].label)
    assert title == crumbs[1] == "الورق المؤمَّن"
    assert label == "المركز"


def test_a_center_runs_out_of_paper_with_few_sheets_or_with_more_certificates_to_print(
    settings: Settings, proposal: Proposal, registrar: User, center: Center
):
    def short() -> list[tuple[int, int]]:
        return [(row.free, row.to_print) for row in centers_short_of_paper()]

    settings.SECURITY_PAPER_LOW = 0
    with_ten_for_three = short()
    for sheet in list(free_sheets(center))[:8]:
        end_sheet(sheet_id=sheet.pk, state=SheetState.MISSING, reason="لم يصل", by=registrar)
    with_two_for_three = short()
    sheets_in(center, 201, 220)
    with_more = short()
    settings.SECURITY_PAPER_LOW = 30

    assert (with_ten_for_three, with_two_for_three, with_more) == ([], [(2, 3)], [])
    assert short() == [(22, 3)]
