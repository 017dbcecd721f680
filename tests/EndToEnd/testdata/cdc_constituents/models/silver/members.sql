{{ config
     materialized: "cdc"
     unique_key: ["Symbol"]
     sequence_by: ["_lsn"]
     apply_as_deletes: "_op = 'd'"
     except_columns: ["_op", "_ts_ms", "_source_ts_ms", "_lsn", "_pos", "_table"] }}

{{ debezium (changes "change_events") {
     Symbol: "text", Security: "text", "GICS Sector": "text", "GICS Sub-Industry": "text",
     "Headquarters Location": "text", "Date added": "text", CIK: "text", Founded: "text"
   } where: "not _malformed" }}
