"""Documents, plans, apply, undo, promote, compare and mirrors, over HTTP against the simulator."""

from __future__ import annotations

import asyncio
import contextvars
import copy
import dataclasses
import inspect
import json
import pickle
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handlers import not_windows
from test_process import MEASURED, interrupted

from configcat_management import (
    AsyncClient,
    BadRequestError,
    CallCancelledError,
    CallTimeoutError,
    Client,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimit,
    _native,
    changes,
)
from configcat_management.changes import Action, Document, Plan, Progress, Report, Status
from configcat_management.observer import BeginEvent, FinishedEvent, Observer
from configcat_management.testing import Mirror, Simulator

TAGS = "product: Web Shop\ntags: [{ name: checkout, color: red }, { name: brandNew }, { name: '<b>&\"''' }]\n"
ONE_TAG = "product: Web Shop\ntags: [{ name: brandNew }]"
TEST_VALUES = """
product: Web Shop
configs:
  - name: Storefront
    settings:
      - { key: maxItemsInCart, values: { Test: 7 } }
      - { key: bannerText, values: { Test: Mine } }
"""
PRODUCTION_VALUE = """
product: Web Shop
configs: [{ name: Storefront, settings: [{ key: newCheckout, values: { Production: true } }] }]
"""
both = pytest.mark.parametrize("asynchronous", [False, True], ids=["blocking", "asyncio"])


def job(simulator: Simulator, asynchronous: bool, method: str, *arguments: Any, client: Any = None, **options: Any) -> Any:
    """Calls a method of a new client, blocking or in an event loop."""
    client_options = client or {}
    if not asynchronous:
        with simulator.client(**client_options) as blocking:
            return getattr(blocking, method)(*arguments, **options)

    async def main() -> Any:
        async with simulator.async_client(**client_options) as other:
            return await getattr(other, method)(*arguments, **options)

    return asyncio.run(main())


def places(plan: Plan) -> list[str]:
    return [f"{step.action} {step.section} {step.place}" for step in plan.steps]


class TestDocuments:
    def test_export_is_a_document_that_survives_every_form(self, shop: Client, tmp_path: Path) -> None:
        document = shop.export("Web Shop")
        assert document.product == "Web Shop" and document.organization is None
        data = document.to_dict()
        assert [config["name"] for config in data["configs"]] == ["Storefront", "Old app"]
        assert json.loads(document.to_json()) == data and str(document) == document.to_yaml()
        copies = [
            Document.from_yaml(document.to_yaml()),
            Document.from_json(document.to_json()),
            Document.from_dict(data),
            pickle.loads(pickle.dumps(document)),
            copy.copy(document),
            copy.deepcopy(document),
        ]
        for name in ("flags.yaml", "flags.json"):
            document.save(tmp_path / name)
            copies.append(Document.load(tmp_path / name))
        assert all(other == document for other in copies) and (tmp_path / "flags.json").read_text().startswith("{")
        assert document.renamed("Other") != document != data
        assert repr(document) == "<Document of 'Web Shop'>"
        with pytest.raises(TypeError, match="unhashable"):
            hash(document)
        with pytest.raises(AttributeError):
            document.product = "Other"  # type: ignore[misc]

    def test_document_is_accepted_in_every_form(self, shop: Client, tmp_path: Path) -> None:
        document = Document.from_yaml(ONE_TAG)
        document.save(tmp_path / "tag.yml")
        document.save(tmp_path / "tag.json")
        forms: list[changes.DocumentLike] = [
            document,
            ONE_TAG,
            document.to_json(),
            json.dumps(document.to_dict()),
            "{ product: Web Shop, tags: [{ name: brandNew }] }",
            document.to_dict(),
            tmp_path / "tag.yml",
            str(tmp_path / "tag.json"),
        ]
        plans = [shop.plan(form) for form in forms]
        assert all(plan == plans[0] and plan.document == document for plan in plans)
        assert shop.plan("product: Web Shop").is_empty and shop.plan(Document("Web Shop")).is_empty
        renamed = document.renamed(product="Back Office", organization="Corner Shop")
        assert (renamed.product, renamed.organization) == ("Back Office", "Corner Shop")

    def test_mistake_in_a_document_has_its_place(self, shop: Client, tmp_path: Path) -> None:
        wrong = "product: A\ntags:\n  - { nam: x }\n"
        (tmp_path / "wrong.yaml").write_text(wrong)
        expected = r"tags\[0\].nam: unknown field of a tag, did you mean name\?"
        with pytest.raises(BadRequestError, match=rf"^invalid document: {expected} \(line 3, column \d+\)"):
            shop.plan(wrong)
        with pytest.raises(BadRequestError, match=rf"wrong.yaml: invalid document: {expected} \(line 3"):
            shop.plan(tmp_path / "wrong.yaml")
        with pytest.raises(BadRequestError, match=rf"^invalid document: {expected}$"):
            shop.plan({"product": "A", "tags": [{"nam": "x"}]})
        with pytest.raises(FileNotFoundError):
            shop.plan("missing.yaml")
        for value in (3, None, shop.plan("product: Web Shop")):
            with pytest.raises(TypeError, match="document: must be a Document, its text, the path of a file, or a dict"):
                shop.plan(value)  # type: ignore[arg-type]

    def test_names_that_do_not_exist_are_field_errors(self, shop: Client, demo: Simulator) -> None:
        with pytest.raises(BadRequestError) as caught:
            shop.plan("product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: newCheckout, tags: [chekout] }] }]")
        messages = caught.value.field_errors["configs[Storefront].settings[newCheckout].tags[0]"]
        assert 'did you mean "checkout"?' in messages[0] and caught.value.attempts == 0
        assert {entry["method"] for entry in demo.journal()} == {"GET"}
        with pytest.raises(NotFoundError, match='did you mean "Web Shop"?'):
            shop.export("Web Shp")


