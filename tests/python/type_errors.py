"""Mistakes that type checkers find. This file is never run: `cargo xtask verify types` fails if an error that is expected here is not
reported, because its comment is then unused."""

from __future__ import annotations

from configcat_management import AsyncClient, Client, changes, enums, models


def misspelt_enum_value_is_an_error(client: Client) -> None:
    client.settings.create("c", name="n", key="k", setting_type="bolean")  # type: ignore[arg-type]
    client.settings.create("c", name="n", key="k", setting_type="boolean")
    client.settings.create("c", name="n", key="k", setting_type=enums.SettingType.BOOLEAN)
    client.settings.create("c", name="n", key="k", setting_type=enums.UnknownValue("tensor"))
    # What was read can be sent.
    client.settings.create("c", name="n", key="k", setting_type=client.settings.get(1).setting_type)


def change_of_what_was_read_is_an_error(client: Client) -> None:
    setting = client.settings.get(1)
    setting.tags.append(setting.tags[0])  # type: ignore[arg-type]
    setting.extra["since"] = 1  # type: ignore[index,assignment]
    setting.name = "x"  # type: ignore[misc]
    tags: list[models.Tag] = setting.tags + [setting.tags[0]]
    tags.append(setting.tags[0])
    if setting.tags == [] and setting.setting_type == "boolean":
        pass


def value_of_a_flag_compares_with_plain_values(client: Client) -> None:
    value = client.flag_values.get("e", 1).default_value
    if value == True or value == "text" or value > 3:  # noqa: E712
        pass


def edit_outside_of_its_block_is_an_error(client: Client) -> None:
    client.flag_values.edit("e", 1).default_value = True  # type: ignore[attr-defined]
    with client.flag_values.edit("e", 1) as draft:
        draft.default_value = True


async def edit_in_the_wrong_kind_of_block_is_an_error(client: AsyncClient) -> None:
    with client.flag_values.edit("e", 1) as draft:  # type: ignore[attr-defined]
        draft.default_value = True


def misspelt_option_is_an_error(client: Client) -> None:
    Client(tiemout=5)  # type: ignore[call-arg]
    client.with_options(tiemout=5)  # type: ignore[call-arg]
    Client(root_certificate="ca.pem", client_certificate=b"-----BEGIN")
    client.products.create("o", nam="x")  # type: ignore[call-arg]


def misspelt_option_of_a_plan_is_an_error(client: Client) -> None:
    client.plan("flags.yaml", approval="requst")  # type: ignore[arg-type]
    client.plan("flags.yaml", prun=["tags"])  # type: ignore[call-arg]
    client.promote("p", "c", "Test", "Production", aspects=["value"])  # type: ignore[list-item]
    client.plan({"product": "p"}, approval="request", prune=["tags"])


def change_of_a_step_is_an_error(client: Client) -> None:
    plan = client.plan(changes.Document("p"))
    plan.steps[0].note = "x"  # type: ignore[misc]
    plan.steps.append(plan.steps[0])  # type: ignore[attr-defined]
    if plan.steps[0].action is changes.Action.DELETE and client.apply(plan).is_complete:
        pass


async def plan_that_was_not_awaited_is_an_error(client: AsyncClient) -> None:
    print(client.plan("flags.yaml").steps)  # type: ignore[attr-defined]
    print((await client.plan("flags.yaml")).steps)
