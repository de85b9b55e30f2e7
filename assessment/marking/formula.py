"""Expressions that compute the answer of a question with generated values. No code is run: they are read and computed here.

    expression = term { ("+" | "-") term }
    term       = factor { ("*" | "/") factor }
    factor     = ("+" | "-") factor | power
    power      = atom [ "^" factor ]
    atom       = number | name | "{" name "}" | function "(" [ expression { "," expression } ] ")" | "(" expression ")"

Sums, products and whole powers are exact; roots, logarithms and trigonometric functions are right to 30 digits, the same everywhere. Angles
are in radians; `rad(90)` turns degrees into them. Results have at most 100 digits before and behind the point.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from fractions import Fraction

LONGEST_FORMULA = 500
_MOST_PARTS = 200
_DEEPEST = 40
_MOST_BITS = 1000
_LARGEST_POWER = 99
_DIGITS = 30

# Ten digits more than are kept, so that the last one is right.
_context = Context(prec=_DIGITS + 10, rounding=ROUND_HALF_UP, Emax=999, Emin=-999)

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?|\.[0-9]+)|(?P<name>[A-Za-z_][A-Za-z_0-9]{0,30})|\{(?P<braced>[A-Za-z_][A-Za-z_0-9]{0,30})\}|(?P<sign>[-+*/^(),×÷−]))"
)
_SIGNS = {"×": "*", "÷": "/", "−": "-"}


class FormulaError(ValueError):
    """Why an expression cannot be read, or has no result. `position` counts characters from 0, None where it is a result."""

    def __init__(self, text: str, position: int | None = None) -> None:
        super().__init__(text)
        self.position = position


class MalformedFormula(FormulaError):
    """It does not follow the grammar."""


class UnknownFunction(FormulaError):
    """It calls what is no function, or with another number of arguments."""


class NoResult(FormulaError):
    """A division by zero, a root of a number below 0, a logarithm of one that is not above it."""


class TooLarge(FormulaError):
    """It is too long, too deep, or its result has too many digits."""


type Node = Callable[[Mapping[str, Fraction]], Fraction]


class Formula:
    """An expression that was read. `names` are those of its variables. Raises MalformedFormula, UnknownFunction, TooLarge."""

    def __init__(self, text: str) -> None:
        reader = _Reader(text)
        self.text = text
        self._node = reader.whole()
        self.names = frozenset(reader.names)
        # Without variables there is one result, whatever is asked how often.
        self._constant = None if self.names else self._node({})

    def result(self, values: Mapping[str, Fraction]) -> Fraction:
        """Raises NoResult, TooLarge."""
        return self._node(values) if self._constant is None else self._constant


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


class _Reader:
    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_FORMULA:
            raise TooLarge("the formula is too long")
        self.names: set[str] = set()
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._expression()
        if self._next().kind != "end":
            raise self._malformed()
        return node

    def _expression(self) -> Node:
        node = self._term()
        while self._takes("+", "-"):
            node = _both(_add if self._taken() == "+" else _subtract, node, self._term())
        return node

    def _term(self) -> Node:
        node = self._factor()
        while self._takes("*", "/"):
            node = _both(_multiply if self._taken() == "*" else _divide, node, self._factor())
        return node

    def _factor(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TooLarge("the formula is too deep", self._next().position)
        if self._takes("+", "-"):
            is_negative = self._taken() == "-"
            inner = self._factor()
            node: Node = (lambda values: -inner(values)) if is_negative else inner
        else:
            node = self._power()
        self._depth -= 1
        return node

    def _power(self) -> Node:
        base = self._atom()
        if not self._takes("^"):
            return base
        self._taken()
        return _both(_power, base, self._factor())

    def _atom(self) -> Node:
        token = self._next()
        self._at += 1
        if token.kind == "number":
            value = Fraction(token.text)
            return lambda _values: value
        if token.kind == "name" and self._takes("("):
            return self._call(token)
        if token.kind in {"name", "braced"}:
            return self._variable(token)
        if token.text == "(":
            node = self._expression()
            self._close()
            return node
        self._at -= 1
        raise self._malformed()

    def _variable(self, token: _Token) -> Node:
        name = token.text
        if token.kind == "name" and name == "pi":
            return lambda _values: _PI
        self.names.add(name)
        return lambda values: values[name]

    def _call(self, token: _Token) -> Node:
        self._taken()
        arguments: list[Node] = []
        if not self._takes(")"):
            arguments.append(self._expression())
            while self._takes(","):
                self._taken()
                arguments.append(self._expression())
        self._close()
        function, counts = _FUNCTIONS.get(token.text, (None, ()))
        if function is None or len(arguments) not in counts:
            raise UnknownFunction(f"{token.text} with {len(arguments)} values is no function", token.position)
        return lambda values: _bounded(function([argument(values) for argument in arguments]))

    def _close(self) -> None:
        if not self._takes(")"):
            raise self._malformed()
        self._taken()

    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _takes(self, *signs: str) -> bool:
        token = self._next()
        return token.kind == "sign" and token.text in signs

    def _taken(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1].text

    def _malformed(self) -> MalformedFormula:
        token = self._next()
        return MalformedFormula(f"unexpected {token.text or 'end'}", token.position)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise MalformedFormula(f"unexpected {text[at : at + 10].strip()}", at)
        kind = str(found.lastgroup)
        tokens.append(_Token(kind, _SIGNS.get(found[kind], found[kind]), found.start(kind)))
        if len(tokens) > _MOST_PARTS:
            raise TooLarge("the formula has too many parts", at)
        at = found.end()
    return [*tokens, _Token("end", "", end)]


# --- Results -----------------------------------------------------------------------------------------------------


def _bounded(value: Fraction) -> Fraction:
    numerator, denominator = value.as_integer_ratio()
    if numerator.bit_length() > _MOST_BITS or denominator.bit_length() > _MOST_BITS:
        raise TooLarge("the result has too many digits")
    return value


def _both(operation: Callable[[Fraction, Fraction], Fraction], left: Node, right: Node) -> Node:
    return lambda values: _bounded(operation(left(values), right(values)))


def _add(left: Fraction, right: Fraction) -> Fraction:
    return left + right


def _subtract(left: Fraction, right: Fraction) -> Fraction:
    return left - right


def _multiply(left: Fraction, right: Fraction) -> Fraction:
    return left * right


def _divide(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise NoResult("division by zero")
    return left / right


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        if base == 0 and exponent < 0:
            raise NoResult("division by zero")
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if abs(exponent) > _LARGEST_POWER or bits * abs(exponent) > _MOST_BITS:
            raise TooLarge("the power has too many digits")
        return Fraction(base ** int(exponent))
    if base < 0:
        raise NoResult("a root of a number below 0")
    if base == 0:
        return Fraction(0)
    return _computed(lambda: _context.power(_decimal(base), _decimal(exponent)))


def _decimal(value: Fraction) -> Decimal:
    numerator, denominator = value.as_integer_ratio()
    return _context.divide(Decimal(numerator), Decimal(denominator))


def _computed(compute: Callable[[], Decimal]) -> Fraction:
    """What is not exact, to `_DIGITS` digits."""
    try:
        found = compute()
    except DecimalException as error:
        raise NoResult("no number") from error
    return Fraction(Context(prec=_DIGITS, Emax=999, Emin=-999).plus(found))


def _of_decimal(compute: Callable[[Decimal], Decimal]) -> Callable[[Sequence[Fraction]], Fraction]:
    return lambda given: _computed(lambda: compute(_decimal(given[0])))


def _square_root(given: Sequence[Fraction]) -> Fraction:
    if given[0] < 0:
        raise NoResult("a root of a number below 0")
    return _computed(lambda: _context.sqrt(_decimal(given[0])))


def _logarithm(compute: Callable[[Decimal], Decimal]) -> Callable[[Sequence[Fraction]], Fraction]:
    def found(given: Sequence[Fraction]) -> Fraction:
        if given[0] <= 0:
            raise NoResult("a logarithm of a number that is not above 0")
        return _computed(lambda: compute(_decimal(given[0])))

    return found


def _rounded(given: Sequence[Fraction]) -> Fraction:
    """Half away from zero, as it is taught; to so many decimals."""
    places = given[1] if len(given) > 1 else Fraction(0)
    if places.denominator != 1 or not 0 <= places <= _DIGITS:
        raise NoResult("so many decimals are none")
    scale = 10 ** int(places)
    whole = (abs(given[0]) * scale + Fraction(1, 2)) // 1
    return Fraction(whole if given[0] >= 0 else -whole, scale)


def _pi() -> Decimal:
    """Pi to the digits of the context (the recipe in the documentation of `decimal`)."""
    three = Decimal(3)
    last, term, total, numerator, step, denominator, width = Decimal(0), three, three, 1, 0, 0, 24
    while total != last:
        last = total
        numerator, step = numerator + step, step + 8
        denominator, width = denominator + width, width + 32
        term = _context.divide(_context.multiply(term, Decimal(numerator)), Decimal(denominator))
        total = _context.add(total, term)
    return total


def _series(angle: Decimal, first: Decimal, position: int) -> Decimal:
    """The Taylor series of the sine (`position` 1) or the cosine (0)."""
    last, term, total = Decimal(0), first, first
    while total != last:
        last = total
        position += 2
        divisor = Decimal(position * (position - 1))
        term = _context.divide(
            _context.multiply(_context.multiply(term, angle), angle), divisor
        ).copy_negate()
        total = _context.add(total, term)
    return total


def _turned(given: Sequence[Fraction]) -> Decimal:
    """The angle within one turn: the series needs few terms there."""
    return _decimal(given[0] - (given[0] // (2 * _PI)) * 2 * _PI)


def _sine(given: Sequence[Fraction]) -> Fraction:
    angle = _turned(given)
    return _clipped(_series(angle, angle, 1))


def _cosine(given: Sequence[Fraction]) -> Fraction:
    return _clipped(_series(_turned(given), Decimal(1), 0))


def _clipped(value: Decimal) -> Fraction:
    """To digits behind the point: near 0 those of the first places are lost."""
    return _rounded([Fraction(value), Fraction(_DIGITS - 5)])


def _tangent(given: Sequence[Fraction]) -> Fraction:
    return _divide(_sine(given), _cosine(given))


_PI = Fraction(_pi())
_FUNCTIONS: dict[str, tuple[Callable[[Sequence[Fraction]], Fraction], tuple[int, ...]]] = {
    "abs": (lambda given: abs(given[0]), (1,)),
    "ceil": (lambda given: Fraction(-(-given[0] // 1)), (1,)),
    "cos": (_cosine, (1,)),
    "exp": (_of_decimal(_context.exp), (1,)),
    "floor": (lambda given: Fraction(given[0] // 1), (1,)),
    "ln": (_logarithm(_context.ln), (1,)),
    "log10": (_logarithm(_context.log10), (1,)),
    "max": (max, tuple(range(1, 11))),
    "min": (min, tuple(range(1, 11))),
    "pi": (lambda _given: _PI, (0,)),
    "pow": (lambda given: _power(given[0], given[1]), (2,)),
    "rad": (lambda given: given[0] * _PI / 180, (1,)),
    "round": (_rounded, (1, 2)),
    "sin": (_sine, (1,)),
    "sqrt": (_square_root, (1,)),
    "tan": (_tangent, (1,)),
}
