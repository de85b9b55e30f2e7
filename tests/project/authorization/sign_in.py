"""allauth's pages."""

from tests.project.authorization.table import Entry, closed, own, public, signed_in

PROOF = "The key in the address was sent to the holder of the login."

PROOFS = "It asks the holder of a login for a proof that this login has; others are asked for the password."

SIGN_IN: dict[str, Entry] = {
    "account_login": public("The login page."),
    "account_logout": public("It ends the own session, where there is one."),
    "account_signup": public("Anyone may register as a trainee."),
    "account_inactive": public("It says that a login is closed."),
    "account_reset_password": public("Anyone may ask for a mail to the address of a login."),
    "account_reset_password_done": public("It says that a mail was sent."),
    "account_reset_password_from_key": public(PROOF),
    "account_reset_password_from_key_done": public("It says that the password is new."),
    "account_confirm_email": public(PROOF),
    "account_email_verification_sent": public("It says that a mail was sent."),
    "account_confirm_login_code": public("It continues a login that was begun in this session."),
    "account_verify_phone": public("It continues a login that was begun in this session."),
    "account_reauthenticate": signed_in("The own login."),
    "account_request_reauthentication_code": own(PROOFS),
    "account_confirm_reauthentication_code": signed_in("The own login."),
    "account_email": signed_in("The own addresses."),
    "account_change_password": signed_in("The own password."),
    "account_set_password": signed_in("The own password."),
    "account_choose_password": signed_in("The own password, in the place of one that staff gave."),
    "account": signed_in("What is on record about oneself, and what one asks about it."),
    "account_data": signed_in("The own data as a file; 404 where there is no person."),
    "account_prove_number": signed_in("The own number, by a code that was sent to it."),
    "account_send_code": signed_in("A code to the own number; 404 where no codes are sent."),
    "account_recover": public("Anyone may ask for a code to a number; the answer is the same for all."),
    "account_recover_code": public("It continues what was begun in this session."),
    "account_recover_password": public("It continues what was begun in this session."),
    "account_sessions": signed_in("The own sessions."),
    "account_end_session": own("One's own session."),
    "account_end_other_sessions": signed_in("The own sessions."),
    "offers": signed_in("Roles that are offered to the user."),
    "answer_offer": own("A role that is offered to the user."),
    "mfa_index": signed_in("The own second factors."),
    "mfa_authenticate": public("It continues a login that was begun in this session."),
    "mfa_reauthenticate": own(PROOFS),
    "mfa_reauthenticate_webauthn": own(PROOFS),
    "mfa_*": signed_in("The own second factors."),
    "openid_connect_login": public("It leads to the identity provider, where there is one."),
    "openid_connect_callback": public("The identity provider sends its answer there."),
    "socialaccount_login_cancelled": public("It says that a login was canceled."),
    "socialaccount_login_error": public("It says that a login failed."),
    "socialaccount_signup": closed("The identity provider makes no logins."),
    "socialaccount_connections": signed_in("The own links with the identity provider."),
    "account_change_phone": closed("It would change one's own number, which is done at the desk."),
    "account_no_phone_change": closed("It shadows django-allauth's page."),
}
