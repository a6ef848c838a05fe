"""Arguments and templated fields of SparkSubmitOperator in apache-airflow-providers-apache-spark 6.3."""

from airflow.sdk import Operator


class SparkSubmitOperator(Operator):
    template_fields = (
        "application", "conf", "files", "py_files", "jars", "driver_class_path", "packages",
        "exclude_packages", "keytab", "principal", "proxy_user", "name", "application_args",
        "env_vars", "post_submit_commands", "properties_file",
    )
    known = set(template_fields) | {
        "conn_id", "archives", "java_class", "repositories", "total_executor_cores",
        "executor_cores", "executor_memory", "driver_memory", "num_executors",
        "status_poll_interval", "verbose", "spark_binary", "yarn_queue", "deploy_mode",
        "use_krb5ccache", "track_driver_via_k8s_api", "yarn_track_via_rm_api", "yarn_rm_auth",
        "durable",
    }
