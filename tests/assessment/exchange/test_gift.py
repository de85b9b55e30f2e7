"""GIFT as people type it."""

from assessment.exchange import gift
from assessment.exchange.item import NoteCode

FILE = """// [id:q7] [tag:كهرباء] [tag:difficulty:4] [points:3]
$CATEGORY: $course$/top/باب/فصل
::عنوان::[html]<p>وحدة التيار {
  =أمبير # أحسنت
  ~فولت
  ####لأن التيار<br>يقاس به
} هي هذه.</p>

رتّب {>3 ALL VERTICAL RELATIVE_NEXT_INCLUDE_LAST SHOW
افصل
اختبر
ابدأ
}

قيمة باي {#3.14..3.16}

<span lang="ar" class="multilang">كم؟</span><span lang="en" class="multilang">How many?</span> {#=٣٫٥\\:٠٫١ =%50%4:0 ~#لا}

صل {=أ -> ١ =ب -> ٢ = -> ٣}
"""


def test_each_kind_is_read_with_what_its_comment_says():
    reading = gift.read(FILE.replace("\\:", ":").encode())

    gap, order, pi, number, pairs = reading.items
    assert (gap.kind, gap.text) == ("fill_in", {"ar": "وحدة التيار [[1]] هي هذه."})
    assert (gap.name, gap.tags, gap.difficulty, gap.points, gap.title) == ("q7", ("كهرباء",), 4, 3, "عنوان")
    assert (gap.category, gap.explanation) == ("باب/فصل", {"ar": "لأن التيار\nيقاس به"})
    assert [note.code for note in gap.notes] == [NoteCode.ANSWER_FEEDBACK]
    texts = {one["id"]: one["text"]["ar"] for one in order.content["items"]}
    assert ([texts[one] for one in order.key["order"]], order.key["credit"]) == (
        ["افصل", "اختبر", "ابدأ"],
        "neighbors",
    )
    assert pi.key["answers"] == [{"value": "3.15", "tolerance": "0.01"}]
    assert number.text == {"ar": "كم؟", "en": "How many?"}
    assert number.key["answers"] == [
        {"value": "3.5", "tolerance": "0.1"},
        {"value": "4", "tolerance": "0", "share": "1/2"},
    ]
    assert (len(pairs.content["stems"]), len(pairs.content["choices"])) == (2, 3)
    assert [item.line for item in reading.items] == [3, 9, 15, 17, 19]


def test_arabic_words_for_true_and_false_are_statements_with_a_remark():
    file = "أ {صواب}\n\nب {خطأ}\n\nج {صح # أحسنت}\n\nد {=صواب}\n\nه {T}"

    *typed, word, plain = gift.read(file.encode()).items

    assert [(one.kind, one.key["weights"]) for one in typed] == [
        ("true_false", {"true": "1"}),
        ("true_false", {"false": "1"}),
        ("true_false", {"true": "1"}),
    ]
    assert [note.code for note in typed[0].notes] == [NoteCode.TRUTH]
    assert (word.kind, plain.kind, plain.notes) == ("short_text", "true_false", ())
