using System.Collections.Immutable;

namespace Strata.Compiler.Graph.Comparing;

/// <summary>Which nodes of a project are not what they were, in the sense of dbt's <c>state:</c>.</summary>
public sealed class ProjectComparison
{
    /// <summary>What can stand behind <c>state:</c>.</summary>
    public static readonly ImmutableArray<string> Values =
    [
        "new",
        "old",
        "modified",
        "unmodified",
        "modified.body",
        "modified.configs",
        "modified.contract",
        "modified.macros",
        "modified.persisted_descriptions",
        "modified.relation",
    ];

    private readonly ComparableProject _before;
    private readonly ComparableProject _now;
    private readonly HashSet<string> _touchedMacros;

    public ProjectComparison(ComparableProject before, ComparableProject now)
    {
        (_before, _now) = (before, now);
        _touchedMacros = TouchedMacros();
    }

    /// <param name="value">One of <see cref="Values"/>.</param>
    public bool Is(string id, string value)
    {
        var before = _before.Nodes.GetValueOrDefault(id);
        return _now.Nodes.TryGetValue(id, out var now)
            && value switch
            {
                "new" => before is null,
                "old" => before is not null,
                "modified" => IsModified(before, now),
                "unmodified" => !IsModified(before, now),
                "modified.body" => before is null || before.Body != now.Body,
                "modified.configs" => before is null || before.Config != now.Config,
                "modified.contract" => before is not null && before.Contract != now.Contract,
                "modified.macros" => CallsTouched(now),
                "modified.persisted_descriptions" => before is null || HasOtherDescriptions(before, now),
                "modified.relation" => before is null || HasOtherRelation(before, now),
                _ => throw new ArgumentOutOfRangeException(nameof(value)),
            };
    }

    private bool IsModified(ComparableNode? before, ComparableNode now) =>
        before is null
        || before.Body != now.Body
        || before.Config != now.Config
        || HasOtherDescriptions(before, now)
        || HasOtherRelation(before, now)
        || before.Contract != now.Contract
        || before.Rest != now.Rest
        || !before.Fqn.SequenceEqual(now.Fqn)
        || CallsTouched(now);

    // on another target everything lives elsewhere
    private bool HasOtherRelation(ComparableNode before, ComparableNode now) =>
        before.Relation != now.Relation
        || (_before.Target is { } target && target == _now.Target && before.Place != now.Place);

    // whether they are written at all is configuration
    private static bool HasOtherDescriptions(ComparableNode before, ComparableNode now) =>
        (now.PersistsDescription && before.Description != now.Description)
        || (now.PersistsColumnDescriptions && before.ColumnDescriptions != now.ColumnDescriptions);

    // a macro that went counts: what called it calls something else now, or nothing
    private HashSet<string> TouchedMacros()
    {
        var touched = _now
            .Macros.Where(macro => _before.Macros.GetValueOrDefault(macro.Key)?.Text != macro.Value.Text)
            .Select(macro => macro.Key)
            .ToHashSet(StringComparer.Ordinal);
        touched.UnionWith(_before.Macros.Keys.Where(id => !_now.Macros.ContainsKey(id)));
        // what calls a touched one is touched, too
        var callers = _now
            .Macros.SelectMany(macro => macro.Value.Calls.Select(called => (called, caller: macro.Key)))
            .ToLookup(call => call.called, call => call.caller, StringComparer.Ordinal);
        var open = new Queue<string>(touched);
        while (open.TryDequeue(out var id))
        {
            foreach (var caller in callers[id].Where(touched.Add))
                open.Enqueue(caller);
        }
        return touched;
    }

    private bool CallsTouched(ComparableNode node) => node.Macros.Any(_touchedMacros.Contains);
}
