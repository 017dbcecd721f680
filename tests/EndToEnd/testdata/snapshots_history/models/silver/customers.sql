select id, city, changed_at from {{ ref "raw_customers" }}
