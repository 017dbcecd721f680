using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;
using Strata.Tests.Engine.Dialects;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Staged columns take the target's type where an engine cannot compare theirs with it: texts that are numbers in the target, for
/// example. Types that are numbers, or instants, on both sides are left as they are.
/// </summary>
internal sealed class StageTypes(NodeStatements statements)
{
    public async Task<StagedRelation> AdoptAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        RelationNode about,
        RelationInfo target,
        StagedRelation staged,
        OnSchemaChange mode,
        CancellationToken cancellationToken
    )
    {
        // there the target's column takes the type; and where types are compared by casting, nothing need be done
        if (mode is OnSchemaChange.SyncAllColumns or OnSchemaChange.Fail || on.Dialect.ComparesAcrossTypes)
            return staged;
        var columns = staged.Columns.ToBuilder();
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            if (
                target.Columns.FirstOrDefault(other => other.Name == column.Name) is not { } there
                || there.Type == column.Type
                || AreLike(there.Type, column.Type)
            )
                continue;
            var name = on.Dialect.QuoteIdentifier(column.Name);
            var alter =
                $"alter table {on.Dialect.Quote(staged.Physical)} alter column {name} type {there.Type} using cast({name} as {there.Type})";
            var statement = new ModelStatement(alter)
            {
                DataHint = TypeRemedy.Hint(about, castsTarget: false),
            };
            await statements.RunAsync(lease, about, statement, cancellationToken);
            columns[i] = column with { Type = there.Type };
        }
        return staged with { Columns = columns.ToImmutable() };
    }

    private static bool AreLike(string one, string other)
    {
        var (first, second) = (TypeNames.Classify(one), TypeNames.Classify(other));
        return first == second && first != TypeFamily.Other
            || IsNumber(first) && IsNumber(second)
            || IsInstant(first) && IsInstant(second);
    }

    private static bool IsNumber(TypeFamily family) =>
        family is TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float;

    private static bool IsInstant(TypeFamily family) =>
        family is TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampTz;
}
