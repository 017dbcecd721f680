{{ config materialized: "incremental" incremental_strategy: "delete+insert" unique_key: ["day"] }}
select day, id, v from {{ changes "raw" }} where _change = 'insert'
