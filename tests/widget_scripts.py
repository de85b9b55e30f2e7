"""Whether a page of the workplace brings the scripts of the widgets that it starts (`lms.admin_starts`)."""

import re

STARTED = re.compile(r'data-starts="(?:new )?(\w+)"')
# The file in which Wagtail defines what is called.
FILES = {
    **dict.fromkeys(["initDateChooser", "initTimeChooser", "initDateTimeChooser"], "date-time-chooser"),
    **dict.fromkeys(["InlinePanel", "MultipleChooserPanel"], "core"),
    "Chooser": "chooser-widget",
    "PageChooser": "page-chooser",
    "ImageChooser": "image-chooser",
    "DocumentChooser": "document-chooser",
    "SnippetChooser": "snippet-chooser",
    "createTaskChooser": "task-chooser",
}


def started_in_vain(html: str) -> list[str]:
    """The calls whose script the page lacks, each once. A part of a page is put into one that has them."""
    if "<html" not in html:
        return []
    calls = sorted(set(STARTED.findall(html)))
    return [call for call in calls if not re.search(rf'<script src="[^"]*/{FILES[call]}\.', html)]
