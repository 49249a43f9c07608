"""The section on money: payments recomputed to the fen, late ones, ceilings of temporary aid, bought services."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from aidlib.disclosure import dominated
from aidlib.money import fen, yuan
from aidlib.monitoring import funds
from aidlib.reports.low_income_monitoring import words
from aidlib.reports.low_income_monitoring.protected import rounded, small
from aidlib.reports.low_income_monitoring.sections import HIDDEN_NOTE, show_table
from aidlib.rules.places import places

if TYPE_CHECKING:
    from aidlib.reports.low_income_monitoring.opening import Monitoring


def show_money(opened: Monitoring) -> None:
    """Show payments recomputed to the fen, late payments, and bought services against their share."""
    import pandas as pd

    report, found = opened.report, opened.month.found
    report.heading("资金", "Money")
    rows, unknown = funds.recompute(found)
    table = funds.by_cause(rows).set_index("cause")
    shown = opened.shown("money", table[["payments"]].astype("int64"), "columns")
    names = {"not_paid": "month_not_paid", "underpaid": "underpaid"}
    cells = []
    for cause in table.index:
        hidden = shown.table.loc[cause].isna().any() or (cause in names and opened.by_cause.total(names[cause]) is None)
        amounts = rows.loc[rows["cause"] == cause, "difference_fen"].abs().tolist()
        dark = hidden or small(len(amounts)) or dominated(amounts)
        cells.append({
            "difference": words.of(words.DIFFERENCES, str(cause), report),
            "payments": None if hidden else int(table["payments"][cause]), "payments_status": "suppressed" if hidden else opened.status,
            "amount": None if dark else yuan(int(table["difference_fen"][cause])), "amount_status": "suppressed" if dark else opened.status,
        })  # fmt: skip
    note = (
        f"按规则逐笔重算本月基本生活救助和价格补贴，分毫必较，家庭情况以申报为准（死亡、服刑后发放的见预警）；规则不能确定金额的{rounded(unknown)}笔不比。{HIDDEN_NOTE[0]}",
        f"This month's basic living aid and price subsidy, recomputed to the fen from what families stated (payment after death or "
        f"into prison is among the alerts); {rounded(unknown)} payments whose amount the rules cannot tell "
        f"are left out. {HIDDEN_NOTE[1]}",
    )
    show_table(
        opened,
        "money",
        pd.DataFrame(cells, dtype="object"),
        ("实发与应发之差(元)", "Paid against due (yuan)"),
        note,
    )
    _say_late(opened)
    _say_ceilings(opened)
    _say_bought(opened)


def _say_late(opened: Monitoring) -> None:
    scene = opened.month.found.scene
    now = scene.files.aid.filter(
        (pl.col("month") == f"{scene.as_of:%Y-%m}") & pl.col("programme").is_in(["dibao", "single", "tekun"])
    )
    late = funds.late(now["paid_on"].to_pandas(), scene.as_of)
    many, none = int(late.fillna(False).sum()), int(late.isna().sum())
    if small(many) or small(none):
        opened.report.say(
            "当月之后才发放的很少，笔数不公布。", "Payments made after the month are few and not counted here."
        )
        return
    opened.report.say(
        f"当月之后才发放的{many:,}笔，没有发放日期的{none:,}笔。",
        f"{many:,} payments were made after the end of the month; {none:,} have no day.",
    )


def _say_ceilings(opened: Monitoring) -> None:
    report, scene = opened.report, opened.month.found.scene
    keys = scene.households.select("region_code", "urban").unique().sort("region_code", "urban").iter_rows()
    held = places(report.book, report.figures, keys, scene.as_of.replace(day=1), ("temporary_ceiling_fen",), stale=True)
    over, unknown = funds.ceilings(opened.month.found, held, scene.as_of.year)
    report.say(
        f"本年临时救助累计超过当地年度限额的{rounded(len(over))}户；限额未知、不能判断的{rounded(unknown)}户。",
        f"Families whose temporary aid of the year is above the local ceiling: {rounded(len(over))}; not judged, because no ceiling is known: "
        f"{rounded(unknown)}.",
    )


def _say_bought(opened: Monitoring) -> None:
    report = opened.report
    law = report.book.at(report.region.code, opened.month.found.scene.as_of)
    texts = (report.parameters[name] for name in ("bought_services_yuan", "special_funds_yuan"))
    bought, whole = (fen(text) if text else None for text in texts)
    check = funds.purchase_share(bought, whole, law)
    if check.basis is None:
        report.say(
            "当地没有见到购买服务比例上限的规定，不判断。",
            "No cap on bought services is known for the place: not judged.",
        )
    elif check.met is None:
        report.say(
            "没有给出本年购买服务支出和救助专项资金，不判断购买服务比例。",
            "The year's bought services and special funds were not given: their share is not judged.",
            [check.basis],
        )
    else:
        verdict = ("未超过", "within") if check.met else ("超过", "above")
        report.say(
            f"购买服务支出{verdict[0]}规定比例。", f"Bought services are {verdict[1]} the stated share.", [check.basis]
        )
