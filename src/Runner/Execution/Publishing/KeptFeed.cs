using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Feeds;

namespace Strata.Runner.Execution.Publishing;

/// <summary>Whether a producer keeps a change feed, which has two columns beside those of the producer.</summary>
internal static class KeptFeed
{
    /// <summary>Somebody reads the changes, and their own columns have no namesakes: else transfers ship everything.</summary>
    public static bool IsKept(RunContext context, string producerId, IEnumerable<ColumnSchema> columns) =>
        context.Feeds.IsRead(producerId) && FeedTables.Taken(columns) is null;

    /// <exception cref="NodeFailedException">A model reads changes that cannot be kept.</exception>
    public static void Check(
        RunContext context,
        string producerId,
        RelationNode about,
        ImmutableArray<ColumnSchema> columns
    )
    {
        if (!context.Feeds.IsRead(producerId) || FeedTables.Taken(columns) is not { } taken)
            return;
        var reader = context
            .Feeds.ConsumersOf(producerId)
            .Select(consumer => context.Manifest.Find<ModelNode>(consumer.Consumer))
            .FirstOrDefault(model => model is not null);
        if (reader is not null)
            throw new NodeFailedException(
                TableDiagnostics.FeedColumnTaken(about.Declaration, about.Name, taken, reader.Name)
            );
    }
}
