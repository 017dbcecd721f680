namespace Strata.Compiler.Manifest;

/// <summary>By which column readers divide a relation into periods.</summary>
public static class RelationNodeTime
{
    /// <summary>The node's <c>event_time</c>, or null when it declares none.</summary>
    public static string? EventTime(this RelationNode node) =>
        node switch
        {
            ModelNode model => model.Config.EventTime,
            SourceNode source => source.EventTime,
            _ => null,
        };
}
