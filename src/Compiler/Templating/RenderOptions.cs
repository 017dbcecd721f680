using System.Globalization;

namespace Strata.Compiler.Templating;

/// <summary>How templates are evaluated. The default is strict; <see cref="Lenient"/> is the Scriban language to the letter.</summary>
public sealed record RenderOptions
{
    public static readonly RenderOptions Default = new();

    /// <summary>The behaviour of the Scriban reference, which the conformance corpus records.</summary>
    public static readonly RenderOptions Lenient = new()
    {
        StrictVariables = false,
        StrictMembers = false,
        StrictIndexes = false,
        IsLenient = true,
        Limits = new TemplateLimits
        {
            Iterations = 1000,
            OutputLength = 1_048_576,
            RegexTime = TimeSpan.FromSeconds(10),
        },
    };

    public TemplateLimits Limits { get; init; } = TemplateLimits.Default;

    /// <summary>An unknown variable is an error, not null.</summary>
    public bool StrictVariables { get; init; } = true;

    /// <summary>An unknown member of an existing value is an error, not null.</summary>
    public bool StrictMembers { get; init; } = true;

    /// <summary>An index outside of an array is an error, not null.</summary>
    public bool StrictIndexes { get; init; } = true;

    /// <summary>Members and indexes of null are null, not an error.</summary>
    public bool AllowNullTargets { get; init; }

    /// <summary>An index that is null gives null, not an error.</summary>
    public bool AllowNullIndexes { get; init; }

    /// <summary>What a code block that stands alone on its line prints is indented like the block.</summary>
    public bool AutoIndent { get; init; } = true;

    public bool IndentEmptyLines { get; init; } = true;

    /// <summary>A function without <c>ret</c> may not stand in an expression.</summary>
    public bool RejectStatementFunctions { get; init; }

    /// <summary>
    /// The reference's ways where ours differ on purpose: division always gives a double, too long output is
    /// cut silently, and a function in an expression prints instead of giving its text.
    /// </summary>
    public bool IsLenient { get; init; }

    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;

    /// <summary>Where <c>include</c> looks; null forbids it.</summary>
    public ITemplateLoader? Loader { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Called when a template asks for what is different every time: the clock, or chance.</summary>
    public Action? OnUnrepeatable { get; init; }

    /// <summary>Text that only stands for what will be printed, which functions that look inside of text refuse; null for none.</summary>
    public TextPlaceholders? Placeholders { get; init; }
}
