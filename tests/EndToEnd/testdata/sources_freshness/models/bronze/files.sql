select id from {{ source "loads" "files" }}
