"""Addresses of certificates, below the language prefix."""

from django.urls import path

from certificates import public_views, views

app_name = "certificates"

urlpatterns = [
    path("verify/", views.check, name="verify"),
    path("verify/file/", public_views.check_pdf, name="check_file"),
    path("verify/list/", public_views.check_list, name="check_list"),
    path("verify/<str:code>/badge.svg", public_views.badge, name="badge"),
    path("verify/<str:code>/", views.verify_code, name="verify"),
    path("certificates/", views.mine, name="mine"),
    path("certificates/<uuid:public_id>.pdf", views.download, name="download"),
]

# For verifiers without a network, outside the language prefix: one place whose worker answers for all below it.
offline_patterns = [
    path("verify/offline/", public_views.offline_home, name="home"),
    path("verify/offline/worker.js", public_views.offline_worker, name="worker"),
    path(
        "verify/offline/manifest-<str:language>.webmanifest", public_views.offline_manifest, name="manifest"
    ),
    path("verify/offline/<str:language>/", public_views.offline_page, name="page"),
    path("verify/keys.json", public_views.offline_keys, name="keys"),
    path("verify/status", public_views.offline_status, name="status"),
]
