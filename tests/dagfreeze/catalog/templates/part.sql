where day = '{{ ds }}' -- "a quote" and a \ backslash
