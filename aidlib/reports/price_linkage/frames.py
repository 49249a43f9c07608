"""Tables of the price-linkage report: decisions laid out for a reader, every row with the rows it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aidlib import tables
from aidlib.indices import Figure, Figures
from aidlib.law import Book, Status, Value, weakest
from aidlib.law.load import UNIT_COLUMNS
from aidlib.money import FEN_PER_YUAN, decimal_text
from aidlib.prices.amounts import TEN_THOUSAND, Amount
from aidlib.prices.bases import NO_BASE
from aidlib.prices.linkage import Decision
from aidlib.prices.replay import MAIN_GROUPS
from aidlib.prices.words import Said, index_words
from aidlib.regions import NATION, region
from aidlib.reports.price_linkage import behind, words
from aidlib.reports.text import Language, money

if TYPE_CHECKING:
    import pandas as pd

TEN_THOUSAND_YUAN = 10_000 * FEN_PER_YUAN
SHOWN = ("cpi", "food", "scpi")
MANY = 6
ORDER = ("dibao_urban", "dibao_rural", "tekun_urban", "tekun_rural", "edge_urban", "edge_rural", "wubao")


def pick(said: Said, language: Language) -> str:
    """Choose the language of a sentence."""
    return said.en if language == "en" else said.zh


def conditions(decision: Decision, figures: Figures, language: Language) -> pd.DataFrame:
    """Lay out each start condition: the index, its rise, how it is known, the line, the verdict."""
    import pandas as pd

    rows = []
    for condition in decision.conditions:
        for index, reading in zip(condition.indices, condition.readings, strict=True):
            rows.append({
                "linkage_index": pick(index_words(index), language),
                "linkage_rise": f"{words.points(reading.rise, 2 if reading.error else 1)}%" if reading else None,
                "linkage_rise_status": reading.status if reading else None,
                "linkage_error": words.points(reading.error, 2) if reading and reading.error else None,
                "linkage_line": words.line(condition),
                "linkage_window_words": None if condition.window == "single" else pick(words.window(condition), language),
                "linkage_verdict": pick(words.VERDICTS[condition.verdict], language),
                "linkage_how": pick(words.how(reading), language),
                "sources": behind.condition(condition, reading, figures),
            })  # fmt: skip
    return pd.DataFrame(rows).dropna(axis="columns", how="all")


def amounts(decision: Decision, book: Book, figures: Figures, language: Language) -> pd.DataFrame:
    """Lay out each covered group's amount: base, rise, amount and its ends, rounding, payment known, persons, total."""
    import pandas as pd

    order = list(ORDER)
    due = sorted(decision.amounts, key=lambda a: order.index(a.group) if a.group in order else len(order))
    rows = [
        _amount_row(amount, decision, book, language) | {"sources": behind.amount(amount, decision, figures)}
        for amount in due
    ]
    return pd.DataFrame(rows).dropna(axis="columns", how="all")


def _amount_row(due: Amount, decision: Decision, book: Book, language: Language) -> dict[str, object]:
    group, known = book.tables.groups[due.group], due.exact_fen is not None
    ranged = due.low_fen is not None and due.low_fen != due.high_fen
    factor, times = due.factor if known else None, _times(decision, due.group) if known else None
    return {
        "linkage_group": group.en if language == "en" else group.zh,
        "linkage_standard": money(due.standard.fen_month) if due.standard else None,
        "linkage_standard_status": due.standard.status if due.standard else None,
        "linkage_factor_rise": f"{words.points(factor.rise, 1 if factor.status == 'observed' else 2)}%" if factor else None,
        "linkage_factor_rise_status": factor.status if factor else None,
        "linkage_times": decimal_text(times.number, 1) if times else None,
        "linkage_amount_yuan": money(due.shown_fen) if known else None,
        "linkage_amount_yuan_status": due.status if known else None,
        "linkage_low_yuan": money(due.shown("low")) if ranged or (not known and due.low_fen is not None) else None,
        "linkage_high_yuan": money(due.shown("high")) if ranged and due.high_fen is not None else None,
        "linkage_paid_yuan": due.paid.text if due.paid else None,
        "linkage_persons": _persons(due.persons, language),
        "linkage_total": decimal_text(due.total_fen / TEN_THOUSAND_YUAN, 1) if due.total_fen is not None else None,
        "linkage_total_status": _total_status(due, decision.month),
        "linkage_note": pick(due.why, language) if due.why else None,
    }


