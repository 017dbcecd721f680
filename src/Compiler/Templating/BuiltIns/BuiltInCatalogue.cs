using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>
/// The names that every template knows. An object of functions is made when a template first mentions it,
/// so that programs that render nothing pay nothing.
/// </summary>
internal static class BuiltInCatalogue
{
    public static IReadOnlyDictionary<string, object?> Globals { get; } =
        new LazyDictionary([
            new("array", ArrayFunctions.Create),
            new("date", DateFunctions.Create),
            new("html", HtmlFunctions.Create),
            new("math", MathFunctions.Create),
            new("object", ObjectFunctions.Create),
            new("regex", RegexFunctions.Create),
            new("string", StringFunctions.Create),
            new("timespan", TimeSpanFunctions.Create),
            new("empty", () => EmptyValue.Instance),
            new("include", IncludeFunctions.CreateInclude),
            new("include_join", IncludeFunctions.CreateIncludeJoin),
            new("sql_literal", SqlFunctions.CreateLiteral),
            new("sql_identifier", SqlFunctions.CreateIdentifier),
            new("sql_list", SqlFunctions.CreateList),
            new("sql_date", SqlFunctions.CreateDate),
        ]);
}
