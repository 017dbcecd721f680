using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Functions;

/// <summary>Finds the node that a name means; disabled ones too, which are reported where they are read.</summary>
internal sealed class ReferenceResolver(
    string project,
    ImmutableSortedDictionary<string, string> refs,
    ImmutableSortedDictionary<(string Source, string Table), string> sources,
    bool isComplete
)
{
    public string Project => project;

    /// <param name="package">The project that the reference names; null for this one.</param>
    /// <param name="report">Told why there is no such node.</param>
    public string? FindRef(
        string? package,
        string name,
        SourceSpan packageSpan,
        SourceSpan nameSpan,
        Action<Diagnostic> report
    )
    {
        if (package is not null && package != project)
        {
            report(ReferenceDiagnostics.UnknownProject(packageSpan, package, project));
            return null;
        }
        if (!refs.TryGetValue(name, out var id))
        {
            report(ReferenceDiagnostics.UnknownRef(nameSpan, name, refs.Keys, FindTable(name)));
            return null;
        }
        return id;
    }

    public string? FindSource(
        string source,
        string table,
        SourceSpan sourceSpan,
        SourceSpan tableSpan,
        Action<Diagnostic> report
    )
    {
        if (sources.TryGetValue((source, table), out var id))
            return id;
        // a YAML file that cannot be read may hold the declaration
        if (!isComplete)
            return null;
        var tables = sources
            .Keys.Where(key => key.Source == source)
            .Select(key => key.Table)
            .ToImmutableArray();
        report(
            tables.IsEmpty
                ? ReferenceDiagnostics.UnknownSource(
                    sourceSpan,
                    source,
                    [.. sources.Keys.Select(key => key.Source).Distinct()]
                )
                : ReferenceDiagnostics.UnknownSourceTable(tableSpan, source, table, tables)
        );
        return null;
    }

    /// <summary>The node of a name, without reporting.</summary>
    public string? TryFindRef(string name) => refs.GetValueOrDefault(name);

    public string? TryFindSource(string source, string table) => sources.GetValueOrDefault((source, table));

    /// <summary>A table of that name, of whichever source.</summary>
    public (string Source, string Table)? FindTable(string name)
    {
        foreach (var key in sources.Keys)
        {
            if (key.Table == name)
                return key;
        }
        return null;
    }

    /// <summary>Null when there is no source of that name.</summary>
    public string? FirstTableOf(string source)
    {
        foreach (var key in sources.Keys)
        {
            if (key.Source == source)
                return key.Table;
        }
        return null;
    }
}
