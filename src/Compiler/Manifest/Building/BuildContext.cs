using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Project;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Functions;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Manifest.Building;

/// <summary>What the builders of the several kinds of nodes share. The dictionaries are complete by then.</summary>
/// <param name="TimelessLinker">Takes ephemeral models in with the clock standing still: the same as <paramref name="Linker"/> where none reads it.</param>
/// <param name="Places">Where every relation lives, by node.</param>
/// <param name="Disabled">What messages call the nodes that are disabled, by id.</param>
internal sealed record BuildContext(
    ParsedProject Project,
    LayerTable Layers,
    ReferenceResolver Resolver,
    NodeRenderer Renderer,
    SqlLinker Linker,
    SqlLinker TimelessLinker,
    IReadOnlyDictionary<string, NodePlace> Places,
    IReadOnlyDictionary<string, string> Disabled,
    ITestCatalog Tests,
    ITemplateLoader Includes,
    DiagnosticBag Diagnostics
);
