using System.Collections.Immutable;
using System.Text.Json;
using Strata.Compiler.Manifest.Tests;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Conformance.Expectations;

/// <summary>One line of dbt_cases.jsonl, run on an engine.</summary>
internal static class DbtCase
{
    public static bool AppliesTo(TestEngine engine, JsonElement line) =>
        line.GetProperty("engines").EnumerateArray().Any(e => e.GetString() == engine.Dialect.Name);

    public static CaseResult Run(TestEngine engine, JsonElement line)
    {
        var name = line.GetProperty("test").GetString() ?? "";
        return new CaseResult(
            line.GetProperty("id").GetString() ?? "",
            $"{engine} {name.Split('.')[0]}",
            Check(engine, line, name)
        );
    }

    private static string? Check(TestEngine engine, JsonElement line, string name)
    {
        engine.Execute("drop schema if exists corpus cascade; create schema corpus");
        var model = line.GetProperty("model").GetString() ?? "";
        var relations = new Dictionary<string, CheckRelation>
        {
            [model] = CaseTable.Create(
                engine,
                "corpus",
                model,
                line.GetProperty("data"),
                line.GetProperty("types"),
                null,
                false
            ),
        };
        foreach (var other in line.GetProperty("refs").EnumerateObject())
            relations.TryAdd(
                other.Name,
                CaseTable.Create(
                    engine,
                    "corpus",
                    other.Name,
                    other.Value.GetProperty("data"),
                    other.Value.GetProperty("types"),
                    null,
                    false
                )
            );
        var test = Given.Test(name, line.GetProperty("column").GetString()) with
        {
            Arguments = line.GetProperty("args")
                .EnumerateObject()
                .ToImmutableSortedDictionary(a => a.Name, a => CaseArguments.Argument(a.Value)),
            Config = new TestConfig
            {
                Where = line.TryGetProperty("where", out var where) ? where.GetString() : null,
            },
        };
        var plan = CheckPlanner.Plan(
            Given.Request(engine, relations[model], test) with
            {
                Resolve = id => relations[id == Given.Model ? model : id],
            }
        );
        if (!plan.Rejected.IsEmpty)
            return $"rejected: {plan.Rejected[0].Diagnostics[0].Message}";
        try
        {
            var verdict = plan.Queries.SelectMany(q => q.Evaluate(engine.Query(q.Sql))).Single();
            var passes = line.GetProperty("expected").GetProperty("pass").GetBoolean();
            return passes == (verdict.Status == CheckStatus.Pass)
                ? null
                : $"expected pass {passes}, got {verdict.Status} ({verdict.Figures})";
        }
        catch (System.Data.Common.DbException exception)
        {
            return $"engine error: {exception.Message}";
        }
    }
}
