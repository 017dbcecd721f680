using System.Collections.Immutable;
using System.Globalization;

namespace Strata.Tests.Engine.Reconciling;

/// <summary>
/// Finds the keys whose rows are not the same in two relations, which may lie on two engines: counts and sums first, then checksums by bucket,
/// then the keys of the buckets that differ, then the rows of keys that differ. Little crosses the wire where little differs. It
/// opens no connection: whoever drives it runs <see cref="Next"/> on both sides and gives the rows to <see cref="Answer"/>.
/// </summary>
public sealed class Reconciliation
{
    // a bucket of about that many rows is worth no further division
    private const int RowsPerBucket = 2_000;
    private const int MostBucketDigits = 4;

    // what is fetched and held here at a time
    private const int MostKeys = 50_000;
    private const int MostRows = 2_000;

    private readonly ColumnPairs _columns;
    private readonly SideQueries _here;
    private readonly SideQueries _there;
    private readonly ReconcileWords _words;
    private readonly int _examples;

    private Action<IReadOnlyList<object?[]>, IReadOnlyList<object?[]>>? _answer;
    private ImmutableArray<string?> _sumsHere = [];
    private ImmutableArray<string?> _sumsThere = [];
    private long _rowsHere;
    private long _rowsThere;
    private int _digits;
    private bool _isPartial;
    private Dictionary<string, DifferenceKind> _differing = [];

    internal Reconciliation(
        ColumnPairs columns,
        SideQueries here,
        SideQueries there,
        ReconcileWords words,
        int examples
    )
    {
        (_columns, _here, _there, _words, _examples) = (columns, here, there, words, examples);
        Ask(side => side.Totals(), ReadTotals);
    }

    /// <summary>What to run on both sides; null at the end.</summary>
    public ReconcileStep? Next { get; private set; }

    /// <summary>How it ended; null before it has.</summary>
    public ReconcileReport? Report { get; private set; }

    /// <summary>Queries that show the rows of differing keys, as far as they were looked at; null where nothing differs.</summary>
    public ReconcileStep? Find { get; private set; }

    /// <param name="here">All rows of the query on this side.</param>
    /// <param name="there">And on the other.</param>
    public void Answer(IReadOnlyList<object?[]> here, IReadOnlyList<object?[]> there)
    {
        var answer =
            _answer ?? throw new InvalidOperationException("an answer to a reconciliation that has ended");
        (_answer, Next) = (null, null);
        answer(here, there);
    }

    private void Ask(
        Func<SideQueries, string> query,
        Action<IReadOnlyList<object?[]>, IReadOnlyList<object?[]>> answer
    )
    {
        Next = new ReconcileStep(query(_here), query(_there));
        _answer = answer;
    }

    private void ReadTotals(IReadOnlyList<object?[]> here, IReadOnlyList<object?[]> there)
    {
        (_rowsHere, _rowsThere) = (Count(here[0][0]), Count(there[0][0]));
        _sumsHere = [.. here[0].Skip(1).Select(sum => sum as string)];
        _sumsThere = [.. there[0].Skip(1).Select(sum => sum as string)];
        var most = Math.Max(_rowsHere, _rowsThere);
        for (long buckets = 1; _digits < MostBucketDigits && most > buckets * RowsPerBucket; buckets *= 16)
            _digits++;
        if (_digits == 0)
            Ask(side => side.Keys(0, []), ReadKeys);
        else
            Ask(side => side.Buckets(_digits), ReadBuckets);
    }

    private void ReadBuckets(IReadOnlyList<object?[]> here, IReadOnlyList<object?[]> there)
    {
        var (mine, its) = (Buckets(here), Buckets(there));
        var differing = mine
            .Keys.Union(its.Keys)
            .Where(bucket => mine.GetValueOrDefault(bucket) != its.GetValueOrDefault(bucket))
            .Order(StringComparer.Ordinal)
            .ToList();
        var looked = new List<string>();
        long rows = 0;
        foreach (var bucket in differing)
        {
            rows += Math.Max(mine.GetValueOrDefault(bucket).Rows, its.GetValueOrDefault(bucket).Rows);
            if (looked.Count > 0 && rows > MostKeys)
                break;
            looked.Add(bucket);
        }
        _isPartial = looked.Count < differing.Count;
        if (looked.Count == 0)
            Finish([]);
        else
            Ask(side => side.Keys(_digits, looked), ReadKeys);

        static Dictionary<string, (long Rows, string, string)> Buckets(IReadOnlyList<object?[]> rows) =>
            rows.ToDictionary(row => Text(row[0]), row => (Count(row[1]), Text(row[2]), Text(row[3])));
    }

