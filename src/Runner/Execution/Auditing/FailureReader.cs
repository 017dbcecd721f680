using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files.Landing;
using Strata.Runner.Materializations;
using Strata.Runner.Results;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Runner.Execution.Auditing;

/// <summary>Makes a result out of a verdict; for one that people must act on, fetches what they need to do so.</summary>
internal sealed partial class FailureReader(RunContext context, AuditedRelations relations)
{
    private const string FailuresSchema = "strata_failures";

    public async Task<TestResult> ToResultAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        CheckVerdict verdict,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        if (verdict.Status != CheckStatus.Pass && verdict.Checked is null)
            verdict = verdict with { Checked = await CountAsync(lease, verdict.Check, cancellationToken) };
        var personal = PersonalColumns.Of(context.Manifest, verdict.Test);
        var shown = personal.HidesObserved
            ? verdict with
            {
                Observed = verdict.Observed is null ? null : PersonalColumns.Mask,
                Note = verdict.MaskedNote,
            }
            : verdict;
        var result = new TestResult
        {
            Test = verdict.Test,
            Status = StatusOf(verdict),
            Failures = verdict.Failures,
            Counts = verdict.Check.Counts,
            Checked = verdict.FailurePercent is null ? null : verdict.Checked,
            Observed = shown.Observed,
            ObservedNumber = ToNumber(verdict.Observed),
            Note = shown.Note,
            IsRemark = shown.IsRemark,
            NewBaseline = verdict.NewBaseline,
            BatchOnly = verdict.Check.ReadsBatchOnly,
            WholeBecause = verdict.Check.WholeBecause,
            TestedAt = context.Now,
            Duration = duration,
        };
        if (shown.ToDiagnostic() is not { } diagnostic)
            return result;
        var problems = new List<Diagnostic>();
        var stored = verdict.Test.Config.StoreFailures
            ? await TryAsync("stored", () => StoreAsync(lease, on, verdict, cancellationToken))
            : null;
        var samples = await TryAsync(
            "shown",
            () => SampleAsync(lease, on, verdict.Check, personal, cancellationToken)
        );
        return result with
        {
            FailingRowsSql = Rerunnable(on, verdict.Test),
            ReadsStage = relations.ReadsStage(on, verdict.Test),
            Samples = samples,
            StoredIn = stored,
            Diagnostics =
            [
                diagnostic with
                {
                    Hint = stored is null ? diagnostic.Hint : $"the failing rows are in {stored}",
                },
                .. problems,
            ],
        };

