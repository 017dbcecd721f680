using Strata.Compiler.Rendering.Linking;

namespace Strata.Compiler.Manifest;

/// <summary>A query that is no node: typed on the command line, compiled as if it stood in the project.</summary>
/// <param name="Connection">Where it runs: where what it reads lives, else the first layer's connection.</param>
public sealed record InlineQuery(CompiledSql Sql, string Connection);
