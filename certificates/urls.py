"""Addresses of certificates, below the language prefix."""

from django.urls import path, re_path

from certificates import views
from certificates.views import bundles, passports, public, shared, sharing, wallet

app_name = "certificates"

urlpatterns = [
    path("verify/", views.check, name="verify"),
    path("verify/file/", public.check_pdf, name="check_file"),
    path("verify/list/", public.check_list, name="check_list"),
    # The error pages of nginx for requests that are too large.
    path("verify/file/too-large/", public.file_too_large, name="file_too_large"),
    path("verify/list/too-large/", public.list_too_large, name="list_too_large"),
    path("verify/<str:code>/badge.svg", public.badge, name="badge"),
    path("verify/<str:code>/", views.verify_code, name="verify"),
    path("certificates/bundles/<uuid:public_id>/", bundles.bundle, name="bundle"),
    path("certificates/", wallet.mine, name="mine"),
    path("certificates/<uuid:public_id>.pdf", wallet.download, name="download"),
    path("certificates/<uuid:public_id>/copies/<int:number>.pdf", wallet.download_copy, name="download_copy"),
    path("certificates/<uuid:public_id>/card.pdf", wallet.download_card, name="download_card"),
    path(
        "certificates/<uuid:public_id>/copies/<int:number>/card.pdf",
        wallet.download_copied_card,
        name="download_copied_card",
    ),
    path("certificates/links/", sharing.links, name="links"),
    path("certificates/links/new/", sharing.new_link, name="new_link"),
    path("certificates/links/<uuid:link_id>/end/", sharing.end, name="end_link"),
    path("certificates/passports/", passports.passports, name="passports"),
    path("certificates/passports/new/", passports.new_passport, name="new_passport"),
    path("certificates/passports/withdraw/", passports.withdraw_consent, name="withdraw_consent"),
    path("certificates/passports/<uuid:passport_id>.pdf", passports.passport_pdf, name="passport_pdf"),
    path("certificates/passports/<uuid:passport_id>.json", passports.passport_data, name="passport_data"),
    path(
        "certificates/passports/<uuid:passport_id>/links/",
        passports.new_passport_link,
        name="new_passport_link",
    ),
    path("certificates/passports/<uuid:passport_id>/withdraw/", passports.withdraw, name="withdraw_passport"),
    path("shared/<str:token>/", shared.shared, name="shared"),
    path("shared/<str:token>/<uuid:public_id>.pdf", shared.shared_certificate, name="shared_certificate"),
    re_path(
        r"^shared/(?P<token>[^/]+)/passport\.(?P<form>pdf|json)$",
        shared.shared_passport,
        name="shared_passport",
    ),
]

# Offline verification, outside the language prefix: one scope for its service worker.
offline_patterns = [
    path("verify/offline/", public.offline_home, name="home"),
    path("verify/offline/worker.js", public.offline_worker, name="worker"),
    path("verify/offline/manifest-<str:language>.webmanifest", public.offline_manifest, name="manifest"),
    path("verify/offline/<str:language>/", public.offline_page, name="page"),
    path("verify/keys.json", public.offline_keys, name="keys"),
    path("verify/hand-overs.json", public.offline_key_rollovers, name="hand_overs"),
    path("verify/status", public.offline_status, name="status"),
]
