-- No day has more active users than there are users at all, and both tables that state the number agree.
with everyone as (
    select count(distinct user_id) as users
    from {{ ref "silver_events" }}
)

select dau.event_date, dau.dau_count, conversion.dau_count as dau_count_of_conversion, everyone.users
from {{ ref "daily_active_users" }} as dau
cross join everyone
left join {{ ref "conversion_rate_daily" }} as conversion on conversion.event_date = dau.event_date
where dau.dau_count > everyone.users
    or conversion.dau_count is null
    or conversion.dau_count <> dau.dau_count
