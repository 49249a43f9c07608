"""Everything an ELES estimate can suffer from, in words; all of it has been met in published tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aidlib.standards.candidate import Words
from aidlib.standards.grouped import INTEGRATED_SURVEY, IncomeGroup

if TYPE_CHECKING:
    from aidlib.standards.eles import Eles

NOT_SIGNIFICANT = 0.05


def warnings(
    found: Eles, groups: Sequence[IncomeGroup], leverage: Sequence[float], double_count: bool
) -> Iterator[Words]:
    """逐条列出估计的缺陷。 List what an estimate suffers from.

    Parameters
    ----------
    found : Eles
        The estimate.
    groups : sequence of IncomeGroup
        The rows it was made from, poorest first.
    leverage : sequence of float
        Hat values of the total-consumption equation, in the same order.
    double_count : bool
        Whether subset rows were kept.
    """
    yield from _subsets(found, double_count)
    yield from _categories(found)
    poorest = groups[0]
    if found.line > poorest.income:
        yield (
            f"测算线{found.line:.0f}元高于最低组收入{float(poorest.income):.0f}元，模型在该处不成立",
            f"the line of {found.line:.0f} lies above the poorest group's income of {float(poorest.income):.0f}: the model does not hold there",
        )
    if poorest.consumption > poorest.income:
        yield ("最低组消费高于收入", "the poorest group consumes more than its income")
    yield from _influence(found, groups, leverage)
    yield from _survey(found.table.year)


def _survey(year: int) -> Iterator[Words]:
    """In 2013 itself tables of the old urban and rural surveys were still published beside the new one."""
    if year > INTEGRATED_SURVEY:
        yield (
            "2013年起为城乡一体化调查，居住含自有住房折算租金，与以前不可比",
            "integrated survey since 2013: housing includes imputed rent; not comparable with earlier tables",
        )
    elif year == INTEGRATED_SURVEY:
        yield (
            "2013年新旧两种住户调查都有表，居住含不含自有住房折算租金要看来源说明",
            "in 2013 there were tables of both the old and the new survey: look at the source whether housing includes imputed rent",
        )


def _subsets(found: Eles, double_count: bool) -> Iterator[Words]:
    inside = [found.table.words(group.name) for group in found.table.groups if group.is_subset]
    zh, en = "、".join(zh for zh, _ in inside), ", ".join(en for _, en in inside)
    if inside and double_count:
        yield (f"含子组{zh}，重复计算", f"subset rows kept, counted twice: {en}")
    elif inside:
        yield (f"已剔除子组{zh}", f"subset rows left out: {en}")


def _categories(found: Eles) -> Iterator[Words]:
    for one in found.categories:
        zh, en = found.table.words(one.name)
        if one.beta <= 0:
            yield (f"{zh}的边际消费倾向不为正", f"{en}: marginal propensity not above zero (t = {one.t_beta:.1f})")
        elif one.p_beta > NOT_SIGNIFICANT:
            yield (f"{zh}的系数不显著", f"{en}: slope not significant (t = {one.t_beta:.1f})")
        if one.basic < 0:
            yield (f"{zh}的基本需求为负（{one.basic:.0f}元）", f"{en}: basic need below zero ({one.basic:.0f})")


def _influence(found: Eles, groups: Sequence[IncomeGroup], leverage: Sequence[float]) -> Iterator[Words]:
    """A group whose hat value exceeds twice the mean carries the slope: the line without it is named."""
    lines = dict(found.without)
    for group, hat in zip(groups, leverage, strict=True):
        if hat > 2 * 2 / len(groups) and group.name in lines:
            zh, en = found.table.words(group.name)
            yield (
                f"{zh}杠杆高，去掉后全年为{lines[group.name]:.0f}元",
                f"{en} has high leverage: {lines[group.name]:.0f} a year without it",
            )
    yield (
        f"仅{found.n}组，标准误为测算线的{found.se / found.line:.0%}",
        f"{found.n} groups only: the standard error is {found.se / found.line:.0%} of the line",
    )
