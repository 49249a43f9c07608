"""The finding of the standard_indexing report, in a few sentences that hold for thin data too."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from aidlib.money import decimal_text, yuan
from aidlib.reports import Report
from aidlib.reports.standard_indexing import labels
from aidlib.standards.announced import latest_year
from aidlib.standards.checks import RATIO_TARGET, verdicts
from aidlib.standards.proposals import NATIONAL_PRICES
from aidlib.standards.study import AreaStudy, Study

DECISION: labels.Words = (
    "测算值只供参考，标准由有权的人民政府确定并公布",
    "they are for information: the standard is set and published by the government that has the power to",
)
NO_RATIO: labels.Words = (
    "缺同口径的城市和农村标准，不能计算城乡比。",
    "No urban and rural level of the same kind: the ratio is not known.",
)


def sentences(report: Report, study: Study) -> list[labels.Words]:
    """Say in three sentences what was announced and how it moved, how it stands to its targets, where the candidates lie."""
    if not study.areas:
        return [_nothing(report, study)]
    return [
        announced(report, study, rises=True),
        _join([_bare(ratio(study)), _checks(study)]),
        _join([*(_candidates(area) for area in study.areas), DECISION]),
    ]


def announced(report: Report, study: Study, *, rises: bool = False) -> labels.Words:
    """Say the announced levels in one sentence, each by its own name, with how each moved where that is asked."""
    parts = [(_announced(report, area), _rise(area) if rises else ("", "")) for area in study.areas]
    zh = "；".join(level[0] + rise[0] for level, rise in parts)
    en = "; ".join(level[1] + rise[1] for level, rise in parts)
    return f"{report.region.name_zh}{study.year}年：{zh}。", f"{report.region.name('en')}, {study.year}: {en}."


def worth(report: Report, study: Study) -> labels.Words:
    """Say what a year of each level comes to beside last year's consumption and income."""
    return _join(_worth(report, area) for area in study.areas)


def ratio(study: Study) -> labels.Words:
    """Say the rural to urban ratio and how it stands to its target, or that it cannot be formed."""
    if study.ratio is None:
        return NO_RATIO if len(study.areas) > 1 else ("", "")
    shown = f"{labels.short(study.ratio.numerator_fen_month)}/{labels.short(study.ratio.denominator_fen_month)}"
    share = labels.share(study.ratio.value, 2)
    check = next((check for check in study.checks if check.target.name == RATIO_TARGET), None)
    goal = ("，没有可核对的目标", ", with no target to test it on")
    if check:
        percent, verdict, reason = (
            decimal_text(check.target.number * 100, 0),
            labels.VERDICTS[check.verdict],
            check.reason,
        )
        zh, en = f"（{reason[0]}）" if reason[0] else "", f" ({reason[1]})" if reason[1] else ""
        goal = (f"，目标{percent}%：{verdict[0]}{zh}", f", target {percent}%: {verdict[1]}{en}")
    return f"农村与城市之比为{shown}，即{share}{goal[0]}。", f"Rural over urban is {shown}, that is {share}{goal[1]}."


def _nothing(report: Report, study: Study) -> labels.Words:
    last = latest_year(study.place, report.book, report.figures)
    hint = (f"，最近有数据的年份是{last}年", f"; the latest year with one is {last}") if last else ("", "")
    place = report.region
    return (
        f"数据中没有{place.name_zh}{study.year}年的低保标准、指导标准、平均标准或最低标准{hint[0]}。",
        f"The data holds no standard, guide, average or floor of {place.name('en')} for {study.year}{hint[1]}.",
    )


def _announced(report: Report, area: AreaStudy) -> labels.Words:
    level = area.level
    names, kind = labels.AREAS[level.area], labels.KINDS[level.kind]
    where, amount, caveat = labels.part(report, level), labels.amount(level), _caveat(report, area)
    return (
        f"{names[0]}{kind[0]}{where[0]}{amount[0]}{caveat[0]}",
        f"{names[1].lower()} {kind[1]}{where[1]} {amount[1]}{caveat[1]}",
    )


def _caveat(report: Report, area: AreaStudy) -> labels.Words:
    level = area.level
    if level.kind == "average":
        return (
            "（各县标准的平均数，不是任何一县执行的标准）",
            " (the mean over its counties, not the standard of any of them)",
        )
    if level.kind == "floor":
        return "（不得低于的下限，各地可以更高）", " (a lower limit that places may exceed)"
    if level.place != report.region.code:
        return "（上级统一标准）", " (set by the place above)"
    if level.status == "estimated":
        return "（起始日期或年份为推定）", " (its first day or year is our reading)"
    return "", ""


