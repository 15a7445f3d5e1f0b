cat {{ dag.folder }}/query.sql
