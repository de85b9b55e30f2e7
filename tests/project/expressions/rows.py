"""A row for each regular expression: what keeps it from taking longer than the text is long.

Those of `OURS` and `LIBRARIES` are linear and measured: to each module the constants and functions that have one, between spaces. An
expression that is not linear gets no row there: rewrite it (possessive quantifiers, a class without the character that it begins
with, `str.partition`), or bound the text before it and say so in `BOUNDED`.
"""

from django.core.validators import DomainNameValidator
from wagtail.embeds.oembed_providers import all_providers

from lms.middleware import OddRequestsMiddleware

PROVIDERS = [pattern for provider in all_providers for pattern in provider["urls"]]
# A text that no request chooses.
OUR_TEMPLATES = "the source of our templates, read once in each process"
OUR_ADDRESSES = "our own routes, read at the start"
SETTINGS = "settings of the operator, checked at the start"
DEMO = "pages of this site, as the journey of the demo reads them"

# Text from outside, of at most so many characters when it comes here, with who sees to it.
BOUNDED = {
    "django.utils.translation.trans_real accept_language_re": (
        500,
        "Django reads 500 characters of the header",
    ),
    "wagtail.embeds.finders.oembed OEmbedFinder.__init__": (2048, "Django's validator of the form's address"),
    "wagtail.embeds.finders.oembed OEmbedFinder._get_endpoint": (
        2048,
        "Django's validator of the form's address",
    ),
    r"address history/(?P<pk>.+)/revisions/compare/(?P<revision_id_a>live|earliest|\d+)\.\.\.(?P<revision_id_b>live|latest|\d+)/$": (
        OddRequestsMiddleware.LONGEST_PATH,
        "lms.middleware.OddRequestsMiddleware",
    ),
}
TRUSTED = {
    "accounts.errors DomainError.__init_subclass__.words": "names of our own classes",
    "live.whip.checks ADDRESS": SETTINGS,
    "lms.demo.browser Page.main_text.words": DEMO,
    "lms.demo.browser Page.main_text.words#2": DEMO,
    "lms.demo.desk DeskJourney._log_in_with.login": DEMO,
    "lms.demo.exam ExamJourney.take.told": DEMO,
    "manual.markdown NAMED_ANCHOR": "pages of the manual, which are files of the release",
    "manual.markdown _free_anchor.repeated": "pages of the manual, which are files of the release",
    "lms.body_limits limit_for": "expressions of the table, which the addresses below measure as well",
    "allauth.utils _generate_unique_username_base.username": "a sign-up by an OpenID provider, for which there is no address",
    "django.core.validators RegexValidator.__init__": "what it is given has a row where it is given",
    "django.core.validators int_list_validator.regexp": "no field uses it",
    "django.core.validators int_list_validator": "no field uses it",
    "django.forms.fields RegexField._set_regex.regex": "what it is given has a row where it is given",
    "django.forms.fields RegexField._set_regex": "what it is given has a row where it is given",
    "django.forms.fields FilePathField.set_choices": "no field uses it",
    "django.middleware.common BrokenLinkEmailsMiddleware.is_internal_request": "it is not installed",
    "django.middleware.security SecurityMiddleware.__init__": SETTINGS,
    "django.template.base tag_re": OUR_TEMPLATES,
    "django.template.base filter_re": OUR_TEMPLATES,
    "django.template.defaulttags do_for.loopvars": OUR_TEMPLATES,
    "django.utils.translation trim_whitespace_re": OUR_TEMPLATES,
    "django.urls.resolvers LocaleRegexDescriptor._compile": "addresses, which are measured themselves",
    "django.urls.resolvers LocaleRegexRouteDescriptor.__get__": "addresses, which are measured themselves",
    "django.urls.resolvers LocaleRegexRouteDescriptor.__get__#2": "addresses, which are measured themselves",
    "django.urls.resolvers _PATH_PARAMETER_COMPONENT_RE": OUR_ADDRESSES,
    "django.urls.resolvers LocalePrefixPattern.regex": "addresses, which are measured themselves",
    "django.urls.resolvers URLResolver._reverse_with_prefix": "addresses, which are measured themselves",
    "django.utils.regex_helper _lazy_re_compile._compile": "what it is given has a row where it is given",
    "modelcluster.queryset test_regex.regex": "no query asks for it",
    "modelcluster.queryset test_iregex.regex": "no query asks for it",
    "ninja.openapi.schema OpenAPISchema.get_paths.full_path": OUR_ADDRESSES,
    "ninja.signature.utils get_path_param_names": OUR_ADDRESSES,
    "wagtail.admin.icons icon_comment_pattern": "icons of the release",
    "wagtail.blocks.field_block RegexBlock.__init__": "what it is given has a row where it is given",
    "wagtail.coreutils get_js_regex.regex": "our own expressions, written for scripts",
    "wagtail.rich_text.rewriters FIND_A_TAG": "rich text as Wagtail writes it, in which texts hold no < and no quotes",
    "wagtail.rich_text.rewriters FIND_EMBED_TAG": "rich text as Wagtail writes it, in which texts hold no < and no quotes",
    "wagtail.rich_text.rewriters FIND_ATTRS": "rich text as Wagtail writes it, in which texts hold no < and no quotes",
}
# Those that a function makes, as it makes them.
MADE = {
    "assessment.exchange.gift _Answers._split.pieces": ["([=~])"],
    "live.broadcast.concatenation _boxes": [b"moof"],
    "django.core.validators DomainNameValidator.__init__": [DomainNameValidator().regex.pattern],
    "django.utils.http content_disposition_header": [r"^[\t \x21-\x7e]*$"],
    "wagtail.embeds.finders.oembed OEmbedFinder.__init__": PROVIDERS,
    "wagtail.embeds.finders.oembed OEmbedFinder._get_endpoint": PROVIDERS,
}

