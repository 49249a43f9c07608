"""Regions: codes, names, parents, and helpful errors."""

from __future__ import annotations

import pytest

from aidlib.errors import RegionUnknown
from aidlib.regions import children, lineage, province_of, provinces, region


def test_thirty_one_provinces_with_english_names() -> None:
    """The mainland has 31 provincial-level regions, each with a name in both languages."""
    assert len(provinces()) == 31
    assert all(place.name_zh and place.name_en for place in provinces())


@pytest.mark.parametrize(("wrong", "hint"), [("450401", "450400"), ("459999", "450000"), ("梧洲市", "梧州市")])
def test_a_bad_code_suggests_the_nearest(wrong: str, hint: str) -> None:
    """A wrong code or name is answered with the nearest one."""
    with pytest.raises(RegionUnknown, match=hint):
        region(wrong)


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
