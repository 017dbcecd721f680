using System.Globalization;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;
using Strata.Runner.Results;

namespace Strata.Cli.Commands.Quarantine;

/// <summary><c>strata quarantine show</c> and <c>drop</c>: the open rows of one node.</summary>
internal sealed class QuarantineRows(CommandContext context, QuarantinedNode of, QuarantineLanded landed)
{
    private readonly RelationNode _node = of.Node;
    private readonly IAdapter _adapter = of.Adapter;
    private readonly RowFilter _filter = of.Rows;

    /// <param name="unmask">Whether values of columns that are tagged <c>pii</c> are shown.</param>
    public async Task<int> ShowAsync(int limit, RowSetFormat format, bool unmask)
    {
        // of a model that has diverted nothing: what it could not take in
        var lost = await landed.CountAsync();
        RowSet rows;
        await using (var session = await _adapter.OpenSessionAsync(context.Cancellation))
        {
            if (await FindAsync(session) is not { } table)
                return lost is not null
                    ? await landed.ShowAsync(limit, format)
                    : context.Fail(QuarantineDiagnostics.NothingQuarantined(_node.Name, _adapter.Connection));
            rows = await session.QueryAsync(
                QuarantineReader.OpenRows(_adapter.Dialect, table, _filter),
                limit == 0 ? int.MaxValue : limit,
                context.Cancellation
            );
        }
        var personal = unmask ? [] : PersonalColumns.TaggedOf(_node);
        // a mask in a file of corrections would become the value: what such a file lacks stays as it is
        var safe =
            personal.Count == 0 ? rows
            : format == RowSetFormat.Csv ? Without(rows, personal)
            : Masked(rows, personal);
        var shown = format == RowSetFormat.Table ? ForPeople(safe) : safe;
        var left = RowSetWriter.Write(
            shown,
            format,
            context.Rows,
            context.OutPalette,
            context.Terminal.Width
        );
        await context.Rows.FlushAsync();
        if (format == RowSetFormat.Table && rows.Rows.IsEmpty)
            context.Remark("no open rows");
        if (safe != rows && !rows.Rows.IsEmpty)
            context.Remark(
                $"{(format == RowSetFormat.Csv ? "left out" : "masked")}: {string.Join(", ", rows.Columns.Select(c => c.Name).Where(personal.Contains))}; --unmask shows them"
            );
        if (lost is not null)
            context.Remark($"landed files lost {lost}, too: --landed shows them");
        if (left > 0)
            context.Remark($"{Words.Count(left, "column")} did not fit: '--output json' or csv shows all");
        if (rows.IsTruncated)
            context.Remark(
                $"there are more rows: --limit {(limit * 10L).ToString(CultureInfo.InvariantCulture)}, or --limit 0 for all"
            );
        return ExitCode.Ok;
    }

    public async Task<int> DropAsync(bool isConfirmed, LockWait wait)
    {
        RelationInfo? table;
        long open;
        await using (var session = await _adapter.OpenSessionAsync(context.Cancellation))
        {
            table = await FindAsync(session);
            if (table is null)
                return context.Fail(
                    QuarantineDiagnostics.NothingQuarantined(_node.Name, _adapter.Connection)
                );
            var counted = await session.QueryAsync(
                QuarantineDrop.Count(_adapter.Dialect, table.Name, _filter),
                1,
                context.Cancellation
            );
            open = counted.ScalarLong;
        }
        if (open == 0)
        {
            context.Remark("no open rows");
            return ExitCode.Ok;
        }
        if (!isConfirmed)
            return context.Fail(QuarantineDiagnostics.NotConfirmed(_node.Name, Words.Count(open, "row")));
        if (ProjectSession.ReadFailpoints(context) is not { } failpoints)
            return ExitCode.CouldNotRun;
        var (rows, problem) = await QuarantineDrop.RunAsync(
            _adapter,
            table.Name,
            _filter,
            of.Project.RunId,
            context.Host.Time.GetUtcNow(),
            failpoints,
            context.Cancellation
        );
        if (problem is not null)
            return wait.PutsOff(of.Project, [problem]) ? ExitCode.CouldNotRun : context.Fail(problem);
        context.Out.Write($"dropped {Words.Count(rows, "row")} of '{_node.Name}'\n");
        return ExitCode.Ok;
    }

    private Task<RelationInfo?> FindAsync(ISession session) =>
        QuarantineReader.FindAsync(session, _adapter.Dialect, _node, context.Cancellation);

    // the row as it was, as JSON, holds them too
    private static bool IsPersonal(string column, IReadOnlySet<string> personal) =>
        personal.Contains(column) || column == QuarantineTable.Original;

    private static RowSet Masked(RowSet rows, IReadOnlySet<string> personal) =>
        rows with
        {
            Rows =
            [
                .. rows.Rows.Select(row =>
                    row.Select(
                            (value, i) =>
                                value is not null && IsPersonal(rows.Columns[i].Name, personal)
                                    ? PersonalColumns.Mask
                                    : value
                        )
                        .ToArray()
                ),
            ],
        };

    private static RowSet Without(RowSet rows, IReadOnlySet<string> personal)
    {
        var kept = Enumerable
            .Range(0, rows.Columns.Length)
            .Where(i => !IsPersonal(rows.Columns[i].Name, personal))
            .ToList();
        return new RowSet(
            [.. kept.Select(i => rows.Columns[i])],
            [.. rows.Rows.Select(row => kept.Select(i => row[i]).ToArray())],
            rows.IsTruncated
        );
    }

    /// <summary>Shorter names, reasons as words, and nothing that only a program wants.</summary>
    private static RowSet ForPeople(RowSet rows)
    {
        var kept = Enumerable
            .Range(0, rows.Columns.Length)
            .Where(i =>
                rows.Columns[i].Name
                    is not (QuarantineTable.Original or QuarantineTable.Run or QuarantineTable.At)
            )
            .ToList();
        return new RowSet(
            [
                .. kept.Select(i =>
                    QuarantineTable.IsOwn(rows.Columns[i].Name)
                        ? rows.Columns[i] with
                        {
                            Name = rows.Columns[i].Name[QuarantineTable.Prefix.Length..],
                        }
                        : rows.Columns[i]
                ),
            ],
            [.. rows.Rows.Select(row => kept.Select(i => Show(rows.Columns[i].Name, row[i])).ToArray())],
            rows.IsTruncated
        );
    }

    private static object? Show(string column, object? value) =>
        column == QuarantineTable.Reasons ? string.Join(", ", RowRules.ReadReasons(value as string)) : value;
}
