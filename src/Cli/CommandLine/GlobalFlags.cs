namespace Strata.Cli.CommandLine;

/// <summary>Options that every command takes, before or behind its name.</summary>
public sealed class GlobalFlags
{
    public Flag<bool> Quiet { get; } =
        new(FlagGroup.Output, "--quiet", "-q", null, "only results and errors") { Recursive = true };

    public Flag<bool> NoColor { get; } =
        new(FlagGroup.Output, "--no-color", null, null, "no colours; NO_COLOR=1 does the same")
        {
            Recursive = true,
        };

    public Flag<string?> ProjectDir { get; } =
        new(FlagGroup.Project, "--project-dir", null, "dir", "where strata.yml is (default: here or above)")
        {
            Recursive = true,
        };

    public Flag<bool> Help { get; } =
        new(FlagGroup.General, "--help", "-h", null, "show this")
        {
            Recursive = true,
            EnvironmentVariable = null,
        };

    public IEnumerable<IFlag> All => [Quiet, NoColor, ProjectDir, Help];
}
