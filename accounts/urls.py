"""Pages that stand before Wagtail's own at the same address."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from accounts.views import StaffAccountView, answer_offer, offers, staff_login

urlpatterns = [
    path("login/", staff_login),
    path("account/", require_admin_access(StaffAccountView.as_view())),
]

# Pages of the person who is logged in, on the site.
own_patterns = [
    path("offers/", offers, name="offers"),
    path("offers/<int:pk>/", answer_offer, name="answer_offer"),
]
