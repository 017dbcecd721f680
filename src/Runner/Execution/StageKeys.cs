using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;
using Strata.Tests.Engine.Dialects;

namespace Strata.Runner.Execution;

/// <summary>Looks at the keys of staged rows before anything is done with them.</summary>
internal sealed class StageKeys(NodeStatements statements)
{
    private const int DuplicateSamples = 5;

    /// <summary>Counts the stage, settles rows that compete for a key, and refuses those that nothing settles.</summary>
    public async Task<(StagedRelation Staged, long? MergedAway)> CheckAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        StagedRelation staged,
        CancellationToken cancellationToken
    )
    {
        var key = ResolveKey(model, staged.Columns);
        long? mergedAway = null;
        if (!key.IsEmpty && model.Config.SequenceBy is { } sequence)
        {
            var column = Resolve(model, "sequence_by", sequence, staged.Columns);
            var keep = StageScripts.KeepLatest(
                on.Dialect,
                staged.Physical,
                key,
                on.Dialect.QuoteIdentifier(column),
                staged.Columns
            );
            mergedAway = await statements.RunAsync(lease, model, new ModelStatement(keep), cancellationToken);
        }
        if (on.Capabilities.NeedsAnalyze && staged.IsLookedUp)
        {
            var analyze = new ModelStatement($"analyze {on.Dialect.Quote(staged.Physical)}");
            await statements.RunAsync(lease, model, analyze, cancellationToken);
        }
        var counts = await statements.QueryAsync(
            lease,
            model,
            StageScripts.CountRows(on.Dialect, staged.Physical, key),
            1,
            cancellationToken
        );
        staged = staged with
        {
            Key = key,
            Rows = Convert.ToInt64(counts.Rows[0][0], CultureInfo.InvariantCulture),
            NullKeyRows = Convert.ToInt64(counts.Rows[0][1], CultureInfo.InvariantCulture),
        };
        var mustBeUnique = MustBeUnique(model.Config);
        if (mergedAway is null && mustBeUnique)
            await RefuseDuplicatesAsync(lease, on, model, staged, cancellationToken);
        return (staged with { IsKeyUnique = mustBeUnique || mergedAway is not null }, mergedAway);
    }

    /// <summary>A key names one row, except where all rows of a key are replaced together.</summary>
    public static bool MustBeUnique(ModelConfig config) =>
        !config.UniqueKey.IsEmpty
        && (config.Materialized != Materialization.Incremental || IncrementalBatch.NeedsUniqueKeys(config));

    /// <summary>Asks where the batch's keys lie, if it is of use and their type has an order that all engines agree on.</summary>
    public async Task<KeyMatch> BoundAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        RelationNode about,
        IncrementalBatch batch,
        CancellationToken cancellationToken
    )
    {
        var (match, staged) = (batch.Match, batch.Staged);
        if (
            on.Capabilities.JoinsPruneTarget
            || batch.Strategy is not (IncrementalStrategy.Merge or IncrementalStrategy.DeleteInsert)
            || staged.Columns.FirstOrDefault(column => column.Name == match.Key.FirstOrDefault())
                is not { } column
            || !IsOrdered(column.Type)
        )
            return match;
        var name = on.Dialect.QuoteIdentifier(column.Name);
        var text = on.Dialect.TypeName(SqlType.Text);
        var found = await statements.QueryAsync(
            lease,
            about,
            $"select cast(min({name}) as {text}), cast(max({name}) as {text}) from {on.Dialect.Quote(staged.Physical)}",
            1,
            cancellationToken
        );
        return found.Rows[0] is [string least, string greatest]
            ? match with
            {
                Range = new KeyRange(column.Name, Value(least), Value(greatest)),
            }
            : match;

        string Value(string literal) => $"cast({on.Dialect.QuoteString(literal)} as {column.Type})";
    }

    // the order of texts depends on collations, which need not be those of the target
    private static bool IsOrdered(string type) =>
        TypeNames.Classify(type)
            is TypeFamily.Integer
                or TypeFamily.Decimal
                or TypeFamily.Date
                or TypeFamily.Timestamp
                or TypeFamily.TimestampTz;

    private async Task RefuseDuplicatesAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        StagedRelation staged,
        CancellationToken cancellationToken
    )
    {
        var sql = StageScripts.DuplicateKeys(on.Dialect, staged.Physical, staged.Key, DuplicateSamples);
        var rows = await statements.QueryAsync(lease, model, sql, DuplicateSamples, cancellationToken);
        if (rows.Rows.IsEmpty)
            return;
        var samples = rows.Rows.Select(row =>
            string.Join(", ", staged.Key.Select((name, i) => $"{name} = {row[i] ?? "null"}"))
            + $" ({row[^1]} rows)"
        );
        throw new NodeFailedException(
            StateDiagnostics.DuplicateKeys(model.Declaration, model.Name, staged.Key, samples)
        );
    }

    private static ImmutableArray<string> ResolveKey(ModelNode model, ImmutableArray<ColumnSchema> columns) =>
        [.. model.Config.UniqueKey.Select(name => Resolve(model, "unique_key", name, columns))];

    /// <summary>The column that a name in the configuration means: as it is written, else whatever its case.</summary>
    internal static string Resolve(
        ModelNode model,
        string option,
        string name,
        ImmutableArray<ColumnSchema> columns
    ) =>
        columns.FirstOrDefault(column => column.Name == name)?.Name
        ?? columns
            .FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?.Name
        ?? throw new NodeFailedException(
            StateDiagnostics.UnknownColumn(
                model.Declaration,
                model.Name,
                option,
                name,
                [.. columns.Select(column => column.Name)]
            )
        );
}
