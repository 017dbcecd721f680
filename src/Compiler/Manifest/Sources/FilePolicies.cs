namespace Strata.Compiler.Manifest.Sources;

/// <summary>What becomes of a row that cannot be read, or has a value that does not fit its type.</summary>
public enum OnRowError
{
    /// <summary>It goes to the quarantine with path, line, reason and text; the others are taken in.</summary>
    Quarantine,

    /// <summary>Nothing of the batch is taken in.</summary>
    Fail,

    /// <summary>JSON: it stays a row, with <c>_malformed</c> set or null for the value.</summary>
    Keep,
}

/// <summary>What becomes of a file that cannot be read to its end.</summary>
public enum OnUnreadableFile
{
    /// <summary>It is noted in the quarantine and tried again when it changes; the others are taken in.</summary>
    Quarantine,

    /// <summary>Nothing of the batch is taken in.</summary>
    Fail,
}

/// <summary>What becomes of a file that changed after it was taken in.</summary>
public enum OnChangedFile
{
    Fail,

    /// <summary>The rows of its old version are deleted and those of the new one taken in, in one transaction.</summary>
    Replace,
}

/// <summary>What becomes of the rows of a file that is no longer there.</summary>
public enum OnVanishedFile
{
    /// <summary>They stay: landing zones are emptied.</summary>
    Ignore,

    /// <summary>They stay, and the run says so.</summary>
    Warn,

    Delete,
}

/// <summary>What becomes of the columns of a file that are not declared.</summary>
public enum NewFileColumns
{
    Ignore,

    /// <summary>They become columns of the source, as text.</summary>
    Add,

    /// <summary>Nothing of the batch is taken in.</summary>
    Fail,

    /// <summary>They are kept in <c>_rescued</c>, as JSON.</summary>
    Rescue,
}
