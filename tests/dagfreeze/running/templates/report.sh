{% include "templates/head.sh" %}
echo "{{ params.who }} sells {{ params.amount }} at {{ rate }} on {{ ds }}: {{ (params.amount * rate) | twice }}"
