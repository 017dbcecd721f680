namespace Strata.Cli.CommandLine;

/// <summary>Under which heading of the help an option stands; in this order.</summary>
public enum FlagGroup
{
    Selection,
    Running,
    Output,
    Project,
    General,
}
