{{ config materialized: "incremental" incremental_strategy: "append" }}

-- Real tracker events in the words of the shop. Every row of the three trackers becomes one event:
--   application_foreground                                   -> login    the user comes to the app
--   application_background                                   -> logout   the user leaves it
--   an e-commerce action 'transaction', or any event that
--   carries a transaction                                    -> purchase
--   page_view, page_ping, struct events, screen_view, links,
--   consent, product views, carts, checkout steps, refunds   -> click    the user does something on a page or screen
-- The user is the tracker's first-party id, else its network id; the time is the one corrected for the device's clock.
with tracked as (
    select
        event_id,
        coalesce(domain_userid, network_userid) as user_id,
        event_name,
        page_urlpath as page,
        null as action,
        null as transactions,
        derived_tstamp,
        platform,
        year, month, day, _source_file, _source_row, _ingested_at, _batch_id, _malformed, _raw
    from {{ source "landing" "web_events" }}
    union all
    select
        event_id,
        network_userid,
        event_name,
        json_extract_string(screen_view, '$.name'),
        null,
        null,
        derived_tstamp,
        platform,
        year, month, day, _source_file, _source_row, _ingested_at, _batch_id, _malformed, _raw
    from (
        select *, unstruct_event_com_snowplowanalytics_mobile_screen_view_1_0_0 as screen_view
        from {{ source "landing" "mobile_events" }}
    )
    union all
    select
        event_id,
        coalesce(domain_userid, network_userid),
        event_name,
        page_urlpath,
        json_extract_string(
            unstruct_event_com_snowplowanalytics_snowplow_ecommerce_snowplow_ecommerce_action_1_0_0,
            '$.type'
        ),
        json_array_length(contexts_com_snowplowanalytics_snowplow_ecommerce_transaction_1_0_0),
        derived_tstamp,
        platform,
        year, month, day, _source_file, _source_row, _ingested_at, _batch_id, _malformed, _raw
    from {{ source "landing" "ecommerce_events" }}
)

select
    event_id,
    user_id,
    case
        when event_name = 'application_foreground' then 'login'
        when event_name = 'application_background' then 'logout'
        when action = 'transaction' or transactions > 0 then 'purchase'
        else 'click'
    end as event_type,
    page,
    derived_tstamp as "timestamp",
    case platform when 'mob' then 'mobile' else platform end as source,
    year,
    month,
    day,
    _source_file,
    _source_row,
    _ingested_at,
    _batch_id,
    _malformed,
    _raw
from tracked
