{{ config materialized: "view" }}
select id, note from {{ ref "orders" }}
