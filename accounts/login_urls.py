"""Pages of one's own login, below the language prefix and beside django-allauth's."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("sessions/", views.sessions, name="account_sessions"),
    path("sessions/<int:pk>/end/", views.end_one_session, name="account_end_session"),
    path("sessions/end-others/", views.end_other_sessions, name="account_end_other_sessions"),
]
