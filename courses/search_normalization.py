"""Normalization of search terms: folding, removal of articles, stemming. Independent of Django.

Light stemming only (after Larkey's "light10" for Arabic, and the plural, -ing, -ed and -er of English): endings that say
number, sex or a quality. What no ending tells, such as منازل for منزل, is in the synonyms that the ministry edits.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from accounts.folding import SILENT, fold_arabic

# The article, alone or behind "and", "with", "like", "so", "for", as folded text spells them.
ARTICLES = ("وبال", "وكال", "ولل", "وال", "بال", "كال", "فال", "فلل", "ال", "لل")
SHORTEST_STEM = 3
# Words of one letter are written into the next one: "and", and before names and in queries also "in" and "for". What
# follows has so many letters at least: shorter words begin with that letter themselves.
AND, AND_IN_FOR = "و", "وبل"
SHORTEST_JOINED = {"و": 4, "ب": 3, "ل": 3}
LONGEST_QUERY = 80
MOST_WORDS = 10
LONGEST_WORD = 40
SHORTEST_TYPO = 4
SHORTEST_PART = 3
WORDS_IN_A_PHRASE = 4
WORD = re.compile(r"[^\W_]+")
# "لحاااام": no word has a letter three times in a row.
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
ARABIC = re.compile("[\u0621-\u064a]")
SHAPES = str.maketrans("تثنيجخذزشضظغق", "ببببححدرسصطعف")
WITH_HAMZA = re.compile("[أإآ]")
VOWEL = re.compile("[aeiouy]")
# Words around a search that say nothing in any text, folded.
FILLERS = frozenset(
    [
        "في",
        "من",
        "على",
        "الي",
        "عن",
        "مع",
        "او",
        "و",
        "يا",
        "هل",
        "ما",
        "اي",
        "كل",
        "عند",
        "علي",
        "اللي",
        "انا",
        "احنا",
        "بس",
        "ده",
        "دي",
        "هو",
        "هي",
        "كان",
        "لو",
        "لما",
        "ان",
        "انه",
        "غير",
        "بدون",
        "اريد",
        "عايز",
        "عايزه",
        "عاوز",
        "عاوزه",
        "ابي",
        "نفسي",
        "ممكن",
        "محتاج",
        "محتاجه",
        "ازاي",
        "كيف",
        "فين",
        "اين",
        "ايه",
        "عندي",
        "ابني",
        "بنتي",
        "جوزي",
        "مراتي",
        "مني",
        "a",
        "an",
        "the",
        "of",
        "in",
        "for",
        "to",
        "and",
        "or",
        "with",
        "at",
        "on",
        "by",
        "from",
        "me",
        "my",
        "i",
        "we",
        "am",
        "is",
        "are",
        "do",
        "does",
        "can",
        "could",
        "you",
        "your",
        "want",
        "need",
        "how",
        "about",
        "looking",
        "find",
        "take",
        "taking",
        "make",
        "making",
        "get",
        "become",
    ]
)
# Those that say nothing about a trade, besides.
STOP_WORDS = FILLERS | frozenset(
    [
        "اتعلم",
        "يتعلم",
        "تتعلم",
        "نتعلم",
        "تعلم",
        "تعليم",
        "ادرس",
        "دراسه",
        "اشتغل",
        "يشتغل",
        "اشتغال",
        "شغل",
        "شغلانه",
        "صنعه",
        "مهنه",
        "حرفه",
        "وظيفه",
        "افتح",
        "مركز",
        "مراكز",
        "تدريب",
        "مدينه",
        "محافظه",
        "دوره",
        "دورات",
        "كورس",
        "كورسات",
        "برنامج",
        "برامج",
        "منهج",
        "شهاده",
        "قريب",
        "قريبه",
        "مجاني",
        "مجانيه",
        "مجانا",
        "ببلاش",
        "كود",
        "رقم",
        "near",
        "nearby",
        "free",
        "learn",
        "learning",
        "study",
        "course",
        "courses",
        "class",
        "classes",
        "program",
        "programs",
        "programme",
        "programmes",
        "training",
        "trained",
        "job",
        "work",
        "center",
        "centre",
        "city",
        "governorate",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as written, folded without its article, and its stem. `joined` is the word behind one of a
    single letter, if it may hold one ("وتفصيل", "بطنطا").
    """

    written: str
    plain: str
    stem: str
    joined: "Word | None" = None

    @property
    def forms(self) -> tuple[str, ...]:
        """Every lexeme under which the word is in the index."""
        own = (self.plain, self.stem)
        return tuple(dict.fromkeys(own + self.joined.forms if self.joined else own))

    @property
    def stems(self) -> tuple[str, ...]:
        return (self.stem, *self.joined.stems) if self.joined else (self.stem,)

    @property
    def is_stop_word(self) -> bool:
        return self.plain in STOP_WORDS or (self.joined is not None and self.joined.plain in STOP_WORDS)


def words_of(text: str, *, joining: str = AND) -> Iterator[Word]:
    """The words of `text`, in order; of very long ones the beginning. `joining`: the letters that may be words of their own."""
    readable = DRAWN_OUT.sub(r"\1", SILENT.sub("", unicodedata.normalize("NFKC", text)))
    for token in WORD.findall(readable):
        word = word_of(token[:LONGEST_WORD], joining)
        if word:
            yield word


