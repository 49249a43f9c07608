"""The simulated part of the report, every table and figure marked synthetic (or as from a register)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aidlib.evaluation import equity
from aidlib.evaluation.administrative import Measure
from aidlib.regions import region
from aidlib.reports import Report
from aidlib.reports.performance_evaluation import drawings, effects, labels, published, simulated
from aidlib.reports.performance_evaluation.evaluation import Evaluation
from aidlib.reports.performance_evaluation.population import KEPT_WORDS, Population
from aidlib.reports.standard_indexing.labels import AREAS, KINDS

if TYPE_CHECKING:
    import pandas as pd

Words = labels.Words
PERCENT, TIMES = ("%", "%"), ("倍（收入÷标准）", "times the line")
NOTES = {"errors": labels.DEPTH_NOTE, "overlap": labels.CANNOT_TELL_NOTE}
MARK = "#5b2a86"  # the colour of the mark of synthetic cells
TABLES: dict[str, Callable[[Report, Population], pd.DataFrame]] = {
    "coverage": simulated.coverage, "incidence": simulated.incidence, "errors": simulated.errors, "adequacy": simulated.adequacy,
    "progressivity": simulated.progressivity, "effects": effects.effects, "decomposition": effects.decomposition,
    "equals": effects.equals, "overlap": effects.overlap, "sensitivity": effects.sensitivity,
}  # fmt: skip
FIGURES: dict[str, Callable[[Report, Population], drawings.Drawn]] = {
    "coverage_figure": drawings.coverage, "triangle": drawings.triangle, "concentration_figure": drawings.concentration,
    "parade": drawings.parade, "gaps_figure": drawings.gaps,
}  # fmt: skip
CAPTIONS: dict[str, tuple[str, Words]] = {
    "coverage": ("T6", ("覆盖率：按收入五等份和家庭类型", "coverage by fifth and kind of household")),
    "incidence": ("T7", ("受益归宿：各组占领取人和资金的比重", "incidence of persons and money")),
    "errors": ("T8", ("漏保、错保、漏损与缺口减少", "errors, leakage and gap reduction")),
    "adequacy": ("T9", ("补助的慷慨度与缺口补足", "generosity and gap filled")),
    "effects": ("T10", ("贫困与不平等：补助前后", "poverty and inequality, before and after")),
    "decomposition": ("T10", ("补助前贫困按城乡分解", "poverty before, by town and country")),
    "progressivity": ("T11", ("累进性", "progressivity")),
    "equals": ("T12", ("同收入组内补助的变异系数", "variation of the benefit among equals")),
    "overlap": ("T13", ("规则认定类别与是否在册（户）", "category by the rules and the roll (households)")),
    "sensitivity": ("T21", ("敏感性（名册）", "sensitivity (roll)")),
    "coverage_figure": ("F2", ("收入十分组覆盖率", "coverage by tenth")),
    "concentration_figure": ("F3", ("集中曲线与洛伦兹曲线", "concentration and Lorenz curves")),
    "parade": ("F4", ("收入最低三成人口的收入与标准之比", "incomes of the poorest three tenths over their line")),
    "triangle": ("F5", ("绩效三角：覆盖、慷慨度、最低20%占领取人的比重", "performance triangle")),
    "gaps_figure": ("F7", ("低于标准的人缺口补足的分布", "share of the gap filled")),
}


def _about(found: Evaluation) -> Words:
    p = found.population
    if p is None:
        return labels.SYNTHETIC_NOTE
    own = labels.REGISTER_NOTE if p.kind == "register" else labels.SYNTHETIC_NOTE
    return (f"{own[0]} n = {p.n:,}户。", f"{own[1]} n = {p.n:,} households.")


def _mark(found: Evaluation, caption: Words) -> Words:
    """Say in the caption itself that a table is synthetic."""
    if found.population is not None and found.population.kind == "register":
        return f"[登记] {caption[0]}", f"[register] {caption[1]}"
    return f"[合成] {caption[0]}", f"[synthetic] {caption[1]}"


def show_population(found: Evaluation) -> None:
    """Say what households the simulation uses, and by which rules and lines."""
    report, p = found.report, found.population
    report.heading("模拟：用哪些家庭、哪些规则", "Simulation: which households, which rules")
    if p is None:
        report.say("当年没有标准，不作模拟。", "No level is known for the year: nothing is simulated.")
        return
    report.say(*_about(found))
    report.say(*(labels.REGISTER_NOTE if p.kind == "register" else labels.SCENARIO_NOTE))
    report.say(*_lines(p), sources=[level.basis for level in p.levels.values()])
    report.say(*_rules(found, p), sources=[row for one in p.payments.values() for row in one.basis])


def _lines(p: Population) -> Words:
    zh = "、".join(f"{AREAS[a][0]}{KINDS[v.kind][0]}每月{published.monthly(v)}元" for a, v in p.levels.items())
    en = ", ".join(
        f"{AREAS[a][1].lower()} {KINDS[v.kind][1]} {published.monthly(v)} yuan a month" for a, v in p.levels.items()
    )
    left = f"另有{p.left_out:,}户因没有所在城乡的标准或缺数据未用。" if p.left_out else ""
    left_en = (
        f" {p.left_out:,} households were left out: no level for their area, or a figure missing." if p.left_out else ""
    )
    return (
        f"贫困线：{zh}。{p.n:,}户，{p.persons:,}人。{left}",
        f"Line: {en}. {p.n:,} households, {p.persons:,} persons.{left_en}",
    )


def _rules(found: Evaluation, p: Population) -> Words:
    day, year = p.on.isoformat(), found.study.year
    later = p.on.year > year
    zh = f"资格和补差按{day}有效的规则计算" + (f"（{year}年的规则没有录全，标准用{year}年的）" if later else "") + "。"
    en = f"Eligibility and gap payments follow the rules of {day}" + (
        f" (those of {year} are not complete in the book; the level is that of {year})" if later else "") + "."  # fmt: skip
    paid = [
        f"{AREAS[a][0]}{published.in_yuan(m.value)}元（{_whose(m, 'zh')}{m.period}）" for a, m in p.payments.items()
    ]
    said = [
        f"{AREAS[a][1].lower()} {published.in_yuan(m.value)} yuan ({_whose(m, 'en')}{m.period})"
        for a, m in p.payments.items()
    ]
    if p.kind == "register":
        return zh, en
    zh += f"名册上每人每月：{'、'.join(paid)}。" if paid else "数据中没有当地的人均补助，名册上每人按规则补差的均值领取。"
    en += (
        f" On the roll each person gets: {', '.join(said)}."
        if paid
        else " No average payment is in the data: the roll gets the mean gap payment."
    )
    return f"{zh}{KEPT_WORDS[0]}", f"{en} {KEPT_WORDS[1]}"


def _whose(found: Measure, language: str) -> str:
    """Name the place a payment was published for."""
    row = found.basis[0]
    return region(row.region).name(language) + ("，" if language == "zh" else ", ")


def show_targeting(found: Evaluation) -> None:
    """Show coverage, incidence and the two errors beside the gap reduction."""
    _show(
        found,
        ("模拟：覆盖与瞄准", "Simulation: coverage and targeting"),
        "coverage",
        "incidence",
        "errors",
        "coverage_figure",
        "triangle",
    )


def show_impact(found: Evaluation) -> None:
    """Show adequacy, impact and progressivity."""
    names = ("adequacy", "effects", "decomposition", "progressivity", "concentration_figure", "parade", "gaps_figure")
    _show(found, ("模拟：补助水平与影响", "Simulation: adequacy and impact"), *names)


def show_robustness(found: Evaluation) -> None:
    """Show equity among equals, what an earned yuan leaves, the roll against the rules, and sensitivity."""
    _show(
        found,
        ("模拟：公平、重叠与敏感性", "Simulation: equity, overlap, sensitivity"),
        "equals",
        "overlap",
        "sensitivity",
    )
    if found.population is not None:
        found.report.say(*_withdrawal(found.population))


def _withdrawal(p: Population) -> Words:
    """What the gap schedule takes of an earned yuan, below the line and above it."""
    level = int(next(iter(p.levels.values())).fen_month)
    (_, below), (_, above) = equity.marginal_tax(lambda income: max(0, level - income), [0, level, 2 * level])
    return (
        f"补差发放的边际有效税率：标准以下每多挣1元少领{below:.2f}元，标准以上{above:.2f}元；未计就业成本扣除和渐退期。",
        f"Marginal effective tax of gap payments: {below:.2f} of an earned yuan below the level, {above:.2f} above it; work-cost deductions "
        "and gradual exit are not counted.",
    )


def _show(found: Evaluation, title: Words, *names: str) -> None:
    """Show tables and figures by name under a heading, each marked synthetic in its caption and note."""
    report, p = found.report, found.population
    if p is None:
        return
    report.heading(*title)
    about = _about(found)
    for name in names:
        number, caption = CAPTIONS[name]
        if name in TABLES:
            depth = NOTES.get(name, ("", "")) if name != "overlap" or "cannot_tell" in p.category else ("", "")
            note = (f"{depth[0]}{about[0]}", f"{depth[1]} {about[1]}".strip())
            found.table(number, name, TABLES[name](report, p), _mark(found, caption), note)
        else:
            _figure(found, p, number, name, FIGURES[name](report, p))


def _marked(data: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Mark each number of a figure's data with the kind of households, and each that is left out as suppressed."""
    status = {column: data[column].isna().map({True: "suppressed", False: kind}) for column in data.columns[1:]}
    return data.assign(**{f"{column}_status": marks for column, marks in status.items()})


def _figure(found: Evaluation, p: Population, number: str, name: str, drawn: drawings.Drawn) -> None:
    caption, place = CAPTIONS[name][1], found.report.region
    source = (
        ("合成人口（不是当地数据）", "synthetic population (not data of the place)")
        if p.kind == "synthetic"
        else ("登记", "register")
    )
    alt = (
        f"{place.name_zh}{caption[0]}：名册与规则对照。{source[0]}",
        f"{caption[1]}, {place.name('en')}: roll and rules. {source[1]}",
    )
    count = found.report.t(f"{p.n:,}户", f"{p.n:,} households")
    if drawn is not None:
        drawing, data = drawn
        if p.kind == "synthetic":
            drawing.axes[0].set_title(found.report.t(*source), loc="right", fontsize=8, color=MARK)
        drawn = drawing, _marked(data, p.kind)
    unit = TIMES if name == "parade" else PERCENT
    found.figure(number, name, drawn, _mark(found, caption), alt, unit, count, source)