        // the verdict stands whatever becomes of the rows; an engine that went away is another matter
        async Task<T?> TryAsync<T>(string what, Func<Task<T?>> keep)
            where T : class
        {
            try
            {
                return await keep();
            }
            catch (EngineException e)
                when (e.Error is { IsTransient: false, Kind: not EngineErrorKind.Connection })
            {
                var error = await LandedProblems.ExplainAsync(
                    e.Error,
                    LandedBehind.Of(context, LandedBehind.ReadBy(verdict.Test)),
                    cancellationToken
                );
                problems.Add(TestDiagnostics.RowsNotKept(verdict.Test, what, error.Message));
                return null;
            }
        }
    }

    private static async Task<long?> CountAsync(
        SessionPool.Lease lease,
        PlannedCheck check,
        CancellationToken cancellationToken
    )
    {
        if (check.CheckedSql is not { } sql)
            return null;
        var rows = await lease.Session.QueryAsync(sql, 1, cancellationToken);
        return rows.ScalarLong;
    }

    /// <summary>The query over published names; a stage is gone when somebody wants to look. Null where the engine alone cannot read the files.</summary>
    private string? Rerunnable(ConnectionRun on, TestNode test)
    {
        try
        {
            var plan = CheckPlanner.Plan(relations.PublishedRequest(on, test));
            return plan.Queries.SelectMany(query => query.Members).Single().StoreFailuresSql;
        }
        catch (NodeFailedException)
        {
            return null;
        }
    }

    private async Task<FailingRows?> SampleAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedCheck check,
        PersonalColumns personal,
        CancellationToken cancellationToken
    )
    {
        var limit = context.Manifest.TestResults.Samples;
        if (limit == 0 || !check.HasFailingRows)
            return null;
        var found = await lease.Session.QueryAsync(check.SampleRowsSql(limit), limit, cancellationToken);
        var known = relations.ColumnsOf(on, check.Test);
        var first = Leading(check.Test);
        var order = Enumerable
            .Range(0, found.Columns.Length)
            .OrderBy(i =>
                first.FindIndex(name => IsName(name, found.Columns[i].Name)) is >= 0 and var at
                    ? at
                    : first.Count
            )
            .ToImmutableArray();
        var masked = found
            .Columns.Select(column => column.Name)
            .Where(name => personal.Hides(name, known.Contains(name)))
            .ToImmutableArray();
        return new FailingRows(
            [.. order.Select(i => found.Columns[i].Name)],
            order.Count(i => first.Exists(name => IsName(name, found.Columns[i].Name))),
            [
                .. found.Rows.Select(row =>
                    order
                        .Select(i =>
                            row[i] is not null && masked.Contains(found.Columns[i].Name)
                                ? PersonalColumns.Mask
                                : ValueText.Of(row[i])
                        )
                        .ToImmutableArray()
                ),
            ]
        )
        {
            Masked = masked,
        };
    }

    /// <summary>What says which row it is, then what the test is about.</summary>
    private List<string> Leading(TestNode test)
    {
        var key =
            test.AttachedNode is { } id && context.Manifest.Find<ModelNode>(id) is { } model
                ? model.Config.UniqueKey
                : [];
        var named = test.Arguments.Values.SelectMany(argument =>
            argument.Value switch
            {
                string text => [text],
                IEnumerable<object?> list => list.OfType<string>(),
                _ => [],
            }
        );
        return
        [
            .. key,
            .. new[] { test.Column }.OfType<string>(),
            .. named,
            .. Expressions(test).SelectMany(text => Words().Matches(text)).Select(word => word.Value),
        ];
    }

    // the columns that an expression uses are among its words
    private static IEnumerable<string> Expressions(TestNode test)
    {
        var parameters = test.TestName is { } name
            ? ExpectationCatalog.Instance.Find(name)?.Parameters ?? []
            : [];
        return parameters
            .Where(parameter => parameter.Type is ParameterType.Expression or ParameterType.Expressions)
            .SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name))
            .SelectMany(name => CheckArguments.ToList(test.Arguments.GetValueOrDefault(name)?.Value))
            .OfType<string>();
    }

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    /// <summary>Keeps the failing rows, also when nothing is published: that is when they are wanted.</summary>
    private static async Task<string?> StoreAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        CheckVerdict verdict,
        CancellationToken cancellationToken
    )
    {
        var name = Identifiers.Fit(verdict.Test.Name, on.Dialect.MaxIdentifierBytes);
        var table = new RelationName(FailuresSchema, name);
        await on.EnsureSchemaAsync(FailuresSchema, cancellationToken);
        await lease.Session.ExecuteAsync(Ddl.DropTable(on.Dialect, table), cancellationToken);
        await lease.Session.ExecuteAsync(
            $"create table {on.Dialect.Quote(table)} as\n{verdict.Check.StoreFailuresSql}",
            cancellationToken
        );
        return table.ToString();
    }

    private static TestStatus StatusOf(CheckVerdict verdict) =>
        verdict.Status switch
        {
            CheckStatus.Pass => TestStatus.Pass,
            CheckStatus.Warn => TestStatus.Warn,
            CheckStatus.Fail => TestStatus.Fail,
            _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
        };

    private static double? ToNumber(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    private static bool IsName(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
