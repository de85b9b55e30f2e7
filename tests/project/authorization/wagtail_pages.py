"""Wagtail's own pages: those of content, and those that only superusers need.

A pattern covers addresses that are all alike; what differs has a row of its own.
"""

from tests.project.authorization.table import (
    Entry,
    closed,
    of,
    public,
    staff,
    superuser,
    viewset,
    wagtails,
)

PAGE = "wagtailcore.Page"
IMAGE = "wagtailimages.Image"
DOCUMENT = "wagtaildocs.Document"
ONE_LOGIN = "There is one login page, which counts failed attempts."
STATE = "Wagtail refuses it in some states of a page: under review, online, not an alias, not scheduled"
FILTERED = "It lists what the user may edit."


def of_page(verb: str, names: str, but: str = "") -> dict[str, Entry]:
    return {f"wagtailadmin_pages:{name}": of(PAGE, verb, but) for name in names.split()}


PAGES = {
    **of_page("change", "edit preview_on_edit view_draft history history_results workflow_history", STATE),
    **of_page("change", "revisions_index revisions_view revisions_revert revisions_compare", STATE),
    **of_page("change", "revisions_unschedule convert_alias workflow_history_detail", STATE),
    **of_page("change", "delete move move_confirm set_page_position copy usage", STATE),
    **of_page("change", "workflow_action collect_workflow_action_data workflow_preview", STATE),
    **of_page("change", "confirm_workflow_cancellation", STATE),
    **of_page("add", "add preview_on_add add_subpage", STATE),
    **of_page("lock", "lock", STATE),
    **of_page("unlock", "unlock", STATE),
    "wagtailadmin_pages:choose_parent": of(PAGE, "add", STATE),
    "wagtailadmin_pages:unpublish": superuser("Pages are taken offline by our own page, with a reason."),
    "wagtailadmin_pages:set_privacy": superuser("It takes Wagtail's right to publish, which no role holds."),
    "wagtailadmin_pages:search": staff(FILTERED),
    "wagtailadmin_pages:search_results": staff(FILTERED),
    "wagtailadmin_pages:type_use": staff(FILTERED),
    "wagtailadmin_pages:type_use_results": staff(FILTERED),
    "wagtailadmin_explore_root": staff(FILTERED),
    "wagtailadmin_explore": staff(FILTERED),
    "wagtailadmin_explore_results": staff(FILTERED),
    "wagtail_bulk_action": staff("Each row is asked about: tests/courses/pages/test_content_fence.py."),
    "simple_translation:submit_page_translation": superuser("No role holds Django's right to translate."),
    "wagtailadmin_block_preview": staff("It shows a block with invented words."),
}

LIBRARIES = {
    "wagtailimages:index": of(IMAGE, "add"),
    "wagtailimages:index_results": of(IMAGE, "add"),
    "wagtailimages:add": of(IMAGE, "add"),
    "wagtailimages:add_multiple": of(IMAGE, "add"),
    "wagtailimages:edit": of(IMAGE, "change"),
    "wagtailimages:delete": of(IMAGE, "change"),
    "wagtailimages:image_usage": of(IMAGE, "change"),
    "wagtailimages:edit_multiple": of(IMAGE, "change", "a POST of the page of many uploads"),
    "wagtailimages:delete_multiple": of(IMAGE, "change", "a POST of the page of many uploads"),
    "wagtailimages:*_uploaded_image": of(IMAGE, "add", "an upload of one's own"),
    "wagtailimages:delete_upload_multiple": of(IMAGE, "add", "an upload of one's own"),
    "wagtailimages:url_generator": closed("The site serves no pictures by generated addresses."),
    "wagtailimages:url_generator_output": closed("The site serves no pictures by generated addresses."),
    "wagtailimages:preview": closed("The site serves no pictures by generated addresses."),
    "wagtailimages_chooser:choose": of(IMAGE, "choose"),
    "wagtailimages_chooser:choose_results": of(IMAGE, "choose"),
    "wagtailimages_chooser:chosen": of(IMAGE, "choose"),
    "wagtailimages_chooser:chosen_multiple": of(IMAGE, "choose"),
    "wagtailimages_chooser:create": of(IMAGE, "add"),
    "wagtailimages_chooser:select_format": of(IMAGE, "choose"),
    "wagtaildocs:index": of(DOCUMENT, "add"),
    "wagtaildocs:index_results": of(DOCUMENT, "add"),
    "wagtaildocs:add": of(DOCUMENT, "add"),
    "wagtaildocs:add_multiple": of(DOCUMENT, "add"),
    "wagtaildocs:edit": of(DOCUMENT, "change"),
    "wagtaildocs:delete": of(DOCUMENT, "change"),
    "wagtaildocs:document_usage": of(DOCUMENT, "change"),
    "wagtaildocs:edit_multiple": of(DOCUMENT, "change", "a POST of the page of many uploads"),
    "wagtaildocs:delete_multiple": of(DOCUMENT, "change", "a POST of the page of many uploads"),
    "wagtaildocs:*_uploaded_document": of(DOCUMENT, "add", "an upload of one's own"),
    "wagtaildocs:delete_upload_multiple": of(DOCUMENT, "add", "an upload of one's own"),
    "wagtaildocs_chooser:choose": of(DOCUMENT, "choose"),
    "wagtaildocs_chooser:choose_results": of(DOCUMENT, "choose"),
    "wagtaildocs_chooser:chosen": of(DOCUMENT, "choose"),
    "wagtaildocs_chooser:chosen_multiple": of(DOCUMENT, "choose"),
    "wagtaildocs_chooser:create": of(DOCUMENT, "add"),
    # The same views, for the pictures of questions (`assessment.viewsets.picture_chooser`).
    **{
        f"question_picture_chooser:{name}": of(DOCUMENT, "choose")
        for name in ("choose", "choose_results", "chosen", "chosen_multiple")
    },
    "question_picture_chooser:create": of(DOCUMENT, "add"),
    "wagtaildocs_serve": public(
        "Documents of pages that are online; those of a private collection ask for its password."
    ),
    "wagtaildocs_authenticate_with_password": public("The password of a private collection."),
}

