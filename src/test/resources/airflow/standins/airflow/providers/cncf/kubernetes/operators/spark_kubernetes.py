"""Arguments and templated fields of SparkKubernetesOperator in apache-airflow-providers-cncf-kubernetes."""

from airflow.sdk import Operator


class SparkKubernetesOperator(Operator):
    template_fields = ("application_file", "namespace", "template_spec", "kubernetes_conn_id")
    known = set(template_fields) | {
        "image", "code_path", "name", "get_logs", "do_xcom_push", "success_run_history_limit",
        "startup_timeout_seconds", "log_events_on_failure", "reattach_on_restart",
        "delete_on_termination", "random_name_suffix",
    }
