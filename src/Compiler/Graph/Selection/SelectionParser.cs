using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Graph.Selection;

/// <summary>
/// Parses <c>--select</c> and <c>--exclude</c>: words are united, commas intersect, and a word is
/// <c>@? (n?+)? (method(.arg)*:)? value (+n?)?</c>.
/// </summary>
public static class SelectionParser
{
    private static readonly ImmutableSortedDictionary<string, SelectionMethod> Methods =
        ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create("fqn", SelectionMethod.Fqn),
                KeyValuePair.Create("tag", SelectionMethod.Tag),
                KeyValuePair.Create("path", SelectionMethod.Path),
                KeyValuePair.Create("file", SelectionMethod.File),
                KeyValuePair.Create("source", SelectionMethod.Source),
                KeyValuePair.Create("resource_type", SelectionMethod.ResourceType),
                KeyValuePair.Create("config", SelectionMethod.Config),
                KeyValuePair.Create("test_name", SelectionMethod.TestName),
                KeyValuePair.Create("test_type", SelectionMethod.TestType),
                KeyValuePair.Create("exposure", SelectionMethod.Exposure),
                KeyValuePair.Create("unit_test", SelectionMethod.UnitTest),
                KeyValuePair.Create("package", SelectionMethod.Package),
                KeyValuePair.Create("layer", SelectionMethod.Layer),
                KeyValuePair.Create("engine", SelectionMethod.Engine),
                KeyValuePair.Create("group", SelectionMethod.Group),
                KeyValuePair.Create("access", SelectionMethod.Access),
                KeyValuePair.Create("version", SelectionMethod.Version),
                KeyValuePair.Create("metric", SelectionMethod.Metric),
                KeyValuePair.Create("semantic_model", SelectionMethod.SemanticModel),
                KeyValuePair.Create("saved_query", SelectionMethod.SavedQuery),
                KeyValuePair.Create("selector", SelectionMethod.Selector),
                KeyValuePair.Create("state", SelectionMethod.State),
                KeyValuePair.Create("result", SelectionMethod.Result),
                KeyValuePair.Create("source_status", SelectionMethod.SourceStatus),
            ]
        );

    /// <summary>The method as the grammar spells it.</summary>
    public static string NameOf(SelectionMethod method) => Methods.First(pair => pair.Value == method).Key;

    public static bool IsMethod(string name) => Methods.ContainsKey(name);

    /// <param name="select">The arguments of <c>--select</c>; none means every node, or what the default selector says.</param>
    /// <param name="exclude">The arguments of <c>--exclude</c>.</param>
    /// <param name="selectors">What <c>selector:</c> may refer to.</param>
    /// <returns>Null, after reporting, when an argument cannot be understood.</returns>
    public static SelectionCriteria? Parse(
        IReadOnlyCollection<string> select,
        IReadOnlyCollection<string> exclude,
        IndirectSelection indirectSelection,
        NamedSelectors selectors,
        DiagnosticBag diagnostics
    )
    {
        var found = new DiagnosticBag();
        SelectionExpression expression =
            select.Count > 0 ? ParseUnion("--select", select, found)
            : exclude.Count == 0 && selectors.Default?.Expression is { } usual ? usual
            : SelectionEverything.Instance;
        if (exclude.Count > 0)
            expression = new SelectionDifference(expression, ParseUnion("--exclude", exclude, found));
        selectors.Check(expression, found);
        diagnostics.AddRange(found.ToSorted());
        return found.HasErrors ? null : new SelectionCriteria(expression, indirectSelection, selectors);
    }

    /// <summary>What a selector means that a command line names.</summary>
    /// <returns>Null, after reporting, when there is none of that name.</returns>
    public static SelectionCriteria? ParseSelector(
        string name,
        IndirectSelection indirectSelection,
        NamedSelectors selectors,
        DiagnosticBag diagnostics
    )
    {
        var place = new SourceText("--selector", name).Span(0, name.Length);
        return selectors.Find(place, diagnostics) is { } expression
            ? new SelectionCriteria(expression, indirectSelection, selectors)
            : null;
    }

    /// <summary>Parses one word; null, after reporting, when it cannot be understood.</summary>
    /// <param name="span">Where it is written.</param>
    public static SelectionCriterion? ParseCriterion(string text, SourceSpan span, DiagnosticBag diagnostics)
    {
        var position = 0;
        var childrensParents = text.StartsWith('@');
        if (childrensParents)
            position++;
        var parents = ReadParents(text, ref position);
        var (method, arguments) = ReadMethod(text, ref position);
        var value = text[position..];
        var children = ReadChildren(ref value);
        if (childrensParents && children is not null)
        {
            diagnostics.Add(SelectionDiagnostics.AtWithPlus(span, text));
            return null;
        }
        if (ResolveMethod(method, value, span, diagnostics) is not { } known)
            return null;
        return new SelectionCriterion(known, arguments, value, span)
        {
            Word = text,
            ChildrensParents = childrensParents,
            ParentsDepth = parents,
            ChildrenDepth = children,
        };
    }

    /// <summary>A criterion without operators; null, after reporting, when there is no such method.</summary>
    /// <param name="method">With its arguments: <c>config.materialized</c>.</param>
    public static SelectionCriterion? ToCriterion(
        string method,
        string value,
        SourceSpan span,
        DiagnosticBag diagnostics
    )
    {
        var parts = method.Split('.');
        return ResolveMethod(parts[0], value, span, diagnostics) is { } known
            ? new SelectionCriterion(known, [.. parts[1..]], value, span) { Word = $"{method}:{value}" }
            : null;
    }

    private static SelectionUnion ParseUnion(
        string flag,
        IReadOnlyCollection<string> arguments,
        DiagnosticBag diagnostics
    )
    {
        var parts = ImmutableArray.CreateBuilder<SelectionExpression>();
        foreach (var argument in arguments)
        {
            var file = new SourceText(flag, argument);
            foreach (var word in Split(file.Span(0, argument.Length), ' ').Where(IsWritten))
            {
                var between = Split(word, ',').ToList();
                if (!between.TrueForAll(IsWritten))
                {
                    diagnostics.Add(SelectionDiagnostics.NothingBetweenCommas(word));
                    continue;
                }
                var criteria = between
                    .Select(part => ParseCriterion(part.Text, part, diagnostics))
                    .OfType<SelectionExpression>()
                    .ToImmutableArray();
                parts.Add(criteria is [var only] ? only : new SelectionIntersection(criteria));
            }
        }
        return new SelectionUnion(parts.ToImmutable());
    }

    private static IEnumerable<SourceSpan> Split(SourceSpan span, char separator)
    {
        var text = span.File.Text;
        var start = span.Span.Start;
        for (var i = start; i <= span.Span.End; i++)
        {
            if (i < span.Span.End && text[i] != separator)
                continue;
            yield return span.File.Span(start, i - start);
            start = i + 1;
        }
    }

    private static bool IsWritten(SourceSpan part) => part.Span.Length > 0;

    // digits and a plus
    private static int? ReadParents(string text, ref int position)
    {
        var end = position;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        if (end >= text.Length || text[end] != '+')
            return null;
        var depth = ToDepth(text.AsSpan(position, end - position));
        position = end + 1;
        return depth;
    }

    private static (string? Method, ImmutableArray<string> Arguments) ReadMethod(
        string text,
        ref int position
    )
    {
        var end = position;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '.'))
            end++;
        if (end == position || end >= text.Length || text[end] != ':')
            return (null, []);
        var parts = text[position..end].Split('.');
        position = end + 1;
        return (parts[0], [.. parts[1..]]);
    }

    private static int? ReadChildren(ref string value)
    {
        var end = value.Length;
        while (end > 0 && char.IsAsciiDigit(value[end - 1]))
            end--;
        if (end == 0 || value[end - 1] != '+')
            return null;
        var depth = ToDepth(value.AsSpan(end));
        value = value[..(end - 1)];
        return depth;
    }

    private static int ToDepth(ReadOnlySpan<char> digits) =>
        digits.IsEmpty
        || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var depth)
            ? int.MaxValue
            : depth;

    private static SelectionMethod? ResolveMethod(
        string? method,
        string value,
        SourceSpan span,
        DiagnosticBag diagnostics
    )
    {
        if (method is null)
            return MethodFor(value);
        if (Methods.TryGetValue(method, out var known))
            return known;
        diagnostics.Add(SelectionDiagnostics.UnknownMethod(span, method, [.. Methods.Keys]));
        return null;
    }

    private static SelectionMethod MethodFor(string value)
    {
        if (value.Contains('/') || (Path.DirectorySeparatorChar != '/' && value.Contains('\\')))
            return SelectionMethod.Path;
        string[] endings = [".sql", ".csv", ".py"];
        return endings.Any(ending => value.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            ? SelectionMethod.File
            : SelectionMethod.Fqn;
    }
}
