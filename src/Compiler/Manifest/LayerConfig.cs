using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest;

/// <summary>A layer of strata.yml on the chosen target.</summary>
/// <param name="Connection">The connection that holds its relations, aliases resolved.</param>
/// <param name="Schema">Where its relations live unless a model says otherwise.</param>
public sealed record LayerConfig(
    string Name,
    string Connection,
    EngineType Engine,
    string Schema,
    PublishMode Publish
)
{
    /// <summary>How long old versions of its relations are kept; null leaves that to the project.</summary>
    public RetentionConfig? Retention { get; init; }
}
