{{ config strategy: "check" unique_key: "city" check_cols: ["customers"] }}

select city, count(*) as customers from {{ ref "customers" }} group by city
