using Strata.Cli.CommandLine;
using Strata.Cli.Session;

namespace Strata.Cli.Listing;

/// <summary>What the user has asked a listing of, or to compile.</summary>
/// <param name="ProfilesFolder">Null means the project's own.</param>
/// <param name="Target">As it was typed; null means the default of profiles.yml.</param>
/// <param name="Vars">As they were typed.</param>
public sealed record ListingInputs(
    string ProjectFolder,
    string? ProfilesFolder,
    string? Target,
    string? Vars,
    IReadOnlyDictionary<string, string> Environment
)
{
    /// <summary>The path of profiles.yml.</summary>
    public string ProfilesFile => Path.Combine(ProfilesFolder ?? ProjectFolder, "profiles.yml");

    public static ListingInputs Of(CommandContext context, ProjectFlags flags) =>
        new(
            context.ProjectFolder,
            context.Get(flags.ProfilesDir) is { } profiles ? context.FullPath(profiles) : null,
            context.Get(flags.Target),
            context.Get(flags.Vars),
            context.Environment
        );
}
