using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Graph.Selection;

/// <summary>Finds the nodes that one criterion names, before its operators.</summary>
internal sealed class CriterionMatcher(IEnumerable<SelectableNode> nodes, string project, EarlierRuns earlier)
{
    private readonly ImmutableArray<SelectableNode> _nodes = [.. nodes];

    public ImmutableHashSet<string> Match(SelectionCriterion criterion, DiagnosticBag? diagnostics)
    {
        if (EarlierRunCriteria.FindProblem(criterion, earlier) is { } problem)
        {
            diagnostics?.Add(problem);
            return [];
        }
        var test = TestOf(criterion);
        var matched = _nodes.Where(test).Select(node => node.Id).ToImmutableHashSet(StringComparer.Ordinal);
        // that nothing has changed or failed is news, not a slip
        if (matched.IsEmpty && !EarlierRunCriteria.Has(criterion.Method))
            diagnostics?.Add(
                SelectionDiagnostics.SelectsNothing(
                    criterion.Span,
                    criterion.Word,
                    CandidatesFor(criterion),
                    criterion.Value,
                    OtherMethodFor(criterion)
                )
            );
        return matched;
    }

    /// <summary>The method with which the value would match something, where a name was looked for.</summary>
    private string? OtherMethodFor(SelectionCriterion criterion)
    {
        var value = criterion.Value;
        if (criterion.Method != SelectionMethod.Fqn)
            return null;
        if (_nodes.Any(SourceTest(value.Split('.'))))
            return "source";
        // a pattern is held against the folders, too
        return
            Glob.IsPattern(value)
            && _nodes.Any(node => Glob.Matches(value, Path.GetFileNameWithoutExtension(node.Path)))
            ? "file"
            : null;
    }

    private Func<SelectableNode, bool> TestOf(SelectionCriterion criterion)
    {
        var value = criterion.Value;
        return criterion.Method switch
        {
            SelectionMethod.Fqn => node => HasFqn(node) && MatchesName(node, value),
            SelectionMethod.Tag => node => node.Tags.Any(tag => Glob.Matches(value, tag)),
            SelectionMethod.Path => PathTest(value),
            SelectionMethod.File => node =>
                Glob.Matches(value, Path.GetFileName(node.Path))
                || Glob.Matches(value, Path.GetFileNameWithoutExtension(node.Path)),
            SelectionMethod.Source => SourceTest(value.Split('.')),
            SelectionMethod.ResourceType => node => node.ResourceType == value,
            SelectionMethod.Config => node => ConfigMatches(node, criterion.Arguments, value),
            SelectionMethod.TestName => node => TestNameOf(node) is { } name && Glob.Matches(value, name),
            SelectionMethod.TestType => TestTypeTest(value),
            SelectionMethod.Exposure => NamedTest("exposure", value.Split('.')),
            SelectionMethod.UnitTest => NamedTest("unit_test", value.Split('.')),
            SelectionMethod.Package => node => Glob.Matches(value == "this" ? project : value, node.Package),
            SelectionMethod.Layer => node => node.Layer is { } layer && Glob.Matches(value, layer),
            SelectionMethod.Engine => node => node.Engine is { } engine && Glob.Matches(value, engine),
            SelectionMethod.Group => node => node.Group is { } group && Glob.Matches(value, group),
            SelectionMethod.Access => node => node.Access == value,
            SelectionMethod.Version => VersionTest(value),
            SelectionMethod.Metric => NamedTest("metric", value.Split('.')),
            SelectionMethod.SemanticModel => NamedTest("semantic_model", value.Split('.')),
            SelectionMethod.SavedQuery => NamedTest("saved_query", value.Split('.')),
            SelectionMethod.State or SelectionMethod.Result or SelectionMethod.SourceStatus =>
                EarlierRunCriteria.TestOf(criterion, earlier),
            // an expression of its own: NodeSelector knows what it means
            SelectionMethod.Selector => throw new ArgumentException(
                "a selector is no test",
                nameof(criterion)
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(criterion)),
        };
    }

    private static bool HasFqn(SelectableNode node) => node.ResourceType is not "source";

    private static string? TestNameOf(SelectableNode node) =>
        node.ResourceType == "unit_test" ? node.Name : node.TestName;

    // with and without the package in front
    private static bool MatchesName(SelectableNode node, string value) =>
        !node.Fqn.IsEmpty
        && (
            (node.Version is not null ? MatchesVersion(node.Fqn.AsSpan(), value) : node.Fqn[^1] == value)
            || MatchesParts(node.Fqn.AsSpan(), value)
            || MatchesParts(node.Fqn.AsSpan()[1..], value)
        );

    // the last part is the version: orders means all of them, orders.v2 and orders_v2 mean one
    private static bool MatchesVersion(ReadOnlySpan<string> fqn, string value)
    {
        if (fqn.Length < 2)
            return false;
        if (fqn[^2] == value)
            return true;
        var parts = value.Split('.');
        return string.Join('_', parts[Math.Max(0, parts.Length - 2)..]) == $"{fqn[^2]}_{fqn[^1]}";
    }