TEMPLATES = viewset(
    "wagtailsnippets_certificates_certificatetemplate",
    "certificates.CertificateTemplate",
    view="list list_results usage history history_results revisions_view revisions_compare",
    add="add copy preview_on_add",
    change="edit preview_on_edit revisions_revert revisions_unschedule",
    publish="unpublish",
    delete="delete",
) | viewset(
    "wagtailsnippetchoosers_certificates_certificatetemplate",
    "certificates.CertificateTemplate",
    view="choose choose_results chosen chosen_multiple",
)

WORKPLACE = {
    "wagtailadmin_home": staff("The first page of the workplace."),
    "wagtailadmin_account": staff("Our own page takes precedence at the same address."),
    "wagtailadmin_logout": public("It ends the own session, where there is one."),
    "wagtailadmin_dismissibles": staff("What the user closed on the own pages."),
    "wagtailadmin_editing_sessions:ping": staff("Each row is asked about by Wagtail."),
    "wagtailadmin_editing_sessions:release": staff("A session of one's own."),
    "wagtailadmin_sprite": public("Icons."),
    "wagtailadmin_javascript_catalog": public("Words of scripts."),
    "wagtailadmin_error_test": staff("It fails on purpose, to try the reporting of errors."),
    "wagtailadmin_login": closed(ONE_LOGIN),
    "wagtailadmin_password_reset": closed(ONE_LOGIN),
    "wagtailadmin_password_reset_done": closed(ONE_LOGIN),
    "wagtailadmin_password_reset_confirm": closed(ONE_LOGIN),
    "wagtailadmin_password_reset_complete": closed(ONE_LOGIN),
    "admin/test404/": staff("It shows the page of a missing row."),
    "admin/^.*/$": closed("There is no such page."),
    "wagtailadmin_api:*": staff("Each row is asked about: tests/courses/pages/test_content_fence.py."),
    "wagtailadmin_choose_page": staff("It offers what is online, and drafts that the user may edit."),
    "wagtailadmin_choose_page_child": staff("It offers what is online, and drafts that the user may edit."),
    "wagtailadmin_choose_page_search": staff("It offers what is online, and drafts that the user may edit."),
    "wagtailadmin_choose_page_chosen_multiple": staff("It names pages that are online."),
    "wagtailadmin_choose_page_*_link": staff("It makes a link of what was typed."),
    "wagtailadmin_tag_autocomplete": staff("Tags name no person."),
    "wagtailadmin_tag_model_autocomplete": staff("Tags name no person."),
    "wagtailembeds:*": staff("It takes the address of a film elsewhere; no block of ours holds one."),
    "wagtailsettings:edit": of("accounts.VisualIdentity", "change"),
    "wagtailsettings:preview_on_edit": closed("No setting has a preview."),
    "wagtailsnippets:index": closed(
        "Templates of certificates, the only snippets, have a place in the menu."
    ),
    "wagtailadmin_reports:locked_pages*": of(PAGE, "unlock", FILTERED),
    "admin/reports/locked/*": of(PAGE, "unlock", FILTERED),
    "admin/reports/workflow*": of(PAGE, "change", FILTERED),
    "admin/reports/site-history/*": staff(FILTERED),
    "admin/reports/aging-pages/*": of(PAGE, "change", FILTERED),
    "wagtailadmin_reports:workflow*": of(PAGE, "change", FILTERED),
    "wagtailadmin_reports:site_history*": staff(FILTERED),
    "wagtailadmin_reports:aging_pages*": of(PAGE, "change", FILTERED),
    "wagtailadmin_reports:page_types_usage*": of(PAGE, "change", FILTERED),
}

SUPERUSERS = {
    "wagtailadmin_collections:*": superuser("Libraries are made by our own service."),
    "wagtailadmin_workflows:*": superuser("Workflows are set up with the site."),
    "wagtaillocales:*": superuser("Languages are set up with the site."),
    "wagtailsites:*": superuser("Sites are set up with the site."),
    "simple_translation:submit_snippet_translation": superuser("No snippet is translated."),
}

PUBLIC = {
    "wagtail_serve": public("Published pages; lessons ask for the own enrollment."),
    "wagtailcore_login": public(ONE_LOGIN),
    "wagtailcore_authenticate_with_password": public("The password of a private page."),
}

WAGTAIL: dict[str, Entry] = wagtails({**PAGES, **LIBRARIES, **TEMPLATES, **WORKPLACE, **SUPERUSERS, **PUBLIC})
