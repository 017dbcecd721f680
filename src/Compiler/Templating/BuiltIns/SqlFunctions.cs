using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Evaluation;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>Values and names as SQL of the node's engine, so that quoting is never done by hand.</summary>
internal static class SqlFunctions
{
    public static BuiltInFunction CreateLiteral() =>
        new(
            "sql_literal",
            "A value as a literal of the engine: text quoted, `null` as NULL, dates as date literals.",
            [new("value")],
            call => Literal(call, call[0]),
            """{{ sql_literal "it's" }}""",
            "'it''s'"
        );

    public static BuiltInFunction CreateIdentifier() =>
        new(
            "sql_identifier",
            "A name, quoted for the engine. Several names are the parts of a qualified name.",
            [new("name"), TemplateParameter.Variadic("parts")],
            call =>
            {
                var quoting = Quoting(call);
                return string.Join(
                    '.',
                    call.Rest.Prepend(call[0]).Select(part => quoting.QuoteIdentifier(call.TextOf(part)))
                );
            },
            """{{ sql_identifier "gold" "order" }}""",
            "\"gold\".\"order\""
        );

    public static BuiltInFunction CreateList() =>
        new(
            "sql_list",
            "The items of an array as literals, separated by commas, for `in (...)`. An empty array gives NULL, which "
                + "`in` never finds.",
            [new("list")],
            call =>
            {
                var list = call.ListOrNull(0) ?? [];
                call.CountIterations(list.Count);
                return list.Count == 0
                    ? Literal(call, null)
                    : call.Checked(string.Join(", ", list.Select(item => Literal(call, item))));
            },
            """id in ({{ sql_list [1, 2, 3] }})""",
            "id in (1, 2, 3)"
        );

    public static BuiltInFunction CreateDate() =>
        new(
            "sql_date",
            "A date, or text that is one, as a date literal of the engine, without its time.",
            [new("date")],
            call => Quoting(call).DateLiteral(DateOnly.FromDateTime(Date(call))),
            """{{ sql_date "2024-03-05" }}""",
            "DATE '2024-03-05'"
        );

    private static DateTime Date(TemplateCallContext call) =>
        call[0] switch
        {
            DateTime date => date,
            string text when DateFormat.TryParse(text, CultureInfo.InvariantCulture, out var date) => date,
            _ => throw call.Invalid(0, "expected a date, such as \"2024-03-05\""),
        };

    private static string Literal(TemplateCallContext call, object? value) =>
        value switch
        {
            DateTime { TimeOfDay.Ticks: 0 } date => Quoting(call).DateLiteral(DateOnly.FromDateTime(date)),
            DateTime timestamp => Quoting(call).TimestampLiteral(timestamp),
            null or bool or string => Quoting(call).Literal(value),
            _ when Arithmetic.IsNumber(value) => Quoting(call).Literal(value),
            _ => throw call.Invalid(0, $"a value of type {ValueText.TypeName(value)} has no literal"),
        };

    private static ISqlQuoting Quoting(TemplateCallContext call) =>
        call.Scope.Get<ISqlQuoting>()
        ?? throw call.Error(TemplateDiagnostics.NoDialect(call.Span, call.Function.Name));
}
