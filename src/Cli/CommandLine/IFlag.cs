using System.Collections.Immutable;
using System.CommandLine;

namespace Strata.Cli.CommandLine;

/// <summary>An option together with what help and the environment need to know of it.</summary>
public interface IFlag
{
    FlagGroup Group { get; }

    Option Option { get; }

    /// <summary>The words that its value may be; empty when it may be anything.</summary>
    ImmutableArray<string> Choices { get; }

    /// <summary>The smallest number that its value may be; null when it may be any.</summary>
    int? Least { get; }

    /// <summary><c>STRATA_FAIL_FAST</c> for <c>--fail-fast</c>; null where a variable would make no sense.</summary>
    string? EnvironmentVariable { get; }
}
