using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files.Landing;
using Strata.Runner.Results;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Reconciling;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Runner.Execution.Auditing;

/// <summary>
/// Runs the tests that compare two relations where they lie, each side on its own connection and both at the same time.
/// </summary>
internal sealed class Reconciler(RunContext context, AuditedRelations relations)
{
    // what a person wants in a file, where the console shows fewer
    private const int MostExamples = 100;

    public async Task<TestResult> RunAsync(
        ConnectionRun on,
        PlannedCheck check,
        CancellationToken cancellationToken
    )
    {
        var started = context.Clock.GetTimestamp();
        var test = check.Test;
        var (here, there) = Sides(test);
        var side = here;
        try
        {
            await using var leaseHere = await here.Sessions.RentAsync(cancellationToken);
            side = there;
            await using var leaseThere = await there.Sessions.RentAsync(cancellationToken);
            try
            {
                var reconciliation =
                    check.Reconcile(MostExamples)
                    ?? throw new InvalidOperationException($"'{test.Name}' compares nothing");
                while (reconciliation.Next is { } step)
                {
                    side = here;
                    var asked = leaseThere.Session.QueryAsync(step.There, int.MaxValue, cancellationToken);
                    RowSet rows;
                    try
                    {
                        rows = await leaseHere.Session.QueryAsync(step.Here, int.MaxValue, cancellationToken);
                    }
                    catch
                    {
                        // the other side's statement ends before its session goes to somebody else
                        await asked.ContinueWith(
                            _ => { },
                            CancellationToken.None,
                            TaskContinuationOptions.None,
                            TaskScheduler.Default
                        );
                        throw;
                    }
                    side = there;
                    reconciliation.Answer(rows.Rows, (await asked).Rows);
                }
                return ToResult(on, check, reconciliation, context.Clock.GetElapsedTime(started));
            }
            catch (OperationCanceledException)
            {
                (leaseHere.IsBroken, leaseThere.IsBroken) = (true, true);
                throw;
            }
        }
        catch (EngineException e)
        {
            var error = await LandedProblems.ExplainAsync(
                e.Error,
                LandedBehind.Of(context, LandedBehind.ReadBy(test)),
                cancellationToken
            );
            return new TestResult
            {
                Test = test,
                Status = TestStatus.Error,
                TestedAt = context.Now,
                Duration = context.Clock.GetElapsedTime(started),
                Diagnostics =
                [
                    error.ToDiagnostic(side.Dialect.Name, $"test '{test.Name}'", test.Declaration),
                ],
            };
        }
    }

    private (ConnectionRun Here, ConnectionRun There) Sides(TestNode test)
    {
        var other = test.Arguments.Values.Select(argument => argument.NodeId).OfType<string>().First();
        return (Of(test.AttachedNode ?? ""), Of(other));

        ConnectionRun Of(string id) =>
            context.Manifest.Find<RelationNode>(id) is { } node
                ? context.Connections[node.Connection]
                : throw new InvalidOperationException($"a test reads '{id}', which is no relation");
    }

    private TestResult ToResult(
        ConnectionRun on,
        PlannedCheck check,
        Reconciliation reconciliation,
        TimeSpan duration
    )
    {
        var report =
            reconciliation.Report
            ?? throw new InvalidOperationException($"'{check.Test.Name}' has not come to an end");
        var personal = PersonalColumns.Of(context.Manifest, check.Test);
        var verdict = check.Judge(report, name => personal.Hides(name, isOfRelation: true));
        var result = new TestResult
        {
            Test = check.Test,
            Status = verdict.Status switch
            {
                CheckStatus.Pass => TestStatus.Pass,
                CheckStatus.Warn => TestStatus.Warn,
                _ => TestStatus.Fail,
            },
            Failures = verdict.Failures,
            Checked = verdict.Checked,
            WholeBecause = check.WholeBecause,
            TestedAt = context.Now,
            Duration = duration,
        };
        if (verdict.ToDiagnostic() is not { } diagnostic)
            return result;
        return result with
        {
            FailingRowsSql = reconciliation.Find is { } find ? Describe(check.Test, find) : null,
            ReadsStage = relations.ReadsStage(on, check.Test),
            Samples = Samples(report, personal),
            Diagnostics = [diagnostic],
        };
    }

    private string Describe(TestNode test, ReconcileStep find)
    {
        var (here, there) = Sides(test);
        return $"-- on {here.Name}\n{find.Here};\n-- on {there.Name}\n{find.There};";
    }

    private FailingRows? Samples(ReconcileReport report, PersonalColumns personal)
    {
        var limit = context.Manifest.TestResults.Samples;
        if (limit == 0 || report.Examples.IsEmpty)
            return null;
        ImmutableArray<string> columns = [.. report.KeyColumns, "found", "here", "there"];
        return new FailingRows(
            columns,
            report.KeyColumns.Length + 1,
            [.. report.Examples.Take(limit).Select(Row)]
        )
        {
            Masked =
            [
                .. report
                    .KeyColumns.Concat(
                        report.Examples.SelectMany(one => one.Columns).Select(one => one.Column)
                    )
                    .Distinct()
                    .Where(Hides),
            ],
        };

        ImmutableArray<string?> Row(KeyDifference one) =>
            [
                .. one.Key.Select(
                    (value, i) =>
                        value is not null && Hides(report.KeyColumns[i]) ? PersonalColumns.Mask : value
                ),
                one.Kind switch
                {
                    DifferenceKind.OnlyHere => "only here",
                    DifferenceKind.OnlyThere => "only there",
                    _ when one.Columns.IsEmpty => "more often on one side",
                    _ => $"other {string.Join(", ", one.Columns.Select(column => column.Column))}",
                },
                Values(one, column => column.Here),
                Values(one, column => column.There),
            ];

        string Values(KeyDifference one, Func<ColumnDifference, string?> value) =>
            string.Join(
                ", ",
                one.Columns.Select(column =>
                    (value(column), Hides(column.Column)) switch
                    {
                        (null, _) => "null",
                        (_, true) => PersonalColumns.Mask,
                        var (text, _) => text,
                    }
                )
            );

        bool Hides(string column) => personal.Hides(column, isOfRelation: true);
    }
}
