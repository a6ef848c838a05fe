"""What both DAGs share: defaults, parameters, and the steps that need no Spark."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import ObjectStoragePath, Param, task

PUBLISHED = "_PUBLISHED"

DEFAULT_ARGS = {
    "pool": "prior",
    "retries": 2,
    # Longer than the 40 s after which the lease of a dead job on another host falls.
    "retry_delay": timedelta(minutes=2),
    # Of the steps that only look at a storage; the jobs have their own.
    "execution_timeout": timedelta(minutes=10),
}

PARAMS = {
    "workers": Param(2, type="integer", minimum=1, description="Executors, one worker on each."),
    "cores": Param(4, type="integer", minimum=1, description="Cores of each executor."),
    "at_least": Param(
        {"rows": 1000, "cosine_predicted_image": 0.5, "recall_at_10": 0.05},
        type="object",
        description="Measures of evaluation.json, and what a model must reach to be used.",
    ),
    "at_most": Param(
        {"cosine_predicted_unrelated_text": 0.3},
        type="object",
        description="The same, and what it must not exceed.",
    ),
}

DAG_ARGS = {
    "schedule": "@weekly",
    "start_date": datetime(2026, 1, 4, tzinfo=timezone.utc),
    "catchup": False,
    "max_active_runs": 1,
    "dagrun_timeout": timedelta(days=5),
    "default_args": DEFAULT_ARGS,
    "params": PARAMS,
    "tags": ["prior"],
}


def shortcomings(
    report: Mapping[str, Any],
    at_least: Mapping[str, float],
    at_most: Mapping[str, float],
) -> list[str]:
    """Say which measures miss their bounds; one that is missing, null or NaN does."""

    def number(name: str) -> float:
        value = report.get(name)
        return float("nan") if value is None else float(value)

    return [
        f"{name} = {report.get(name)}, expected at least {bound}"
        for name, bound in at_least.items()
        if not number(name) >= bound
    ] + [
        f"{name} = {report.get(name)}, expected at most {bound}"
        for name, bound in at_most.items()
        if not number(name) <= bound
    ]


def judge(evaluation: str, params: Mapping[str, Any]) -> list[str]:
    """Compare the report of PriorEvalJob in a folder with the bounds of the DAG's parameters."""
    report = json.loads((ObjectStoragePath(evaluation) / "evaluation.json").read_text())
    return shortcomings(report, params["at_least"], params["at_most"])


@task.branch
def verdict(evaluation: str, params: Mapping[str, Any] | None = None) -> str:
    """Choose the task that follows: predictions for a good model, an alarm for another."""
    return "reject" if judge(evaluation, params or {}) else "infer"


@task(retries=0)
def reject(evaluation: str, params: Mapping[str, Any] | None = None) -> None:
    """Fail the run with what the model fell short of; what was published stays current."""
    raise ValueError(
        f"Cannot use the model evaluated in {evaluation}: "
        + "; ".join(judge(evaluation, params or {}))
        + "; fix: train longer or on more data, or change the DAG's at_least and at_most"
    )


@task
def publish(folder: str, run_id: str | None = None) -> str:
    """
    Make a folder of whole predictions one that readers may take.

    The marker's existence is what counts: making one small file is atomic on file systems and
    object stores alike, which replacing a pointer is not. A second try changes nothing.
    """
    predictions = ObjectStoragePath(folder)
    if not (predictions / "_SUCCESS").exists():
        raise FileNotFoundError(
            f"Cannot publish {folder}: expected _SUCCESS, found none; fix: run infer to its end"
        )
    (predictions / PUBLISHED).write_text(f"{run_id}\n")
    return folder


def current(predictions: str) -> str:
    """Return the folder that readers should read: the last date that is published."""
    dates = [
        date for date in ObjectStoragePath(predictions).iterdir() if (date / PUBLISHED).exists()
    ]
    if not dates:
        raise FileNotFoundError(f"Cannot find predictions in {predictions}: none is published")
    return str(max(dates, key=lambda date: date.name))
