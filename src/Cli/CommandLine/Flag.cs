using System.Collections.Immutable;
using System.CommandLine;

namespace Strata.Cli.CommandLine;

public sealed class Flag<T> : Option<T>, IFlag
{
    /// <param name="name">With its dashes: <c>--select</c>.</param>
    /// <param name="value">What help calls the value; null for a switch.</param>
    public Flag(FlagGroup group, string name, string? alias, string? value, string description)
        : base(name, alias is null ? [] : [alias])
    {
        Group = group;
        Description = description;
        HelpName = value;
        EnvironmentVariable = "STRATA_" + name[2..].Replace('-', '_').ToUpperInvariant();
    }

    public FlagGroup Group { get; }

    public Option Option => this;

    public string? EnvironmentVariable { get; init; }

    public ImmutableArray<string> Choices { get; init; } = [];

    public int? Least { get; init; }
}
