{{ config
     materialized: "cdc"
     unique_key: ["id"]
     sequence_by: ["_source_ts_ms", "_pos"]
     apply_as_deletes: "_op = 'd'"
     except_columns: ["_op", "_ts_ms", "_source_ts_ms", "_lsn", "_pos", "_table"] }}

{{ debezium (changes "product_events") {
     id: "integer", name: "text", description: "text", weight: "double", age: "text", address: "text", row: "text"
   } where: "not _malformed" }}
