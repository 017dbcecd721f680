using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>An entry of a <c>columns:</c> list.</summary>
internal sealed record ColumnDeclaration(SourceSpan Span)
{
    public YamlScalar? Name { get; init; }

    public string Description { get; init; } = "";

    public string? DataType { get; init; }

    public bool Volatile { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    public ImmutableSortedDictionary<string, object?> Meta { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    public ImmutableArray<TestDeclaration> Tests { get; init; } = [];

    public ImmutableArray<ConstraintDeclaration> Constraints { get; init; } = [];

    public static readonly YamlObject<ColumnDeclaration> Shape = new YamlObject<ColumnDeclaration>(
        "a column",
        "column",
        span => new ColumnDeclaration(span)
    )
        .Required("name", "The column's name.", YamlScalars.Template, (c, v) => c with { Name = v })
        .Optional(
            "description",
            "What the column holds.",
            YamlScalars.Template,
            (c, v) => c with { Description = v.Text }
        )
        .Optional("data_type", "The engine's type.", YamlScalars.Text, (c, v) => c with { DataType = v })
        .Optional(
            "volatile",
            "Carried but never compared: not for choosing changed rows, not in a diff.",
            YamlScalars.Boolean,
            (c, v) => c with { Volatile = v }
        )
        .Optional(
            "tests",
            "What must be true of the column.",
            YamlCollections.ListOf(TestEntryType.Instance),
            (c, v) => c with { Tests = v }
        )
        .Alias("data_tests")
        .Optional(
            "constraints",
            "What every row must satisfy for the relation to be published; checked like tests.",
            YamlCollections.ListOf(ConstraintDeclaration.OfColumn),
            (c, v) => c with { Constraints = v }
        )
        .Optional(
            "tags",
            "Words to select the column's tests by.",
            YamlCollections.Texts,
            (c, v) => c with { Tags = v }
        )
        .Optional("meta", "Free data.", YamlCollections.Data, (c, v) => c with { Meta = v })
        .Optional(
            "quote",
            "Accepted for compatibility with dbt: names are always quoted.",
            YamlScalars.Boolean,
            (c, _) => c
        )
        .Optional(
            "config",
            "Tags and meta, in the place that dbt has for them.",
            ConfigShape(),
            (c, v) => c with { Tags = c.Tags.AddRange(v.Tags), Meta = c.Meta.SetItems(v.Meta) }
        );

    public ColumnInfo ToInfo() =>
        new(Name?.Text ?? "", DataType, Description, Tags, Volatile)
        {
            Meta = Meta,
            Declaration = Name?.Span ?? Span,
        };

    private static YamlObject<ColumnDeclaration> ConfigShape() =>
        new YamlObject<ColumnDeclaration>(
            "the configuration of a column",
            "column_config",
            span => new ColumnDeclaration(span)
        )
            .Optional(
                "tags",
                "Words to select the column's tests by.",
                YamlCollections.Texts,
                (c, v) => c with { Tags = v }
            )
            .Optional("meta", "Free data.", YamlCollections.Data, (c, v) => c with { Meta = v });
}
