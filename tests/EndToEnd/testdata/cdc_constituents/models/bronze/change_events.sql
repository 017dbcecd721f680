{{ config materialized: "incremental" incremental_strategy: "append" }}

select _raw, _malformed, _source_file, _source_row from {{ source "landing" "changes" }}
