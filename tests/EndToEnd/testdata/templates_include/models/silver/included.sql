select
    {{ include "fragments/paid.sql" "orders_in_all" }}
