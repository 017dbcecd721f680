using Strata.Compiler.Manifest;

namespace Strata.Compiler.Tests.Rendering;

internal static class CompiledModels
{
    /// <summary>The nodes whose names stand in the SQL, in its order.</summary>
    public static IEnumerable<string> References(this ModelNode model) =>
        model.Full.References.Select(reference => reference.NodeId);
}
