"""URLs of the notices on the site."""

from django.urls import path

from accounts.views import notices

urlpatterns = [
    path("", notices.notices, name="account_notices"),
    path("read/", notices.read_notices, name="account_read_notices"),
    path("<int:pk>/", notices.notice, name="account_notice"),
    path("<int:pk>/read/", notices.read_one_notice, name="account_read_notice"),
]
