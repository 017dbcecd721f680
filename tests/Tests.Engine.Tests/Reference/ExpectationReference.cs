using System.Globalization;
using System.Text;
using Strata.Conformance.Expectations;
using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Tests.Engine.Tests.Reference;

/// <summary>Writes docs/reference/expectations.md: a fixed introduction, then every entry of the catalogue with its example run on DuckDB.</summary>
internal sealed class ExpectationReference(TestEngine engine)
{
    private readonly CheckRelation _orders = ExampleTables.Create(engine);

    public string Write(string introduction)
    {
        var text = new StringBuilder(
            introduction.Replace("{tables}", ExampleTables.Orders, StringComparison.Ordinal)
        );
        foreach (var family in ExpectationCatalog.Instance.Families)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {family.Title}\n");
            foreach (var expectation in family.Members)
                Write(text, expectation);
        }
        WriteNames(text);
        return text.ToString();
    }

    // every name that a dbt project may use, and whether it means the same without its package in front
    private static void WriteNames(StringBuilder text)
    {
        text.Append("\n## The names of dbt and its packages\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"All {PackageNames.Core.Length} generic tests of dbt, {PackageNames.DbtUtils.Length} of dbt-utils and {PackageNames.DbtExpectations.Length} of dbt-expectations are in the catalogue under their full names.\n"
        );
        text.Append("\n| name | entry | without the package in front |\n|---|---|---|\n");
        foreach (var name in PackageNames.All)
        {
            var found = ExpectationCatalog.Instance.Find(name)!;
            var plain = name[(name.IndexOf('.') + 1)..];
            var bare = ExpectationCatalog.Instance.Find(plain);
            var words =
                plain == name ? ""
                : bare is null ? "not a name"
                : bare == found ? "the same"
                : "that of Great Expectations";
            var anchor = found.Name.Replace(".", "", StringComparison.Ordinal).ToLowerInvariant();
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{name}` | [{found.Name}](#{anchor}) | {words} |\n"
            );
        }
    }

    private void Write(StringBuilder text, Expectation expectation)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### {expectation.Name}\n\n{expectation.Description}");
        if (expectation.AllowsMostly)
            text.Append(" Takes `mostly`.");
        text.Append('\n');
        if (!expectation.Aliases.IsEmpty)
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nAlso called {string.Join(", ", expectation.Aliases.Select(a => $"`{a}`"))}.\n"
            );
        if (!expectation.Parameters.IsEmpty)
        {
            text.Append("\n| argument | takes | default | |\n|---|---|---|---|\n");
            foreach (var parameter in expectation.Parameters)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{parameter.Name}`{Also(parameter)} | {Takes(parameter)} | {Default(parameter)} | {parameter.Description} |\n"
                );
        }
        WriteExample(text, expectation);
    }

    private void WriteExample(StringBuilder text, Expectation expectation)
    {
        var isColumn = expectation.Target == ExpectationTarget.Column;
        var entry =
            expectation.Example == "{}"
                ? $"- {expectation.Name}"
                : $"- {expectation.Name}: {expectation.Example}";
        text.Append("\n```yaml\n");
        text.Append(
            isColumn
                ? $"columns:\n  - name: {expectation.ExampleColumn}\n    tests:\n      {entry}\n"
                : $"tests:\n  {entry}\n"
        );
        text.Append("```\n\n");
        var test = Given.Test(expectation.Name, isColumn ? expectation.ExampleColumn : null) with
        {
            Arguments = ExampleArguments.Read(expectation.Example),
        };
        var verdict = engine.Run(CheckPlanner.Plan(Given.Request(engine, _orders, test))).Single();
        text.Append(verdict.Status == CheckStatus.Pass ? "Passes" : "Fails")
            .Append(": ")
            .Append(verdict.Figures)
            .Append(".\n");
    }

    private static string Also(Parameter parameter) =>
        string.Concat(parameter.Aliases.Select(a => $", `{a}`"));

    private static string Default(Parameter parameter) =>
        parameter.IsRequired ? "needed"
        : parameter.Default is { } value
            ? $"`{Convert.ToString(value, CultureInfo.InvariantCulture)!.ToLowerInvariant()}`"
        : "";

    private static string Takes(Parameter parameter) =>
        parameter.Type switch
        {
            ParameterType.Choice => string.Join(", ", parameter.Choices.Select(c => $"`{c}`")),
            ParameterType.Boolean => "true or false",
            ParameterType.Integer => "whole number",
            ParameterType.Fraction => "number from 0 to 1",
            ParameterType.Values => "list of values",
            ParameterType.Tuples => "list of lists",
            ParameterType.Pattern => "pattern",
            ParameterType.Texts => "list of text",
            ParameterType.Columns => "list of columns",
            ParameterType.Expression => "column or SQL",
            ParameterType.Expressions => "list of columns or SQL",
            ParameterType.SqlValue => "number or SQL",
            ParameterType.Relation => "`ref` or `source`",
            ParameterType.Map => "mapping",
            ParameterType.Numbers => "list or mapping of numbers",
            var type => type.ToString().ToLowerInvariant(),
        };
}
