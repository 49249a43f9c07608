"""双随机检查: cases and inspectors drawn at random with a published seed, sample sizes, and the error rate found with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from aidlib.errors import AidError
from aidlib.law import LocalLaw

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Rate:
    """A share found by inspection, with its interval and what it rests on."""

    value: float
    low: float
    high: float
    wrong: int
    n: int
    level: float


def least_files(files: int, share: Fraction) -> int:
    """抽查不少于规定比例,不足一件按一件计。 At least the share of the files, a part of a file counted as a whole one."""
    return ceil(files * share)


def tekun_files(files: int, law: LocalLaw) -> int:
    """县级民政部门按不低于规定比例随机抽查特困人员认定材料。 The county draws at least the stated share of tekun files.

    Source: 特困人员认定办法 (民发〔2021〕43号), the row `tekun_spot_check`.

    Examples
    --------
    >>> from datetime import date
    >>> from aidlib.law import Book
    >>> tekun_files(11, Book().at("450400", date(2023, 1, 1)))
    4
    """
    return least_files(files, law.value("tekun_spot_check").number)


def sample_size(population: int, half_width: float, *, expected: float = 0.5, level: float = 0.95) -> int:
    """Return how many cases to inspect for an error rate known to plus or minus `half_width`.

    `n0 = z^2 p (1-p) / e^2`, `n = n0 / (1 + (n0 - 1)/N)` (finite population), rounded up.
    """
    from scipy.stats import norm

    if not (0 < half_width < 1 and 0 < expected < 1 and 0 < level < 1):
        raise AidError("a share is out of range", expected="half_width, expected and level between 0 and 1")
    if population <= 0:
        return 0
    wanted = float(norm.ppf((1 + level) / 2)) ** 2 * expected * (1 - expected) / half_width**2
    return min(population, ceil(wanted / (1 + (wanted - 1) / population)))


def draw(cases: pd.DataFrame, counts: dict[str, int], *, seed: int, stratum: str = "stratum") -> pd.DataFrame:
    """Draw cases at random within strata; the published seed and the case list give the same draw again.

    Parameters
    ----------
    cases : pandas.DataFrame
        Columns `case_id` (unique) and the stratum; the order of rows does not matter.
    counts : dict of str to int
        How many to draw in each stratum; one larger than the stratum takes all of it.
    seed : int
        Published before the draw.

    Returns
    -------
    pandas.DataFrame
        The drawn rows with `stratum_size` and `weight` (cases each stands for), ordered by case.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = pd.DataFrame({"case_id": range(10), "stratum": ["town"] * 4 + ["village"] * 6})
    >>> drawn = draw(cases, {"town": 2, "village": 3}, seed=20261031)
    >>> drawn["stratum"].value_counts().to_dict(), drawn["weight"].sum()
    ({'village': 3, 'town': 2}, np.float64(10.0))
    """
    if cases["case_id"].duplicated().any():
        raise AidError("a case is listed twice", got=str(cases["case_id"][cases["case_id"].duplicated()].iloc[0]))
    if unknown := sorted(set(counts) - set(cases[stratum])):
        raise AidError("no such stratum", expected=", ".join(sorted(set(cases[stratum]))), got=", ".join(unknown))
    ordered = cases.sort_values("case_id", ignore_index=True)
    ranked = ordered.assign(_order=np.random.default_rng(seed).permutation(len(ordered)))
    ranked = ranked.assign(
        _place=ranked.groupby(stratum)["_order"].rank(),
        stratum_size=ranked.groupby(stratum)["case_id"].transform("size"),
    )
    taken = ranked[ranked["_place"] <= ranked[stratum].map(counts).astype(float).fillna(0)]
    size = taken.groupby(stratum)["case_id"].transform("size")
    return taken.assign(weight=taken["stratum_size"] / size).drop(columns=["_order", "_place"]).reset_index(drop=True)


def assign(drawn: pd.DataFrame, inspectors: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Assign drawn cases to inspectors at random, evenly, never to one with a conflict of interest.

    Raises
    ------
    AidError
        Lists every case that no inspector may judge.
    """
    generator = np.random.default_rng(seed)
    load = dict.fromkeys(inspectors["inspector_id"], 0)
    barred = dict(zip(inspectors["inspector_id"], inspectors["conflicts"], strict=True))
    chosen, orphans = {}, []
    for at in generator.permutation(len(drawn)):
        case, township = drawn["case_id"].iloc[at], drawn["township"].iloc[at]
        free = [name for name, no in barred.items() if township not in no and case not in no]
        if not free:
            orphans.append(str(case))
            continue
        least = min(load[name] for name in free)
        chosen[case] = generator.choice([name for name in free if load[name] == least])
        load[chosen[case]] += 1
    if orphans:
        raise AidError(
            "every inspector has a conflict of interest", got=", ".join(orphans), hint="borrow one from elsewhere"
        )
    return drawn.assign(inspector_id=drawn["case_id"].map(chosen))


def stratified_rate(drawn: pd.DataFrame, wrong: str, *, stratum: str = "stratum", level: float = 0.95) -> Rate:
    """Return the error rate of the whole from a stratified draw, with a normal interval and finite-population correction."""
    from scipy.stats import norm

    by = drawn.groupby(stratum).agg(n=(wrong, "size"), p=(wrong, "mean"), size=("stratum_size", "first"))
    thin = by[(by["n"] < 2) & (by["n"] < by["size"])]
    if len(thin):
        raise AidError(
            "one case tells nothing of its stratum", got=", ".join(map(str, thin.index)), hint="draw two or more"
        )
    share = by["size"] / by["size"].sum()
    spread = (1 - by["n"] / by["size"]) * by["p"] * (1 - by["p"]) / (by["n"] - 1).clip(lower=1)
    value, error = float((share * by["p"]).sum()), float(np.sqrt((share**2 * spread).sum()))
    reach = float(norm.ppf((1 + level) / 2)) * error
    return Rate(value, max(0.0, value - reach), min(1.0, value + reach), int(drawn[wrong].sum()), len(drawn), level)