def _times(decision: Decision, group: str) -> Value | None:
    """The multiplier of a period that went into a group's amount."""
    rows = [value for value in decision.values if value.name == "linkage_multiplier" and value.group in ("", group)]
    return max(rows, key=lambda value: value.group, default=None)


def _total_status(due: Amount, month: str) -> Status | None:
    """A total over a head-count of another year is stale, whatever the amount is."""
    if due.total_fen is None or due.persons is None:
        return None
    return weakest(due.status, "observed" if due.persons.period[:4] == month[:4] else "stale")


def _persons(count: Figure | None, language: Language) -> str | None:
    if count is None:
        return None
    many = int(count.value * (TEN_THOUSAND if count.unit == "10k persons" else 1))
    return f"{many:,}{pick(Said('人', ''), language)} ({count.period})"


def history(found: Sequence[Decision], language: Language, figures: Figures | None = None) -> pd.DataFrame:
    """Lay out months: indices with their marks, lines in force, outcome, amounts of the two main groups; with figures, sources too."""
    import pandas as pd

    rows = [
        _month_row(decision, language) | ({"sources": behind.month(decision, figures)} if figures else {})
        for decision in found
    ]
    return pd.DataFrame(rows).dropna(axis="columns", how="all")


def _month_row(decision: Decision, language: Language) -> dict[str, object]:
    cells: dict[str, object] = {"index_month": decision.month}
    for index in SHOWN:
        reading = next((r for r in decision.readings if r.index == index), None)
        cells |= {f"linkage_{index}": words.points(reading.rise) if reading else None,
                  f"linkage_{index}_status": reading.status if reading else None}  # fmt: skip
    cells["linkage_line"] = _lines(decision, language) or None
    cells["linkage_outcome"] = pick(words.OUTCOMES[decision.outcome], language)
    cells["linkage_outcome_status"] = decision.outcome_status if decision.outcome != "undetermined" else None
    for group, column in zip(MAIN_GROUPS, ("linkage_urban_yuan", "linkage_rural_yuan"), strict=True):
        due = decision.amount(group) if decision.outcome == "triggered" else None
        cells |= {column: money(due.shown_fen) if due and due.shown_fen is not None else None,
                  f"{column}_status": due.status if due and due.shown_fen is not None else None}  # fmt: skip
    cells["linkage_paid_yuan"] = decision.stated.text if decision.stated else None
    return cells


def _lines(decision: Decision, language: Language) -> str:
    short = [(pick(words.TEXTS[c.indices[0]], language) if c.indices[0] in words.TEXTS else pick(index_words(c.indices[0]), language), c)
             for c in decision.conditions]  # fmt: skip
    return " ".join(f"{name}{words.line(condition)}" for name, condition in short)


def comparison(frame: pd.DataFrame, book: Book, month: str, language: Language) -> pd.DataFrame:
    """Lay out what other places' methods would have paid, in yuan per person over the months."""
    import pandas as pd

    rows = [{
        "linkage_method_words": _method_name(row["method_of"], row["variant"], language),
        "linkage_started": row["triggered"],
        "linkage_not_started": row["not_triggered"],
        "linkage_undetermined": row["undetermined"],
        "linkage_urban_total": money(row["dibao_urban_fen"]) if row["dibao_urban_months"] else None,
        "linkage_rural_total": money(row["dibao_rural_fen"]) if row["dibao_rural_months"] else None,
        "linkage_known_months": _both(row["dibao_urban_months"], row["dibao_rural_months"]),
        "sources": behind.method(book, row["method_of"], row["variant"], month),
    } for row in frame.to_dict("records")]  # fmt: skip
    return pd.DataFrame(rows)


def _both(urban: int, rural: int) -> str:
    """Write the months known of both groups, once where they are the same."""
    return str(urban) if urban == rural else f"{urban} / {rural}"


