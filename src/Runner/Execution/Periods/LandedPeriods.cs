using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Execution.Periods;

/// <summary>In which periods some landed files have rows.</summary>
internal sealed class LandedPeriods(RunContext context, NodeStatements statements)
{
    /// <param name="Start">See <see cref="ArrivalQuery.StartOf"/>.</param>
    /// <param name="First">The first event time, as text.</param>
    public readonly record struct Period(DateTimeOffset Start, long Rows, string First);

    private readonly InPlaceFiles _inPlace = new(context);

    /// <summary>Whether the batches of a model read a source by event time.</summary>
    public bool AreOf(ModelNode model, SourceNode source) =>
        source.Files is not null
        && source.Connection == model.Connection
        && DividedInputs.Of(context.Manifest, model).Contains(source);

    /// <summary>In order of time. Of a row it is read when it was; whether it can be read as a whole says the batch that it belongs to.</summary>
    /// <exception cref="Adapters.Errors.EngineException">No batch can read the files: an event time does not fit, or a row cannot be told from the next.</exception>
    public async Task<ImmutableArray<Period>> ReadAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        SourceNode source,
        MicrobatchConfig config,
        ImmutableArray<FileRows> files,
        CancellationToken cancellationToken
    )
    {
        if (files.IsEmpty || source.EventTime() is not { } time)
            return [];
        var query = await _inPlace.OfferAsync(
            lease,
            on,
            source,
            [.. files.Select(rows => rows.File)],
            BadContent.IsError,
            cancellationToken
        );
        var old = files
            .Where(rows => rows.Behind > 0)
            .Select(rows =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"(_source_file = {on.Dialect.QuoteString(rows.File.Path)} and _source_row <= {rows.Behind})"
                )
            )
            .ToList();
        var added = old.Count == 0 ? "" : $" where not ({string.Join(" or ", old)})";
        var column = on.Dialect.QuoteIdentifier(time);
        var rows = await statements.QueryAsync(
            lease,
            model,
            ArrivalQuery.Counted(
                on.Dialect,
                config.Size,
                $"(select try_cast({column} as {on.Dialect.TypeName(SqlType.Timestamp)}) as event_time from (\n{query}\n) as landed{added}) as rows_of",
                "event_time"
            ),
            int.MaxValue,
            cancellationToken
        );
        return
        [
            .. rows
                .Rows.Select(row => new Period(
                    ArrivalQuery.StartOf(row[0]),
                    RowSet.Long(row[1]),
                    Convert.ToString(row[2], CultureInfo.InvariantCulture) ?? ""
                ))
                .OrderBy(period => period.Start),
        ];
    }

    /// <summary>Warnings of rows that no batch ever holds.</summary>
    /// <param name="found">In order of time.</param>
    public static ImmutableArray<Diagnostic> LeftOut(
        ModelNode model,
        SourceNode source,
        MicrobatchConfig config,
        ImmutableArray<Period> found
    )
    {
        var begin = Microbatches.Calendar.Floor(config.Size, config.Begin);
        ImmutableArray<Period> before = [.. found.Where(period => period.Start < begin)];
        ImmutableArray<Period> endless =
        [
            .. found.Where(period => period.Start >= Microbatches.Calendar.Never),
        ];
        return
        [
            .. before.IsEmpty
                ? Array.Empty<Diagnostic>()
                :
                [
                    MicrobatchDiagnostics.BeforeBegin(
                        model.Declaration,
                        model.Name,
                        before.Sum(period => period.Rows),
                        source.Name,
                        BatchPeriod.StartingAt(config.Size, begin).ToString(),
                        before[0].First
                    ),
                ],
            .. endless.IsEmpty
                ? Array.Empty<Diagnostic>()
                :
                [
                    MicrobatchDiagnostics.Endless(
                        model.Declaration,
                        model.Name,
                        endless.Sum(period => period.Rows),
                        source.Name,
                        endless[0].First
                    ),
                ],
        ];
    }
}
