using System.Collections.Immutable;
using System.Globalization;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Planning;
using Strata.Runner.State.Rejected;

namespace Strata.Cli.Commands.Quarantine;

/// <summary><c>strata quarantine show --landed</c> and <c>drop --landed</c>: what landed files lost on their way into one model.</summary>
internal sealed class QuarantineLanded(
    CommandContext context,
    ProjectManifest manifest,
    RelationNode node,
    IAdapter adapter,
    RejectedFilter filter
)
{
    private const int MostOfALine = 120;

    /// <summary>Rows and files in words; null when there are none.</summary>
    public async Task<string?> CountAsync()
    {
        await using var session = await adapter.OpenSessionAsync(context.Cancellation);
        var (rows, files) = await RejectedReader.CountAsync(
            session,
            adapter.Dialect,
            filter,
            context.Cancellation
        );
        return rows + files == 0 ? null : Words(rows, files);
    }

    public async Task<int> ShowAsync(int limit, RowSetFormat format)
    {
        if (await CountAsync() is null)
            return context.Fail(
                QuarantineDiagnostics.NothingQuarantined(node.Name, adapter.Connection, filter.Path)
            );
        RowSet rows;
        ImmutableArray<RejectedSummary> lost;
        await using (var session = await adapter.OpenSessionAsync(context.Cancellation))
        {
            rows = await session.QueryAsync(
                RejectedReader.Rows(adapter.Dialect, filter),
                limit == 0 ? int.MaxValue : limit,
                context.Cancellation
            );
            lost = await RejectedReader.ListAsync(session, adapter.Dialect, context.Cancellation);
        }
        var shown = format == RowSetFormat.Table ? ForPeople(rows) : rows;
        RowSetWriter.Write(shown, format, context.Rows, context.OutPalette, context.Terminal.Width);
        await context.Rows.FlushAsync();
        if (rows.IsTruncated)
            context.Remark(
                $"there are more: --limit {(limit * 10L).ToString(CultureInfo.InvariantCulture)}, or --limit 0 for all"
            );
        if (format == RowSetFormat.Table)
            context.Remark(
                $"{WayBack.Of(manifest, lost.Where(of => of.Consumer == node.UniqueId))}; 'strata quarantine drop {node.Name} --landed' drops what nobody wants"
            );
        return ExitCode.Ok;
    }

    public async Task<int> DropAsync(QuarantinedNode of, bool isConfirmed, LockWait wait)
    {
        if (await CountAsync() is not { } what)
        {
            context.Remark("no rows or files");
            return ExitCode.Ok;
        }
        if (!isConfirmed)
            return context.Fail(QuarantineDiagnostics.NotConfirmed(node.Name, what));
        var problem = await RejectedDrop.RunAsync(adapter, filter, of.Project.RunId, context.Cancellation);
        if (problem is not null)
            return wait.PutsOff(of.Project, [problem]) ? ExitCode.CouldNotRun : context.Fail(problem);
        context.Out.Write($"dropped {what} of '{node.Name}'\n");
        return ExitCode.Ok;
    }

    /// <summary><c>2 rows and 1 file</c></summary>
    public static string Words(long rows, long files) =>
        string.Join(
            " and ",
            new[]
            {
                rows == 0 ? "" : Output.Words.Count(rows, "row"),
                files == 0 ? "" : Output.Words.Count(files, "file"),
            }.Where(part => part.Length > 0)
        );

    /// <summary>What a person wants to know: where, why, and how what stands there begins. A line may be of any length.</summary>
    private static RowSet ForPeople(RowSet rows) =>
        new(
            [.. rows.Columns.Take(4)],
            [.. rows.Rows.Select(row => row.Take(4).Select(Short).ToArray())],
            rows.IsTruncated
        );

    private static object? Short(object? value) =>
        value is string text ? DisplayWidth.Cut(text, MostOfALine) : value;
}