class TestPlans:
    @both
    def test_plan_has_typed_steps_and_its_price(self, demo: Simulator, asynchronous: bool) -> None:
        plan: Plan = job(demo, asynchronous, "plan", TAGS)
        reads = len(demo.journal())
        assert places(plan) == ["update tags checkout", "create tags brandNew", "create tags <b>&\"'"]
        updated, created, _ = plan.steps
        assert created == changes.Step(Action.CREATE, "tags", ("brandNew",), after={"name": "brandNew"})
        assert updated.action is Action.UPDATE and (updated.before, updated.after) == ({"color": "panther"}, {"color": "red"})
        assert plan and not plan.is_empty and plan.refused == ()
        assert (plan.price.requests, plan.price.reads) == (3, reads)
        assert [request.operation for request in plan.requests] == ["tags.update", "tags.create", "tags.create"]
        report: Report = job(demo, asynchronous, "apply", TAGS)
        assert report.is_complete and report.requests == len(demo.journal()) - reads == 3 + plan.price.reads
        assert not job(demo, asynchronous, "plan", TAGS)

    def test_steps_are_immutable(self, shop: Client) -> None:
        plan = shop.plan(TEST_VALUES)
        for attribute in ("action", "after"):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(plan.steps[0], attribute, None)
        with pytest.raises(AttributeError):
            plan.steps = ()  # type: ignore[misc]
        with pytest.raises(TypeError, match=r"a plan is made by client.plan\(...\)"):
            Plan()
        assert plan.steps[0].version and plan.steps[0].place == "Storefront / maxItemsInCart / Test"

    def test_plan_prints_well(self, shop: Client) -> None:
        plan = shop.plan(TAGS)
        text = "tags\n  ~ checkout\n      color: \"panther\" → \"red\"\n  + brandNew\n  + <b>&\"'\n"
        summary = "Plan: 2 to create, 1 to update, with 3 requests."
        assert str(plan) == f"{text}{summary}\n" and plan.summary == summary
        assert repr(plan) == "<Plan for 'Web Shop': 2 to create, 1 to update, with 3 requests.>"
        assert "\x1b[32m  + brandNew\x1b[0m" in plan.to_text(color=True)
        assert "| create | \\<b\\>&\"' |" in plan.to_markdown()

    def test_html_of_plan_and_report_is_escaped(self, shop: Client) -> None:
        plan = shop.plan(TAGS)
        html = plan._repr_html_()
        assert "&lt;b&gt;&amp;&quot;&#39;" in html and "<b>&" not in html
        assert '<del style="color:#d9534f">&quot;panther&quot;</del>' in html and "&quot;red&quot;</ins>" in html
        report = shop.apply(plan)
        html = report._repr_html_()
        assert html.count("<tr>") == 4 and "<b>done</b>" in html and "&lt;b&gt;&amp;" in html and "<b>&" not in html

    def test_plan_and_report_survive_json_and_pickle(self, shop: Client, tmp_path: Path) -> None:
        plan = shop.plan(TEST_VALUES, reason="Launch")
        report = shop.apply(plan)
        for one, cls in ((plan, Plan), (report, Report)):
            one.save(tmp_path / "saved.json")
            for other in (
                cls.from_json(one.to_json()),
                cls.load(tmp_path / "saved.json"),
                pickle.loads(pickle.dumps(one)),
                copy.deepcopy(one),
            ):
                assert other == one and str(other) == str(one) and repr(other) == repr(one)
            with pytest.raises(BadRequestError, match=f"^invalid {cls.__name__.lower()}: "):
                cls.from_json("{}")
        assert pickle.loads(pickle.dumps(plan.steps)) == plan.steps
        assert pickle.loads(pickle.dumps(report.outcomes)) == report.outcomes
        assert plan != report and plan != shop.plan("product: Web Shop")

    def test_price_tells_the_least_wait_for_the_rate_limit(self) -> None:
        price = changes.Price(requests=10, reads=3)
        assert price.least_wait(RateLimit(remaining=10, resets_in=7.0)) == 0
        assert price.least_wait(RateLimit(remaining=9, resets_in=7.0)) == 7
        assert price.least_wait(RateLimit()) is None

    def test_prune_deletes_what_the_document_lacks(self, shop: Client) -> None:
        document = "product: Web Shop\ntags: [{ name: checkout }]"
        assert shop.plan(document).is_empty
        assert places(shop.plan(document, prune=["tags"])) == ["delete tags experiment", "delete tags operations"]
        with pytest.raises(BadRequestError, match='prune: there is no section "tag"; did you mean "tags"?'):
            shop.plan(document, prune=["tag"])

    def test_type_of_a_flag_changes_only_by_replacement(self, shop: Client) -> None:
        document = "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: maxItemsInCart, settingType: string }] }]"
        step = shop.plan(document).refused[0]
        assert step.action is Action.REPLACE and "allow_replace" in (step.refused or "")
        assert not shop.plan(document, allow_replace=True).refused


