"""Characters that editors, terminals and encodings trip over: NUL, controls, bidi marks, zero widths, emoji."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

BIDI = "\u202e\u2066 if admin \u2069\u2066\u202c\u200f\u061c"
ZERO = "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg"
CONTROL = "".join(map(chr, range(32))) + "\x7f" + "".join(map(chr, range(0x80, 0xA1)))
LINES = "a\nb\r\nc\rd\x0be\x0cf\x1cg\x1dh\x1ei\x85j\u2028k\u2029l"
OTHER = "é e\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U000e0041 \ue000 \ufffe \uffff \U0010ffff ﷽ 𝐱"

with DAG(
    "text_odd_characters", schedule=None, doc_md=BIDI + LINES, description=ZERO, tags=[OTHER[:20], "ﬁ", "fi"]
):
    BashOperator(task_id="say", bash_command=CONTROL, env={BIDI: ZERO, LINES: OTHER}, doc_md=CONTROL + LINES)
