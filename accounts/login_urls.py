"""URLs of our pages about the user's own login; they share the language prefix with those of django-allauth."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("sessions/", views.sessions, name="account_sessions"),
    path("sessions/<int:pk>/end/", views.end_one_session, name="account_end_session"),
    path("sessions/end-others/", views.end_other_sessions, name="account_end_other_sessions"),
    path("password/choose/", views.choose_password, name="account_choose_password"),
    path("", views.account, name="account"),
    path("preferences/", views.preferences, name="account_preferences"),
    path("messages/", views.messages_to_you, name="account_messages"),
    path("photo/", views.photo, name="account_photo"),
    path("photo/file/", views.own_photo, name="account_photo_file"),
    path("photo/remove/", views.remove_own_photo, name="account_remove_photo"),
    path("number/", views.prove_own_number, name="account_prove_number"),
    path("number/send/", views.send_own_code, name="account_send_code"),
    path("recover/", views.recover, name="account_recover"),
    path("recover/code/", views.type_recovery_code, name="account_recover_code"),
    path("recover/password/", views.choose_recovered_password, name="account_recover_password"),
    path("data/", views.own_data, name="account_data"),
    path("offers/", views.offers, name="offers"),
    path("offers/<int:pk>/", views.answer_offer, name="answer_offer"),
    # django-allauth's page would let people change their number, which is done at the desk.
    path("phone/change/", views.no_such_page, name="account_no_phone_change"),
    path("provider/", include("allauth.socialaccount.urls")),
]

# Without the language: the identity provider knows one address of ours.
sign_in_patterns = [
    path("sign-in/<str:provider_id>/", views.sign_in_by_provider, name="openid_connect_login"),
    path("sign-in/<str:provider_id>/callback/", views.come_from_provider, name="openid_connect_callback"),
]
