"""Opens Wagtail's page tree and libraries to those whose roles write content.

Wagtail asks groups about pages, pictures and documents. Two groups answer, and memberships say who is in them:
whoever may `EDIT_CONTENT` somewhere writes drafts, whoever may `PUBLISH_CONTENT` somewhere publishes.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.enums import Act
from accounts.models import Membership, User
from accounts.roles import ROLES, roles_with

GROUPS = {Act.EDIT_CONTENT: "Authors", Act.PUBLISH_CONTENT: "Publishers"}
PAGE_PERMISSIONS = {
    Act.EDIT_CONTENT: ("add_page", "change_page"),
    Act.PUBLISH_CONTENT: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
LIBRARY_PERMISSIONS = ("add_image", "choose_image", "add_document", "choose_document")


@transaction.atomic
def open_pages_to_authors(*, page: Page) -> None:
    """Let authors write and publishers publish in the tree under `page`, the catalog's root. Safe to repeat."""
    for act, codenames in PAGE_PERMISSIONS.items():
        group = _author_group(act)
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailcore", content_type__model="page", codename__in=codenames
        ):
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


@transaction.atomic
def sync_author_groups(*, user: User) -> None:
    """Put `user` into the author groups that today's memberships entitle to, and out of the others."""
    held = set(Membership.objects.current().filter(user=user).values_list("role", flat=True))
    for act, name in GROUPS.items():
        if held.intersection(roles_with(act)):
            user.groups.add(_author_group(act))
        else:
            user.groups.remove(*Group.objects.filter(name=name))


@transaction.atomic
def drop_lapsed_authors() -> int:
    """Take out of the author groups whoever's roles ended by their date; return how many logins were looked at."""
    grouped = User.objects.filter(groups__name__in=GROUPS.values()).distinct()
    starting = User.objects.filter(
        memberships__in=Membership.objects.current().filter(role__in=_writing_roles())
    ).distinct()
    users = set(grouped) | set(starting)
    for user in users:
        sync_author_groups(user=user)
    return len(users)


def _writing_roles() -> list[str]:
    return [name for name, role in ROLES.items() if role.acts & GROUPS.keys()]


def _author_group(act: Act) -> Group:
    """The group of `act`, made with its library permissions when it is first needed."""
    group, created = Group.objects.get_or_create(name=GROUPS[act])
    if created:
        root = Collection.get_first_root_node() or Collection.add_root(name="Root")
        for permission in Permission.objects.filter(
            content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=LIBRARY_PERMISSIONS
        ):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )
    return group
