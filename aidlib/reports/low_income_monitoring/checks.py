"""Sections that check: inspection by lot, money, periodic review, and how good the comparison is on planted errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from aidlib.disclosure.suppression import TOTAL
from aidlib.monitoring import review, sampling
from aidlib.monitoring.chain import layer_of
from aidlib.monitoring.synthetic.plot import HARMLESS
from aidlib.monitoring.vocabulary import convention
from aidlib.reports.low_income_monitoring import counts, frames, words
from aidlib.reports.low_income_monitoring.protected import HIDDEN, small
from aidlib.reports.low_income_monitoring.sections import show_table

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.low_income_monitoring.opening import Monitoring


def show_inspection(opened: Monitoring) -> None:
    """Show the draw of files for inspection, and the error rate found with its interval."""
    report = opened.report
    report.heading("随机抽查", "Inspection by lot")
    cases = _cases(opened)
    width = convention("inspection_half_width_pct")
    size = sampling.sample_size(len(cases), width / 100)
    drawn = sampling.draw(cases, _shares(cases, size), seed=report.parameters["seed"])
    marked = _strata(opened, cases, drawn)
    seed = report.parameters["seed"]
    note = (
        f"误差率估计到±{width}%（置信水平95%）所需的样本，按层抽取；种子{seed}事先公布，同一名册抽出同样的样本。全国没有规定抽查比例。",
        f"The sample for an error rate known to ±{width}% (95%), drawn by layer; the seed {seed} is published beforehand and gives the same "
        "draw again. No national rate is set.",
    )
    law = report.book.at(report.region.code, opened.month.found.scene.as_of)
    show_table(opened, "inspection", marked, ("抽查样本", "Files drawn"), note)
    report.say(*_tekun(opened), [v for v in (law.find("tekun_spot_check"), law.find("oversight_double_random")) if v])
    _result(opened, drawn)


def _strata(opened: Monitoring, cases: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Lay out files and draws by layer; hidden where the layer's stock is hidden among the flows."""
    import pandas as pd

    sizes, taken = (rows.groupby("stratum").size() for rows in (cases, drawn))
    rows = []
    for layer in map(str, sizes.index):
        shown = opened.flows.cell(TOTAL, layer) is not None
        cells = (int(sizes[layer]), int(taken.get(layer, 0))) if shown else (None, None)
        rows.append((words.of(words.LAYERS, layer, opened.report), *cells, opened.status if shown else HIDDEN))
    frame = pd.DataFrame(rows, columns=["layer", "files", "drawn", "files_status"], dtype="object")
    return frame.assign(drawn_status=frame["files_status"])


def _cases(opened: Monitoring) -> pd.DataFrame:
    rows = layer_of(opened.month.found.scene.holding).sort("household_id")
    return rows.select(case_id="household_id", stratum="layer").to_pandas()


