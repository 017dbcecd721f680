using System.Collections.Immutable;
using Strata.Compiler.Project;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Collecting;

/// <summary>The nodes that the files define, before anything is rendered.</summary>
internal sealed record Drafts
{
    public ImmutableArray<ModelDraft> Models { get; init; } = [];

    public ImmutableArray<SeedDraft> Seeds { get; init; } = [];

    public ImmutableArray<SourceDraft> Sources { get; init; } = [];
}

/// <param name="Base">Layer defaults, folder defaults and YAML, merged.</param>
internal sealed record ModelDraft(
    string Id,
    ParsedTemplate File,
    LayerConfig? Layer,
    ConfigSet Base,
    RelationDeclaration? Patch,
    ImmutableArray<string> Fqn
)
{
    public string Name => File.Name;

    public bool IsSnapshot { get; init; }

    public SourceSpan Declaration => File.Place ?? File.Source.Span(0, 0);
}

internal sealed record SeedDraft(
    string Id,
    ParsedSeed File,
    LayerConfig? Layer,
    ConfigSet Config,
    RelationDeclaration? Patch,
    ImmutableArray<string> Fqn
)
{
    public string Name => File.Name;

    public SourceSpan Declaration => File.Source.Span(0, 0);
}

internal sealed record SourceDraft(
    string Id,
    string SourceName,
    string Name,
    SourceDeclaration Source,
    SourceTableDeclaration Table,
    ConfigSet Config,
    ImmutableArray<string> Fqn,
    SourceSpan Declaration
);
