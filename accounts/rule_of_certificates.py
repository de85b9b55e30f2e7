"""The rows of the table of permissions about certificates (`accounts.rule`)."""

from collections.abc import Mapping

from accounts.enums import Act
from accounts.grants import Grant

OWN_CERTIFICATE = (
    "not on a certificate of one's own; not who taught, proposed or decides already (`certificates.services`)"
)
_OWN_FEE = "not one's own; who does it does not decide about that certificate (`certificates.services.fees`)"

OF_CERTIFICATES: Mapping[str, Mapping[str, Grant]] = {
    "certificates.CertificateTemplate": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
        "change": Grant(Act.SET_RULES),
        "publish": Grant(Act.SET_RULES),
        "delete": Grant(Act.SET_RULES),
    },
    "certificates.CredentialType": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
        "change": Grant(Act.SET_RULES),
    },
    "certificates.IssuingRule": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
    },
    "certificates.Term": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
        "change": Grant(Act.SET_RULES),
    },
    "certificates.Fee": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
        "change": Grant(Act.SET_RULES),
    },
    "certificates.Proposal": {
        "view": Grant(Act.VIEW_CERTIFICATES),
        "add": Grant(Act.PROPOSE_CERTIFICATES, OWN_CERTIFICATE),
        "decide": Grant(Act.APPROVE_CERTIFICATES, OWN_CERTIFICATE, second_to="proposed them"),
        "mend": Grant(Act.PROPOSE_CERTIFICATES),
        "withdraw": Grant(Act.PROPOSE_CERTIFICATES, "before anyone decided"),
        "record_fees": Grant(Act.RECORD_FEES, _OWN_FEE),
        "waive_fees": Grant(Act.WAIVE_FEES, _OWN_FEE),
        "hand_out": Grant(Act.HAND_OUT_CERTIFICATES),
    },
    "certificates.Credential": {
        "view": Grant(Act.VIEW_CERTIFICATES),
        "propose": Grant(Act.PROPOSE_CERTIFICATES, OWN_CERTIFICATE),
        "revoke": Grant(
            Act.REVOKE_CERTIFICATES,
            "not a certificate of one's own; not who proposed or suspended it (`certificates.services.proceedings`)",
        ),
        "lift_doubt": Grant(Act.APPROVE_CERTIFICATES, "not one's own; not who taught or marked for it"),
        "copy_paper": Grant(Act.APPROVE_CERTIFICATES),
        "record_fees": Grant(Act.RECORD_FEES, _OWN_FEE),
        "waive_fees": Grant(Act.WAIVE_FEES, _OWN_FEE),
        "hand_out": Grant(Act.HAND_OUT_CERTIFICATES, "not one's own"),
    },
    "certificates.Printout": {
        "view": Grant(Act.VIEW_CERTIFICATES),
        "hand_out": Grant(Act.HAND_OUT_CERTIFICATES, "not one's own, nor what was collected"),
    },
    "certificates.Collection": {
        "view": Grant(Act.VIEW_CERTIFICATES),
        "undo": Grant(Act.HAND_OUT_CERTIFICATES, "not one's own"),
    },
    "certificates.SheetDelivery": {
        "view": Grant(Act.VIEW_CERTIFICATES),
        "add": Grant(Act.ASSIGN_PAPER),
        "recall": Grant(Act.ASSIGN_PAPER, "as long as all of its sheets are in stock"),
    },
    "certificates.Sheet": {
        "view": Grant(Act.VIEW_CERTIFICATES),
        "end": Grant(Act.HAND_OUT_CERTIFICATES, "sheets on which nothing was printed"),
    },
    "certificates.SettledFee": {
        "view": Grant(Act.VIEW_CERTIFICATES),
        "cancel": Grant(Act.RECORD_FEES, "receipts on which nothing was issued; not one's own"),
        "cancel_waiver": Grant(Act.WAIVE_FEES, "waivers on which nothing was issued; not one's own"),
    },
    "certificates.LegacyBatch": {
        "view": Grant(Act.VIEW_CERTIFICATES),
        "add": Grant(Act.PROPOSE_CERTIFICATES),
        "enter": Grant(Act.APPROVE_CERTIFICATES),
    },
    "certificates.LegacyPaper": {
        "view": Grant(Act.VIEW_CERTIFICATES),
        "change": Grant(Act.PROPOSE_CERTIFICATES),
        "delete": Grant(Act.PROPOSE_CERTIFICATES),
        "check": Grant(Act.APPROVE_CERTIFICATES, "not who entered it", second_to="typed it"),
    },
    "certificates.ApiClient": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
        "delete": Grant(Act.SET_RULES),
    },
    "certificates.Webhook": {
        "view": Grant(Act.SET_RULES),
        "add": Grant(Act.SET_RULES),
        "change": Grant(Act.SET_RULES),
    },
    "certificates.WebhookDelivery": {
        "view": Grant(Act.SET_RULES),
        "resend": Grant(Act.SET_RULES),
    },
}
