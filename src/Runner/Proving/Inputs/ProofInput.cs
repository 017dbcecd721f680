using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Proving.Schedules;

namespace Strata.Runner.Proving.Inputs;

/// <summary>Something that the model reads, whose rows are delivered batch by batch.</summary>
internal abstract class ProofInput(RelationNode node)
{
    public RelationNode Node { get; } = node;

    public string Name => Node is SourceNode source ? $"{source.SourceName}.{source.Name}" : Node.Name;

    /// <summary>How many rows can be delivered; they are numbered from 0 in the order in which they once arrived.</summary>
    public abstract int Count { get; }

    /// <summary>What is delivered as one: a row, or a file that cannot be cut into rows.</summary>
    public virtual string Unit => "row";

    public abstract string From { get; }

    /// <summary>Whether its rows come in batches; else all are there before the first.</summary>
    public bool Grows { get; init; } = true;

    /// <summary>
    /// Whether the model sees a row twice that is delivered twice. What has a key does not: the second delivery
    /// changes nothing there.
    /// </summary>
    public virtual bool CanRepeat => true;

    /// <summary>What stands for the input in the scratch project.</summary>
    public abstract ImmutableArray<Node> Nodes { get; }

    /// <summary>Whether a row can be replaced, or deleted, after it has arrived.</summary>
    public virtual bool Can(RowChange change, int row) => change == RowChange.Arrives;

    /// <summary>The event time of a row, if the input declares a column for it and the row has one.</summary>
    public virtual DateTimeOffset? EventTimeOf(int row) => null;

    /// <summary>Makes it empty.</summary>
    public abstract Task ResetAsync(ISession session, CancellationToken cancellationToken);

    /// <param name="batch">Counted from 1.</param>
    /// <param name="rows">Deliveries of this input, in order.</param>
    public abstract Task DeliverAsync(
        ISession session,
        int batch,
        ImmutableArray<Delivery> rows,
        CancellationToken cancellationToken
    );

    /// <summary>The rows of some deliveries as text, for people; of a deleted row what it was.</summary>
    public abstract Task<(
        ImmutableArray<string> Columns,
        ImmutableArray<ImmutableArray<string?>> Rows
    )> ReadAsync(ISession session, ImmutableArray<Delivery> rows, CancellationToken cancellationToken);
}
