select *
from {{ params.table | default("orders") }}
{% include 'templates/part.sql' %}
