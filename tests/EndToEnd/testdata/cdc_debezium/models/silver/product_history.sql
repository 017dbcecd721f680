{{ config
     materialized: "cdc"
     unique_key: ["id"]
     sequence_by: ["_ts_ms", "_lsn"]
     apply_as_deletes: "_op = 'd'"
     except_columns: ["_op", "_ts_ms", "_source_ts_ms", "_lsn", "_pos", "_table"] scd_type: 2 }}

{{ debezium (changes "product_events") { id: "integer", "unit price": "decimal(8, 2)", tags: "varchar" } where: "not _malformed" }}
