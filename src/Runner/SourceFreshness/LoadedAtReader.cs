using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Execution;
using Strata.Runner.Files;
using Strata.Runner.State;
using Strata.Runner.State.Tables;

namespace Strata.Runner.SourceFreshness;

/// <summary>Finds out when a source was last loaded: asks its engine, or looks at its files.</summary>
/// <param name="now">What a file that is read at this moment has as its <c>_ingested_at</c>.</param>
internal sealed class LoadedAtReader(
    SqlDialect dialect,
    EngineSnapshot snapshot,
    string projectFolder,
    DateTimeOffset now
)
{
    private const string IngestedAt = "_ingested_at";

    public static LoadedAtBasis BasisOf(SourceNode source, FreshnessConfig freshness) =>
        freshness.LoadedAtQuery is not null ? LoadedAtBasis.Query
        : source.Files is null ? LoadedAtBasis.Field
        : freshness.LoadedAt is null ? LoadedAtBasis.NewestFile
        : freshness.LoadedAt.Trim() == IngestedAt ? LoadedAtBasis.LastIngest
        : LoadedAtBasis.Field;

    /// <exception cref="EngineException">The engine refuses the query.</exception>
    /// <exception cref="NodeFailedException">The source is not there, or what it gives is no instant.</exception>
    public async Task<LoadedAt> ReadAsync(
        ISession session,
        SourceNode source,
        FreshnessConfig freshness,
        CancellationToken cancellationToken
    ) =>
        BasisOf(source, freshness) switch
        {
            LoadedAtBasis.NewestFile => OfFiles(source),
            LoadedAtBasis.LastIngest => await OfIngestAsync(session, source, freshness, cancellationToken),
            LoadedAtBasis.Query => await OfQueryAsync(session, source, freshness, cancellationToken),
            _ => await OfFieldAsync(session, source, freshness, cancellationToken),
        };

    /// <summary>The newest file of a source whose age that is; null for a source whose age only its engine knows.</summary>
    /// <exception cref="NodeFailedException">The files cannot be listed.</exception>
    public LoadedAt? FindNewestFile(SourceNode source, FreshnessConfig freshness) =>
        BasisOf(source, freshness) == LoadedAtBasis.NewestFile ? OfFiles(source) : null;

    private async Task<LoadedAt> OfFieldAsync(
        ISession session,
        SourceNode source,
        FreshnessConfig freshness,
        CancellationToken cancellationToken
    )
    {
        var expression = freshness.LoadedAt ?? "";
        // a line of its own for what the user wrote: it may end in a comment
        var sql =
            $"select max(\n{expression}\n), count(*), count(\n{expression}\n) from {Relation(source, freshness)} as {dialect.QuoteIdentifier(source.Relation.Name)}";
        if (freshness.Filter is { } filter)
            sql += $" where (\n{filter}\n)";
        var rows = await session.QueryAsync(sql, 1, cancellationToken);
        var row = rows.Rows[0];
        var count = RowSet.Long(row[1]);
        var ofFilter = freshness.Filter is null ? "" : " that its filter lets through";
        return ToInstant(row[0], LoadedAtBasis.Field, "its newest row", source, freshness) with
        {
            WhyNone =
                count == 0 ? $"it has no rows{ofFilter}"
                : count == 1 ? $"its one row{ofFilter} has no value of '{expression}'"
                : $"none of its {count.ToString("N0", CultureInfo.InvariantCulture)} rows{ofFilter} has a value of '{expression}'",
        };
    }

    private async Task<LoadedAt> OfQueryAsync(
        ISession session,
        SourceNode source,
        FreshnessConfig freshness,
        CancellationToken cancellationToken
    )
    {
        var query = freshness.LoadedAtQuery ?? "";
        var sql = LoadedAtQueryText.Over(
            query.TrimEnd().TrimEnd(';'),
            // the engine itself says whether what the query names is there
            source.Files
                is null
                ? dialect.Quote(source.Relation)
                : Relation(source, freshness)
        );
        var rows = await session.ReadAsync(sql, 2, cancellationToken);
        if (rows.Columns.Length != 1 || rows.Rows.Length > 1)
        {
            throw CannotTell(
                source,
                freshness,
                rows.Columns.Length != 1
                    ? $"its loaded_at_query returns {rows.Columns.Length} columns"
                    : "its loaded_at_query returns more than one row",
                "let it return one instant, such as the 'max' of a column"
            );
        }
        return ToInstant(
            rows.Scalar,
            LoadedAtBasis.Query,
            "what its loaded_at_query returns",
            source,
            freshness
        ) with
        {
            WhyNone = $"its loaded_at_query returns {(rows.Rows.IsEmpty ? "no row" : "null")}",
        };
    }

    private LoadedAt OfFiles(SourceNode source)
    {
        var landed = Landed(source).Files;
        var newest = landed.MaxBy(file => file.ModifiedAt);
        // landing zones are emptied: what was taken in before is still known
        var taken = snapshot
            .Files.Where(files => files.Key.Source == source.UniqueId)
            .SelectMany(files => files)
            .MaxBy(file => file.ModifiedAt);
        var (path, ticks, isGone) =
            newest is not null && !(taken?.ModifiedAt > newest.ModifiedAt)
                ? (newest.Path, newest.ModifiedAt, false)
                : (taken?.Path, taken?.ModifiedAt, landed.All(file => file.Path != taken?.Path));
        return new LoadedAt(
            LoadedAtBasis.NewestFile,
            ticks is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null,
            $"its newest file ({path}{(isGone ? ", gone by now" : "")})"
        )
        {
            WhyNone = "no file has landed, and none was taken in before",
        };
    }

    // the batch in which a file came is published with the ledger's row
    private async Task<LoadedAt> OfIngestAsync(
        ISession session,
        SourceNode source,
        FreshnessConfig freshness,
        CancellationToken cancellationToken
    )
    {
        object? at = null;
        if (snapshot.StateVersion > 0)
        {
            var rows = await session.QueryAsync(
                $"select max(taken.published_at) from {dialect.Quote(StateTables.Ledger)} as taken "
                    + $"join {dialect.Quote(StateTables.Files)} as files on files.consumer = taken.node and files.batch_id = taken.batch_id "
                    + $"where files.source = {dialect.QuoteString(source.UniqueId)}",
                1,
                cancellationToken
            );
            at = rows.Scalar;
        }
        return ToInstant(at, LoadedAtBasis.LastIngest, "what was taken in last", source, freshness) with
        {
            WhyNone = "no file of it was taken in yet",
        };
    }

    private LoadedAt ToInstant(
        object? value,
        LoadedAtBasis basis,
        string what,
        SourceNode source,
        FreshnessConfig freshness
    ) =>
        value switch
        {
            null or DBNull => new LoadedAt(basis, null, what),
            DateTimeOffset at => new LoadedAt(basis, at.ToUniversalTime(), what),
            DateTime at => new LoadedAt(basis, new DateTimeOffset(at.Ticks, TimeSpan.Zero), what)
            {
                WasWithoutZone = true,
            },
            DateOnly day => new LoadedAt(
                basis,
                new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
                what
            )
            {
                WasWithoutZone = true,
            },
            _ => throw CannotTell(
                source,
                freshness,
                $"{what} has '{ValueText.Of(value)}' for it, which is neither a date nor a timestamp",
                "cast it, for instance: loaded_at_field: \"cast(loaded_at as timestamp)\""
            ),
        };

    /// <summary>What a query reads the source by: its name, or the query over its files in parentheses.</summary>
    private string Relation(SourceNode source, FreshnessConfig freshness)
    {
        if (source.Files is not { } files)
        {
            return snapshot.Find(source.Relation) is null
                ? throw CannotTell(
                    source,
                    freshness,
                    $"{source.Relation} does not exist on connection '{source.Connection}'",
                    "load it, or correct the source's 'schema' or 'identifier'"
                )
                : dialect.Quote(source.Relation);
        }
        if (FilesQuery.FindUnsupported(files) is { } option)
        {
            throw new NodeFailedException(
                FileDiagnostics.NeedsLanding(
                    source.Declaration,
                    $"{source.SourceName}.{source.Name}",
                    option,
                    dialect.Name
                )
            );
        }
        return $"(\n{FilesQuery.Create(Landed(source), files, dialect, projectFolder, now, 0)}\n)";
    }

    private LandingZone Landed(SourceNode source)
    {
        var diagnostics = new DiagnosticBag();
        var landed = LandingZone.List(
            source,
            source.Files ?? throw new InvalidOperationException($"'{source.UniqueId}' has no files"),
            projectFolder,
            diagnostics
        );
        return diagnostics.HasErrors ? throw new NodeFailedException(diagnostics.ToSorted()) : landed;
    }

    private static NodeFailedException CannotTell(
        SourceNode source,
        FreshnessConfig freshness,
        string problem,
        string? hint
    ) =>
        new(
            FreshnessDiagnostics.CannotTell(
                freshness.Declaration,
                $"{source.SourceName}.{source.Name}",
                problem,
                hint
            )
        );
}
