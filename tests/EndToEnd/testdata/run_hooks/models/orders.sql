{{ config materialized: "table" }}
select * from (values (1), (2)) as t(id)
