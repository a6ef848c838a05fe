"""Stand-ins for the few classes of Airflow that the DAGs use: they record how they were called."""
