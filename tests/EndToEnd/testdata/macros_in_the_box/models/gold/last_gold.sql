{{ deduplicate (ref "orders") "customer" "day desc, id desc" }}
