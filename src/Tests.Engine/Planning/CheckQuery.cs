using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Text;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Planning;

/// <summary>One statement that measures one or more tests. Its rows are judged by <see cref="Evaluate"/>.</summary>
public sealed class CheckQuery
{
    private readonly Func<IReadOnlyList<object?[]>, ImmutableArray<CheckVerdict>> _evaluate;
    private readonly Func<PlannedCheck, CheckQuery> _alone;

    internal CheckQuery(
        string sql,
        CheckQueryShape shape,
        ImmutableArray<PlannedCheck> members,
        Func<IReadOnlyList<object?[]>, ImmutableArray<CheckVerdict>> evaluate,
        Func<PlannedCheck, CheckQuery> alone
    )
    {
        Sql = sql;
        Shape = shape;
        Members = members;
        _evaluate = evaluate;
        _alone = alone;
    }

    public string Sql { get; }

    public CheckQueryShape Shape { get; }

    public ImmutableArray<PlannedCheck> Members { get; }

    public IEnumerable<TestNode> Tests => Members.Select(m => m.Test);

    /// <summary>Why the result does not measure a member; null when it does. A fail_calc that is no aggregate gives as many rows as fail.</summary>
    /// <param name="rows">The whole result of <see cref="Sql"/>.</param>
    public Diagnostic? FindMisfit(TestNode test, IReadOnlyList<object?[]> rows) =>
        Shape == CheckQueryShape.OwnQuery && rows.Count != 1
            ? TestDiagnostics.WrongArgument(
                test.Declaration,
                "fail_calc",
                "an aggregate over the failing rows",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{test.Config.FailCalc.Trim()}', which gave {rows.Count:N0} rows"
                )
            )
            : null;

    /// <summary>One verdict for each member, in their order.</summary>
    /// <param name="rows">The whole result of <see cref="Sql"/>; <see cref="FindMisfit"/> has nothing against it.</param>
    public ImmutableArray<CheckVerdict> Evaluate(IReadOnlyList<object?[]> rows) => _evaluate(rows);

    /// <summary>The members as queries of their own, for when the shared query failed and the culprit is to be found.</summary>
    public ImmutableArray<CheckQuery> Split() => Members.Length == 1 ? [this] : [.. Members.Select(_alone)];

    /// <summary>Where the SQL at an offset of <see cref="Sql"/> was written; null where it is ours.</summary>
    public SourceOrigin? FindOrigin(int offset)
    {
        if (Members is not [{ Measure: QueryMeasure { Written: { } written } measure }, ..])
            return null;
        var start = Sql.IndexOf(measure.FailingRows, StringComparison.Ordinal) + measure.WrittenAt;
        return offset >= start && offset <= start + written.Text.Length
            ? written.FindOrigin(offset - start)
            : null;
    }
}
