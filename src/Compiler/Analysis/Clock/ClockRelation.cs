using System.Collections.Immutable;

namespace Strata.Compiler.Analysis.Clock;

/// <summary>The columns of a relation or a query, and which of them are made of nothing but the clock.</summary>
/// <param name="columns">Those that are known, in their order.</param>
/// <param name="isComplete">Whether there are no others.</param>
internal sealed class ClockRelation(ImmutableArray<ClockRelation.Column> columns, bool isComplete)
{
    /// <param name="Name">Null where the engine makes one.</param>
    /// <param name="Question">Where the clock is asked, in the text of the query; null for a column of data.</param>
    internal readonly record struct Column(string? Name, int? Question);

    public static readonly ClockRelation Unknown = new([], isComplete: false);

    // no engine takes more, and stars of stars double them each time
    private const int MostColumns = 10_000;

    private Dictionary<string, int?>? _byName;

    public ImmutableArray<Column> Columns => columns;

    public bool IsComplete => isComplete;

    public bool Has(string name) => ByName.ContainsKey(name);

    /// <returns>Null for a column of data, and for one that is not known.</returns>
    public int? QuestionOf(string name) => ByName.GetValueOrDefault(name);

    public bool HasClock => columns.Any(column => column.Question is not null);

    /// <summary>With other names for the first columns: <c>p(today)</c>.</summary>
    public ClockRelation Renamed(ImmutableArray<string> names) =>
        isComplete
            ? new ClockRelation(
                [
                    .. columns.Select(
                        (column, i) => i < names.Length ? column with { Name = names[i] } : column
                    ),
                ],
                isComplete: true
            )
            : Unknown;

    /// <summary>What a star over several gives.</summary>
    public static ClockRelation Of(IReadOnlyList<ClockRelation> inputs) =>
        inputs.Count == 1 ? inputs[0]
        : inputs.Sum(input => input.Columns.Length) > MostColumns ? Unknown
        : new ClockRelation(
            [.. inputs.SelectMany(input => input.Columns)],
            inputs.All(input => input.IsComplete)
        );

    /// <summary>What a star gives that leaves some out: <c>* exclude (today)</c>.</summary>
    public ClockRelation Without(ImmutableArray<string> names) =>
        names.IsDefaultOrEmpty
            ? this
            : new ClockRelation(
                columns.RemoveAll(column =>
                    names.Contains(column.Name ?? "", StringComparer.OrdinalIgnoreCase)
                ),
                isComplete
            );

    /// <summary>What a star gives that makes some of something else: <c>* replace (now() as today)</c>.</summary>
    /// <param name="questions">By name, where the clock is asked of which it is made; null for data.</param>
    public ClockRelation Replaced(IReadOnlyDictionary<string, int?> questions)
    {
        var others = new Dictionary<string, int?>(questions, StringComparer.OrdinalIgnoreCase);
        ImmutableArray<Column> known =
        [
            .. columns.Select(column =>
                column.Name is { } name && others.Remove(name, out var question)
                    ? column with
                    {
                        Question = question,
                    }
                    : column
            ),
        ];
        return new ClockRelation(
            [.. known, .. others.Select(one => new Column(one.Key, one.Value))],
            isComplete
        );
    }

    /// <summary>What a union of both has: a column is of the clock where it is in both.</summary>
    public ClockRelation And(ClockRelation other)
    {
        if (!HasClock && isComplete)
            return this;
        var arePlaced = isComplete && other.IsComplete && columns.Length == other.Columns.Length;
        return new ClockRelation(
            [
                .. columns.Select(
                    (column, i) =>
                        (
                            arePlaced ? other.Columns[i].Question
                            : column.Name is { } name ? other.QuestionOf(name)
                            : null
                        )
                            is null
                            ? column with
                            {
                                Question = null,
                            }
                            : column
                ),
            ],
            isComplete
        );
    }

    /// <summary>The same with nothing made of the clock.</summary>
    public ClockRelation OfData() =>
        HasClock
            ? new ClockRelation([.. columns.Select(column => column with { Question = null })], isComplete)
            : this;

    /// <summary>The same, of a relation that another text reads: where it asks is of no meaning there.</summary>
    public ClockRelation SeenFrom(int place) =>
        HasClock
            ? new ClockRelation(
                [
                    .. columns.Select(column =>
                        column.Question is null ? column : column with { Question = place }
                    ),
                ],
                isComplete
            )
            : this;

    private Dictionary<string, int?> ByName
    {
        get
        {
            if (_byName is not null)
                return _byName;
            _byName = new(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, question) in columns)
            {
                if (name is not null)
                    _byName.TryAdd(name, question);
            }
            return _byName;
        }
    }
}
