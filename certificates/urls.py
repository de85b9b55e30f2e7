"""Addresses of certificates, below the language prefix."""

from django.urls import path

from certificates import views

app_name = "certificates"

urlpatterns = [
    path("verify/", views.check, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify"),
    path("certificates/", views.mine, name="mine"),
    path("certificates/bundles/<uuid:public_id>/", views.bundle, name="bundle"),
    path("certificates/<uuid:public_id>.pdf", views.download, name="download"),
]
