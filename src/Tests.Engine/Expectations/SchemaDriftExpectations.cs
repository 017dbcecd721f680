using System.Collections.Immutable;
using System.Globalization;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Columns;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;
using Strata.Tests.Engine.Memory;
using Strata.Tests.Engine.Planning;
using static Strata.Tests.Engine.Catalog.Parameter;

namespace Strata.Tests.Engine.Expectations;

/// <summary>The columns of a relation against a baseline, or against those that its YAML declares.</summary>
internal static class SchemaDriftExpectations
{
    private const string Ignore = "ignore";

    private static readonly ImmutableArray<(ColumnChange Change, string Argument)> Changes =
    [
        (ColumnChange.Added, "added"),
        (ColumnChange.Removed, "removed"),
        (ColumnChange.Retyped, "retyped"),
        (ColumnChange.Reordered, "reordered"),
    ];

    public static readonly ImmutableArray<Expectation> All =
    [
        new(
            "schema",
            ExpectationTarget.Relation,
            "The columns are those of a baseline, which the first run takes, or those that are declared under `columns:`. Of declared ones, a length or precision counts only where both sides have it, and a type only where one is declared."
        )
        {
            Remembers = true,
            ReadsDeclaredColumns = true,
            Tuning = [.. Changes.Select(change => change.Argument)],
            Parameters =
            [
                Choice("of", "what the columns are compared with", "baseline", "baseline", "declared"),
                Judged("added", "a column that was not there", "fail"),
                Judged("removed", "a column that is gone; a renamed one counts as gone and new", "fail"),
                Judged("retyped", "a column of another type, length or precision", "fail"),
                Judged("reordered", "a column in another place among those that were there before", Ignore),
            ],
            Example = "{added: ignore}",
            Rule = args =>
                Changes.All(change => args.Text(change.Argument) == Ignore)
                    ? new ArgumentProblem("removed", "a 'schema' test that ignores all changes cannot fail")
                    : null,
            Fits = c =>
                IsOfDeclared(c) && c.Relation.Declared.IsEmpty
                    ? new ArgumentProblem(
                        "of",
                        $"no columns of '{c.Relation.Name}' are declared",
                        "list them under 'columns:', or leave 'of' out to compare with a baseline"
                    )
                : c.Relation.Columns is null && c.Dialect.DescribeColumns(c.Source) is null
                    ? new ArgumentProblem(null, $"the columns of '{c.Relation.Name}' are not known")
                : null,
            Build = c =>
                c.Relation.Columns is { } columns
                    ? Listed(c, Compare(c, columns))
                    : new ComputedMeasure(
                        c.Dialect.DescribeColumns(c.Source) ?? "",
                        rows => Described(Compare(c, ReadColumns(rows)))
                    ),
        },
    ];

    private static Parameter Judged(string name, string description, string usual) =>
        Choice(name, description, usual, "fail", Ignore);

    private static bool IsOfDeclared(CheckContext c) => c.Args.Text("of") == "declared";

    private static Outcome Compare(CheckContext c, ImmutableArray<CheckColumn> all)
    {
        ImmutableArray<CheckColumn> now =
        [
            .. all.Where(column =>
                !c.Relation.Added.Contains(column.Name)
                || c.Relation.Declared.Any(declared => declared.Name == column.Name)
            ),
        ];
        var isOfDeclared = IsOfDeclared(c);
        var stored =
            isOfDeclared ? c.Relation.Declared
            : c.Memory is { StartsOver: false, Baseline: { } baseline } ? StoredColumns.Read(baseline.Content)
            : null;
        if (stored is not { } before)
            return new Outcome([], $"baseline taken: {Count(now)}", StoredColumns.ToJson(now));
        ImmutableArray<ColumnDifference> found =
        [
            .. ColumnComparison
                .Differences(c.Dialect.Sql, before, now, isExact: !isOfDeclared)
                .Where(one =>
                    c.Args.Text(Changes.Single(change => change.Change == one.Change).Argument) != Ignore
                ),
        ];
        var against = isOfDeclared
            ? "the declared columns"
            : $"the baseline of {Count(before)}{DriftJudgement.TakenAt(c)}";
        return new Outcome(
            found,
            found.IsEmpty ? null : $"not as in {against}: {string.Join(", ", found)}",
            null
        );
    }

    private static QueryMeasure Listed(CheckContext c, Outcome outcome) =>
        new(
            outcome.Found.IsEmpty
                ? "select '' as change, '' as column_name, '' as before, '' as now where false"
                : "select * from "
                    + CheckDialect.Values(
                        outcome.Found.Select(one =>
                            string.Join(
                                ", ",
                                new[]
                                {
                                    Changes.Single(change => change.Change == one.Change).Argument,
                                    one.Name,
                                    one.Before ?? "",
                                    one.Now ?? "",
                                }.Select(c.Dialect.Text)
                            )
                        ),
                        "found",
                        "change",
                        "column_name",
                        "before",
                        "now"
                    )
        )
        {
            Note = outcome.Note,
            IsRemark = outcome.Baseline is not null,
            NewBaseline = outcome.Baseline,
        };

    private static ComputedOutcome Described(Outcome outcome) =>
        new(outcome.Found.IsEmpty, null)
        {
            Note = outcome.Note ?? "no column differs",
            IsRemark = outcome.Baseline is not null,
            NewBaseline = outcome.Baseline,
        };

    private static ImmutableArray<CheckColumn> ReadColumns(IReadOnlyList<object?[]> rows) =>
        [.. rows.Select(row => new CheckColumn(row[0] as string ?? "", row[1] as string))];

    private static string Count(ImmutableArray<CheckColumn> columns) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{columns.Length:N0} {(columns.Length == 1 ? "column" : "columns")}"
        );

    private sealed record Outcome(ImmutableArray<ColumnDifference> Found, string? Note, string? Baseline);
}
