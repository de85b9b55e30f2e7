"""Polls, as the class and as staff see them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.services.formatting import format_list
from live.enums import PollState
from live.models import LiveSession, Poll, PollMark, PollVote
from live.queries.admission import Reader, person_name, plain_name

# How many closed polls a welcome lists; the staff's page about the class has all.
WELCOME_CLOSED = 3


def voter_mark(poll_id: int, user_id: int) -> str:
    """A keyed hash of voter and poll: it detects a second vote, and identifies the voter only with the site's key."""
    return salted_hmac("live.poll.mark", f"{poll_id}:{user_id}", algorithm="sha256").hexdigest()


def poll_facts(poll: Poll) -> dict[str, Any]:
    """The question and the settings of a poll, as written into its event."""
    return {
        "poll": poll.pk,
        "question": poll.question,
        "options": poll.options,
        "multiple": poll.is_multiple,
        "anonymous": poll.is_anonymous,
        "results": poll.results,
    }


def results_by_poll(polls: Collection[Poll]) -> dict[int, dict[str, Any]]:
    """`{"voters", "tally"}` of each poll, the tally by option; two queries whatever the number of polls."""
    named = [poll for poll in polls if not poll.is_anonymous]
    hidden = [poll for poll in polls if poll.is_anonymous]
    counts: dict[int, Counter[int]] = {poll.pk: Counter() for poll in polls}
    voters: Counter[int] = Counter()
    if named:
        for poll_id, options in PollVote.objects.filter(poll__in=named).values_list("poll_id", "options"):
            counts[poll_id].update(options)
            voters[poll_id] += 1
    if hidden:
        marks = PollMark.objects.filter(poll__in=hidden).order_by()
        voters.update(dict(marks.values_list("poll_id").annotate(Count("voter"))))
    return {
        poll.pk: {
            "voters": voters[poll.pk],
            "tally": poll.tallies
            if poll.is_anonymous
            else [counts[poll.pk][place] for place in range(len(poll.options))],
        }
        for poll in polls
    }


def results_of(poll: Poll) -> dict[str, Any]:
    return results_by_poll([poll])[poll.pk]


def polls_shown(reader: Reader) -> list[dict[str, Any]]:
    """Polls as of the welcome's event, oldest first: the open one and the last closed ones; for staff also prepared ones."""
    seq = reader.session.seq
    rows = Poll.objects.filter(session=reader.session, prepared_seq__lte=seq)
    asked = list(rows.filter(opened_seq__lte=seq).order_by("-opened_seq")[: WELCOME_CLOSED + 1])[::-1]
    prepared = rows.filter(Q(opened_seq__isnull=True) | Q(opened_seq__gt=seq)).filter(
        Q(discarded_seq__isnull=True) | Q(discarded_seq__gt=seq)
    )
    polls = [*asked, *(prepared if reader.is_staff else ())]
    results = results_by_poll(asked)
    mine = dict(PollVote.objects.filter(poll__in=asked, user=reader.user).values_list("poll_id", "options"))
    my_marks = [voter_mark(poll.pk, reader.user.pk) for poll in asked if poll.is_anonymous]
    marked = set(
        PollMark.objects.filter(poll__in=asked, voter__in=my_marks).values_list("poll_id", flat=True)
    )
    shown = []
    for poll in polls:
        one = {**poll_facts(poll), "state": poll.state_at(seq)}
        if poll.state_at(seq) != PollState.PREPARED:
            one["voters"] = results[poll.pk]["voters"]
            if reader.is_staff or poll.shows_results_at(seq):
                one["tally"] = results[poll.pk]["tally"]
            if reader.is_staff:
                one["shown"] = poll.shows_results_at(seq)
        if poll.pk in mine:
            one["mine"] = mine[poll.pk]
        if poll.pk in marked:
            one["voted"] = True
        shown.append(one)
    return shown


def earlier_polls(session: LiveSession) -> list[Poll]:
    """The last polls of the cohort's other classes, to be used again."""
    of_cohort = Poll.objects.filter(
        session__class_session__cohort=session.class_session.cohort_id, opened_seq__isnull=False
    )
    return list(of_cohort.exclude(session=session).order_by("-pk")[:20])


@dataclass(frozen=True, slots=True)
class OptionResult:
    """How often an option of a poll was chosen, and by whom in a named poll."""

    question: str
    option: str
    votes: int
    voters: int
    is_anonymous: bool
    names: tuple[str, ...]

    @property
    def percent(self) -> int:
        return round(100 * self.votes / self.voters) if self.voters else 0

    @property
    def people(self) -> str:
        return str(_("anonymous")) if self.is_anonymous else format_list(self.names)


@dataclass(frozen=True, slots=True)
class PollResult:
    poll: Poll
    state: PollState
    voters: int
    options: list[OptionResult]


def poll_results(session: LiveSession) -> list[PollResult]:
    """Every poll that was asked in a class, as evidence; three queries whatever the number of polls."""
    polls = list(Poll.objects.filter(session=session, opened_seq__isnull=False).order_by("opened_seq"))
    votes: dict[int, list[PollVote]] = {poll.pk: [] for poll in polls}
    for vote in PollVote.objects.filter(poll__in=polls).select_related("user__person"):
        votes[vote.poll_id].append(vote)
    marks = PollMark.objects.filter(poll__in=polls).order_by()
    marked = dict(marks.values_list("poll_id").annotate(Count("voter")))
    results = []
    for poll in polls:
        voters = marked.get(poll.pk, 0) if poll.is_anonymous else len(votes[poll.pk])
        options = []
        for place, option in enumerate(poll.options):
            names = sorted(
                plain_name(person_name(vote.user)) for vote in votes[poll.pk] if place in vote.options
            )
            count = poll.tallies[place] if poll.is_anonymous else len(names)
            options.append(
                OptionResult(poll.question, option, count, voters, poll.is_anonymous, tuple(names))
            )
        results.append(PollResult(poll, poll.state_at(session.seq), voters, options))
    return results
