using System.Collections.Immutable;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering;

/// <summary>What a unit test lets a template find instead of the project's own.</summary>
internal sealed record RenderOverrides
{
    public static readonly RenderOverrides None = new();

    public ImmutableSortedDictionary<string, object?> Vars { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public ImmutableSortedDictionary<string, string> EnvVars { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What macros give, whatever they are called with.</summary>
    public ImmutableSortedDictionary<string, object?> Macros { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public DateTimeOffset? RunStartedAt { get; init; }

    /// <summary>The macros as functions of the render's own scope, where they come before the project's.</summary>
    public IEnumerable<KeyValuePair<string, object?>> MacroFunctions =>
        Macros.Select(macro =>
            KeyValuePair.Create(
                macro.Key,
                (object?)
                    TemplateFunction.Create(
                        macro.Key,
                        [TemplateParameter.Variadic("arguments")],
                        _ => macro.Value,
                        takesAnyName: true
                    )
            )
        );
}
