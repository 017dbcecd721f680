namespace Strata.Architecture.Tests;

/// <summary>
/// The whole list of what each project may refer to, and why. A reference that is not here is a decision to be made, not a line to be
/// added in passing.
/// </summary>
internal static class AllowedReferences
{
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ByProject { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["Compiler"] = Reasons(("YamlDotNet", "reads YAML with the line and column of every node")),
            ["Tests.Engine"] = Reasons(("Compiler", "expectations are declared in the compiled project")),
            ["Runner"] = Reasons(
                ("Tests.Engine", "every run audits; brings Compiler, whose manifest is what runs"),
                ("ZstdSharp.Port", "unpacks landed .zst files; .NET itself cannot")
            ),
            ["DuckDB.NET.Bindings"] = Reasons(),
            ["Adapters.DuckDb"] = Reasons(
                ("Runner", "implements its engine seam"),
                ("DuckDB.NET.Data", "the ADO.NET provider of DuckDB"),
                ("DuckDB.NET.Bindings", "what that provider is built on")
            ),
            ["Adapters.Postgres"] = Reasons(
                ("Runner", "implements its engine seam"),
                ("Npgsql", "the ADO.NET provider of Postgres, with binary COPY")
            ),
            ["Cli"] = Reasons(
                ("Adapters.DuckDb", "the one place that knows which engines there are"),
                ("Adapters.Postgres", "the one place that knows which engines there are"),
                ("System.CommandLine", "parses the command line, prints help"),
                ("System.IO.Hashing", "tells whether a cached listing is still that of the project"),
                ("Spectre.Console", "tables and live progress on a terminal")
            ),
        };

    /// <summary>Everything that a project may use: what it refers to, and what those bring with them.</summary>
    public static IReadOnlySet<string> Closure(string project)
    {
        var closure = new HashSet<string>();
        var open = new Stack<string>([project]);
        while (open.TryPop(out var name))
        {
            if (!ByProject.TryGetValue(name, out var references))
                continue;
            foreach (var reference in references.Keys.Where(closure.Add))
                open.Push(reference);
        }
        return closure;
    }

    private static Dictionary<string, string> Reasons(params (string Reference, string Reason)[] entries) =>
        entries.ToDictionary(entry => entry.Reference, entry => entry.Reason);
}
