using System.Text.Json;
using Strata.Testing;

namespace Strata.Conformance.Expectations;

/// <summary>What Great Expectations, dbt-utils and dbt-expectations find in small tables, on DuckDB and on Postgres.</summary>
public sealed class ExpectationCorpus : ICorpus
{
    public string Folder => "expectations";

    public IEnumerable<CaseResult> Run(string folder, CancellationToken cancellationToken)
    {
        using (var duckDb = new DuckDbEngine())
        {
            foreach (var result in Run(folder, duckDb, cancellationToken))
                yield return result;
        }
        if (PostgresServer.SkipReason is { } reason)
        {
            yield return new CaseResult("postgres", "postgres", reason);
            yield break;
        }
        using var database = new PostgresDatabase();
        using (var postgres = new PostgresEngine(database))
        {
            foreach (var result in Run(folder, postgres, cancellationToken))
                yield return result;
        }
    }

    private static IEnumerable<CaseResult> Run(
        string folder,
        TestEngine engine,
        CancellationToken cancellationToken
    )
    {
        foreach (var line in Lines(Path.Combine(folder, "cases.jsonl"), cancellationToken))
            yield return Guarded(line, () => GxCase.Run(engine, line));
        foreach (var line in Lines(Path.Combine(folder, "dbt_cases.jsonl"), cancellationToken))
        {
            if (DbtCase.AppliesTo(engine, line))
                yield return Guarded(line, () => DbtCase.Run(engine, line));
        }
    }

    // one case that the harness cannot carry out must not hide the others
    private static CaseResult Guarded(JsonElement line, Func<CaseResult> run)
    {
        try
        {
            return run();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new CaseResult(line.GetProperty("id").GetString() ?? "", "crashed", exception.Message);
        }
    }

    private static IEnumerable<JsonElement> Lines(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            yield break;
        foreach (var line in File.ReadLines(file))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (line.Length > 0)
                yield return JsonDocument.Parse(line).RootElement;
        }
    }
}
