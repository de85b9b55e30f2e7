"""Addresses for programs: without a language prefix, and permanent, because certificates contain them."""

from django.urls import path, re_path

from certificates.api import api, documents

urlpatterns = [
    path(".well-known/did.json", documents.did_json, name="did_document"),
    re_path(
        r"^status/(?P<purpose>revocation|suspension)/(?P<number>0|[1-9][0-9]{0,12})$",
        documents.status_list_token,
        name="status_list",
    ),
    path("achievements/<slug:type_code>/<str:program_code>", documents.achievement, name="achievement"),
    path("api/", documents.documentation, {"api": api}, name="api_documentation"),
    path("api/", api.urls),
]
