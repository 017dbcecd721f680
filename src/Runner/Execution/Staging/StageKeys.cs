using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Tests.Engine.Dialects;

namespace Strata.Runner.Execution.Staging;

/// <summary>What became of a stage when its keys were looked at.</summary>
/// <param name="MergedAway">Rows that lost against another of their key; null where nothing settles that.</param>
/// <param name="Ties">A warning of rows that lost without a reason.</param>
internal sealed record CheckedKeys(StagedRelation Staged, long? MergedAway, ImmutableArray<Diagnostic> Ties);

/// <summary>Looks at the keys of staged rows before anything is done with them.</summary>
internal sealed class StageKeys(NodeStatements statements)
{
    private const int DuplicateSamples = 5;

    /// <summary>Counts the stage, settles rows that compete for a key, and refuses those that nothing settles.</summary>
    /// <param name="into">The table that the rows are merged into: keys that are one to it are one.</param>
    public async Task<CheckedKeys> CheckAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        StagedRelation staged,
        CancellationToken cancellationToken,
        RelationInfo? into = null
    )
    {
        var key = ResolveKey(model, staged.Columns);
        var (mergedAway, ties) =
            !key.IsEmpty && model.Config.SequenceBy is { } sequence
                ? await KeepLatestAsync(lease, on, model, staged, key, sequence, cancellationToken)
                : (null, []);
        await AnalyzeAsync(lease, on, model, staged, key, cancellationToken);
        (staged, var isUnique) = await CountAsync(
            lease,
            on,
            model,
            staged with
            {
                Key = key,
            },
            cancellationToken
        );
        var mustBeUnique = MustBeUnique(model.Config);
        var collating =
            into is not null && HasTextsOf(on.Dialect, into, staged) ? into.Name : (RelationName?)null;
        if (
            mergedAway is null
                ? mustBeUnique && isUnique != true
                // the latest row of each key was kept, as the batch takes keys for the same
                : collating is not null
        )
            await RefuseDuplicatesAsync(lease, on, planned, model, staged, collating, cancellationToken);
        return new CheckedKeys(
            staged with
            {
                IsKeyUnique =
                    mustBeUnique
                    || (mergedAway is not null && model.Config.Strategy == IncrementalStrategy.DeleteInsert),
            },
            mergedAway,
            ties
        );
    }

    private async Task<(long? MergedAway, ImmutableArray<Diagnostic> Ties)> KeepLatestAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        StagedRelation staged,
        ImmutableArray<string> key,
        string sequence,
        CancellationToken cancellationToken
    )
    {
        var column = Resolve(model, "sequence_by", sequence, staged.Columns);
        var by = on.Dialect.QuoteIdentifier(column);
        var count = StageScripts.CountLosers(on.Dialect, staged.Physical, key, by, staged.Columns);
        var losers = (await statements.QueryAsync(lease, model, count, 1, cancellationToken)).Rows[0];
        if (RowSet.Long(losers[0]) == 0)
            return (0, []);
        var keep = StageScripts.KeepLatest(on.Dialect, staged.Physical, key, by, staged.Columns);
        var removed = await statements.RunAsync(lease, model, new ModelStatement(keep), cancellationToken);
        var ties = RowSet.Long(losers[1]);
        return (
            removed,
            ties == 0 ? [] : [BuildDiagnostics.SequenceTies(model.Declaration, model.Name, key, column, ties)]
        );
    }

    private async Task AnalyzeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        StagedRelation staged,
        ImmutableArray<string> key,
        CancellationToken cancellationToken
    )
    {
        if (!staged.IsLookedUp)
            return;
        foreach (var sql in StageScripts.Analyze(on.Dialect, on.Capabilities, staged.Physical, key))
            await statements.RunAsync(lease, model, new ModelStatement(sql), cancellationToken);
    }

    /// <summary>Counts the stage; where one scan can tell at once, also whether its keys are unique, and where they lie.</summary>
    private async Task<(StagedRelation Staged, bool? IsUnique)> CountAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        StagedRelation staged,
        CancellationToken cancellationToken
    )
    {
        var survey = on.Capabilities.SortsFasterThanGroups && staged.Key.Length == 1 && IsOrdered(staged);
        var sql = survey
            ? StageScripts.SurveyKey(on.Dialect, staged.Physical, staged.Key[0])
            : StageScripts.CountRows(on.Dialect, staged.Physical, staged.Key);
        var row = (await statements.QueryAsync(lease, model, sql, 1, cancellationToken)).Rows[0];
        staged = staged with { Rows = RowSet.Long(row[0]), NullKeyRows = RowSet.Long(row[1]) };
        // two keys that are null are one key twice
        return survey
            ? (
                staged with
                {
                    KeyRange = RangeOf(on.Dialect, staged, row[3], row[4]),
                },
                staged.NullKeyRows < 2 && staged.Rows - staged.NullKeyRows == RowSet.Long(row[2])
            )
            : (staged, null);
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
            || !IsOrdered(staged)
        )
            return match;
        if (staged.KeyRange is { } known)
            return match with { Range = known with { Column = match.Key[0] } };
        var name = on.Dialect.QuoteIdentifier(match.Key[0]);
        var text = on.Dialect.TypeName(SqlType.Text);
        var found = await statements.QueryAsync(
            lease,
            about,
            $"select cast(min({name}) as {text}), cast(max({name}) as {text}) from {on.Dialect.Quote(staged.Physical)}",
            1,
            cancellationToken
        );
        return match with { Range = RangeOf(on.Dialect, staged, found.Rows[0][0], found.Rows[0][1]) };
    }

    private static KeyRange? RangeOf(
        SqlDialect dialect,
        StagedRelation staged,
        object? least,
        object? greatest
    )
    {
        var column = FirstOfKey(staged);
        return column is not null && (least, greatest) is (string from, string to)
            ? new KeyRange(column.Name, Value(from), Value(to))
            : null;

        string Value(string literal) => $"cast({dialect.QuoteString(literal)} as {column.Type})";
    }

    private static ColumnSchema? FirstOfKey(StagedRelation staged) =>
        staged.Key.IsEmpty ? null : staged.Columns.FirstOrDefault(column => column.Name == staged.Key[0]);

    private static bool IsOrdered(StagedRelation staged) =>
        FirstOfKey(staged) is { } column && IsOrdered(column.Type);

    // the order of texts depends on collations, which need not be those of the target
    private static bool IsOrdered(string type) =>
        TypeNames.Classify(type)
            is TypeFamily.Integer
                or TypeFamily.Decimal
                or TypeFamily.Date
                or TypeFamily.Timestamp
                or TypeFamily.TimestampTz;

    /// <summary>Whether texts of the key are columns of a table, which may have a collation for them.</summary>
    private static bool HasTextsOf(SqlDialect dialect, RelationInfo table, StagedRelation staged)
    {
        var columns = staged.Key.Select(name => staged.Columns.First(column => column.Name == name));
        var names = dialect.FoldsCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return table.Kind == RelationKind.Table
            && columns.All(column =>
                table.Columns.Any(there => there.Name.Equals(column.Name, names) && there.Type == column.Type)
            )
            && columns.Any(column => TypeNames.Classify(column.Type) == TypeFamily.Text);
    }

    /// <summary>
    /// Refuses rows that have different keys in the batch, and the same one once they are cast to the types of their table: that is what
    /// finds the rows that they replace.
    /// </summary>
    public async Task RefuseSameWhenCastAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        RelationNode about,
        IncrementalBatch batch,
        CancellationToken cancellationToken
    )
    {
        var key = batch.Staged.Key;
        ImmutableArray<ColumnSchema> cast =
        [
            .. batch.Columns.Filled.Where(column => key.Contains(column.Name) && batch.Cast.Has(column.Name)),
        ];
        if (cast.IsEmpty || batch.Strategy != IncrementalStrategy.Merge && !batch.Staged.IsKeyUnique)
            return;
        var samples = await FindDuplicatesAsync(
            lease,
            on,
            about,
            batch.Staged,
            cast,
            batch.Staged.Published,
            cancellationToken
        );
        if (samples.IsEmpty)
            return;
        var types = cast.Select(column =>
            $"{column.Name} is {batch.Cast.Find(column.Name)?.Type} in the query and {column.Type} in the table"
        );
        throw new NodeFailedException(
            InputDiagnostics.SameKeyInTable(
                about.Declaration,
                about.Name,
                key,
                samples,
                string.Join(", ", types)
            )
        );
    }

    private async Task<ImmutableArray<string>> FindDuplicatesAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        RelationNode about,
        StagedRelation staged,
        ImmutableArray<ColumnSchema> cast,
        RelationName? into,
        CancellationToken cancellationToken
    )
    {
        var sql = StageScripts.DuplicateKeys(
            on.Dialect,
            staged.Physical,
            staged.Key,
            DuplicateSamples,
            cast: cast,
            into: into
        );
        var rows = await statements.QueryAsync(lease, about, sql, DuplicateSamples, cancellationToken);
        return
        [
            .. rows.Rows.Select(row =>
                string.Join(
                    ", ",
                    staged.Key.Select((name, i) => $"{name} = {ValueText.Of(row[i]) ?? "null"}")
                ) + $" ({row[^1]} rows)"
            ),
        ];
    }

    private async Task RefuseDuplicatesAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        StagedRelation staged,
        RelationName? collating,
        CancellationToken cancellationToken
    )
    {
        var samples = await FindAsync(collating);
        if (samples.IsEmpty)
            return;
        if (collating is not null && (await FindAsync(null)).IsEmpty)
            throw new NodeFailedException(
                InputDiagnostics.SameKeyInTable(
                    model.Declaration,
                    model.Name,
                    staged.Key,
                    samples,
                    "the table compares the key by a collation"
                )
            );
        throw new NodeFailedException(
            InputDiagnostics.DuplicateKeys(
                model.Declaration,
                model.Name,
                staged.Key,
                samples,
                planned.ReadsAgain,
                model.Config.Materialized == Materialization.Snapshot
            )
        );

        Task<ImmutableArray<string>> FindAsync(RelationName? into) =>
            FindDuplicatesAsync(lease, on, model, staged, [], into, cancellationToken);
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
        columns.Find(name)?.Name
        ?? throw new NodeFailedException(
            InputDiagnostics.UnknownColumn(
                model.Declaration,
                model.Name,
                option,
                name,
                [.. columns.Select(column => column.Name)]
            )
        );
}
