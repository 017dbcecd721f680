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
            "only these nodes: a name, +parents, children+, tag:x, path:models/gold; several are combined"
        )
        {
            AllowMultipleArgumentsPerToken = true,
        };

    public Flag<string[]> Exclude { get; } =
        new(FlagGroup.Selection, "--exclude", null, "nodes", "all but these nodes")
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
            "include a test of several nodes if one of them is selected (eager, the default), all are (cautious), all are selected or upstream "
                + "(buildable), or never (empty)"
        )
        {
            Choices = [.. Enum.GetNames<IndirectSelection>().Select(mode => mode.ToLowerInvariant())],
        };

    public Flag<string?> Selector { get; } =
        new(
            FlagGroup.Selection,
            "--selector",
            null,
            "name",
            "use this selector of selectors.yml; --select and --exclude then have no effect"
        );

    public Flag<string?> State { get; } =
        new(
            FlagGroup.Selection,
            "--state",
            null,
            "folder",
            "a copy of the target folder of an earlier run, for state:, result: and source_status:"
        );

    public IEnumerable<IFlag> All => [Select, Exclude, Selector, Indirect, State];

    /// <summary>What was selected, as it was typed.</summary>
    public ImmutableArray<string> Selected(CommandContext context) =>
        context.Get(Selector) is { } name ? [$"selector:{name}"] : [.. context.Get(Select) ?? []];

    /// <summary>Where the artifacts of an earlier run are, absolute; null where nothing says so.</summary>
    public string? StateFolder(CommandContext context) =>
        context.Get(State) is { Length: > 0 } folder ? context.FullPath(folder) : null;

    /// <summary>Whether anything says which nodes are meant.</summary>
    public bool IsGiven(CommandContext context) => !Selected(context).IsEmpty || !Excluded(context).IsEmpty;

    /// <summary>Reads the flags, and the project's selectors.yml.</summary>
    /// <returns>Null, after saying why, when they cannot be understood.</returns>
    public SelectionCriteria? Parse(CommandContext context, DiagnosticBag diagnostics)
    {
        if (SelectorsFile.Load(context.ProjectFolder, diagnostics) is not { } selectors)
            return null;
        var mode = IndirectOf(context);
        if (context.Get(Selector) is not { } name)
        {
            if (!IsGiven(context) && selectors.Default is { } usual)
                context.Remark(
                    $"selected by '{usual.Name}', the default in {SelectorsFile.Name}; --select \"*\" selects everything"
                );
            return SelectionParser.Parse(Selected(context), Excluded(context), mode, selectors, diagnostics);
        }
        if (context.Get(Select) is { Length: > 0 } || !Excluded(context).IsEmpty)
            diagnostics.Add(SelectionDiagnostics.SelectorBeatsOthers(name));
        return SelectionParser.ParseSelector(name, mode, selectors, diagnostics);
    }

    /// <summary>How a command ends whose selection cannot be understood: selectors.yml is part of the project.</summary>
    public static int ExitCodeOf(IEnumerable<Diagnostic> found) =>
        found.Any(one => one.IsError && one.Span?.File.Path == SelectorsFile.Name)
            ? ExitCode.ProjectFailed
            : ExitCode.CouldNotRun;

    private IndirectSelection IndirectOf(CommandContext context) =>
        context.Get(Indirect) is { } mode
            ? Enum.Parse<IndirectSelection>(mode, ignoreCase: true)
            : IndirectSelection.Eager;

    public ImmutableArray<string> Excluded(CommandContext context) => [.. context.Get(Exclude) ?? []];
}
