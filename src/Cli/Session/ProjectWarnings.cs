namespace Strata.Cli.Session;

/// <summary>Which warnings about the project a command prints; errors are printed by all.</summary>
public enum ProjectWarnings
{
    /// <summary>Of commands that check the project.</summary>
    All,

    /// <summary>Those about the nodes that are selected, once they are: of commands that build or plan.</summary>
    OfSelection,

    /// <summary>Of commands that only look at what is there, or bring back what was.</summary>
    None,
}
