{{ config(
    materialized: "cdc",
    unique_key: ["user_id"],
    sequence_by: ["signed_in_at", "event_id"],
    apply_as_deletes: "event_type = 'logout'",
    except_columns: ["event_type", "event_id"]
) }}

-- Who is signed in: a login brings a user in, a logout takes the user out, and the later of the two counts by the
-- event's own time. A logout that comes in days late does not sign out a user who has signed in again since.
select
    user_id,
    source,
    event_at as signed_in_at,
    event_type,
    event_id
from {{ changes "silver_events" }}
where _change = 'insert' and event_type in ('login', 'logout')
