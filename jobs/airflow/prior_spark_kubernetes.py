"""The same on Kubernetes' Spark operator: each job is a SparkApplication of kubernetes/*.yaml."""

from __future__ import annotations

from datetime import timedelta

from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator
from airflow.sdk import DAG

from prior_steps import DAG_ARGS, publish, reject, verdict

ROOT = "{{ var.json.prior.root }}"
EVALUATION = ROOT + "/evaluation/ds={{ ds }}"
PREDICTED = ROOT + "/predicted/ds={{ ds }}"


def job(task_id: str, hours: int) -> SparkKubernetesOperator:
    """One of the jobs, with at most so many hours for a try."""
    return SparkKubernetesOperator(
        task_id=task_id,
        kubernetes_conn_id="kubernetes_default",
        namespace="{{ var.json.prior.namespace }}",
        application_file=f"kubernetes/{task_id}.yaml",
        execution_timeout=timedelta(hours=hours),
    )


with DAG(dag_id="prior_spark_kubernetes", **DAG_ARGS):
    prepare = job("prepare", hours=6)
    train = job("train", hours=24)
    evaluate = job("evaluate", hours=2)
    infer = job("infer", hours=12)
    decision = verdict(EVALUATION)
    prepare >> train >> evaluate >> decision >> [infer, reject(EVALUATION)]
    infer >> publish(PREDICTED)
