"""An empty ledger with drop-downs: what a county without a system of its own fills in."""

from __future__ import annotations

from pathlib import Path

from aidlib.errors import RegisterFault
from aidlib.register.columns import COLUMNS, HOUSEHOLDS, PERSONS, Table, fields

ROWS = 5_000  # rows the drop-downs reach
WIDTH = 16
SHEETS: dict[str, Table] = {"家庭": "households", "成员": "persons"}
FIRST = {
    "households": ("household_id", "region_code", "township", "village", "urban", "members", "income_fen_year", "income_fen", "expend_fen",
                   "property_ok", "on_dibao", "last_benefit_fen", "dibao_tier", "since"),
    "persons": ("household_id", "name", "id_number", "relation", "can_work", "employed", "own_income_fen", "student_stage", "disability_kind",
                "disability_grade", "serious_illness", "is_tekun", "tekun_supporter", "own_property_ok"),
}  # fmt: skip
NOT_ASKED = ("age", "sex", "person_id", "as_of", "hukou_region_code")  # read from the identity number, or seldom needed
FLAGS = ["是", "否"]


def write_template(path: str | Path) -> Path:
    """Write an empty workbook of households and persons: headings the register knows, money in yuan, choices as drop-downs.

    Raises
    ------
    RegisterFault
        The file is there already, or is not named .xlsx.
    """
    import xlsxwriter

    whole = Path(path)
    if whole.suffix.lower() != ".xlsx" or whole.exists():
        raise RegisterFault(
            "the template needs a new file", got=whole.name, expected="a name that ends with .xlsx and is not there yet"
        )
    with xlsxwriter.Workbook(whole) as book:
        bold, text = (
            book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            book.add_format({"num_format": "@"}),
        )
        for sheet, table in SHEETS.items():
            page = book.add_worksheet(sheet)
            for at, name in enumerate(asked(table)):
                field = fields(table)[name]
                page.write(0, at, heading(table, name), bold)
                page.set_column(
                    at, at, WIDTH, text if field.kind in ("id", "identity", "text", "region", "private") else None
                )
                if choices := _choices(name, field.kind):
                    page.data_validation(
                        1, at, ROWS, at, {"validate": "list", "source": choices, "error_title": heading(table, name)}
                    )
            page.freeze_panes(1, 1)
    return whole


def asked(table: Table) -> tuple[str, ...]:
    """Name the columns of the template, the usual ones first.

    Examples
    --------
    >>> asked("persons")[:3]
    ('household_id', 'name', 'id_number')
    """
    ruled = [column.name for column in (PERSONS if table == "persons" else HOUSEHOLDS)]
    return tuple(dict.fromkeys(name for name in (*FIRST[table], *ruled) if name not in NOT_ASKED))


def heading(table: Table, name: str) -> str:
    """Write a column's heading, money in yuan.

    Examples
    --------
    >>> heading("households", "income_fen")
    '家庭月收入(元)'
    """
    return fields(table)[name].zh.replace("(分)", "(元)")


def _choices(name: str, kind: str) -> list[str]:
    if kind == "flag":
        return FLAGS
    return list(COLUMNS[name].codes_zh) if kind == "code" else []
