"""Every address of the site."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path, re_path
from django.views.decorators.csp import csp_override
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from accounts.delivery_reports import sms_report
from accounts.login_urls import sign_in_patterns
from accounts.scoping.wagtail_views import enforce_rule
from accounts.urls import report_patterns
from certificates.urls import offline_patterns
from certificates.views import scanned
from certificates.views.passports import schema
from certificates.views.shared import sent
from live.urls import file_patterns as live_files
from lms.engines import modules_of_engines
from lms.page_passwords import enter_private_page
from lms.sitemaps import SITEMAPS
from lms.views import (
    favicon,
    healthz,
    identity_css,
    may_upload,
    picture,
    readyz,
    robots,
    styleguide,
    too_large,
)
from media_pipeline.urls import upload_patterns

handler500 = "lms.views.broken"

admin_pages = decorate_urlpatterns(
    decorate_urlpatterns(wagtailadmin_urls.urlpatterns, enforce_rule), csp_override(settings.ADMIN_CSP)
)

reports = decorate_urlpatterns(report_patterns, csp_override(settings.ADMIN_CSP))

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path("favicon.ico", favicon, name="favicon"),
    path("sitemap.xml", index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_part"}, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_part"),
    path("may-upload/", may_upload, name="may_upload"),
    re_path(
        r"^identity/(?P<accent>[0-9a-f]{6})-(?P<signal>[0-9a-f]{6})\.css$", identity_css, name="identity_css"
    ),
    path("", include(sign_in_patterns)),
    path("sms/reports/<str:token>/", sms_report, name="sms_report"),
    path("admin/", include("accounts.urls")),
    path("admin/", include(reports)),
    path("admin/", include(admin_pages)),
    path("documents/", include(wagtaildocs_urls)),
    # nginx serves them in the scaled mode.
    path("files/<path:path>", picture, name="picture"),
    path("", include("media_pipeline.urls")),
    path("", include((live_files, "live_files"))),
    path("", include("certificates.api_urls")),
    path("", include((offline_patterns, "offline_verifier"))),
    # What the QR code of a certificate holds: alone, and before the part that is checked without a network.
    path("v/<str:code>", scanned, name="scanned_certificate"),
    path("c/<str:code>", scanned, name="scanned_offline_certificate"),
    # What a holder of certificates sends to an employer.
    path("s/<str:token>", sent, name="share_link"),
    # In the short message that comes once a day.
    path("n/", RedirectView.as_view(pattern_name="account_notices"), name="short_notices"),
    path("schemas/skills-passport-1.json", schema, name="passport_schema"),
    *i18n_patterns(
        path("too-large/", too_large, name="too_large"),
        path("styleguide/", styleguide, name="styleguide"),
        path("accounts/", include("accounts.login_urls")),
        path("notices/", include("accounts.notice_urls")),
        path("accounts/", include("allauth.account.urls")),
        path("accounts/security/", include("allauth.mfa.urls")),
        path("", include("courses.urls")),
        path("teach/uploads/", include((upload_patterns, "uploads"))),
        path("live/", include("live.urls")),
        *(path("", include(module)) for module in modules_of_engines("urls")),
        path("", include("certificates.urls")),
        path("", include("insights.urls")),
        path("assessment/", include("assessment.urls")),
        # Wagtail's own login page counts no failed attempts: there is one login page.
        path("_util/login/", RedirectView.as_view(pattern_name="account_login"), name="wagtailcore_login"),
        path(
            "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
            enter_private_page,
            name="wagtailcore_authenticate_with_password",
        ),
        path("", include(wagtail_urls)),
    ),
]
