"""Two hundred tasks in a grid, each after its three neighbours above."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("dag_of_two_hundred_tasks", schedule=None):
    grid = [
        [
            BashOperator(task_id=f"cell_{row}_{column}", bash_command=f"echo {row * column}")
            for column in range(10)
        ]
        for row in range(20)
    ]
    for upper, lower in zip(grid, grid[1:], strict=False):
        for column, cell in enumerate(lower):
            upper[max(0, column - 1) : column + 2] >> cell
