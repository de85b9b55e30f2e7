"""Signals of this app."""

from django.dispatch import Signal

login_closed = Signal()
"""A login was closed: whatever its holder still has open ends now.

Sent by `accounts.services.deactivate_login` inside its transaction, with `send` (receivers fail together with it).

kwargs:
    user: the closed `accounts.models.User`.
"""

role_ended = Signal()
"""A user ended a role before its end date, or a deputy ended early. Not sent for what reaches its end date.

Sent by `accounts.services.end_role` and `accounts.services.lendings.end_lending` inside their transaction, with `send` (receivers fail together with it).

kwargs:
    membership: the ended `accounts.models.Membership`.
"""

center_changed = Signal()
"""A center has another name, governorate or state than before.

Sent by the page that changes centers (`accounts.viewsets.people.CenterPlaceViewSet`) inside its transaction, with `send`.

kwargs:
    center: the saved `accounts.models.Center`.
"""
