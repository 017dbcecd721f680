using Strata.Compiler.Manifest;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Entries;

/// <summary>The entry <c>retention:</c> of strata.yml and of a layer.</summary>
internal static class RetentionShape
{
    public static readonly YamlObject<RetentionConfig> Shape = new YamlObject<RetentionConfig>(
        "retention",
        "retention",
        _ => RetentionConfig.Default
    )
        .Optional(
            "runs",
            "How many of the last publishing runs can be rolled back; 0 keeps no old versions.",
            YamlScalars.Count,
            (r, v) => r with { Runs = Count(v) }
        )
        .Optional(
            "days",
            "For how many days old versions are kept at most.",
            YamlScalars.Count,
            (r, v) => r with { Days = Count(v) }
        );

    // a hundred years, so that a date before them is still one
    private static int Count(int value) => Math.Min(value, 36_500);
}
