select id, city, valid_from as moved_in_at from {{ ref "customers_history" }}
