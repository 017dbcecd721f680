using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Entries;

/// <summary>The entry <c>test_results:</c> of strata.yml.</summary>
internal static class TestResultsSettings
{
    // a row each is fetched and printed; more than that is a table to query
    private const int MostSamples = 1000;

    public static readonly YamlObject<TestResultsConfig> Shape = new YamlObject<TestResultsConfig>(
        "test_results",
        "test_results",
        _ => new TestResultsConfig()
    )
        .Optional(
            "keep",
            "How many runs of each test the history keeps; 0 for none.",
            YamlScalars.Integer,
            (t, v) => t with { Keep = (int)Math.Clamp(v, 0, int.MaxValue) }
        )
        .Optional(
            "samples",
            "How many failing rows a failure shows; 0 for none, 1000 at most.",
            YamlScalars.Integer,
            (t, v) => t with { Samples = (int)Math.Clamp(v, 0, MostSamples) }
        );
}