@lru_cache(maxsize=20_000)
def word_of(token: str, joining: str = "") -> Word | None:
    folded = "".join(WORD.findall(fold_arabic(token)))
    if not folded:
        return None
    plain = _without_article(folded)
    # Folding a letter is one for one, but for a few Latin ones. A letter with a hamza begins a word, no article.
    article = len(folded) - len(_without_one_article(folded))
    has_article = len(token) == len(folded) and not WITH_HAMZA.search(token[:article])
    written = token[article:] if has_article else token
    joined = None
    if plain == folded and folded[0] in joining and len(folded) > SHORTEST_JOINED[folded[0]]:
        joined = Word(token[1:], folded[1:], stem_of(folded[1:]))
    return Word(written, plain, stem_of(plain), joined)


def words_to_find(query: str) -> list[Word]:
    """The words of a typed query."""
    words = list(words_of(query[:LONGEST_QUERY], joining=AND_IN_FOR))
    if words and (begun := _begun_behind_article(words[-1])):
        words[-1] = replace(begun, joined=words[-1])
    return words[:MOST_WORDS]


def parts_of(word: Word) -> Iterator[tuple[Word, Word]]:
    """The two words that may have been written as one ("كفرالشيخ")."""
    for at in range(SHORTEST_PART, len(word.plain) - SHORTEST_PART + 1):
        parts = (word_of(word.plain[:at]), word_of(word.plain[at:]))
        if parts[0] and parts[1]:
            yield parts[0], parts[1]


def whole_of(one: Word, other: Word) -> Word:
    """The word that may have been written as two ("بور سعيد")."""
    plain = one.plain + other.plain
    return Word(one.written + other.written, plain, stem_of(plain))


def pairs_in(words: Sequence[Word]) -> Iterator[str]:
    """A lexeme for each two neighbors in any order, by which a program that has them so comes before one that has both apart."""
    for one, other in itertools.pairwise(words):
        for stem in {other.stem, (other.joined or other).stem}:
            yield "+".join(sorted((one.stem, stem)))


def _begun_behind_article(word: Word) -> Word | None:
    """What is typed so far behind an article, where it is too short to be a word ("السي")."""
    begun = word.plain.removeprefix("ال")
    return Word(begun, begun, begun) if begun != word.plain and 0 < len(begun) < SHORTEST_STEM else None


def phrases_in(words: Sequence[Word]) -> Iterator[tuple[int, int, str]]:
    """Every run of one to four words as (begin, end, phrase of stems); also without the "and" in its words."""
    readings = {tuple(word.stem for word in words), tuple((word.joined or word).stem for word in words)}
    for stems in readings:
        for length in range(min(WORDS_IN_A_PHRASE, len(stems)), 0, -1):
            for begin in range(len(stems) - length + 1):
                yield begin, begin + length, " ".join(stems[begin : begin + length])


def phrase_of(text: str) -> str:
    """A phrase as `phrases_in` spells it."""
    return " ".join(word.stem for word in words_of(text))


def stem_of(word: str) -> str:
    """The stem of a folded word without its article.

    >>> stem_of("كهربائيه") == stem_of("كهرباء"), stem_of("wires") == stem_of("wiring") -> True, True
    """
    if ARABIC.search(word):
        return _arabic_stem(word)
    return _english_stem(word) if word.isascii() and word.isalpha() else word


def deletions_of(words: Iterable[str]) -> list[str]:
    """The words and what is left of each without one of its letters: two words a typo apart have one in common."""
    found = dict.fromkeys(words)
    for word in list(found):
        found.update(dict.fromkeys(word[:at] + word[at + 1 :] for at in range(len(word))))
    return list(found)


def is_typo_of(typed: str, word: str) -> bool:
    """Whether one letter too many, too few, wrong, or two swapped neighbors make `typed` of `word`."""
    if abs(len(typed) - len(word)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), None)
    if at is None:
        return len(typed) != len(word)
    rest, other = typed[at:], word[at:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    )


def shape_of(word: str) -> str:
    """The letters of a word without their dots: what one with a wrong dot looks like."""
    return word.translate(SHAPES)


def _without_article(word: str) -> str:
    """The word without what may be an article. Of "الألوميتال" and "ألوميتال" the same is left, though one is a letter too few."""
    return _without_one_article(_without_one_article(word))


def _without_one_article(word: str) -> str:
    for article in ARTICLES:
        stem = word.removeprefix(article)
        if stem != word and len(stem) >= SHORTEST_STEM:
            return stem
    return word


def _arabic_stem(word: str) -> str:
    # A plural of a quality ("فنيين") may leave three letters; تخزين and تمرين are no plurals.
    for suffix, shortest in (("ات", 3), ("ون", 4), ("ين", 4), ("يه", 3), ("ه", 3)):
        stem = word.removesuffix(suffix)
        if stem != word and (len(stem) >= shortest or (shortest == len(stem) + 1 and stem.endswith("ي"))):
            word = stem
            break
    while len(word) > SHORTEST_STEM and (
        word[-1] in "يء" or (word[-1] == "ا" and len(word) > SHORTEST_STEM + 1)
    ):
        word = word[:-1]
    return word


def _english_stem(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > SHORTEST_STEM:
        word = word[:-1]
    for suffix in ("ing", "ed", "er"):
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) >= SHORTEST_STEM and VOWEL.search(stem):
            is_doubled = stem[-1] == stem[-2] and stem[-1] not in "lsz"
            return stem[:-1] if is_doubled else stem.removesuffix("e")
    if word.endswith("ical"):
        return word[:-2]
    return word.removesuffix("e") if len(word) > SHORTEST_STEM else word
