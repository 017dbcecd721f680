using System.Globalization;
using Strata.Compiler.Sql;

namespace Strata.Runner.Planning;

/// <summary>
/// The temporary names of one run on one connection. A post-image has the name of the relation it will become,
/// in a schema of the run, so that SQL that names a table without an alias reads the same.
/// </summary>
public sealed class StageNames(string runId, SqlDialect dialect)
{
    private readonly string _run = RunId.ToIdentifier(runId);

    /// <summary>The schema of the post-images that will stand in <paramref name="schema"/>.</summary>
    public string Schema(string schema) => Fit($"strata_{_run}__", schema, "");

    /// <summary>What others of the run read in place of the published relation.</summary>
    public RelationName PostImage(RelationName published) => new(Schema(published.Schema), published.Name);

    /// <summary>The rows of an incremental batch, beside the post-image.</summary>
    public RelationName Batch(RelationName published) =>
        new(Schema(published.Schema), Fit("", published.Name, "__batch"));

    /// <summary>
    /// The rows of an incremental batch that the engine makes itself, in memory where it can: they are read a few times and then gone.
    /// Where memory is short, the engine spills them.
    /// </summary>
    public RelationName QueriedBatch(RelationName published) =>
        dialect.InMemory(Fit($"strata_{_run}__", Identifiers.Joined(published), "__batch"))
        ?? Batch(published);

    /// <summary>The rows of one of several batches that are staged at the same time.</summary>
    public RelationName Batch(RelationName published, int number) =>
        new(
            Schema(published.Schema),
            Fit("", published.Name, string.Create(CultureInfo.InvariantCulture, $"__batch_{number}"))
        );

    /// <summary>What a batch changes in its target; in memory where the engine can, as <see cref="QueriedBatch"/>.</summary>
    public RelationName Changes(RelationName published) =>
        dialect.InMemory(Fit($"strata_{_run}__", Identifiers.Joined(published), "__changes"))
        ?? StoredChanges(published);

    /// <summary>The same where it cannot be in memory: a view there would not find a batch that is not.</summary>
    public RelationName StoredChanges(RelationName published) =>
        new(Schema(published.Schema), Fit("", published.Name, "__changes"));

    /// <summary>The rows that a merge changes, as they are before it.</summary>
    public RelationName Before(RelationName published) =>
        dialect.InMemory(Fit($"strata_{_run}__", Identifiers.Joined(published), "__before"))
        ?? new(Schema(published.Schema), Fit("", published.Name, "__before"));

    /// <summary>Where a batch meets its target, in a temporary table of the model's session.</summary>
    public RelationName Pairs(RelationName published) =>
        dialect.Temporary(Fit($"strata_{_run}__", Identifiers.Joined(published), "__pairs"));

    /// <summary>Where the rows are that differ between a stage and what is published.</summary>
    public RelationName Places(RelationName published) =>
        new(Schema(published.Schema), Fit("", published.Name, "__places"));

    /// <summary>Rows that quarantine expectations have taken out of a stage.</summary>
    public RelationName Diverted(RelationName published) =>
        new(Schema(published.Schema), Fit("", published.Name, "__diverted"));

    /// <summary>By what rows are known that were corrected or dropped, in a temporary table of the model's session.</summary>
    public RelationName Settled(RelationName published) =>
        dialect.Temporary(Fit($"strata_{_run}__", Identifiers.Joined(published), "__settled"));

    /// <summary>Quarantined rows with the corrections of a replay.</summary>
    public RelationName Corrected(RelationName published) =>
        new(Schema(published.Schema), Fit("", published.Name, "__corrected"));

    /// <summary>Quarantined rows as a replay leaves them.</summary>
    public RelationName Replayed(RelationName published) =>
        new(Schema(published.Schema), Fit("", published.Name, "__replayed"));

    /// <summary>Rows as they were read, before they are cast to declared types.</summary>
    public RelationName Raw(RelationName published) =>
        new(Schema(published.Schema), Fit("", published.Name, "__raw"));

    /// <summary>
    /// The rows of a model's landed files, source by source, in a temporary table of the model's session: nobody else
    /// reads them, and such tables are written without being compressed and logged.
    /// </summary>
    public RelationName Landed(RelationName published, int source) =>
        dialect.Temporary(Fit($"strata_{_run}__", Identifiers.Joined(published), $"__landed{source}"));

    /// <summary>Those of them that could not be taken in.</summary>
    public RelationName Rejected(RelationName published, int source) =>
        new(Schema(published.Schema), Fit("", published.Name, $"__rejected{source}"));

    /// <summary>The paths of landed files that are gone, in a temporary table of the model's session.</summary>
    public RelationName Gone(RelationName published) =>
        dialect.Temporary(Fit($"strata_{_run}__", Identifiers.Joined(published), "__gone"));

    /// <summary>A step on the way to the rows of a node, beside its post-image.</summary>
    public RelationName Part(RelationName published, string part) =>
        new(Schema(published.Schema), Fit("", published.Name, $"__{part}"));

    /// <summary>
    /// A table that will be renamed into place: it must lie in the published schema where tables cannot move
    /// between schemas.
    /// </summary>
    public RelationName Sibling(RelationName published) =>
        new(published.Schema, Fit("", published.Name, $"__strata_{_run}"));

    // a name that is too long keeps its beginning and gets a hash, so that two long names stay different
    private string Fit(string prefix, string name, string suffix) =>
        Identifiers.Fit(prefix + name + suffix, dialect.MaxIdentifierBytes);
}
