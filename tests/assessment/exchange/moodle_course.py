"""A question bank as Moodle exports it, written without our own writer."""

from xml.sax.saxutils import escape

# By type of Moodle: what is in the question but its name and text.
_BODIES = {
    "multichoice": """<single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering>
    <correctfeedback format="html"><text>Your answer is correct.</text></correctfeedback>
    <answer fraction="100" format="html"><text><![CDATA[<p>القاطع &nbsp;{n}</p>]]></text><feedback format="html"><text>أحسنت</text></feedback></answer>
    <answer fraction="0" format="html"><text><![CDATA[<p>المصهر</p>]]></text></answer>
    <answer fraction="-33.33333" format="html"><text><![CDATA[<p>المفتاح</p>]]></text></answer>""",
    "truefalse": """<answer fraction="100" format="moodle_auto_format"><text>true</text></answer>
    <answer fraction="0" format="moodle_auto_format"><text>false</text></answer>""",
    "shortanswer": """<usecase>0</usecase><answer fraction="100"><text>قاطع</text></answer>
    <answer fraction="80"><text>قاطع*</text></answer><answer fraction="0"><text>*</text><feedback><text>لا</text></feedback></answer>""",
    "numerical": """<answer fraction="100"><text>{n}.5</text><tolerance>0.1</tolerance></answer>
    <unitgradingtype>0</unitgradingtype><unitpenalty>0.1</unitpenalty><showunits>0</showunits><unitsleft>0</unitsleft>
    <units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit><unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>""",
    "matching": """<shuffleanswers>true</shuffleanswers>
    <subquestion format="html"><text>فولت</text><answer><text>جهد</text></answer></subquestion>
    <subquestion format="html"><text>أمبير</text><answer><text>تيار</text></answer></subquestion>
    <subquestion format="html"><text></text><answer><text>قدرة {n}</text></answer></subquestion>""",
    "essay": """<responseformat>editor</responseformat><attachments>0</attachments><graderinfo format="html"><text>سلم</text></graderinfo>""",
    "ordering": """<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>3</selectcount>
    <gradingtype>ABSOLUTE_POSITION</gradingtype><showgrading>SHOW</showgrading>
    <answer fraction="1.0000000" format="html"><text>افصل</text></answer><answer fraction="2.0000000" format="html"><text>اختبر</text></answer>
    <answer fraction="3.0000000" format="html"><text>ابدأ {n}</text></answer>""",
    "cloze": "",
    "gapselect": """<shuffleanswers>1</shuffleanswers><selectoption><text>فولت</text><group>1</group></selectoption>
    <selectoption><text>أمبير</text><group>1</group></selectoption>""",
    "calculated": """<answer fraction="100"><text>{{r}} * {{i}}</text><tolerance>0.01</tolerance><tolerancetype>1</tolerancetype>
    <correctanswerformat>1</correctanswerformat><correctanswerlength>2</correctanswerlength></answer><dataset_definitions>
    <dataset_definition><status><text>private</text></status><name><text>r</text></name><type>calculated</type><distribution><text>uniform</text></distribution>
    <minimum><text>1</text></minimum><maximum><text>10</text></maximum><decimals><text>1</text></decimals></dataset_definition>
    <dataset_definition><status><text>private</text></status><name><text>i</text></name><type>calculated</type><distribution><text>uniform</text></distribution>
    <minimum><text>1</text></minimum><maximum><text>5</text></maximum><decimals><text>0</text></decimals></dataset_definition></dataset_definitions>""",
    "description": "",
    "random": "<questionbankentryid>7</questionbankentryid>",
    "ddimageortext": "<shuffleanswers/>",
    "calculatedmulti": "<single>true</single>",
}
UNSUPPORTED = {"description", "random", "ddimageortext", "calculatedmulti"}
_TEXTS = {
    "cloze": "<p>الجهد {1:SHORTANSWER:=فولت~%50%volt#قريب} والتيار {2:NUMERICAL:=5:0.1} و{1:MULTICHOICE:=أمبير~أوم}</p>",
    "gapselect": "<p>وحدة التيار [[2]]</p>",
    "calculated": "<p>كم الجهد؟ R={r}, I={i}</p>",
}


def export(count: int) -> tuple[str, list[str]]:
    """A file of so many questions, in categories, and the type of each."""
    types = [list(_BODIES)[number % len(_BODIES)] for number in range(count)]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for number, type_ in enumerate(types):
        if number % 50 == 0:
            lines.append(
                f'<question type="category"><category><text>$course$/top/باب {number // 50}</text></category></question>'
            )
        text = _TEXTS.get(
            type_, f'<p>سؤال <b>{number}</b>: ما هو؟ <img src="@@PLUGINFILE@@/a.png" alt="لوحة"></p>'
        )
        body = _BODIES[type_].replace("{n}", str(number)).replace("{{", "{").replace("}}", "}")
        lines.append(f"<!-- question: {number}  -->")
        lines.append(
            f'<question type="{type_}"><name><text>Q{number}</text></name><questiontext format="html"><text>{escape(text)}</text></questiontext>'
            f'<generalfeedback format="html"><text>لأن</text></generalfeedback><defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty>'
            f"<hidden>0</hidden><idnumber></idnumber>{body}<tags><tag><text>كهرباء</text></tag></tags></question>"
        )
    return "\n".join([*lines, "</quiz>"]), types
