using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Staged columns that differ from the target's in case only are the same columns, and take its spelling: an engine
/// that tells them apart would not find them.
/// </summary>
internal sealed class StageSpelling(NodeStatements statements)
{
    public async Task<StagedRelation> AdoptAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        RelationNode about,
        RelationInfo target,
        StagedRelation staged,
        CancellationToken cancellationToken
    )
    {
        if (on.Dialect.FoldsCase)
            return staged;
        var renamed = new Dictionary<string, string>();
        foreach (var column in staged.Columns)
        {
            if (
                Of(target, column.Name) is { } name
                && name != column.Name
                && staged.Columns.All(other => other.Name != name)
                && renamed.Values.All(other => other != name)
            )
                renamed[column.Name] = name;
        }
        foreach (var (from, to) in renamed)
        {
            var rename =
                $"alter table {on.Dialect.Quote(staged.Physical)} rename column "
                + $"{on.Dialect.QuoteIdentifier(from)} to {on.Dialect.QuoteIdentifier(to)}";
            await statements.RunAsync(lease, about, new ModelStatement(rename), cancellationToken);
        }
        return renamed.Count == 0
            ? staged
            : staged with
            {
                Columns =
                [
                    .. staged.Columns.Select(column =>
                        column with
                        {
                            Name = renamed.GetValueOrDefault(column.Name, column.Name),
                        }
                    ),
                ],
                Key = [.. staged.Key.Select(name => renamed.GetValueOrDefault(name, name))],
            };
    }

    /// <summary>How the target spells a column; null if it has none of that name, whatever the case.</summary>
    public static string? Of(RelationInfo target, string name) => target.Columns.Find(name)?.Name;
}
