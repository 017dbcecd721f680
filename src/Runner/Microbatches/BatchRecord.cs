using Strata.Compiler.Manifest.Models;

namespace Strata.Runner.Microbatches;

/// <summary>What the state knows of one batch of a model: how it last ended.</summary>
/// <param name="Start">Null for the rows without event time.</param>
/// <param name="IsPublished">Otherwise it failed, and what is published of it, if anything, is older.</param>
/// <param name="KnownUntil">When the run began that last published it: rows that came later are not in it.</param>
public sealed record BatchRecord(
    BatchSize Size,
    DateTimeOffset? Start,
    DateTimeOffset? End,
    bool IsPublished,
    DateTimeOffset KnownUntil,
    string RunId,
    long Rows
);