class TestApply:
    @both
    def test_progress_is_reported_after_each_request(self, demo: Simulator, asynchronous: bool) -> None:
        seen: list[Progress] = []
        threads = set()
        context = contextvars.ContextVar("context", default=0)

        def on_progress(progress: Progress) -> None:
            seen.append(progress)
            threads.add((threading.get_ident(), context.get()))

        context.set(7)
        plan = job(demo, asynchronous, "plan", TAGS)
        for what in (plan, TAGS):
            seen.clear()
            report = job(demo, asynchronous, "apply", what, on_progress=on_progress)
            assert report.is_complete
            if what is plan:
                assert seen == [Progress(1, 3), Progress(2, 3), Progress(3, 3)]
        assert threads == {(threading.get_ident(), 7)} and seen == []

    @both
    def test_exception_of_on_progress_ends_the_call(self, demo: Simulator, asynchronous: bool) -> None:
        def on_progress(progress: Progress) -> None:
            seen.append(progress.completed)
            raise LookupError(progress.completed)

        seen: list[int] = []
        with pytest.raises(LookupError, match="^1$"):
            job(demo, asynchronous, "apply", TAGS, on_progress=on_progress)
        assert seen == [1] and not demo.journal(operation="tags.create")

    def test_on_progress_may_make_calls(self, shop: Client) -> None:
        emails = []
        shop.apply(TAGS, on_progress=lambda _: emails.append(shop.me.get().email))
        assert len(emails) == 3

    @both
    def test_step_that_would_be_refused_stops_the_plan(self, demo: Simulator, asynchronous: bool) -> None:
        plan = job(demo, asynchronous, "plan", PRODUCTION_VALUE)
        assert plan.refused[0].refused == "Production requires a reason (reason)"
        for what in (plan, PRODUCTION_VALUE):
            with pytest.raises(BadRequestError, match="the plan cannot be applied: Production requires a reason"):
                job(demo, asynchronous, "apply", what)
        assert {entry["method"] for entry in demo.journal()} == {"GET"}
        bypassed = job(demo, asynchronous, "apply", PRODUCTION_VALUE, reason="Launch", approval="bypass")
        assert bypassed.is_complete

    def test_approvals_become_change_requests(self, shop: Client) -> None:
        report = shop.apply(PRODUCTION_VALUE, reason="Launch", approval="request")
        (outcome,) = report.outcomes
        assert outcome.status is Status.REQUESTED and outcome.status.is_success and report.is_complete
        assert outcome.id is not None and shop.change_requests.get(int(outcome.id)).title.endswith("in Production")

    @both
    def test_conflict_stops_only_its_step(self, demo: Simulator, asynchronous: bool) -> None:
        saved = job(demo, asynchronous, "plan", TEST_VALUES)
        theirs = TEST_VALUES.replace("Mine", "Theirs").replace("- { key: maxItemsInCart, values: { Test: 7 } }", "")
        job(demo, asynchronous, "apply", theirs).raise_for_failures()
        report = job(demo, asynchronous, "apply", saved)
        assert [outcome.status for outcome in report.outcomes] == ["done", "conflict"] and not report.is_complete
        (conflict,) = report.failures
        assert (conflict.step.before, conflict.theirs, conflict.step.after) == ("Hello, tester!", "Theirs", "Mine")
        assert conflict.index == 1 and conflict.step == saved.steps[1]
        with pytest.raises(ConflictError, match="^1 of 2 steps were not applied: conflict: values Storefront / bannerText / Test: "):
            report.raise_for_failures()
        assert "theirs</b>: &quot;Theirs&quot;" in report._repr_html_() and "1 applied, 1 in conflict" in str(report)

    def test_failures_are_raised_with_the_class_of_the_call(self, shop: Client, demo: Simulator) -> None:
        demo.add_fault(operation="tags.create", status=403)
        report = shop.apply(TAGS)
        assert sorted(outcome.status.value for outcome in report.outcomes) == ["done", "failed", "failed"]
        assert {outcome.kind for outcome in report.failures} == {"permission"}
        with pytest.raises(PermissionDeniedError, match="2 of 3 steps were not applied: failed: tags brandNew: "):
            report.raise_for_failures()
        demo.clear_faults()
        again = shop.apply(TAGS)
        again.raise_for_failures()
        assert len(again.outcomes) == 2

    @both
    def test_undo_restores_what_was_changed(self, demo: Simulator, asynchronous: bool) -> None:
        before = job(demo, asynchronous, "export", "Web Shop")
        document = TEST_VALUES + "tags: [{ name: brandNew }, { name: checkout, color: red }]"
        report = job(demo, asynchronous, "apply", document)
        assert report.is_complete and job(demo, asynchronous, "export", "Web Shop") != before
        undo = Report.from_json(report.to_json()).undo()
        assert undo == report.undo()
        job(demo, asynchronous, "apply", undo).raise_for_failures()
        assert job(demo, asynchronous, "plan", before).is_empty