def _rise(area: AreaStudy) -> labels.Words:
    last, rise = area.at.last, area.growth
    if last is None or rise is None:
        return "", ""
    gap = last.status == "stale" or last.year < area.level.year - 1
    since = (
        (f"比数据中上一个{labels.KINDS[last.kind][0]}（{last.year}年，", f"on the last {labels.KINDS[last.kind][1]} in the data (of {last.year}, ")
        if gap
        else ("比上次（", "on the level before (")
    )
    national = any(NATIONAL_PRICES in bounded.candidate.warnings for bounded in area.candidates)
    move, real = _move(rise.rate), _after_prices(rise.real_rate, national)
    before = labels.short(last.fen_month)
    return (
        f"，{since[0]}每月{before}元）{move[0]}{real[0]}",
        f", {move[1]} {since[1]}{before} yuan a month){real[1]}",
    )


def _move(rate: Fraction) -> labels.Words:
    if rate == 0:
        return "未变", "unchanged"
    share = labels.share(abs(rate))
    return (f"提高{share}", f"up {share}") if rate > 0 else (f"降低{share}", f"down {share}")


def _after_prices(rate: Fraction | None, national: bool) -> labels.Words:
    if rate is None:
        return "（物价指数不全，实际变动不明）", " (real change unknown: the price index has gaps)"
    whose = ("全国物价", "national prices") if national else ("物价", "prices")
    return f"，扣除{whose[0]}后{labels.share(rate)}", f", {labels.share(rate)} after {whose[1]}"


def _worth(report: Report, area: AreaStudy) -> labels.Words:
    if not area.adequacy:
        return "", ""
    names = labels.AREAS[area.level.area]
    parts = [(labels.series_name(report, figure), labels.share(found.value)) for figure, found in area.adequacy]
    zh = "、".join(f"{words[0]}的{share}" for words, share in parts)
    en = " and ".join(f"{share} of {words[1]}" for words, share in parts)
    return f"{names[0]}全年标准相当于{zh}", f"a year of the {names[1].lower()} level is {en}"


def _candidates(area: AreaStudy) -> labels.Words:
    names = labels.AREAS[area.level.area]
    if not area.candidates:
        return (
            f"{names[0]}没有可用的测算值，所缺数据见下表",
            f"no {names[1].lower()} candidate can be computed: the table says why",
        )
    amounts = sorted(bounded.final_fen_month for bounded in area.candidates)
    low, high, level = yuan(amounts[0]), yuan(amounts[-1]), area.level.fen_month
    span = (
        (f"每月{low}元", f"{low} yuan a month")
        if low == high
        else (f"每月{low}元至{high}元", f"{low} to {high} yuan a month")
    )
    below = ("公布数低于测算值", "the announced level lies below")
    above = ("公布数高于测算值", "the announced level lies above")
    inside = ("公布数在其间", "the announced level lies within")
    same = ("与公布数相同", "the same as the announced level")
    where = (
        same
        if low == high == yuan(level)
        else below
        if level < amounts[0]
        else above
        if level > amounts[-1]
        else inside
    )
    count = len(amounts)
    return (
        f"{names[0]}{count}种测算值适用上下限后为{span[0]}，{where[0]}",
        f"{count} {names[1].lower()} candidates after their bounds: {span[1]}; {where[1]}",
    )


def _checks(study: Study) -> labels.Words:
    counts = verdicts(study.checks)
    return (
        f"指标核对：达到{counts['met']}项，未达到{counts['not_met']}项，不能判定{counts['cannot_tell']}项",
        f"targets: {counts['met']} met, {counts['not_met']} not met, {counts['cannot_tell']} cannot be told",
    )


def _bare(sentence: labels.Words) -> labels.Words:
    """Turn a sentence into a clause."""
    return sentence[0].removesuffix("。"), sentence[1].removesuffix(".")


def _join(parts: Iterable[labels.Words]) -> labels.Words:
    """Join clauses into one sentence; empty ones fall out."""
    said = [words for words in parts if words[0]]
    if not said:
        return "", ""
    en = "; ".join(words[1] for words in said)
    return "；".join(words[0] for words in said) + "。", f"{en[:1].upper()}{en[1:]}."
