"""Thirty questions about electrical installations for the bank, in Arabic and English."""

from dataclasses import dataclass, field
from typing import Any

type Pair = tuple[str, str]

SAFETY, BOARDS, WIRING, MEASURING, LIGHTING = "سلامة", "لوحات", "توصيلات", "قياس", "إنارة"


@dataclass(frozen=True)
class BankText:
    """A question of one kind, with what its form has besides the text. Parts that are said in languages are pairs."""

    kind: str
    text: Pair
    tags: tuple[str, ...]
    difficulty: int
    competence: str
    parts: dict[str, Any] = field(default_factory=dict)
    why: Pair = ("", "")
    # Whether it is asked in all centers; the others are of the demo's center.
    is_of_ministry: bool = False
    # "published", "review" or "draft".
    state: str = "published"


def choose(*options: Pair, right: tuple[int, ...] = (0,)) -> dict[str, Any]:
    return {"options": [(text, place in right) for place, text in enumerate(options)]}


def number(
    value: str, tolerance: str, *units: tuple[str, str], is_unit_asked: bool = False
) -> dict[str, Any]:
    return {"value": value, "tolerance": tolerance, "units": units, "is_unit_asked": is_unit_asked}


def word(*accepted: str, is_exact: bool = False) -> dict[str, Any]:
    return {"accepted": accepted, "is_exact": is_exact}


def pairs(*matched: tuple[Pair, Pair], others: tuple[Pair, ...] = ()) -> dict[str, Any]:
    return {"pairs": matched, "others": others}


ISOLATES = "يعزل الدائرة قبل العمل عليها"
SIZES = "يختار القاطع ومقطع السلك المناسبين"
MEASURES = "يقيس الجهد والتيار والمقاومة"
WIRES = "ينفذ دوائر الإنارة والمآخذ"
READS = "يقرأ المخططات الكهربائية"

