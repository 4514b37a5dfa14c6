"""The tables every sandbox keeps its records in."""

import pytest

from sandboxes.store import Numbers, Table, Uuids


def test_numbers_count_on_after_the_largest():
    table = Table(Numbers(10))
    assert [table.add(row)["id"] for row in ({}, {"id": 40}, {}, {"id": 5})] == [10, 40, 41, 5]
    assert table.ids == [5, 10, 40, 41]


def test_uuids_are_the_same_series_for_the_same_name():
    first, second, other = (Table(Uuids(name)) for name in ("a", "a", "b"))
    assert [first.add({})["id"] for _ in range(3)] == [second.add({})["id"] for _ in range(3)]
    assert other.add({})["id"] not in first.rows
    assert first.add({"id": "offer"})["id"] == "offer"


def test_rows_stand_in_the_order_of_the_field_and_then_of_the_id():
    table = Table(Uuids("x"), order="at")
    for key, at in (("c", 2), ("a", 2), ("b", 1), ("d", 3)):
        table.add({"id": key, "at": at})
    assert table.ids == ["b", "a", "c", "d"]
    table.change("b", {"at": 9})
    table.remove("a")
    assert table.ids == ["c", "d", "b"]


def test_an_index_finds_rows_in_order_after_every_change():
    table = Table(Uuids("x"), indexed=("kind",), order="at")
    for key, at, kind in (("a", 3, "k"), ("b", 1, "k"), ("c", 2, "l")):
        table.add({"id": key, "at": at, "kind": kind})
    assert [row["id"] for row in table.where("kind", "k")] == ["b", "a"]
    table.change("c", {"kind": "k"})
    table.change("b", {"at": 7})
    assert table.find("kind", ["k"]) == ["c", "a", "b"]
    table.remove("a")
    assert table.find("kind", ["k", "l"]) == ["c", "b"]


def test_an_id_is_given_once_and_read_as_the_table_numbers():
    table = Table(Numbers(1))
    table.add({"id": 1})
    with pytest.raises(ValueError, match="exists already"):
        table.add({"id": 1})
    assert table.numbering.read("17") == 17
    with pytest.raises(KeyError):
        table.numbering.read("seventeen")
