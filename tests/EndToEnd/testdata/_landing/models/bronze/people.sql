{{ config materialized: "incremental" }}
select id, name, born, _source_file, _source_row from {{ source "hr" "people" }}