BANK: tuple[BankText, ...] = (
    BankText(
        "single", ("ما أول خطوة قبل العمل على دائرة كهربائية؟", "What comes first before work on a circuit?"),
        (SAFETY,), 1, ISOLATES,
        choose(
            ("فصل التيار من القاطع", "Switching off at the breaker"),
            ("لبس القفازات والبدء", "Putting on gloves and starting"),
            ("تجربة السلك باليد", "Touching the wire by hand"),
        ),
        ("القفازات لا تغني عن الفصل.", "Gloves do not replace switching off."), is_of_ministry=True,
    ),
    BankText(
        "single", ("بماذا تتأكد من غياب الجهد بعد الفصل؟", "How do you make sure that there is no voltage after switching off?"),
        (SAFETY, MEASURING), 2, ISOLATES,
        choose(
            ("بجهاز قياس اختبرته على مصدر معروف", "With a meter that was proved on a known source"),
            ("بإضاءة المصباح مرة أخرى", "By switching the lamp on again"),
            ("بالنظر إلى موضع القاطع", "By looking at the position of the breaker"),
        ),
        ("الجهاز المعطل يقول دائمًا: لا يوجد جهد.", "A broken meter always says: no voltage."), is_of_ministry=True,
    ),
    BankText(
        "multiple", ("أي هذه الأدوات معزولة وتصلح للعمل قرب الأجزاء الحية؟", "Which of these tools are insulated and fit for work near live parts?"),
        (SAFETY,), 2, ISOLATES,
        choose(
            ("مفك معزول حتى 1000 فولت", "Screwdriver insulated up to 1000 V"),
            ("كماشة بمقبض معزول", "Pliers with insulated grips"),
            ("مفتاح ربط معدني", "Bare metal spanner"),
            ("شريط قياس معدني", "Steel tape measure"),
            right=(0, 1),
        ), is_of_ministry=True,
    ),
    BankText(
        "true_false", ("يكفي فصل مفتاح الغرفة قبل تغيير وحدة الإضاءة.", "Switching off the room's switch is enough before a luminaire is changed."),
        (SAFETY, LIGHTING), 1, ISOLATES, {"is_true": False},
        ("المفتاح قد يقطع الخط المتعادل وحده.", "The switch may break the neutral alone."), is_of_ministry=True,
    ),
    BankText(
        "true_false", ("قاطع التيار المتبقي يحمي من زيادة الحمل أيضًا.", "A residual current device protects against overload, too."),
        (BOARDS,), 3, SIZES, {"is_true": False},
        ("زيادة الحمل لها قاطع آخر.", "Overload needs another breaker."), is_of_ministry=True,
    ),
    BankText(
        "numeric", ("الجهد ٢٢٠ فولت والمقاومة ٤٤ أوم. ما شدة التيار؟", "The voltage is 220 V and the resistance 44 ohms. What is the current?"),
        (MEASURING,), 2, MEASURES, number("5", "0", ("A", "1"), ("أمبير", "1"), ("mA", "1/1000"), ("مللي أمبير", "1/1000")),
        ("التيار = الجهد ÷ المقاومة = 220 ÷ 44.", "Current = voltage / resistance = 220 / 44."), is_of_ministry=True,
    ),
    BankText(
        "numeric", ("سخان قدرته ٢٢٠٠ وات على جهد ٢٢٠ فولت. كم أمبيرًا يسحب؟", "A heater of 2200 W works at 220 V. How many amperes does it draw?"),
        (MEASURING, BOARDS), 3, SIZES, number("10", "2%", ("A", "1"), ("أمبير", "1")),
        ("التيار = القدرة ÷ الجهد.", "Current = power / voltage."), is_of_ministry=True,
    ),
    BankText(
        "short_text", ("ما اسم الجهاز الذي يفصل الدائرة عند زيادة الحمل؟", "What is the device called that breaks a circuit at overload?"),
        (BOARDS,), 1, SIZES, word("القاطع", "قاطع", "قاطع التيار", "القاطع الآلي", "circuit breaker", "breaker", "MCB"), is_of_ministry=True,
    ),
    BankText(
        "matching", ("صل كل لون بوظيفة السلك في التمديدات الحديثة.", "Match each color with the wire's function in recent installations."),
        (WIRING,), 2, WIRES,
        pairs(
            (("أخضر بخط أصفر", "Green and yellow"), ("الأرضي", "Protective earth")),
            (("أزرق", "Blue"), ("المتعادل", "Neutral")),
            (("بني", "Brown"), ("الخط الحي", "Live")),
            others=(("الإشارة", "Signal"),),
        ), is_of_ministry=True,
    ),
    BankText(
        "matching", ("صل كل كمية بوحدتها.", "Match each quantity with its unit."),
        (MEASURING,), 1, MEASURES,
        pairs(
            (("الجهد", "Voltage"), ("فولت", "Volt")),
            (("التيار", "Current"), ("أمبير", "Ampere")),
            (("المقاومة", "Resistance"), ("أوم", "Ohm")),
            (("القدرة", "Power"), ("وات", "Watt")),
        ), is_of_ministry=True,
    ),
    BankText(
        "single", ("كيف يوصل الأميتر لقياس تيار الحمل؟", "How is an ammeter connected to measure the current of a load?"),
        (MEASURING,), 2, MEASURES,
        choose(
            ("على التوالي مع الحمل", "In series with the load"),
            ("على التوازي مع الحمل", "In parallel with the load"),
            ("بين الخط الحي والأرضي", "Between live and earth"),
        ),
    ),
    BankText(
        "single", ("كيف يوصل الفولتميتر؟", "How is a voltmeter connected?"),
        (MEASURING,), 1, MEASURES,
        choose(
            ("على التوازي مع الحمل", "In parallel with the load"),
            ("على التوالي مع الحمل", "In series with the load"),
            ("مكان المصهر", "In place of the fuse"),
        ),
    ),
    BankText(
        "single", ("أي مقطع نحاس يناسب دائرة مآخذ قاطعها ١٦ أمبيرًا؟", "Which copper cross-section fits a socket circuit with a 16 A breaker?"),
        (WIRING, BOARDS), 3, SIZES,
        choose(("2.5 مم²", "2.5 mm²"), ("1 مم²", "1 mm²"), ("0.75 مم²", "0.75 mm²")),
        ("السلك يحتمل أكثر مما يسمح به القاطع.", "The wire carries more than the breaker lets pass."),
    ),
    BankText(
        "single", ("أي قاطع يحمي دائرة إنارة من سلك نحاس مقطعه ١٫٥ مم²؟", "Which breaker protects a lighting circuit of copper wire of 1.5 mm²?"),
        (BOARDS, LIGHTING), 3, SIZES, choose(("10 أمبير", "10 A"), ("32 أمبير", "32 A"), ("63 أمبير", "63 A")),
    ),
    BankText(
        "single", ("ما الذي يوصل بمفتاح الإنارة؟", "Which conductor goes through the switch of a lamp?"),
        (LIGHTING, WIRING), 2, WIRES,
        choose(("الخط الحي", "The live one"), ("المتعادل", "The neutral one"), ("الأرضي", "The protective earth")),
        ("حتى يبقى المصباح بلا جهد عند الفصل.", "So that the lamp has no voltage when it is off."),
    ),
    BankText(
        "single", ("كم مفتاحًا من نوع الطريقين يلزم للتحكم في مصباح من مكانين؟", "How many two-way switches control one lamp from two places?"),
        (LIGHTING,), 2, WIRES, choose(("اثنان", "Two"), ("واحد", "One"), ("ثلاثة", "Three")),
    ),
    BankText(
        "multiple", ("ما الذي يوجد في لوحة توزيع شقة؟", "What is there in the distribution board of a flat?"),
        (BOARDS,), 2, READS,
        choose(
            ("قاطع رئيسي", "Main breaker"),
            ("قاطع تيار متبق", "Residual current device"),
            ("قضيب الأرضي", "Earth bar"),
            ("محول تيار متردد إلى مستمر", "Rectifier"),
            right=(0, 1, 2),
        ),
    ),
    BankText(
        "multiple", ("أي الأعمال تسبق إعادة التيار بعد الإصلاح؟", "What is done before the current is switched on again after a repair?"),
        (SAFETY,), 3, ISOLATES,
        choose(
            ("جمع العدد وعدّها", "Collecting and counting the tools"),
            ("إغلاق أغطية العلب واللوحة", "Closing the covers of boxes and board"),
            ("إبلاغ كل من في المكان", "Telling everybody on the site"),
            ("نزع الأرضي", "Removing the earth"),
            right=(0, 1, 2),
        ),
    ),
    BankText("true_false", ("يوضع المصهر على الخط الحي.", "A fuse is put into the live conductor."), (BOARDS,), 2, SIZES, {"is_true": True}),
    BankText(
        "true_false", ("يجوز استعمال السلك الأخضر بخط أصفر خطًا حيًّا عند الضرورة.", "The green and yellow wire may be used as a live one if needed."),
        (SAFETY, WIRING), 1, WIRES, {"is_true": False},
    ),
    BankText(
        "true_false", ("المقاومة على التوازي أقل من أصغر المقاومات.", "Resistors in parallel have less resistance than the smallest of them."),
        (MEASURING,), 3, MEASURES, {"is_true": True},
    ),
    BankText(
        "numeric", ("مقاومتان ٦ أوم و٣ أوم على التوازي. ما المقاومة الكلية بالأوم؟", "Resistors of 6 and 3 ohms are in parallel. What is the total resistance in ohms?"),
        (MEASURING,), 4, MEASURES, number("2", "0", ("أوم", "1"), ("ohm", "1"), ("Ω", "1")),
    ),
    BankText(
        "numeric", ("مصباح قدرته ٦٠ وات عمل ١٠ ساعات. كم كيلووات ساعة استهلك؟", "A lamp of 60 W was on for 10 hours. How many kilowatt hours did it use?"),
        (MEASURING, LIGHTING), 3, MEASURES, number("0.6", "0", ("kWh", "1"), ("Wh", "1/1000")),
    ),
    BankText(
        "numeric", ("هبوط الجهد ٤٪ من ٢٢٠ فولت. كم فولتًا؟", "A voltage drop is 4 % of 220 V. How many volts?"),
        (WIRING, MEASURING), 4, SIZES, number("8.8", "0.05", ("V", "1"), ("فولت", "1")),
    ),
    BankText("short_text", ("اكتب رمز وحدة القدرة الكهربائية.", "Write the symbol of the unit of electric power."), (MEASURING,), 2, READS, word("W", is_exact=True)),
    BankText(
        "short_text", ("ما اسم السلك الذي يحمي من الصعق عند لمس جسم الجهاز؟", "What is the wire called that protects the person who touches the case of a device?"),
        (SAFETY, WIRING), 2, ISOLATES, word("الأرضي", "أرضي", "سلك الأرضي", "سلك التأريض", "earth*", "protective earth", "PE"),
    ),
    BankText(
        "matching", ("لأي غرض كل أداة؟", "What is each tool for?"),
        (WIRING,), 1, WIRES,
        pairs(
            (("قشارة الأسلاك", "Wire stripper"), ("نزع العزل", "Taking insulation off")),
            (("كابسة الأطراف", "Crimping tool"), ("تثبيت الترامل", "Fixing lugs")),
            (("مفك الاختبار", "Test screwdriver"), ("كشف الجهد", "Detecting voltage")),
            others=(("لحام القصدير", "Soldering"),),
        ),
    ),
    BankText(
        "single", ("ما وظيفة زر الاختبار في قاطع التيار المتبقي؟", "What is the test button of a residual current device for?"),
        (BOARDS, SAFETY), 3, SIZES,
        choose(
            ("يحاكي تسربًا ليتأكد من الفصل", "It imitates a leak, to see that it trips"),
            ("يزيد شدة التيار المسموح بها", "It raises the permitted current"),
            ("يعيد عداد الاستهلاك إلى الصفر", "It resets the meter"),
        ), state="review",
    ),
    BankText(
        "true_false", ("تُقاس مقاومة العزل والدائرة مفصولة.", "Insulation resistance is measured with the circuit switched off."),
        (MEASURING, SAFETY), 4, MEASURES, {"is_true": True}, state="review",
    ),
    BankText(
        "short_text", ("ما إسم الجهاز الذى يقيس مقاومه العزل؟", ""),
        (MEASURING,), 4, MEASURES, word("ميجر", "الميجر", "ميــجر", "megger"), state="draft",
    ),
)  # fmt: skip
