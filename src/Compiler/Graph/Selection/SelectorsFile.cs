using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Graph.Selection;

/// <summary>
/// Reads <c>selectors.yml</c>, in dbt's grammar. A definition is a word of the command line (<c>+tag:nightly</c>); a
/// method with its value (<c>tag: nightly</c>); the same at length (<c>method</c>, <c>value</c>, <c>parents</c> and so
/// on); or a <c>union</c> or <c>intersection</c> of such, of which one may be an <c>exclude</c>.
/// </summary>
public sealed partial class SelectorsFile
{
    public const string Name = "selectors.yml";

    private static readonly string[] s_entryKeys = ["name", "description", "default", "definition"];

    private static readonly string[] s_criterionKeys =
    [
        "method",
        "value",
        "childrens_parents",
        "parents",
        "parents_depth",
        "children",
        "children_depth",
        "indirect_selection",
        "exclude",
    ];

    private readonly DiagnosticBag _diagnostics;

    private SelectorsFile(DiagnosticBag diagnostics) => _diagnostics = diagnostics;

    /// <summary>The selectors of a project; none where it has no such file.</summary>
    /// <returns>Null, after saying why, when the file cannot be understood.</returns>
    public static NamedSelectors? Load(string projectFolder, DiagnosticBag diagnostics)
    {
        if (!File.Exists(Path.Combine(projectFolder, Name)))
            return NamedSelectors.None;
        var found = new DiagnosticBag();
        var selectors = ProjectText.Read(projectFolder, Name, found) is { } file ? Read(file, found) : null;
        diagnostics.AddRange(found.ToSorted());
        return found.HasErrors ? null : selectors;
    }

    /// <summary>The selectors of a file; those with mistakes are reported and have no expression.</summary>
    public static NamedSelectors Read(SourceText file, DiagnosticBag diagnostics)
    {
        var found = new DiagnosticBag();
        var root = YamlReader.Read(file, found);
        var selectors = root is null ? [] : new SelectorsFile(found).ReadAll(root);
        var named = new NamedSelectors(selectors);
        if (!found.HasErrors)
            CheckReferences(named, found);
        diagnostics.AddRange(found.ToSorted());
        return named;
    }

    private static void CheckReferences(NamedSelectors named, DiagnosticBag diagnostics)
    {
        named.CheckAll(diagnostics);
        foreach (var second in named.All.Where(selector => selector.IsDefault).Skip(1))
            diagnostics.Add(
                SelectionDiagnostics.BadSelector(
                    second.Place,
                    $"'{second.Name}' is the second selector with 'default: true'",
                    $"'{named.Default?.Name}' is the first; only one can be used when the command line selects nothing"
                )
            );
    }

    private ImmutableArray<NamedSelector> ReadAll(YamlNode root)
    {
        if (
            root is not YamlMapping mapping
            || mapping.Find("selectors") is not YamlSequence { Items: var items }
        )
        {
            Report(
                root,
                $"{Name} has no list 'selectors'",
                "write 'selectors:' and below it one entry for each name"
            );
            return [];
        }
        foreach (
            var entry in mapping.Entries.Where(entry => entry.Key.Text is not ("selectors" or "version"))
        )
            ReportKey(entry.Key, ["selectors", "version"]);
        var selectors = ImmutableArray.CreateBuilder<NamedSelector>();
        foreach (var item in items)
        {
            if (ReadSelector(item) is not { } selector)
                continue;
            if (selectors.FirstOrDefault(other => other.Name == selector.Name) is { } first)
                _diagnostics.Add(
                    SelectionDiagnostics.BadSelector(
                        selector.Place,
                        $"there are two selectors '{selector.Name}'",
                        $"the first is at {first.Place}"
                    )
                );
            selectors.Add(selector);
        }
        return selectors.ToImmutable();
    }

    private NamedSelector? ReadSelector(YamlNode item)
    {
        if (item is not YamlMapping mapping)
        {
            Report(item, $"a selector is {item.Kind}", "write a mapping with 'name' and 'definition'");
            return null;
        }
        foreach (var entry in mapping.Entries.Where(entry => !s_entryKeys.Contains(entry.Key.Text)))
            ReportKey(entry.Key, s_entryKeys);
        if (mapping.Find("name") is not YamlScalar { IsNull: false } name)
        {
            Report(item, "a selector has no name", "write 'name: ...'");
            return null;
        }
        if (mapping.Find("definition") is not { } definition)
        {
            Report(
                item,
                $"the selector '{name.Text}' has no definition",
                "write 'definition: tag:nightly', say"
            );
            return null;
        }
        return new NamedSelector(
            name.Text,
            mapping.Find("description") is YamlScalar { IsNull: false } text ? text.Text.Trim() : "",
            ReadDefinition(definition),
            Flag(mapping, "default"),
            name.Span
        );
    }

