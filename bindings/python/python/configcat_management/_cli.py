"""Small command line, for quick queries without a script."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from . import Client, ConfigCatError, ModelList, __version__, _native, _table
from ._completion import script
from ._native import describe
from ._types import is_list

EPILOG = """\
examples:
  configcat-management whoami
  configcat-management get products
  configcat-management get settings CONFIG_ID --json
  configcat-management get settings.get SETTING_ID
  configcat-management call settings.create config_id=CONFIG_ID key=newCheckout name="New checkout" setting_type=boolean
  configcat-management call flag_values.patch environment_id=ID setting_id=1 patch=@changes.json reason=Launch

Credentials come from CONFIGCAT_API_USER and CONFIGCAT_API_PASS.
"""


class UsageError(Exception):
    """Invalid command line arguments."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a command. Returns 0 on success, 1 if a call failed, 2 if the command line is invalid."""
    options = _parser().parse_args(arguments)
    operations = {operation["id"]: operation for operation in describe()}
    try:
        status = int(options.command(options, operations))
        sys.stdout.flush()
        return status
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader closed the pipe, as ``head`` does. Also discard what the interpreter flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ConfigCatError, TypeError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="configcat-management",
        description="Command line for the ConfigCat Public Management API.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shape = argparse.ArgumentParser(add_help=False)
    form = shape.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON (default if the output is not a terminal)")
    form.add_argument("--table", action="store_true", help="print a table (default in a terminal)")

    whoami = commands.add_parser("whoami", parents=[shape], help="show the user that the credentials belong to")
    whoami.set_defaults(command=_whoami)

    get = commands.add_parser("get", parents=[shape], help="list a resource, or get one item")
    resource_help = "resource such as products or configs, or operation such as settings.get"
    get.add_argument("resource", metavar="RESOURCE", help=resource_help)
    get.add_argument("rest", nargs="*", metavar="ID|key=value", help="ids in path order, then optional arguments")
    get.set_defaults(command=_get)

    call = commands.add_parser("call", parents=[shape], help="call any operation")
    call.add_argument("operation", metavar="OPERATION", help="operation such as settings.create; see 'operations'")
    call.add_argument("rest", nargs="*", metavar="key=value", help="arguments; lists and objects as JSON, or @FILE")
    call.set_defaults(command=_call)

    listing = commands.add_parser("operations", help="list all operations, or the arguments of one")
    listing.add_argument("name", nargs="?", metavar="OPERATION")
    listing.set_defaults(command=_operations)

    completion = commands.add_parser("completion", help="print a completion script for a shell")
    completion.add_argument("shell", choices=["bash", "zsh", "fish"])
    completion.set_defaults(command=_completion)
    return parser


def _whoami(options: argparse.Namespace, operations: dict[str, Any]) -> int:
    return _run(options, operations["me.get"], {})


def _get(options: argparse.Namespace, operations: dict[str, Any]) -> int:
    ids = [word for word in options.rest if "=" not in word]
    named = [word for word in options.rest if "=" in word]
    if options.resource in operations:
        mine = [operations[options.resource]]
        return _read(options, mine, ids, named)
    mine = [o for o in operations.values() if o["resource"] == options.resource and o["http"] == "GET"]
    if not mine:
        raise UsageError(f"unknown resource {options.resource}{_hint(options.resource, _resources(operations))}")
    return _read(options, mine, ids, named)


def _read(options: argparse.Namespace, mine: list[Any], ids: list[str], named: list[str]) -> int:
    keys = {word.partition("=")[0] for word in named}
    count = f"{len(ids)} id" if len(ids) == 1 else f"{len(ids)} ids"
    scopes = keys & {name for o in mine for name in _path_parameters(o)}
    fitting = [o for o in mine if len(_unnamed(o, keys)) == len(ids) and scopes.issubset(_path_parameters(o))]
    if not fitting:
        raise UsageError(f"{options.resource}: no query takes {count}; the queries are {_ways(mine)}")
    # Prefers `list`, then `get`.
    plain = {"list": 0, "get": 1}
    rank = min((plain.get(o["method"], 2), o["deprecated"]) for o in fitting)
    best = [o for o in fitting if (plain.get(o["method"], 2), o["deprecated"]) == rank]
    if len(best) > 1:
        # The ids have the same form: the wrong query would report that nothing was found.
        example = f"{options.resource} {_unnamed(best[0], keys)[0]}=ID" if ids else best[0]["id"]
        several = f"several queries take {count}: {_ways(best)}"
        raise UsageError(f"{options.resource}: {several}; name one of them, or the id, as in get {example}")
    [operation] = best
    arguments = dict(zip(_unnamed(operation, keys), ids)) | _pairs(operation, named)
    return _run(options, operation, arguments)


def _unnamed(operation: Any, keys: set[str]) -> list[str]:
    """Returns the path parameters that are not among the keys of arguments."""
    return [name for name in _path_parameters(operation) if name not in keys]


