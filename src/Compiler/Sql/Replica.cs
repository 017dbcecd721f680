namespace Strata.Compiler.Sql;

/// <summary>Where the copy of another engine's relation lives on the connection that reads it.</summary>
public static class Replica
{
    private const string SchemaPrefix = "strata_replica_";

    /// <summary>The same name in a schema of its own, shortened where the engine would cut it.</summary>
    public static RelationName NameOf(RelationName original, SqlDialect reader) =>
        new(
            Identifiers.Fit(SchemaPrefix + original.Schema, reader.MaxIdentifierBytes),
            Identifiers.Fit(original.Name, reader.MaxIdentifierBytes)
        );
}
