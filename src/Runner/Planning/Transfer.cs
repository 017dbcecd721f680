using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;

namespace Strata.Runner.Planning;

/// <summary>Rows of one relation that another connection needs; all readers there share its replica.</summary>
/// <param name="Id"><c>transfer.&lt;project&gt;.&lt;name&gt;.&lt;connection&gt;</c></param>
/// <param name="Connection">Where the replica is.</param>
public sealed record Transfer(string Id, RelationNode Producer, string Connection, RelationName Replica)
{
    /// <summary>As shown to the user: what crosses, and where to.</summary>
    public string Name => $"{Producer.Relation.Name} -> {Connection}";

    public static Transfer Create(string project, RelationNode producer, string connection)
    {
        // the unique id behind resource type and project: 'orders', or 'landing.events' of a source
        var name = producer.UniqueId.Split('.', 3)[^1];
        return new Transfer(
            $"transfer.{project}.{name}.{connection}",
            producer,
            connection,
            new RelationName($"strata_replica_{producer.Relation.Schema}", producer.Relation.Name)
        );
    }

    /// <summary>What decides the replica's shape besides the rows.</summary>
    public string Fingerprint =>
        $"{Producer.Connection}/{Producer.Relation}/"
        + string.Join(",", Producer is ModelNode model ? model.Config.UniqueKey : []);
}
