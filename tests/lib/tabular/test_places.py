"""Which unit a spelling means: sure, asked about, or unknown; never a guess."""

import pytest

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE
from lib.tabular.places import BASE, DEPARTMENT, TOP, WORKSHOP, UnitIndex, UnitRow

SHOPS = {
    2: "凿岩车间 出矿一车间 出矿二车间",
    3: "破碎车间 磨浮车间 给水车间",
    4: "破碎车间 磨浮车间",
    5: "一车间 二车间 十二车间 锻造车间",
    6: "一队 检修队",
    7: "机务段 检修队",
}


@pytest.fixture
def units() -> UnitIndex:
    rows = [
        UnitRow(1, "赤峰山铜业公司", TOP, code="CF"),
        UnitRow(2, "北坡采矿厂", BASE, 1, "CF01", "北采"),
        UnitRow(3, "浮选一厂", BASE, 1, "CF02", "一浮"),
        UnitRow(4, "浮选二厂", BASE, 1, "CF03", "二浮"),
        UnitRow(5, "机械维修厂", BASE, 1, "CF04", "机修", ("机械总厂",)),
        UnitRow(6, "公路运输公司", BASE, 1, "CF05", "公运"),
        UnitRow(7, "铁道运输部", BASE, 1, "CF06", "铁运"),
        UnitRow(8, "老露天矿", BASE, 1, "CF07", closed=True, merged_into_id=2),
        UnitRow(9, "工会办公室", DEPARTMENT, 1, "CF91"),
    ]
    number = 100
    for parent, names in SHOPS.items():
        for name in names.split():
            rows.append(UnitRow(number, name, WORKSHOP, parent, f"W{number}"))
            number += 1
    return UnitIndex(rows)


@pytest.mark.parametrize(
    ("unit", "shop", "found", "why"),
    [
        ("北坡采矿厂", "凿岩车间", "北坡采矿厂 / 凿岩车间", ()),
        ("　北坡 采矿厂\u200b", "凿岩\n车间", "北坡采矿厂 / 凿岩车间", ("unit_spaces",)),
        ("北采", "凿岩车间", "北坡采矿厂 / 凿岩车间", ("unit_short_name",)),
        ("工会办公室", "", "工会办公室", ("unit_is_department",)),
        ("浮选一厂", "/", "浮选一厂", ("workshop_missing",)),
    ],
)
def test_sure(units: UnitIndex, unit, shop, found, why):
    place = units.resolve(unit, shop)
    assert (units.path(place.workshop or place.unit), place.status, place.why) == (found, ACCEPTED, why)


@pytest.mark.parametrize(
    ("unit", "shop", "why", "suggest"),
    [
        ("北坡采矿场", "凿岩车间", "unit_spelling", "北坡采矿厂"),
        ("北玻采矿厂", "凿岩车间", "unit_spelling", "北坡采矿厂"),
        ("浮选1厂", "给水车间", "unit_spelling", "浮选一厂"),
        ("第二浮选厂", "破碎车间", "unit_spelling", "浮选二厂"),
        ("浮選二廠", "破碎車間", "unit_spelling", "浮选二厂"),
        ("公运公司", "一队", "unit_spelling", "公路运输公司"),
        ("铁运部", "机务段", "unit_spelling", "铁道运输部"),
        ("赤峰山铜业公司北坡采矿厂", "凿岩车间", "unit_full_path", "北坡采矿厂"),
        ("北坡采矿厂-凿岩车间", "", "unit_full_path", "北坡采矿厂 / 凿岩车间"),
        ("CF04", "一车间", "unit_code", "机械维修厂"),
        ("机械总厂", "一车间", "unit_former_name", "机械维修厂"),
        ("老露天矿", "", "unit_closed", "北坡采矿厂"),
        ("凿岩车间", "", "workshop_in_unit_column", "北坡采矿厂 / 凿岩车间"),
        ("浮选厂", "给水车间", "unit_ambiguous", "浮选一厂"),
        ("运输公司", "一队", "unit_ambiguous", "公路运输公司"),
        ("机械维修厂", "1车间", "workshop_spelling", "一车间"),
        ("机械维修厂", "第一车间", "workshop_spelling", "一车间"),
        ("机械维修厂", "１#车间", "workshop_spelling", "一车间"),
        ("机械维修厂", "①车间", "workshop_spelling", "一车间"),
        ("机械维修厂", "锻造", "workshop_spelling", "锻造车间"),
        ("北坡采矿厂", "出一车间", "workshop_spelling", "出矿一车间"),
        ("机械维修厂", "凿岩车间", "workshop_not_in_unit", "北坡采矿厂 / 凿岩车间"),
        ("", "凿岩车间", "unit_missing", "北坡采矿厂"),
    ],
)
def test_asked_about(units: UnitIndex, unit, shop, why, suggest):
    place = units.resolve(unit, shop)
    assert (place.status, place.why[-1], place.suggest[0]) == (NEEDS_CHOICE, why, suggest)


@pytest.mark.parametrize(
    ("unit", "shop", "why", "suggest"),
    [
        ("浮选厂", "破碎车间", "unit_ambiguous", ("浮选一厂", "浮选二厂")),
        ("破碎车间", "", "workshop_ambiguous", ("浮选一厂 / 破碎车间", "浮选二厂 / 破碎车间")),
        ("北坡采矿厂", "出矿车间", "workshop_ambiguous", ("出矿一车间", "出矿二车间")),
        ("机械维修厂", "十一车间", "workshop_unknown", ()),
        ("赤峰山铜业公司", "", "unit_too_high", ()),
    ],
)
def test_nothing_is_filled_in_where_several_are_meant(units: UnitIndex, unit, shop, why, suggest):
    place = units.resolve(unit, shop)
    assert (place.status, place.why, place.suggest, place.workshop) == (NEEDS_CHOICE, (why,), suggest, None)


@pytest.mark.parametrize(("unit", "why"), [("焦化厂", "unit_unknown"), ("0110", "unit_unknown"), ("", "unit_missing")])
def test_unknown_is_an_error(units: UnitIndex, unit, why):
    assert (units.resolve(unit, "").status, units.resolve(unit, "").why) == (ERROR, (why,))


def test_confirmed_spellings_are_sure():
    rows = [UnitRow(1, "北坡采矿厂", BASE), UnitRow(2, "凿岩车间", WORKSHOP, 1)]
    units = UnitIndex(rows, {"北坡采矿场": 1, "北坡采矿厂 / 凿车间": 2})
    assert units.resolve("北坡采矿场", "凿岩车间").why == ("unit_alias",)
    assert units.resolve("北坡采矿厂", "凿车间").workshop.name == "凿岩车间"