def _shares(cases: pd.DataFrame, size: int) -> dict[str, int]:
    """Split the sample over the layers by their size, at least two files of each."""
    sizes = cases.groupby("stratum").size()
    return {str(layer): min(int(n), max(2, -(-size * int(n) // len(cases)))) for layer, n in sizes.items()}


def _tekun(opened: Monitoring) -> words.Words:
    found = opened.month.found
    law = opened.report.book.at(opened.report.region.code, found.scene.as_of)
    files = len(review.new_tekun(found))
    if small(files):
        return "本月新认定的特困人员很少，件数不公布；县级抽查不少于规定比例，不足一件按一件计。", (
            "New tekun files of the month are few and not counted here; the county draws at least the stated share, a part counted as a whole one."
        )
    drawn = sampling.tekun_files(files, law)
    return (
        f"本月新认定特困人员{files:,}件，县级民政部门至少随机抽查{drawn:,}件。",
        f"{files:,} tekun files are new this month; the county looks at {drawn:,} of them at least, drawn at random.",
    )


def _result(opened: Monitoring, drawn: pd.DataFrame) -> None:
    """Say the error rate with its interval: of the inspections given, or of the errors planted in an invented place."""
    known = _inspected(opened, drawn)
    if known is None:
        opened.report.say("没有给出检查结果。", "No inspection results were given.")
        return
    checked = drawn.assign(wrong=drawn["case_id"].map(known)).dropna(subset="wrong").astype({"wrong": bool})
    found = int(checked["wrong"].sum())
    if not len(checked) or any(map(small, (found, len(checked) - found, len(drawn) - len(checked)))):
        said = (
            "检查发现的问题或未查的件数很少，不公布。",
            "Errors found, or files not inspected, are few; nothing is published.",
        )
        opened.report.say(*said)
        return
    rate, left = sampling.stratified_rate(checked, "wrong"), len(drawn) - len(checked)
    stand = (
        ("（合成：以埋入的错误充当检查结果）", " (synthetic: the planted errors stand in for results)")
        if opened.month.world
        else ("", "")
    )
    opened.report.say(
        f"抽中{len(drawn):,}件，已查{rate.n:,}件，未查{left:,}件；加权错误率{rate.value:.1%}，95%区间{rate.low:.1%}至{rate.high:.1%}{stand[0]}。",
        f"{len(drawn):,} files were drawn, {rate.n:,} inspected and {left:,} not; the weighted error rate is {rate.value:.1%}, 95% interval "
        f"{rate.low:.1%} to {rate.high:.1%}{stand[1]}.",
    )


def _inspected(opened: Monitoring, drawn: pd.DataFrame) -> dict[int, bool] | None:
    """What inspection found, by file: of an invented place, whether an error was planted there; None where nothing was given."""
    if opened.month.world is not None:
        planted = opened.month.world.planted.filter(pl.col("reach") != HARMLESS)
        wrong = set(planted["household_id"])
        return {int(case): case in wrong for case in drawn["case_id"]}
    given = opened.month.more.get("inspections")
    return None if given is None else dict(given.select("case_id", pl.col("wrong").cast(pl.Boolean)).iter_rows())


def show_reviews(opened: Monitoring) -> None:
    """Show periodic reviews by class: how many there are, how many are overdue."""
    report, found = opened.report, opened.month.found
    report.heading("定期核查", "Periodic review")
    rows = review.reviews(found)
    named = rows.with_columns(
        row=pl.format(
            "{}|{}", "scheme", pl.col("months").map_elements(review.yearly, return_dtype=pl.String, skip_nulls=False)
        ),
        late=pl.when("overdue").then(pl.lit("overdue")).otherwise(pl.lit("in_time")),
    )
    table = counts.crossed(named, "row", "late", sorted(set(named["row"])), ["in_time", "overdue"])
    if opened.by_cause.total("review_overdue") is None:
        table = table.sum(axis=1).to_frame("reviews")
    shown = opened.shown("reviews", table, "both" if "overdue" in table else "none")
    laid = frames.with_rows(
        frames.marked(shown, opened.status), "scheme", [_scheme(opened, str(row)) for row in shown.table.index]
    )
    law = report.book.at(report.region.code, found.scene.as_of)
    kinds = [law.find("review_months", group) for group in ("dibao_stable", "dibao_unstable", "tekun")]
    note = (
        "变化不大的每年一次；收入不固定且有劳动能力成员的每半年一次；地方另有规定的从其规定。",
        "Yearly where little changes, half-yearly where income is unsteady and a member can work, or as the place has it.",
    )
    show_table(opened, "reviews", laid, ("定期核查的类别与逾期", "Reviews by class, and what is overdue"), note)
    due, late = len(review.review_list(found)), int(rows["overdue"].sum())
    hidden = small(due) or small(late) or small(due - late)
    words_ = ("不公布", "not published") if hidden else (f"{due:,}",) * 2
    report.say(
        f"已逾期或一个月内到期的件数：{words_[0]}；名单在受限文件夹。",
        f"Overdue or due within a month: {words_[1]}; the list is in the restricted folder.",
        [kind for kind in kinds if kind],
    )


def _scheme(opened: Monitoring, row: str) -> str:
    if row == TOTAL:
        return opened.report.t("合计", "total")
    scheme, _, interval = row.partition("|")
    return f"{words.of(words.LAYERS, scheme, opened.report)} · {words.of(words.INTERVALS, interval, opened.report)}"
