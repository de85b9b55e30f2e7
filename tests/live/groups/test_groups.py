"""Groups: lists, rounds, and who receives what."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from live.enums import Division, EventKind, LiveRole
from live.errors import (
    GroupsAlreadyOpen,
    GroupsEmpty,
    GroupsNotOpen,
    MessageRefused,
    Muted,
    NoSuchGroup,
    NoSuchPerson,
    NotInGroup,
    RoomEnded,
    RoomNotOpen,
    TooManyGroupLists,
)
from live.models import Event, GroupList, GroupMembership, GroupRound, LiveSession, RoomEntry
from live.queries.admission import participant_key
from live.queries.groups import group_desk_of
from live.services import group_lists
from live.services.chat import remove_message
from live.services.group_lists import discard_groups, place_in_list, prepare_groups
from live.services.group_talk import announce_to_groups, call_to_group, visit_group
from live.services.groups import close_due_groups, open_groups
from live.services.moderation import mute_person
from live.services.sessions import end_room
from tests.factories.accounts import TraineeFactory
from tests.factories.live import LiveSessionFactory
from tests.live.conftest import enrolled, instructor_of
from tests.live.groups.grouping import listed, moved, opened, said, shown_to, told_to


@pytest.fixture
def people(session):
    return [enrolled(session) for _ in range(4)]


def places(prepared: GroupList) -> dict[int, int]:
    return dict(prepared.places.values_list("user", "group"))


def key(session: LiveSession, user) -> str:
    return participant_key(session.pk, user.pk)


# --- Lists ---------------------------------------------------------------------------------------------------------


def test_chance_deals_those_who_are_here_evenly_and_the_others_evenly_too(session, instructor):
    class_ = [enrolled(session) for _ in range(7)]
    here = class_[:4]
    for user in here:
        RoomEntry.objects.create(
            session=session, user=user, entered_at=timezone.now(), seen_at=timezone.now()
        )

    prepared = prepare_groups(session_id=session.pk, by=instructor, groups=2, division=Division.RANDOM)

    dealt = places(prepared)
    assert sorted(dealt[user.pk] for user in here) == [1, 1, 2, 2]
    assert sorted(dealt.values()) in ([1, 1, 1, 1, 2, 2, 2], [1, 1, 1, 2, 2, 2, 2])


def test_the_order_of_names_deals_neighbors_into_one_group(session, instructor):
    names = ["أحمد", "بسمة", "تامر", "جمال", "داليا"]
    users = {name: enrolled(session, person__full_name_ar=name) for name in reversed(names)}

    prepared = prepare_groups(session_id=session.pk, by=instructor, groups=2, division=Division.ORDER)

    assert [places(prepared)[users[name].pk] for name in names] == [1, 1, 1, 2, 2]


def test_a_list_prepared_before_class_serves_next_weeks_class_of_the_cohort_alone(planned):
    instructor, trainee = instructor_of(planned), enrolled(planned)
    prepared = listed(planned, instructor, [trainee])
    cohort = planned.class_session.cohort
    in_a_week = planned.class_session.starts_at + dt.timedelta(days=7)
    next_week = LiveSessionFactory(class_session__cohort=cohort, class_session__starts_at=in_a_week)
    other = LiveSessionFactory(class_session__cohort__center=cohort.center)

    assert group_desk_of(next_week)["people"][0]["place"] == 1
    assert group_desk_of(other)["lists"] == []
    with pytest.raises(NoSuchGroup):
        discard_groups(session_id=other.pk, by=instructor, list_id=prepared.pk)


def test_a_list_is_changed_by_hand_person_by_person(session, instructor, people):
    prepared = listed(session, instructor, people[:2])
    place = {"session_id": session.pk, "by": instructor, "list_id": prepared.pk}

    place_in_list(**place, who=key(session, people[0]), group=2)
    place_in_list(**place, who=key(session, people[1]), group=None)

    assert places(prepared) == {people[0].pk: 2}
    with pytest.raises(NoSuchGroup):
        place_in_list(**place, who=key(session, people[0]), group=3)
    with pytest.raises(NoSuchPerson):
        place_in_list(**place, who=key(session, TraineeFactory()), group=1)


def test_a_prepare_command_sent_twice_makes_one_list_and_lists_are_limited(session, instructor, monkeypatch):
    monkeypatch.setattr(group_lists, "MOST_LISTS", 2)
    prepare = {"session_id": session.pk, "by": instructor, "groups": 2, "division": Division.HAND}
    command = uuid.uuid4()

    first = prepare_groups(**prepare, client_id=command, name="ورشة \u202eاللحام")
    again = prepare_groups(**prepare, client_id=command)
    prepare_groups(**prepare)

    assert first == again
    assert first.name == "ورشة اللحام"
    with pytest.raises(TooManyGroupLists):
        prepare_groups(**prepare)


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_asks_the_same_of_the_database_however_long(
    session, instructor, count, django_assert_num_queries
):
    opened(session, instructor, [enrolled(session) for _ in range(count)])

    with django_assert_num_queries(5):
        desk = group_desk_of(session)

    assert [person["seat"] for person in desk["people"]] == [1] * count


# --- Open groups -------------------------------------------------------------------------------------------------------


def test_members_receive_their_own_group_and_others_that_groups_exist(session, instructor, people):
    a, b, c, outside = people

    seq = opened(session, instructor, [a, b], [c], minutes=5)

    mine, theirs, nobodys = (told_to(session, user)[seq] for user in (a, c, outside))
    # In the order of their names, which the factory's numbers turn round at a hundred.
    assert (mine["group"], {one["who"] for one in mine["members"]}) == (1, {key(session, a), key(session, b)})
    assert (theirs["group"], len(theirs["members"])) == (2, 1)
    assert "group" not in nobodys
    assert nobodys["groups"] == 2
    assert nobodys["ends"]


def test_messages_of_a_group_reach_its_members_and_staff(session, instructor, people):
    a, b, c, outside = people
    opened(session, instructor, [a, b], [c])

    seq = said(session, a, "الجواب عندنا ثلاثة")
    from_staff = said(session, instructor, "أحسنتم", group=2)

    assert told_to(session, b)[seq]["text"] == "الجواب عندنا ثلاثة"
    assert told_to(session, instructor, is_staff=True)[seq]["group"] == 1
    for user in (c, outside):
        assert set(told_to(session, user)[seq]) == {"seq", "kind", "at", "of"}
    assert told_to(session, c)[from_staff]["text"] == "أحسنتم"
    assert "text" not in told_to(session, a)[from_staff]
    assert [one["seq"] for one in shown_to(session, b)["messages"]] == [seq]
    assert [one["seq"] for one in shown_to(session, c)["messages"]] == [from_staff]
    assert shown_to(session, outside)["messages"] == []
    assert len(shown_to(session, instructor, LiveRole.INSTRUCTOR)["messages"]) == 2


def test_a_person_who_is_moved_receives_later_messages_and_keeps_earlier_ones(session, instructor, people):
    a, b, c, _ = people
    opened(session, instructor, [a, b], [c])
    before = said(session, c)
    own = said(session, a)

    move = moved(session, instructor, a, 2)
    left_behind, after = said(session, b), said(session, c)

    told = told_to(session, a)
    assert "text" not in told[before]
    assert told[own]["text"]
    assert [one["who"] for one in told[move]["members"]] == [key(session, c), key(session, a)]
    assert "text" not in told[left_behind]
    assert told[after]["text"]
    assert [one["seq"] for one in shown_to(session, a)["messages"]] == [own, after]
    assert told_to(session, b)[move]["left"] == 1
    assert "who" not in told_to(session, people[3])[move]
    assert moved(session, instructor, a, 2) is None


def test_a_call_is_open_until_an_instructor_visits_and_is_made_once(session, instructor, people):
    a, b, c, _ = people
    opened(session, instructor, [a, b], [c])

    call = call_to_group(session_id=session.pk, by=a)
    again = call_to_group(session_id=session.pk, by=b)

    assert call.seq == again.seq
    assert shown_to(session, instructor, LiveRole.INSTRUCTOR)["called"] == [1]
    assert shown_to(session, c)["called"] == []
    assert "who" not in told_to(session, c)[call.seq]
    visit = visit_group(session_id=session.pk, by=instructor, group=1)
    assert shown_to(session, instructor, LiveRole.INSTRUCTOR)["called"] == []
    assert "by" in told_to(session, b)[visit.seq]
    assert "by" not in told_to(session, c)[visit.seq]


def test_an_announcement_to_all_groups_reaches_everyone(session, instructor, people):
    opened(session, instructor, people[:2], people[2:3])

    event = announce_to_groups(session_id=session.pk, by=instructor, text="دقيقتان")

    assert all(told_to(session, user)[event.seq]["text"] == "دقيقتان" for user in people)


def test_mutes_apply_in_groups_and_a_removed_message_loses_its_text(session, instructor, people):
    a, b, c, _ = people
    opened(session, instructor, [a, b], [c])
    seq = said(session, a, "كلام مسيء")

    remove_message(session_id=session.pk, by=instructor, seq=seq)
    mute_person(session_id=session.pk, by=instructor, seq=seq)

    with pytest.raises(Muted):
        said(session, a)
    assert told_to(session, b)[seq]["removed"] is True
    assert "removed" not in told_to(session, c)[seq]
    assert "by" not in told_to(session, c)[seq]
    assert "مسيء" not in str([told_to(session, user) for user in (a, b, c)])
    assert shown_to(session, b)["messages"][0]["text"] == ""


def test_what_cannot_be_done_in_groups_is_refused(session, instructor, people, planned):
    a, b, outside, gone = people
    verb = {"session_id": session.pk, "by": instructor}
    prepared = listed(session, instructor, [a], [b])
    with pytest.raises(GroupsNotOpen):
        said(session, a)
    with pytest.raises(GroupsEmpty):
        open_groups(**verb, list_id=listed(session, instructor).pk)
    with pytest.raises(NoSuchGroup):
        open_groups(**verb, list_id=0)

    open_groups(**verb, list_id=prepared.pk)

    refusals = {
        GroupsAlreadyOpen: lambda: open_groups(**verb, list_id=prepared.pk),
        NotInGroup: lambda: said(session, outside),
        NoSuchGroup: lambda: said(session, instructor),
        MessageRefused: lambda: said(session, a, " \u202e "),
        NoSuchPerson: lambda: moved(session, instructor, TraineeFactory(), 1),
    }
    for error, act in refusals.items():
        with pytest.raises(error):
            act()
    with pytest.raises(NotInGroup):
        said(session, a, group=2)
    with pytest.raises(NotInGroup):
        call_to_group(session_id=session.pk, by=outside)
    with pytest.raises(NoSuchGroup):
        moved(session, instructor, gone, 3)
    with pytest.raises(NoSuchGroup):
        visit_group(**verb, group=3)
    other = instructor_of(planned)
    with pytest.raises(RoomNotOpen):
        opened(planned, other, [enrolled(planned)])


def test_a_person_who_left_the_cohort_is_in_no_group(session, instructor, people):
    a, b, *_ = people
    prepared = listed(session, instructor, [a, b])
    a.person.enrollments.update(state="withdrawn")

    open_groups(session_id=session.pk, by=instructor, list_id=prepared.pk)

    assert list(GroupMembership.objects.values_list("user", flat=True)) == [b.pk]


def test_groups_close_by_the_clock_once_and_their_talk_stays_to_be_read(session, instructor, people, clock):
    opened(session, instructor, people, minutes=5)
    seq = said(session, people[0])
    clock.now += dt.timedelta(minutes=4)
    early = close_due_groups()

    clock.now += dt.timedelta(minutes=2)

    assert (early, close_due_groups(), close_due_groups()) == (0, 1, 0)
    shown = shown_to(session, people[1])
    assert (shown["open"], [one["seq"] for one in shown["messages"]]) == (False, [seq])
    with pytest.raises(GroupsNotOpen):
        said(session, people[0])


def test_the_end_of_the_class_closes_its_groups(session, instructor, people):
    opened(session, instructor, people)

    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")

    kinds = list(Event.objects.order_by("-seq").values_list("kind", flat=True)[:2])
    assert kinds == [EventKind.ROOM_ENDED, EventKind.GROUP_CLOSED]
    assert GroupRound.objects.filter(closed_seq=None).count() == 0
    with pytest.raises(RoomEnded):
        said(session, people[0])