def _method_name(place: str, variant: str, language: Language) -> str:
    name = pick(words.NATIONAL_FORM, language) if place == NATION else region(place).name(language)
    alternatives = {
        "alternative_scpi": Said("(另一说法：乘SCPI)", " (other statement: times SCPI)"),
        "alternative_cpi": Said("(另一说法：金额只按CPI)", " (other statement: amount by the CPI only)"),
    }
    return name + (pick(alternatives[variant], language) if variant else "")


def missing(found: Sequence[Decision], book: Book, language: Language) -> pd.DataFrame:
    """Lay out what is missing over the months, most often missing first; groups without a base are named."""
    import pandas as pd

    months: dict[Said, list[str]] = defaultdict(list)
    for decision in found:
        for said in (*decision.missing, *decision.cautions):
            months[said].append(decision.month)
    ordered = sorted(months.items(), key=lambda item: -len(item[1]))
    named = {NO_BASE: _without_base(found, book)}
    rows = [{"linkage_missing": pick(named.get(said, said), language), "linkage_months": len(which), "linkage_which": _several(which)}
            for said, which in ordered]  # fmt: skip
    return pd.DataFrame(rows, columns=["linkage_missing", "linkage_months", "linkage_which"])


def _without_base(found: Sequence[Decision], book: Book) -> Said:
    groups = dict.fromkeys(due.group for decision in found for due in decision.amounts if due.why == NO_BASE)
    labels = [book.tables.groups[group] for group in groups]
    return Said(f"文件没有写明这些对象的补贴以什么为基数：{'、'.join(label.zh for label in labels)}",
                f"no text states the base of these groups: {', '.join(label.en for label in labels)}")  # fmt: skip


def _several(months: list[str]) -> str:
    return ", ".join(months) if len(months) <= MANY else f"{months[0]} … {months[-1]}"


def classes(frame: pd.DataFrame, figures: Figures, place: str, month: str, language: Language) -> pd.DataFrame:
    """Lay out the gap between the compiled low-income index and the CPI by class."""
    import pandas as pd

    labels = {name: figures.series[f"cpi_yoy:total:{name}"] for name in frame["class"]}
    return pd.DataFrame({
        "linkage_class": [(s.en if language == "en" else s.zh).removesuffix("同比指数").removesuffix(", year on year") for s in labels.values()],
        "linkage_rise": [f"{value:.1f}%" for value in frame["rise"]],
        "linkage_weight_low": [f"{value:.1f}" for value in frame["weight_low"]],
        "linkage_weight_all": [f"{value:.1f}" for value in frame["weight_all"]],
        "linkage_contribution": [f"{round(value, 2) + 0.0:.2f}" for value in frame["contribution"]],
        "sources": [behind.price_class(name, figures, place, month) for name in frame["class"]],
    })  # fmt: skip


def basis(decision: Decision, book: Book, language: Language) -> pd.DataFrame:
    """Lay out the rows of law that were read for a month; rows that say the same of several groups stand together."""
    import pandas as pd

    labels = {row["unit"]: Said(row["zh"], row["en"]) for row in tables.rows("law/units.csv", UNIT_COLUMNS)}
    together: dict[tuple[str, str, str], list[Value]] = defaultdict(list)
    for value in sorted(decision.values, key=lambda v: (v.name, v.group)):
        together[value.name, value.text, value.cite()].append(value)
    return pd.DataFrame([_basis_row(same, book, labels, language) for same in together.values()])


def _basis_row(same: list[Value], book: Book, labels: dict[str, Said], language: Language) -> dict[str, object]:
    first, name = same[0], book.tables.names[same[0].name]
    groups = [book.tables.groups[value.group] for value in same if value.group in book.tables.groups]
    return {
        "linkage_rule": name.en if language == "en" else name.zh,
        "linkage_group": ("; " if language == "en" else "、").join(g.en if language == "en" else g.zh for g in groups)
        or None,
        "linkage_value": pick(words.value(first, book, labels), language),
        "linkage_value_status": first.status,
        "linkage_place": region(first.region).name(language),
        "linkage_source": f"{first.source.number or first.source.title} {first.article}",
        "sources": same,
    }