def _ways(operations: list[Any]) -> str:
    """Lists operations with the ids that they take."""
    return "; ".join(f"{o['id']} {' '.join(_path_parameters(o))}".strip() for o in operations)


def _call(options: argparse.Namespace, operations: dict[str, Any]) -> int:
    operation = _operation(options.operation, operations)
    return _run(options, operation, _pairs(operation, options.rest))


def _operations(options: argparse.Namespace, operations: dict[str, Any]) -> int:
    if options.name is None:
        width = max(map(len, operations))
        for operation in operations.values():
            print(f"{operation['id']:<{width}}  {operation['summary']}")
        return 0
    operation = _operation(options.name, operations)
    print(f"{operation['id']}: {operation['summary']}\n{operation['http']} {operation['path']}\n")
    for argument in _arguments(operation):
        values = f" ({', '.join(argument['values'])})" if argument["values"] else ""
        need = "required" if argument["required"] else "optional"
        print(f"  {argument['name']}={argument['type']}{values}  {need}")
    return 0


def _completion(options: argparse.Namespace, operations: dict[str, Any]) -> int:
    print(script(options.shell, _resources(operations), list(operations)), end="")
    return 0


def _resources(operations: dict[str, Any]) -> list[str]:
    return sorted({operation["resource"] for operation in operations.values()})


def _operation(name: str, operations: dict[str, Any]) -> Any:
    for operation in operations.values():
        if name in (operation["id"], operation["operationId"]):
            return operation
    raise UsageError(f"unknown operation {name}{_hint(name, list(operations))}")


def _hint(name: str, known: list[str]) -> str:
    similar = _native.suggestions(name, known, 1)
    return f"; did you mean {similar[0]}?" if similar else ""


def _path_parameters(operation: Any) -> list[str]:
    return [parameter["name"] for parameter in operation["parameters"] if parameter["required"]]


def _arguments(operation: Any) -> list[Any]:
    patch: list[Any] = [{"name": "patch", "type": "list", "values": [], "required": True}] if operation["patch"] else []
    return [*operation["parameters"], *operation["fields"], *patch]


def _pairs(operation: Any, words: list[str]) -> dict[str, Any]:
    """Parses ``key=value`` arguments, each as the type that the spec declares."""
    types = {argument["name"]: argument["type"] for argument in _arguments(operation)}
    arguments: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            raise UsageError(f"{word}: arguments are written key=value")
        if name not in types:
            raise UsageError(f"{operation['id']} has no argument {name}{_hint(name, list(types))}")
        if name in arguments:
            how = f"; write a list as JSON: {name}='[..., ...]'" if types[name] == "list" else ""
            raise UsageError(f"{name} is present more than once{how}")
        arguments[name] = _value(name, types[name], text)
    return arguments


def _value(name: str, type_name: str, text: str) -> Any:
    if text.startswith("@"):
        with open(text[1:], encoding="utf-8") as file:
            text = file.read()
    if text == "null":
        return None
    if type_name == "string":
        return text
    try:
        return json.loads(text)
    except ValueError:
        if type_name == "value":
            return text
        raise UsageError(f"{name}: {text!r} is not a valid {type_name}") from None


def _run(options: argparse.Namespace, operation: Any, arguments: dict[str, Any]) -> int:
    missing = [name for name in _path_parameters(operation) if name not in arguments]
    if missing:
        raise UsageError(f"{operation['id']}: {', '.join(missing)} missing")
    positional = [arguments.pop(name) for name in _path_parameters(operation)]
    if operation["patch"]:
        positional.append(arguments.pop("patch", []))
    with Client(caller_id=f"configcat-management-cli/{__version__}") as client:
        method = getattr(getattr(client, operation["resource"]), operation["method"])
        _show(method(*positional, **arguments), options)
    return 0


def _show(value: Any, options: argparse.Namespace) -> None:
    if options.json or not (options.table or sys.stdout.isatty()):
        plain = value.to_dicts() if isinstance(value, ModelList) else _plain(value)
        print(json.dumps(plain, indent=2, ensure_ascii=False))
    elif _is_rows(value):
        print(_table.table(value, rows=None, json=True))
    elif hasattr(value, "__match_args__"):
        _show_object(value)
    elif value is not None:
        print(_table.cell(value, None, json=True))


def _show_object(value: Any) -> None:
    """Prints a line per attribute, then a table per list of objects."""
    names = _table.columns(value)
    lists = [name for name in names if _is_rows(getattr(value, name))]
    names = [name for name in names if name not in lists]
    width = max(map(len, names), default=0)
    for name in names:
        print(f"{name:<{width}}  {_table.cell(getattr(value, name), None, json=True)}".rstrip())
    for name in lists:
        print(f"\n{name}:\n{_table.table(getattr(value, name), rows=None, json=True)}")


def _is_rows(value: Any) -> bool:
    """Whether a value is a list of objects."""
    return isinstance(value, ModelList) or (is_list(value) and bool(value) and hasattr(value[0], "__match_args__"))


def _plain(value: Any) -> Any:
    if is_list(value):
        return [_plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value
