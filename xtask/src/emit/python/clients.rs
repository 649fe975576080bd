//! The resources as properties of the clients, and variants that return the whole response.

use super::text::docstring;
use super::{DIR, Flavor, header, ident};
use crate::emit::{Context, File};
use crate::model::{Resource, Type};
use anyhow::Result;
use std::fmt::Write;

pub fn emit(cx: &Context<'_>) -> Result<Vec<File>> {
    let resources = &cx.api.resources;
    let about = format!(
        "{}\"\"\"Generated code: enums, models, input types, and the resources of the clients.\"\"\"\n",
        header()
    );
    Ok(vec![
        File { path: format!("{DIR}/__init__.py"), text: about },
        clients(resources),
        with_response(resources)?,
    ])
}

fn clients(resources: &[Resource]) -> File {
    let mut text = header();
    text.push_str("\"\"\"Every resource as a property of the clients; each is imported on first use.\"\"\"\n\nfrom __future__ import annotations\n\nfrom .._lazy import resource\n\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    from .._caller import AsyncCaller, Caller\n");
    for flavor in Flavor::BOTH {
        for r in resources {
            let _ = writeln!(
                text,
                "    from .{}.{} import {}{}",
                flavor.folder(),
                r.name.snake(),
                flavor.prefix(),
                r.name.pascal()
            );
        }
    }
    for flavor in Flavor::BOTH {
        let prefix = flavor.prefix();
        let _ = write!(
            text,
            "\n\nclass {prefix}Resources:\n    \"\"\"The resources of a client.\"\"\"\n\n    _caller: {prefix}Caller\n\n    def __init__(self, caller: {prefix}Caller) -> None:\n        self._caller = caller\n"
        );
        for r in resources {
            let _ = write!(
                text,
                "\n    @resource\n    def {name}(self) -> {class}:\n{}        from .{}.{module} import {class}\n\n        return {class}(self._caller)\n",
                docstring(&r.doc, 8),
                flavor.folder(),
                name = ident(&r.name),
                class = format!("{prefix}{}", r.name.pascal()),
                module = r.name.snake(),
            );
        }
    }
    File { path: format!("{DIR}/clients.py"), text }
}

fn with_response(resources: &[Resource]) -> Result<File> {
    let mut text = header();
    text.push_str("\"\"\"The same methods, returning the whole response: status, headers and history in addition to the value.\"\"\"\n\n# Deprecated methods are deprecated here, too.\n# mypy: disable-error-code=deprecated\n# pyright: reportDeprecated=false\n\nfrom __future__ import annotations\n\nfrom functools import cached_property\nfrom typing import TYPE_CHECKING\n\nfrom .._response import async_respond, async_respond_pages, respond, respond_pages\n\nif TYPE_CHECKING:\n    from .clients import AsyncResources, Resources\n");
    for flavor in Flavor::BOTH {
        for r in resources {
            let class = format!("{}{}", flavor.prefix(), r.name.pascal());
            let _ = writeln!(text, "    from .{}.{} import {class}", flavor.folder(), r.name.snake());
        }
    }
    for flavor in Flavor::BOTH {
        let prefix = flavor.prefix();
        let respond = if flavor == Flavor::Async { "async_respond" } else { "respond" };
        for r in resources {
            let class = format!("{prefix}{}", r.name.pascal());
            let _ = write!(
                text,
                "\n\nclass {class}WithResponse:\n{}\n    def __init__(self, resource: {class}) -> None:\n",
                docstring(&r.doc, 4)
            );
            for op in &r.operations {
                let name = ident(&op.name);
                let _ = writeln!(text, "        self.{name} = {respond}(resource.{name})");
            }
            for name in r.operations.iter().filter_map(|op| op.find.as_ref()).map(|find| find.method.snake())
            {
                let _ = writeln!(text, "        self.{name} = {respond}(resource.{name})");
            }
            for op in r.operations.iter().filter(|op| op.pages.is_some()) {
                let name = op.renamed("iterate")?.snake();
                let _ = writeln!(text, "        self.{name} = {respond}_pages(resource.{name})");
            }
            if r.operations
                .iter()
                .filter_map(|op| op.body.as_ref())
                .any(|body| matches!(body.ty, Type::Patch))
            {
                text.push_str("        self.edit = resource.edit\n");
            }
        }
        let _ = write!(
            text,
            "\n\nclass {prefix}ResourcesWithResponse:\n    \"\"\"The resources of a client, with methods that return a :class:`Response`.\"\"\"\n\n    def __init__(self, resources: {prefix}Resources) -> None:\n        self._resources = resources\n"
        );
        for r in resources {
            let _ = write!(
                text,
                "\n    @cached_property\n    def {name}(self) -> {prefix}{class}WithResponse:\n{}        return {prefix}{class}WithResponse(self._resources.{name})\n",
                docstring(&r.doc, 8),
                name = ident(&r.name),
                class = r.name.pascal(),
            );
        }
    }
    Ok(File { path: format!("{DIR}/with_response.py"), text })
}
