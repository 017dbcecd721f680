namespace Strata.Cli.Output;

/// <summary>What a piece of text means; the palette decides how that looks.</summary>
public enum Tone
{
    Plain,

    /// <summary>A heading or the name that matters.</summary>
    Strong,

    /// <summary>Secondary words.</summary>
    Quiet,
    Good,
    Warning,
    Bad,

    /// <summary>Something to type or to follow: a command, a path.</summary>
    Accent,
}
