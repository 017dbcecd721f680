using System.Text.Json;
using Strata.Tests.Engine.Tests.Engines;
using Xunit.Abstractions;

namespace Strata.Tests.Engine.Tests.Conformance;

/// <summary>
/// The conformance corpus on both engines. The floors only rise; what is missing is listed with its reason in
/// docs/reference/expectations.md.
/// </summary>
public sealed class ExpectationCorpusTests(PostgresDatabase database, ITestOutputHelper output)
    : IClassFixture<PostgresDatabase>
{
    private const string Folder = "conformance/expectations";

    [CorporaFact(Folder)]
    public void GxCases_OnDuckDb_HoldTheFloor()
    {
        using var engine = new DuckDbEngine();
        Judge(engine, "cases.jsonl", GxCase.Run, _ => true, floor: 538);
    }

    [CorporaFact(Folder)]
    public void DbtCases_OnDuckDb_HoldTheFloor()
    {
        using var engine = new DuckDbEngine();
        Judge(engine, "dbt_cases.jsonl", DbtCase.Run, line => DbtCase.AppliesTo(engine, line), floor: 111);
    }

    [CorporaFact(Folder)]
    public void GxCases_OnPostgres_HoldTheFloor()
    {
        using var engine = new PostgresEngine(database);
        Judge(engine, "cases.jsonl", GxCase.Run, _ => true, floor: 537);
    }

    [CorporaFact(Folder)]
    public void DbtCases_OnPostgres_HoldTheFloor()
    {
        using var engine = new PostgresEngine(database);
        Judge(engine, "dbt_cases.jsonl", DbtCase.Run, line => DbtCase.AppliesTo(engine, line), floor: 111);
    }

    private void Judge(
        TestEngine engine,
        string file,
        Func<TestEngine, JsonElement, CaseOutcome> run,
        Func<JsonElement, bool> applies,
        int floor
    )
    {
        var outcomes = File.ReadLines(Corpora.PathTo($"{Folder}/{file}"))
            .Where(line => line.Length > 0)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(applies)
            .Select(line => run(engine, line))
            .ToList();
        foreach (var category in outcomes.GroupBy(o => o.Category))
            output.WriteLine(
                $"{engine} {category.Key}: {category.Count(o => o.Problem is null)}/{category.Count()}"
            );
        foreach (var outcome in outcomes.Where(o => o.Problem is not null))
            output.WriteLine($"{(outcome.IsOptional ? "optional " : "")}{outcome.Id}: {outcome.Problem}");
        var passed = outcomes.Count(o => o.Problem is null);
        output.WriteLine(
            $"{engine} {file}: {passed}/{outcomes.Count}, optional failed: {outcomes.Count(o => o.IsOptional && o.Problem is not null)}"
        );
        passed.ShouldBeGreaterThanOrEqualTo(floor);
    }
}
