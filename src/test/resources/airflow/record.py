"""
Imports a DAG file against the stand-ins, and answers in JSON.

    record.py DAG_FILE CONTEXT tasks           the tasks, rendered
    record.py DAG_FILE CONTEXT call TASK_ID    what the task's Python function returned

CONTEXT is JSON with ds, run_id, var and params; params stand over the DAG's defaults.
"""

import importlib.util
import inspect
import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk import DAG

EXPRESSION = re.compile(r"\{\{\s*([\w.]+)\s*}}")


def load(file):
    sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return DAG.current


def value(path, context):
    """A dotted name of Jinja; var.json.prior.root is context["var"]["prior"]["root"]."""
    found = context
    for part in path.replace("var.json.", "var.").split("."):
        found = found[part]
    return found


def render(given, context):
    if isinstance(given, str):
        rendered = EXPRESSION.sub(lambda match: str(value(match.group(1), context)), given)
        if "{{" in rendered or "{%" in rendered:
            raise ValueError(f"more Jinja than the stand-in knows: {given}")
        return rendered
    if isinstance(given, (list, tuple)):
        return [render(one, context) for one in given]
    if isinstance(given, dict):
        return {key: render(one, context) for key, one in given.items()}
    return given


def fields(task, context, folder):
    """Its arguments, templated ones rendered; files that are templates with their text."""
    shown = {}
    for name, given in task.given.items():
        if name in task.template_fields:
            if isinstance(given, str) and given.endswith(".yaml"):
                given = (folder / given).read_text()
            shown[name] = render(given, context)
        elif "{{" in str(given):
            raise ValueError(f"{name} of {task.given['task_id']} is not templated: {given}")
        elif isinstance(given, timedelta):
            shown[name] = given.total_seconds()
        elif isinstance(given, (str, int, float, list, dict)):
            shown[name] = given
    return shown


def call(task, context):
    """Runs a Python task; the context's values go to parameters of their name, as in Airflow."""
    function = task.given["python_callable"]
    named = {name: context[name] for name in inspect.signature(function).parameters if name in context}
    return function(
        *render(task.given["op_args"], context),
        **{**named, **render(task.given["op_kwargs"], context)},
    )


def plain(given):
    if isinstance(given, (datetime, timedelta)):
        return str(given)
    return {"default": given.default, **given.schema}


def main(dag_file, context, what, task_id=None):
    dag = load(Path(dag_file))
    context = json.loads(context)
    defaults = {name: param.default for name, param in dag.given["params"].items()}
    context["params"] = {**defaults, **context.get("params", {})}
    if what == "call":
        return call(dag.tasks[task_id], context)
    tasks = {
        name: {
            "kind": type(task).__name__,
            "upstream": task.upstream,
            "given": fields(task, context, Path(dag_file).parent),
        }
        for name, task in dag.tasks.items()
    }
    return {"dag": dag.given, "tasks": tasks}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:]), default=plain))
