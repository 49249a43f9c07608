"""The monitoring report under attack: counts, totals, last month, lists of persons, folders, and what the page says of itself."""

from __future__ import annotations

import stat
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from openpyxl import load_workbook
from scipy.optimize import linprog

import aidlib.reports
from aidlib.disclosure import convention, findings, suppress
from aidlib.disclosure.suppression import TOTAL
from aidlib.errors import LawGap, ParameterFault, PrivacyFault, RegisterFault
from aidlib.monitoring.synthetic.world import world
from aidlib.reports import low_income_monitoring as page
from aidlib.reports.low_income_monitoring import checks, counts, drawings, inputs, protected, restricted, sections
from aidlib.reports.low_income_monitoring.opening import Monitoring

PLACE, MONTH, FAMILIES = "450400", "2026-10", 12_000
PARAMETERS: dict[str, Any] = {
    "registers": "",
    "families": FAMILIES,
    "seed": 5,
    "bought_services_yuan": "",
    "special_funds_yuan": "",
}
SECTIONS = (
    "show_finding", "show_compared", "show_flows", "show_alerts", "show_deadlines", "show_delivery", "show_chains", "show_inspection",
    "show_money", "show_reviews", "show_measured", "write_lists",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A restricted folder."""
    return tmp_path_factory.mktemp("restricted")


def opened(folder: Path, language: str = "zh", **changes: Any) -> Monitoring:
    report = aidlib.reports.start(
        "low_income_monitoring",
        region=PLACE,
        period=MONTH,
        language=language,
        **PARAMETERS | {"restricted": str(folder)} | changes,
    )
    return page.open_monitoring(report)


@pytest.fixture(scope="module")
def monitoring(folder: Path) -> Monitoring:
    """The report of an invented place."""
    return opened(folder)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Everything a report shows, as it is shown."""
    import IPython.display

    kept: list[dict[str, Any]] = []
    monkeypatch.setattr(
        IPython.display,
        "publish_display_data",
        lambda data, metadata=None, **_: kept.append({"data": data, "metadata": metadata}),
    )
    return kept


def reach(cells: np.ndarray, target: np.ndarray, known: list[tuple[np.ndarray, int]]) -> tuple[float, float]:
    """What an attacker can say of a sum of cells: smallest and largest value that agree with all that is published."""
    equal = np.array([row for row, _ in known]), np.array([value for _, value in known])
    ends = [linprog(sign * target, A_eq=equal[0], b_eq=equal[1], bounds=(0, None)).fun for sign in (1, -1)]
    return ends[0], -ends[1]


def test_no_small_count_of_alerts_follows_from_all_tables_together(monitoring: Monitoring) -> None:
    """Ages, causes, dispositions and departments taken together leave each small count of a cause wide open."""
    alerts, rules = monitoring.month.found.alerts, monitoring.rules
    causes, bands = list(rules), list(monitoring.by_age.table.columns[:-1])
    cells = np.zeros((len(causes), len(bands)))
    at = {cause: number for number, cause in enumerate(causes)}
    known: list[tuple[np.ndarray, int]] = []

    def publish(rows: list[str], column: int | None, value: int | None) -> None:
        if value is not None:
            mask = np.zeros_like(cells)
            for cause in rows:
                mask[at[cause], slice(None) if column is None else column] = 1
            known.append((mask.ravel(), value))

    for kind in (*dict.fromkeys(rule.rule.text for rule in rules.values()), TOTAL):
        rows = [cause for cause, rule in rules.items() if kind in (TOTAL, rule.rule.text)]
        publish(rows, None, monitoring.by_age.total(kind))
        for number, band in enumerate(bands):
            publish(rows, number, monitoring.by_age.cell(kind, str(band)))
    for cause in causes:
        publish([cause], None, monitoring.by_cause.total(cause))
    for name, value in protected.by_department(monitoring.by_cause, monitoring.by_age, rules).items():
        publish([c for c, r in rules.items() if r.department and r.department.text == name], None, value)
    limit = int(convention("threshold"))
    sizes = dict(alerts.group_by("cause").len().iter_rows())
    small = [cause for cause in causes if 0 < sizes.get(cause, 0) < limit]
    assert len(small) > 3
    for cause in small:
        target = np.zeros_like(cells)
        target[at[cause]] = 1
        low, high = reach(cells, target.ravel(), known)
        assert high - low >= limit, (cause, low, high)


def test_no_table_shows_a_small_count(monitoring: Monitoring) -> None:
    """Nought and ten are shown, one to nine never are, in any published table."""
    limit = int(convention("threshold"))
    for shown_table in (monitoring.by_age, monitoring.by_cause, monitoring.delivery, monitoring.flows):
        values = pd.to_numeric(shown_table.table.stack(), errors="coerce").dropna()
        assert not ((values > 0) & (values < limit)).any()
        assert len(values) > 0


def test_delivery_gives_no_hidden_cause_away(monitoring: Monitoring) -> None:
    """Where the alerts of a cause are hidden, what was not delivered under it is hidden in every layer."""
    for programme, cause in counts.CAUSE_OF.items():
        rows = [row for row in monitoring.delivery.table.index if str(row).startswith(programme)]
        if monitoring.by_cause.total(cause) is None:
            assert all(monitoring.delivery.cell(str(row), "not_delivered") is None for row in rows)
        else:
            margins = [row for row in rows if str(row).endswith(TOTAL)]
            assert len(margins) == 1


def test_last_months_table_is_taken_into_account() -> None:
    """A cause that was shown last month and hardly moved does not hide the small one beside it."""
    kinds = {"paid_twice": "may_not_qualify", "grace_over": "may_not_qualify", "property_found": "may_not_qualify"}
    rows = {"may_not_qualify": pd.DataFrame([[3, 30, 40]], index=["alerts"], columns=list(kinds))}
    ages = protected.protect(pd.DataFrame({"adult": [73]}, index=["may_not_qualify"]), totals="rows")
    before = suppress(pd.DataFrame([[12, 30, 90]], index=["alerts"], columns=list(kinds)), totals="rows")
    alone, _ = protected.protect_causes(rows, ages, {})
    after, _ = protected.protect_causes(rows, ages, {"may_not_qualify": before})
    assert alone.total("grace_over") is None
    assert after.total("property_found") is None
    assert after.total("grace_over") == 30


def test_what_was_published_is_read_back_as_it_was(monitoring: Monitoring, tmp_path: Path) -> None:
    """Counts, hidden cells and why they were hidden come back the same next month."""
    restricted.keep_published(tmp_path, monitoring.published)
    again = restricted.last_published(tmp_path)
    assert set(again) == set(monitoring.published)
    for name, one in monitoring.published.items():
        pd.testing.assert_frame_equal(again[name].table, one.table, check_dtype=False, check_names=False)
        pd.testing.assert_frame_equal(again[name].primary, one.primary, check_dtype=False, check_names=False)
    assert restricted.last_published(tmp_path / "nothing") == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_part_of_the_page_passes_the_guard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: list[dict[str, Any]], language: str
) -> None:
    """What the notebook emits, alt text, data, metadata and CSV included, holds no personal data, not even where the lists lie, and says it is synthetic."""
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    month = opened(Path(), language, restricted="")
    for section in SECTIONS:
        getattr(page, section)(month)
    month.report.finish()
    assert not findings(shown, "page")
    word = "合成" if language == "zh" else "synthetic"
    captions = [one for one in shown if "table" in one["metadata"]["aidlib"] or "figure" in one["metadata"]["aidlib"]]
    assert len(captions) > 12
    assert all(word in one["data"]["text/html"] for one in captions)
    names = set(month.month.persons["name"])
    text = "".join(str(one) for one in shown)
    assert not any(name in text for name in names)
    assert str(tmp_path) not in text
    assert any(tmp_path.rglob("*.xlsx"))


