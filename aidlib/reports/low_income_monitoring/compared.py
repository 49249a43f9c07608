"""The section on what was compared: registers, and what became of every row of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidlib.reports.low_income_monitoring import counts, frames, words
from aidlib.reports.low_income_monitoring.protected import protect_known, small
from aidlib.reports.low_income_monitoring.sections import show_table

if TYPE_CHECKING:
    from aidlib.reports.low_income_monitoring.opening import Monitoring

TENS_NOTE: words.Words = (
    "按十取整，使两表、两月之间相差几人也看不出来；会限定某个隐去的预警数的，标“抑”。",
    "To the nearest ten, so that a difference of a few between tables or months is not seen; a count that would bound a hidden count of "
    "alerts is marked supp.",
)


def show_compared(opened: Monitoring) -> None:
    """Show which registers were compared, and that every row is accounted for."""
    report, found = opened.report, opened.month.found
    report.heading("比对了哪些登记", "What was compared")
    report.say(
        f"低收入人口登记{len(found.scene.households):,}户、{len(found.scene.persons):,}人；号码先换成带密钥的假名再比对，没有有效号码的行只列出可能的对应供人工核对，不自动合并。",
        f"The register holds {len(found.scene.households):,} families and {len(found.scene.persons):,} persons. Numbers are replaced by keyed "
        "pseudonyms before they are compared; rows without a sound number only get candidates for a person to judge, never a merge.",
        [
            value
            for name in opened.names()
            if (value := report.book.at(report.region.code, found.scene.as_of).optional("register_compared", name))
        ],
    )
    tables = (
        ("known", counts.known_to_departments(found), ("登记内人员，按部门是否掌握", "Persons of the register, by whether a department knows them")),
        ("rows", counts.rows_in_register(found), ("部门数据，按是否在低收入人口登记内", "Departmental rows, by whether the person is in the register")),
    )  # fmt: skip
    for name, table, title in tables:
        shown = frames.marked(protect_known(table, opened.by_cause), opened.status)
        laid = frames.with_rows(shown, "register", [words.register(report, str(row)) for row in table.index])
        if name == "rows":
            laid = laid.rename(
                columns=lambda column: f"row_{column}" if column.startswith(("known", "unmatched")) else column
            )
        note = TENS_NOTE if name == "known" else (
            "不在登记内的困难学生、重病患者、重度残疾人等，是主动发现的线索。按十取整。",
            "Poor students, serious patients and severely disabled persons outside the register are leads for finding families in need. "
            "To the nearest ten.",
        )  # fmt: skip
        show_table(opened, f"compared_{name}", laid, title, note)
    _say_reviews(opened)


def _say_reviews(opened: Monitoring) -> None:
    reviews = opened.month.found.reviews.values()
    rows, with_one = sum(r.rows for r in reviews), sum(r.with_candidate for r in reviews)
    if small(rows) or small(with_one) or small(rows - with_one):
        opened.report.say(
            "没有有效号码的行很少，数目不公布；名单在受限文件夹。",
            "Rows without a sound number are few and not counted here; the list is in the restricted folder.",
        )
    else:
        opened.report.say(
            f"没有有效号码的行{rows:,}条，其中{with_one:,}条列出了可能的对应。",
            f"{rows:,} rows have no sound number; {with_one:,} of them have a candidate.",
        )