    private SelectionExpression? ReadDefinition(YamlNode node)
    {
        switch (node)
        {
            case YamlScalar { IsNull: false } word:
                return ReadWord(word);
            case YamlMapping mapping
                when mapping.Find("method") is not null || mapping.Find("value") is not null:
                return ReadCriterion(mapping);
            case YamlMapping { Entries: [{ Key.Text: "union" or "intersection" } set] }:
                return ReadSet(set.Value, isUnion: set.Key.Text == "union");
            case YamlMapping { Entries: [{ Key.Text: "exclude" } exclude] }:
                Report(
                    exclude.Key,
                    "'exclude' stands alone",
                    "write it into the list of a 'union' or 'intersection', or beside 'method' and 'value'"
                );
                return null;
            case YamlMapping { Entries: [{ Value: YamlScalar { IsNull: false } value } only] }:
                return IsOneWord(value)
                    ? SelectionParser.ToCriterion(only.Key.Text, value.Text, only.Key.Span, _diagnostics)
                    : null;
            default:
                Report(
                    node,
                    $"a selection cannot be read: it is {node.Kind}",
                    "write a word ('+tag:nightly'), a method ('tag: nightly'), 'method' with 'value', or a list under 'union' or 'intersection'"
                );
                return null;
        }
    }

    // the command line takes several words, which commas and blanks divide; here a list does
    private SelectionCriterion? ReadWord(YamlScalar word)
    {
        if (!IsOneWord(word))
            return null;
        var criterion = SelectionParser.ParseCriterion(word.Text, word.Span, _diagnostics);
        if (criterion is not { Method: SelectionMethod.Fqn } || word.Text.AsSpan().IndexOfAny(',', ' ') < 0)
            return criterion;
        ReportWords(word);
        return null;
    }

    // a tag may have blanks and colons in its name; what has a method behind it is another word
    private bool IsOneWord(YamlScalar word)
    {
        if (
            !FurtherMethod()
                .Matches(word.Text)
                .Any(match => SelectionParser.IsMethod(match.Groups["method"].Value))
        )
            return true;
        ReportWords(word);
        return false;
    }

    private void ReportWords(YamlScalar word) =>
        Report(
            word,
            $"'{word.Text}' is more than one word",
            "write a list: 'intersection: [...]' for what a comma means, 'union: [...]' for what a blank means"
        );

    private SelectionExpression? ReadSet(YamlNode node, bool isUnion)
    {
        if (node is not YamlSequence { Items: var items })
        {
            Report(
                node,
                $"'{(isUnion ? "union" : "intersection")}' is {node.Kind}",
                "write a list of selections"
            );
            return null;
        }
        var excluded = items.Where(IsExclude).ToList();
        foreach (var second in excluded.Skip(1))
            Report(second, "a list has 'exclude' twice", "put what both exclude into one list");
        var parts = items.Where(item => !IsExclude(item)).Select(ReadDefinition).ToList();
        if (parts.Count == 0)
            Report(node, "a list selects nothing", "add what to exclude from: 'fqn: \"*\"' is everything");
        var without = excluded is [YamlMapping only, ..] ? ReadExclude(only.Entries[0].Value) : null;
        if (parts.Count == 0 || parts.Contains(null) || (excluded.Count > 0 && without is null))
            return null;
        var all = parts.OfType<SelectionExpression>().ToImmutableArray();
        SelectionExpression set = isUnion
            ? new SelectionUnion(all) { Indirect = IndirectSelection.Eager }
            : new SelectionIntersection(all) { Indirect = IndirectSelection.Eager };
        return without is null ? set : Difference(set, without);
    }

    private static bool IsExclude(YamlNode item) =>
        item is YamlMapping { Entries: [{ Key.Text: "exclude" }] };

    private SelectionExpression? ReadExclude(YamlNode node) =>
        node is YamlSequence ? ReadSet(node, isUnion: true) : ReadDefinition(node);

