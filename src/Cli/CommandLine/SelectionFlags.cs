using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;

namespace Strata.Cli.CommandLine;

/// <summary>Which nodes a command works on.</summary>
public sealed class SelectionFlags
{
    public Flag<string[]> Select { get; } =
        new(
            FlagGroup.Selection,
            "--select",
            "-s",
            "nodes",
            "only these: a name, +parents, children+, tag:x, path:models/gold; several are united"
        )
        {
            AllowMultipleArgumentsPerToken = true,
        };

    public Flag<string[]> Exclude { get; } =
        new(FlagGroup.Selection, "--exclude", null, "nodes", "but not these")
        {
            AllowMultipleArgumentsPerToken = true,
        };

    public IEnumerable<IFlag> All => [Select, Exclude];

    public ImmutableArray<string> Selected(CommandContext context) => [.. context.Get(Select) ?? []];

    /// <returns>Null, after saying why, when they cannot be understood.</returns>
    public SelectionCriteria? Parse(CommandContext context, DiagnosticBag diagnostics) =>
        SelectionParser.Parse(Selected(context), Excluded(context), IndirectSelection.Eager, diagnostics);

    public ImmutableArray<string> Excluded(CommandContext context) => [.. context.Get(Exclude) ?? []];
}
