"""DAG, operators, task decorators and paths, as far as a DAG file can tell the difference."""

from pathlib import Path

ObjectStoragePath = Path

DAG_ARGUMENTS = {
    "dag_id", "schedule", "start_date", "catchup", "max_active_runs", "dagrun_timeout",
    "default_args", "params", "tags", "description",
}
BASE_ARGUMENTS = {
    "task_id", "pool", "pool_slots", "retries", "retry_delay", "retry_exponential_backoff",
    "max_retry_delay", "execution_timeout", "trigger_rule", "depends_on_past", "owner",
    "queue", "priority_weight", "doc_md", "max_active_tis_per_dag", "email_on_failure",
}


def refuse_unknown(name, given, known):
    unknown = sorted(set(given) - known)
    if unknown:
        raise TypeError(f"{name} got unknown arguments {unknown}")


class Param:
    def __init__(self, default=None, **schema):
        self.default = default
        self.schema = schema


class DAG:
    current = None

    def __init__(self, **given):
        refuse_unknown("DAG", given, DAG_ARGUMENTS)
        self.given = given
        self.tasks = {}

    def __enter__(self):
        DAG.current = self
        return self

    def __exit__(self, *_):
        pass


class Operator:
    """A task: what it was given, what its DAG gives every task, and what runs before it."""

    template_fields = ()
    known = frozenset()

    def __init__(self, **given):
        refuse_unknown(type(self).__name__, given, BASE_ARGUMENTS | self.known)
        dag = DAG.current
        self.given = {**dag.given.get("default_args", {}), **given}
        self.upstream = []
        if given["task_id"] in dag.tasks:
            raise ValueError(f"two tasks are called {given['task_id']}")
        dag.tasks[given["task_id"]] = self

    def __rshift__(self, others):
        for other in others if isinstance(others, list) else [others]:
            other.upstream.append(self.given["task_id"])
        return others


class PythonTask(Operator):
    template_fields = ("op_args", "op_kwargs")
    known = {"python_callable", "op_args", "op_kwargs"}


class BranchTask(PythonTask):
    pass


class TaskDecorator:
    """@task, @task(...) and @task.branch."""

    @staticmethod
    def of(kind, function, options):
        def call(*args, **kwargs):
            return kind(
                task_id=function.__name__,
                python_callable=function,
                op_args=list(args),
                op_kwargs=kwargs,
                **options,
            )

        return call

    def __call__(self, function=None, **options):
        if function is None:
            return lambda later: self.of(PythonTask, later, options)
        return self.of(PythonTask, function, options)

    def branch(self, function):
        return self.of(BranchTask, function, {})


task = TaskDecorator()
