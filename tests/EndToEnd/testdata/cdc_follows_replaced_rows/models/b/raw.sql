{{ config materialized: "incremental" }}
select day, id, v from {{ source "landing" "sales" }}
