{{ config materialized: "incremental" }}
select 1 as id, timestamp '2025-01-01' as happened_at
