with pages as (
    select event_date, sum(purchase_count) as purchases
    from {{ ref "purchases_per_page_daily" }}
    group by event_date
)

select conversion.event_date, conversion.total_purchases, pages.purchases
from {{ ref "conversion_rate_daily" }} as conversion
left join pages on pages.event_date = conversion.event_date
where conversion.total_purchases <> coalesce(pages.purchases, 0)
