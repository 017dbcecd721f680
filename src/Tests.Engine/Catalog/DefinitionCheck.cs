using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Text;
using Strata.Tests.Engine.Dialects;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Catalog;

/// <summary>
/// Holds a test against its expectation before any SQL is written: names and types of arguments, and, once the
/// relation is known, its columns and whether values can be compared with them.
/// </summary>
internal static class DefinitionCheck
{
    /// <summary>Arguments that every expectation takes.</summary>
    public static readonly ImmutableArray<Parameter> Common =
    [
        Parameter.Optional(
            "column",
            ParameterType.Column,
            "the column, for a test written under the relation"
        ) with
        {
            Aliases = ["column_name"],
        },
        Parameter.Optional("row_condition", ParameterType.Text, "the rows to check, as SQL; like `where`"),
        Parameter.Optional("mostly", ParameterType.Fraction, "the share of rows that must pass"),
    ];

    public static ImmutableArray<Diagnostic> Run(
        Expectation expectation,
        TestNode test,
        CheckRelation? relation
    )
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var (name, argument) in test.Arguments)
        {
            if (FindParameter(expectation, name) is not { } parameter)
                found.Add(
                    TestDiagnostics.UnknownArgument(
                        test.TestName ?? expectation.Name,
                        name,
                        argument.NameSpan ?? argument.Span,
                        Names(expectation)
                    )
                );
            else
                found.AddRange(ArgumentTypes.Check(parameter, argument));
        }
        var arguments = new CheckArguments(expectation, test);
        if (expectation.Target == ExpectationTarget.Column && !arguments.HasColumn)
            found.Add(TestDiagnostics.NeedsColumn(test, expectation.Name));
        CheckMostly(expectation, test, found);
        foreach (var parameter in expectation.Parameters.Where(p => p.IsRequired))
        {
            if (arguments.Written(parameter.Name) is not { } written)
                found.Add(TestDiagnostics.MissingArgument(test, expectation.Name, parameter.Name));
            else if (written.Value is null && !parameter.AllowsNull)
                found.Add(TestDiagnostics.WrongArgument(written.Span, parameter.Name, "given", "null"));
        }
        if (found.Count == 0 && expectation.Rule(arguments) is { } problem)
            found.Add(Problem(test, arguments, problem));
        if (found.Count == 0 && relation is not null)
            CheckColumns(expectation, test, arguments, relation, found);
        return found.ToImmutable();
    }

    public static Diagnostic Problem(TestNode test, CheckArguments arguments, ArgumentProblem problem) =>
        TestDiagnostics.Contradiction(
            test,
            problem.Parameter is { } name ? arguments.Written(name)?.Span : null,
            problem.Message,
            problem.Hint
        );

    private static void CheckMostly(
        Expectation expectation,
        TestNode test,
        ImmutableArray<Diagnostic>.Builder found
    )
    {
        var argument = test.Arguments.GetValueOrDefault("mostly");
        if (!expectation.AllowsMostly && (test.Config.Mostly is not null || argument is not null))
            found.Add(TestDiagnostics.NoMostly(test, expectation.Name, argument?.Span));
        else if (test.Config.Mostly is { } mostly and not (>= 0 and <= 1))
            found.Add(
                TestDiagnostics.WrongArgument(test.Declaration, "mostly", "a number from 0 to 1", $"{mostly}")
            );
    }

    private static void CheckColumns(
        Expectation expectation,
        TestNode test,
        CheckArguments arguments,
        CheckRelation relation,
        ImmutableArray<Diagnostic>.Builder found
    )
    {
        if (relation.Columns is not { } columns)
        {
            if (expectation.NeedsColumns)
                found.Add(TestDiagnostics.ColumnsNotKnown(test, expectation.Name));
            return;
        }
        if (!expectation.ChecksForColumn)
        {
            Column(test.Column, test.Declaration);
            Column(arguments.Text("column"), arguments.Written("column")?.Span);
        }
        foreach (var parameter in expectation.Parameters)
        {
            if (parameter.Type is not (ParameterType.Column or ParameterType.Columns))
                continue;
            foreach (var name in arguments.Texts(parameter.Name))
                Column(name, arguments.Written(parameter.Name)?.Span);
        }
        if (found.Count > 0 || (test.Column ?? arguments.Text("column")) is not { } tested)
            return;
        var type = relation.FindColumn(tested)?.Type;
        var family = TypeNames.Classify(type);
        foreach (var parameter in expectation.Parameters)
        {
            if (
                parameter.Type is not (ParameterType.Value or ParameterType.Values)
                || (parameter.QuotedBy is { } quoted && arguments.Value(quoted) is false)
            )
                continue;
            foreach (var value in arguments.List(parameter.Name))
            {
                if (
                    !ArgumentTypes.IsComparable(value, family)
                    && arguments.Written(parameter.Name) is { } written
                )
                    found.Add(
                        TestDiagnostics.NotComparable(
                            written.Span,
                            ArgumentTypes.Describe(value),
                            tested,
                            type ?? ""
                        )
                    );
            }
        }

        void Column(string? name, SourceSpan? span)
        {
            if (name is not null && relation.FindColumn(name) is null)
                found.Add(
                    TestDiagnostics.UnknownColumn(
                        test,
                        span ?? test.Declaration,
                        name,
                        [.. columns.Select(c => c.Name)]
                    )
                );
        }
    }

    /// <summary>The parameter of that name or alias: one of the expectation's own, or one that all have.</summary>
    public static Parameter? FindParameter(Expectation expectation, string name) =>
        expectation.FindParameter(name) ?? Common.FirstOrDefault(p => p.Answers(name));

    private static IEnumerable<string> Names(Expectation expectation) =>
        expectation.Parameters.Concat(Common).Select(p => p.Name);
}
