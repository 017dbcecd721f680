using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;

namespace Strata.Runner.Planning;

/// <summary>One node of a plan: what is done, why, and after what.</summary>
public sealed record PlannedNode
{
    /// <summary>The manifest's unique id, or <c>transfer.&lt;project&gt;.&lt;name&gt;.&lt;connection&gt;</c>.</summary>
    public required string Id { get; init; }

    /// <summary>As shown to the user.</summary>
    public required string Name { get; init; }

    public required PlannedKind Kind { get; init; }

    public required PlannedAction Action { get; init; }

    /// <summary>Why this action, in words: <c>first build</c>, <c>sql changed</c>, <c>3 new files</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The connection that is written to.</summary>
    public required string Connection { get; init; }

    /// <summary>The relation that is written; null for a test without one.</summary>
    public RelationName? Relation { get; init; }

    /// <summary>The strategy of an incremental batch, or the way a table is published, in words.</summary>
    public string? Writer { get; init; }

    /// <summary>What decided the writer, in words; null where there is nothing to choose.</summary>
    public string? WriterReason { get; init; }

    /// <summary>
    /// Ids of what the node reads, planned or not, in manifest terms; a replica stands as its transfer.
    /// </summary>
    public ImmutableArray<string> Inputs { get; init; } = [];

    /// <summary>
    /// Nothing but an input that this run works on is a reason to act: the node turns out fresh when none of its
    /// inputs' rows change.
    /// </summary>
    public bool OnlyIfInputsChange { get; init; }

    /// <summary>Ids of the planned nodes that must have ended well before.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];

    /// <summary>The tests that audit this node before it is published.</summary>
    public ImmutableArray<TestNode> Tests { get; init; } = [];

    /// <summary>Of a node that is nothing else: the unit tests of one model, which is not built unless they pass.</summary>
    public ImmutableArray<UnitTestNode> UnitTests { get; init; } = [];

    /// <summary>Of a microbatch model: the batches that are built, in order of time.</summary>
    public ImmutableArray<PlannedBatch> Batches { get; init; } = [];

    /// <summary>Of a microbatch model: inputs into which this run brings rows. The periods of these are built, too, and are not known before.</summary>
    public ImmutableArray<string> Arriving { get; init; } = [];

    /// <summary>
    /// Of a microbatch model: sources, as they are named, of which landed files have changed or are gone, and take their old rows along. The periods of
    /// these rows are built, too; which those are is known once the files are read.
    /// </summary>
    public ImmutableArray<string> Replaced { get; init; } = [];

    /// <summary>
    /// Of a microbatch model: the inputs, as they are named, that have no change feed, so that rows which come late are found
    /// within <c>lookback</c> only.
    /// </summary>
    public ImmutableArray<string> Unfollowed { get; init; } = [];

    /// <summary>Nodes with the same group publish in one transaction at the end; null publishes by itself.</summary>
    public string? PublishGroup { get; init; }

    /// <summary>Of a transfer: the id of the node whose rows cross.</summary>
    public string? TransferredNode { get; init; }

    /// <summary>
    /// Why a node that would go on where it stands reads everything again, whether that was planned or found out when its rows were
    /// staged; null where it does what it always does.
    /// </summary>
    public string? ReadsAgain { get; init; }

    /// <summary>Of a batch of a changed definition that does not read all again: how many rows the one before has made; null for any other.</summary>
    public long? OldRows { get; init; }

    /// <summary>The node, which cannot go on where it stands.</summary>
    public PlannedNode FromTheStart(string why) =>
        this with
        {
            Action = PlannedAction.Full,
            Reason = why,
            ReadsAgain = why,
            OldRows = null,
        };

    /// <summary>The node with the writer that was chosen when its rows were staged.</summary>
    public PlannedNode WrittenBy(WriterChoice? choice) =>
        choice is null ? this : this with { Writer = choice.Words, WriterReason = choice.Reason };
}

public enum PlannedKind
{
    Model,
    Seed,
    Snapshot,
    Transfer,

    /// <summary>A test that is not tied to one node of the plan: singular, or of a node that is not built.</summary>
    Test,

    /// <summary>The unit tests of one model.</summary>
    UnitTest,
}

public enum PlannedAction
{
    /// <summary>Nothing: definition and inputs are what they were.</summary>
    None,

    /// <summary>Only the tests are run on what is published.</summary>
    Test,

    /// <summary>The relation is built from nothing and takes the place of an older one, if any.</summary>
    Full,

    /// <summary>A batch is added to what is there.</summary>
    Incremental,

    /// <summary>A view is made or redefined.</summary>
    View,

    /// <summary>Rows cross to another connection.</summary>
    Copy,

    /// <summary>A model is run on given rows, away from all connections.</summary>
    UnitTest,
}
