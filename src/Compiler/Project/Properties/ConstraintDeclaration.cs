using System.Collections.Immutable;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>An entry of a <c>constraints:</c> list, of a column or of a relation.</summary>
internal sealed record ConstraintDeclaration(SourceSpan Span)
{
    /// <summary>Null when what was written is no type.</summary>
    public ConstraintType? Type { get; init; }

    /// <summary>Where the type is written.</summary>
    public SourceSpan TypeSpan { get; init; } = Span;

    public YamlScalar? Name { get; init; }

    public YamlScalar? Expression { get; init; }

    public ImmutableArray<YamlScalar> Columns { get; init; } = [];

    public YamlScalar? To { get; init; }

    public ImmutableArray<YamlScalar> ToColumns { get; init; } = [];

    private static readonly YamlType<ConstraintType> Types = YamlScalars.OneOf(
        ("not_null", ConstraintType.NotNull),
        ("unique", ConstraintType.Unique),
        ("primary_key", ConstraintType.PrimaryKey),
        ("foreign_key", ConstraintType.ForeignKey),
        ("check", ConstraintType.Check)
    );

    public static readonly YamlObject<ConstraintDeclaration> OfColumn = Shape("column_constraint");

    public static readonly YamlObject<ConstraintDeclaration> OfRelation = Shape("constraint")
        .Optional(
            "columns",
            "The columns that it is about; a check has none.",
            YamlCollections.ListOf(YamlScalars.Template, allowSingle: true),
            (c, v) => c with { Columns = v }
        );

    private static YamlObject<ConstraintDeclaration> Shape(string definition) =>
        new YamlObject<ConstraintDeclaration>(
            "a constraint",
            definition,
            span => new ConstraintDeclaration(span)
        )
            .RequiredEntry(
                "type",
                "What every row must satisfy.",
                Types,
                (c, entry, context) =>
                    Types.TryBind(entry.Value, "type", context, out var type)
                        ? c with
                        {
                            Type = type,
                            TypeSpan = entry.Value.Span,
                        }
                        : c
            )
            .Optional("name", "The name of its checks.", YamlScalars.Template, (c, v) => c with { Name = v })
            .Optional(
                "expression",
                "For a check: the condition that every row must satisfy.",
                YamlScalars.Template,
                (c, v) => c with { Expression = v }
            )
            .Optional(
                "to",
                "For a foreign key: ref('model') or source('source', 'table').",
                YamlScalars.Template,
                (c, v) => c with { To = v }
            )
            .Optional(
                "to_columns",
                "For a foreign key: the column of the other relation.",
                YamlCollections.ListOf(YamlScalars.Template, allowSingle: true),
                (c, v) => c with { ToColumns = v }
            )
            .Optional(
                "warn_unenforced",
                "Accepted for compatibility with dbt: every constraint is checked.",
                YamlScalars.Boolean,
                (c, _) => c
            )
            .Optional(
                "warn_unsupported",
                "Accepted for compatibility with dbt: every constraint is checked.",
                YamlScalars.Boolean,
                (c, _) => c
            );
}

internal enum ConstraintType
{
    NotNull,
    Unique,
    PrimaryKey,
    ForeignKey,
    Check,
}
