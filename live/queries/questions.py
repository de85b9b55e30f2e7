"""Questions, most voted first."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from live.enums import QuestionState
from live.models import LiveSession, Question, QuestionVote
from live.queries.admission import Reader, plain_name

# Limits of a welcome, which a phone on a slow connection loads before it shows anything.
WELCOME_WAITING = 20
WELCOME_ANSWERED = 5


def questions_with_votes(session: LiveSession) -> QuerySet[Any]:
    """The questions of a room, most voted first. The asker counts as a vote."""
    counted = Question.objects.filter(session=session).annotate(vote_count=Count("votes") + 1)
    return counted.order_by("-vote_count", "seq")


def questions_shown(reader: Reader) -> list[dict[str, Any]]:
    """Questions as of the welcome's event: the most voted open ones and the last answered ones."""
    seq = reader.session.seq
    own_vote = QuestionVote.objects.filter(question=OuterRef("pk"), user=reader.user)
    rows = questions_with_votes(reader.session).filter(seq__lte=seq).annotate(has_my_vote=Exists(own_vote))
    waiting = rows.filter(Q(resolved_seq__isnull=True) | Q(resolved_seq__gt=seq))[:WELCOME_WAITING]
    answered = rows.filter(state=QuestionState.ANSWERED, resolved_seq__lte=seq).order_by("-resolved_seq")
    return [
        {
            "seq": question.seq,
            "by": reader.key_of(question.asker_id),
            "name": plain_name(question.name),
            "text": question.text,
            "votes": question.vote_count,
            "voted": question.has_my_vote,
            "answered": question.state_at(seq) == QuestionState.ANSWERED,
        }
        for question in [*waiting, *answered[:WELCOME_ANSWERED]]
    ]
