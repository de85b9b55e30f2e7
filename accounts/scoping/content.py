"""The fence around pages, pictures and documents.

A page belongs to the center that it, or the page above it, was assigned to (`ContentOwner`); all others are the
ministry's. Wagtail asks a policy about pages and one about pictures and documents; both answer from memberships, so no
group has any rights. Holders of `EDIT_CONTENT` for an owner write drafts; no role has Wagtail's own right to publish:
that takes a review (`courses.services.reviews`).
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from wagtail.models import Collection, Page
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from accounts.enums import Act, MembershipScope
from accounts.models import Center, CenterLibrary, ContentOwner, HeldRole, Membership, User
from accounts.rule import acts_on
from accounts.scoping import acts_held, centers_where, held_today, may_everywhere

# The actions that Wagtail checks.
PAGE_VERBS = {
    verb: act
    for verb, act in acts_on("wagtailcore.Page").items()
    if verb in {"add", "change", "lock", "unlock"}
}
# Wagtail lets those who may add change what they added themselves.
LIBRARY_VERBS = acts_on("wagtailimages.Image")


def owner_of(page: Page) -> Center | None:
    """The center that writes `page`; None for the ministry."""
    keys = page.get_ancestors(inclusive=True).values("translation_key")
    owner = ContentOwner.objects.filter(translation_key__in=keys).select_related("center").first()
    return owner.center if owner else None


def may_handle(user: User, act: Act, page: Page) -> bool:
    """Whether `user` may do `act` to `page`: for its owner, or in the whole ministry."""
    if may_everywhere(user, act):
        return True
    owner = owner_of(page)
    return owner is not None and centers_where(user, act).filter(pk=owner.pk).exists()


def users_who_may(act: Act, owner: Center | None) -> QuerySet[User]:
    """The active users who may do `act` to content of `owner`; None for the ministry's."""
    place = Q(scope=MembershipScope.MINISTRY)
    if owner is not None:
        place |= Q(center=owner) | Q(scope=MembershipScope.GOVERNORATE, governorate=owner.governorate_id)
    held = Membership.objects.current().filter(place).able_to(act)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def local_users_who_may(act: Act, centers: Set[Center]) -> dict[int, set[int]]:
    """Keys of the active users who may do `act` for each of these centers by a role there or in its governorate."""
    held = (
        Membership.objects.current()
        .filter(
            Q(scope=MembershipScope.CENTER, center__in=centers)
            | Q(
                scope=MembershipScope.GOVERNORATE,
                governorate__in={center.governorate_id for center in centers},
            ),
            user__is_active=True,
        )
        .able_to(act)
    )
    users: dict[int, set[int]] = defaultdict(set)
    for user_id, center_id, governorate_id in held.values_list("user", "center", "governorate"):
        for center in centers:
            if center.pk == center_id or (center_id is None and center.governorate_id == governorate_id):
                users[center.pk].add(user_id)
    return users


# By identity: Wagtail puts grants into sets, and a permission that is not saved has no hash.
@dataclass(frozen=True, eq=False)
class PageGrant:
    """What Wagtail knows as a permission of a group on a page and everything under it."""

    page: Page
    permission: Permission

    @property
    def page_id(self) -> int:
        return int(self.page.pk)


def _roots(writing: Iterable[HeldRole]) -> QuerySet[Page]:
    """The pages at which rights begin, each with the keys of the `center` that writes it and of its governorate, or None; and the
    root of the tree.
    """
    owners = ContentOwner.objects.filter(translation_key=OuterRef("translation_key"))
    roots = Q(depth=1)
    for held in writing:
        if held.scope == MembershipScope.MINISTRY:
            roots |= Q(depth=2)
        elif held.scope == MembershipScope.GOVERNORATE:
            roots |= Q(governorate_of_center=held.governorate)
        else:
            roots |= Q(center=held.center)
    return Page.objects.annotate(
        center=Subquery(owners.values("center")[:1]),
        governorate_of_center=Subquery(owners.values("center__governorate")[:1]),
    ).filter(roots)


def _reaches(held: HeldRole, page: Any) -> bool:
    """Whether a role reaches one of the pages that `_roots` found."""
    match held.scope:
        case MembershipScope.MINISTRY:
            return True
        case MembershipScope.GOVERNORATE:
            return bool(held.governorate == page.governorate_of_center)
    return bool(held.center == page.center)


