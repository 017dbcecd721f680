using Strata.Compiler.Sql;

namespace Strata.Runner.History;

/// <summary>The temporary tables that a cdc model goes through.</summary>
/// <param name="Raw">What its query gives.</param>
/// <param name="Events">The events in it, each once.</param>
/// <param name="Candidates">Those and the events that the state holds of their keys.</param>
/// <param name="Folded">The same in order, with what each makes of its key.</param>
/// <param name="Rows">The rows that the table must have for these keys.</param>
/// <param name="Gone">The identities of rows that it must not have any more.</param>
public sealed record CdcStages(
    RelationName Raw,
    RelationName Events,
    RelationName Candidates,
    RelationName Folded,
    RelationName Rows,
    RelationName Gone
);
