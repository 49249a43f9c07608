"""Regions: codes, names, parents, and helpful errors."""

from __future__ import annotations

import pytest

from aidlib.errors import RegionUnknown
from aidlib.regions import children, lineage, place, province_of, provinces, region


def test_thirty_one_provinces_with_english_names() -> None:
    """The mainland has 31 provincial-level regions, each with a name in both languages."""
    assert len(provinces()) == 31
    assert all(place.name_zh and place.name_en for place in provinces())


@pytest.mark.parametrize("gone", ["港闸区", "江干区", "某某市"])
def test_a_hint_that_is_no_better_than_none_is_left_out(gone: str) -> None:
    """A district that was dissolved is not told to be another one that shares a character."""
    with pytest.raises(RegionUnknown) as caught:
        region(gone)
    assert "try" not in str(caught.value)


@pytest.mark.parametrize(("wrong", "hint"), [("450401", "450400"), ("459999", "450000"), ("梧洲市", "梧州市")])
def test_a_bad_code_suggests_the_nearest(wrong: str, hint: str) -> None:
    """A wrong code or name is answered with the nearest one."""
    with pytest.raises(RegionUnknown, match=hint):
        region(wrong)


@pytest.mark.parametrize(
    ("code", "said"),
    [("371481", "Laoling"), ("130981", "Botou"), ("511527", "Junlian"), ("350105", "Mawei"), ("340303", "Bengshan"), ("411104", "Shaoling"),
     ("310112", "Minhang"), ("620802", "Kongtong"), ("510682", "Shifang"), ("652927", "Wushi"), ("653129", "Jiashi"), ("540300", "Changdu")],
)  # fmt: skip
def test_names_are_spelled_as_they_are_said(code: str, said: str) -> None:
    """Characters with a reading of their own in a place name are spelled by it, so that a search finds the place."""
    assert region(code).pinyin == said


def test_du_and_chang_are_not_misread() -> None:
    """In names of places 都 is du and 长 is chang, but for 长子, which is Zhangzi."""
    places = [
        place
        for province in provinces()
        for above in children(province.code)
        for place in (above, *children(above.code))
    ]
    assert not [str(place) for place in places if "都" in place.name_zh and "du" not in place.pinyin.lower()]
    assert [place.name_zh for place in places if "长" in place.name_zh and "chang" not in place.pinyin.lower()] == [
        "长子县"
    ]


def test_a_number_is_not_a_code() -> None:
    """A code given as a number is refused."""
    with pytest.raises(RegionUnknown):
        region(450400)  # type: ignore[arg-type]


def test_a_shared_name_lists_its_places() -> None:
    """A name that several regions share is refused with the candidates."""
    with pytest.raises(RegionUnknown, match="share"):
        region("鼓楼区")


def test_lineage_ends_with_the_nation() -> None:
    """Every province's lineage is itself and the nation."""
    assert all(lineage(place.code) == (place.code, "000000") for place in provinces())


def test_children_know_their_parent() -> None:
    """The children of a place name it as their parent, and lie in its province."""
    assert all(child.parent == "450000" and province_of(child.code).code == "450000" for child in children("450000"))


def test_every_province_and_prefecture_is_found_as_people_write_it() -> None:
    """By code, by its two or four digits, by its Chinese and its English name; English names that several share list them."""
    above = [
        one
        for province in provinces()
        for one in (province, *children(province.code))
        if one.level in ("province", "prefecture")
    ]
    english = [one.name_en for one in above]
    for one in above:
        assert place(one.code) == place(int(one.code)) == place(one.name_zh) == one
        assert place(one.code[: 2 if one.level == "province" else 4]) == one
        if one.name_en and english.count(one.name_en) == 1:
            assert place(one.name_en.lower()) == one
    with pytest.raises(RegionUnknown, match=r"320500.*341300"):
        place("Suzhou")
    with pytest.raises(RegionUnknown):
        place("河")
