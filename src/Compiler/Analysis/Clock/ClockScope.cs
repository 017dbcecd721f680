using Strata.Compiler.Sql;

namespace Strata.Compiler.Analysis.Clock;

/// <summary>What names mean at one place of a query: its common table expressions, and the columns of what it reads. Used by one thread.</summary>
internal sealed class ClockScope(ClockScope? outer)
{
    private readonly Dictionary<string, ClockRelation> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ClockRelation> _byAlias = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ClockRelation> _inputs = [];
    private readonly HashSet<string> _merged = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _lateral = new(StringComparer.OrdinalIgnoreCase);
    private bool _hasClock;

    public IReadOnlyList<ClockRelation> Inputs => _inputs;

    /// <summary>Whether all columns are known that a name may mean here.</summary>
    public bool IsComplete { get; private set; } = true;

    public void AddTable(string name, ClockRelation columns) => _tables[name] = columns;

    public ClockRelation? FindTable(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._tables.TryGetValue(name, out var table))
                return table;
        }
        return null;
    }

    public void AddInput(string? alias, ClockRelation columns)
    {
        _inputs.Add(columns);
        IsComplete &= columns.IsComplete;
        _hasClock |= columns.HasClock;
        if (alias is not null)
            _byAlias[alias] = columns;
    }

    /// <summary>A column that a join puts together.</summary>
    public void AddMerged(string name) => _merged.Add(name);

    /// <summary>An item of the select list that others may read by its name: only where it cannot be that of a column.</summary>
    public void AddLateral(string name, int question)
    {
        if (IsComplete && !Has(name))
            _lateral.TryAdd(name, question);
    }

    public ClockRelation? FindInput(string alias)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._byAlias.TryGetValue(alias, out var input))
                return input;
        }
        return null;
    }

    /// <returns>Where the clock is asked of which a column is made; null for any other name.</returns>
    public int? QuestionOf(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._merged.Contains(name))
                return null;
            if (scope._lateral.TryGetValue(name, out var question))
                return question;
            if (scope._hasClock && scope.FindClock(name) is { } found)
                return found;
            // where not all columns are known, it may be one of those
            if (!scope.IsComplete || scope.Has(name))
                return null;
        }
        return null;
    }

    private int? FindClock(string name)
    {
        int? found = null;
        foreach (var input in _inputs)
        {
            if (!input.Has(name))
                continue;
            if (input.QuestionOf(name) is not { } question)
                return null;
            found ??= question;
        }
        return found;
    }

    private bool Has(string name) => _inputs.Exists(input => input.Has(name));

    private ClockScope? Outer => outer;
}
