using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Rendering.Linking;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Measures;

namespace Strata.Tests.Engine.Planning;

/// <summary>Turns one test into a check: looks it up, holds its arguments against the columns, chooses what it reads.</summary>
internal sealed class CheckBuilder(CheckRequest request)
{
    private readonly CheckDialect _dialect = CheckDialect.For(request.Dialect);

    public (PlannedCheck? Check, ImmutableArray<Diagnostic> Problems) Build(TestNode test)
    {
        if (test.Query is { } query)
            return (FromQuery(test, query), []);
        if (test.TestName is null || test.AttachedNode is null)
            throw new InvalidOperationException($"test '{test.Name}' has neither a query nor a relation");
        if (ExpectationCatalog.Instance.Find(test.TestName) is not { } expectation)
            return (
                null,
                [
                    ReferenceDiagnostics.UnknownTest(
                        test.Declaration,
                        test.TestName,
                        ExpectationCatalog.Instance.Names
                    ),
                ]
            );

        var relation =
            expectation.ReadsInPlace && request.Place is { } place
                ? place(test.AttachedNode).Relation
                : request.Resolve(test.AttachedNode);
        var problems = DefinitionCheck.Run(expectation, test, relation);
        if (!problems.IsEmpty)
            return (null, problems);

        var arguments = new CheckArguments(expectation, test);
        var where = SqlFragment.And(test.Config.Where, arguments.Written("row_condition")?.Value as string);
        var context = Context(relation);
        if (expectation.Fits(context) is { } misfit)
            return (null, [DefinitionCheck.Problem(test, arguments, misfit)]);
        var measure = expectation.Build(context);
        var mostly = test.Config.Mostly ?? CheckArguments.ToNumber(arguments.Written("mostly")?.Value);
        // rules that divert rows judge what comes in before it meets what is there
        var isDiverting = test.Config.Severity == TestSeverity.Quarantine;
        var batch = request.Batches.GetValueOrDefault(test.AttachedNode);
        var wholeBecause =
            batch is null ? null
            : measure.IsOfBatch || isDiverting ? null
            : BatchRule.WhyNot(test, measure, mostly) ?? batch.WholeBecause;
        var readsBatch = batch is not null && wholeBecause is null;
        if (readsBatch && !measure.IsOfBatch && batch is { Rows: var rows })
        {
            context = Context(rows with { Columns = rows.Columns ?? relation.Columns });
            measure = expectation.Build(context);
        }
        // rows are diverted, so rows are what is counted
        if (
            test.Config.Severity == TestSeverity.Quarantine
            && measure is RowMeasure { CountedBy: not null } row
        )
            measure = row with { CountedBy = null };
        var check = new PlannedCheck(test, measure, context.SourceOf(Reads(context, measure), null), where)
        {
            Mostly = mostly,
            Reads = Reads(context, measure).Sql,
            IsStored = context.Relation.IsStored,
            ReadsBatchOnly = readsBatch,
            CountsChecked = request.AddsUpBatches && (readsBatch || isDiverting),
            WholeBecause = wholeBecause,
        };
        if (
            measure is ComputedMeasure or ReconcileMeasure
            && !(check.WarnIf.IsSimple && check.ErrorIf.IsSimple)
        )
            return (null, [TestDiagnostics.ThresholdNotSimple(test)]);
        if (measure is AggregateMeasure or ComputedMeasure && check.Percentage is { } share)
            return (null, [TestDiagnostics.NoShare(test, share)]);
        return (check, []);

        CheckContext Context(CheckRelation reads) =>
            new(
                _dialect,
                test,
                arguments,
                reads,
                where,
                request.ResolveOther ?? request.Resolve,
                request.Now,
                request.Memories.GetValueOrDefault(test.UniqueId),
                request.Batches.GetValueOrDefault(test.AttachedNode ?? "")?.Rows,
                request.Place
            );
    }

    private static CheckRelation Reads(CheckContext context, Measure measure) =>
        measure.IsOfBatch && context.Batch is { } batch ? batch : context.Relation;

    // A relation that needs a condition or is a query becomes a CTE under its own plain name, so that the
    // project's SQL may give it an alias or not, as it may for a table.
    private PlannedCheck FromQuery(TestNode test, CompiledSql query)
    {
        var commonTables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var bound = query.Bind(reference =>
        {
            var relation = request.Resolve(reference.NodeId);
            var where = reference.NodeId == test.AttachedNode ? test.Config.Where : null;
            if (where is null && !relation.Sql.StartsWith('('))
                return relation.Sql;
            if (names.TryGetValue(reference.NodeId, out var known))
                return known;
            var plain = relation.Name;
            while (commonTables.ContainsKey(_dialect.Quote(plain)))
                plain += "_";
            var name = _dialect.Quote(plain);
            commonTables[name] =
                $"select * from {relation.Sql} as {name}"
                + (where is null ? "" : $" where {SqlFragment.Parenthesize(where)}");
            names[reference.NodeId] = name;
            return name;
        });
        var head =
            commonTables.Count == 0
                ? ""
                : $"with {string.Join(", ", commonTables.Select(c => $"{c.Key} as ({c.Value})"))}\nselect * from (\n";
        var tail = commonTables.Count == 0 ? "" : "\n) as rows_of_query";
        var measure = new QueryMeasure(head + SqlFragment.Query(bound.Text) + tail)
        {
            Written = bound,
            WrittenAt = head.Length,
        };
        return new PlannedCheck(test, measure, null, null)
        {
            WholeBecause = test.DependsOn.Any(request.Batches.ContainsKey) ? BatchRule.OwnQuery : null,
        };
    }
}
