"""What the exported forms say around the numbers: title, place, sources, how a value came about."""

from __future__ import annotations

from aidlib.evaluation.scorecard import Scored
from aidlib.money import decimal_text
from aidlib.regions import region
from aidlib.reports.official_form import Form, words

_TITLES = {"zh": "{place}{year}年绩效评价评分表", "en": "Evaluation form, {place}, {year}"}


def about(form: Form, language: str = "zh") -> list[str]:
    """Return the lines above the form: title, which form it is, how firm it is, how to read it.

    Examples
    --------
    >>> from aidlib.indices import Figures
    >>> from aidlib.law import Book
    >>> from aidlib.reports.official_form import fill
    >>> about(fill(Book(), Figures(), "450400", 2019, "2016-national"))[0]
    '梧州市2019年绩效评价评分表'
    """
    at, place = int(language == "en"), region(form.place).name(language)
    title = _TITLES["en" if at else "zh"].format(place=place, year=form.year)
    cited = "；".join(source.cite() for source in form.sources)
    return [
        title,
        ("评分表：", "Form: ")[at] + f"{form.rubric} {cited}",
        grade_line(form, language),
        words.READINGS[at] if form.evidence else "",
    ]


def grade_line(form: Form, language: str = "zh") -> str:
    """Say how much is decided, what grades are possible, and how much people changed."""
    at, card, (low, high) = int(language == "en"), form.card, form.grades
    open_points = f"{float(card.undecided):g}"
    still = (f"，尚有{open_points}分未定", f", {open_points} still open")[at] if card.undecided else ""
    points = (f"已有依据的得分{card.shown()}分{still}；", f"{card.shown()} points so far{still}; ")[at]
    if low == high:
        firm = ("，未定部分不影响等级", " whatever the open rows bring")[at] if card.undecided else ""
        graded = (f"等级：{words.GRADES[low][0]}{firm}。", f"grade: {words.GRADES[low][1]}{firm}.")[at]
    else:
        names = [words.GRADES[name][at] for name in (low, high)]
        graded = (
            f"等级介于{names[0]}与{names[1]}之间，现在不能评定。",
            f"the grade lies between {names[0]} and {names[1]} and cannot be given yet.",
        )[at]
    return f"{points}{graded}{changed_line(form, at)}{later_line(form, at)}"


def later_line(form: Form, at: int) -> str:
    """Say that the grades' lines are younger than the year they are laid on, where they are."""
    if form.local.on.year <= form.year:
        return ""
    day = form.local.on.isoformat()
    return (
        f"等级线自{day}起施行，晚于{form.year}年，仅供对照。",
        f" The grades' lines hold from {day}, after {form.year}: for comparison only.",
    )[at]


def changed_line(form: Form, at: int) -> str:
    """Say what the total would be without the points people set, and how many of those lack a reason; nothing if nobody did."""
    set_by_hand = [s for s in form.card.rows if s.override]
    if not set_by_hand:
        return ""
    bare = sum(not s.override.reason for s in set_by_hand if s.override)
    automatic = decimal_text(form.card.automatic, 2)
    return (
        f"其中{len(set_by_hand)}项由人工调整（{bare}项未说明理由），按规则自动得分为{automatic}分。",
        f" {len(set_by_hand)} rows were set by hand ({bare} without a reason); by the rules alone {automatic}.",
    )[at]


def actual_text(scored: Scored, at: int) -> str:
    """Write an actual value for a reader; unknown is a dash."""
    if scored.actual is None:
        return "—"
    return words.NOT_APPLICABLE[at] if scored.actual == "n/a" else scored.actual


def basis_text(form: Form, scored: Scored, at: int) -> str:
    """Say where an actual value comes from: rows of the law book, or the official who filled the form; else nothing."""
    found = form.evidence.get(scored.criterion.indicator)
    if found:
        cited = "；".join(dict.fromkeys(f"{value.cite()} {value.place}" for value in found.rows))
        return f"{('法规库：', 'law book: ')[at]}{cited}"
    if scored.actual is not None or scored.override:
        return ("填报", "filled in")[at]
    return ("尚无数据", "no data yet")[at] if scored.criterion.op != "open" else words.OPEN[at]
