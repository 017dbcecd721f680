using System.Collections.Immutable;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Project.Profiles;

/// <summary>
/// A connection as profiles.yml writes it. Which options an engine knows is the adapter's to say; here they
/// are texts by name.
/// </summary>
internal sealed record ConnectionDeclaration
{
    public EngineType? Engine { get; init; }

    public ImmutableSortedDictionary<string, YamlScalar> Options { get; init; } =
        ImmutableSortedDictionary.Create<string, YamlScalar>(StringComparer.Ordinal);

    public static readonly YamlObject<ConnectionDeclaration> Shape = new YamlObject<ConnectionDeclaration>(
        "a connection",
        "connection",
        _ => new ConnectionDeclaration()
    )
        .Required(
            "type",
            "The kind of engine.",
            YamlScalars.OneOf(
                ("duckdb", EngineType.DuckDb),
                ("postgres", EngineType.Postgres),
                ("trino", EngineType.Trino)
            ),
            (c, v) => c with { Engine = v }
        )
        .Others(YamlScalars.Text, AddOption);

    /// <summary>A connection, or the name of another one of the same target.</summary>
    public static readonly IYamlSchema Schema = new ConnectionOrAlias();

    private static ConnectionDeclaration AddOption(
        ConnectionDeclaration connection,
        YamlMapping.Entry entry,
        YamlContext context
    )
    {
        var key = Canonical(entry.Key.Text);
        // lists and maps become one option per entry: settings: {x: 1} is settings.x
        if (entry.Value is YamlMapping mapping)
        {
            foreach (var inner in mapping.Entries)
                connection = Add(connection, $"{key}.{inner.Key.Text}", inner.Value, context);
            return connection;
        }
        return Add(connection, key, entry.Value, context);
    }

    private static ConnectionDeclaration Add(
        ConnectionDeclaration connection,
        string key,
        YamlNode value,
        YamlContext context
    )
    {
        if (value is YamlScalar { IsNull: true })
            return connection;
        return YamlScalars.Template.TryBind(value, key, context, out var scalar)
            ? connection with
            {
                Options = connection.Options.SetItem(key, scalar),
            }
            : connection;
    }

    // dbt knows both spellings of these
    private static string Canonical(string key) =>
        key switch
        {
            "dbname" => "database",
            "pass" => "password",
            _ => key,
        };

    private sealed class ConnectionOrAlias : IYamlSchema
    {
        public void Describe(JsonSchemaWriter writer) => writer.AnyOf(YamlScalars.Text, Shape);
    }
}
