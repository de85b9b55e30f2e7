"""Queries of drafts under review."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Page, Revision, TaskState
from wagtail.permissions import policy_registry

from accounts.enums import Act
from accounts.models import Center, ContentOwner, User
from accounts.scoping import acts_held, may_everywhere
from accounts.scoping.content import local_users_who_may
from accounts.scoping.hands import counting_among, hands_shown, lines_of
from courses.models import ContentReview
from courses.models.reviews import TakenOffline, changes_facts

MOST_REVIEWS = 50
LOOKED_AT_ONCE = 200


@dataclass(frozen=True)
class WaitingReview:
    """A draft that was submitted: `owner` is the center whose page it is, None for the ministry."""

    state: TaskState
    page: Page
    title: str
    owner: Center | None
    submitted_by: User | None
    since: dt.datetime


def reviews_under_way() -> QuerySet[TaskState]:
    """What was submitted and is not decided, the oldest first."""
    return (
        TaskState.objects.filter(
            status=TaskState.STATUS_IN_PROGRESS, task__in=ContentReview.objects.values("task_ptr")
        )
        .select_related("revision", "workflow_state__requested_by")
        .order_by("started_at", "pk")
    )


def reviews_waiting_for(user: User) -> list[WaitingReview]:
    """What `user` may decide about and is expected to, the oldest first and `MOST_REVIEWS` at most.

    Those of a center go to its own publishers who wrote none of it; the ministry is asked where there is none.
    """
    if Act.PUBLISH_CONTENT not in acts_held(user):
        return []
    reach = Page.objects.all()
    if not may_everywhere(user, Act.PUBLISH_CONTENT):
        reach = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "unlock")
    keys = reach.annotate(key=Cast("pk", CharField())).values("key")
    states = reviews_under_way().filter(revision__object_id__in=keys)
    waiting = itertools.chain.from_iterable(
        _expected_of(user, batch)
        for batch in itertools.batched(states.iterator(LOOKED_AT_ONCE), LOOKED_AT_ONCE)
    )
    return list(itertools.islice(waiting, MOST_REVIEWS))


def _expected_of(user: User, states: Sequence[TaskState]) -> list[WaitingReview]:
    """Those of the reviews within reach that `user` wrote nothing of and that no one nearer decides about."""
    pages = Page.objects.in_bulk([int(state.revision.object_id) for state in states])
    owners = _owners(pages.values())
    writers = _writers(pages)
    local = local_users_who_may(Act.PUBLISH_CONTENT, {owner for owner in owners.values() if owner})
    is_of_the_ministry = may_everywhere(user, Act.PUBLISH_CONTENT)
    hands = hands_shown(user)
    keys = {page.translation_key for page in pages.values()}
    kept_offline = set(
        TakenOffline.objects.filter(translation_key__in=keys, published_at=None).values_list(
            "translation_key", flat=True
        )
    )
    nearer = _nearer(local, writers) if is_of_the_ministry else None
    waiting = []
    for state in states:
        page = pages.get(int(state.revision.object_id))
        if page is None or not hands.isdisjoint(writers[page.pk]):
            continue
        owner = owners.get(page.pk)
        is_for_the_ministry = page.translation_key in kept_offline or changes_facts(page, state.revision)
        if is_for_the_ministry and not is_of_the_ministry:
            continue
        if nearer is not None and owner is not None and not is_for_the_ministry:
            there = nearer(owner, page)
            if there and user.pk not in there:
                continue
        waiting.append(
            WaitingReview(
                state=state,
                page=page,
                title=state.revision.object_str,
                owner=owner,
                submitted_by=state.workflow_state.requested_by,
                since=state.started_at,
            )
        )
    return waiting


def _nearer(local: dict[int, set[int]], writers: dict[int, set[int]]) -> Callable[[Center, Page], set[int]]:
    """Who at a center may decide about a page: those who count as a second person after its writers. Two queries."""
    candidates = set[int]().union(*local.values())
    lines = lines_of(candidates.union(*writers.values()))
    counting = counting_among(candidates)

    def nearer(owner: Center, page: Page) -> set[int]:
        wrote = frozenset[int]().union(*(lines[key] for key in writers[page.pk]))
        return {key for key in local[owner.pk] & counting if lines[key].isdisjoint(wrote)}

    return nearer


def _owners(pages: Iterable[Page]) -> dict[int, Center | None]:
    """The owner of each page, by the keys of the page and of those above it."""
    above = {
        page.pk: [page.path[:end] for end in range(Page.steplen, len(page.path) + 1, Page.steplen)]
        for page in pages
    }
    keys = dict(
        Page.objects.filter(path__in={path for paths in above.values() for path in paths}).values_list(
            "path", "translation_key"
        )
    )
    centers = {
        owner.translation_key: owner.center
        for owner in ContentOwner.objects.filter(translation_key__in=keys.values()).select_related("center")
    }
    return {
        pk: next((centers[keys[path]] for path in paths if keys.get(path) in centers), None)
        for pk, paths in above.items()
    }


def _writers(pages: dict[int, Page]) -> dict[int, set[int]]:
    """Who wrote what is not published yet on each page."""
    since = dict(
        Revision.objects.filter(
            pk__in=[page.live_revision_id for page in pages.values() if page.live_revision_id]
        ).values_list("object_id", "created_at")
    )
    writers: dict[int, set[int]] = defaultdict(set)
    revisions = Revision.page_revisions.filter(object_id__in=[str(pk) for pk in pages]).exclude(user=None)
    for object_id, user_id, created_at in revisions.values_list("object_id", "user", "created_at"):
        if object_id not in since or created_at > since[object_id]:
            writers[int(object_id)].add(user_id)
    return writers
