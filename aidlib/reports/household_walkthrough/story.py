"""The invented family, and the same family under other facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from aidlib.errors import ParameterFault
from aidlib.law import Book
from aidlib.money import FEN_PER_YUAN
from aidlib.reports import Report
from aidlib.rules.explain import Explanation, explain
from aidlib.rules.helpers import MONTHS_PER_YEAR
from aidlib.rules.lawinputs import STANDARD, standard_year

OTHER_INCOME_YUAN = 100  # the invented family's monthly income besides the wage


@dataclass(frozen=True)
class Story:
    """The family explained, and how to explain it again."""

    report: Report
    wage_yuan: int
    given: Mapping[str, int]
    told: Explanation

    def again(self, wage_fen: int, given: Mapping[str, int] | None = None, **facts: Any) -> Explanation:
        """Explain the family with another wage, other household facts, or another law."""
        law = self.given if given is None else given
        return _explained(self.report, family(wage_fen, **facts), law)


@dataclass(frozen=True)
class Case:
    """A what-if: its words and what comes out."""

    words: tuple[str, str]
    told: Explanation


def family(wage_fen: int, **facts: Any) -> dict[str, Any]:
    """Describe the invented family: a parent who works, a parent who looks after a seriously ill child.

    Examples
    --------
    >>> family(190_000)["income_fen"], [person["age"] for person in family(0)["persons"]]
    (200000, [45, 43, 10])
    """
    common = {"own_property_ok": True, "own_income_fen": 0, "can_work": False}
    persons = [
        {**common, "relation": "applicant", "age": 45, "can_work": True, "employed": wage_fen > 0, "wage_fen": wage_fen,
         "own_income_fen": wage_fen},
        {**common, "relation": "spouse", "age": 43, "can_work": True},
        {**common, "relation": "child", "age": 10, "student_stage": "compulsory", "serious_illness": facts.pop("ill", True)},
    ]  # fmt: skip
    home = {
        "urban": True,
        "income_fen": wage_fen + OTHER_INCOME_YUAN * FEN_PER_YUAN,
        "property_ok": True,
        "expend_fen": 0,
    }
    return {**home, **facts, "persons": persons}


def begin(report: Report, wage_yuan: int, standard_yuan: str) -> Story:
    """Read the parameters and explain the family as it is."""
    if wage_yuan < 0:
        raise ParameterFault(
            "a wage below zero", where="wage_yuan", expected="a whole number of yuan", got=str(wage_yuan)
        )
    given = {STANDARD: standard_year(standard_yuan)} if standard_yuan.strip() else {}
    told = _explained(report, family(wage_yuan * FEN_PER_YUAN), given)
    return Story(report, wage_yuan, given, told)


def _explained(
    report: Report, home: Mapping[str, Any], given: Mapping[str, int], book: Book | None = None
) -> Explanation:
    year, month = map(int, report.period.split("-"))
    return explain(
        home, report.region.code, date(year, month, 1), given=given, stale=True, language=report.language,
        book=book or report.book, figures=report.figures,
    )  # fmt: skip


def what_ifs(story: Story, report: Report) -> list[Case]:
    """Explain the family under other facts: more wage, no recognised illness, a job found, a heavy bill, facts missing, a higher standard."""
    wage = story.wage_yuan * FEN_PER_YUAN
    standard = story.told.ends(STANDARD, -1)[0]
    need = story.told["need_fen_year"] // MONTHS_PER_YEAR
    beyond = need * 2
    job = {
        "on_dibao": True,
        "raised_by_job": True,
        "last_benefit_fen": story.told["dibao_benefit_fen"],
        "grace_months_used": 2,
    }
    cases: list[tuple[tuple[str, str], Explanation]] = [
        (("现状", "as it is"), story.told),
        (("工资使收入正好等于低保线", "the wage puts income exactly on the dibao line"), story.again(_wage(need))),
        (("同上,孩子的病未认定为重病", "the same, but the child's illness is not recognised"), story.again(_wage(need), ill=False)),
        (("新就业,工资再高一倍", "a new job doubles the income of the line"), story.again(_wage(beyond), **job)),
        (("收入翻倍,但全年医疗等刚性支出为收入的七成", "twice the line, but rigid spending takes seven tenths of it"),
         story.again(_wage(beyond), expend_fen=beyond * MONTHS_PER_YEAR * 7 // 10)),
        (("收入尚未核实", "income not yet verified"), story.again(wage, income_fen=None)),
        (("低保标准提高一成", "the standard is a tenth higher"), story.again(wage, {STANDARD: standard * 11 // 10})),
    ]  # fmt: skip
    return [Case(words, told) for words, told in cases]


def _wage(income_fen: int) -> int:
    return max(income_fen - OTHER_INCOME_YUAN * FEN_PER_YUAN, 0)
