namespace Strata.Compiler.Manifest.Json;

/// <summary>What an artifact says about the invocation that wrote it.</summary>
/// <param name="Version">The version of Strata.</param>
public sealed record ArtifactInfo(string Version, string InvocationId, DateTimeOffset GeneratedAt)
{
    public bool IsIndented { get; init; }
}