    private static bool MatchesParts(ReadOnlySpan<string> fqn, string value)
    {
        if (fqn.IsEmpty)
            return false;
        // dots in names separate, like folders
        var parts = string.Join('.', fqn).Split('.');
        var wanted = value.Split('.');
        if (parts.Length < wanted.Length)
            return false;
        for (var i = 0; i < wanted.Length; i++)
        {
            if (Glob.IsPattern(wanted[i]))
                return Glob.Matches(string.Join('.', wanted[i..]), string.Join('.', parts[i..]));
            if (parts[i] != wanted[i])
                return false;
        }
        return true;
    }

    private static Func<SelectableNode, bool> PathTest(string value)
    {
        var pattern = value.Replace(Path.DirectorySeparatorChar, '/');
        return node =>
            Glob.MatchesPath(pattern, node.Path)
            || (node.PatchPath is { } patch && Glob.MatchesPath(pattern, patch));
    }

    private static Func<SelectableNode, bool> SourceTest(string[] parts)
    {
        var (package, source, table) = parts switch
        {
            [var name] => ("*", name, "*"),
            [var name, var inner] => ("*", name, inner),
            [var outer, var name, var inner] => (outer, name, inner),
            _ => ("", "", ""),
        };
        return node =>
            node.SourceName is { } name
            && Glob.Matches(package, node.Package)
            && Glob.Matches(source, name)
            && Glob.Matches(table, node.Name);
    }

    private static Func<SelectableNode, bool> NamedTest(string resourceType, string[] parts)
    {
        var (package, name) = parts switch
        {
            [var only] => ("*", only),
            [var outer, var inner] => (outer, inner),
            _ => ("", ""),
        };
        return node =>
            node.ResourceType == resourceType
            && Glob.Matches(package, node.Package)
            && Glob.Matches(name, node.Name);
    }

    private static Func<SelectableNode, bool> VersionTest(string value) =>
        node =>
            node.ResourceType == "model"
            && value switch
            {
                "none" => node.Version is null,
                "latest" => node.Version is not null && CompareToLatest(node) == 0,
                "prerelease" => CompareToLatest(node) > 0,
                "old" => CompareToLatest(node) < 0,
                _ => false,
            };

    // as numbers if both are
    private static int CompareToLatest(SelectableNode node) =>
        node is not { Version: { } version, LatestVersion: { } latest } ? 0
        : double.TryParse(version, CultureInfo.InvariantCulture, out var a)
        && double.TryParse(latest, CultureInfo.InvariantCulture, out var b)
            ? a.CompareTo(b)
        : string.CompareOrdinal(version, latest);

    private static Func<SelectableNode, bool> TestTypeTest(string value) =>
        value switch
        {
            "generic" or "schema" => node => node is { ResourceType: "test", TestName: not null },
            "singular" => node => node is { ResourceType: "test", TestName: null },
            "data" => node => node.ResourceType == "test",
            "unit" => node => node.ResourceType == "unit_test",
            _ => _ => false,
        };

    private static bool ConfigMatches(SelectableNode node, ImmutableArray<string> path, string wanted)
    {
        object? value = node.Config;
        foreach (var name in path)
        {
            if (
                value is not ImmutableSortedDictionary<string, object?> map
                || !map.TryGetValue(name, out value)
            )
                return false;
        }
        // the case of a severity does not matter
        return path is ["severity"]
            ? string.Equals(value as string, wanted, StringComparison.OrdinalIgnoreCase)
            : ValueMatches(value, wanted);
    }

    private static bool ValueMatches(object? value, string wanted) =>
        value switch
        {
            null => false,
            string text => text == wanted,
            bool flag => string.Equals(flag ? "true" : "false", wanted, StringComparison.OrdinalIgnoreCase),
            ImmutableSortedDictionary<string, object?> map => map.ContainsKey(wanted),
            System.Collections.IEnumerable items => items
                .Cast<object?>()
                .Any(item => ValueMatches(item, wanted)),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) == wanted,
        };

    private IEnumerable<string> CandidatesFor(SelectionCriterion criterion) =>
        criterion.Method switch
        {
            SelectionMethod.Fqn => _nodes.Where(HasFqn).Select(node => node.Name),
            SelectionMethod.Tag => _nodes.SelectMany(node => node.Tags),
            SelectionMethod.Path => _nodes.Select(node => node.Path),
            SelectionMethod.File => _nodes.Select(node => Path.GetFileName(node.Path)),
            SelectionMethod.Source => _nodes
                .Where(node => node.SourceName is not null)
                .SelectMany(node => new[] { node.SourceName ?? "", $"{node.SourceName}.{node.Name}" }),
            SelectionMethod.ResourceType => _nodes.Select(node => node.ResourceType),
            SelectionMethod.TestName => _nodes.Select(node => node.TestName).OfType<string>(),
            SelectionMethod.TestType => ["generic", "singular", "data", "unit"],
            SelectionMethod.Exposure => _nodes
                .Where(node => node.ResourceType == "exposure")
                .Select(node => node.Name),
            SelectionMethod.UnitTest => _nodes
                .Where(node => node.ResourceType == "unit_test")
                .Select(node => node.Name),
            SelectionMethod.Layer => _nodes.Select(node => node.Layer).OfType<string>(),
            SelectionMethod.Engine => _nodes.Select(node => node.Engine).OfType<string>(),
            SelectionMethod.Group => _nodes.Select(node => node.Group).OfType<string>(),
            SelectionMethod.Access => _nodes.Select(node => node.Access).OfType<string>(),
            SelectionMethod.Version => ["latest", "old", "prerelease", "none"],
            _ => [],
        };
}