class TestPromoteAndCompare:
    @both
    def test_promotion_copies_values(self, demo: Simulator, asynchronous: bool) -> None:
        scope = ("Web Shop", "Storefront", "Staging", "Test")
        one = job(demo, asynchronous, "promote", *scope, flags=["maxItemsInCart"])
        assert places(one) == ["update values Storefront / maxItemsInCart / Test"]
        assert one.steps[0].after == 50 and one.steps[0].before != 50
        report = job(demo, asynchronous, "apply", job(demo, asynchronous, "promote", *scope))
        assert report.is_complete and job(demo, asynchronous, "promote", *scope).is_empty
        back = ("Web Shop", "Storefront", "Production", "Test")
        assert job(demo, asynchronous, "promote", *back, flags=["newCheckout"], aspects=["values"]).is_empty
        assert len(job(demo, asynchronous, "promote", *back, flags=["newCheckout"], aspects=["percentages"]).steps) == 1
        with pytest.raises(NotFoundError, match='there is no flag "newChekout"; did you mean "newCheckout"?'):
            job(demo, asynchronous, "promote", *scope, flags=["newChekout"])

    @both
    def test_copy_of_a_product_is_equal_to_it(self, demo: Simulator, asynchronous: bool) -> None:
        plan = job(demo, asynchronous, "clone_product", "Web Shop", "Copy", "Corner Shop")
        assert plan.document.organization == "Corner Shop" and plan.steps[0].section == "products"
        job(demo, asynchronous, "apply", plan).raise_for_failures()
        assert job(demo, asynchronous, "compare", "Web Shop", "Copy").is_empty
        job(demo, asynchronous, "apply", TEST_VALUES).raise_for_failures()
        assert len(job(demo, asynchronous, "compare", "Web Shop", "Copy").steps) == 2
        with pytest.raises(ConflictError, match='a product has the name "Copy" already'):
            job(demo, asynchronous, "clone_product", "Web Shop", "Copy", "Corner Shop")


