"""Rows without a sound identity number: likely partners with a score, for a person to decide. Nothing is merged here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from aidlib.errors import RegisterFault
from aidlib.monitoring.tabled import lazy, need
from aidlib.monitoring.vocabulary import convention

MARKS = ("row_id", "name", "birth_date", "id_number")
SHARED_DIGITS = 14  # place and birth day of an identity number


@dataclass(frozen=True)
class Review:
    """Pairs put before a person.

    Attributes
    ----------
    pairs : polars.DataFrame
        row_id, other_id, score (0 to 100) and its parts name_score, birth_score, id_score (empty where one side lacks it), rank
        within row_id, and told_apart: false where the next candidate scores nearly as well.
    rows, with_candidate, crowded : int
        Rows looked at, rows with a candidate, and rows without one of which a block was too large to search.
    """

    pairs: pl.DataFrame
    rows: int
    with_candidate: int
    crowded: int

    @property
    def without_candidate(self) -> int:
        """Rows that were searched and have no candidate."""
        return self.rows - self.with_candidate - self.crowded


def candidates(rows: Any, others: Any) -> Review:
    """Find likely partners for rows without a sound identity number.

    Two rows are compared when they share the birth date, the name, or the first fourteen digits of the number as written.
    The score is the mean of what both sides have: likeness of the name, of the birth date and of the number (parts of a point fall away).

    Parameters
    ----------
    rows, others : table
        row_id (unique), name, birth_date and id_number as written; any of the last three may be empty.

    Returns
    -------
    Review
        The same whatever the order of rows.

    Raises
    ------
    RegisterFault
        Columns missing, or a row_id twice.

    Examples
    --------
    >>> left = pl.DataFrame({"row_id": [1], "name": ["测甲乙"], "birth_date": ["1950-01-01"], "id_number": [None]})
    >>> right = left.with_columns(row_id=pl.lit(7), name=pl.lit("测甲已"))
    >>> candidates(left, right).pairs.select("other_id", "name_score", "birth_score", "score").row(0)
    (7, 67, 100, 83)
    """
    left, right = _prepared(rows, "rows"), _prepared(others, "others")
    pairs, crowded = _pairs(left, right)
    found = _ranked(_scored(pairs, left, right))
    matched = found["row_id"].unique()
    return Review(found, left.height, len(matched), len(crowded - set(matched.to_list())))


def _prepared(table: Any, where: str) -> pl.DataFrame:
    frame = lazy(table)
    need(frame, MARKS, where)
    found = frame.select("row_id", *(pl.col(mark).cast(pl.String) for mark in MARKS[1:])).collect().sort("row_id")
    if found["row_id"].n_unique() != found.height:
        raise RegisterFault("a row_id is there twice", where=where, expected="one row each")
    digits = pl.col("id_number").str.slice(0, SHARED_DIGITS)
    return found.with_columns(
        birth=pl.col("birth_date"),
        called=pl.col("name"),
        digits=pl.when(digits.str.len_chars() == SHARED_DIGITS).then(digits),
    )


def _pairs(left: pl.DataFrame, right: pl.DataFrame) -> tuple[pl.DataFrame, set[Any]]:
    """Pair rows block by block; a block that is too large says too little and is left out."""
    made, crowded = [], set()
    for block in ("birth", "called", "digits"):
        size = right.group_by(block).len("size")
        sized = left.join(size, on=block, how="inner")
        full = sized["size"] > convention("block_most")
        crowded |= set(sized.filter(full)["row_id"].to_list())
        kept = sized.filter(~full).select("row_id", block)
        made.append(kept.join(right.select(block, other_id="row_id"), on=block).select("row_id", "other_id"))
    return pl.concat(made).unique().sort("row_id", "other_id"), crowded


def _scored(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    both = pairs.join(left, on="row_id").join(right, left_on="other_id", right_on="row_id", suffix="_other")
    both = both.sort("row_id", "other_id")
    parts = {
        f"{short}_score": _alike(both[column], both[f"{column}_other"])
        for short, column in (("name", "name"), ("birth", "birth_date"), ("id", "id_number"))
    }
    scored = both.select("row_id", "other_id").with_columns(**parts)
    both_have = pl.sum_horizontal(pl.col(part).is_not_null() for part in parts)
    return scored.with_columns(score=(pl.sum_horizontal(list(parts)) // both_have).cast(pl.Int16))


def _alike(first: pl.Series, second: pl.Series) -> pl.Series:
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cpdist

    known = (first.is_not_null() & second.is_not_null()).to_numpy()
    scores = pl.Series(cpdist(first.fill_null("").to_list(), second.fill_null("").to_list(), scorer=ratio))
    return pl.select(pl.when(pl.Series(known)).then(scores.round(0))).to_series().cast(pl.Int16)


def _ranked(scored: pl.DataFrame) -> pl.DataFrame:
    ordered = scored.filter(pl.col("score") >= convention("review_score")).sort(
        "row_id", "score", "other_id", descending=[False, True, False]
    )
    ranked = ordered.with_columns(
        rank=pl.int_range(1, pl.len() + 1).over("row_id"),
        told_apart=(pl.col("score") - pl.col("score").shift(-1).over("row_id") > convention("review_margin")).fill_null(
            True
        ),
    )
    return ranked.filter(pl.col("rank") <= convention("review_keep"))