def test_the_page_holds_no_family_and_no_person(folder: Path, shown: list[dict[str, Any]]) -> None:
    """No table has a column of ids, and no cell is the number of a family or person."""
    month = opened(folder)
    for section in SECTIONS:
        getattr(page, section)(month)
    columns = {c for one in shown for c in one["metadata"]["aidlib"].get("columns", [])}
    assert not any("_id" in column or "name" in column for column in columns)
    kept = set(restricted.last_published(folder / MONTH / PLACE))
    assert {"by_age", "flows", "money", "reviews", "delivery basic_living"} <= kept, (
        "next month's tables are held against these"
    )


def test_lists_go_to_a_private_folder(monitoring: Monitoring, folder: Path, shown: list[dict[str, Any]]) -> None:
    """Workbooks, chains and alerts lie in a folder of the owner alone, and the page does not say where."""
    page.write_lists(monitoring)
    place = folder / MONTH / PLACE
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    files = list(place.iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {"民政部门.xlsx", "教育部门.xlsx", "review.xlsx", "alerts.parquet", "published.parquet"} <= {
        path.name for path in files
    }
    assert str(folder) not in str(shown)


def test_a_department_sees_only_what_it_needs(
    monitoring: Monitoring, folder: Path, shown: list[dict[str, Any]]
) -> None:
    """Education gets who, what and until when of its own cases: no income, no priority, no other member, no other cause."""
    page.write_lists(monitoring)
    rows = list(load_workbook(folder / MONTH / PLACE / "教育部门.xlsx").active.iter_rows(values_only=True))
    head, body = rows[0], rows[1:]
    assert set(head) == {
        "region_code",
        "name",
        "id_number",
        "cause",
        "compared_with",
        "since",
        "action",
        "deadline",
        "article",
    }
    assert {row[head.index("cause")] for row in body} == {"education_aid_missing"}
    alerts = monitoring.month.found.alerts.filter(pl.col("cause") == "education_aid_missing")
    assert len(body) == int(alerts["person_ids"].list.len().sum())


@pytest.mark.parametrize("inside", ["reports/lists", "repository/lists", "."])
def test_lists_are_refused_where_they_could_leave(inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of reports, a git working tree and the folder the notebook runs in are refused, without a file being written."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    target = Path.cwd() if inside == "." else tmp_path / inside
    with pytest.raises(PrivacyFault, match="restricted="):
        restricted.folder_for(str(target), PLACE, MONTH)
    assert not (target / MONTH).exists()


def test_registers_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Tables of a folder are monitored as the invented place is, with a key that lies elsewhere and is never shown; nothing is marked synthetic."""
    place = world(PLACE, MONTH, families=2_000, seed=5)
    data = tmp_path / "registers"
    data.mkdir()
    for name in inputs.OWN:
        getattr(place.files, name).write_parquet(data / f"{name}.parquet")
    for name, table in place.registers.items():
        table.write_csv(data / f"{name}.csv") if name == "deaths" else table.write_parquet(data / f"{name}.parquet")
    with pytest.raises(ParameterFault, match="AIDLIB_KEY_FILE"):
        opened(folder, registers=str(data))
    key = tmp_path / "key"
    key.write_bytes(bytes(range(1, 33)))
    monkeypatch.setenv(inputs.KEY_VARIABLE, str(key))
    month = opened(folder, registers=str(data))
    assert (month.status, month.measured) == ("observed", None)
    exact = place.planted.filter(pl.col("reach") == "exact").select("household_id", "cause").unique()
    found = month.month.found.alerts.join(exact, on=["household_id", "cause"], how="semi")
    assert found.height == exact.height


def test_a_folder_that_lacks_tables_is_refused_with_all_it_lacks(tmp_path: Path) -> None:
    """Every missing table is named at once, and that there is no departmental register."""
    pl.DataFrame({"household_id": [1]}).write_parquet(tmp_path / "households.parquet")
    with pytest.raises(RegisterFault) as told:
        inputs.read_folder(tmp_path)
    text = str(told.value)
    assert all(name in text for name in ("persons", "recognitions", "aid", "no departmental register"))
    assert "households:" not in text


def test_what_a_cell_shows_by_mistake_names_nobody(monitoring: Monitoring) -> None:
    """A notebook cell that ends with the opened report, or with its month, prints no name and no number."""
    text = repr(monitoring) + repr(monitoring.month)
    persons = monitoring.month.persons
    assert not any(name in text for name in (*persons["name"], *persons["id_number"]))
    assert not findings(text)


def test_a_year_is_no_month() -> None:
    """Monitoring is of a month."""
    report = aidlib.reports.start("low_income_monitoring", region=PLACE, period="2026", **PARAMETERS, restricted="")
    with pytest.raises(ParameterFault, match="YYYY-MM"):
        page.open_monitoring(report)


def test_amounts_hide_where_their_count_does(monitoring: Monitoring) -> None:
    """By ten, months are rounded, so that a change of a few families between months is not seen."""
    table = counts.aid_by_month(monitoring.month.found)
    assert (table % int(convention("threshold")) == 0).all().all()


def test_departments_are_worked_out_from_published_numbers(monitoring: Monitoring) -> None:
    """One department with hidden causes has what the others leave; two have nothing; none is ever guessed."""
    rules = monitoring.rules
    wanted = ("month_not_paid", "review_overdue", "education_aid_missing", "medical_aid_missing")
    few = {cause: rules[cause] for cause in wanted}
    ages = protected.Protected(pd.DataFrame({TOTAL: [60, 60]}, index=["not_delivered", TOTAL], dtype="Int64"), None)

    def totals(*values: int | None) -> protected.Protected:
        return protected.Protected(pd.DataFrame({TOTAL: pd.array(values, dtype="Int64")}, index=list(wanted)), None)

    civil, school, clinic = "民政部门", "教育部门", "医疗保障部门"
    assert protected.by_department(totals(10, 20, 14, 16), ages, few) == {civil: 30, school: 14, clinic: 16}
    assert protected.by_department(totals(None, None, 14, 16), ages, few) == {civil: 30, school: 14, clinic: 16}
    assert protected.by_department(totals(None, 20, None, 16), ages, few) == {civil: None, school: None, clinic: 16}


def test_inspections_count_only_files_that_were_looked_at(monitoring: Monitoring, shown: list[dict[str, Any]]) -> None:
    """Drawn files without a result are not taken for right: with too few results nothing is claimed."""
    first = aidlib.reports.start("low_income_monitoring", region=PLACE, period=MONTH, **PARAMETERS, restricted="")
    page.show_inspection(replace(monitoring, report=first))
    said = "".join(str(one["metadata"]["aidlib"].get("say", "")) for one in shown)
    assert "未查0件" in said
    shown.clear()
    cases = pl.DataFrame(
        {"case_id": monitoring.month.found.scene.households["household_id"].head(5), "wrong": [True] * 5}
    )
    fresh = aidlib.reports.start("low_income_monitoring", region=PLACE, period=MONTH, **PARAMETERS, restricted="")
    real = replace(monitoring, report=fresh, month=replace(monitoring.month, world=None, more={"inspections": cases}))
    page.show_inspection(real)
    assert "加权错误率" not in "".join(str(one["metadata"]["aidlib"].get("say", "")) for one in shown)


def test_files_by_layer_are_hidden_where_the_stock_is(monitoring: Monitoring) -> None:
    """The draw shows no layer whose size the flows hide."""
    hidden = replace(monitoring)
    table = monitoring.flows.table.copy()
    table.loc[TOTAL, "edge"] = pd.NA
    hidden.__dict__["flows"] = protected.Protected(table, None)
    cases = pd.DataFrame({"case_id": range(40), "stratum": ["edge", "dibao"] * 20})
    rows = checks._strata(hidden, cases, cases).set_index("layer")
    assert rows["files"].isna().tolist() == [False, True]
    assert rows["drawn"].isna().tolist() == [False, True]


def test_what_registers_know_is_rounded(monitoring: Monitoring) -> None:
    """Persons and rows by register are told to the nearest ten, so that one table less the other, or last month's, tells of nobody."""
    for table in (counts.known_to_departments(monitoring.month.found), counts.rows_in_register(monitoring.month.found)):
        shown = protected.protect_known(table, monitoring.by_cause).table
        assert (shown.stack().dropna() % int(convention("threshold")) == 0).all()
        assert (table % int(convention("threshold")) != 0).any(axis=None)


@pytest.mark.parametrize(
    ("known", "shown_alerts", "hidden"), [(13, 11, True), (30, 11, False), (13, None, False), (24, 20, True)]
)
def test_a_register_does_not_bound_a_hidden_cause(known: int, shown_alerts: int | None, hidden: bool) -> None:
    """Few prisoners known beside the alerts that are shown would say how few the hidden alerts are: the register is hidden too."""
    table = pd.DataFrame({"known": [known], "unmatched": [5000], "invalid": [0]}, index=["prison"])
    totals = pd.array([shown_alerts, None], dtype="Int64")
    causes = protected.Protected(pd.DataFrame({TOTAL: totals}, index=["counted_in_prison", "tekun_in_prison"]), None)
    found = protected.protect_known(table, causes)
    assert (found.cell("prison", "known") is None) is hidden
    assert (found.cell("prison", "unmatched") is None) is hidden
    causes.table[TOTAL] = pd.array([11, 0], dtype="Int64")
    assert protected.protect_known(table, causes).cell("prison", "known") is not None


@pytest.mark.parametrize(("gone", "listed"), [(0, True), (3, False), (12, True)])
def test_states_do_not_tell_how_few_alerts_ended(
    monitoring: Monitoring, shown: list[dict[str, Any]], gone: int, listed: bool
) -> None:
    """Last month's total less what is still here is the number of alerts that ended: where that is small, no state is shown."""
    report = aidlib.reports.start("low_income_monitoring", region=PLACE, period=MONTH, **PARAMETERS, restricted="")
    found = replace(monitoring.month.found, ended=monitoring.month.found.alerts.head(gone))
    month = replace(monitoring, report=report, month=replace(monitoring.month, found=found))
    month.__dict__["by_age"] = protected.Protected(pd.DataFrame({TOTAL: [500]}, index=[TOTAL], dtype="Int64"), None)
    sections._states(month)
    assert ("持续" in str(shown)) is True
    assert (f"{(found.alerts['state'] == 'open').sum()}</td>" in str(shown)) is listed


def test_no_state_is_listed_without_a_total(monitoring: Monitoring, shown: list[dict[str, Any]]) -> None:
    """Where the total of alerts is hidden, no other table adds up to it."""
    report = aidlib.reports.start("low_income_monitoring", region=PLACE, period=MONTH, **PARAMETERS, restricted="")
    month = replace(monitoring, report=report)
    month.__dict__["by_age"] = protected.Protected(
        pd.DataFrame({"adult": [20]}, index=["complex"], dtype="Int64"), None
    )
    sections._states(month)
    assert not any("table" in one["metadata"]["aidlib"] for one in shown)


def test_folders_of_reports_are_known_by_what_they_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of reports of any name, one spelled Reports, and a link into one are refused; a folder that was there keeps its mode."""
    monkeypatch.chdir(tmp_path)
    out, lists = tmp_path / "site", tmp_path / "lists"
    out.mkdir()
    (out / "manifest.jsonl").touch()
    lists.mkdir(mode=0o755)
    (lists / MONTH).symlink_to(out)
    for named in (out / "lists", tmp_path / "Reports", lists, Path("lists")):
        with pytest.raises(PrivacyFault, match="restricted="):
            restricted.folder_for(str(named), PLACE, MONTH)
    assert list(out.iterdir()) == [out / "manifest.jsonl"]
    monkeypatch.chdir(out)
    monkeypatch.setenv("SOME_LISTS", str(lists))
    made = restricted.folder_for("$SOME_LISTS", PLACE, "2026-09")
    assert made == lists / "2026-09" / PLACE
    assert [stat.S_IMODE(place.stat().st_mode) for place in (made, made.parent, lists)] == [0o700, 0o700, 0o755]
    with pytest.raises(ParameterFault, match="NOT_SET"):
        restricted.folder_for("$NOT_SET", PLACE, MONTH)


def test_lists_of_an_earlier_edition_are_gone(
    monitoring: Monitoring, folder: Path, shown: list[dict[str, Any]]
) -> None:
    """A department without a case this time keeps no workbook of last time."""
    place = restricted.folder_for(str(folder), PLACE, MONTH)
    (place / "别的部门.xlsx").touch()
    page.write_lists(monitoring)
    assert not (place / "别的部门.xlsx").exists()
    assert (place / "民政部门.xlsx").exists()


def test_a_file_that_cannot_be_read_is_named_without_its_cells(tmp_path: Path) -> None:
    """What the reader complains of holds cells: only the file's name is told."""
    for name in inputs.OWN:
        (tmp_path / f"{name}.csv").write_text('a,b\n1,2\n"张某某,3\n4,5,6,7\n', encoding="utf-8")
    (tmp_path / "deaths.parquet").write_bytes(b"no parquet")
    with pytest.raises(RegisterFault, match="cannot be read") as told:
        inputs.read_folder(tmp_path)
    assert told.value.__cause__ is None
    assert "张某某" not in str(told.value)


def test_a_month_before_the_rules_is_said_readably() -> None:
    """The law book does not reach back everywhere: the message says so, and from which day on it does."""
    report = aidlib.reports.start(
        "low_income_monitoring",
        region=PLACE,
        period="2021-06",
        **PARAMETERS | {"families": 300},
        restricted="",
        language="en",
    )
    with pytest.raises(LawGap, match=r"rules of every family.*has them from 2021-07-01 on"):
        page.open_monitoring(report)


def test_a_chain_is_drawn_in_words(monitoring: Monitoring) -> None:
    """Every lane of a chain says what kind of link it is and of what; an invented family's chain says that it is invented."""
    home = monitoring.month.found.alerts["household_id"][0]
    links = monitoring.chains.of(home)
    drawing = drawings.chain(monitoring.report, links, monitoring.month.found.scene.last, "甲", synthetic=True)
    lanes = [label.get_text() for label in drawing.axes[0].get_yticklabels()]
    assert lanes
    assert all(lane.isascii() is False and not any("a" <= letter <= "z" for letter in lane) for lane in lanes)
    assert [lane.split(" · ")[0] for lane in lanes] == sorted(
        (lane.split(" · ")[0] for lane in lanes), key=["层级", "发放", "未满足", "预警"].index
    )
    assert "合成" in drawing.axes[0].get_title(loc="right")
