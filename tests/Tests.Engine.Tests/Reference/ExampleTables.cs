using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Tests.Reference;

/// <summary>The two tables of the reference's examples.</summary>
internal static class ExampleTables
{
    public const string Orders = """
        | id | customer_id | status | amount | ordered_at |
        |---|---|---|---|---|
        | 1 | 10 | placed | 20.00 | 2026-11-19 08:00 |
        | 2 | 10 | shipped | 35.50 | 2026-11-19 12:30 |
        | 3 | 20 | shipped | 12.00 | 2026-11-20 09:15 |
        | 4 | 30 | returned | 80.00 | 2026-11-20 18:00 |
        | 4 | 30 | returned | 80.00 | 2026-11-20 18:00 |
        | 5 | null | null | null | 2026-11-21 07:45 |
        """;

    public static CheckRelation Create(TestEngine engine)
    {
        engine.Execute("create table customers (id integer)");
        engine.Execute("insert into customers values (10), (20)");
        engine.Execute(
            "create table orders (id integer, customer_id integer, status text, amount decimal(8,2), ordered_at timestamp)"
        );
        foreach (var line in Orders.Split('\n').Skip(2))
        {
            var cells = line.Trim('|', '\r')
                .Split('|')
                .Select(c => c.Trim())
                .Select(c => c == "null" ? c : $"'{c}'");
            engine.Execute($"insert into orders values ({string.Join(", ", cells)})");
        }
        return Given.Relation(
            "orders",
            ("id", "integer"),
            ("customer_id", "integer"),
            ("status", "varchar"),
            ("amount", "decimal(8,2)"),
            ("ordered_at", "timestamp")
        );
    }
}
