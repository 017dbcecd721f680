namespace Strata.Runner.Planning;

/// <summary>What the user asked for; decides which of the selected nodes are built and which tests run.</summary>
public enum RunCommand
{
    /// <summary>Models, audited by the generic tests that are attached to them.</summary>
    Run,

    /// <summary>Seeds and models, audited by the selected tests; the remaining selected tests after their parents.</summary>
    Build,

    /// <summary>The selected tests, on what is published; nothing is built.</summary>
    Test,

    /// <summary>Seeds only, without tests.</summary>
    Seed,

    /// <summary>Snapshots only, audited by the generic tests that are attached to them.</summary>
    Snapshot,
}
