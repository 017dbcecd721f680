using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Rows;

/// <summary>
/// What a select groups its rows by, or keeps one of: its rows are told apart by that, whatever it is made of. Rather one column too many than one too few.
/// </summary>
internal sealed class RowKeys
{
    private readonly SqlTokenTree _tokens;
    private readonly ImmutableArray<Range> _keys;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<int> _places = [];
    private readonly bool _areAll;

    public RowKeys(SqlTokenTree tokens, SelectQuery.Branch branch)
    {
        (_tokens, _keys) = (tokens, branch.Keys);
        foreach (var i in _keys.SelectMany(Places))
        {
            if (tokens.IsName(i) && !tokens.IsSymbol(i + 1, '('))
                _names.Add(tokens.NameAt(i));
            else if (int.TryParse(tokens.TextAt(i), CultureInfo.InvariantCulture, out var place))
                _places.Add(place - 1);
        }
        _areAll =
            _keys.Any(key => tokens.Is(key.Start.Value, "all"))
            // how many columns a star stands for is not known
            || _places.Count > 0 && branch.Items.Any(item => item.Star is not null);
    }

    private static IEnumerable<int> Places(Range range) =>
        Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value);

    public bool Contain(SelectQuery.Item item, int place) =>
        _areAll
        || _places.Contains(place)
        || item.Name is { } name && _names.Contains(name)
        || Places(item.Expression).Any(i => _tokens.IsName(i) && _names.Contains(_tokens.NameAt(i)))
        || _keys.Any(key => Places(key).Any(start => IsAt(item.Expression, start)));

    /// <summary>Of the columns of a star those that are no keys.</summary>
    public ImmutableDictionary<string, string> Without(ImmutableDictionary<string, string> columns) =>
        _areAll ? RunDependentQuery.None : columns.RemoveRange(_names);

    private bool IsAt(Range expression, int start)
    {
        var i = expression.Start.Value;
        for (; i < expression.End.Value && start < _tokens.Count; i++, start++)
        {
            if (!_tokens.TextAt(i).Equals(_tokens.TextAt(start), StringComparison.OrdinalIgnoreCase))
                return false;
        }
        return i == expression.End.Value;
    }
}
