using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>Publishes a view: its text names published relations only, so it outlives the run.</summary>
public static class ViewWriter
{
    /// <param name="inPlace">The engine replaces a view only if its columns stay.</param>
    /// <param name="published">What the published view was made of, see <see cref="Definition"/>; null where that is not known.</param>
    public static PublishScript Write(
        SqlDialect dialect,
        StagedRelation staged,
        BoundSql body,
        bool inPlace,
        string? published
    )
    {
        var create = Definition(dialect, staged, body);
        if (staged.Existing is not { } existing)
            return new PublishScript([new PublishStep($"create {create}")]);
        if (existing.Kind != RelationKind.View || (inPlace && !ColumnsStay(existing, staged)))
            return Anew(dialect, existing, create);
        // an unchanged view needs no lock that readers would have to wait for
        if (create == published && inPlace && existing.Columns.Length == staged.Columns.Length)
            return new PublishScript([]);
        return Keeping(
            dialect,
            existing,
            new PublishScript([new PublishStep($"create or replace {create}")])
        );
    }

    /// <summary>Drops what is there first.</summary>
    public static PublishScript Anew(SqlDialect dialect, RelationInfo existing, string create) =>
        Keeping(
            dialect,
            existing,
            new PublishScript([new PublishStep($"create {create}")])
            {
                DropBefore = [Ddl.Drop(dialect, existing)],
            }
        );

    /// <summary>Whoever may read a view may read the one that takes its place, whose options and owner are its own.</summary>
    private static PublishScript Keeping(SqlDialect dialect, RelationInfo existing, PublishScript script) =>
        existing.Kind == RelationKind.View && dialect.RightsOf(existing.Name) is { } rights
            ? script with
            {
                BeforeChanges = [rights.Remember],
                Steps = script.Steps.Add(new PublishStep(rights.GiveBack)),
            }
            : script;

    /// <summary>What follows <c>create</c>, or <c>create or replace</c>.</summary>
    public static string Definition(SqlDialect dialect, StagedRelation staged, BoundSql body) =>
        ModelStatement.Around($"view {dialect.Quote(staged.Published)} as\n", body).Text;

    private static bool ColumnsStay(RelationInfo existing, StagedRelation staged) =>
        existing.Columns.Length <= staged.Columns.Length
        && existing
            .Columns.Zip(staged.Columns)
            .All(pair => pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type);
}
