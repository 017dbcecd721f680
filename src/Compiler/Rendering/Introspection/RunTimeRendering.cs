using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Rendering.Linking;

namespace Strata.Compiler.Rendering.Introspection;

/// <summary>
/// The outcome of rendering a model again while it is being built: either SQL, or questions that must be
/// answered first, or errors.
/// </summary>
public sealed record RunTimeRendering(
    CompiledSql? Sql,
    ImmutableArray<DatabaseQuestion> Open,
    ImmutableArray<Diagnostic> Diagnostics
);
