"""Values of other libraries as arguments: numbers, booleans, and anything that can stand for a list."""

from __future__ import annotations

import datetime
import decimal
import fractions
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from configcat_management import BadRequestError, Client, models, when

PRODUCT = "20000000-0000-4000-8000-000000000001"
SURROGATE = "caf\ud800"


class Integer:
    """An integer of another library."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


class Float:
    """A float of another library."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return self.value


class Scalar:
    """A scalar like those of numpy, all of which convert to a float."""

    ndim = 0

    def __init__(self, value: Any, kind: str) -> None:
        self.value = value
        self.dtype = type("dtype", (), {"kind": kind})

    def item(self) -> Any:
        return self.value

    def __float__(self) -> float:
        return 1.0


class Series:
    """A column like those of pandas: iterable, with a method ``to_dict``, and not a registered sequence."""

    def __init__(self, *values: Any) -> None:
        self.values = values

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def keys(self) -> range:
        return range(len(self.values))

    def to_dict(self) -> dict[int, Any]:
        return dict(enumerate(self.values))


@pytest.fixture
def config(shop: Client) -> str:
    return shop.configs.find(PRODUCT, "Storefront").config_id


@pytest.fixture
def environment(shop: Client) -> str:
    return shop.environments.find(PRODUCT, "Test").environment_id


@pytest.fixture
def flags(shop: Client, config: str) -> dict[str, int]:
    """The ids of new flags by their types."""
    kinds = ("boolean", "string", "int", "double")
    return {kind: shop.settings.create(config, key=f"new-{kind}", name=kind, setting_type=kind).setting_id for kind in kinds}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("int", Integer(7), 7),
        ("int", Scalar(7, "i"), 7),
        ("int", Scalar(7, "u"), 7),
        ("double", Float(1.5), 1.5),
        ("double", Scalar(1.5, "f"), 1.5),
        ("double", decimal.Decimal("0.1"), 0.1),
        ("double", fractions.Fraction(1, 4), 0.25),
        ("boolean", Scalar(True, "b"), True),
        ("boolean", Scalar(False, "b"), False),
        ("string", Scalar("text", "U"), "text"),
    ],
)
def test_numbers_of_other_libraries_are_sent_as_values(
    shop: Client, environment: str, flags: dict[str, int], kind: str, value: Any, expected: Any
) -> None:
    read = shop.flag_values.replace(environment, flags[kind], default_value=value).default_value
    assert read == expected and type(read.value) is type(expected)
    with shop.flag_values.edit(environment, flags[kind]) as draft:
        draft.default_value = {"value": value}  # type: ignore[typeddict-item]
    assert shop.flag_values.get(environment, flags[kind]).default_value == expected
    assert models.FlagValue(value=value) == expected


def test_integers_of_other_libraries_are_accepted_as_ids_and_fields(shop: Client, flags: dict[str, int]) -> None:
    setting = Integer(flags["int"])
    assert shop.settings.get(setting).setting_id == setting.value  # type: ignore[arg-type]
    assert shop.settings.replace(setting, name="x", order=Scalar(3, "i")).order == 3  # type: ignore[arg-type]
    assert when.attribute("Age").number_less(Scalar(3, "i")) == when.attribute("Age").number_less(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [Scalar("2026-05-04", "M"), Scalar(b"x", "S"), Float(float("nan")), Integer(2**63), object(), b"x", {1}, float("inf")],
)
def test_value_that_cannot_be_sent_is_refused_with_its_field(
    shop: Client, environment: str, flags: dict[str, int], value: Any
) -> None:
    requests = shop.usage.requests
    with pytest.raises((TypeError, ValueError, BadRequestError), match="default_value"):
        shop.flag_values.replace(environment, flags["string"], default_value=value)
    assert shop.usage.requests == requests


LISTS: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "dict_keys": lambda items: dict.fromkeys(items).keys(),
    "dict_values": lambda items: dict(enumerate(items)).values(),
    "generator": lambda items: (item for item in items),
    "map": lambda items: map(lambda item: item, items),
    "series": lambda items: Series(*items),
}


@pytest.mark.parametrize("name", LISTS)
def test_iterables_are_accepted_as_lists(shop: Client, flags: dict[str, int], name: str) -> None:
    tags = [shop.tags.create(PRODUCT, name=f"tag {number}").tag_id for number in range(2)]
    setting = flags["boolean"]
    assert sorted(tag.tag_id for tag in shop.settings.replace(setting, name="x", tags=LISTS[name](tags)).tags) == tags
    shop.settings.replace(setting, name="x", tags=[])
    with shop.settings.edit(setting) as draft:
        draft.tags = LISTS[name](tags)
    assert sorted(tag.tag_id for tag in shop.settings.get(setting).tags) == tags
    patch = LISTS["generator"]([{"op": "replace", "path": "/name", "value": "y"}])
    assert shop.settings.patch(setting, patch).name == "y"


@pytest.mark.parametrize("name", [name for name in LISTS if name not in ("set", "frozenset", "dict_keys", "series")])
def test_iterables_of_objects_are_kept_as_lists_by_nested_input(name: str) -> None:
    conditions = [when.email().is_one_of(["a@example.com"]), when.country().is_one_of(["HU"])]
    rule = models.UpdateTargetingRule(conditions=LISTS[name](conditions), value=True)
    # A generator can be read once, and an input is converted more than once.
    assert rule.to_dict() == rule.to_dict() and rule.conditions == conditions
    rule.conditions = LISTS[name](conditions)
    assert rule.to_dict() == rule.to_dict() and len(rule.conditions) == 2
    rule.conditions.append(conditions[0])


