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

    /// <summary>A test of several nodes belongs to all of them; which of them must be selected is a matter of taste.</summary>
    public Flag<string?> Indirect { get; } =
        new(
            FlagGroup.Selection,
            "--indirect-selection",
            null,
            "mode",
            "tests of several nodes come along if one is selected (eager, the default), all are (cautious), all are or lie above (buildable), or "
                + "never (empty)"
        )
        {
            Choices = [.. Enum.GetNames<IndirectSelection>().Select(mode => mode.ToLowerInvariant())],
        };

    public IEnumerable<IFlag> All => [Select, Exclude, Indirect];

    public ImmutableArray<string> Selected(CommandContext context) => [.. context.Get(Select) ?? []];

    /// <returns>Null, after saying why, when they cannot be understood.</returns>
    public SelectionCriteria? Parse(CommandContext context, DiagnosticBag diagnostics) =>
        SelectionParser.Parse(Selected(context), Excluded(context), IndirectOf(context), diagnostics);

    private IndirectSelection IndirectOf(CommandContext context) =>
        context.Get(Indirect) is { } mode
            ? Enum.Parse<IndirectSelection>(mode, ignoreCase: true)
            : IndirectSelection.Eager;

    public ImmutableArray<string> Excluded(CommandContext context) => [.. context.Get(Exclude) ?? []];
}
