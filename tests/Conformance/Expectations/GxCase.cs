using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Strata.Compiler.Manifest;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Conformance.Expectations;

/// <summary>One line of cases.jsonl, run on an engine.</summary>
internal static class GxCase
{
    public static CaseResult Run(TestEngine engine, JsonElement line)
    {
        var name = line.GetProperty("expectation").GetString() ?? "";
        var isOptional =
            line.TryGetProperty("optional", out var optional) && optional.ValueKind == JsonValueKind.True;
        return new CaseResult(
            line.GetProperty("id").GetString() ?? "",
            $"{engine} {line.GetProperty("category").GetString()}{(isOptional ? " (optional)" : "")}",
            Check(engine, line, name)
        );
    }

    private static string? Check(TestEngine engine, JsonElement line, string name)
    {
        var expected = line.GetProperty("expected");
        var isOrdered =
            line.TryGetProperty("requires_row_order", out var order) && order.ValueKind == JsonValueKind.True;
        var hasRows = expected.TryGetProperty("unexpected_rows", out _);
        engine.Execute("drop schema if exists corpus cascade; create schema corpus");
        var relation = CaseTable.Create(
            engine,
            "corpus",
            "batch",
            line.GetProperty("data"),
            line.GetProperty("types"),
            line.TryGetProperty("db_types", out var exact) ? exact : null,
            isOrdered || hasRows
        );
        var others = new Dictionary<string, CheckRelation>();
        if (line.TryGetProperty("extra_tables", out var tables) && tables.ValueKind == JsonValueKind.Object)
        {
            engine.Execute(engine is PostgresEngine ? "set search_path = corpus" : "set schema = 'corpus'");
            foreach (var table in tables.EnumerateObject())
                others[table.Name] = CaseTable.Create(
                    engine,
                    "corpus",
                    table.Name,
                    table.Value.GetProperty("data"),
                    table.Value.GetProperty("types"),
                    null,
                    false
                );
        }
        var plan = CheckPlanner.Plan(
            Given.Request(engine, relation, Test(name, line.GetProperty("kwargs"), isOrdered, others)) with
            {
                Resolve = id => id == Given.Model ? relation : others[id],
            }
        );

        if (expected.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.True)
            return plan.Rejected.IsEmpty ? "was accepted, but should be rejected" : null;
        if (!plan.Rejected.IsEmpty)
            return $"rejected: {plan.Rejected[0].Diagnostics[0].Message}";
        try
        {
            var verdict = plan.Queries.SelectMany(q => q.Evaluate(engine.Query(q.Sql))).Single();
            return Compare(engine, expected, verdict, line);
        }
        catch (System.Data.Common.DbException exception)
        {
            return $"engine error: {exception.Message}";
        }
    }

    private static TestNode Test(
        string name,
        JsonElement kwargs,
        bool isOrdered,
        Dictionary<string, CheckRelation> others
    )
    {
        var arguments = ImmutableSortedDictionary.CreateBuilder<string, TestArgument>();
        string? column = null;
        foreach (var argument in kwargs.EnumerateObject())
        {
            if (argument.Name == "column")
                column = argument.Value.GetString();
            else if (argument.Name == "other_table_name" && argument.Value.GetString() is { } other)
                arguments[argument.Name] = new TestArgument(
                    other,
                    others.ContainsKey(other) ? other : null,
                    Given.File.Span(0, 6)
                );
            else
                arguments[argument.Name] = CaseArguments.Argument(argument.Value);
        }
        if (isOrdered)
            arguments["sort_column"] = new TestArgument(CaseTable.Ordinal, null, Given.File.Span(0, 6));
        return Given.Test(name, column) with { Arguments = arguments.ToImmutable() };
    }

    private static string? Compare(
        TestEngine engine,
        JsonElement expected,
        CheckVerdict verdict,
        JsonElement line
    )
    {
        var passes = verdict.Status == CheckStatus.Pass;
        if (expected.TryGetProperty("success", out var success) && success.GetBoolean() != passes)
            return $"expected success {success}, got {passes} ({verdict.Figures})";
        if (
            expected.TryGetProperty("unexpected_count", out var count)
            && count.ValueKind == JsonValueKind.Number
            && verdict.Observed is null
            && CountsRows(line)
            && count.GetInt64() != verdict.Failures
        )
            return $"expected {count} unexpected, got {verdict.Failures}";
        if (
            verdict.Checked is { } rows
            && expected.TryGetProperty("element_count", out var elements)
            && expected.TryGetProperty("missing_count", out var missing)
            && missing.ValueKind == JsonValueKind.Number
            && elements.GetInt64() - missing.GetInt64() != rows
        )
            return $"expected {elements} - {missing} checked rows, got {rows}";
        if (expected.TryGetProperty("unexpected_rows", out var positions))
        {
            var wanted = positions.EnumerateArray().Select(p => p.GetInt64()).Order().ToList();
            var limit = Math.Max(1000, wanted.Count + 1);
            var found = engine
                .Query($"select {CaseTable.Ordinal} from ({verdict.Check.FailingRowsSql(limit)}) as failing")
                .Select(row => Convert.ToInt64(row[0], CultureInfo.InvariantCulture))
                .Order()
                .ToList();
            if (!wanted.SequenceEqual(found))
                return $"expected rows [{string.Join(",", wanted)}], got [{string.Join(",", found)}]";
        }
        return Observed(expected, verdict, line);
    }

    private static bool CountsRows(JsonElement line) =>
        line.GetProperty("category").GetString()
            is "column_map"
                or "column_pair_map"
                or "multicolumn_map"
                or "query";

    private static string? Observed(JsonElement expected, CheckVerdict verdict, JsonElement line)
    {
        if (!expected.TryGetProperty("observed_value", out var wanted) || verdict.Observed is not { } found)
            return null;
        if (wanted.ValueKind == JsonValueKind.Null)
            return found is "null" or "nothing" ? null : $"expected no observed value, got {found}";
        if (wanted.ValueKind != JsonValueKind.Number)
            return null;
        if (!double.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return $"expected observed {wanted}, got {found}";
        var tolerance =
            line.TryGetProperty("rtol", out var r) && r.ValueKind == JsonValueKind.Number
                ? r.GetDouble()
                : 1e-7;
        var value = wanted.GetDouble();
        return Math.Abs(value - number) <= 5e-8 + tolerance * Math.Abs(value)
            ? null
            : $"expected observed {wanted}, got {found}";
    }
}
