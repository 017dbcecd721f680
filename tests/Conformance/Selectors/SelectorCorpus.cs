using System.Collections.Immutable;
using System.Text.Json;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Text;

namespace Strata.Conformance.Selectors;

/// <summary>Which nodes dbt's selections mean. The categories that begin with <c>later</c> use methods that are still to come.</summary>
public sealed class SelectorCorpus : ICorpus
{
    private static readonly string[] s_later =
    [
        "state:",
        "result:",
        "source_status:",
        "group:",
        "access:",
        "version:",
        "selector:",
        "metric:",
        "semantic_model:",
        "saved_query:",
    ];

    public string Folder => "selectors";

    public IEnumerable<CaseResult> Run(string folder, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "cases.json")));
        var root = document.RootElement;
        var results = new List<CaseResult>();
        foreach (var @case in root.GetProperty("parse_cases").EnumerateArray())
            results.Add(
                Result(@case, "parse", IsLater(@case.GetProperty("spec").GetString() ?? ""), JudgeParse)
            );
        var graphs = root.GetProperty("graphs")
            .EnumerateObject()
            .ToDictionary(graph => graph.Name, graph => SelectorGraph.Read(graph.Value));
        foreach (var @case in root.GetProperty("select_cases").EnumerateArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var graph = graphs[@case.GetProperty("graph").GetString() ?? ""];
            var words = Texts(@case, "select").Concat(Texts(@case, "exclude"));
            var isLater =
                @case.GetProperty("selector").ValueKind == JsonValueKind.String || words.Any(IsLater);
            results.Add(Result(@case, "select", isLater, one => JudgeSelection(one, graph)));
        }
        foreach (var @case in root.GetProperty("state_cases").EnumerateArray())
            results.Add(Result(@case, "state", isLater: true, _ => "comparing states is not possible yet"));
        return results;
    }

    private static bool IsLater(string words) =>
        s_later.Any(method => words.Contains(method, StringComparison.Ordinal));

    private static CaseResult Result(
        JsonElement @case,
        string category,
        bool isLater,
        Func<JsonElement, string?> judge
    )
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
        return new CaseResult(id, isLater ? $"later: {category}" : category, reason);
    }

    private static string? JudgeParse(JsonElement @case)
    {
        var spec = @case.GetProperty("spec").GetString() ?? "";
        var diagnostics = new DiagnosticBag();
        var parsed = SelectionParser.ParseCriterion(
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
        if (@case.GetProperty("selector").ValueKind == JsonValueKind.String)
            return "selectors.yml is not read yet";
        var diagnostics = new DiagnosticBag();
        var mode = Enum.Parse<IndirectSelection>(
            @case.GetProperty("indirect_selection").GetString() ?? "",
            ignoreCase: true
        );
        var criteria = SelectionParser.Parse(
            Texts(@case, "select"),
            Texts(@case, "exclude"),
            mode,
            diagnostics
        );
        if (@case.TryGetProperty("expect_error", out var error))
            return criteria is null ? null : $"understood, but should be {error}";
        if (criteria is null)
            return $"not understood: {diagnostics.ToSorted()[0].Message}";
        var selected = graph.Selector.Select(criteria);
        return Compare(selected, Texts(@case, "expect_selected"), "selected")
            ?? Compare(graph.Filter(selected, @case), Texts(@case, "expect"), "after the command's filter");
    }

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
