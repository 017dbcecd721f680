using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Strata.Compiler.Project;

/// <summary>Everything that decides the result of a compilation, besides the project's files.</summary>
public sealed record CompileRequest
{
    /// <summary>The folder that holds strata.yml.</summary>
    public required string ProjectFolder { get; init; }

    /// <summary>The folder that holds profiles.yml; null means the project's own.</summary>
    public string? ProfilesFolder { get; init; }

    /// <summary>The target of profiles.yml; null means its default.</summary>
    public string? TargetName { get; init; }

    /// <summary>Variables of the command line; they beat those of strata.yml. See <see cref="CommandLineVars"/>.</summary>
    public ImmutableSortedDictionary<string, object?> Vars { get; init; } =
        ImmutableSortedDictionary<string, object?>.Empty;

    /// <summary>What <c>env_var</c> reads. The compiler never looks at the process itself.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        FrozenDictionary<string, string>.Empty;

    /// <summary>The one instant that <c>run_started_at</c> stands for.</summary>
    public required DateTimeOffset RunStartedAt { get; init; }

    /// <summary>How many files are read and rendered at once; the result does not depend on it.</summary>
    public int Threads { get; init; } = System.Environment.ProcessorCount;

    /// <summary>A template to compile besides the project; see <see cref="CompileResult.Query"/>.</summary>
    public string? InlineQuery { get; init; }

    /// <summary>The connection that it is for; null leaves that to what it reads.</summary>
    public string? InlineConnection { get; init; }

    /// <summary>The expectations that YAML may name besides the project's own generic tests.</summary>
    public required ITestCatalog Tests { get; init; }
}