class TestMirrors:
    def test_changes_of_a_mirror_apply_to_the_real_product(self, shop: Client, demo: Simulator) -> None:
        with Simulator.mirror(shop, "Web Shop", username="me", password="mine") as mirror:
            assert mirror.url != demo.url and mirror.environment["CONFIGCAT_API_USER"] == "me"
            assert isinstance(mirror, Simulator) and repr(mirror) == f"<Mirror {mirror.url}>"
            assert mirror.changes().is_empty
            with mirror.client() as other:
                assert other.export("Web Shop") == shop.export("Web Shop")
                product = other.products.find("Web Shop")
                assert product.product_id == shop.products.find("Web Shop").product_id
                other.tags.create(product.product_id, name="brandNew")
                config = other.configs.find(product.product_id, "Storefront")
                flag = other.settings.find(config.config_id, "maxItemsInCart")
                environment = other.environments.find(product.product_id, "Test")
                other.flag_values.replace(environment.environment_id, flag.setting_id, default_value=7)
            plan = mirror.changes(reason="Rehearsed")
            assert mirror.journal(operation="tags.create")
        assert [step.place for step in plan.steps] == ["brandNew", "Storefront / maxItemsInCart / Test"]
        assert {entry["method"] for entry in demo.journal()} == {"GET"}
        shop.apply(plan).raise_for_failures()
        assert demo.journal(operation="flag_values.replace")[0]["query"].startswith("reason=Rehearsed")
        assert {"brandNew"} == {tag.name for tag in shop.tags.list(product.product_id)} - {"checkout", "experiment", "operations"}

    def test_mirror_has_an_asynchronous_twin(self, demo: Simulator) -> None:
        async def main() -> None:
            async with demo.async_client() as client:
                async with await Simulator.async_mirror(client, "Web Shop") as mirror:
                    async with mirror.async_client() as other:
                        report = await other.apply(ONE_TAG)
                        assert report.is_complete
                    plan = await mirror.changes()
                    assert places(plan) == ["create tags brandNew"]
                with pytest.raises(RuntimeError, match="the mirror is closed"):
                    await mirror.changes()
                (await client.apply(plan)).raise_for_failures()
            assert demo.verify("tags.create", times=1)

        asyncio.run(main())

    def test_secrets_of_a_mirror_are_placeholders(self, shop: Client) -> None:
        product = shop.products.find("Web Shop").product_id
        config = shop.configs.find(product, "Storefront").config_id
        environment = shop.environments.find(product, "Test").environment_id
        shop.webhooks.create(config, environment, url="https://hook.example/a", http_method="post")
        with Simulator.mirror(shop, "Web Shop") as mirror:
            assert mirror.placeholders == ["signing keys of the webhook https://hook.example/a (Storefront / Test)"]

    def test_mirror_refuses_wrong_arguments(self, shop: Client, demo: Simulator) -> None:
        with pytest.raises(NotFoundError, match='did you mean "Web Shop"?'):
            Simulator.mirror(shop, "Web Shp")
        with pytest.raises(TypeError, match=r"Simulator.mirror\(\) has no keyword usernam; did you mean username\?"):
            Simulator.mirror(shop, "Web Shop", usernam="x")  # type: ignore[call-arg]
        other = demo.async_client()
        with pytest.raises(TypeError, match="client: must be a Client, not AsyncClient; use Simulator.async_mirror"):
            Simulator.mirror(other, "Web Shop")  # type: ignore[arg-type]
        other.close()
        with pytest.raises(TypeError, match="client: must be a Client, not Simulator$"):
            Simulator.mirror(demo, "Web Shop")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"a mirror is made by Simulator.mirror\(client, product\)"):
            Mirror()
        mirror = Simulator.mirror(shop, "Web Shop")
        mirror.close()
        with pytest.raises(RuntimeError, match="the mirror is closed"):
            mirror.changes()


