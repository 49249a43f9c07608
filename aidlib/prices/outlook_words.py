"""What a reader must know about a forecast: stand-ins, estimates, fallbacks, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aidlib.prices.forecast import FALLBACK, TRAINING_MONTHS, Forecast
from aidlib.prices.known_then import Past
from aidlib.prices.method import Condition
from aidlib.prices.words import Said, index_words
from aidlib.regions import region


def of_past(found: Past, asked: str) -> tuple[Said, ...]:
    """Say what of the past of an index is not its own publication."""
    name, flags = index_words(found.index), []
    if found.place != asked:
        where = region(found.place)
        flags.append(
            Said(f"{name.zh}用{where.name_zh}的历史代替", f"{name.en}: the past of {where.name('en')} stands in")
        )
    if found.estimated or found.error:
        size = float(found.error)
        flags.append(Said(f"{name.zh}的历史中有{found.estimated}个月是估算值" + (f"，误差最大{size:.2f}个百分点" if size else ""),
                          f"{name.en}: {found.estimated} months of the past are estimates" + (f", error up to {size:.2f} points" if size else "")))  # fmt: skip
    return tuple(flags)


def of_model(found: Past, made: Forecast) -> tuple[Said, ...]:
    """Say which model was stepped down to, and why."""
    name = index_words(found.index)
    if made.model != FALLBACK:
        return tuple(
            Said(f"{name.zh}：改用{made.model}（{words}）", f"{name.en}: {made.model} instead ({words})")
            for words in made.flags
        )
    if len(found.readings) < TRAINING_MONTHS:
        return (Said(f"{name.zh}的历史只有{len(found.readings)}个月，不足{TRAINING_MONTHS}个月，按随机游走外推",
                     f"{name.en}: {len(found.readings)} months of past, fewer than {TRAINING_MONTHS}; a random walk is used"),)  # fmt: skip
    why = "; ".join(made.flags)
    return (Said(f"{name.zh}：模型不合格，按随机游走外推（{why}）", f"{name.en}: a random walk is used ({why})"),)


def lacking(known: Iterable[str], tested: Sequence[Sequence[Condition]], origin: str) -> tuple[Said, ...]:
    """Name the indices of the conditions that cannot be forecast."""
    asked = dict.fromkeys(name for found in tested for condition in found for name in condition.indices)
    missing = [index_words(name) for name in asked if name not in known]
    return tuple(
        Said(
            f"{name.zh}到{origin}没有连续两年的数据，无法预测；启动可能性只是下限",
            f"{name.en} has no two whole years up to {origin} and is not forecast; the chance is a lower end",
        )
        for name in missing
    )
