using System.Text.RegularExpressions;

namespace Strata.Runner.Files;

/// <summary>Paths for engines that take them for patterns.</summary>
internal static partial class PathPattern
{
    /// <summary>The pattern that only this path meets: each special character as a class of its own.</summary>
    public static string Of(string path) => Special().Replace(path, "[$0]");

    [GeneratedRegex(@"[\[*?]", RegexOptions.CultureInvariant)]
    private static partial Regex Special();
}
