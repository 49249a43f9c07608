"""A demonstration notebook, already executed: three tables, two figures, sources, gaps; invented amounts, real law rows."""

from __future__ import annotations

import base64
from datetime import date
from fractions import Fraction

import nbformat
import pandas as pd
from markupsafe import Markup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from aidlib import words
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.page import legend, tables
from aidlib.page.parts import part
from aidlib.page.sources import figure_lines, law_lines, link, slug
from aidlib.views import fonts

PLACE = "450400"
MONTHS = [f"2019-{month:02d}" for month in range(1, 13)]


def notebook(language: str = "zh", *, failed: bool = False, script: str = "") -> nbformat.NotebookNode:
    """Build the notebook; `failed` adds an error, `script` puts a script where data should be."""
    book, figures = Book(), Figures()
    law = book.at(PLACE, date(2020, 2, 1))
    trigger = law.value("linkage_cpi_trigger")
    indices = [figures.get("000000", "cpi_yoy:total:all_items", month) for month in MONTHS]
    t = (lambda zh, en: en) if language == "en" else (lambda zh, en: zh)
    with words.speaking(language):
        shown = [
            heading(2, t("当月结论", "Decision of the month")),
            str(part("paragraphs")([t("涨幅高于启动线", "The rise is above the trigger") + link("3.5", trigger.place)])),
            table("decision", decision(trigger, indices), t("各类对象的补贴", "Subsidy by group"), [t("金额为虚构。", "Amounts are invented.")]),
            heading(4, t("历史", "History")),
            table("replay", replay(indices), t("逐月回放", "Replay by month"), []),
            figure("indices", drawing(indices), t("居民消费价格同比涨幅", "CPI, change on a year before"),
                   t("折线图：全国居民消费价格指数 2019 年由 1.7% 升到 4.5%", "Line: national CPI in 2019 rose from 1.7 to 4.5 per cent"), replay(indices)),
            heading(2, t("比较", "Comparison")),
            table("wide", wide(), t("各地办法（虚构）", "Methods of places (invented)"), []),
            figure("bars", bars(), t("五地金额", "Amounts in five places"), t("柱状图：五个虚构地区的金额", "Bars: amounts of five invented places"), wide()),
            heading(2, t("法律与数据依据", "Legal basis and data read")),
            str(legend()),
            str(part("sources")("law-rows", words.word("law_rows", "page"), law_lines(book.reads.values()))),
            str(part("sources")("figure-rows", words.word("figure_rows", "page"), figure_lines(figures.reads.values()))),
            heading(2, t("数据缺口", "Gaps")),
            str(part("gaps")([t("缺规定", "a rule is missing")])),
            str(part("folded")(t("运行记录", "Record"), part("facts")([("region", PLACE), ("aidlib", "0.1.0")]))),
            str(part("finding")(t("结论", "Finding"), [t("二月涨幅 5.2%，高于启动线 3.5%，应当启动。", "The rise of 5.2 % is above 3.5 %: paid.")])),
        ]  # fmt: skip
    cells = [
        new_markdown_cell(t("# 价格补贴联动", "# Price linkage")),
        new_code_cell(f'region = "{PLACE}"', metadata={"tags": ["parameters"]}),
        new_code_cell("import aidlib", outputs=[new_output("stream", name="stderr", text="a warning nobody needs")]),
        *(new_code_cell(f"show({at})", outputs=[_output(html)]) for at, html in enumerate(shown)),
        new_code_cell("2 + 2", outputs=[new_output("execute_result", data={"text/plain": "4"}, execution_count=1)]),
    ]
    if script:
        cells.append(new_code_cell("x", outputs=[_output(f"<p>x<script>{script}</script></p>")]))
    if failed:
        error = new_output(
            "error", ename="DataGap", evalue="no figure of <x> for 2020-03", traceback=["Traceback", "DataGap"]
        )
        cells.append(new_code_cell("fail()", outputs=[error]))
    record = {
        "parameters": {"region": PLACE, "period": "2020-02", "language": language},
        "status": "estimated",
        "as_of": "2020-03-10",
    }
    cells[-2].outputs[0].metadata = {"aidlib": {"record": record}}
    return new_notebook(cells=cells)


def decision(trigger: object, indices: list[object]) -> pd.DataFrame:
    """Amounts by group, with the rows they rest on; one is estimated, one suppressed, one unknown."""
    return pd.DataFrame(
        {
            "group": ["低保对象", "特困人员", "<孤儿>", "优抚对象"],
            "amount": ["62.50", "1062.50", "—", "31.25"],
            "amount_status": ["enacted", "estimated", "suppressed", "projected"],
            "persons": [12345, 678, None, 90],
            "due": [True, True, False, True],
            "sources": [[trigger], [trigger, indices[0]], [], ["law/values.csv:2"]],
        }
    )


def replay(indices: list[object]) -> pd.DataFrame:
    """Twelve months of the national index."""
    return pd.DataFrame(
        {
            "month": MONTHS,
            "rise": [figure.rise for figure in indices],
            "share": [Fraction(1, 3)] * 12,
            "status": [figure.status for figure in indices],
        }
    )


def wide() -> pd.DataFrame:
    """Fourteen columns, so that the table must scroll in its box."""
    return pd.DataFrame({"place": ["甲地", "乙地"], **{f"第{n}项办法": [n * 1000.5, n] for n in range(1, 14)}})


def drawing(indices: list[object]) -> bytes:
    """A line with the national index."""
    fonts.use()
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots()
    axes.plot(MONTHS, [float(index.rise) for index in indices], label="居民消费价格同比涨幅")
    axes.set_ylabel("涨幅（%）")
    axes.tick_params(axis="x", rotation=45)
    axes.legend()
    picture = fonts.picture(figure)
    plt.close(figure)
    return picture


def bars() -> bytes:
    """Bars of invented amounts."""
    fonts.use()
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots()
    axes.bar(list("甲乙丙丁戊"), [10, 20, 30, 40, 50])
    picture = fonts.picture(figure)
    plt.close(figure)
    return picture


def _output(html: str) -> nbformat.NotebookNode:
    return new_output("display_data", data={"text/html": html, "text/plain": "shown"})


def heading(level: int, text: str) -> str:
    """A heading of a section."""
    return f'<h{level} id="{slug(text)}">{text}</h{level}>'


def table(name: str, frame: pd.DataFrame, caption: str, notes: list[str]) -> str:
    """A table as a page shows it."""
    return str(
        part("table")(
            name, "", caption, notes, tables.shown(frame), {key: words.word(key, "page") for key in tables.LABELS}
        )
    )


def figure(name: str, picture: bytes, caption: str, alt: str, frame: pd.DataFrame) -> str:
    """A figure as a page shows it, its numbers folded below."""
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/svg+xml"
    behind = part("folded")(words.word("data", "page"), Markup(table(f"{name}-data", frame, caption, [])))
    return str(part("figure")(name, "", caption, alt, [], kind, base64.b64encode(picture).decode(), behind))