class TestWaiting:
    @not_windows
    @pytest.mark.parametrize("call", ["client.export('Web Shop')", "client.apply({'product': 'Web Shop', 'tags': [{'name': 'x'}]})"])
    def test_ctrl_c_interrupts_a_job(self, demo: Simulator, call: str) -> None:
        demo.add_fault(method="GET", skip=1, delay_ms=20_000)
        assert interrupted(MEASURED.format(call=call), demo.url) < 0.2

    def test_interrupt_cancels_a_job_in_another_thread(self, shop: Client, demo: Simulator) -> None:
        demo.add_fault(operation="tags.create", delay_ms=10_000)
        interrupt = _native.Interrupt()
        caught: list[BaseException] = []

        def work() -> None:
            interrupt.watch()
            try:
                shop.apply(TAGS)
            except CallCancelledError as error:
                caught.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        wait_until(lambda: bool(demo.faults()[0]["happened"]))
        interrupt.set()
        thread.join(5)
        assert not thread.is_alive() and "cancelled" in str(caught[0])

    def test_other_threads_run_while_a_job_waits(self, shop: Client, demo: Simulator) -> None:
        demo.add_fault(operation="products.list", delay_ms=300, times=1)
        count = 0
        thread = threading.Thread(target=shop.export, args=("Web Shop",))
        thread.start()
        while thread.is_alive():
            count += 1
        thread.join()
        assert count > 1000

    def test_cancelled_task_stops_between_requests(self, demo: Simulator) -> None:
        async def main() -> None:
            async with demo.async_client() as client:
                plan = await client.plan(TAGS)
                demo.add_fault(operation="tags.create", delay_ms=60_000)
                task = asyncio.ensure_future(client.apply(plan))
                while not demo.faults()[0]["happened"]:
                    await asyncio.sleep(0.01)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                demo.clear_faults()
                # The second tag was not sent. Applying again continues.
                assert len(demo.journal(operation="tags.create")) <= 1
                report = await client.apply(plan)
                assert report.is_complete and {o.status for o in report.outcomes} == {Status.ALREADY_DONE, Status.DONE}
                product = await client.products.find("Web Shop")
                assert len(await client.tags.list(product.product_id)) == 5

        asyncio.run(main())

    def test_event_loop_runs_while_a_job_waits(self, demo: Simulator) -> None:
        demo.add_fault(operation="products.list", delay_ms=300, times=1)

        async def main() -> None:
            async with demo.async_client() as client:
                exported = asyncio.ensure_future(client.export("Web Shop"))
                turns = 0
                while not exported.done():
                    await asyncio.sleep(0.005)
                    turns += 1
                assert turns > 10 and exported.result().product == "Web Shop"

        asyncio.run(main())

    def test_options_of_a_view_apply_to_each_call_of_a_job(self, shop: Client, demo: Simulator) -> None:
        demo.add_fault(operation="tags.list", delay_ms=3_000)
        with pytest.raises(CallTimeoutError):
            shop.with_options(timeout=0.2, max_attempts=1).export("Web Shop")
        demo.clear_faults()
        with pytest.raises(BadRequestError, match="Authorization"):
            shop.with_options(headers={"Authorization": "x"}).export("Web Shop")
        shop.close()
        with pytest.raises(RuntimeError, match="the client is closed"):
            shop.export("Web Shop")


