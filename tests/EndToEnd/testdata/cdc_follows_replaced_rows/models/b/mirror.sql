{{ config materialized: "cdc" unique_key: ["id"] sequence_by: "_change_batch" apply_as_deletes: "_change = 'delete'" }}
select id, day, v, _change, _change_batch from {{ changes "by_day" }}
