"""The headline of an explanation, and sentences of a decision letter about single members, temporary aid and the month's price subsidy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from aidlib.law import Value
from aidlib.money import yuan
from aidlib.regions import region
from aidlib.register.columns import COLUMNS
from aidlib.rules.engine import Rule
from aidlib.rules.wording import STATUS_WORDS, Language, articles, coded, written

if TYPE_CHECKING:
    from aidlib.rules.explain import Explanation


SUPPOSED = ("测算时给定的数,不是现行规定", "as given for this calculation, by no law")
_STAIRS = ("temporary_approver", "care_class")
_ALONE = ("single_from_edge", "single_clergy", "single_jobless_disabled")


def headline(told: Explanation, language: Language) -> str:
    """Name the place, the day, the outcome, what the caller gave, and how firm the law under it is."""
    en = language == "en"
    area = told.area if en else "城镇" if told.area == "urban" else "农村"
    given = ("按测算时给定的数", "as given for this calculation")[en] if told.law.given else ""
    rows = replace(told.law, given=())
    parts = (*_outcomes(told, language), given, STATUS_WORDS[rows.status(rows.values)][en])
    return " · ".join(part for part in (region(told.place).name(language), area, str(told.on), *parts) if part)


def _outcomes(told: Explanation, language: Language) -> Iterator[str]:
    """Say what the household is and, beside it, who of it is paid on another ground, or is paid now and no longer qualifies."""
    en, tekun, alone = language == "en", told.ends("tekun_persons", -1)[0], told.ends("single_entrants", -1)[0]
    if told["members"] or not tekun:
        yield written("category", told.category, language)
    if tekun:
        words = (
            (f"符合特困条件{tekun}人", f"{tekun} passing the tests of tekun")
            if told["members"]
            else (f"特困人员{tekun}人", f"{tekun} tekun")
        )
        yield words[en]
    if alone:
        yield (f"单人户{alone}人", f"{alone} entering dibao alone")[en]
    if told["on_dibao"] and not told.cannot_tell and not told.ends("on_dibao_now", -1)[1]:
        yield ("现享低保,不再符合条件", "on dibao now, no longer qualifying")[en]


def value_text(told: Explanation, name: str, member: int, language: Language) -> str:
    """Write a quantity's value, or both its ends."""
    low, high = told.ends(name, member)
    if low == high:
        return written(name, low, language)
    unknown = "未知" if language == "zh" else "unknown"
    if isinstance(low, bool) or (told.open_above(name, member) and not low):
        return unknown
    least, most = written(name, low, language), written(name, high, language)
    if coded(name):
        words = [written(name, each, language) for each in _between(told, name, member)]
        most_of = ("、" if language == "zh" else ", ").join(words[:-1])
        return f"{unknown}({most_of}或{words[-1]})" if language == "zh" else f"{unknown} ({most_of} or {words[-1]})"
    if exact := told.candidates(name, member):
        precise, down, up = (written(name, each, language) for each in exact)
        if language == "zh":
            return f"{precise}(未取整),按当地取整为{down}或{up}"
        return f"{precise} (exact), {down} or {up} by the local rounding"
    if told.open_above(name, member):
        return f"{unknown}(至少{least})" if language == "zh" else f"{unknown} (at least {least})"
    return f"{unknown}({least}至{most})" if language == "zh" else f"{unknown} ({least} to {most})"


def _between(told: Explanation, name: str, member: int) -> Iterable[int]:
    """List the words a quantity may be: those found, and where they are steps of a stair also the ones between."""
    found = told.values(name, member)
    return range(found[0], found[-1] + 1) if name in _STAIRS else found


def cites(told: Explanation, names: tuple[str, ...], language: Language, rule: str = "") -> str:
    """Cite the rows of the law that some arguments rest on, and the articles of a rule; each instrument once."""
    if any(map(told.supposed, names)):
        return SUPPOSED[language == "en"]
    items = basis(told, told.rule(rule) if rule else None, names, language)
    by_instrument: dict[str, list[str]] = {}
    for item in items:
        instrument, _, article = item.rpartition(" ")
        by_instrument.setdefault(instrument, []).append(article)
    mark = "、" if language == "zh" else ", "
    return mark.join(f"{name} {mark.join(found)}".strip() for name, found in by_instrument.items()) or "-"


def basis(told: Explanation, rule: Rule | None, names: Iterable[str], language: Language) -> tuple[str, ...]:
    """List the articles of a rule that are in force, and the rows some arguments rest on; a row cites more closely.

    What rests on a supposition wears no article.
    """
    asked = tuple(names)
    if any(map(told.supposed, asked)):
        return (SUPPOSED[language == "en"],)
    rows = (row for name in asked for row in told.law.found.get(name, ()) if isinstance(row, Value))
    cited = [row.cite() for row in rows]
    said = articles(rule, language) if rule else ()
    begun = (item for item in said if _in_force(told, item) and not _again(item, cited))
    return tuple(dict.fromkeys((*begun, *cited)))


def _again(article: str, cited: list[str]) -> bool:
    """Tell whether a row already cites the instrument of an article, more closely."""
    return any(article.split(" ")[0].strip("《》") in row for row in cited)


def _in_force(told: Explanation, article: str) -> bool:
    """Tell whether the instrument of an article had begun on the day; one the book does not know is taken to have."""
    named = article.split(" ")[0].strip("《》")
    known = (each for each in told.book.tables.sources.values() if (each.number or "?") == named or named in each.title)
    return all(each.in_force <= str(told.on) for each in known)