class Spans(Observer):
    """Checks that the events of a call arrive in its own context."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.matched: list[bool] = []

    def begin(self, event: BeginEvent) -> dict[str, str]:
        self.begun.append(event.operation)
        assert outer.get() == "outer"
        current.set(len(self.begun))
        return {"X-Span": str(len(self.begun))}

    def finished(self, event: FinishedEvent) -> None:
        self.matched.append(self.begun[current.get() - 1] == event.operation)


outer = contextvars.ContextVar("outer", default="")
current = contextvars.ContextVar("current", default=0)


class TestHooks:
    @both
    def test_observer_sees_every_call_of_a_job(self, demo: Simulator, asynchronous: bool) -> None:
        spans = Spans()
        outer.set("outer")
        job(demo, asynchronous, "export", "Web Shop", client={"observer": spans})
        sent = [entry["operation"] for entry in demo.journal()]
        assert sorted(spans.begun) == sorted(sent) and len(set(sent)) > 5
        assert spans.matched == [True] * len(sent) and current.get() == 0

    @both
    def test_credentials_are_asked_for_each_call_of_a_job(self, demo: Simulator, asynchronous: bool) -> None:
        asked = []

        def credentials() -> tuple[str, str]:
            asked.append(1)
            return "simulator", "simulator"

        options = {"credentials": credentials, "username": None, "password": None}
        job(demo, asynchronous, "export", "Web Shop", client=options)
        assert len(asked) == len(demo.journal()) > 5


class TestOptions:
    @both
    def test_wrong_option_is_refused_with_a_suggestion(self, demo: Simulator, asynchronous: bool) -> None:
        name = "AsyncClient" if asynchronous else "Client"
        plan = job(demo, asynchronous, "plan", ONE_TAG)
        before = len(demo.journal())
        cases: list[tuple[str, tuple[Any, ...], dict[str, Any], type[Exception], str]] = [
            ("plan", (ONE_TAG,), {"aproval": "refuse"}, TypeError, rf"{name}.plan\(\) has no keyword aproval; did you mean approval\?"),
            ("plan", (ONE_TAG,), {"approval": "requst"}, ValueError, "approval: must be 'refuse', 'request' or 'bypass', not 'requst'; did you mean request?"),
            ("plan", (ONE_TAG,), {"prune": "tags"}, TypeError, r"prune: must be a list of sections, not 'tags' \(str\)"),
            ("plan", (ONE_TAG,), {"strict": "yes"}, TypeError, "strict: must be True or False"),
            ("plan", (ONE_TAG,), {"reason": 7}, TypeError, "reason: must be a string"),
            ("apply", (ONE_TAG,), {"on_progres": print}, TypeError, "has no keyword on_progres; did you mean on_progress?"),
            ("apply", (ONE_TAG,), {"on_progress": 3}, TypeError, r"on_progress: must be a function, not 3 \(int\)"),
            ("apply", (ONE_TAG,), {"on_progress": coroutine}, TypeError, "on_progress: must be a plain function"),
            ("apply", (plan,), {"reason": "Late"}, TypeError, "reason: a plan has the options that it was made with"),
            ("promote", ("a", "b", "c", "d"), {"aspects": ["value"]}, ValueError, r"aspects\[0\]: must be .*did you mean values\?"),
            ("promote", ("a", "b", "c", "d"), {"flags": "key"}, TypeError, "flags: must be a list of keys of flags"),
            ("export", (7,), {}, TypeError, "product: must be a string, not 7"),
            ("export", ("\ud800",), {}, ValueError, "product: has an unpaired surrogate"),
        ]
        for method, arguments, options, error, message in cases:
            with pytest.raises(error, match=message):
                job(demo, asynchronous, method, *arguments, **options)
        assert len(demo.journal()) == before

    @pytest.mark.parametrize("name", ["export", "plan", "apply", "promote", "compare", "clone_product"])
    def test_both_clients_have_the_same_job(self, name: str) -> None:
        sync, other = getattr(Client, name), getattr(AsyncClient, name)
        assert inspect.iscoroutinefunction(other) and not inspect.iscoroutinefunction(sync)
        assert inspect.signature(sync) == inspect.signature(other)
        for parameter in set(inspect.signature(sync).parameters) - {"self"}:
            assert f"    {parameter}: " in sync.__doc__ and f"    {parameter}: " in other.__doc__, parameter


async def coroutine(progress: Progress) -> None:
    raise AssertionError("is not called")


def wait_until(condition: Callable[[], bool]) -> None:
    """Waits until a condition holds, at most ten seconds."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