@pytest.mark.parametrize("value", ["abc", b"abc", bytearray(b"abc"), {"a": 1}, 7])
def test_value_that_is_no_list_is_refused_with_its_field(shop: Client, flags: dict[str, int], value: Any) -> None:
    requests = shop.usage.requests
    with pytest.raises((TypeError, BadRequestError), match="tags: "):
        shop.settings.replace(flags["boolean"], name="x", tags=value)
    assert shop.usage.requests == requests


def test_value_of_the_wrong_type_is_refused_with_its_argument(shop: Client, config: str) -> None:
    wrong: dict[str, Callable[[], Any]] = {
        "config_id: must be a string, a number or a boolean, not null": lambda: shop.configs.get(None),  # type: ignore[arg-type]
        "config_id: must be the id, not the Config; pass its config_id": lambda: shop.configs.get(shop.configs.get(config)),  # type: ignore[arg-type]
        "tag_id: must be .* not a list": lambda: shop.tags.get([1]),  # type: ignore[arg-type]
        "from_utc_date_time: must be a datetime with a time zone, not a date$": lambda: shop.audit_logs.list(
            PRODUCT, from_utc_date_time=datetime.date(2026, 5, 4)  # type: ignore[arg-type]
        ),
    }
    for message, call in wrong.items():
        with pytest.raises(TypeError, match=message):
            call()


def test_wrong_item_of_a_list_is_named(shop: Client, flags: dict[str, int]) -> None:
    with pytest.raises(TypeError, match=r"tags\[1\]: cannot send a object"):
        shop.settings.replace(flags["boolean"], name="x", tags=(item for item in (1, object())))  # type: ignore[misc]
    with pytest.raises(TypeError, match=r"body.tags: cannot send a set"):
        shop.request("POST", "/v1/things", body={"tags": {1}})


def test_surrogates_are_refused_with_their_field(shop: Client, config: str, environment: str, flags: dict[str, int]) -> None:
    requests = shop.usage.requests
    rule = {"conditions": [], "value": SURROGATE}
    calls: dict[str, Callable[[], Any]] = {
        "name": lambda: shop.products.create(PRODUCT, name=SURROGATE),
        "tag_id": lambda: shop.tags.get(SURROGATE),  # type: ignore[arg-type]
        "key_or_name": lambda: shop.settings.find(config, SURROGATE),
        r"targeting_rules\[0\].value": lambda: shop.flag_values.replace(
            environment, flags["string"], default_value="x", targeting_rules=[rule]  # type: ignore[list-item]
        ),
        "body.note": lambda: shop.request("POST", "/v1/things", body={"note": SURROGATE}),
        "note": lambda: shop.request("GET", "/v1/things", query={"note": SURROGATE}),
    }
    for field, call in calls.items():
        with pytest.raises(BadRequestError, match=rf"{field}: has an unpaired surrogate at position 3") as caught:
            call()
        assert list(caught.value.field_errors) == [field.replace("\\", "")] and caught.value.attempts == 0
    with pytest.raises(BadRequestError, match="has an unpaired surrogate"):
        shop.request("POST", "/v1/things", body={SURROGATE: 1})
    assert shop.usage.requests == requests


class TestNumpy:
    def test_numpy_scalars_are_sent_as_values(self, shop: Client, environment: str, flags: dict[str, int]) -> None:
        numpy = pytest.importorskip("numpy")
        for kind, value, expected in [
            ("boolean", numpy.bool_(True), True),
            ("boolean", numpy.array([1, 2]).max() > 1, True),
            ("int", numpy.int64(7), 7),
            ("int", numpy.uint8(7), 7),
            ("int", numpy.array(7), 7),
            ("double", numpy.float32(1.5), 1.5),
            ("double", numpy.float64(1.5), 1.5),
            ("double", numpy.longdouble(1.5), 1.5),
            ("string", numpy.str_("x"), "x"),
        ]:
            read = shop.flag_values.replace(environment, flags[kind], default_value=value).default_value
            assert read == expected and type(read.value) is type(expected), value
        with pytest.raises(TypeError, match="default_value: cannot send a datetime64"):
            shop.flag_values.replace(environment, flags["int"], default_value=numpy.datetime64("2026-05-04"))

    def test_numpy_arrays_are_accepted_as_lists(self, shop: Client, flags: dict[str, int]) -> None:
        numpy = pytest.importorskip("numpy")
        tag = shop.tags.create(PRODUCT, name="tag").tag_id
        assert shop.settings.replace(flags["int"], name="x", tags=numpy.array([tag])).tags[0].tag_id == tag
        assert shop.settings.get(numpy.int64(flags["int"]), timeout=numpy.float32(5), max_attempts=numpy.int8(2)).name == "x"

    def test_pandas_columns_and_cells_are_accepted(self, shop: Client, environment: str, flags: dict[str, int]) -> None:
        pandas = pytest.importorskip("pandas")
        tag = shop.tags.create(PRODUCT, name="tag").tag_id
        frame = pandas.DataFrame({"tag": [tag], "on": [True], "share": [0.5]})
        assert shop.settings.replace(flags["int"], name="x", tags=frame["tag"]).tags[0].tag_id == tag
        assert shop.flag_values.replace(environment, flags["boolean"], default_value=frame["on"][0]).default_value == True  # noqa: E712
        assert shop.flag_values.replace(environment, flags["double"], default_value=frame["share"][0]).default_value == 0.5
        with pytest.raises(TypeError, match="default_value: cannot send a NAType"):
            shop.flag_values.replace(environment, flags["boolean"], default_value=pandas.NA)