    private void ReadKeys(IReadOnlyList<object?[]> here, IReadOnlyList<object?[]> there)
    {
        var (mine, its) = (Keys(here), Keys(there));
        foreach (var key in mine.Select(group => group.Key).Union(its.Select(group => group.Key)))
        {
            var (rowsHere, rowsThere) = (mine[key].ToList(), its[key].ToList());
            if (rowsHere.Order(StringComparer.Ordinal).SequenceEqual(rowsThere.Order(StringComparer.Ordinal)))
                continue;
            _differing[key] =
                rowsThere.Count == 0 ? DifferenceKind.OnlyHere
                : rowsHere.Count == 0 ? DifferenceKind.OnlyThere
                : DifferenceKind.OtherValues;
        }
        // floats are rounded before they are hashed, and two that are all but equal may be rounded apart: all of them are looked at
        var isRounded = _columns.All.Any(column => column.As == Representation.Float);
        var (changed, lacking) = (
            _differing.Where(pair => pair.Value == DifferenceKind.OtherValues).Select(pair => pair.Key),
            _differing.Where(pair => pair.Value != DifferenceKind.OtherValues).Select(pair => pair.Key)
        );
        List<string> looked =
        [
            .. changed.Order(StringComparer.Ordinal).Take(isRounded ? MostRows : _examples),
            .. lacking.Order(StringComparer.Ordinal).Take(_examples),
        ];
        if (looked.Count == 0)
            Finish([]);
        else
            Ask(side => side.Rows(looked), ReadRows);

        static ILookup<string, string> Keys(IReadOnlyList<object?[]> rows) =>
            rows.ToLookup(row => Text(row[0]), row => Text(row[1]), StringComparer.Ordinal);
    }

    private void ReadRows(IReadOnlyList<object?[]> here, IReadOnlyList<object?[]> there)
    {
        var (mine, its) = (
            here.ToLookup(row => Text(row[0]), StringComparer.Ordinal),
            there.ToLookup(row => Text(row[0]), StringComparer.Ordinal)
        );
        var found = new List<KeyDifference>();
        foreach (var key in mine.Select(group => group.Key).Union(its.Select(group => group.Key)).ToList())
        {
            var (one, other) = (mine[key].FirstOrDefault(), its[key].FirstOrDefault());
            var columns =
                one is not null && other is not null
                    ? RowComparison.Of(_columns, one, other)
                    : ImmutableArray<ColumnDifference>.Empty;
            var isSame =
                _differing[key] == DifferenceKind.OtherValues
                && mine[key].Count() == 1
                && its[key].Count() == 1
                && columns.IsEmpty;
            if (isSame)
            {
                _differing.Remove(key);
                continue;
            }
            var row = one ?? other ?? [];
            found.Add(
                new KeyDifference(
                    _differing[key],
                    [
                        .. _columns.Key.Select(
                            (column, i) => CanonicalText.Read(row[i + 1] as string, column.As)
                        ),
                    ],
                    columns
                )
            );
        }
        Finish([.. found.OrderBy(one => one.Kind)]);
    }

    private void Finish(ImmutableArray<KeyDifference> found)
    {
        var some = _differing.Keys.Order(StringComparer.Ordinal).Take(_examples).ToList();
        if (some.Count > 0)
            Find = new ReconcileStep(_here.Find(some), _there.Find(some));
        var isPartial = _isPartial && _differing.Count > 0;
        Report = new ReconcileReport(_differing.Count, _rowsHere, _rowsThere)
        {
            IsPartial = isPartial,
            KeyColumns = [.. _columns.Key.Select(column => column.Here)],
            Examples = [.. found.Take(_examples)],
            Counts = _words.Of(
                _differing.Values.CountBy(kind => kind).ToDictionary(),
                isPartial,
                (_rowsHere, _rowsThere),
                [.. found.SelectMany(one => one.Columns).Select(column => column.Column).Distinct()]
            ),
            Sums = [.. Sums().Where(sum => _differing.Count > 0 && sum.Here != sum.There)],
            Rest = _words.Rest,
        };
    }

    private IEnumerable<(string Column, string? Here, string? There)> Sums() =>
        SideQueries
            .Numbers(_columns)
            .Select(
                (column, i) =>
                    (
                        column.Here,
                        CanonicalText.Read(_sumsHere[i], column.As),
                        CanonicalText.Read(_sumsThere[i], column.As)
                    )
            );

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static long Count(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
