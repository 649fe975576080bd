"""Use with the libraries that programs around the client use: mocks, pydantic, FastAPI, pandas and polars."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import subprocess
import sys
from contextlib import AsyncExitStack
from datetime import datetime, timezone
from typing import Any, List, Optional
from unittest import mock

import pytest

from configcat_management import AsyncClient, Client, ModelList, RateLimit, Response, Usage, enums, models
from configcat_management.testing import Simulator

OPTIONS: dict[str, Any] = {"username": "u", "password": "p", "base_url": "http://127.0.0.1:1"}
PRODUCT = "20000000-0000-4000-8000-000000000001"
STOREFRONT = "50000000-0000-4000-8000-000000000001"
TEST = "30000000-0000-4000-8000-000000000001"


class TestLifetime:
    def test_async_client_closes_with_and_without_await(self) -> None:
        async def main() -> None:
            for close in ("close", "aclose"):
                client = AsyncClient(**OPTIONS)
                assert await getattr(client, close)() is None and client.closed
            waited = AsyncClient(**OPTIONS)
            await asyncio.wait_for(waited.close(), 1)
            async with AsyncExitStack() as stack:
                last = AsyncClient(**OPTIONS)
                stack.push_async_callback(last.close)
            assert waited.closed and last.closed
            await last.close()

        client = AsyncClient(**OPTIONS)
        client.close()
        assert client.closed
        asyncio.run(main())

    def test_usage_is_readable_after_the_block(self, demo: Simulator) -> None:
        with demo.client() as client:
            client.me.get()
            view = client.with_options(timeout=5)
        assert client.usage.requests == 1 and client.rate_limit.in_flight == 0
        assert view.usage == client.usage and repr(client) == "<Client closed>"
        with pytest.raises(RuntimeError, match="the client is closed"):
            client.me.get()

        async def main() -> AsyncClient:
            async with demo.async_client() as client:
                await client.me.get()
                await client.me.get()
            return client

        assert asyncio.run(main()).usage.requests == 2


class TestMocks:
    def test_method_of_a_resource_can_be_patched(self, demo: Simulator) -> None:
        with demo.client() as client:
            with mock.patch.object(client.products, "list", return_value=[]) as patched:
                assert client.products.list(timeout=1) == []
            patched.assert_called_once_with(timeout=1)
            assert len(client.products.list()) == 2
            with mock.patch.object(client.with_response.products, "list", return_value=None):
                assert client.with_response.products.list() is None  # type: ignore[func-returns-value]
            with mock.patch.object(client.products, "get", autospec=True) as patched:
                with pytest.raises(TypeError, match="too many positional arguments"):
                    client.products.get(1, 2)  # type: ignore[arg-type, call-arg]
            with mock.patch.object(client, "products") as patched:
                assert client.products is patched

    def test_async_method_of_a_resource_can_be_patched(self, demo: Simulator) -> None:
        async def main() -> None:
            async with demo.async_client() as client:
                with mock.patch.object(client.products, "list", return_value=[]) as patched:
                    assert await client.products.list() == []
                patched.assert_awaited_once_with()
                assert len(await client.products.list()) == 2

        asyncio.run(main())

    @pytest.mark.parametrize("kind", ["class", "instance", "object"])
    def test_autospec_knows_resources_and_signatures(self, kind: str) -> None:
        with Client(**OPTIONS) as client:
            fake = mock.create_autospec(client if kind == "object" else Client, instance=kind == "instance")
            used = fake(username="u") if kind == "class" else fake
            used.products.list.return_value = ["fake"]
            assert used.products.list() == ["fake"]
            used.settings.create("c", key="k", name="n", setting_type="boolean")
            used.settings.create.assert_called_once_with("c", key="k", name="n", setting_type="boolean")
            with pytest.raises(TypeError, match="nme"):
                used.settings.create("c", key="k", name="n", setting_type="boolean", nme="n")
            with pytest.raises(AttributeError, match="lst"):
                used.products.lst()
            with pytest.raises(AttributeError, match="things"):
                used.things  # noqa: B018

    def test_autospec_of_async_client_is_awaitable(self) -> None:
        async def main() -> None:
            fake = mock.create_autospec(AsyncClient, instance=True)
            fake.products.list.return_value = ["fake"]
            assert await fake.products.list() == ["fake"]
            with pytest.raises(TypeError, match="nme"):
                fake.products.create("o", name="n", nme="n")

        asyncio.run(main())

    def test_class_attribute_is_the_class_of_the_resource(self) -> None:
        with Client(**OPTIONS) as client:
            assert Client.products is type(client.products)
            assert client.products is client.products


class TestPickle:
    def test_response_can_be_pickled_and_copied(self, demo: Simulator) -> None:
        with demo.client() as client:
            response = client.with_response.products.list()
        again: Response[ModelList[models.Product]]
        for again in (pickle.loads(pickle.dumps(response)), copy.copy(response), copy.deepcopy(response)):
            assert again.value == response.value and isinstance(again.value, ModelList)
            assert again.rate_limit == response.rate_limit and again.headers == response.headers
            assert (again.status, again.body, again.elapsed) == (200, response.body, response.elapsed)

    def test_rate_limit_and_usage_can_be_built_and_compared(self) -> None:
        limit = RateLimit(remaining=5, resets_in=1.5, waiting=2)
        assert limit == RateLimit(5, 1.5, 0, 2) and limit != RateLimit()
        usage = Usage(requests=3, waited=0.5)
        assert usage == Usage(3, 0, 0.5) and usage != Usage()
        for value in (limit, usage):
            assert pickle.loads(pickle.dumps(value)) == value
        assert repr(usage) == "Usage(requests=3, rate_limited=0, waited=0.5)"


class TestPydantic:
    def test_models_are_fields_of_pydantic_models(self, shop: Client) -> None:
        pydantic = pytest.importorskip("pydantic")
        product = shop.products.list()[0]
        kind = pydantic.create_model(
            "Report", product=(models.Product, ...), flags=(List[models.Setting], []), tag=(Optional[models.Tag], None)
        )
        flags = shop.settings.list(STOREFRONT)
        report = kind(product=product, flags=flags)
        assert report.product is product and report.flags == flags
        assert report.model_dump()["product"] == product.to_dict()
        assert kind.model_validate_json(report.model_dump_json()) == report
        assert kind(product=product.to_dict(names="snake")).product == product
        with pytest.raises(pydantic.ValidationError, match="Product: organization: missing field"):
            kind(product={"name": "x"})
        with pytest.raises(pydantic.ValidationError, match="expected a dict, not int"):
            kind(product=7)

    def test_json_schema_lists_fields_and_documentation(self) -> None:
        pydantic = pytest.importorskip("pydantic")
        schema = pydantic.TypeAdapter(models.Product).json_schema()
        known = schema["$defs"]["Product"] if "$defs" in schema and "Product" in schema["$defs"] else schema
        assert known["title"] == "Product" and known["description"]
        assert known["properties"]["productId"]["format"] == "uuid"
        assert known["properties"]["name"]["description"] == models.Product.name.__doc__
        assert "name" in known["required"] and "organization" in known["properties"]
        assert "organizationId" in schema["$defs"]["Organization"]["properties"]
        assert "required" not in pydantic.TypeAdapter(models.FlagValue).json_schema()
        for name in models.__all__:
            kind = getattr(models, name)
            for mode in ("validation", "serialization"):
                assert pydantic.TypeAdapter(kind).json_schema(mode=mode), name

    def test_lists_and_nested_input_work_in_pydantic(self, shop: Client) -> None:
        pydantic = pytest.importorskip("pydantic")
        products = shop.products.list()
        again = pydantic.TypeAdapter(ModelList[models.Product]).validate_python(products.to_dicts())
        assert isinstance(again, ModelList) and again == products
        assert pydantic.TypeAdapter(ModelList[models.Product]).dump_python(products) == products.to_dicts()
        rule = pydantic.TypeAdapter(models.UpdateTargetingRule)
        made = rule.validate_python({"value": True, "conditions": []})
        assert made == models.UpdateTargetingRule(value=True, conditions=[])
        assert rule.validate_json(rule.dump_json(made)) == made
        with pytest.raises(pydantic.ValidationError, match="did you mean value"):
            rule.validate_python({"valeu": True})

    def test_fastapi_returns_models_and_documents_them(self, shop: Client) -> None:
        fastapi = pytest.importorskip("fastapi")
        from fastapi.testclient import TestClient

        app = fastapi.FastAPI()
        products = shop.products.list()

        def one() -> Any:
            return products[0]

        def many() -> Any:
            return products

        one.__annotations__["return"] = models.Product
        many.__annotations__["return"] = ModelList[models.Product]
        app.get("/one")(one)
        app.get("/many")(many)
        with TestClient(app) as http:
            assert http.get("/one").json() == products[0].to_dict()
            assert http.get("/many").json() == products.to_dicts()
            schemas = http.get("/openapi.json").json()["components"]["schemas"]
        assert "productId" in schemas["Product"]["properties"] and "Organization" in schemas

    def test_pydantic_is_not_imported_without_need(self) -> None:
        script = (
            "import sys, configcat_management as c; c.models.Product; c.ModelList; "
            "print([m for m in sys.modules if m.startswith('pydantic')])"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout == "[]\n"


class TestNames:
    def test_snake_names_are_arguments_of_methods(self, shop: Client) -> None:
        product = shop.products.get(PRODUCT)
        organization = product.organization.organization_id
        fields = product.to_dict(names="snake", only=shop.products.create)
        assert list(fields) == ["name", "description", "order"] or set(fields) == {"name", "description", "order"}
        twin = shop.products.create(organization, **{**fields, "name": "Twin"})
        assert (twin.description, twin.order) == (product.description, product.order)
        flag = shop.settings.find(STOREFRONT, "expressDelivery")
        formula = shop.flag_values.get(TEST, flag.setting_id)
        written = formula.to_dict(names="snake", only=shop.flag_values.replace)
        assert set(written) == {"default_value", "targeting_rules", "percentage_evaluation_attribute"}
        after = shop.flag_values.replace(TEST, flag.setting_id, **written)
        assert after.targeting_rules == formula.targeting_rules and after.default_value == formula.default_value

    def test_nested_objects_become_what_the_method_takes(self, shop: Client) -> None:
        values = [{"value": "a", "name": "A"}, {"value": "b", "name": None}]
        flag = shop.settings.create(
            STOREFRONT,
            key="colour",
            name="Colour",
            setting_type="string",
            predefined_variations=values,  # type: ignore[arg-type]
        )
        other = shop.configs.create(PRODUCT, name="Other", evaluation_version="v2").config_id
        fields = flag.to_dict(names="snake", only=shop.settings.create)
        # The service assigns new ids.
        assert all("predefined_variation_id" not in variation for variation in fields["predefined_variations"])
        twin = shop.settings.create(other, **{**fields, "tags": [tag.tag_id for tag in flag.tags]})
        assert [v.value for v in twin.predefined_variations] == ["a", "b"] and twin.key == "colour"
        assert flag.to_dict(names="snake", only=shop.with_response.settings.create) == fields
        with_asyncio = AsyncClient(**OPTIONS)
        assert flag.to_dict(names="snake", only=with_asyncio.settings.create) == fields
        with_asyncio.close()

    def test_snake_names_are_used_at_every_depth(self, shop: Client) -> None:
        product = shop.products.get(PRODUCT)
        snake = product.to_dict(names="snake")
        assert snake["product_id"] == PRODUCT and snake["organization"]["organization_id"]
        assert models.Product.from_dict(snake) == product == models.Product.from_dict(product.to_dict())
        condition = {
            "comparison_attribute": "Email",
            "comparator": "textEquals",
            "comparison_value": {"string_value": "@"},
        }
        rule = models.UpdateTargetingRule(
            value=models.FlagValue(predefined_variation_id="v"),
            conditions=[{"user_condition": condition}],  # type: ignore[list-item]
        )
        assert rule.to_dict(names="snake") == {
            "value": {"predefined_variation_id": "v"},
            "conditions": [{"user_condition": condition}],
        }
        assert models.UpdateTargetingRule.from_dict(rule.to_dict(names="snake")).to_dict() == rule.to_dict()
        assert models.FlagValue(value=1).to_dict(names="snake") == {"value": 1}
        assert models.FlagValue.from_dict({"value": 1}) == models.FlagValue(value=1)

    def test_new_members_survive_both_names(self) -> None:
        tag = models.Organization.from_dict({"organizationId": "o", "name": "n", "somethingNew": {"aB": 1}})
        for names in ("json", "snake"):
            data = tag.to_dict(names=names)  # type: ignore[arg-type]
            assert data["somethingNew"] == {"aB": 1} and models.Organization.from_dict(data) == tag

    def test_wrong_names_and_fields_have_suggestions(self, shop: Client) -> None:
        product = shop.products.get(PRODUCT)
        assert product.to_dict(only=["product_id"]) == {"productId": PRODUCT}
        with pytest.raises(ValueError, match="names: must be 'json' or 'snake', not 'camel'"):
            product.to_dict(names="camel")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="only: Product has no nam; did you mean name?"):
            product.to_dict(only=["nam"])
        with pytest.raises(TypeError, match="not the string 'name'"):
            product.to_dict(only="name")
        with pytest.raises(TypeError, match="nmes"):
            product.to_dict(nmes="snake")  # type: ignore[call-arg]


class TestRecords:
    def test_records_are_flat_and_typed(self, shop: Client) -> None:
        flags = shop.settings.list(STOREFRONT)
        records = flags.to_records()
        assert all(list(record) == list(records[0]) for record in records)
        first = records[0]
        assert first["key"] == "newCheckout" and type(first["setting_type"]) is str
        assert first["setting_type"] == "boolean" and isinstance(first["created_at"], datetime)
        products = shop.products.list().to_records()
        assert products[0]["organization.name"] == "Corner Shop" and "organization" not in products[0]
        assert [tag["name"] for tag in json.loads(first["tags"])] == ["checkout", "experiment"]
        assert {record["predefined_variations"] for record in records} == {"[]"}
        preferences = ModelList([models.ConnectionPreferences(sdk_poll_interval=30)])
        assert preferences.to_records()[0]["webhook_notification.signing_key1"] is None

    def test_record_columns_have_one_type(self) -> None:
        variation = {"name": "n", "hint": None, "predefinedVariationId": "v"}
        values: list[dict[str, Any]] = [{"boolValue": True}, {"stringValue": "x"}, {"intValue": 1}]
        items = ModelList(models.PredefinedVariation.from_dict({**variation, "value": v}) for v in values)
        assert [record["value"] for record in items.to_records()] == ["true", "x", "1"]
        numbers = ModelList(
            models.PredefinedVariation.from_dict({**variation, "value": v})
            for v in ({"intValue": 1}, {"doubleValue": 0.5})
        )
        assert [record["value"] for record in numbers.to_records()] == [1.0, 0.5]
        assert ModelList[models.Tag]().to_records() == []

    def test_records_become_a_pandas_frame(self, shop: Client) -> None:
        pandas = pytest.importorskip("pandas")
        frame = pandas.DataFrame(shop.settings.list(STOREFRONT).to_records())
        assert frame["setting_id"].dtype.kind == "i" and frame["is_json"].dtype.kind == "b"
        assert str(frame["created_at"].dtype).endswith("UTC]")
        assert frame.set_index("key").loc["newCheckout", "setting_type"] == "boolean"

    def test_records_become_a_polars_frame(self, shop: Client) -> None:
        polars = pytest.importorskip("polars")
        flags = shop.settings.list(STOREFRONT)
        frame = polars.DataFrame(flags.to_records())
        assert frame.schema["setting_id"] == polars.Int64 and frame.schema["is_json"] == polars.Boolean
        assert isinstance(frame.schema["created_at"], polars.Datetime)
        formulas = shop.flag_values.get_all(STOREFRONT, TEST).setting_formulas
        assert polars.DataFrame(ModelList(formulas).to_records())["setting.key"].to_list()
        assert polars.DataFrame(shop.products.list().to_records())["organization.name"].to_list()


class TestTables:
    def test_identifying_columns_come_first(self, shop: Client) -> None:
        def first(items: ModelList[Any], count: int) -> list[str]:
            return items.to_table(width=10_000).splitlines()[0].split()[:count]

        assert first(shop.products.list(), 3) == ["name", "product_id", "organization"]
        assert first(shop.settings.list(STOREFRONT), 3) == ["name", "key", "setting_id"]
        assert first(shop.members.list_for_product(PRODUCT), 3) == ["full_name", "email", "user_id"]
        assert first(ModelList(shop.flag_values.get_all(STOREFRONT, TEST).setting_formulas), 1) == ["setting"]
        assert "<th>name</th><th>product_id</th>" in shop.products.list()._repr_html_()

    def test_cells_have_no_reprs_of_objects(self, shop: Client) -> None:
        formulas = ModelList(shop.flag_values.get_all(STOREFRONT, TEST).setting_formulas)
        for text in (formulas.to_table(width=10_000), formulas._repr_html_(), str(shop.settings.list(STOREFRONT))):
            assert "FlagValue(" not in text and "value=" not in text and "None" not in text
        table = formulas.to_table(["setting", "default_value", "targeting_rules", "setting_tags"])
        assert "items" in table or "item" in table

    def test_slices_copies_and_sums_stay_tables(self, shop: Client) -> None:
        products = shop.products.list()
        for part in (products[:1], products[::-1], products.copy(), copy.copy(products), products + products, 2 * products):
            assert isinstance(part, ModelList) and "product_id" in repr(part)
        assert products[0] == products[:1][0] and products[-1].name == "Back Office"
        products.sort(key=lambda product: product.name)
        assert repr(products).index("Back Office") < repr(products).index("Web Shop")
        # Python makes plain lists here.
        assert type(sorted(products, key=lambda product: product.name)) is list
        assert "product_id" in repr(ModelList(sorted(products, key=lambda product: product.order)))

    def test_lists_in_models_are_tables(self, shop: Client) -> None:
        tags = shop.settings.find(STOREFRONT, "newCheckout").tags
        for part in (tags, tags[:1], copy.copy(tags), pickle.loads(pickle.dumps(tags))):
            assert isinstance(part, ModelList) and "tag_id" in repr(part)
        assert tags.to_records()[0]["name"] == "checkout" and "[Tag(" in repr(shop.settings.list(STOREFRONT)[0])


def test_enum_member_and_timestamp_in_records_are_plain() -> None:
    entry = models.Invitation(
        invitation_id="i", email="e", permission_group_id=1, created_at=datetime(2026, 1, 2, tzinfo=timezone.utc), expired=False
    )
    assert ModelList([entry]).to_records()[0]["created_at"] == entry.created_at
    group = models.StaleFlagConfig(
        config_id="c", name="n", evaluation_version="v2", has_code_references=False, settings=[]
    )
    record = ModelList([group]).to_records()[0]
    assert record["evaluation_version"] == "v2" and not isinstance(record["evaluation_version"], enums.EvaluationVersion)
