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
from aidlib.errors import ParameterFault, PrivacyFault, RegisterFault
from aidlib.monitoring.synthetic.world import world
from aidlib.reports import low_income_monitoring as page
from aidlib.reports.low_income_monitoring import checks, counts, inputs, protected, restricted
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
