"""The index: status first, everything found, whole without a script."""

from __future__ import annotations

import pytest
from reader import Reader

from aidlib.commands.press import PRESS
from aidlib.fleet import index, manifest
from aidlib.fleet.manifest import Record


def put(out, report, period, region, outcome, reason="", *, page=True):
    """Record a report and, unless told otherwise, put its page in place."""
    folder = out / period / region
    folder.mkdir(parents=True, exist_ok=True)
    if page:
        (folder / f"{report}.html").write_text("<p>x", encoding="utf-8")
    manifest.append(out, Record(report, period, region, outcome, reason, 1.5, "2026-11-22T07:30:00Z"))


@pytest.fixture
def out(tmp_path):
    put(tmp_path, "price_linkage", "2020-02", "450400", "good")
    put(tmp_path, "price_linkage", "2020-02", "230000", "good")
    put(tmp_path, "price_linkage", "2020-01", "230000", "good")
    put(tmp_path, "standard_indexing", "2023", "410000", "failed", "no figure <x>", page=False)
    put(tmp_path, "price_linkage", "2020-02", "350000", "failed", "the kernel died")
    put(tmp_path, "price_linkage", "2020-02", "540000", "no_data", "none", page=False)
    return tmp_path


@pytest.fixture
def read(out):
    return Reader(index.build(out, PRESS.index).read_text(encoding="utf-8"))


def outcomes(out, **more):
    """Outcome by region and period."""
    return {(e.region, e.period): e.outcome for e in index.entries(out, **more)}


def test_outcome_is_what_a_reader_can_rely_on(out):
    """Failed with an older page is stale; failed without one is failed; good is good."""
    found = outcomes(out)
    assert found["450400", "2020-02"] == "good"
    assert found["350000", "2020-02"] == "stale"
    assert found["410000", "2023"] == "failed"
    assert found["540000", "2020-02"] == "no_data"


def test_good_report_whose_page_is_gone_is_not_good(out):
    """The manifest is believed only as far as the files go."""
    (out / "2020-02" / "450400" / "price_linkage.html").unlink()
    assert outcomes(out)["450400", "2020-02"] == "failed"


def test_changed_data_makes_a_report_stale(out):
    """What the fleet knows to have changed since is shown with its reason."""
    key = ("price_linkage", "2020-02", "450400")
    entry = next(e for e in index.entries(out, {key: "law/values.csv changed"}) if e.region == "450400")
    assert (entry.outcome, entry.reason) == ("stale", "law/values.csv changed")


def test_without_a_manifest_the_pages_are_found(out):
    """A folder of pages made by plain papermill still gets an index; failed copies are not taken for reports."""
    (out / manifest.FILE).unlink()
    (out / "failed" / "2023" / "410000").mkdir(parents=True)
    (out / "failed" / "2023" / "410000" / "standard_indexing.html").write_text("x", encoding="utf-8")
    assert outcomes(out) == dict.fromkeys((("450400", "2020-02"), ("230000", "2020-02"), ("230000", "2020-01"), ("350000", "2020-02")), "good")  # fmt: skip


def test_status_comes_first(read):
    """The first words are how many are good, stale, failed; then what needs attention, then the rest."""
    words = read.words
    order = [
        words.index(text)
        for text in ("3 完好", "1 过期", "1 失败", "1 无数据", "需要处理", "no figure <x>", "分省概览", "梧州市 450400")
    ]
    assert order == sorted(order)


def test_list_is_whole_without_a_script(read):
    """Every report is a visible row with a link that works from a file; the search waits for the script."""
    rows = [a for a in read.all("tr") if "data-q" in a]
    assert len(rows) == 6
    assert not any("hidden" in row for row in rows)
    assert "hidden" in next(form for form in read.all("form"))
    links = [address for address, _ in read.addresses if address.endswith(".html")]
    assert "2020-02/450400/price_linkage.html" in links
    assert not any(address.startswith(("/", "http", "file:")) for address, _ in read.addresses)


def test_links_lead_to_files_and_rows_that_exist(out, read):
    """No dead link, neither to a report nor to a province."""
    for address, _ in read.addresses:
        if address.startswith("#"):
            assert address[1:] in read.ids
        elif not address.startswith("data:"):
            assert (out / address).is_file()


