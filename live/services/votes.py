"""Voting. A vote is not an event: it is a row or, in an anonymous poll, a count and a voter mark."""

import uuid
from collections.abc import Collection
from functools import partial

from django.db import transaction

from accounts.models import User
from live.enums import LiveRole
from live.errors import (
    AlreadyVoted,
    ClientIdTaken,
    NoSuchOption,
    NoSuchPoll,
    OneChoiceOnly,
    PollClosed,
    TraineesOnly,
)
from live.models import LiveSession, Poll, PollMark, PollVote
from live.queries.admission import role_in
from live.queries.polls import voter_mark
from live.server.event_gateway import event_gateway
from live.services.events import require_open


def require_trainee(session: LiveSession, user: User) -> None:
    if role_in(session, user) != LiveRole.TRAINEE:
        raise TraineesOnly


@transaction.atomic
def cast_vote(
    *, session_id: int, by: User, poll_id: int, options: Collection[int], client_id: uuid.UUID
) -> None:
    """Vote in an open poll. A named vote may be changed while it is open; an anonymous one is given once.

    Only the poll is locked, so that many votes do not delay messages of the room.
    """
    session = LiveSession.objects.select_related("class_session__cohort").get(pk=session_id)
    require_open(session)
    require_trainee(session, by)
    poll = (
        Poll.objects.select_for_update(no_key=True)
        .filter(session=session, pk=poll_id, opened_seq__isnull=False)
        .first()
    )
    if poll is None:
        raise NoSuchPoll
    if poll.is_anonymous and _is_sent_again(poll, by=by, client_id=client_id):
        return
    chosen = sorted(set(options))
    if poll.closed_seq is not None:
        if PollVote.objects.filter(poll=poll, user=by, options=chosen).exists():
            # The vote was counted in time; only the answer was lost.
            return
        raise PollClosed
    if not chosen or chosen[0] < 0 or chosen[-1] >= len(poll.options):
        raise NoSuchOption
    if len(chosen) > 1 and not poll.is_multiple:
        raise OneChoiceOnly
    if poll.is_anonymous:
        _mark(poll, by=by, chosen=chosen, client_id=client_id)
    else:
        PollVote.objects.update_or_create(poll=poll, user=by, defaults={"options": chosen})
    transaction.on_commit(partial(event_gateway.aggregate, session_id, f"poll:{poll.pk}"), robust=True)


def _is_sent_again(poll: Poll, *, by: User, client_id: uuid.UUID) -> bool:
    """Whether this vote was already counted; a different one of the same person is refused."""
    mark = PollMark.objects.filter(poll=poll, voter=voter_mark(poll.pk, by.pk)).first()
    if mark is None:
        return False
    if mark.client_id != client_id:
        raise AlreadyVoted if poll.closed_seq is None else PollClosed
    return True


def _mark(poll: Poll, *, by: User, chosen: list[int], client_id: uuid.UUID) -> None:
    if PollMark.objects.filter(poll=poll, client_id=client_id).exists():
        raise ClientIdTaken
    PollMark.objects.create(poll=poll, voter=voter_mark(poll.pk, by.pk), client_id=client_id)
    # The whole value is rewritten, so that the stored data does not show which count grew.
    poll.tallies = [count + (place in chosen) for place, count in enumerate(poll.tallies)]
    poll.save(update_fields=["tallies"])
