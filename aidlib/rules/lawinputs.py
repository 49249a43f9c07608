"""The law values rules read, by argument name: which row of the book, and how its text becomes a whole number."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from aidlib.errors import LawFault, ParameterFault
from aidlib.law import Value
from aidlib.money import fen, yuan
from aidlib.register.columns import COLUMNS, MONTHS_MAX
from aidlib.rules.helpers import BP, DOWN, HALF_UP, MONTHS_PER_YEAR, UP
from aidlib.rules.specialised import ENTITLEMENTS
from aidlib.rules.unknown import NO_LIMIT

STANDARD = "dibao_standard_fen_year"
STANDARD_OF = {
    area: f"dibao_standard_{area}_fen_year" for area in ("urban", "rural")
}  # where a rule of one area counts with the other's
INCOME, RIGID_INCOME = "disposable_income_fen_year", "rigid_income_fen_year"
LAW_FEN_MAX = 10**8  # a million yuan a year for one person
BP_MAX = 10 * BP
NO_BOUND = (
    LAW_FEN_MAX,
    LAW_FEN_MAX * MONTHS_PER_YEAR,
    BP_MAX,
    NO_LIMIT,
    NO_LIMIT * MONTHS_PER_YEAR,
)  # the upper ends of what is wholly unknown
MODES = {"floor": DOWN, "half_up": HALF_UP, "exact": HALF_UP, "ceil": UP}
_HIGHEST = {"fen_year": LAW_FEN_MAX, "bp": BP_MAX, "count": MONTHS_MAX}
MEDICAL_GROUPS = {
    "tekun": "tekun", "orphan": "orphan", "dibao": "dibao", "returned": "returned_poor", "edge": "edge",
    "monitored": "anti_poverty_monitored", "illness": "illness_poor",
}  # fmt: skip
SMALL_SUM_FIRST = ("no", "may", "must")


@dataclass(frozen=True)
class LawInput:
    """Where an argument comes from.

    Attributes
    ----------
    name, group : str
        Name in the book, and groups to ask for, nearest meaning first, split by `|`; `{area}` becomes urban or rural.
    reads : str
        fen_year (a month's amount times twelve), fen_month, bp (basis points), count, flag, op (`ge`, `le` and `sum` are true) or word.
    better : int
        +1 where a larger value brings more help, -1 where a smaller one does.
    none : int or None
        What holds where the book has no row: the place has no such rule. None: unknown.
    may : int
        Where a place may have such a rule though the book has no row: the most it may be; it is then unknown from `none` up.
    words : tuple of str
        The words of a `word`, in the order of their numbers.
    """

    name: str
    group: str = ""
    reads: str = "count"
    better: int = 0
    none: int | None = None
    may: int = 0
    words: tuple[str, ...] = ()

    @property
    def highest(self) -> int:
        """The largest value an unknown one may have."""
        return len(self.words) - 1 if self.words else _HIGHEST.get(self.reads, 1)

    def read(self, value: Value) -> int:
        """Turn a row into a whole number; a row that needs parts of one is refused, not rounded."""
        if self.reads in ("flag", "op"):
            return value.text in ("1", "ge", "le", "sum")
        if self.reads == "word":
            return self.words.index(value.text)
        return whole(self._number(value), value)

    def _number(self, value: Value) -> Fraction:
        if self.reads in ("fen_year", "fen_month"):
            return value.fen_month * (MONTHS_PER_YEAR if self.reads == "fen_year" else 1)
        return value.rate * BP if self.reads == "bp" else value.number


def standard_year(text: str) -> int:
    """Return a monthly dibao standard someone gave in yuan as fen a year.

    Examples
    --------
    >>> standard_year("680")
    816000
    """
    year = fen(text) * MONTHS_PER_YEAR
    if not 0 < year <= LAW_FEN_MAX:
        most = yuan(LAW_FEN_MAX // MONTHS_PER_YEAR)
        raise ParameterFault("not a monthly standard", expected=f"yuan above 0, at most {most}", got=text)
    return year


def whole(number: Fraction, value: Value) -> int:
    """Return a number that must be whole; the fault names the row.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> whole(Fraction(15_000), Book().at("450400", date(2026, 9, 1)).value("edge_income_multiple"))
    15000
    """
    if number.denominator != 1:
        raise LawFault("the rules need a whole number of fen or basis points", where=value.place, got=value.text)
    return int(number)


def _flag(name: str, group: str = "", better: int = 1) -> LawInput:
    return LawInput(name, group, "flag", better, 0)


def _bp(name: str, group: str = "", none: int | None = 0, better: int = 1) -> LawInput:
    return LawInput(name, group, "bp", better, none)


def _age(name: str, none: int | None = None) -> LawInput:
    return LawInput(name, reads="count", none=none)


def _grade(name: str, kind: str = "") -> LawInput:
    return LawInput(name, f"disability_{kind}" if kind else "", "count", 1, 0)


def _entitled(name: str, short: str) -> dict[str, LawInput]:
    groups = {"tekun": "tekun", "dibao": "dibao", "edge": "edge", "rigid": "rigid", "other": "other_hardship"}
    return {f"{short}_{key}": LawInput(name, group, "word", 1, 0, words=ENTITLEMENTS) for key, group in groups.items()}


_HOUSEHOLD = {
    "minor_age": _age("minor_age"),
    "member_adult_student_stage": LawInput(
        "member_adult_student_stage", reads="word", words=COLUMNS["student_stage"].codes
    ),
    "member_clergy_apart_years": _age("member_clergy_apart_years"),
    "clergy_excluded": _flag("member_excluded", "clergy_apart", 0),
    "prison_excluded": _flag("member_excluded", "prisoner", 0),
    "isolation_excluded": _flag("member_excluded", "drug_isolation", 0),
    "missing_excluded": _flag("member_excluded", "declared_missing", 0),
    "conscript_excluded": _flag("member_excluded", "conscript", 0),
    "serviceman_excluded": _flag("member_excluded", "unmarried_serviceman", 0),
    "work_cost_deductible": _flag("work_cost_deductible"),
    "rigid_cost_deductible": _flag("rigid_cost_deductible", "disabled|seriously_ill"),
    "basic_pension_disregarded": LawInput("income_disregard", "basic_pension", "flag", 1, None),
    "work_cost_rate_bp": _bp("work_cost_deduction_rate"),
    "work_cost_standard_bp": _bp("work_cost_deduction_standard"),
    "work_cost_min_wage_bp": _bp("work_cost_deduction_min_wage"),
    "disabled_work_cost_min_wage_bp": _bp("work_cost_deduction_min_wage", "disabled"),
}
_DIBAO = {
    "dibao_line_bp": _bp("dibao_income_test", none=None),
    "topup_summed": LawInput("dibao_topup_combined", reads="op", better=1, none=0, may=1),
    "severe_disability_max_grade": _grade("single_entry_disability_max_grade"),
    "exit_disregard_cap_bp": _bp("exit_disregard_cap"),
    "job_refusals_limit": LawInput("job_refusals", none=0),
    "exit_income_max_bp": _bp("exit_grace_income_max", "pensioner"),
    **{f"review_months_{c}": LawInput("review_months", f"class_{c}:{{area}}|class_{c}", none=0) for c in "abcde"},
    "review_months_stable": LawInput("review_months", "dibao_stable:{area}|dibao_stable"),
    "review_months_unstable": LawInput("review_months", "dibao_unstable:{area}|dibao_unstable"),
}
_SINGLE = {
    "single_grade_any": _grade("single_entry_disability_max_grade"),
    "single_grade_intellectual": _grade("single_entry_disability_max_grade", "intellectual"),
    "single_grade_mental": _grade("single_entry_disability_max_grade", "mental"),
    "single_ill": _flag("single_entry", "seriously_ill"),
    "single_elderly": _flag("single_entry", "elderly"),
    "single_entry_elderly_age": _age("single_entry_elderly_age", 0),
    "single_minor": _flag("single_entry", "minor"),
    "single_entry_minor_max_age": _age("single_entry_minor_max_age", 0),
    "single_student": _flag("single_entry", "student"),
    "single_entry_clergy_years": _age("single_entry_clergy_years"),
    "single_jobless_allowed": _flag("single_entry_adult_jobless_disabled"),
    "single_share_disabled_bp": _bp("single_entry_benefit_share", "severely_disabled"),
    "single_share_ill_bp": _bp("single_entry_benefit_share", "seriously_ill"),
    "single_floor_disabled_bp": LawInput("single_entry_benefit_share_min", "severely_disabled", "bp", 1, 0, BP),
    "single_floor_ill_bp": LawInput("single_entry_benefit_share_min", "seriously_ill", "bp", 1, 0, BP),
}
_EDGE_RIGID = {
    "edge_multiple_bp": _bp("edge_income_multiple", "{area}", none=None),
    "edge_line_reached": LawInput("edge_income_op", reads="op", better=1, none=0),
    "edge_assets_reached": LawInput("edge_financial_assets_op", reads="op", better=1, none=1),
    "edge_living_aid_fen_month": LawInput("edge_living_aid", reads="fen_month", better=1, none=0),
    "edge_cap_min_wage_bp": _bp("edge_income_cap_min_wage"),
    "edge_spending_multiple_bp": _bp("edge_expenditure_multiple"),
    "edge_spending_cap_bp": _bp("edge_expenditure_income_cap"),
    "rigid_ratio_reached": LawInput("rigid_ratio_op", reads="op", better=1, none=0),
    "rigid_after_costs_bp": _bp("rigid_income_after_costs_max"),
    "rigid_assets_months_bp": _bp("rigid_financial_assets_months"),
    "rigid_living_aid": _flag("rigid_living_aid"),
}
_TEKUN = {
    "tekun_elderly_age": _age("tekun_elderly_age"),
    "tekun_minor_entry_age": _age("tekun_minor_entry_age"),
    "tekun_minor_keep_age": _age("tekun_minor_keep_age"),
    "keep_in_compulsory": _flag("tekun_student_keep", "compulsory"),
    "keep_in_senior": _flag("tekun_student_keep", "senior_secondary"),
    "tekun_grade_any": _grade("tekun_disability_max_grade"),
    "tekun_grade_intellectual": _grade("tekun_disability_max_grade", "intellectual"),
    "tekun_grade_mental": _grade("tekun_disability_max_grade", "mental"),
    "tekun_grade_physical": _grade("tekun_disability_max_grade", "physical"),
    "tekun_grade_visual": _grade("tekun_disability_max_grade", "visual"),
    "tekun_line_bp": _bp("tekun_income_test", none=None),
    "orphan_excluded": _flag("tekun_excluded", "orphan", -1),
    "selfcare_full_min_missing": _age("selfcare_full_min_missing"),
    "tekun_hospital_dependent": _flag("tekun_hospital_dependent"),
}
_OTHER = {
    "ta_income_cap_bp": _bp("ta_expenditure_income_cap", "ta_expenditure", none=None),
    "ta_case_by_case": _flag("ta_case_by_case"),
    "quick_aid_cap_bp": _bp("quick_aid_cap"),
    "small_sum_first": LawInput("small_sum_first", reads="word", better=1, none=0, words=SMALL_SUM_FIRST),
    **_entitled("entitled_premium", "premium"),
    **_entitled("entitled_medical_aid", "medical"),
    **_entitled("entitled_education", "education"),
    **_entitled("entitled_housing", "housing"),
    **_entitled("entitled_employment", "employment"),
    **_entitled("entitled_disaster", "disaster"),
    **_entitled("entitled_other", "other"),
    **{f"medical_rate_{key}_bp": _bp("medical_aid_rate", group, none=None) for key, group in MEDICAL_GROUPS.items()},
    "medical_tilt_rate_bp": _bp("medical_tilt_rate"),
}
LAW_INPUTS: dict[str, LawInput] = {**_HOUSEHOLD, **_DIBAO, **_SINGLE, **_EDGE_RIGID, **_TEKUN, **_OTHER}
