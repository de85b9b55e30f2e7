"""Texts of the programs of the demo, in Arabic and English."""

from lms.demo.texts.cooking import COOKING
from lms.demo.texts.electrical import ELECTRICAL
from lms.demo.texts.kinds import (
    Callout,
    CourseText,
    LessonText,
    Picture,
    ProgramText,
    QuizText,
    Text,
    Video,
    Words,
)
from lms.demo.texts.networks import NETWORKS
from lms.demo.texts.plumbing import PLUMBING
from lms.demo.texts.tailoring import TAILORING
from lms.demo.texts.welding import WELDING

PROGRAMS = {
    "electrical": ELECTRICAL,
    "welding": WELDING,
    "tailoring": TAILORING,
    "networks": NETWORKS,
    "plumbing": PLUMBING,
    "cooking": COOKING,
}

__all__ = [
    "PROGRAMS",
    "Callout",
    "CourseText",
    "LessonText",
    "Picture",
    "ProgramText",
    "QuizText",
    "Text",
    "Video",
    "Words",
]
