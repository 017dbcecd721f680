using System.Text.RegularExpressions;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Results;

/// <summary>
/// Which values of a test must not be shown: those of columns that are tagged <c>pii</c>, and those that a test
/// of such a column gives under a name of its own.
/// </summary>
public sealed partial class PersonalColumns
{
    public const string Tag = "pii";
    public const string Mask = "***";

    // what the catalogue's queries count; a number of rows is nobody's secret
    private static readonly string[] Counts = ["n_records", "row_count"];

    private readonly HashSet<string> _tagged;
    private readonly bool _derivedAreToo;
    private readonly bool _countsOnly;

    private PersonalColumns(HashSet<string> tagged, bool derivedAreToo, bool countsOnly)
    {
        _tagged = tagged;
        _derivedAreToo = derivedAreToo;
        _countsOnly = countsOnly;
    }

    public static PersonalColumns Of(ProjectManifest manifest, TestNode test)
    {
        var tagged = test
            .DependsOn.Append(test.AttachedNode)
            .OfType<string>()
            .Distinct()
            .Select(manifest.Find<RelationNode>)
            .OfType<RelationNode>()
            .SelectMany(TaggedOf)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        // a query may give any column a new name; a test of the catalogue names only what it looks at
        var derived = tagged.Count > 0 && (test.Query is not null || WordsOf(test).Any(tagged.Contains));
        var counts = test.TestName is { } name && Counting().IsMatch(name);
        return new PersonalColumns(tagged, derived, counts);
    }

    /// <summary>The columns of a node whose values are personal.</summary>
    public static HashSet<string> TaggedOf(RelationNode node) =>
        node
            .Columns.Where(column => column.Tags.Contains(Tag, StringComparer.OrdinalIgnoreCase))
            .Select(column => column.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the values of a column of the failing rows are masked.</summary>
    /// <param name="isOfRelation">Whether it is known to be a column of what the test reads, and not one that its query made.</param>
    public bool Hides(string column, bool isOfRelation) =>
        _tagged.Contains(column)
        || (_derivedAreToo && !isOfRelation && !Counts.Contains(column, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether the aggregate that a test compares is masked: the greatest value of a column is one of its values.</summary>
    public bool HidesObserved => _derivedAreToo && !_countsOnly;

    private static IEnumerable<string> WordsOf(TestNode test) =>
        test
            .Arguments.Values.SelectMany(argument => Texts(argument.Value))
            .Append(test.Column)
            .OfType<string>()
            .SelectMany(text => Word().Matches(text).Select(match => match.Value).Append(text));

    private static IEnumerable<string> Texts(object? value) =>
        value switch
        {
            string text => [text],
            System.Collections.IDictionary map => map.Values.Cast<object?>().SelectMany(Texts),
            System.Collections.IEnumerable list => list.Cast<object?>().SelectMany(Texts),
            _ => [],
        };

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("count|proportion|^drift_", RegexOptions.CultureInvariant)]
    private static partial Regex Counting();
}
