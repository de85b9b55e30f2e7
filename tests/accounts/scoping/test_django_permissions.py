"""Django's and Wagtail's own tables of permissions give nothing."""

from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission

from accounts.enums import RoleName
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory, staff_member


def test_not_even_a_superuser_finds_pages_of_groups(db: None, client: Client):
    client.force_login(UserFactory(is_superuser=True))

    assert client.get("/admin/groups/").status_code == 404
    assert "/admin/groups/" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_group_of_django_gives_no_right_and_is_not_read(db: None, client: Client):
    """Rights come from memberships alone (ADR 7), whatever is in the tables of Django and Wagtail."""
    trainee, registrar = TraineeFactory(), staff_member(RoleName.REGISTRAR, CenterFactory())
    group = Group.objects.create(name="الكل")
    group.permissions.set(Permission.objects.all())
    GroupCollectionPermission.objects.create(
        group=group,
        collection=Collection.get_first_root_node(),
        permission=Permission.objects.get(codename="add_collection", content_type__app_label="wagtailcore"),
    )
    for user in (trainee, registrar):
        user.groups.add(group)
        user.user_permissions.set(Permission.objects.all())
    client.force_login(registrar)
    client.get(reverse("find"))

    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("find"))

    assert not trainee.has_perm("wagtailadmin.access_admin")
    assert registrar.get_all_permissions() == set()
    assert client.get(reverse("wagtailadmin_collections:index")).status_code in {302, 404}
    assert [one["sql"] for one in asked if "permission" in one["sql"]] == []
