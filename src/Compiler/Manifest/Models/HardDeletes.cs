namespace Strata.Compiler.Manifest.Models;

/// <summary>What a snapshot does with a key that is no longer there.</summary>
public enum HardDeletes
{
    /// <summary>Its last version stays current.</summary>
    Ignore,

    /// <summary>Its last version ends.</summary>
    Invalidate,

    /// <summary>Its last version ends, and one that says <c>is_deleted</c> begins.</summary>
    NewRecord,
}
