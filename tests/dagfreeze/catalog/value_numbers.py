"""Numbers at the edges: 5000 digits, not a number, infinities, minus zero, long floats, complex, True beside 1."""
# expect: frozen or refused: digits

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

HUGE = 10**5000 + 7


def use(*args, power=HUGE):
    return power % 10, args


with DAG("value_numbers", schedule=None):
    PythonOperator(
        task_id="use",
        python_callable=use,
        op_args=[
            float("nan"),
            float("inf"),
            float("-inf"),
            -0.0,
            0.1 + 0.2,
            1e-320,
            1e400,
            5e15,
            -(2**63),
            0x7F,
        ],
        op_kwargs={"flags": [True, 1, 1.0, False, 0, None], "complex": complex(0.0, -0.0), "sub": True + 1},
    )
