"""One invented family step by step: why it gets what it gets, what would change that, and where aid breaks off as a wage grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aidlib.errors import ParameterFault
from aidlib.indices import Figures
from aidlib.known import Known, Missing
from aidlib.law import Book
from aidlib.money import FEN_PER_YUAN
from aidlib.prices.months import first_day
from aidlib.regions import Region, place
from aidlib.result import Frame, Result
from aidlib.rules.explain import Explanation, explain
from aidlib.rules.helpers import MONTHS_PER_YEAR
from aidlib.rules.lawinputs import INCOME, STANDARD, standard_year
from aidlib.rules.layers import CATEGORIES
from aidlib.rules.programmes import SPECIALISED_ANSWERS
from aidlib.rules.reasons import Right

if TYPE_CHECKING:
    import pandas as pd


OTHER_INCOME_YUAN = 100  # the invented family's monthly income besides the wage
STEP_FEN = 20 * FEN_PER_YUAN
BEYOND = 2  # how far the schedule goes, in times the dibao line of the family


def example_family(wage_fen: int, **facts: Any) -> dict[str, Any]:
    """虚构的三口之家。 Describe an invented family: a parent who works, a parent who looks after a seriously ill child.

    Parameters
    ----------
    wage_fen : int
        Monthly wage of the parent who works, in fen.
    **facts
        Household columns of `aidlib.register.columns` that differ, and `ill=False` for a child whose illness is not recognised.

    Examples
    --------
    >>> example_family(190_000)["income_fen"], [person["age"] for person in example_family(0)["persons"]]
    (200000, [45, 43, 10])
    """
    if not isinstance(wage_fen, int):
        raise ParameterFault("not a wage", where="wage_fen", expected="whole fen a month", got=repr(wage_fen))
    common = {"own_property_ok": True, "own_income_fen": 0, "can_work": False}
    persons = [
        {**common, "relation": "applicant", "age": 45, "can_work": True, "employed": wage_fen > 0, "wage_fen": wage_fen,
         "own_income_fen": wage_fen},
        {**common, "relation": "spouse", "age": 43, "can_work": True},
        {**common, "relation": "child", "age": 10, "student_stage": "compulsory", "serious_illness": facts.pop("ill", True)},
    ]  # fmt: skip
    income = wage_fen + OTHER_INCOME_YUAN * FEN_PER_YUAN
    home = {"urban": True, "income_fen": income, "property_ok": True, "expend_fen": 0}
    return {**home, **facts, "persons": persons}


def walkthrough(
    region: str | int | Region, month: str, wage_yuan: int = 1_500, standard_yuan: str = "", language: str = "zh",
    law: Book | None = None, figures: Figures | None = None,
) -> Walkthrough:  # fmt: skip
    """逐步说明一个虚构家庭。 Explain the invented family at a place and month.

    Parameters
    ----------
    region : str, int or Region
        The place.
    month : str
        `YYYY-MM`: the rules of its first day hold.
    wage_yuan : int
        Monthly wage of the parent who works.
    standard_yuan : str
        Monthly dibao standard per person to reckon with; empty: the one in force, else the last one known, as a supposition.
    language : str
        Language of what the rules say.

    Raises
    ------
    ParameterFault
        A wage below zero, or a standard that cannot be one.

    Examples
    --------
    >>> told = walkthrough("450400", "2026-09", standard_yuan="632")
    >>> told.aid.fen_month, told.category
    (Fraction(29600, 1), 'dibao')
    """
    if not isinstance(wage_yuan, int) or wage_yuan < 0:
        raise ParameterFault("not a wage", where="wage_yuan", expected="a whole number of yuan", got=str(wage_yuan))
    on = first_day(month)
    given = {STANDARD: standard_year(standard_yuan)} if standard_yuan.strip() else {}
    at = _At(place(region).code, on, language, law or Book(), figures or Figures())
    told = at.explain(example_family(wage_yuan * FEN_PER_YUAN), given)
    if (
        not given and told.law.marks.get(STANDARD) == "stale"
    ):  # an example needs one line: the last one known, as a supposition
        given = {STANDARD: told.ends(STANDARD, -1)[0]}
        told = at.explain(example_family(wage_yuan * FEN_PER_YUAN), given)
    return Walkthrough(at, wage_yuan * FEN_PER_YUAN, given, told)


@dataclass(frozen=True)
class _At:
    """Where, when and in which language a family is explained."""

    place: str
    on: date
    language: str
    book: Book
    figures: Figures

    def explain(self, home: Mapping[str, Any], given: Mapping[str, int]) -> Explanation:
        """Explain a family, on the last standard known where none is in force."""
        return explain(
            home,
            self.place,
            self.on,
            given=given,
            stale=True,
            language=self.language,
            book=self.book,
            figures=self.figures,
        )


@dataclass(frozen=True)
class Walkthrough(Result):
    """The invented family explained, and how to explain it again.

    Attributes
    ----------
    at
        Where and when.
    wage_fen : int
        Its monthly wage.
    given : mapping
        The standard supposed, where one is.
    told : Explanation
        The family as it is, rule by rule.
    """

    at: _At
    wage_fen: int
    given: Mapping[str, int]
    told: Explanation

    def again(self, wage_fen: int, given: Mapping[str, int] | None = None, **facts: Any) -> Explanation:
        """Explain the family with another wage, other household facts, or another standard."""
        return self.at.explain(example_family(wage_fen, **facts), self.given if given is None else given)

    @property
    def aid(self) -> Known:
        """Monthly basic living aid: a range where it cannot be told."""
        return _aid(self.told)

    @property
    def category(self) -> str:
        """Code of the category."""
        return CATEGORIES[self.told.category]

    @property
    def standard_fen(self) -> Fraction:
        """The monthly standard a person that is reckoned with."""
        return Fraction(self.told.ends(STANDARD, -1)[0], MONTHS_PER_YEAR)

    @property
    def other_income_fen(self) -> int:
        """Its monthly income besides the wage."""
        return OTHER_INCOME_YUAN * FEN_PER_YUAN

    @property
    def supposed(self) -> bool:
        """Whether that standard is a supposition."""
        return bool(self.given)

    @property
    def missing(self) -> list[Missing]:
        """Published figures the explanation needed and did not have."""
        return [Missing(INCOME, place=self.at.place)] if INCOME in self.told.law.unknown else []

    @property
    def letter(self) -> str:
        """The paragraph for a decision letter."""
        return self.told.letter()

    @property
    def near(self) -> list[str]:
        """How far the family is from each line."""
        return self.told.near()

    def to_frame(self) -> pd.DataFrame:
        """每条规则的依据、输入和结果。 One row a rule that decided: rule (code), member_number, rule_words, result_words, inputs_words, article_words."""
        frame: pd.DataFrame = self.told.worded().ladder()
        frame.attrs["lacking"] = self.missing
        return frame

    def rights(self) -> Frame:
        """各成员可以申请的专项救助。 What each member may apply for: programme_words, member_1 to member_3, competent_department, sources."""
        import pandas as pd

        worded = self.told.worded()
        found = dict(worded.programmes)
        rows = [self._programme(worded, name, found.get(name, [])) for name in SPECIALISED_ANSWERS]
        members = [f"member_{member + 1}" for member in self.told.members]
        frame = pd.DataFrame(rows, columns=["programme_words", *members, "competent_department", "sources"])
        return Frame(frame if found else frame.iloc[:0])

    def _programme(self, worded: Any, name: str, own: Sequence[Right]) -> list[Any]:
        each = dict.fromkeys(self.told.members) | {
            right.member: worded.listed("semicolon", [worded.entitlement(right), *worded.worked_out(right)])
            for right in own
        }  # fmt: skip
        department = own[0].department if own else None
        held = [value for right in own for value in (*right.rows, right.department) if value]
        return [worded.named(name), *each.values(), worded.department(department) or None, held]

    def what_ifs(self) -> Frame:
        """换一个条件。 The same family under other facts: what_if (code), outcomes (categories it may have), monthly_aid (known or a range),
        turns_on (what decides an open answer)."""
        import pandas as pd

        rows = [
            [code, [CATEGORIES[one] for one in told.possible], _aid(told), told.doubts() or None]
            for code, told in self.cases()
        ]
        return Frame(pd.DataFrame(rows, columns=["what_if", "outcomes", "monthly_aid", "turns_on"]))

    def cases(self) -> Iterator[tuple[str, Explanation]]:
        """Explain the family under other facts: more wage, no recognised illness, a job found, a heavy bill, facts missing, a higher standard."""
        standard = self.told.ends(STANDARD, -1)[0]
        need = self.told["need_fen_year"] // MONTHS_PER_YEAR
        beyond = need * 2
        job = {
            "on_dibao": True,
            "raised_by_job": True,
            "last_benefit_fen": self.told["dibao_benefit_fen"],
            "grace_months_used": 2,
        }
        yield "as_it_is", self.told
        yield "on_the_line", self.again(_wage(need))
        yield "illness_not_recognised", self.again(_wage(need), ill=False)
        yield "new_job", self.again(_wage(beyond), **job)
        yield "rigid_spending", self.again(_wage(beyond), expend_fen=beyond * MONTHS_PER_YEAR * 7 // 10)
        yield "income_unverified", self.again(self.wage_fen, income_fen=None)
        yield "standard_higher", self.again(self.wage_fen, {STANDARD: standard * 11 // 10})

    def schedule(self) -> Schedule:
        """工资与救助。 Explain the family at every step of the wage, to some way beyond the last line."""
        last = self.told["need_fen_year"] * BEYOND // MONTHS_PER_YEAR
        points = tuple(self.point(wage) for wage in range(0, last + STEP_FEN, STEP_FEN))
        return Schedule(points, tuple(self._turns(points)))

    def point(self, wage_fen: int) -> Point:
        """Explain the family at one wage."""
        told = self.again(wage_fen)
        return Point(wage_fen, told["monthly_aid_fen"], told.category)

    def _turns(self, points: Sequence[Point]) -> Iterator[Turn]:
        """Find to the fen the wages at which the category changes."""
        for low, high in pairwise(points):
            if low.category != high.category:
                before, after = self._narrowed(low, high)
                yield Turn(after.wage_fen, before.category, after.category, after.net_fen - before.net_fen)

    def _narrowed(self, low: Point, high: Point) -> tuple[Point, Point]:
        while high.wage_fen - low.wage_fen > 1:
            middle = self.point((low.wage_fen + high.wage_fen) // 2)
            low, high = (middle, high) if middle.category == low.category else (low, middle)
        return low, high


@dataclass(frozen=True)
class Point:
    """One wage: what the household then gets and has, in fen a month."""

    wage_fen: int
    aid_fen: int
    category: int

    @property
    def net_fen(self) -> int:
        """Wage, other income and aid together."""
        return self.wage_fen + OTHER_INCOME_YUAN * FEN_PER_YUAN + self.aid_fen


@dataclass(frozen=True)
class Turn:
    """A wage at which one more fen changes the category: net income before and after differ by `change_fen`."""

    wage_fen: int
    before: int
    after: int
    change_fen: int


@dataclass(frozen=True)
class Schedule(Result):
    """Aid and net income as the wage grows, and where the category changes."""

    points: tuple[Point, ...]
    turns: tuple[Turn, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a step: wage_fen, aid_fen, net_fen (a month), category (code)."""
        import pandas as pd

        rows = [[one.wage_fen, one.aid_fen, one.net_fen, CATEGORIES[one.category]] for one in self.points]
        return pd.DataFrame(rows, columns=["wage_fen", "aid_fen", "net_fen", "category"])

    def crossings(self) -> Frame:
        """跨过一条线时净收入的变化。 To the fen, where aid changes at once: wage_fen, category_before, category_after, net_change_fen."""
        import pandas as pd

        rows = [[one.wage_fen, CATEGORIES[one.before], CATEGORIES[one.after], one.change_fen] for one in self.turns]
        return Frame(pd.DataFrame(rows, columns=["wage_fen", "category_before", "category_after", "net_change_fen"]))

    def marginal_rates(self) -> list[float]:
        """Share of each further yuan of wage that falls away, between neighbouring points (for drawing only).

        Examples
        --------
        >>> Schedule((Point(0, 1_000, 1), Point(100, 900, 1), Point(200, 900, 0)), ()).marginal_rates()
        [1.0, 0.0]
        """
        return [
            1 - (after.net_fen - before.net_fen) / (after.wage_fen - before.wage_fen)
            for before, after in pairwise(self.points)
        ]


def _wage(income_fen: int) -> int:
    return max(income_fen - OTHER_INCOME_YUAN * FEN_PER_YUAN, 0)


def _aid(told: Explanation) -> Known:
    low, high = (Fraction(end, FEN_PER_YUAN) for end in told.ends("monthly_aid_fen", -1))
    most = None if told.open_above("monthly_aid_fen", -1) else high
    ends = (None, None) if low == most else (low, most)
    return Known(low, "yuan/month", "synthetic", None, (), "monthly_aid", *ends)