class MembershipPagePolicy(PagePermissionPolicy):
    """Answers about pages from memberships; Wagtail's rows of group permissions are not asked."""

    def get_all_permissions_for_user(self, user: User) -> list[PageGrant]:
        """One query more than the roles: every page of the workplace asks, to draw its menu."""
        if not user.is_active or user.is_anonymous or user.is_superuser:
            return []
        writing = [held for held in held_today(user) if held.acts.intersection(PAGE_VERBS.values())]
        if not writing:
            return []
        grants = []
        for page in _roots(writing):
            if page.is_root():
                user._root_of_pages = page
                continue
            acts = {act for held in writing if _reaches(held, page) for act in held.acts}
            grants += [
                PageGrant(page, Permission(codename=f"{verb}_page"))
                for verb, act in PAGE_VERBS.items()
                if act in acts
            ]
        return grants

    def explorable_root_instance(self, user: User) -> Page | None:
        """As Wagtail's, from pages that were read with the rights: every page of the workplace asks, to draw its menu."""
        pages = {grant.page.path: grant.page for grant in self.get_cached_permissions_for_user(user)}
        if len(pages) == 1:
            return next(iter(pages.values()))
        # As the pages of a center in two languages.
        have_no_front_in_common = len({path[: 2 * Page.steplen] for path in pages}) > 1
        root: Page | None = (
            user._root_of_pages if have_no_front_in_common else super().explorable_root_instance(user)
        )
        return root

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> QuerySet[Page]:
        everything = self._base_queryset_for_user(user)
        if everything is not None:
            return everything
        wanted = self._get_permission_codenames(actions)
        paths = {
            grant.page.path
            for grant in self.get_cached_permissions_for_user(user)
            if grant.permission.codename in wanted
        }
        under = [Q(path__startswith=path) for path in sorted(paths)]
        pages = self.model._default_manager
        return pages.filter(reduce(or_, under)) if under else pages.none()

    def users_with_any_permission(
        self,
        actions: Iterable[str],
        include_superusers: bool = True,  # noqa: FBT001, FBT002 - Wagtail's signature
    ) -> QuerySet[User]:
        held = Membership.objects.current().able_to(*_acts_for(actions))
        return _with_superusers(Q(pk__in=held.values("user")), include_superusers)

    def users_with_any_permission_for_instance(
        self,
        actions: Iterable[str],
        instance: Page,
        include_superusers: bool = True,  # noqa: FBT001, FBT002 - Wagtail's signature
    ) -> QuerySet[User]:
        return _with_superusers(_may_any(_acts_for(actions), owner_of(instance)), include_superusers)


def _acts_for(verbs: Iterable[str]) -> list[Act]:
    return list({PAGE_VERBS[verb] for verb in verbs if verb in PAGE_VERBS})


def _may_any(acts: Iterable[Act], owner: Center | None) -> Q:
    """Users who may do any of `acts` to content of `owner`."""
    return reduce(or_, (Q(pk__in=users_who_may(act, owner).values("pk")) for act in acts), Q(pk=None))


def _with_superusers(allowed: Q, include_superusers: bool) -> QuerySet[User]:  # noqa: FBT001 - Wagtail's word
    if include_superusers:
        allowed |= Q(is_superuser=True)
    return User.objects.filter(allowed, is_active=True)


class LibraryPolicy(CollectionOwnershipPermissionPolicy):
    """Answers about pictures and documents from memberships.

    A center adds to its own library and chooses from it and from the ministry's, which is every collection that no
    center has.
    """

    permission_cache_name = ""

    def _check_perm(self, user: User, actions: Iterable[str], collection: Collection | None = None) -> bool:
        if not (user.is_active and user.is_authenticated):
            return False
        if user.is_superuser:
            return True
        if collection is None:
            held = {verb for verb in actions if LIBRARY_VERBS.get(verb) in acts_held(user)}
            # Wagtail's form to add needs a collection, and a center without content has none.
            return bool(held - {"add"}) or ("add" in held and self._may_add_somewhere(user))
        return self._collections_with_perm(user, actions).filter(pk=collection.pk).exists()

    def _may_add_somewhere(self, user: User) -> bool:
        """Read once for the life of this user object: every page of the workplace asks, to draw its menu."""
        if not hasattr(user, "_has_library"):
            act = LIBRARY_VERBS["add"]
            user._has_library = (
                _is_everywhere(user, act) or self._collections_with_perm(user, ["add"]).exists()
            )
        return user._has_library

    def _collections_with_perm(self, user: User, actions: Iterable[str]) -> QuerySet[Collection]:
        reach = Q(pk=None)
        for verb in actions:
            act = LIBRARY_VERBS.get(verb)
            if act is None or act not in acts_held(user):
                continue
            if _is_everywhere(user, act):
                return Collection.objects.all()
            reach |= Q(Exists(_library_above().filter(center__in=centers_where(user, act))))
            if verb == "choose":
                reach |= ~Q(Exists(_library_above()))
        return Collection.objects.filter(reach)

    def _users_with_perm_filter(self, actions: Iterable[str], collection: Collection | None = None) -> Any:
        acts = {LIBRARY_VERBS[verb] for verb in actions if verb in LIBRARY_VERBS}
        if collection is None:
            held = Membership.objects.current().able_to(*acts)
            allowed = Q(pk__in=held.values("user"))
        else:
            library = CenterLibrary.objects.filter(collection=collection).select_related("center").first()
            owner = library.center if library else None
            allowed = _may_any(acts, owner)
        return Q(is_active=True) & (Q(is_superuser=True) | allowed)


def _is_everywhere(user: User, act: Act) -> bool:
    """Whether `user` holds `act` in the whole ministry, as of the first question in this request."""
    return any(held.scope == MembershipScope.MINISTRY and act in held.acts for held in held_today(user))


def _library_above() -> QuerySet[CenterLibrary]:
    """The library that a collection is, or lies in."""
    place = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    return CenterLibrary.objects.alias(place=place).filter(place__startswith=F("collection__path"))
