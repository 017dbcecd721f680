using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest;

/// <summary>A statement of <c>on-run-start</c> or <c>on-run-end</c>, rendered.</summary>
/// <param name="Connection">Where it runs: the connection of the first layer.</param>
public sealed record RunHook(string Sql, string Connection, SourceSpan Declaration);
