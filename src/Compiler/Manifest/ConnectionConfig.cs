using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest;

/// <summary>A connection of the chosen target, as profiles.yml gives it, with environment variables filled in.</summary>
/// <param name="Name">The name that layers use as <c>engine:</c>.</param>
/// <param name="Options">The remaining keys: path, host, port, user, password, database, threads ...</param>
/// <param name="Secrets">Values that must be redacted wherever text leaves the process.</param>
/// <param name="Declaration">Where it stands in profiles.yml.</param>
public sealed record ConnectionConfig(
    string Name,
    EngineType Engine,
    ImmutableSortedDictionary<string, string> Options,
    ImmutableArray<string> Secrets,
    SourceSpan Declaration
);
