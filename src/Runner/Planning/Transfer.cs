using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.History;

namespace Strata.Runner.Planning;

/// <summary>Rows of one relation that another connection needs; all readers there share its replica.</summary>
/// <param name="Id"><c>transfer.&lt;project&gt;.&lt;name&gt;.&lt;connection&gt;</c></param>
/// <param name="Connection">Where the replica is.</param>
public sealed record Transfer(string Id, RelationNode Producer, string Connection, RelationName Replica)
{
    /// <summary>As shown to the user: what crosses, and where to.</summary>
    public string Name => $"{Producer.Relation.Name} -> {Connection}";

    public static Transfer Create(ProjectManifest manifest, RelationNode producer, string connection)
    {
        var engine = manifest.Connections[connection].Engine;
        var dialect =
            SqlDialects.Find(engine)
            ?? throw new InvalidOperationException(
                $"nothing can be brought to {engine}, which has no dialect"
            );
        return new Transfer(
            IdOf(manifest.ProjectName, producer, connection),
            producer,
            connection,
            Compiler.Sql.Replica.NameOf(producer.Relation, dialect)
        );
    }

    /// <summary>The transfer's id, from the producer's unique id behind resource type and project.</summary>
    public static string IdOf(string project, RelationNode producer, string connection) =>
        $"transfer.{project}.{producer.UniqueId.Split('.', 3)[^1]}.{connection}";

    /// <summary>What decides the replica's shape besides the rows.</summary>
    public string Fingerprint =>
        Producer is ModelNode { Config: var config }
            ? $"{Producer.Connection}/{Producer.Relation}/{config.Materialized}/{config.IncrementalStrategy}/"
                + $"{string.Join(",", RowIdentity.ColumnsOf(config))}/{string.Join(",", config.PartitionBy)}"
            : $"{Producer.Connection}/{Producer.Relation}";
}
