using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>An entry of a unit test's <c>given:</c>, or its <c>expect:</c>.</summary>
internal sealed record UnitTestRowsDeclaration(SourceSpan Span)
{
    /// <summary>What the rows stand for; null for what is expected.</summary>
    public YamlScalar? Input { get; init; }

    public YamlNode? Rows { get; init; }

    public UnitTestFormat Format { get; init; } = UnitTestFormat.Dict;

    public YamlScalar? Fixture { get; init; }

    public static readonly YamlObject<UnitTestRowsDeclaration> ExpectShape = WithRows(
        "the expected rows",
        "expect"
    );

    public static readonly YamlObject<UnitTestRowsDeclaration> GivenShape = WithRows("a given input", "given")
        .Required(
            "input",
            "ref('model'), source('source', 'table'), changes('model') or this.",
            YamlScalars.Template,
            (r, v) => r with { Input = v }
        );

    private static YamlObject<UnitTestRowsDeclaration> WithRows(string where, string definition) =>
        new YamlObject<UnitTestRowsDeclaration>(where, definition, span => new UnitTestRowsDeclaration(span))
            .Optional(
                "rows",
                "The rows: maps, text in csv, or a query.",
                YamlCollections.Any,
                (r, v) => r with { Rows = v }
            )
            .Optional(
                "format",
                "How the rows are written (default: dict).",
                YamlScalars.OneOf(
                    ("dict", UnitTestFormat.Dict),
                    ("csv", UnitTestFormat.Csv),
                    ("sql", UnitTestFormat.Sql)
                ),
                (r, v) => r with { Format = v }
            )
            .Optional(
                "fixture",
                "A file in tests/fixtures that holds the rows, without its ending.",
                YamlScalars.Template,
                (r, v) => r with { Fixture = v }
            );
}

internal enum UnitTestFormat
{
    Dict,
    Csv,
    Sql,
}
