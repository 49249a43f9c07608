"""What the monitoring report found, in a few sentences, from published numbers only."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from aidlib.disclosure.suppression import TOTAL
from aidlib.money import decimal_text
from aidlib.monitoring.alert_rules import DISPOSITIONS
from aidlib.reports.low_income_monitoring import words

if TYPE_CHECKING:
    from aidlib.reports.low_income_monitoring.opening import Monitoring

HUNDRED = 100


def sentences(opened: Monitoring) -> list[words.Words]:
    """Say what was compared, how many alerts there are and which way they point, what is late, and how good the comparison is."""
    said = [words.SYNTHETIC] if opened.month.synthetic else []
    return [*said, _compared(opened), *_alerts(opened), *_measured(opened), *_stood_in(opened)]


def _compared(opened: Monitoring) -> words.Words:
    found, place = opened.month.found, opened.report.region
    many = found.accounts["register"].nunique()
    homes = len(found.scene.households)
    return (
        f"{place.name_zh}{opened.report.period}：{homes:,}户登记家庭与{many}类部门数据比对，每一行都归入相符、不符、矛盾或号码无效之一。",
        f"{place.name('en')}, {opened.report.period}: {homes:,} registered families were compared with {many} departmental registers; every row "
        "is matched, unmatched, contradictory or without a sound number.",
    )


def _alerts(opened: Monitoring) -> Iterator[words.Words]:
    total = opened.by_age.total(TOTAL)
    if total is None:
        yield "预警总数因人数过少不公布。", "The total of alerts is too small to be published."
        return
    zh, en = dispositions_words(opened)
    yield f"共有{total:,}条预警（每户每事由一条）。{zh}", f"{total:,} alerts (one a family and cause). {en}"


def dispositions_words(opened: Monitoring) -> words.Words:
    """Say how many alerts each disposition has; a hidden one is said to be hidden."""
    found = {kind: opened.by_age.total(kind) for kind in DISPOSITIONS}
    groups = opened.report.book.tables.groups
    zh = "，".join(f"{groups[d].zh}{_count(found[d], '不公布')}" for d in DISPOSITIONS)
    en = ", ".join(f"{groups[d].en} {_count(found[d], 'not published')}" for d in DISPOSITIONS)
    return f"按处置：{zh}。", f"By disposition: {en}."


def _count(number: int | None, hidden: str) -> str:
    return hidden if number is None else f"{number:,}"


def _measured(opened: Monitoring) -> Iterator[words.Words]:
    found = opened.measured
    if found is None or found.recall is None or found.precision is None:
        return
    recall, precision = (decimal_text(part * HUNDRED, 1) for part in (found.recall, found.precision))
    yield (
        f"埋入的错误中，比对能够发现的查出{recall}%；预警中确有问题的占{precision}%；其余的列明够不着的原因。这只说明方法，不说明实际数据的准确度。",
        f"Of the planted errors a comparison can reach, {recall}% were found; {precision}% of alerts were right; what is out of reach is listed with its "
        "reason. This speaks of the method, not of the quality of real data.",
    )


def _stood_in(opened: Monitoring) -> Iterator[words.Words]:
    world = opened.month.world
    if world is not None and world.stood_in:
        yield (
            f"{world.stood_in}个地方（城乡分计）没有可用的低保标准，以最近公布的指导、平均或最低标准代替。",
            f"For {world.stood_in} places (town and country apart) no standard is known; the latest published guide, average or floor stands in.",
        )


def source(opened: Monitoring) -> str:
    """Name the source of a figure."""
    if opened.month.synthetic:
        return opened.report.t("合成登记(本报告编造)", "synthetic registers (invented for this report)")
    return opened.report.t("当地登记与部门数据", "local register and departmental data")


def delivery_words(opened: Monitoring) -> words.Words:
    """Describe the figure of delivery from published numbers."""
    table = opened.delivery
    shares = [Fraction(table.cell(row, "delivered") or 0, table.total(row) or 1) for row in table.whole]
    lowest = min(shares, default=None)
    zh, en = ("无可公布", "none published") if lowest is None else (f"{decimal_text(lowest * HUNDRED, 0)}%",) * 2
    return (
        f"横条图：各项救助在各层已落实的比例，最低{zh}。",
        f"Bars: share delivered by programme and layer; the lowest is {en}.",
    )
