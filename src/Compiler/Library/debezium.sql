{{
## The change events in Debezium's envelopes, with or without their schema part, as columns. relation: rows with one message
   each; columns: their types by name; envelope: the column that holds the message; where: SQL that chooses messages.
   Besides the columns: _op (c, u, d or r), _ts_ms, _source_ts_ms, _lsn, _pos and _table. ##
func debezium(relation, columns, envelope = "_raw", where = "true")
  $items = []
  for column in columns
    $items = $items << ("cast(_row ->> " + (sql_literal column.key) + " as " + column.value + ") as " + (sql_identifier column.key))
  end
  ## a message without a body says that Kafka may forget a key; its delete came before ##
  ret "select\n    " + ($items | array.join ",\n    ") + ",\n    _envelope ->> 'op' as _op,\n    cast(_envelope ->> 'ts_ms' as bigint) as _ts_ms,\n    cast(_source ->> 'ts_ms' as bigint) as _source_ts_ms,\n    cast(_source ->> 'lsn' as bigint) as _lsn,\n    cast(_source ->> 'pos' as bigint) as _pos,\n    _source ->> 'table' as _table\nfrom (\n    select *, _envelope -> 'source' as _source,\n      case when (_envelope ->> 'op') = 'd' then _envelope -> 'before' else _envelope -> 'after' end as _row\n    from (\n      select case when (_message ->> 'op') is null then _message -> 'payload' else _message end as _envelope\n      from (select cast(" + envelope + " as json) as _message from " + relation + " as messages where (" + where + ") and " + envelope + " like '%{%') as messages\n    ) as envelopes\n  ) as events\nwhere (_envelope ->> 'op') in ('c', 'u', 'd', 'r')"
end
}}
