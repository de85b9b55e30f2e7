"""Answers Wagtail's permission questions from memberships instead of Django permissions."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from django.db.models import Model, Q, QuerySet
from wagtail.models import Site
from wagtail.permission_policies import BasePermissionPolicy

from accounts.enums import Act
from accounts.models import Membership, User
from accounts.scoping import acts_held, fenced, holds_everywhere, may


class ActPolicy(BasePermissionPolicy):
    """Maps Wagtail's actions (`view`, `add`, `change`, `delete`, your own) to acts; no user may do an unmapped action.

    A policy alone fences nothing: Wagtail's generic views ask it about the model, not about the row. The views of
    `accounts.scoping.views` ask about the row.
    """

    def __init__(self, model: type[Model], acts: Mapping[str, Act]) -> None:
        super().__init__(model)
        self.acts = acts

    def user_has_permission(self, user: User, action: str) -> bool:
        return self.acts.get(action) in acts_held(user)

    def user_has_permission_for_instance(self, user: User, action: str, instance: Model) -> bool:
        act = self.acts.get(action)
        return act is not None and may(user, act, on=instance)

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> QuerySet[Model]:
        rows = self.model._default_manager.all()
        reach = [fenced(rows, user=user, act=self.acts[verb]) for verb in actions if verb in self.acts]
        return reduce(or_, reach, rows.none())

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        acts = [self.acts[verb] for verb in actions if verb in self.acts]
        members = Membership.objects.current().able_to(*acts).values("user")
        return User.objects.filter(Q(pk__in=members) | Q(is_superuser=True), is_active=True)


class SettingPolicy(ActPolicy):
    """Of a setting of the whole site: for a user who holds the act in the whole ministry. Wagtail asks about sites, not rows."""

    def user_has_permission(self, user: User, action: str) -> bool:
        act = self.acts.get(action)
        return act is not None and holds_everywhere(user, act)

    def user_has_permission_for_instance(self, user: User, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)

    def sites_user_has_permission_for(self, user: User, action: str) -> QuerySet[Site]:
        return Site.objects.all() if self.user_has_permission(user, action) else Site.objects.none()


class SuperusersPolicy(BasePermissionPolicy):
    """Of what superusers set up. Wagtail's own policies look into its tables of permissions by group."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return user.is_active and user.is_superuser

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.model._default_manager.all()
        return rows if user.is_active and user.is_superuser else rows.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        return User.objects.filter(is_superuser=True, is_active=True)


class MinistryPolicy(ActPolicy):
    """Every action of Wagtail's editor on rows of the ministry, for users who hold one act in the whole ministry.

    For snippets, whose views ask about the model; `accounts.backends` answers the questions that Wagtail asks of Django.
    The model says `center_path = None`.
    """

    VERBS = ("view", "add", "change", "delete", "publish", "lock", "unlock")

    def __init__(self, model: type[Model], act: Act) -> None:
        super().__init__(model, dict.fromkeys(self.VERBS, act))

    def user_has_permission(self, user: User, action: str) -> bool:
        act = self.acts.get(action)
        # Roles are read once a request: menus ask for several verbs of every model.
        return act is not None and holds_everywhere(user, act)
