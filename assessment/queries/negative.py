"""Questions of the bank that those who know more get wrong more often: for their authors."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from accounts.scoping.hands import acting_as_shown
from assessment.models import ItemFigures, KeptVersion, Question

# Of the attempts of the owner: of a center's question those of that center, of the ministry's all.
_OF_OWNER = Q(analysis__center=F("analysis__question__owner")) | Q(
    analysis__center=None, analysis__question__owner=None
)


def negative_for(user: User) -> QuerySet[Question]:
    """Those that `user` wrote, until there is a new version, it is withdrawn, or its author said that it stays; the clearest first.

    With `discrimination` and `n` of the version in force.
    """
    figures = _negative(question=OuterRef("pk"), version=OuterRef("published"))
    hands = acting_as_shown(user)
    mine = Question.objects.in_force().filter(Q(author__in=hands) | Q(changed_by__in=hands))
    rows = fenced(mine, user=user, act=Act.WRITE_QUESTIONS).annotate(
        discrimination=Subquery(figures.values("discrimination")[:1]), n=Subquery(figures.values("n")[:1])
    )
    stays = KeptVersion.objects.filter(version=OuterRef("published"))
    return rows.filter(~Exists(stays), discrimination__isnull=False).order_by("discrimination", "pk")


def negative_figures_of(question: Question) -> ItemFigures | None:
    """Those of the version in force, where they are negative and no one said that it stays. One query at the most."""
    if not question.is_in_force:
        return None
    stays = KeptVersion.objects.filter(version=OuterRef("version"))
    return _negative(question=question, version=question.published_id).filter(~Exists(stays)).first()


def _negative(*, question: Any, version: Any) -> QuerySet[ItemFigures]:
    rows = ItemFigures.objects.filter(
        _OF_OWNER,
        version=version,
        analysis__question=question,
        analysis__program=None,
        analysis__cohort=None,
        analysis__year=None,
        discrimination__lt=0,
    )
    return rows.order_by("pk")