def about_members(told: Explanation, language: Language) -> Iterator[str]:
    """Say who is tekun, who enters dibao alone, and whose share may be cut for refusing work."""
    zh = language == "zh"
    for member in told.members:
        who = f"成员{member + 1}" if zh else f"Member {member + 1}"
        if told.ends("tekun", member)[0]:
            yield _tekun(told, member, who, language)
        if told.ends("single_entrant", member)[0]:
            yield _alone(told, member, who, language)
        if told.computes("refusing_member") and told.ends("refusing_member", member)[0]:
            yield _refusing(told, who, language)


def _alone(told: Explanation, member: int, who: str, language: Language) -> str:
    """Say on which ground a member enters dibao alone, and by which article."""
    sure = [name for name in _ALONE if told.ends(name, member)[0]]
    ground = ("或者" if language == "zh" else " or ").join(told.named(name, language) for name in sure or _ALONE)
    law = "、".join(dict.fromkeys(cites(told, (), language, name) for name in sure)) or cites(
        told, (), language, _ALONE[0]
    )
    if language == "zh":
        return f"{who}为{ground},依据{law},按单人户纳入最低生活保障。"
    return f"{who} ({ground}) enters dibao alone under {law}."


def _refusing(told: Explanation, who: str, language: Language) -> str:
    law, most = cites(told, ("job_refusals_limit",), language), yuan(told["refusal_cut_most_fen"])
    limit, heard = told["job_refusals_limit"], told.book.at(told.place, told.on).optional("hearing_before_stop")
    if language == "zh":
        first = f";作出决定前应当听取本人意见({heard.cite()})" if heard else ""
        return f"{who}无正当理由连续{limit}次以上拒绝介绍的工作,依据{law},可以减发或者停发本人的低保金(全部此类成员至多{most}元){first}。"
    first = f"; the person is heard before the decision ({heard.cite()})" if heard else ""
    return (f"{who} refused suitable work {limit} times in a row or more: under {law} the own share may be cut or stopped "
            f"(at most {most} yuan for all such members){first}.")  # fmt: skip


def _labour_row(told: Explanation, member: int) -> str:
    """Name the law value by which a tekun person counts as without labour ability."""
    if told.ends("age", member)[0] >= told["tekun_elderly_age"]:
        return "tekun_elderly_age"
    if told.ends("tekun_disabled", member)[0]:
        return f"tekun_grade_{COLUMNS['disability_kind'].codes[told.ends('disability_kind', member)[0]]}"
    return "tekun_minor_keep_age" if told.ends("kept_minor", member)[0] else "tekun_minor_entry_age"


def _tekun(told: Explanation, member: int, who: str, language: Language) -> str:
    rows = (_labour_row(told, member), "tekun_line_bp", "selfcare_full_min_missing")
    law = cites(told, rows, language, "tekun")
    care = written("care_class", told.ends("care_class", member)[0], language)
    inside = told.ends("in_institution", member)[0]
    if told.ends("member_on_dibao", member)[1]:
        return (f"{who}符合特困人员认定条件({law}),认定后改领特困供养金,不再计入低保家庭人口。" if language == "zh" else
                f"{who} passes the tests of tekun ({law}): once recognised, this person is paid tekun support and not counted on dibao.")  # fmt: skip
    if language == "zh":
        return f"{who}无劳动能力、无生活来源、法定义务人无或无履行能力,依据{law},符合特困人员条件,{care},{'集中' if inside else '分散'}供养。"
    return f"{who} has no labour ability, no source of income and no able supporter: under {law} tekun, {care}, {'in an institution' if inside else 'at home'}."


def about_temporary(told: Explanation, language: Language) -> Iterator[str]:
    """Say what temporary aid may be given, who decides, and whether it is paid first."""
    if not told.computes("temporary_eligible") or told["temporary_hardship"] == 0:
        return
    zh, (least, most) = language == "zh", told.ends("temporary_eligible", -1)
    if least != most:
        yield "是否符合临时救助条件尚待核定。" if zh else "Whether temporary aid is due is not settled."
    elif not most:
        yield "不符合支出型临时救助条件。" if zh else "The expenditure type of temporary aid is not due."
    else:
        yield _temporary(told, language)


def _temporary(told: Explanation, language: Language) -> str:
    kind, amount = told.text("temporary_hardship", -1, language), told.text("temporary_aid_fen", -1, language)
    who = told.text("temporary_approver", -1, language)
    first, quick = told.ends("pay_first", -1), told.ends("quick_aid", -1)[0]
    if language == "zh":
        more = (
            {1: ",可以先行救助后补手续", 2: ",应当先行救助后补手续"}.get(first[0], "") if first[0] == first[1] else ""
        )
        over = "超出限额部分一事一议。" if told.ends("case_by_case", -1)[0] else ""
        asked = any(told.ends("temporary_approver", -1))
        by, most = (f",审批:{who}", "") if asked else (",尚未提出救助金额", "最多")
        return f"临时救助({kind}):本次{most}可救助{amount}{by}{more}{',可按小额快救办理' if quick else ''}。{over}"
    more = {1: "; it may be paid first", 2: "; it must be paid first"}.get(first[0], "") if first[0] == first[1] else ""
    over = " What is above the ceiling is decided case by case." if told.ends("case_by_case", -1)[0] else ""
    asked = any(told.ends("temporary_approver", -1))
    by, most = (f", approved by: {who}", "") if asked else ("; no sum is proposed yet", "at most ")
    return f"Temporary aid ({kind}): {most}{amount}{by}{more}{'; as quick small aid' if quick else ''}.{over}"


def about_prices(told: Explanation, language: Language) -> Iterator[str]:
    """Say the month's price subsidy, where its amounts were given."""
    if told.computes("price_subsidy_fen") and any(told.ends("price_subsidy_fen", -1)):
        amount = told.text("price_subsidy_fen", -1, language)
        yield f"当月价格临时补贴{amount}。" if language == "zh" else f"Price subsidy of the month: {amount}."
