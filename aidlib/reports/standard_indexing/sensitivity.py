"""How far the candidates move with their inputs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.money import FEN_PER_YUAN, Rounding, decimal_text
from aidlib.reports import Report
from aidlib.reports.standard_indexing import labels
from aidlib.standards.adequacy import adequacy
from aidlib.standards.candidate import round_standard
from aidlib.standards.study import AreaStudy, Study

if TYPE_CHECKING:
    import pandas as pd

MODES: tuple[tuple[Rounding, labels.Words], ...] = (
    (Rounding("ceil", FEN_PER_YUAN), ("逐元进位", "rounded up to whole yuan")),
    (Rounding("half_up", FEN_PER_YUAN), ("四舍五入到元", "half-up to whole yuan")),
    (Rounding("floor", FEN_PER_YUAN), ("舍去角分", "rounded down to whole yuan")),
)


def sensitivity(report: Report, study: Study, theta: Fraction) -> pd.DataFrame:
    """One row per area and change of an input: how many yuan a month it moves."""
    import pandas as pd

    return pd.DataFrame([row for area in study.areas for row in _rows(report, area, theta)])


def _rows(report: Report, area: AreaStudy, theta: Fraction) -> Iterator[dict[str, object]]:
    name = labels.pick(report, labels.AREAS[area.level.area])
    for words, fen in (*_base_changes(area), *_uprating_changes(area, theta), *_rounding_changes(area)):
        yield {"area": name, "change": report.t(*words), "effect_yuan_month": labels.yuan2(fen)}


def _base_changes(area: AreaStudy) -> Iterator[tuple[labels.Words, Fraction]]:
    for figure, zh, en in (
        (area.consumption, "消费支出", "consumption"),
        (area.income, "可支配收入", "disposable income"),
    ):
        if figure:
            point = adequacy("point", Fraction(1), figure).denominator_fen_month / 100
            yield (f"占{zh}的比例每变动1个百分点", f"each percentage point of the share of {en}"), point


def _uprating_changes(area: AreaStudy, theta: Fraction) -> Iterator[tuple[labels.Words, Fraction]]:
    last = area.at.last
    if last is None:
        return
    yield ("物价涨幅每变动1个百分点", "each percentage point of prices"), last.fen_month / 100
    mixed = next((b.candidate for b in area.candidates if b.candidate.method == "mixed_uprating"), None)
    if mixed:
        growth = mixed.inputs[2].number
        part = decimal_text(theta * 100, 0)
        words = (f"实际增长全部计入，而不是{part}%", f"all of real growth passed on instead of {part}%")
        yield words, last.fen_month * growth * (1 - theta)


def _rounding_changes(area: AreaStudy) -> Iterator[tuple[labels.Words, Fraction]]:
    base = next((b.candidate.fen_month for b in area.candidates), None)
    if base is None:
        return
    for mode, words in MODES:
        moved = round_standard(base, mode) - base
        first = labels.both(labels.METHODS, area.candidates[0].candidate.method)
        yield (f"{first[0]}{words[0]}", f"{first[1]}: {words[1]}"), moved
