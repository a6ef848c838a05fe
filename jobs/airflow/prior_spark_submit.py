"""Weekly: a prior from the week's pairs, and predictions for the week's texts, by spark-submit."""

from __future__ import annotations

from datetime import timedelta

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG

from prior_steps import DAG_ARGS, publish, reject, verdict

DAY = "ds={{ ds }}"
CONFIG = "{{ var.json.prior.config }}"
PAIRS = "{{ var.json.prior.pairs }}/" + DAY
TEXTS = "{{ var.json.prior.texts }}/" + DAY
ROOT = "{{ var.json.prior.root }}"
DATA = f"{ROOT}/data/{DAY}"
RUN = f"{ROOT}/runs/{DAY}"
EVALUATION = f"{ROOT}/evaluation/{DAY}"
PREDICTED = f"{ROOT}/predicted"


def job(task_id: str, main: str, arguments: list[str], hours: int) -> SparkSubmitOperator:
    """One of the jobs, with at most so many hours for a try."""
    return SparkSubmitOperator(
        task_id=task_id,
        conn_id="prior_spark",
        name=f"prior-{task_id}-" + "{{ ds }}",
        application="{{ var.json.prior.jar }}",
        java_class=main,
        properties_file="{{ var.json.prior.properties }}",
        files="{{ var.json.prior.files }}",
        conf={
            "spark.executor.instances": "{{ params.workers }}",
            "spark.executor.cores": "{{ params.cores }}",
            "spark.task.cpus": "{{ params.cores }}",
        },
        env_vars={"OMP_NUM_THREADS": "1"},
        application_args=arguments,
        execution_timeout=timedelta(hours=hours),
    )


with DAG(dag_id="prior_spark_submit", **DAG_ARGS):
    # fmt: off
    prepare = job("prepare", "PriorPrepareJob", [
        "--config", CONFIG,
        "--input", PAIRS,
        "--output", DATA,
        "--mode", "overwrite",
    ], hours=6)
    train = job("train", "PriorTrainJob", [
        "--config", CONFIG,
        "--set", f"data.train={DATA}/train",
        "--set", "spark.workers={{ params.workers }}",
        "--run", RUN,
        "--mode", "resume",
    ], hours=24)
    evaluate = job("evaluate", "PriorEvalJob", [
        "--model", RUN,
        "--input", f"{DATA}/test",
        "--output", EVALUATION,
        "--mode", "overwrite",
    ], hours=2)
    infer = job("infer", "PriorInferJob", [
        "--model", RUN,
        "--input", TEXTS,
        "--output", PREDICTED,
        "--partition", DAY,
        "--mode", "resume",
    ], hours=12)
    # fmt: on
    decision = verdict(EVALUATION)
    prepare >> train >> evaluate >> decision >> [infer, reject(EVALUATION)]
    infer >> publish(f"{PREDICTED}/{DAY}")