OURS = {
    "accounts.audit.labels": "MOMENT DAY",
    "accounts.checks": "ADDRESS ORIGIN WORD SENDER ISSUER",
    "accounts.folding": "SILENT ABD_AL",
    "accounts.identity_provider": "provider_id",
    "accounts.models.identity": "hex_color",
    "accounts.models.places": "TELEPHONE",
    "accounts.scoping.exports": "FORMULA CONTROLS NOT_IN_NAMES",
    "accounts.services.deliveries": "STATUS FAULT UNPRINTED",
    "accounts.services.formatting": "_KEPT _POINT",
    "accounts.services.identity_documents": (
        "PASSPORT_NUMBER is_carried_by.number normalize_passport_number.number"
    ),
    "accounts.services.logins": "USERNAME",
    "accounts.services.mistyped_numbers": "_lock _lock#2",
    "accounts.services.names": "ARABIC_NAME LATIN_LETTER",
    "assessment.bank_words": "_WORD",
    "assessment.blocks.gaps": "_PLACE",
    "assessment.blocks.hotspot": "_NUMBERS _APART",
    "assessment.blocks.lines": "VariableBlock.name",
    "assessment.exchange.areas": "area_in",
    "assessment.exchange.calculated": "read_calculated _formula.formula _variable _moodle_formula",
    "assessment.exchange.canonical": "_PREFIX _DIFFICULTY _answer.value _with_gaps_in_order",
    "assessment.exchange.cloze": "_BEGIN _INSIDE _ENTITY _WEIGHT _gap _held _released _escaped",
    "assessment.exchange.figures": "_PERCENT",
    "assessment.exchange.formats": "_COMMENT _ELEMENT",
    "assessment.exchange.gift": "_ESCAPE _FORMAT _WEIGHT _CATEGORY _ID _ID#2 _POINTS _ORDERING",
    "assessment.exchange.gift_writer": "_SPECIAL _html _html#2 _numbers _numbers#2",
    "assessment.exchange.markup": "_UNWRITABLE",
    "assessment.exchange.moodle_xml": "_GAP_OF_WORD",
    "assessment.exchange.qti_names": "as_version_3.renamed.attributes as_version_3 _camel _kebab",
    "assessment.exchange.qti_scoring": "Scoring.__init__",
    "assessment.exchange.table": "GUARDED _SEPARATOR _Row.numeric.value _Row._pieces _Row._variable",
    "assessment.exchange.table_columns": "_ARABIC_LETTER folded",
    "assessment.exchange.table_writer": "_FORMULA",
    "assessment.exchange.texts": (
        "_ARABIC_LETTER _UNWRITABLE _LINE_END _EMPTY_LINES _MLANG _MULTILANG _BEGIN_MLANG _TEX "
        "_NO_TAG _TAG tidy_name _known_language _HtmlReader.handle_data"
    ),
    "assessment.exchange_words": "_QUOTED",
    "assessment.marking.formula": "_TOKEN",
    "assessment.marking.numbers": "_APART _GROUPS _NUMBER _SEPARATOR",
    "assessment.marking.numeric": "_NAMED",
    "assessment.marking.short_text": "_PARTS _AND _AND_ABD_AL",
    "assessment.parts": "_POINTS",
    "assessment.queries.questions": "GAP",
    "assessment.services.taking_out": "_moodle.said",
    "assessment.typing_hints": (
        "_ARABIC_DIGITS _LATIN_DIGITS _INVISIBLE _GAP _WORD _WITHOUT_DOTS _HEH _NO_HAMZA "
        "hints_on_number hints_on_number#2"
    ),
    "certificates.codes": "_ADDRESS _NUMBER",
    "certificates.legacy.reading": "_DAY_FIRST _YEAR_FIRST _SPREADSHEET_TEXT _LATIN _ARABIC",
    "certificates.legacy.scans": "_check_directory",
    "certificates.models.designs": "CertificateTemplate.accent",
    "certificates.models.security_paper": "SheetDelivery.prefix",
    "certificates.models.types": "CredentialType.number_prefix",
    "certificates.openbadges.clauses": "_URI _EXTENSION _status",
    "certificates.openbadges.credential": "_CONTROL",
    "certificates.sealing.additions": "_GAP",
    "certificates.sealing.layout": "_END _OBJECT _SUBSECTION _TRAILER _SPACE require_plain_revisions",
    "certificates.sealing.reading": "_RANGES _GAP _ANY_GAP",
    "certificates.sealing.sealer": "_CONTENTS",
    "certificates.services.badges": "_ISCO",
    "certificates.services.fees": "_NUMBER _LETTERS_OR_DIGITS",
    "certificates.services.legacy_checking": "_OF_THE_SERIES",
    "certificates.services.list_verification": "_CELL_ENDS _NOTHING",
    "certificates.services.security_paper": "_LABEL",
    "certificates.templatetags.certificates": "SHARES",
    "certificates.views.files": "file_of",
    "courses.forms.call_backs": "SCREEN",
    "courses.forms.desk": "LETTER",
    "courses.forms.questions": "CLOCK",
    "courses.imports.cells": "_DAY_FIRST _YEAR_FIRST _SERIAL _ROUNDED _SPREADSHEET_TEXT",
    "courses.kept_addresses": "KEY ARGUMENT IS_EXPRESSION",
    "courses.models.levels": "SkillLevel.code",
    "courses.search_normalization": "WORD DRAWN_OUT ARABIC WITH_HAMZA VOWEL",
    "courses.services.announcements": "OVERRIDES CONTROLS",
    "courses.services.synonyms": "BETWEEN",
    "courses.spellings": (
        "LATIN SOUNDS SOUNDS#2 SOUNDS#3 SOUNDS#4 SOUNDS#5 SOUNDS#6 SOUNDS#7 SOUNDS#8 SOUNDS#9 "
        "SOUNDS#10 SOUNDS#11 SOUNDS#12 SOUNDS#13 SOUNDS#14 SOUNDS#15 SOUNDS#16 SOUNDS#17 "
        "SOUNDS#18 SILENT TWICE"
    ),
    "insights.forms": "MONTH",
    "live.broadcast.concatenation": "_require_whole.found",
    "live.forms": "DatesField.to_python PlaceField.to_python.found",
    "live.services.chat": "_FORBIDDEN clean_text",
    "live.services.decks": "shown_title",
    "live.slides.drawing": "NAME",
    "live.whip.checks": "ICE check_media_server",
    "live.whip.routing": "waiting_views",
    "live.whip.views": "DEVICE",
    "lms.admin_starts": "CALL",
    "lms.demo.by_hand": "ByHandJourney._mark_on_the_page.opened",
    "lms.demo.code_attendance": "CodeAttendanceJourney.attend.shown",
    "lms.demo.figures": "NUMBER ROW",
    "lms.demo.journey": "Journey._stream.file Journey.answer",
    "lms.demo.messages": "KEY_OF_MESSAGE CHOSEN",
    "lms.page_cache": "QUERIES QUERIES#2 QUERIES#3 QUERIES#4 QUERIES#5 GOVERNORATE",
    "lms.templatetags.mihna": "HEADING MARKUP ARABIC LATIN",
    "lms.threaded_wsgi": "OWN_ERROR_PAGES",
    "manual.markdown": "PAGE_LINK PICTURE_LINK _free_anchor.anchor",
    "media_pipeline.bucket.checks": "check_bucket",
    "media_pipeline.bucket.store": "RENDITION_KEY",
    "media_pipeline.byteranges": "requested_range.found",
    "media_pipeline.consumers": "_create _public_id.found",
    "media_pipeline.queries.captions": "lines_in",
    "media_pipeline.routing": "http_applications",
    "media_pipeline.services.arrived_uploads": "_purge_orphaned_parts",
    "media_pipeline.telemetry": "SESSION _renditions",
    "media_pipeline.transcoding.cues": "payload",
    "media_pipeline.transcoding.playlist": (
        "read_media_playlist.target read_media_playlist.header read_master_uris"
    ),
    "media_pipeline.transcoding.probe": "_refuse_oversized_picture.found _depth.found _sound",
    "media_pipeline.transcoding.samples": "_loudness.found",
    "media_pipeline.transcoding.srt": "TIMING KEPT_TAG DROPPED",
    "media_pipeline.transcoding.webvtt": "TIMING HEADER _cue_blocks",
    "media_pipeline.transcription.results": "_from_webvtt _from_webvtt.words",
    "media_pipeline.transcription.sphinx_program": "FILLER VARIANT",
    "typesetting.attachments": "_NOT_IN_A_NAME",
    "typesetting.bidi": "_CONTROLS",
    "typesetting.document": "_NO_CHARACTERS",
    "typesetting.fonts": "_words",
    "typesetting.graphemes": "_INVISIBLE _HARAKAT",
    "typesetting.layout": "_WHITE_SPACE _halves _wrap_paragraph",
    "typesetting.lint.accessibility": "_LANGUAGE _STANDARD headings",
    "typesetting.lint.archive": "_BLEND_MODES header trailer cross_references streams metadata information",
    "typesetting.lint.fonts": "_MAPPING",
    "typesetting.qr": "_ONES",
    "typesetting.structure": "_LANGUAGE",
}
LIBRARIES = {
    "allauth.account.fields": "PhoneField.e164_validator",
    "allauth.utils": "_generate_unique_username_base.username#2",
    "django.contrib.auth": "_clean_credentials.SENSITIVE_CREDENTIALS",
    "django.contrib.auth.password_validation": "UserAttributeSimilarityValidator.validate",
    "django.contrib.humanize.templatetags.humanize": "intcomma.match intcomma intcomma.prefix_with_commas",
    "django.contrib.postgres.search": "spec_chars_re multiple_spaces_re",
    "django.core.cache.backends.base": "memcached_error_chars_re",
    "django.core.handlers.wsgi": "_slashes_re",
    "django.core.signing": "_SEP_UNSAFE",
    "django.core.validators": (
        "URLValidator.regex URLValidator.__call__.host_match integer_validator "
        "EmailValidator.user_regex EmailValidator.domain_regex EmailValidator.literal_regex "
        "slug_re slug_unicode_re"
    ),
    "django.db.backends.postgresql.operations": "DatabaseOperations._extract_format_re",
    "django.db.models.functions.comparison": "Collate.collation_re",
    "django.db.models.sql.compiler": "SQLCompiler.ordering_parts",
    "django.db.models.sql.query": "FORBIDDEN_ALIAS_PATTERN EXPLAIN_OPTIONS_PATTERN",
    "django.forms.boundfield": "BoundField.widget_type",
    "django.forms.fields": "IntegerField.re_decimal",
    "django.forms.widgets": "SelectDateWidget.date_re",
    "django.http.multipartparser": "MultiPartParser.boundary_re",
    "django.http.request": "host_validation_re",
    "django.http.response": "_charset_from_content_type_re _control_chars_re",
    "django.middleware.csrf": "invalid_token_chars_re",
    "django.middleware.gzip": "re_accepts_gzip",
    "django.template.base": "kwarg_re",
    "django.template.defaultfilters": "title.t title",
    "django.urls.resolvers": "RoutePattern._check_pattern_unmatched_angle_brackets.brackets",
    "django.utils.dateformat": "re_formatchars re_escaped",
    "django.utils.dateparse": (
        "date_re time_re datetime_re standard_duration_re iso8601_duration_re postgres_interval_re"
    ),
    "django.utils.formats": "sanitize_strftime_format",
    "django.utils.html": (
        "long_open_tag_without_closing_re linebreaks.paras strip_spaces_between_tags "
        "Urlizer.simple_url_re Urlizer.simple_url_2_re Urlizer.word_split_re"
    ),
    "django.utils.http": "ETAG_MATCH RFC1123_DATE RFC850_DATE ASCTIME_DATE",
    "django.utils.text": (
        "re_newlines re_camel_case TruncateWordsHTMLParser.process.data get_valid_filename.s "
        "smart_split_re slugify.value slugify"
    ),
    "django.utils.translation.trans_real": "language_code_re language_code_prefix_re",
    "django.utils.xmlutils": "_xml_control_chars_re",
    "django.views.debug": (
        "SafeExceptionReporterFilter.hidden_settings ExceptionReporter._get_lines_from_file.match"
    ),
    "django.views.i18n": "JavaScriptCatalog._num_plurals.match",
    "ninja.router": "Router.add_api_operation.path",
    "wagtail.admin.rich_text.converters.contentstate": "ContentstateConverter.__init__",
    "wagtail.admin.rich_text.converters.html_ruleset": (
        "ELEMENT_SELECTOR ELEMENT_WITH_ATTR_SELECTOR "
        "ELEMENT_WITH_ATTR_EXACT_SINGLE_QUOTE_SELECTOR "
        "ELEMENT_WITH_ATTR_EXACT_DOUBLE_QUOTE_SELECTOR "
        "ELEMENT_WITH_ATTR_EXACT_UNQUOTED_SELECTOR"
    ),
    "wagtail.admin.rich_text.converters.html_to_contentstate": "WHITESPACE_RE",
    "wagtail.admin.templatetags.wagtailadmin_tags": "keyboard_shortcuts_dialog.is_mac",
    "wagtail.admin.utils": "get_keyboard_key_labels_from_request.is_mac_os",
    "wagtail.admin.views.chooser": "ExternalLinkView.post PhoneLinkView.get_url_from_field_value.value",
    "wagtail.admin.views.generic.chooser": "BaseChooseView.get_context_data.results_pagination_url",
    "wagtail.blocks.base": "Block._check_name",
    "wagtail.coreutils": "camelcase_to_underscore SLUGIFY_RE get_js_regex.pattern",
    "wagtail.images.models": (
        "Filter.spec_pattern Filter.pipe_spec_pattern Filter.expanding_spec_pattern "
        "Filter.pipe_expanding_spec_pattern"
    ),
    "wagtail.rich_text": "get_text_for_indexing.richtext get_text_for_indexing.richtext#2",
    "wagtail.whitelist": "PROTOCOL_RE check_url.unescaped",
}

LINEAR = {f"{module} {place}" for module, places in {**OURS, **LIBRARIES}.items() for place in places.split()}
ROWS = LINEAR | BOUNDED.keys() | TRUSTED.keys() | MADE.keys()
