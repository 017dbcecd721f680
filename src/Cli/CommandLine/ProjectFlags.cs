namespace Strata.Cli.CommandLine;

/// <summary>What decides how a project is read; for every command that compiles it.</summary>
public sealed class ProjectFlags
{
    public Flag<string?> Target { get; } =
        new(
            FlagGroup.Project,
            "--target",
            "-t",
            "name",
            "a target of profiles.yml (default: the one under 'default:')"
        );

    public Flag<string?> Vars { get; } =
        new(
            FlagGroup.Project,
            "--vars",
            null,
            "yaml",
            "variables, which override those of strata.yml: '{day: 2026-11-01}'"
        );

    public Flag<string?> ProfilesDir { get; } =
        new(
            FlagGroup.Project,
            "--profiles-dir",
            null,
            "dir",
            "where profiles.yml is (default: beside strata.yml)"
        );

    public Flag<string?> TargetPath { get; } =
        new(FlagGroup.Project, "--target-path", null, "dir", "where artifacts are written (default: target)");

    public Flag<int?> Threads { get; } =
        new(FlagGroup.Running, "--threads", null, "n", "how many nodes run at once (default: 4)")
        {
            Least = 1,
        };

    /// <summary>For commands whose work is done by engines.</summary>
    public Flag<string?> LogStatements { get; } =
        new(
            FlagGroup.Output,
            "--log-statements",
            null,
            "file",
            "append every statement sent to an engine, and how long it took, to a file: one line of JSON each"
        );

    /// <summary>For commands that only read the project.</summary>
    public IEnumerable<IFlag> Reading => [Target, Vars, ProfilesDir];

    /// <summary>For commands that write artifacts as well.</summary>
    public IEnumerable<IFlag> Writing => [.. Reading, TargetPath];

    /// <summary>For commands that carry out a plan.</summary>
    public IEnumerable<IFlag> Running => [Threads, LogStatements, .. Writing];
}
