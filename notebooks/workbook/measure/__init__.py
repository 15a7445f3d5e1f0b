"""What is measured on a real Airflow, a function for each measurement; lessons and benches call the same."""
