using System.Collections.Immutable;

namespace Strata.Compiler.Project;

/// <summary>A file of the project.</summary>
/// <param name="Root">The configured folder it was found in: <c>models</c>.</param>
/// <param name="Below">Its path below that folder: <c>gold/orders.sql</c>.</param>
internal sealed record ProjectPath(string Root, string Below)
{
    /// <summary>Relative to the project: <c>models/gold/orders.sql</c>.</summary>
    public string Path { get; } = $"{Root}/{Below}";

    public string Extension => System.IO.Path.GetExtension(Below).ToLowerInvariant();

    /// <summary>The file's name without its ending: the node's name.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Below);

    /// <summary>The folders below the root.</summary>
    public ImmutableArray<string> Folders => [.. Below.Split('/')[..^1]];
}
