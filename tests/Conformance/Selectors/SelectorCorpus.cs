using System.Collections.Immutable;
using System.Text.Json;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Text;

namespace Strata.Conformance.Selectors;

/// <summary>Which nodes dbt's selections mean.</summary>
public sealed class SelectorCorpus : ICorpus
{
    public string Folder => "selectors";

    public IEnumerable<CaseResult> Run(string folder, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "cases.json")));
        var root = document.RootElement;
        var results = new List<CaseResult>();
        foreach (var @case in root.GetProperty("parse_cases").EnumerateArray())
            results.Add(Result(@case, "parse", JudgeParse));
        var graphs = root.GetProperty("graphs")
            .EnumerateObject()
            .ToDictionary(graph => graph.Name, graph => SelectorGraph.Read(graph.Value));
        foreach (var @case in root.GetProperty("select_cases").EnumerateArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var graph = graphs[@case.GetProperty("graph").GetString() ?? ""];
            results.Add(Result(@case, "select", one => JudgeSelection(one, graph)));
        }
        foreach (var @case in root.GetProperty("state_cases").EnumerateArray())
        {
            var graph = root.GetProperty("graphs")
                .GetProperty(@case.GetProperty("base_graph").GetString() ?? "");
            results.Add(Result(@case, "state", one => StateJudge.Judge(one, graph)));
        }
        return results;
    }

    private static CaseResult Result(JsonElement @case, string category, Func<JsonElement, string?> judge)
    {
        string? reason;
        try
        {
            reason = judge(@case);
        }
        catch (Exception exception)
        {
            reason = $"crashed: {exception.GetType().Name}: {exception.Message}";
        }
        var id = @case.GetProperty("id").GetString() ?? "";
        return new CaseResult(id, category, reason);
    }

    private static string? JudgeParse(JsonElement @case)
    {
        var spec = @case.GetProperty("spec").GetString() ?? "";
        var diagnostics = new DiagnosticBag();
        var parsed = SelectionParser.ParseCriterion(
            spec,
            new SourceText("spec", spec).Span(0, spec.Length),
            diagnostics
        );
        if (@case.TryGetProperty("expect_error", out var error))
            return parsed is null ? null : $"understood, but should be {error}";
        if (parsed is null)
            return $"not understood: {diagnostics.ToSorted()[0].Message}";
        var expect = @case.GetProperty("expect");
        var wanted = string.Join(
            ' ',
            expect.GetProperty("method").GetString(),
            string.Join('.', Texts(expect, "method_arguments")),
            expect.GetProperty("value").GetString(),
            expect.GetProperty("childrens_parents").GetBoolean(),
            Depth(expect, "parents"),
            Depth(expect, "children")
        );
        var actual = string.Join(
            ' ',
            SelectionParser.NameOf(parsed.Method),
            string.Join('.', parsed.Arguments),
            parsed.Value,
            parsed.ChildrensParents,
            parsed.ParentsDepth,
            parsed.ChildrenDepth
        );
        return actual == wanted ? null : $"'{actual}' should be '{wanted}'";
    }

    private static int? Depth(JsonElement expect, string side) =>
        !expect.GetProperty(side).GetBoolean() ? null
        : expect.GetProperty(side + "_depth").ValueKind == JsonValueKind.Null ? int.MaxValue
        : expect.GetProperty(side + "_depth").GetInt32();

    private static string? JudgeSelection(JsonElement @case, SelectorGraph graph)
    {
        var diagnostics = new DiagnosticBag();
        var mode = Enum.Parse<IndirectSelection>(
            @case.GetProperty("indirect_selection").GetString() ?? "",
            ignoreCase: true
        );
        var criteria = @case.GetProperty("selector").GetString() is { } name
            ? SelectionParser.ParseSelector(name, mode, graph.Selectors, diagnostics)
            : SelectionParser.Parse(
                Texts(@case, "select"),
                Texts(@case, "exclude"),
                mode,
                graph.Selectors,
                diagnostics
            );
        if (@case.TryGetProperty("expect_error", out var error))
            return criteria is null ? null : $"understood, but should be {error}";
        if (criteria is null)
            return $"not understood: {diagnostics.ToSorted()[0].Message}";
        var selected = graph.Select(criteria, EarlierRunsOf(@case), diagnostics);
        return Compare(selected, Texts(@case, "expect_selected"), "selected")
            ?? Compare(graph.Filter(selected, @case), Texts(@case, "expect"), "after the command's filter");
    }

    private static EarlierRuns EarlierRunsOf(JsonElement @case)
    {
        if (!@case.TryGetProperty("previous", out var previous) || previous.ValueKind != JsonValueKind.Object)
            return EarlierRuns.None;
        return new EarlierRuns
        {
            Results = previous.TryGetProperty("run_results", out var results)
                ? results
                    .EnumerateObject()
                    .ToImmutableDictionary(one => one.Name, one => one.Value.GetString() ?? "")
                : null,
            FresherSources =
                previous.TryGetProperty("sources", out var before)
                && previous.TryGetProperty("sources_current", out var now)
                    ? SourceAges.Fresher(AgesOf(before), AgesOf(now))
                    : null,
        };
    }

    private static ImmutableDictionary<string, DateTimeOffset> AgesOf(JsonElement sources) =>
        sources
            .EnumerateObject()
            .ToImmutableDictionary(one => one.Name, one => one.Value.GetDateTimeOffset());

    private static string? Compare(ImmutableHashSet<string> actual, List<string> expected, string what)
    {
        if (actual.SetEquals(expected))
            return null;
        var missing = string.Join(", ", expected.Except(actual).Order(StringComparer.Ordinal));
        var extra = string.Join(", ", actual.Except(expected).Order(StringComparer.Ordinal));
        return $"{what}: missing [{missing}], too many [{extra}]";
    }

    private static List<string> Texts(JsonElement @case, string name) =>
        @case.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")]
            : [];
}
