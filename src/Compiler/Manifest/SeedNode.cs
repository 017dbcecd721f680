using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest;

/// <summary>A CSV file of the project that becomes a table.</summary>
public sealed record SeedNode : RelationNode
{
    public override ResourceType ResourceType => ResourceType.Seed;

    public string? Layer { get; init; }

    public required SourceText Source { get; init; }

    public char Delimiter { get; init; } = ',';

    /// <summary>Declared engine types by column name; others are inferred from the values.</summary>
    public ImmutableSortedDictionary<string, string> ColumnTypes { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    public PublishMode Publish { get; init; } = PublishMode.Model;

    /// <summary>SHA-256, in hex, over the file and its configuration.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The <see cref="Fingerprint"/> as earlier versions made it of the same definition.</summary>
    public ImmutableArray<string> FormerFingerprints { get; init; } = [];
}
