using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;

namespace Strata.Runner.UnitTests.Capture;

/// <summary>Rows of one thing that a model reads, fit to be shown to anybody.</summary>
/// <param name="Masked">How many columns were masked.</param>
public sealed record CapturedInput(RelationNode Node, RowSet Rows, int Masked)
{
    /// <summary>As a unit test names it.</summary>
    public string Reference =>
        Node is SourceNode source
            ? $"source({Quoted(source.SourceName)}, {Quoted(source.Name)})"
            : $"ref({Quoted(Node.Name)})";

    private static string Quoted(string name) => name.Contains('\'') ? $"\"{name}\"" : $"'{name}'";
}