def test_rows_are_found_by_name_pinyin_code_and_province(read):
    """A search for any usual word of a place finds it, and a province finds its prefectures."""
    texts = [row["data-q"] for row in read.all("tr") if "data-q" in row]
    for asked in ("梧州", "wuzhou", "450400", "guangxi", "广西", "450000"):
        assert sum(asked in text for text in texts) == 1
    assert sum("heilongjiang" in text for text in texts) == 2


def test_newest_period_first_within_a_region(out):
    """A reader meets the latest report of a region first."""
    assert [e.period for e in index.entries(out) if e.region == "230000"] == ["2020-02", "2020-01"]


def test_map_says_in_words_what_its_colour_says(read):
    """Each tile carries its province's name and worst outcome as text."""
    tiles = [
        attributes for name, attributes in read.tags if name == "li" and "tile" in attributes.get("class", "").split()
    ]
    assert len(tiles) == 31
    assert sum("failed" in tile["class"] for tile in tiles) == 1
    assert read.words.count("没有报告") == 31 - 5


def test_every_control_has_a_label_and_the_table_a_caption(read):
    """A screen reader can name everything."""
    assert len(read.all("label")) == len(read.all("input")) + len(read.all("select")) == 4
    assert len(read.all("caption")) == len(read.all("table")) == 1
    assert all(cell.get("scope") for cell in read.all("th"))
    assert read.open_tags == read.mismatched == []
    assert read.levels[0] == 1
    assert set(read.levels) == {1, 2}


def test_what_a_page_says_of_itself_travels_to_the_index(out):
    """Verdict, status, newest figure and what lacks of the last good page are there for whoever draws the index, stale or not."""
    facts = {"verdict": "triggered", "status": "observed", "as_of": "2020-02", "lacking": 2}
    manifest.append(out, Record("price_linkage", "2020-02", "450400", "good", facts=facts))
    manifest.append(out, Record("price_linkage", "2020-02", "450400", "failed", "why"))
    entry = next(e for e in index.entries(out) if e.region == "450400")
    assert (entry.outcome, entry.facts) == ("stale", facts)
    assert all(e.facts == {} for e in index.entries(out) if e.region != "450400")


def test_empty_folder_gets_an_index_that_says_so(tmp_path):
    """Nothing yet is a sentence."""
    assert "还没有报告" in Reader(index.build(tmp_path / "new", PRESS.index).read_text(encoding="utf-8")).words


def test_region_the_table_no_longer_has_is_still_listed(tmp_path):
    """A report of an abolished code is shown by its code."""
    put(tmp_path, "price_linkage", "2010-01", "999999", "good")
    assert "999999" in Reader(index.build(tmp_path, PRESS.index).read_text(encoding="utf-8")).words


def test_english_index(out):
    """The index speaks English when asked."""
    read = Reader(index.build(out, PRESS.index, language="en").read_text(encoding="utf-8"))
    assert read.all("html") == [{"lang": "en"}]
    assert "Needs attention" in read.words


def test_the_map_of_the_newest_month_says_each_verdict_and_its_age(out, monkeypatch):
    """Provinces whose page of the newest month has a verdict stand on a map of their own, with the month, its age and what lacks."""
    monkeypatch.setenv("AIDLIB_TODAY", "2026-11-30")
    for region, verdict in (("450000", "start_excluded"), ("310000", "started"), ("450400", "started")):
        put(out, "price_linkage", "2026-08", region, "good")
        facts = {
            "verdict": verdict,
            "status": "estimated",
            "as_of": "2026-08",
            "lacks": "cpi_yoy:total:all_items",
            "lacking": 1,
        }
        manifest.append(out, Record("price_linkage", "2026-08", region, "good", facts=facts))
    read = Reader(index.build(out, PRESS.index).read_text(encoding="utf-8"))
    assert "2026-08（距今3个月）" in read.words
    tiles = [a["class"] for name, a in read.tags if name == "li" and "tile" in a.get("class", "").split()]
    assert sorted(set(tiles[:31])) == ["tile none", "tile start_excluded", "tile started"]
    assert "可排除启动" in read.words
    assert "居民消费价格同比指数" in read.words
