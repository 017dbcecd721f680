namespace Strata.Compiler.Manifest.Models;

/// <summary>What one publishing transaction covers (<c>publish:</c>).</summary>
public enum PublishMode
{
    /// <summary>Each node by itself, as soon as its tests passed.</summary>
    Model,

    /// <summary>All nodes of the layer that the run builds, together, after every test of theirs passed.</summary>
    Run,
}