    private static SelectionDifference Difference(SelectionExpression from, SelectionExpression without) =>
        new(from, without) { Indirect = IndirectSelection.Eager };

    private SelectionExpression? ReadCriterion(YamlMapping mapping)
    {
        foreach (var entry in mapping.Entries.Where(entry => !s_criterionKeys.Contains(entry.Key.Text)))
            ReportKey(entry.Key, s_criterionKeys, isWarning: true);
        foreach (var key in (string[])["method", "value"])
        {
            if (mapping.Find(key) is null or YamlScalar)
                continue;
            Report(
                mapping,
                $"'{key}' is {mapping.Find(key)?.Kind}",
                "it is one word; for several, write a list of selections under 'union' or 'intersection'"
            );
            return null;
        }
        if (
            mapping.Find("method") is not YamlScalar { IsNull: false } method
            || mapping.Find("value") is not YamlScalar { IsNull: false } value
        )
        {
            Report(mapping, "'method' and 'value' belong together, and one of them is missing", "write both");
            return null;
        }
        if (
            SelectionParser.ToCriterion(method.Text, value.Text, mapping.Span, _diagnostics)
            is not { } criterion
        )
            return null;
        var childrensParents = Flag(mapping, "childrens_parents");
        var children = Flag(mapping, "children");
        if (childrensParents && children)
        {
            Report(
                mapping,
                "'childrens_parents' and 'children' are both given",
                "'childrens_parents' takes all descendants already; leave 'children' out"
            );
            return null;
        }
        SelectionExpression found = criterion with
        {
            ChildrensParents = childrensParents,
            ParentsDepth = Flag(mapping, "parents") ? Depth(mapping, "parents_depth") : null,
            ChildrenDepth = children ? Depth(mapping, "children_depth") : null,
            Indirect = IndirectOf(mapping),
        };
        if (mapping.Find("exclude") is not { } exclude)
            return found;
        return ReadExclude(exclude) is { } without ? Difference(found, without) : null;
    }

    private IndirectSelection? IndirectOf(YamlMapping mapping)
    {
        if (mapping.Find("indirect_selection") is not { } node)
            return null;
        if (
            node is YamlScalar { Text: var text }
            && !char.IsAsciiDigit(text.FirstOrDefault())
            && Enum.TryParse<IndirectSelection>(text, ignoreCase: true, out var mode)
        )
            return mode;
        Report(node, $"'indirect_selection' is {Shown(node)}", "write eager, cautious, buildable or empty");
        return null;
    }

    private bool Flag(YamlMapping mapping, string key)
    {
        switch (mapping.Find(key))
        {
            case null or YamlScalar { IsNull: true }:
                return false;
            case YamlScalar { Value: bool flag }:
                return flag;
            case YamlScalar { IsPlain: false, Text: "true" or "false" } quoted:
                Report(
                    quoted,
                    $"'{key}' is the text \"{quoted.Text}\"",
                    $"write {quoted.Text} without quotes"
                );
                return false;
            case var node:
                Report(node, $"'{key}' is {Shown(node)}", "write true or false");
                return false;
        }
    }

    private int Depth(YamlMapping mapping, string key)
    {
        switch (mapping.Find(key))
        {
            case null or YamlScalar { IsNull: true }:
                return int.MaxValue;
            case YamlScalar { Value: long depth } when depth >= 0:
                return (int)Math.Min(depth, int.MaxValue);
            case var node:
                Report(
                    node,
                    $"'{key}' is {Shown(node)}",
                    "write a number of steps, or leave it out for all of them"
                );
                return 0;
        }
    }

    [GeneratedRegex(@"[,\s]\s*[@+\d]*(?<method>[A-Za-z_]+)(\.[A-Za-z_.]+)?:")]
    private static partial Regex FurtherMethod();

    private static string Shown(YamlNode node) =>
        node is YamlScalar scalar
            ? string.Create(CultureInfo.InvariantCulture, $"'{scalar.Text}'")
            : node.Kind;

    private void Report(YamlNode node, string fact, string hint) =>
        _diagnostics.Add(SelectionDiagnostics.BadSelector(node.Span, fact, hint));

    private void ReportKey(YamlScalar key, string[] known, bool isWarning = false) =>
        _diagnostics.Add(SelectionDiagnostics.UnknownKey(key.Span, key.Text, known, isWarning));
}
