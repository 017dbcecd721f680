{{ config
     materialized: "cdc"
     unique_key: ["id"]
     sequence_by: "seq"
     apply_as_deletes: "op = 'd'"
     except_columns: ["op", "day"]
     tombstone_retention: "0 minutes" }}

select * from {{ changes "events" }}
