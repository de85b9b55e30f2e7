"""URLs that replace Wagtail's own pages at the same address."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from accounts.views.sign_in import StaffAccountView, staff_login

urlpatterns = [
    path("login/", staff_login),
    path("account/", require_admin_access(StaffAccountView.as_view())),
]
